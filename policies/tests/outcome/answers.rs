//! Params by date, blanks and assumptions, faults, and many evaluations at once.

use serde_json::{Value, json};
use zhupi_policies::{
    Binding, Cell, Entry, Field, Input, Lookup, Outcome, Param, ParamValue, Params, Policy, Request, Table, What,
    evaluate,
};

use super::fixtures::*;
use crate::golden::support::*;

#[test]
fn params_are_read_at_the_date_in_question() {
    for bound in [true, false] {
        let run = |date: &str| {
            let evaluation =
                evaluate(&deduction(bound), &rate_params(), &[on(date, json!({ "bad_debt": "8000.00" }))]).remove(0);
            (
                evaluation.outcome.clone(),
                evaluation.assumed.iter().map(|a| (a.param.to_string(), a.from.to_string())).collect::<Vec<_>>(),
            )
        };
        let accepted = |amount: &str| Outcome::Accepted {
            output: json!({ "deducted": amount }).as_object().cloned().expect("an object"),
        };
        let missing = Outcome::Incomplete { missing: vec![name("bad-debt-rate")] };
        assert_eq!(run("2025-12-31"), (missing.clone(), vec![]), "before the first date");
        assert_eq!(run("2026-06-30"), (missing, vec![]), "blank: no amount exists");
        assert_eq!(
            run("2027-01-01"),
            (accepted("2400.00"), vec![("bad-debt-rate".into(), "2027-01-01".into())]),
            "assumed: marked"
        );
        assert_eq!(run("2028-02-29"), (accepted("1600.00"), vec![]));
    }
}

#[test]
fn a_value_given_wins_over_the_param_it_is_bound_to() {
    let given = json!({ "bad_debt": "8000.00", "rate": "0.50" });
    let evaluation = evaluate(&deduction(true), &rate_params(), &[on("2026-06-30", given)]).remove(0);
    assert_eq!(evaluation.answer(), json!({ "deducted": "4000.00" }));
}

#[test]
fn an_incomplete_answer_names_what_is_missing() {
    let evaluation =
        evaluate(&deduction(true), &rate_params(), &[on("2026-06-30", json!({ "bad_debt": "8000.00" }))]).remove(0);
    assert_eq!(evaluation.answer(), json!({ "incomplete": true, "missing": ["bad-debt-rate"] }));
}

#[test]
fn a_param_table_can_be_the_value_of_an_input() {
    let rows = record(&[("from", "score"), ("grade", "text"), ("factor", "number")]).list();
    let bound = |n: &str, ty, source: &str| {
        Input::of(Field::new(name(n), ty)).from(Binding::parse(source, None).expect("a binding"))
    };
    let contract = contract("a.b", &[("score", "score")], &[("grade", "text"), ("factor", "number")], &[])
        .input(bound("grades", rows, "param:grades"))
        .input(bound("factors", typed("{{number}}"), "param:factors"));
    let policy = compile(
        contract,
        "fn main(score, grades, factors) { let g = grade(score, grades).grade; #{ grade: g, factor: factors.late[g] } }",
    );
    let entry = |a: &str, b: &str, v: &str| Entry {
        keys: vec![a.into(), b.into()],
        value: Cell::Number(d(v)),
        clause: None,
        span: None,
    };
    let factors = Lookup {
        keys: vec!["timing".into(), "grade".into()],
        rows: vec![entry("late", "A", "0.9"), entry("late", "B", "0.5")],
    };
    let mut all: Vec<Param> = bonus_params().iter().cloned().collect();
    all.push(param("factors", ParamValue::Table(Table::Lookup(factors))));
    let evaluation = run(&policy, &params(all), &json!({ "score": "91" }));
    assert_eq!(evaluation.answer(), json!({ "grade": "A", "factor": "0.90" }));
}

#[test]
fn many_evaluations_run_side_by_side_and_keep_their_order() {
    let policy = compile(bonus_contract(), BONUS);
    let requests: Vec<Request> = (0..500).map(|i| request(&bonus(&format!("{i}.00"), "50"))).collect();
    let together = evaluate(&policy, &bonus_params(), &requests);
    for (one, request) in together.iter().zip(&requests).step_by(37) {
        assert_eq!(*one, evaluate(&policy, &bonus_params(), std::slice::from_ref(request)).remove(0));
    }
    assert_eq!(together.len(), 500);
    assert_eq!(evaluate(&policy, &bonus_params(), &[]), vec![]);
}

#[test]
fn the_input_hash_does_not_depend_on_the_order_of_members() {
    let policy = deduction(true);
    let hash = |date: &str, inputs: Value| evaluate(&policy, &rate_params(), &[on(date, inputs)]).remove(0).input_hash;
    let one = hash("2028-01-01", json!({ "bad_debt": "1.00", "rate": "0.1" }));
    assert_eq!(hash("2028-01-01", json!({ "rate": "0.1", "bad_debt": "1.00" })), one);
    assert_ne!(hash("2028-01-01", json!({ "rate": "0.2", "bad_debt": "1.00" })), one);
    assert_ne!(hash("2028-01-02", json!({ "rate": "0.1", "bad_debt": "1.00" })), one);
}

