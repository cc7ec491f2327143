//! Two releases beside each other: what is found in the data, what is looked up, and what the figures say.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::{Value, json};
use zhupi_domain::calendar::CalendarData;
use zhupi_domain::directory::Directory;
use zhupi_domain::{Diagnostics, Instant};
use zhupi_pack::pilot::{Comparison, Data, Outcome, Pair, Row, Source, compare, explain, freeze};
use zhupi_pack::{Pack, Release, World};

const POLICY: &str = "credit.bad_debt_deduction";
const PARAMS: &str = "params/credit.yaml";
const CONTRACT: &str = "policies/credit/bad_debt_deduction.yaml";
const SCRIPT: &str = "policies/credit/bad_debt_deduction.rhai";

fn release(changes: &[(&str, &str, &str)]) -> Release {
    let mut files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap();
    files.retain(|path, _| !path.starts_with("cases/") && !path.starts_with("flows/"));
    for (path, from, to) in changes {
        let text = files.entry((*path).to_owned()).or_default();
        assert!(from.is_empty() || text.contains(from), "{path} says `{from}`");
        *text = if from.is_empty() { (*to).to_owned() } else { text.replace(from, to) };
    }
    let checked = Pack::read(&files);
    checked.release.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

fn pair(changes: &[(&str, &str, &str)]) -> Pair {
    Pair::new(release(&[]), release(changes), POLICY).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rows_of(pair: &Pair, rows: Source, facts: &[(&str, &str)]) -> Result<Vec<Row>, Diagnostics> {
    let facts = facts.iter().map(|(kind, text)| ((*kind).to_owned(), Source::new(format!("{kind}.csv"), *text)));
    let calendar = pair.current.company().calendar(&CalendarData::default());
    let now = Instant::from_micros(1_772_589_600_000_000).unwrap();
    let world = World { directory: &Directory::default(), calendar: &calendar, now };
    freeze(pair, &Data { rows, facts: facts.collect() }, &world, day("2026-03-31"))
}

fn compared(pair: &Pair, csv: &str, facts: &[(&str, &str)]) -> Comparison {
    let rows = rows_of(pair, Source::new("rows.csv", csv), facts).unwrap_or_else(|found| panic!("{found:#?}"));
    compare(pair, &rows, || true).unwrap()
}

/// Code, line and column of what is wrong.
fn found(pair: &Pair, rows: Source, facts: &[(&str, &str)]) -> Vec<(String, &'static str, usize, usize)> {
    let texts: BTreeMap<String, String> =
        facts.iter().map(|(kind, text)| (format!("{kind}.csv"), (*text).to_owned())).collect();
    let place = |finding: zhupi_domain::Diagnostic| {
        let text = if finding.file == rows.file { &rows.text } else { &texts[&finding.file] };
        let (line, column) = finding.span.unwrap().line_column(text);
        assert!(finding.message.en.is_some(), "{finding:?}");
        (finding.file.clone(), finding.code, line, column)
    };
    rows_of(pair, rows.clone(), facts).unwrap_err().into_iter().map(place).collect()
}

fn csv(text: &str) -> Source {
    Source::new("rows.csv", text)
}

const HALF: (&str, &str, &str) = (PARAMS, "value: 0.30", "value: 0.50");

#[test]
fn a_changed_param_is_told_in_totals_and_by_payee() {
    let rows = "payee,commission,bad_debt,cause\n\
                li,5000.00,8000.00,handler_irresponsible\n\
                wang,5000.00,2000.00,handler_irresponsible\n\
                li,1000.00,100.00,handler_irresponsible\n\
                zhao,3000.00,9000.00,customer_bankrupt\n";
    let comparison = compared(&pair(&[HALF]), rows, &[]);
    let told = serde_json::to_value(&comparison).unwrap();
    let totals = told["totals"].as_array().unwrap();
    assert_eq!(
        totals.iter().map(|total| total["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["deducted", "commission_paid", "carried_forward"]
    );
    assert_eq!(
        ["current", "candidate", "difference"].map(|key| totals[0][key].as_str().unwrap()),
        ["3030.00", "5050.00", "2020.00"]
    );
    assert_eq!(["same", "more", "less"].map(|key| totals[0][key].as_u64().unwrap()), [1, 2, 0]);
    let payees: Vec<(&str, &Value)> =
        told["payees"].as_array().unwrap().iter().map(|payee| (payee["payee"].as_str().unwrap(), payee)).collect();
    assert_eq!(payees.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["li", "wang", "zhao"], "the largest first");
    assert_eq!(
        payees[0].1["amounts"]["deducted"],
        json!({ "current": "2430.00", "candidate": "4050.00", "difference": "1620.00" })
    );
    assert_eq!(payees[0].1["rows"], json!([1, 3]));
    assert_eq!((comparison.counts.evaluations, comparison.counts.payees, comparison.counts.left_out), (4, 3, 0));
    assert_eq!(told["rows"][3]["line"], 5);
    let again = serde_json::to_value(compared(&pair(&[HALF]), rows, &[])).unwrap();
    assert_eq!(told, again);
}

#[test]
fn facts_are_looked_up_by_subject_and_period_for_both_alike() {
    let rows = "payee,period,bad_debt,cause\nli,2026-03,8000.00,handler_irresponsible\nwang,2026-03,10.00,handler_irresponsible\n";
    let facts = "salesperson,month,amount\nli,2026-02,1.00\nli,2026-03,5000.00\n";
    let pair = pair(&[HALF]);
    let frozen = rows_of(&pair, csv(rows), &[("commission", facts)]).unwrap();
    assert_eq!(frozen[0].inputs["commission"], "5000.00");
    assert!(frozen[0].candidate.is_none(), "the same for both");
    assert!(!frozen[1].inputs.contains_key("commission"), "none was recorded: the contract's default");
    assert_eq!(frozen[0].on, day("2026-03-31"));
    let comparison = compare(&pair, &frozen, || true).unwrap();
    let li = comparison.payees.iter().find(|payee| payee.payee == "li").unwrap();
    assert_eq!(serde_json::to_value(li.amounts["commission_paid"]).unwrap()["current"], "2600.00");
}

#[test]
fn json_lines_say_the_same_as_a_spreadsheet() {
    let lines = r#"{"payee": "li", "commission": "5000.00", "bad_debt": "8000.00", "cause": "handler_irresponsible", "as_of": "2026-02-01"}"#;
    let pair = pair(&[HALF]);
    let rows = rows_of(&pair, Source::new("x.jsonl", lines), &[]).unwrap();
    let sheet = "payee,commission,bad_debt,cause,as_of\nli,5000.00,8000.00,handler_irresponsible,2026-02-01\n";
    assert_eq!(rows[0].inputs, rows_of(&pair, csv(sheet), &[]).unwrap()[0].inputs);
    assert_eq!(rows[0].on, day("2026-02-01"));
}

#[test]
fn everything_that_is_wrong_is_named_with_its_place() {
    let pair = pair(&[]);
    let commission = ("commission", "salesperson,month,amount\n");
    let rows = "payee,period,bad_debt,cuase\nli,2026-03,1.00,x\n";
    assert_eq!(
        found(&pair, csv(rows), &[commission]),
        [("rows.csv".to_owned(), "pilot.unknown-column", 1, 23), ("rows.csv".to_owned(), "pilot.missing-input", 1, 1),],
        "a mistyped column, and the input that it should have been"
    );
    let rows = "payee,period,bad_debt,cause,as_of\nli,2026-13,1.00,x,\nwang,2026-03,1.005,x,2026-3-1\nzhao,,1.00,x,\n";
    assert_eq!(
        found(&pair, csv(rows), &[commission]),
        [
            ("rows.csv".to_owned(), "pilot.input", 2, 4),
            ("rows.csv".to_owned(), "pilot.no-match", 2, 1),
            ("rows.csv".to_owned(), "pilot.input", 3, 22),
            ("rows.csv".to_owned(), "pilot.input", 3, 14),
            ("rows.csv".to_owned(), "pilot.no-match", 4, 1),
        ]
    );
    let bare = "payee,period,bad_debt,cause\nli,2026-03,1.00,x\n";
    assert_eq!(found(&pair, csv(bare), &[]), [("rows.csv".to_owned(), "pilot.missing-input", 1, 1)]);
    assert_eq!(found(&pair, csv("payee\n"), &[]), [("rows.csv".to_owned(), "pilot.empty", 1, 1)]);
    let wrong = ("commission", "salesperson,month,amount\nli,2026-03,12.345\n");
    assert_eq!(found(&pair, csv(bare), &[wrong])[0], ("commission.csv".to_owned(), "pilot.fact", 2, 12));
    assert_eq!(found(&pair, csv(bare), &[("comission", "a\n")])[0].1, "pilot.unknown-fact");
    let lines = Source::new("x.jsonl", "{\"bad_debt\": \"1.00\",\n");
    assert_eq!(found(&pair, lines, &[commission])[0].1, "pilot.json");
}

#[test]
fn a_row_that_one_release_cannot_answer_is_in_no_total() {
    let blank = (PARAMS, "value: 0.30", "value: blank");
    let rows = "payee,commission,bad_debt,cause,rate\nli,5000.00,8000.00,handler_irresponsible,\n\
                wang,5000.00,1000.00,handler_irresponsible,0.10\n";
    let comparison = compared(&pair(&[blank]), rows, &[]);
    assert_eq!((comparison.counts.incomplete.candidate, comparison.counts.left_out), (1, 1));
    let total = serde_json::to_value(&comparison.totals[0]).unwrap();
    assert_eq!(
        (&total["current"], &total["candidate"], &total["same"]),
        (&json!("100.00"), &json!("100.00"), &json!(1))
    );
    assert_eq!(comparison.rows[0].candidate.outcome, Outcome::Incomplete);
    let told = comparison.rows[0].candidate.why.as_ref().unwrap();
    assert!(told.zh.contains("bad-debt-rate"), "{told:?}");
    let li = comparison.payees.iter().find(|payee| payee.payee == "li").unwrap();
    assert_eq!((li.left_out, li.amounts.len()), (1, 0));
}

#[test]
fn a_refusal_gives_nothing_and_a_fault_is_told() {
    let refuses = [
        (
            CONTRACT,
            "control: [",
            "refusals: [ { code: too_small, text: { zh: 金额太小, en: Too small } } ]\ncontrol: [",
        ),
        (
            SCRIPT,
            "let owed",
            "if bad_debt < 500 { refuse(\"too_small\"); }\n    if bad_debt > 9000 { fail(\"too much\"); }\n    let owed",
        ),
    ];
    let rows = "payee,commission,bad_debt,cause\nli,5000.00,100.00,handler_irresponsible\nwang,5000.00,9500.00,handler_irresponsible\n";
    let comparison = compared(&pair(&refuses), rows, &[]);
    let counts = comparison.counts;
    assert_eq!(
        (counts.refused_in_one, counts.refused.candidate, counts.faults.candidate, counts.left_out),
        (1, 1, 1, 1)
    );
    let total = serde_json::to_value(&comparison.totals[0]).unwrap();
    assert_eq!((&total["current"], &total["candidate"], &total["less"]), (&json!("30.00"), &json!("0.00"), &json!(1)));
    assert_eq!(comparison.rows[0].candidate.why.as_ref().unwrap().zh, "金额太小");
}

#[test]
fn assumed_values_are_counted_and_marked() {
    let assumed = (PARAMS, "value: 0.30", "value: 0.30, status: assumed");
    let comparison =
        compared(&pair(&[assumed]), "commission,bad_debt,cause\n5000.00,8000.00,handler_irresponsible\n", &[]);
    assert_eq!((comparison.counts.assumed.current, comparison.counts.assumed.candidate), (0, 1));
    assert!(comparison.payees[0].assumed && comparison.payees[0].payee == "#1");
}

#[test]
fn a_new_input_of_the_candidate_is_a_column_that_only_it_reads() {
    let more = [
        (CONTRACT, "  cause: text", "  cause: text\n  rebate: money"),
        (SCRIPT, "carried_in)", "carried_in, rebate)"),
        (SCRIPT, "let owed = carried_in;", "let owed = carried_in + rebate;"),
    ];
    let pair = pair(&more);
    let rows = "payee,commission,bad_debt,cause,rebate\nli,5000.00,8000.00,customer_bankrupt,7.00\n";
    let frozen = rows_of(&pair, csv(rows), &[]).unwrap();
    assert!(!frozen[0].inputs.contains_key("rebate"));
    assert_eq!(frozen[0].candidate.as_ref().unwrap()["rebate"], "7.00");
    let without = "payee,commission,bad_debt,cause\nli,5000.00,8000.00,customer_bankrupt\n";
    assert_eq!(found(&pair, csv(without), &[]), [("rows.csv".to_owned(), "pilot.missing-input", 1, 1)]);
}

#[test]
fn a_payout_is_compared_by_its_lines() {
    const TEAM: &str = "policies/pay/team.yaml";
    const SHARE: &str = "policies/pay/team.rhai";
    let contract = "policy: pay.team\nkind: payout\nclause: D0 51\ninputs:\n  pool: money\n  team: [ { id: text, weight: rate } ]\n\
                    outputs:\n  total: money\ncontrol: [ sum(lines.amount) == total ]\n";
    let script = "fn main(pool, team) {\n    let amounts = split(pool, team.map(|person| person.weight));\n    let lines = [];\n    \
                  for (person, i) in team { lines.push(#{ payee: person.id, item: \"奖\", amount: amounts[i] }); }\n    \
                  #{ total: sum(lines, \"amount\"), lines: lines }\n}\n";
    let even = script.replace("team.map(|person| person.weight)", "team.len()");
    let old = release(&[(TEAM, "", contract), (SHARE, "", script)]);
    let new = release(&[(TEAM, "", contract), (SHARE, "", &even)]);
    let pair = Pair::new(old, new, "pay.team").unwrap();
    let rows = "pool,team\n100.00,\"[{\"\"id\"\": \"\"li\"\", \"\"weight\"\": \"\"0.75\"\"}, {\"\"id\"\": \"\"wang\"\", \"\"weight\"\": \"\"0.25\"\"}]\"\n";
    let comparison = compared(&pair, rows, &[]);
    let told = serde_json::to_value(&comparison).unwrap();
    assert_eq!(comparison.totals.len(), 1);
    assert_eq!((&told["totals"][0]["difference"], &told["totals"][0]["more"]), (&json!("0.00"), &json!(1)));
    assert_eq!(told["payees"][0]["amounts"]["lines"]["difference"], "-25.00");
    assert_eq!(told["rows"][0]["payees"], json!(["li", "wang"]));
}

#[test]
fn a_row_is_explained_under_both_releases() {
    let pair = pair(&[HALF]);
    let rows = rows_of(&pair, csv("payee,commission,bad_debt,cause\nli,5000.00,8000.00,handler_irresponsible\n"), &[])
        .unwrap();
    let explained = explain(&pair, &rows);
    let answers = explained[0].each_ref().map(|evaluation| evaluation.answer()["deducted"].clone());
    assert_eq!(answers, [json!("2400.00"), json!("4000.00")]);
    assert!(explained[0].iter().all(|evaluation| !evaluation.explanation.steps.is_empty()));
}

#[test]
fn it_ends_when_it_is_told_to_and_knows_which_release_lacks_the_policy() {
    let pair = pair(&[]);
    let rows = rows_of(&pair, csv("commission,bad_debt,cause\n1.00,1.00,x\n"), &[]).unwrap();
    assert_eq!(compare(&pair, &rows, || false), None);
    let missing = Pair::new(release(&[]), release(&[]), "credit.bad_debt").unwrap_err();
    assert_eq!((missing.in_candidate, missing.known), (false, vec![POLICY.to_owned()]));
}
