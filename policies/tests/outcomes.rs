//! Params by date, blanks and assumptions; explanations; coverage; many evaluations at once.

#![allow(clippy::expect_used)]

mod golden {
    pub mod support;
}

use std::collections::BTreeSet;

use golden::support::*;
use serde_json::{Value, json};
use zhupi_domain::Text;
use zhupi_policies::{
    Axis, Band, Binding, Bounds, Cell, Class, Contract, Dated, Entry, Explanation, Field, Grades, Input, Lookup, Mode,
    Outcome, Param, ParamValue, Params, Pay, Policy, Request, Source, Status, Step, Table, Tiers, Unit, What, cover,
    evaluate,
};

fn rate(from: &str, value: Option<&str>, status: Status) -> Dated {
    let value = match value {
        Some(value) => ParamValue::Plain { ty: typed("rate"), value: json!(value) },
        None => ParamValue::Blank,
    };
    Dated { status, ..Dated::new(day(from), value).clause("D1 142") }
}

/// Blank in 2026, assumed in 2027, decided from 2028 on.
fn rate_params() -> Params {
    let values = vec![
        rate("2028-01-01", Some("0.20"), Status::Decided),
        rate("2026-01-01", None, Status::Decided),
        rate("2027-01-01", Some("0.30"), Status::Assumed),
    ];
    let mut param = Param::new(name("bad-debt-rate"), values);
    param.title = Some(Text::new("坏账扣款比率", "bad-debt rate"));
    params(vec![param])
}

fn deduction(bound: bool) -> Policy {
    let binding = Binding::parse("param:bad-debt-rate", None).expect("a binding");
    let mut contract = contract("credit.deduction", &[("bad_debt", "money")], &[("deducted", "money")], &[]);
    contract.outputs[0].title = Some(Text::new("扣款", "deduction"));
    contract.inputs[0].title = Some(Text::new("坏账", "bad debt"));
    if bound {
        contract = contract.input(Input::of(field("rate", "rate")).from(binding));
        compile(contract, "fn main(bad_debt, rate) { #{ deducted: yuan(bad_debt * rate) } }")
    } else {
        compile(contract, "fn main(bad_debt, params) { #{ deducted: yuan(bad_debt * params.bad_debt_rate) } }")
    }
}

fn on(date: &str, inputs: Value) -> Request {
    Request { on: day(date), ..request(&inputs) }
}

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
fn every_figure_can_be_explained() {
    let evaluation =
        evaluate(&deduction(false), &rate_params(), &[on("2027-06-30", json!({ "bad_debt": "8000.00" }))]).remove(0);
    let explanation = &evaluation.explanation;
    let json = serde_json::to_value(explanation).expect("JSON");
    assert_eq!(
        json,
        json!({
            "policy": "credit.deduction",
            "on": "2027-06-30",
            "steps": [
                {
                    "step": "input", "name": "bad_debt", "title": { "zh": "坏账", "en": "bad debt" }, "value": "8000.00",
                    "source": "given", "shows": ["bad_debt"],
                },
                {
                    "step": "param", "name": "bad-debt-rate", "title": { "zh": "坏账扣款比率", "en": "bad-debt rate" },
                    "from": "2027-01-01", "value": "0.30", "clause": "D1 142", "assumed": true, "line": 1,
                },
                { "step": "word", "word": "yuan", "given": ["2400.0000"], "result": "2400.00", "line": 1, "shows": ["bad_debt"] },
                {
                    "step": "output", "name": "deducted", "title": { "zh": "扣款", "en": "deduction" }, "value": "2400.00",
                    "because": [0, 1, 2], "shows": ["bad_debt"],
                },
            ],
            "sentences": [{
                "output": "deducted",
                "text": {
                    "zh": "扣款：2400.00 元，依据坏账 8000.00；坏账扣款比率 0.30（D1 142，暂定）。",
                    "en": "deduction: 2400.00 yuan, from bad debt 8000.00; bad-debt rate 0.30 (D1 142, assumed).",
                },
                "shows": ["bad_debt"],
            }],
        })
    );
    let back: Explanation = serde_json::from_value(json).expect("an explanation");
    assert_eq!(back, *explanation);
}