#[test]
fn faults_point_at_the_line() {
    let contract = contract("a.b", &[("x", "money")], &[("r", "money")], &["bad"]);
    let source = "fn main(x) {\n    let y = x - x;\n    if x > 2 { refuse(\"bad\"); }\n    #{ r: yuan(x / y) }\n}";
    let policy = compile(contract, source);
    let Outcome::Fault(found) = run(&policy, &Params::default(), &json!({ "x": "1.00" })).outcome else {
        panic!("no fault")
    };
    let place = found.span.map(|span| span.line_column(source));
    assert_eq!((found.code, found.file.as_str(), place), ("policy-division", "policies/a/b.rhai", Some((4, 18))));
    let refused = run(&policy, &Params::default(), &json!({ "x": "3.00" }));
    let step = refused.explanation.steps.last().map(|step| (step.line, matches!(step.what, What::Refused { .. })));
    assert_eq!(step, Some((Some(3), true)));
}

#[test]
fn all_problems_of_a_contract_and_its_script_come_at_once() {
    let mut broken =
        contract("a.b", &[("x", "money"), ("x", "rate"), ("a-b", "text")], &[("accepted", "bool")], &["c"]);
    broken
        .control
        .push(zhupi_policies::Control { source: "r == 1".into(), span: Some(zhupi_domain::Span::new(100, 106)) });
    let source = "fn main(y) { refuse(\"d\"); round(1) }";
    let found = Policy::compile(broken, source, &zhupi_policies::Libraries::default()).expect_err("findings");
    let mut codes: Vec<(&str, &str)> = found.iter().map(|one| (one.file.as_str(), one.code)).collect();
    codes.sort_unstable();
    codes.dedup();
    let expected = [
        ("policies/a/b.rhai", "policy-banned"),
        ("policies/a/b.rhai", "policy-refusal"),
        ("policies/a/b.rhai", "policy-unknown-input"),
        ("policies/a/b.yaml", "policy-contract"),
    ];
    assert!(expected.iter().all(|one| codes.contains(one)), "{codes:?}");
    let control = found.iter().find(|one| one.span.is_some_and(|span| span.start == 100));
    assert!(control.is_some(), "{}", list(&found));
}

#[test]
fn the_earliest_and_the_latest_of_dates_are_dates() {
    let contract = contract("a.b", &[("days", "[date]"), ("due", "date")], &[("r", "date"), ("s", "date")], &[]);
    let policy = compile(contract, "fn main(days, due) { #{ r: add_days(min(days), 1), s: max(due, days[0]) } }");
    let inputs = json!({ "days": ["2026-03-02", "2026-02-28"], "due": "2026-03-01" });
    assert_eq!(run(&policy, &Params::default(), &inputs).answer(), json!({ "r": "2026-03-01", "s": "2026-03-02" }));
}

#[test]
fn a_function_that_uses_what_it_is_called_on_is_found_at_its_line() {
    let compiled = |body: &str| {
        let contract = contract("a.b", &[("w", "{number}"), ("l", "[number]")], &[("r", "number")], &[]);
        let source = format!("fn main(w, l) {{\n    {body}\n}}");
        let found = Policy::compile(contract, &source, &zhupi_policies::Libraries::default());
        found.map_err(|found| found.iter().map(|one| (one.code, one.span.map(|s| s.line_column(&source)))).collect())
    };
    let told = |body: &str| -> Vec<_> { compiled(body).map(drop).expect_err(body) };
    let at = |column: usize| vec![("policy-closure", Some((2, column)))];
    assert_eq!(told("#{ r: sum(w.keys().map(|n| w[n])) }"), at(24));
    assert_eq!(told("#{ r: sum(l.map(|n| n / l.len())) }"), at(17));
    assert_eq!(told("#{ r: w.values().filter(|n| l.some(|m| m == w.a)).len() }"), at(22));
    for body in [
        "let names = w.keys(); #{ r: sum(names.map(|n| w[n])) }",
        "let r = 0; for i in 0..2 { let names = w.keys(); r = sum(names.map(|n| w[n])); } #{ r: r }",
        "#{ r: sum(l.map(|n| n * w.len())) - 1.5 }",
        "let copy = l; #{ r: sum(l.map(|n| n * copy.len())) - 1.5 }",
        "#{ r: sum(w.values().map(|n| n / w2(l))) / 1 } } fn w2(w) { w.len() - 1",
    ] {
        let policy = compiled(body).unwrap_or_else(|found: Vec<_>| panic!("{body}: {found:?}"));
        let inputs = json!({ "w": { "a": "1.50", "b": "2.00" }, "l": ["1.50", "1.00"] });
        assert_eq!(run(&policy, &Params::default(), &inputs).answer(), json!({ "r": "3.50" }), "{body}");
    }
}
