//! Pay, commission and dates of the hospital-acquisition firm.

use serde_json::{Value, json};
use zhupi_policies::{
    Axis, Band, Below, Bounds, DecidedGap, Mode, Neighbour, ParamValue, Params, Pay, Table, Tiers, Unit,
};

use super::support::*;

#[test]
fn monthly_pay_is_present_pay_plus_the_float() {
    let contract = contract(
        "hospital.monthly_pay",
        &[("base_pay", "money"), ("float_rate", "rate"), ("score", "score"), ("max_float_rate", "rate")],
        &[("monthly_pay", "money"), ("performance_pay", "money")],
        &["score_out_of_range", "float_rate_above_cap"],
    )
    .control("monthly_pay - base_pay == performance_pay");
    let policy = compile(
        contract,
        r#"
        fn main(base_pay, float_rate, score, max_float_rate) {
            if score < 0 || score > 100 { refuse("score_out_of_range"); }
            if float_rate > max_float_rate { refuse("float_rate_above_cap"); }
            let monthly_pay = yuan(base_pay + base_pay * float_rate * pct(score));
            #{ monthly_pay: monthly_pay, performance_pay: monthly_pay - base_pay }
        }
        "#,
    );
    let inputs = |base: &str, rate: &str, score: &str| json!({ "base_pay": base, "float_rate": rate, "score": score, "max_float_rate": "0.30" });
    let pays = |base: &str, rate: &str, score: &str, performance: &str, monthly: &str| {
        (inputs(base, rate, score), json!({ "accepted": true, "performance_pay": performance, "monthly_pay": monthly }))
    };
    let refused = |rate: &str, score: &str, reason: &str| {
        (inputs("4000.00", rate, score), json!({ "accepted": false, "reason": reason }))
    };
    expect(
        &policy,
        &Params::default(),
        &[
            pays("4000.00", "0.30", "85", "1020.00", "5020.00"),
            pays("4000.00", "0.30", "0", "0.00", "4000.00"),
            pays("4000.00", "0.30", "100", "1200.00", "5200.00"),
            pays("3600.00", "0.20", "100", "720.00", "4320.00"),
            pays("4321.00", "0.25", "82", "885.81", "5206.81"),
            pays("3333.33", "0.30", "87.5", "875.00", "4208.33"),
            refused("0.30", "100.01", "score_out_of_range"),
            refused("0.31", "90", "float_rate_above_cap"),
            refused("0.30", "-1", "score_out_of_range"),
        ],
    );
}

/// The table of the text, in 万元 with closed bounds, and its gaps given to the tier below.
pub fn profit_tiers(mode: Mode) -> Params {
    let tier = |from: &str, to: Option<&str>, rate: &str| Band {
        from: d(from),
        to: to.map(d),
        value: Pay::Rate(d(rate)),
        clause: None,
        span: None,
    };
    let gap = |from: &str, to: &str| DecidedGap {
        from: d(from),
        to: Some(d(to)),
        takes: Neighbour::Lower,
        by: "张某".into(),
        on: day("2026-01-01"),
        span: None,
    };
    let rows = vec![
        tier("50", Some("100"), "0.10"),
        tier("101", Some("200"), "0.15"),
        tier("201", Some("300"), "0.20"),
        tier("301", Some("400"), "0.25"),
        tier("401", Some("500"), "0.30"),
        tier("501", None, "0.35"),
    ];
    let gaps = [
        ("100.000001", "100.999999"),
        ("200.000001", "200.999999"),
        ("300.000001", "300.999999"),
        ("400.000001", "400.999999"),
        ("500.000001", "500.999999"),
    ];
    let axis = Axis {
        name: "利润".into(),
        unit: Unit::TenThousandYuan,
        step: d("0.000001"),
        low: None,
        high: None,
        bounds: Bounds::Closed,
        below: Some(Below::Zero),
    };
    let tiers = Tiers { axis, mode: Some(mode), rows, gaps: gaps.iter().map(|(from, to)| gap(from, to)).collect() };
    params(vec![param("profit-tiers", ParamValue::Table(Table::Tiers(tiers)))])
}

#[test]
fn profit_earns_the_rate_of_the_tier_reached() {
    let contract = contract(
        "hospital.profit_commission",
        &[("profit", "money")],
        &[("rate", "rate"), ("commission", "money")],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(profit, params) {
            #{
                rate: tier_rate(profit, params.profit_tiers),
                commission: yuan(tiered(profit, params.profit_tiers)),
            }
        }
        "#,
    );
    let params = profit_tiers(Mode::Whole);
    let rows: Vec<(Value, Value)> = [
        ("800000.00", "0.10", "80000.00"),
        ("1500000.00", "0.15", "225000.00"),
        ("2500000.00", "0.20", "500000.00"),
        ("3500000.00", "0.25", "875000.00"),
        ("4500000.00", "0.30", "1350000.00"),
        ("8000000.00", "0.35", "2800000.00"),
        ("500000.00", "0.10", "50000.00"),
        ("1000000.00", "0.10", "100000.00"),
        ("1010000.00", "0.15", "151500.00"),
        ("2000000.00", "0.15", "300000.00"),
        ("2010000.00", "0.20", "402000.00"),
        ("5000000.00", "0.30", "1500000.00"),
        ("5010000.00", "0.35", "1753500.00"),
        ("499999.99", "0.00", "0.00"),
        ("0.00", "0.00", "0.00"),
        ("-200000.00", "0.00", "0.00"),
        ("1005000.00", "0.10", "100500.00"),
        ("1009999.99", "0.10", "101000.00"),
        ("5009999.99", "0.30", "1503000.00"),
    ]
    .map(|(profit, rate, commission)| (json!({ "profit": profit }), json!({ "rate": rate, "commission": commission })))
    .into();
    expect(&policy, &params, &rows);

    let in_gap = run(&policy, &params, &json!({ "profit": "1005000.00" }));
    assert_eq!(in_gap.assumed.len(), 1, "a decided gap is marked: {:?}", in_gap.assumed);
    let in_tier = run(&policy, &params, &json!({ "profit": "1500000.00" }));
    assert_eq!(in_tier.assumed, []);
}

