//! What an explanation tells, and what it hides.

use std::collections::BTreeSet;

use serde_json::json;
use zhupi_policies::{Binding, Explanation, Field, Input, Param, Params, Policy, Source, Step, What, evaluate};

use super::fixtures::*;
use crate::golden::support::*;

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
fn steps_inside_a_library_name_it_and_show_every_input() {
    let source = zhupi_policies::LibrarySource {
        file: "policies/half.rhai".into(),
        text: "\nfn half(x) { yuan(x / 2) }".into(),
    };
    let libraries = zhupi_policies::Libraries::compile(&[("half".to_owned(), source)].into()).expect("a library");
    let contract = contract("a.b", &[("x", "money"), ("z", "money")], &[("r", "money")], &[]);
    let script = "import \"half\" as lib;\nfn main(x, z) { #{ r: lib::half(x) + z - z } }";
    let policy = Policy::compile(contract, script, &libraries).expect("a policy");
    let explanation = run(&policy, &Params::default(), &json!({ "x": "3.00", "z": "1.00" })).explanation;
    let step = explanation.steps.iter().find(|step| matches!(step.what, What::Word { .. })).expect("a word");
    let shows: Vec<&str> = step.shows.iter().map(String::as_str).collect();
    assert_eq!((step.library.as_deref(), step.line, shows), (Some("half"), Some(2), vec!["x", "z"]));
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
fn what_people_call_an_answer_stands_for_it() {
    let mut contract = contract("a.b", &[("x", "money")], &[("why", "late|in_time")], &[]);
    contract.outputs[0].labels.insert("late".into(), zhupi_domain::Text::new("迟了", "Late"));
    let policy = compile(contract.clone(), r#"fn main(x) { #{ why: if x > 1 { "late" } else { "in_time" } } }"#);
    let said = |x: &str| {
        let inputs = on("2028-01-01", json!({ "x": x }));
        let text = evaluate(&policy, &rate_params(), &[inputs]).remove(0).explanation.sentences.remove(0).text;
        (text.zh.clone(), text.get(zhupi_domain::Locale::En).to_owned())
    };
    assert_eq!(said("2.00"), ("why：迟了，依据x 2.00。".into(), "why: Late, from x 2.00.".into()));
    assert_eq!(said("1.00").0, "why：in_time，依据x 1.00。", "what has no label shows itself");

    contract.outputs[0].labels.insert("later".into(), zhupi_domain::Text::same("?"));
    let refused = Policy::compile(contract, "fn main(x) { #{ why: \"late\" } }", &Default::default()).unwrap_err();
    assert_eq!(refused.into_iter().next().map(|finding| finding.code), Some("policy-contract"));
}

#[test]
fn what_people_call_a_value_stands_for_it() {
    let mut contract = contract("a.b", &[("cause", "careless|unknown"), ("x", "money")], &[("r", "money")], &[]);
    let label = zhupi_domain::Text::new("经办人不负责任", "Carelessness");
    contract.inputs[0].labels.insert("careless".into(), label.clone());
    let policy = compile(
        contract.clone(),
        r#"fn main(cause, x) { #{ r: if cause == "careless" { yuan(x) } else { yuan(0) } } }"#,
    );
    let said = |cause: &str| {
        let inputs = on("2028-01-01", json!({ "cause": cause, "x": "1.00" }));
        let explanation = evaluate(&policy, &rate_params(), &[inputs]).remove(0).explanation;
        let label = explanation.steps.iter().find_map(|step| match &step.what {
            What::Input { name, label, .. } if name == "cause" => label.clone(),
            _ => None,
        });
        (label, explanation.sentences[0].text.zh.clone())
    };
    assert_eq!(said("careless"), (Some(label.clone()), "r：1.00 元，依据cause 经办人不负责任、x 1.00。".into()));
    assert_eq!(
        said("unknown"),
        (None, "r：0.00 元，依据cause unknown、x 1.00。".into()),
        "what has no label shows itself"
    );

    contract.inputs[0].labels.insert("careles".into(), label);
    let refused = Policy::compile(contract, "fn main(cause, x) { #{ r: x } }", &Default::default())
        .expect_err("a slip of the pen");
    assert!(refused.iter().any(|found| found.message.zh.contains("careles")), "{refused:?}");
}

/// The params with every value assumed, and what the answer and the sentence about `r` then say.
fn assumed_params(given: &Params) -> Params {
    let assumed = |param: &Param| Param {
        values: param.values.iter().cloned().map(zhupi_policies::Dated::assumed).collect(),
        ..param.clone()
    };
    params(given.iter().map(assumed).collect())
}

#[test]
fn a_bound_value_that_is_assumed_says_so() {
    let evaluation =
        evaluate(&deduction(true), &rate_params(), &[on("2027-06-30", json!({ "bad_debt": "8000.00" }))]).remove(0);
    let text = &evaluation.explanation.sentences[0].text;
    assert_eq!(text.zh, "扣款：2400.00 元，依据坏账 8000.00、rate 0.30（D1 142，暂定）。");
    assert_eq!(
        text.en.as_deref(),
        Some("deduction: 2400.00 yuan, from bad debt 8000.00, rate 0.30 (D1 142, assumed).")
    );
    let decided =
        evaluate(&deduction(true), &rate_params(), &[on("2028-06-30", json!({ "bad_debt": "8000.00" }))]).remove(0);
    assert_eq!(decided.explanation.sentences[0].text.zh, "扣款：1600.00 元，依据坏账 8000.00、rate 0.20。");
}

#[test]
fn an_assumed_table_is_named_in_the_sentence_and_in_the_result() {
    let policy = compile(bonus_contract(), BONUS);
    let decided = run(&policy, &bonus_params(), &bonus("2000.01", "95"));
    assert!(decided.assumed.is_empty() && !decided.explanation.sentences[0].text.zh.contains("暂定"));

    let evaluation = run(&policy, &assumed_params(&bonus_params()), &bonus("2000.01", "95"));
    let named: Vec<(&str, bool)> =
        evaluation.assumed.iter().map(|one| (one.param.as_str(), one.gap.is_some())).collect();
    assert_eq!(named, [("grades", false), ("tiers", false)], "the whole tables, and no gap of theirs");
    let said = &evaluation.explanation.sentences[0].text.zh;
    assert!(said.contains("（1000元以上） 10%（D9 1000，暂定）"), "{said}");
    assert!(said.contains("grades 第 1 行（90分以上）") && said.matches("暂定").count() == 3, "{said}");

    // A table of which no row is named, and one that arrives as the rows of an input.
    let rows = record(&[("from", "score"), ("grade", "text")]).list();
    let input = Input::of(Field::new(name("rows"), rows)).from(Binding::parse("param:grades", None).expect("bound"));
    let contract = contract("a.b", &[("score", "score")], &[("r", "text")], &[]).input(input);
    let policy = compile(contract, "fn main(score, rows) { #{ r: grade(score, rows).grade } }");
    let evaluation = run(&policy, &assumed_params(&bonus_params()), &json!({ "score": "95" }));
    assert_eq!(evaluation.explanation.sentences[0].text.zh, "r：A，依据score 95；grades（D0 44，暂定）。");
    assert_eq!(evaluation.assumed.len(), 1);
}

#[test]
fn a_gap_in_an_assumed_table_is_named_beside_the_table() {
    let mut all: Vec<Param> = assumed_params(&bonus_params()).iter().cloned().collect();
    let tiers = all.iter_mut().find(|param| param.name.as_str() == "tiers").expect("the tiers");
    let zhupi_policies::ParamValue::Table(zhupi_policies::Table::Tiers(table)) = &mut tiers.values[0].value else {
        panic!("a table of tiers")
    };
    table.rows[1].from = d("3000");
    table.gaps.push(zhupi_policies::DecidedGap {
        from: d("1000"),
        to: Some(d("2999.99")),
        takes: zhupi_policies::Neighbour::Lower,
        by: "张某".into(),
        on: day("2026-01-01"),
        span: None,
    });
    let policy = compile(bonus_contract(), BONUS);
    let evaluation = run(&policy, &params(all), &bonus("2000.00", "95"));
    let of_tiers = evaluation.assumed.iter().filter(|one| one.param.as_str() == "tiers");
    assert_eq!(of_tiers.map(|one| one.gap.is_some()).collect::<Vec<_>>(), [false, true]);
}
