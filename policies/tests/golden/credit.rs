//! Credit rules of the pharma company.

use serde_json::json;
use zhupi_policies::Params;

use super::support::*;

#[test]
fn bad_debt_deduction_stops_at_the_months_commission() {
    let contract = contract(
        "credit.bad_debt_deduction",
        &[("commission", "money"), ("bad_debt", "money"), ("rate", "rate"), ("cause", "text"), ("carried_in", "money")],
        &[("deducted", "money"), ("commission_paid", "money"), ("carried_forward", "money")],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(commission, bad_debt, rate, cause, carried_in) {
            let owed = carried_in;
            if cause == "handler_irresponsible" {
                owed += yuan(bad_debt * rate);
            }
            let deducted = cap(owed, commission);
            #{
                deducted: deducted,
                commission_paid: commission - deducted,
                carried_forward: owed - deducted,
            }
        }
        "#,
    );
    let row = |commission: &str, debt: &str, cause: &str, carried: &str, [deducted, paid, forward]: [&str; 3]| {
        (
            json!({ "commission": commission, "bad_debt": debt, "rate": "0.30", "cause": cause, "carried_in": carried }),
            json!({ "deducted": deducted, "commission_paid": paid, "carried_forward": forward }),
        )
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row("5000.00", "8000.00", "handler_irresponsible", "0.00", ["2400.00", "2600.00", "0.00"]),
            row("2400.00", "8000.00", "handler_irresponsible", "0.00", ["2400.00", "0.00", "0.00"]),
            row("1500.00", "8000.00", "handler_irresponsible", "0.00", ["1500.00", "0.00", "900.00"]),
            row("5000.00", "8000.00", "customer_bankrupt", "0.00", ["0.00", "5000.00", "0.00"]),
            row("3000.00", "1234.55", "handler_irresponsible", "900.00", ["1270.37", "1729.63", "0.00"]),
        ],
    );
}

