//! Rules of other firms: how fast is a new company set up?

use serde_json::{Value, json};
use zhupi_policies::Params;

use super::support::*;

#[test]
fn start_up_sales_pay_follows_the_worked_example() {
    let contract = contract(
        "startup.performance_pay",
        &[
            ("actual", "money"),
            ("target", "money"),
            ("base", "money"),
            ("result_weight", "number"),
            ("superior_ratio", "number"),
        ],
        &[("result_part", "money"), ("superior_part", "money"), ("performance_pay", "money")],
        &["superior_ratio_out_of_range"],
    );
    let policy = compile(
        contract,
        r#"
        fn main(actual, target, base, result_weight, superior_ratio, params) {
            if superior_ratio < params.least || superior_ratio > params.most { refuse("superior_ratio_out_of_range"); }
            let result = share(base * result_weight, actual, target);
            let superior = superior_ratio * (1 - result_weight) * base;
            #{ result_part: yuan(result), superior_part: yuan(superior), performance_pay: yuan(result + superior) }
        }
        "#,
    );
    let params = params(vec![plain("least", "rate", json!("0.60")), plain("most", "rate", json!("1.40"))]);
    let row = |actual: &str, ratio: &str, expected: Value| {
        (
            json!({ "actual": actual, "target": "1000000.00", "base": "1000.00", "result_weight": "0.80", "superior_ratio": ratio }),
            expected,
        )
    };
    let pays = |result: &str, superior: &str, pay: &str| json!({ "accepted": true, "result_part": result, "superior_part": superior, "performance_pay": pay });
    expect(
        &policy,
        &params,
        &[
            row("1200000.00", "0.70", pays("960.00", "140.00", "1100.00")),
            row("1000000.00", "0.60", pays("800.00", "120.00", "920.00")),
            row("1000000.00", "1.40", pays("800.00", "280.00", "1080.00")),
            row("0.00", "1.00", pays("0.00", "200.00", "200.00")),
            row("1000000.00", "0.59", json!({ "accepted": false, "reason": "superior_ratio_out_of_range" })),
        ],
    );
}

#[test]
fn a_notice_is_handed_over_a_day_ahead() {
    let contract = refusal(
        contract(
            "logistics.notice_lead",
            &[("planned_at", "datetime"), ("handed_over_at", "datetime")],
            &[("lead_minutes", "count")],
            &[],
        ),
        "less_than_24h",
        &[("short_by_minutes", "count")],
    );
    let policy = compile(
        contract,
        r#"
        fn main(planned_at, handed_over_at, params) {
            let lead = minutes_between(handed_over_at, planned_at);
            if lead < params.notice_minutes { refuse("less_than_24h", #{ short_by_minutes: params.notice_minutes - lead }); }
            #{ lead_minutes: lead }
        }
        "#,
    );
    let params = params(vec![plain("notice-minutes", "count", json!(1440))]);
    let row = |handed: &str, expected: Value| {
        (json!({ "planned_at": "2026-03-10T09:00", "handed_over_at": handed }), expected)
    };
    expect(
        &policy,
        &params,
        &[
            row("2026-03-09T09:00", json!({ "accepted": true, "lead_minutes": 1440 })),
            row("2026-03-09T09:01", json!({ "accepted": false, "reason": "less_than_24h", "short_by_minutes": 1 })),
            row("2026-03-07T18:00", json!({ "accepted": true, "lead_minutes": 3780 })),
        ],
    );
}

#[test]
fn customers_fall_into_four_classes() {
    let contract = contract(
        "logistics.customer_value",
        &[
            ("current_score", "score"),
            ("potential_score", "score"),
            ("current_threshold", "score"),
            ("potential_threshold", "score"),
        ],
        &[("class", "高价值客户|次价值客户|潜价值客户|低价值客户"), ("win_back_if_lost", "bool")],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(current_score, potential_score, current_threshold, potential_threshold) {
            let now = current_score >= current_threshold;
            let later = potential_score >= potential_threshold;
            let class = if now && later { "高价值客户" } else if now { "次价值客户" } else if later { "潜价值客户" } else { "低价值客户" };
            #{ class: class, win_back_if_lost: now || later }
        }
        "#,
    );
    let row = |current: &str, potential: &str, class: &str, win_back: bool| {
        (
            json!({ "current_score": current, "potential_score": potential, "current_threshold": "60", "potential_threshold": "60" }),
            json!({ "class": class, "win_back_if_lost": win_back }),
        )
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row("80", "75", "高价值客户", true),
            row("80", "59.99", "次价值客户", true),
            row("59.99", "75", "潜价值客户", true),
            row("40", "30", "低价值客户", false),
            row("60", "60", "高价值客户", true),
        ],
    );
}