#[test]
fn the_other_readings_of_the_profit_table_are_one_word_away() {
    let contract = contract("hospital.profit_commission", &[("profit", "money")], &[("commission", "money")], &[]);
    let policy =
        compile(contract, "fn main(profit, params) { #{ commission: yuan(tiered(profit, params.profit_tiers)) } }");
    let pays = |mode, profit: &str| run(&policy, &profit_tiers(mode), &json!({ "profit": profit })).answer();
    assert_eq!(pays(Mode::Whole, "2345678.90"), json!({ "commission": "469135.78" }));
    // 50万 at 10%, 1万 of gap at 10%, 99万 at 15%, 1万 of gap at 15%, the rest at 20%.
    assert_eq!(pays(Mode::Slice, "2345678.90"), json!({ "commission": "268135.78" }));
    assert_eq!(pays(Mode::Slice, "1005000.00"), json!({ "commission": "50500.00" }));
}

#[test]
fn a_leaver_loses_what_was_not_paid() {
    let mut contract = contract(
        "hospital.leaver",
        &[
            ("kind", "resigned|dismissed"),
            ("instalments_paid", "count"),
            ("last_year", "{money}"),
            ("this_year", "{money}"),
        ],
        &[("already_paid", "money"), ("payable_now", "money"), ("forfeited", "money")],
        &[],
    );
    contract.inputs[1].field.min = Some(d("0"));
    contract.inputs[1].field.max = Some(d("4"));
    let policy = compile(
        contract,
        r#"
        fn main(kind, instalments_paid, last_year, this_year) {
            let paid = 0;
            let unpaid_equal = 0;
            for component in last_year.keys() {
                let parts = split(last_year[component], 4);
                let sofar = sum(parts.extract(0, instalments_paid));
                paid += sofar;
                if component == "equal" { unpaid_equal = last_year[component] - sofar; }
            }
            let now = if kind == "dismissed" { unpaid_equal + get(this_year, "equal", 0) } else { 0 };
            let all = sum(last_year.values()) + sum(this_year.values());
            #{ already_paid: paid, payable_now: now, forfeited: all - paid - now }
        }
        "#,
    );
    let row = |kind: &str, paid: i64, last: Value, this: Value, [already, now, lost]: [&str; 3]| {
        (
            json!({ "kind": kind, "instalments_paid": paid, "last_year": last, "this_year": this }),
            json!({ "already_paid": already, "payable_now": now, "forfeited": lost }),
        )
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row(
                "resigned",
                2,
                json!({ "equal": "22166.67", "discretionary": "12000.00" }),
                json!({ "equal": "17500.00", "discretionary": "0.00" }),
                ["17083.34", "0.00", "34583.33"],
            ),
            row(
                "resigned",
                0,
                json!({ "equal": "20000.00" }),
                json!({ "equal": "0.00" }),
                ["0.00", "0.00", "20000.00"],
            ),
            row(
                "resigned",
                4,
                json!({ "equal": "20000.00" }),
                json!({ "equal": "0.00" }),
                ["20000.00", "0.00", "0.00"],
            ),
            row(
                "resigned",
                4,
                json!({ "equal": "20000.00" }),
                json!({ "equal": "5000.00" }),
                ["20000.00", "0.00", "5000.00"],
            ),
            row(
                "dismissed",
                2,
                json!({ "equal": "22166.67", "discretionary": "12000.00" }),
                json!({ "equal": "17500.00", "discretionary": "9000.00" }),
                ["17083.34", "28583.33", "15000.00"],
            ),
            row(
                "dismissed",
                1,
                json!({ "manager": "76000.00" }),
                json!({ "manager": "20000.00" }),
                ["19000.00", "0.00", "77000.00"],
            ),
            row("dismissed", 0, json!({}), json!({}), ["0.00", "0.00", "0.00"]),
        ],
    );
}

#[test]
fn interviews_are_held_on_working_days_4_to_6() {
    let contract = contract(
        "hospital.interview_window",
        &[("period_start", "date"), ("holidays", "[date]"), ("extra_workdays", "[date]")],
        &[("from", "date"), ("to", "date")],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(period_start, holidays, extra_workdays) {
            let days = calendar(holidays, extra_workdays);
            #{ from: nth_workday(period_start, 4, days), to: nth_workday(period_start, 6, days) }
        }
        "#,
    );
    expect(
        &policy,
        &Params::default(),
        &[
            (
                json!({ "period_start": "2026-03-01", "holidays": [], "extra_workdays": [] }),
                json!({ "from": "2026-03-05", "to": "2026-03-09" }),
            ),
            (
                json!({
                    "period_start": "2025-10-01",
                    "holidays": ["2025-10-01", "2025-10-02", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08"],
                    "extra_workdays": ["2025-10-11"],
                }),
                json!({ "from": "2025-10-13", "to": "2025-10-15" }),
            ),
        ],
    );
}