#[test]
fn an_invoice_stays_within_limit_term_and_earlier_credit() {
    let contract = refusal(
        contract(
            "credit.invoice_request",
            &[
                ("limit", "money"),
                ("outstanding", "money"),
                ("amount", "money"),
                ("allowed_term_days", "days"),
                ("requested_term_days", "days"),
                ("earlier_credit_overdue", "bool"),
                ("reliable_guarantee", "bool"),
            ],
            &[("limit_left", "money"), ("next", "[text]")],
            &["earlier_credit_unsettled", "term_above_allowed"],
        ),
        "limit_exceeded",
        &[("over_by", "money")],
    );
    let policy = compile(
        contract,
        r#"
        fn main(limit, outstanding, amount, allowed_term_days, requested_term_days, earlier_credit_overdue, reliable_guarantee) {
            if earlier_credit_overdue && !reliable_guarantee { refuse("earlier_credit_unsettled"); }
            if requested_term_days > allowed_term_days { refuse("term_above_allowed"); }
            let left = limit - outstanding - amount;
            if left < 0 { refuse("limit_exceeded", #{ over_by: -left }); }
            #{ limit_left: left, next: ["分管负责人签批", "财务部开票", "仓库发货"] }
        }
        "#,
    );
    let inputs = |outstanding: &str, amount: &str, term: i64, overdue: bool, guarantee: bool| {
        json!({
            "limit": "100000.00", "allowed_term_days": 30, "outstanding": outstanding, "amount": amount,
            "requested_term_days": term, "earlier_credit_overdue": overdue, "reliable_guarantee": guarantee,
        })
    };
    let passes = |left: &str| json!({ "accepted": true, "limit_left": left, "next": ["分管负责人签批", "财务部开票", "仓库发货"] });
    let refused = |reason: &str| json!({ "accepted": false, "reason": reason });
    expect(
        &policy,
        &Params::default(),
        &[
            (inputs("60000.00", "30000.00", 30, false, false), passes("10000.00")),
            (inputs("60000.00", "40000.00", 30, false, false), passes("0.00")),
            (
                inputs("60000.00", "40000.01", 30, false, false),
                json!({ "accepted": false, "reason": "limit_exceeded", "over_by": "0.01" }),
            ),
            (inputs("10000.00", "1000.00", 30, true, false), refused("earlier_credit_unsettled")),
            (inputs("10000.00", "1000.00", 30, true, true), passes("89000.00")),
            (inputs("0.00", "1000.00", 31, false, false), refused("term_above_allowed")),
        ],
    );
}

#[test]
fn an_overdue_debt_climbs_step_by_step() {
    let contract = contract(
        "credit.overdue_level",
        &[("due_date", "date"), ("as_of", "date"), ("collection_failed", "bool")],
        &[
            ("days_overdue", "days"),
            ("level", "count"),
            ("report_to", "text!"),
            ("action", "text!"),
            ("handler_penalty", "bool"),
        ],
        &[],
    );
    let policy = compile(
        contract,
        r#"
        fn main(due_date, as_of, collection_failed) {
            let days = floor(days_between(due_date, as_of), 0);
            let answer = if days == 0 {
                #{ level: 0, report_to: (), action: (), handler_penalty: false }
            } else if days <= 10 {
                #{ level: 1, report_to: "部门负责人", action: "电话催收", handler_penalty: false }
            } else if days <= 60 || !collection_failed {
                #{ level: 2, report_to: "主管副总经理", action: "派员上门催收", handler_penalty: true }
            } else {
                #{ level: 3, report_to: "总经理", action: "个案处理", handler_penalty: true }
            };
            answer.days_overdue = days;
            answer
        }
        "#,
    );
    let steps = [
        json!({ "level": 0, "report_to": null, "action": null, "handler_penalty": false }),
        json!({ "level": 1, "report_to": "部门负责人", "action": "电话催收", "handler_penalty": false }),
        json!({ "level": 2, "report_to": "主管副总经理", "action": "派员上门催收", "handler_penalty": true }),
        json!({ "level": 3, "report_to": "总经理", "action": "个案处理", "handler_penalty": true }),
    ];
    let row = |as_of: &str, failed: bool, days: i64, level: usize| {
        let mut expected = steps[level].clone();
        expected["days_overdue"] = days.into();
        (json!({ "due_date": "2026-01-31", "as_of": as_of, "collection_failed": failed }), expected)
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row("2026-01-30", false, 0, 0),
            row("2026-01-31", false, 0, 0),
            row("2026-02-01", false, 1, 1),
            row("2026-02-10", false, 10, 1),
            row("2026-02-11", false, 11, 2),
            row("2026-03-02", false, 30, 2),
            row("2026-03-03", false, 31, 2),
            row("2026-04-01", true, 60, 2),
            row("2026-04-02", true, 61, 3),
            row("2026-04-02", false, 61, 2),
            row("2026-05-01", true, 90, 3),
            row("2026-05-02", true, 91, 3),
        ],
    );
}

#[test]
fn a_new_customer_gets_half_rounded_down() {
    let mut contract = contract(
        "credit.new_customer",
        &[
            ("normal_limit", "money"),
            ("normal_term_days", "days"),
            ("wants_exception", "bool"),
            ("committee_unanimous", "bool"),
            ("gm_approved", "bool"),
            ("requested_limit", "money?"),
            ("requested_term_days", "days?"),
        ],
        &[("limit", "money"), ("term_days", "days")],
        &["committee_not_unanimous", "gm_approval_missing"],
    );
    for output in &mut contract.outputs {
        output.field.rounding = Some(zhupi_domain::Rounding::Down);
    }
    let policy = compile(
        contract,
        r#"
        fn main(normal_limit, normal_term_days, wants_exception, committee_unanimous, gm_approved, requested_limit, requested_term_days) {
            if !wants_exception {
                return #{ limit: yuan(normal_limit / 2, "limit"), term_days: whole(normal_term_days / 2, "term_days") };
            }
            if !committee_unanimous { refuse("committee_not_unanimous"); }
            if !gm_approved { refuse("gm_approval_missing"); }
            #{ limit: requested_limit, term_days: requested_term_days }
        }
        "#,
    );
    let plain = |limit: &str, days: i64| json!({ "normal_limit": limit, "normal_term_days": days, "wants_exception": false, "committee_unanimous": false, "gm_approved": false });
    let wanted = |committee: bool, gm: bool| {
        json!({
            "normal_limit": "200000.00", "normal_term_days": 60, "wants_exception": true, "committee_unanimous": committee,
            "gm_approved": gm, "requested_limit": "160000.00", "requested_term_days": 60,
        })
    };
    expect(
        &policy,
        &Params::default(),
        &[
            (plain("200000.00", 60), json!({ "accepted": true, "limit": "100000.00", "term_days": 30 })),
            (plain("150000.01", 45), json!({ "accepted": true, "limit": "75000.00", "term_days": 22 })),
            (wanted(true, true), json!({ "accepted": true, "limit": "160000.00", "term_days": 60 })),
            (wanted(false, true), json!({ "accepted": false, "reason": "committee_not_unanimous" })),
            (wanted(true, false), json!({ "accepted": false, "reason": "gm_approval_missing" })),
        ],
    );
}

#[test]
fn a_customer_file_is_due_a_month_after_the_second_large_dealing() {
    let transactions = record(&[("date", "date"), ("amount", "money")]).list();
    let contract = retype(
        contract(
            "credit.customer_file_due",
            &[("transactions", "text")],
            &[("file_required", "bool"), ("due", "date?")],
            &[],
        ),
        "transactions",
        transactions,
    );
    let policy = compile(
        contract,
        r#"
        fn main(transactions, params) {
            let large = sorted(transactions.filter(|t| t.amount >= params_floor(params)), "date");
            if large.len() < 2 { return #{ file_required: false }; }
            #{ file_required: true, due: add_months(large[1].date, 1) }
        }

        fn params_floor(table) { table.file_from }
        "#,
    );
    let params = params(vec![plain("file-from", "money", json!("10000.00"))]);
    let row = |dealings: &[(&str, &str)], expected: serde_json::Value| {
        let list: Vec<_> = dealings.iter().map(|(date, amount)| json!({ "date": date, "amount": amount })).collect();
        (json!({ "transactions": list }), expected)
    };
    expect(
        &policy,
        &params,
        &[
            row(
                &[("2026-01-05", "12000.00"), ("2026-01-31", "10000.00")],
                json!({ "file_required": true, "due": "2026-02-28" }),
            ),
            row(&[("2026-01-05", "12000.00"), ("2026-02-20", "9999.99")], json!({ "file_required": false })),
            row(
                &[("2026-03-15", "10000.00"), ("2026-02-20", "9999.99"), ("2026-01-05", "12000.00")],
                json!({ "file_required": true, "due": "2026-04-15" }),
            ),
            row(&[("2026-01-05", "50000.00")], json!({ "file_required": false })),
        ],
    );
}

#[test]
fn a_reply_is_due_on_the_third_working_day() {
    let contract = contract(
        "credit.reply_deadline",
        &[("raised_on", "date"), ("holidays", "[date]"), ("extra_workdays", "[date]")],
        &[("reply_by", "date")],
        &[],
    );
    let policy = compile(
        contract,
        "fn main(raised_on, holidays, extra_workdays) { #{ reply_by: add_workdays(raised_on, 3, calendar(holidays, extra_workdays)) } }",
    );
    let row = |raised: &str, holidays: &[&str], by: &str| {
        (json!({ "raised_on": raised, "holidays": holidays, "extra_workdays": [] }), json!({ "reply_by": by }))
    };
    expect(
        &policy,
        &Params::default(),
        &[
            row("2026-03-05", &[], "2026-03-10"),
            row("2026-03-02", &[], "2026-03-05"),
            row("2026-04-03", &["2026-04-06"], "2026-04-09"),
        ],
    );
}
