//! Work-plan schemes.

use serde_json::{Value, json};
use zhupi_policies::Params;

use super::support::*;

#[test]
fn items_of_100_points_are_scored_by_timing_and_quality() {
    let items = record(&[
        ("points", "score"),
        ("state", "done|not_started"),
        ("timing", "on_time|late"),
        ("quality", "优秀|良好|合格|需改进"),
    ])
    .list();
    let contract = refusal(
        retype(
            contract(
                "workplan.weighted_100",
                &[("items", "text"), ("factor_table", "{{number}}")],
                &[("item_scores", "[score]"), ("score", "score")],
                &[],
            ),
            "items",
            items,
        ),
        "points_do_not_sum_to_100",
        &[("points", "score")],
    );
    let policy = compile(
        contract,
        r#"
        fn main(items, factor_table) {
            let total = sum(items, "points");
            if total != 100 { refuse("points_do_not_sum_to_100", #{ points: total }); }
            let scores = [];
            for item in items {
                let factor = if item.state == "not_started" { 0 } else { factor_table[item.timing][item.quality] };
                scores.push(item.points * factor);
            }
            #{ item_scores: scores.map(|score| points(score)), score: points(sum(scores)) }
        }
        "#,
    );
    let factors = json!({
        "on_time": { "优秀": "1.00", "良好": "0.90", "合格": "0.75", "需改进": "0.50" },
        "late": { "优秀": "0.85", "良好": "0.75", "合格": "0.60", "需改进": "0.30" },
    });
    let item = |points: &str, state: &str, timing: &str, quality: &str| json!({ "points": points, "state": state, "timing": timing, "quality": quality });
    expect(
        &policy,
        &Params::default(),
        &[
            (
                json!({
                    "items": [item("40", "done", "on_time", "良好"), item("35", "done", "late", "合格"), item("25", "not_started", "on_time", "优秀")],
                    "factor_table": factors,
                }),
                json!({ "accepted": true, "item_scores": ["36.00", "21.00", "0.00"], "score": "57.00" }),
            ),
            (
                json!({ "items": [item("50", "done", "on_time", "优秀"), item("49", "done", "on_time", "优秀")], "factor_table": factors }),
                json!({ "accepted": false, "reason": "points_do_not_sum_to_100", "points": "99.00" }),
            ),
        ],
    );
}

#[test]
fn blame_moves_with_written_and_confirmed_evidence() {
    let fines = record(&[("name", "text"), ("amount", "money")]).list();
    let contract = retype(
        contract(
            "workplan.blame_transfer",
            &[
                ("evidence_written", "bool"),
                ("gm_office_passed", "bool"),
                ("group_team_confirmed", "bool"),
                ("fine", "money"),
                ("responsible", "known|unclear|none"),
                ("persons", "[text]"),
                ("direct_leader", "text"),
            ],
            &[("main_dept_excused", "bool"), ("fines", "text"), ("why", "no_written_evidence|not_confirmed|confirmed")],
            &["fine_outside_50_100"],
        ),
        "fines",
        fines,
    );
    let policy = compile(
        contract,
        r#"
        fn main(evidence_written, gm_office_passed, group_team_confirmed, fine, responsible, persons, direct_leader, params) {
            if !evidence_written { return unchanged("no_written_evidence"); }
            if !(gm_office_passed && group_team_confirmed) { return unchanged("not_confirmed"); }
            if fine < params.fine_least || fine > params.fine_most { refuse("fine_outside_50_100"); }
            let fines = [];
            if responsible == "known" {
                for person in persons { fines.push(#{ name: person, amount: fine }); }
            } else if responsible == "unclear" {
                for (amount, i) in split(fine, persons.len()) { fines.push(#{ name: persons[i], amount: amount }); }
            } else {
                fines.push(#{ name: direct_leader, amount: fine });
            }
            #{ main_dept_excused: true, fines: fines, why: "confirmed" }
        }

        fn unchanged(why) {
            #{ main_dept_excused: false, fines: [], why: why }
        }
        "#,
    );
    let params =
        params(vec![plain("fine-least", "money", json!("50.00")), plain("fine-most", "money", json!("100.00"))]);
    let inputs = |flags: [bool; 3], fine: &str, responsible: &str, persons: &[&str]| {
        json!({
            "evidence_written": flags[0], "gm_office_passed": flags[1], "group_team_confirmed": flags[2],
            "fine": fine, "responsible": responsible, "persons": persons, "direct_leader": "协助部门经理",
        })
    };
    let fined = |fines: &[(&str, &str)]| {
        let fines: Vec<Value> = fines.iter().map(|(name, amount)| json!({ "name": name, "amount": amount })).collect();
        json!({ "accepted": true, "main_dept_excused": true, "fines": fines, "why": "confirmed" })
    };
    let kept = |why: &str| json!({ "accepted": true, "main_dept_excused": false, "fines": [], "why": why });
    let yes = [true; 3];
    expect(
        &policy,
        &params,
        &[
            (inputs(yes, "90.00", "known", &["赵六"]), fined(&[("赵六", "90.00")])),
            (inputs(yes, "85.00", "unclear", &["赵六", "钱七"]), fined(&[("赵六", "42.50"), ("钱七", "42.50")])),
            (
                inputs(yes, "100.00", "unclear", &["赵六", "钱七", "孙八"]),
                fined(&[("赵六", "33.34"), ("钱七", "33.33"), ("孙八", "33.33")]),
            ),
            (inputs(yes, "90.00", "none", &[]), fined(&[("协助部门经理", "90.00")])),
            (inputs([false, true, true], "90.00", "known", &["赵六"]), kept("no_written_evidence")),
            (inputs([true, true, false], "90.00", "known", &["赵六"]), kept("not_confirmed")),
            (inputs(yes, "101.00", "known", &["赵六"]), json!({ "accepted": false, "reason": "fine_outside_50_100" })),
        ],
    );
}

#[test]
fn a_fifth_of_pay_floats_with_the_grade() {
    let grades = record(&[("grade", "text"), ("from", "score"), ("factor", "number")]).list();
    let contract = retype(
        contract(
            "workplan.plan_pay",
            &[("monthly_total", "money"), ("score", "score"), ("grades", "text")],
            &[
                ("grade", "text"),
                ("fixed_part", "money"),
                ("plan_pay_base", "money"),
                ("plan_pay", "money"),
                ("pay", "money"),
            ],
            &[],
        )
        .control("fixed_part + plan_pay_base == monthly_total")
        .control("fixed_part + plan_pay == pay"),
        "grades",
        grades,
    );
    let policy = compile(
        contract,
        r#"
        fn main(monthly_total, score, grades, params) {
            let parts = split(monthly_total, params.plan_share);
            let reached = grade(score, grades);
            let plan_pay = yuan(parts.floating * reached.factor);
            #{
                grade: reached.grade,
                fixed_part: parts.fixed,
                plan_pay_base: parts.floating,
                plan_pay: plan_pay,
                pay: parts.fixed + plan_pay,
            }
        }
        "#,
    );
    let share =
        |n: &str, percent: &str| zhupi_policies::Share { name: name(n), percent: d(percent), clause: None, span: None };
    let shares = zhupi_policies::Shares { rows: vec![share("fixed", "80"), share("floating", "20")], left_over: None };
    let params =
        params(vec![param("plan-share", zhupi_policies::ParamValue::Table(zhupi_policies::Table::Split(shares)))]);
    let grades = json!([
        { "grade": "A", "from": "90", "factor": "1.20" }, { "grade": "B", "from": "80", "factor": "1.00" },
        { "grade": "C", "from": "60", "factor": "0.80" }, { "grade": "D", "from": "0", "factor": "0.50" },
    ]);
    let row = |total: &str, score: &str, grade: &str, [fixed, base, plan, pay]: [&str; 4]| {
        (
            json!({ "monthly_total": total, "score": score, "grades": grades }),
            json!({ "grade": grade, "fixed_part": fixed, "plan_pay_base": base, "plan_pay": plan, "pay": pay }),
        )
    };
    expect(
        &policy,
        &params,
        &[
            row("6000.00", "92", "A", ["4800.00", "1200.00", "1440.00", "6240.00"]),
            row("6000.00", "90", "A", ["4800.00", "1200.00", "1440.00", "6240.00"]),
            row("6000.00", "89.99", "B", ["4800.00", "1200.00", "1200.00", "6000.00"]),
            row("6000.00", "60", "C", ["4800.00", "1200.00", "960.00", "5760.00"]),
            row("6000.00", "59.99", "D", ["4800.00", "1200.00", "600.00", "5400.00"]),
            row("5555.55", "85", "B", ["4444.44", "1111.11", "1111.11", "5555.55"]),
        ],
    );
}

#[test]
fn a_software_companys_month_has_its_dates() {
    let contract = contract(
        "workplan.software_deadlines",
        &[("month", "period"), ("cycle_end", "date"), ("holidays", "[date]"), ("extra_workdays", "[date]")],
        &[
            ("plan_by", "date"),
            ("filed_with_hr_by", "date"),
            ("self_review_by", "date"),
            ("next_week_plan_by", "datetime"),
        ],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(month, cycle_end, holidays, extra_workdays) {
            let days = calendar(holidays, extra_workdays);
            #{
                plan_by: day_of(month, 5),
                filed_with_hr_by: day_of(month, 8),
                self_review_by: day_of(add_months(month, 1), 3),
                next_week_plan_by: at(last_workday(cycle_end, days), "10:00"),
            }
        }
        "#,
    );
    expect(
        &policy,
        &Params::default(),
        &[
            (
                json!({ "month": "2026-01", "cycle_end": "2026-01-18", "holidays": [], "extra_workdays": [] }),
                json!({
                    "plan_by": "2026-01-05", "filed_with_hr_by": "2026-01-08", "self_review_by": "2026-02-03",
                    "next_week_plan_by": "2026-01-16T10:00:00",
                }),
            ),
            (
                json!({ "month": "2026-12", "cycle_end": "2026-12-31", "holidays": ["2026-12-31"], "extra_workdays": [] }),
                json!({
                    "plan_by": "2026-12-05", "filed_with_hr_by": "2026-12-08", "self_review_by": "2027-01-03",
                    "next_week_plan_by": "2026-12-30T10:00:00",
                }),
            ),
        ],
    );
}

#[test]
fn an_unsigned_change_is_scored_by_the_old_weights() {
    let item = Value::Bool(false);
    let mut fields = vec![
        field("name", "text"),
        field("weight", "score"),
        field("new_weight", "score"),
        field("completion", "number"),
    ];
    for flag in ["dropped", "added"] {
        fields.push(field(flag, "bool").presence(zhupi_policies::Presence::Default(item.clone())));
    }
    let contract = retype(
        contract(
            "workplan.change_with_weights",
            &[("superior_signed", "bool"), ("items", "text")],
            &[("change_valid", "bool"), ("score", "score"), ("why", "signed|change_not_signed")],
            &["new_weights_do_not_sum_to_100"],
        ),
        "items",
        zhupi_policies::Type::Record(fields).list(),
    );
    let policy = compile(
        contract,
        r#"
        fn main(superior_signed, items) {
            if !superior_signed {
                let old = items.filter(|item| !item.added);
                // A dropped item counts as not done.
                let done = old.filter(|item| !item.dropped);
                return #{ change_valid: false, score: points(weighted(done, "completion", "weight")), why: "change_not_signed" };
            }
            let kept = items.filter(|item| !item.dropped);
            if sum(kept, "new_weight") != 100 { refuse("new_weights_do_not_sum_to_100"); }
            #{ change_valid: true, score: points(weighted(kept, "completion", "new_weight")), why: "signed" }
        }
        "#,
    );
    let items = |last: &str| {
        json!([
            { "name": "甲", "weight": "50", "new_weight": "60", "completion": "1" },
            { "name": "乙", "weight": "30", "new_weight": "0", "completion": "0", "dropped": true },
            { "name": "丙", "weight": "20", "new_weight": "25", "completion": "0.8" },
            { "name": "丁", "weight": "0", "new_weight": last, "completion": "1", "added": true },
        ])
    };
    expect(
        &policy,
        &Params::default(),
        &[
            (
                json!({ "superior_signed": true, "items": items("15") }),
                json!({ "accepted": true, "change_valid": true, "score": "95.00", "why": "signed" }),
            ),
            (
                json!({ "superior_signed": false, "items": items("15") }),
                json!({ "accepted": true, "change_valid": false, "score": "66.00", "why": "change_not_signed" }),
            ),
            (
                json!({ "superior_signed": true, "items": items("14") }),
                json!({ "accepted": false, "reason": "new_weights_do_not_sum_to_100" }),
            ),
        ],
    );
}

#[test]
fn a_kind_of_work_that_did_not_occur_drops_out_with_its_weight() {
    let kinds = record(&[("kind", "日常工作|重点工作|临时工作"), ("weight", "number"), ("score", "score!")]).list();
    let contract =
        retype(contract("workplan.three_kinds", &[("kinds", "text")], &[("score", "score")], &[]), "kinds", kinds);
    let policy = compile(
        contract,
        r#"
        fn main(kinds) {
            let occurred = kinds.filter(|kind| kind.score != ());
            #{ score: points(weighted(occurred, "score", "weight") / sum(occurred, "weight")) }
        }
        "#,
    );
    let row = |scores: [Value; 3], score: &str| {
        let weights = ["0.50", "0.30", "0.20"];
        let names = ["日常工作", "重点工作", "临时工作"];
        let kinds: Vec<Value> =
            (0..3).map(|i| json!({ "kind": names[i], "weight": weights[i], "score": scores[i] })).collect();
        (json!({ "kinds": kinds }), json!({ "score": score }))
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row([json!("90"), json!("80"), json!("70")], "83.00"),
            row([json!("90"), json!("80"), json!(null)], "86.25"),
            row([json!("91.5"), json!(null), json!(null)], "91.50"),
            row([json!("90"), json!("0"), json!(null)], "56.25"),
        ],
    );
}