fn bonus_params() -> Params {
    let band = |from: &str, to: Option<&str>, rate: &str| Band {
        from: d(from),
        to: to.map(d),
        value: Pay::Rate(d(rate)),
        clause: Some(format!("D9 {from}")),
        span: None,
    };
    let axis = |unit| Axis {
        name: "业绩".into(),
        unit,
        step: d("0.01"),
        low: Some(d("0")),
        high: None,
        bounds: Bounds::HalfOpen,
        below: None,
    };
    let tiers = Tiers {
        axis: axis(Unit::Yuan),
        mode: Some(Mode::Slice),
        rows: vec![band("0", Some("1000"), "0.05"), band("1000", None, "0.10")],
        gaps: vec![],
    };
    let factor = |from: &str, to: Option<&str>, grade: &str, factor: &str| Band {
        from: d(from),
        to: to.map(d),
        value: [(name("grade"), Cell::Text(grade.into())), (name("factor"), Cell::Number(d(factor)))].into(),
        clause: None,
        span: None,
    };
    let grades = Grades {
        axis: axis(Unit::Points),
        rows: vec![factor("90", None, "A", "1.2"), factor("0", Some("90"), "B", "1")],
        gaps: vec![],
    };
    params(vec![
        param("tiers", ParamValue::Table(Table::Tiers(tiers))),
        param("grades", ParamValue::Table(Table::Grades(grades))),
    ])
}

fn bonus_contract() -> Contract {
    let mut contract = contract(
        "pay.bonus",
        &[("sales", "money"), ("score", "score"), ("salary", "money")],
        &[("bonus", "money"), ("half", "money")],
        &[],
    );
    contract.inputs[2].class = Class::Pay;
    contract
}

const BONUS: &str = "fn main(sales, score, salary, params) {
    let base = tiered(sales, params.tiers);
    if score < 0 {
        fail(\"no such score\");
    }
    let factor = grade(score, params.grades).factor;
    let bonus = cap(yuan(base * factor), salary);
    let half = split(yuan(sales), 2)[0];
    note(\"业绩\", sales);
    #{ bonus: bonus, half: half }
}";

fn bonus(sales: &str, score: &str) -> Value {
    json!({ "sales": sales, "score": score, "salary": "163.00" })
}

#[test]
fn rows_residues_and_caps_are_part_of_the_explanation() {
    let evaluation = run(&compile(bonus_contract(), BONUS), &bonus_params(), &bonus("2000.01", "95"));
    assert_eq!(evaluation.answer(), json!({ "bonus": "163.00", "half": "1000.01" }));
    let word = |wanted: &str| {
        let found = evaluation.explanation.steps.iter().find_map(|step| match &step.what {
            What::Word { word, rows, left_over, bitten, .. } if word == wanted => {
                Some((step.line, rows.clone(), left_over.clone(), *bitten))
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no {wanted}"))
    };
    let (line, rows, ..) = word("tiered");
    let rows: Vec<_> = rows.into_iter().map(|row| (row.row, row.label, row.part, row.clause)).collect();
    assert_eq!(line, Some(2));
    assert_eq!(
        rows,
        [
            (1, "0–1000元".to_owned(), Some(json!("1000")), Some("D9 0".to_owned())),
            (2, "1000元以上".to_owned(), Some(json!("1000.01")), Some("D9 1000".to_owned())),
        ]
    );
    assert_eq!(word("grade").1.first().map(|row| row.label.as_str()), Some("90分以上"));
    assert!(word("cap").3, "the cap was reached");
    assert_eq!(word("split").2.map(|left| (left.cents, left.way)), Some((1, "first".to_owned())));
}

#[test]
fn each_step_names_the_inputs_it_shows_so_that_secrets_can_be_masked() {
    let policy = compile(bonus_contract(), BONUS);
    let explanation = run(&policy, &bonus_params(), &bonus("2000.01", "95")).explanation;
    let shows = |wanted: &str| -> Vec<String> {
        let step = explanation.steps.iter().find(|step| match &step.what {
            What::Word { word, .. } => word == wanted,
            What::Output { name, .. } => name == wanted,
            What::Note { label, .. } => label == wanted,
            _ => false,
        });
        step.map(|step| step.shows.iter().cloned().collect()).unwrap_or_else(|| panic!("no {wanted}"))
    };
    assert_eq!(shows("tiered"), ["sales"]);
    assert_eq!(shows("grade"), ["score"]);
    assert_eq!(shows("cap"), ["salary", "sales", "score"]);
    assert_eq!(shows("half"), ["sales"]);
    assert_eq!(shows("业绩"), ["sales"]);

    let secret: BTreeSet<String> =
        policy.contract().inputs.iter().filter(|i| i.class.is_secret()).map(|i| i.name().to_string()).collect();
    let masked = explanation.masked(|input| secret.contains(input));
    let text = serde_json::to_string(&masked).expect("JSON");
    assert!(!text.contains("163.00") && text.contains("2000.01"), "{text}");
    assert_eq!(masked.steps.len(), explanation.steps.len());
    assert_eq!(masked.sentences.len(), 1, "the sentence about the bonus is gone");
}

#[test]
fn an_explanation_is_bounded() {
    let contract = contract("a.b", &[("x", "money")], &[("r", "money")], &[]);
    let policy = compile(contract, "fn main(x) { for i in 0..2000 { note(`note ${i}`, x); } #{ r: x } }");
    let explanation = run(&policy, &Params::default(), &json!({ "x": "1.00" })).explanation;
    let more = explanation.steps.iter().find_map(|step| match step.what {
        What::More { count } => Some(count),
        _ => None,
    });
    assert_eq!(more, Some(2001 - Explanation::MAX_STEPS));
    assert!(
        matches!(explanation.steps.last(), Some(Step { what: What::Output { .. }, .. })),
        "the answer is always there"
    );
}

#[test]
fn the_source_of_every_input_is_told() {
    let mut contract = contract("a.b", &[("given", "money"), ("spare", "money?")], &[("r", "money")], &[]);
    contract.inputs.push(Input::of(
        Field::new(name("usual"), typed("money")).presence(zhupi_policies::Presence::Default(json!("5.00"))),
    ));
    contract
        .inputs
        .push(Input::of(field("rate", "rate")).from(Binding::parse("param:bad-debt-rate", None).expect("a binding")));
    let policy =
        compile(contract, "fn main(given, usual, spare, rate) { #{ r: yuan(given + usual + (spare ?? 0) + rate) } }");
    let evaluation = evaluate(&policy, &rate_params(), &[on("2028-01-01", json!({ "given": "1.00" }))]).remove(0);
    assert_eq!(evaluation.answer(), json!({ "r": "6.20" }));
    let sources: Vec<Source> = evaluation
        .explanation
        .steps
        .into_iter()
        .filter_map(|step| match step.what {
            What::Input { source, .. } => Some(source),
            _ => None,
        })
        .collect();
    assert_eq!(sources, [Source::Given, Source::Absent, Source::Default, Source::Bound("param:bad-debt-rate".into())]);
}

#[test]
fn coverage_tells_lines_and_rows() {
    let policy = compile(bonus_contract(), BONUS);
    let requests = [request(&bonus("900.00", "80")), request(&bonus("950.00", "70"))];
    let (evaluations, mut coverage) = cover(&policy, &bonus_params(), &requests);
    assert_eq!(evaluations.len(), 2);
    assert_eq!(coverage.lines, [2, 3, 4, 6, 7, 8, 9, 10].into());
    assert_eq!(coverage.lines_missed().collect::<Vec<_>>(), [4]);
    let missed = |coverage: &zhupi_policies::Coverage| -> Vec<(String, usize)> {
        coverage.rows_missed().map(|(name, _, row)| (name.to_string(), row)).collect()
    };
    assert_eq!(missed(&coverage), [("grades".to_owned(), 0), ("tiers".to_owned(), 1)]);

    let (failed, more) =
        cover(&policy, &bonus_params(), &[request(&bonus("5000.00", "95")), request(&bonus("0.00", "-1"))]);
    assert!(matches!(&failed[1].outcome, Outcome::Fault(found) if found.code == "policy-fail"));
    coverage.add(more);
    assert_eq!((coverage.lines_missed().count(), missed(&coverage)), (0, vec![]));
}

#[test]
fn coverage_copes_with_every_way_to_write_a_statement() {
    let contract = contract("a.b", &[("x", "money")], &[("r", "money")], &[]);
    let source = r#"
        fn main(x) {
            let list = [1, 2].map(|y| y + 1);
            if x > 5 { x += 1; }
            else if x > 3 { x += 2; }
            else { x += 3; }
            let z = if x > 1 { x } else {
                0
            };
            (x + z) * 0;
            -x;
            let text = `${x} and ${list.len()}`;
            for i in list {
                x = twice(x) / 2;
            }
            #{
                r: x,
            }
        }

        fn twice(y) {
            // a comment { with braces; }
            y * 2
        }
    "#;
    let policy = compile(contract, source);
    let (evaluations, coverage) = cover(&policy, &Params::default(), &[request(&json!({ "x": "1.00" }))]);
    assert_eq!(evaluations[0].answer(), json!({ "r": "4.00" }));
    let missed: Vec<usize> = coverage.lines_missed().collect();
    assert_eq!(missed, [5, 8], "of {:?}", coverage.lines);
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
