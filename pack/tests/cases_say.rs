//! What cases can say, and what a check takes from conditions, over the good pack with a little more in it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_pack::cases::{self, Status};
use zhupi_pack::{Checked, Pack};

fn files() -> BTreeMap<String, String> {
    Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap()
}

fn with(more: &[(&str, &str)]) -> Checked {
    let mut files = files();
    let company = files.get_mut("company.yaml").unwrap();
    company.push_str("accounts:\n  budget: { title: 预算 }\n");
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    Pack::read(&files)
}

/// What became of the cases of a text, with what is said of them.
#[track_caller]
fn outcome(more: &[(&str, &str)], text: &str) -> Vec<(String, Status, String)> {
    let checked = with(&[more, &[("cases/more.yaml", text)]].concat());
    let release = checked.release.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let report = cases::run(&release, &checked.seeds, &BTreeMap::new());
    let mine = report.cases.into_iter().filter(|case| case.file == "cases/more.yaml");
    mine.map(|case| (case.id, case.status, case.reason.map(|reason| reason.zh).unwrap_or_default())).collect()
}

const SUBMIT: &str = "{ as: li, period: \"2026-03\", submit: { customer_name: 甲, customer_no: K-0017, amount: \"100.00\", facts: 停业 } }";

/// Another debt is recorded, and starts nothing.
const ARRIVES: &str =
    "      - { arrives: { bad-debt: { customer: K-0018, amount: \"2.00\" } }, refused: nothing_starts }\n";

fn case(body: &str) -> String {
    format!("cases:\n  - id: X\n    flow: bad-debt\n    people: pack\n    clock: 2026-03-02T09:00\n{body}")
}

#[test]
fn a_param_that_is_blank_everywhere_can_be_given_by_a_case() {
    let blank = "params:\n  bonus: { type: rate, values: [ { from: 2020-01-01, value: blank } ] }\n";
    let given =
        case(&format!("    params: {{ bonus: \"0.10\" }}\n    do: [ {SUBMIT} ]\n    expect: {{ status: running }}\n"));
    assert_eq!(outcome(&[("params/bonus.yaml", blank)], &given), [("X".into(), Status::Passed, String::new())]);
}

#[test]
fn somebody_may_leave_before_anything_was_submitted() {
    let left = case(&format!(
        "    do:\n      - {{ leaves: zhao }}\n      - {SUBMIT}\n    expect: {{ open: {{ sales-head: [ gm ] }} }}\n"
    ));
    assert_eq!(outcome(&[], &left), [("X".into(), Status::Passed, String::new())]);
}

#[test]
fn what_is_not_there_is_nothing() {
    let none = case(&format!(
        "    balances: {{ budget: {{ a: \"5.00\" }} }}\n    do: [ {SUBMIT} ]\n    expect: {{ facts: {{ bad-debt: [] }}, \
         balances: {{ budget: {{ a: {{ posted: \"5.00\", reserved: \"0.00\" }} }} }} }}\n"
    ));
    assert_eq!(outcome(&[], &none), [("X".into(), Status::Passed, String::new())]);
    let some = case(&format!(
        "    facts: {{ bad-debt: [ {{ customer: K-0017, amount: \"1.00\", carried: \"0.00\" }} ] }}\n    do: [ {SUBMIT} ]\n\
         \x20   expect: {{ facts: {{ bad-debt: [] }} }}\n"
    ));
    assert_eq!(outcome(&[], &some)[0].1, Status::Failed, "none is not some");
}

/// The good pack's flow, which may be started about a bad debt for two working days after it was recorded.
fn about() -> String {
    let start = "start: [ { by: [ role:salesperson ] } ]\n";
    let flow = files()["flows/bad-debt.yaml"].clone();
    assert!(flow.contains(start));
    let about = "  - { about: fact:bad-debt, by: [ role:salesperson ], within: 2 workdays, form: { customer_no: item.customer } }\n";
    flow.replace(start, &format!("start:\n  - by: [ role:salesperson ]\n{about}"))
}

/// What becomes of a request about the debt of a customer, after what happened before.
#[track_caller]
fn started_about(customer: &str, before: &str, refused: &str) -> (Status, String) {
    let body = format!(
        "    facts: {{ bad-debt: [ {{ customer: K-0017, amount: \"1.00\" }} ] }}\n    do:\n{before}      - {{ as: li, period: \"2026-03\", \
         submit: {{ customer_name: 甲, amount: \"100.00\", facts: 停业 }}, about: {{ bad-debt: {{ customer: {customer} }} }}{refused} }}\n"
    );
    let (_, status, reason) = outcome(&[("flows/bad-debt.yaml", &about())], &case(&body)).remove(0);
    (status, reason)
}

#[test]
fn the_time_to_start_about_a_record_counts_from_when_it_was_recorded() {
    let passed = (Status::Passed, String::new());
    let refused = ", refused: may_not_start";
    // What the case begins with was recorded on Monday, 2 March, at nine.
    assert_eq!(started_about("K-0017", "", ""), passed);
    assert_eq!(started_about("K-0017", "      - { clock: +2 workdays }\n", ""), passed, "at the last moment");
    assert_eq!(
        started_about("K-0017", "      - { clock: 2026-03-05T09:00 }\n", refused),
        passed,
        "on Thursday it is over"
    );
    let recorded = format!("      - {{ clock: 2026-03-05T09:00 }}\n{ARRIVES}");
    assert_eq!(started_about("K-0018", &recorded, ""), passed, "what came on Thursday");
    assert_eq!(started_about("K-0017", &recorded, refused), passed, "gives no time to what was there");
    let later = format!("{recorded}      - {{ clock: 2026-03-10T09:00 }}\n");
    assert_eq!(started_about("K-0018", &later, refused), passed, "and has an end of its own");
}

/// Codes of what is found in the flow with these steps behind an approval that only some requests have.
fn found(conditions: &str) -> Vec<&'static str> {
    let flow = files()["flows/bad-debt.yaml"].clone();
    let (head, _) = flow.split_once("steps:\n").unwrap();
    let ruling = "steps:\n  - choose:\n      - when: form.amount > 50000\n        steps:\n          \
                  - step: ruled\n            title: 裁定\n            approve: { by: role:general-manager, into: ruling }\n      \
                  - otherwise: []\n";
    let flow = format!("{head}{ruling}{conditions}  - archive: {{ copies: [ 存档 ] }}\n");
    let checked = with(&[("flows/bad-debt.yaml", &flow)]);
    let here = checked.diagnostics.iter().filter(|found| found.file == "flows/bad-debt.yaml");
    here.map(|found| found.code).filter(|code| code.starts_with("flow.")).collect()
}

#[test]
fn who_comes_to_a_branch_knows_what_its_conditions_say() {
    let choose = |branches: &str| format!("  - choose:\n{branches}      - otherwise: []\n");
    let step = "        steps: [ { choose: [ { when: ruling.passed, steps: [] }, { otherwise: [] } ] } ]\n";
    assert_eq!(found(&choose("      - when: ruling.passed\n        steps: []\n")), ["flow.maybe-missing"]);
    let after_not =
        "      - when: not has(ruling)\n        steps: []\n      - when: ruling.passed\n        steps: []\n";
    assert_eq!(found(&choose(after_not)), [""; 0]);
    assert_eq!(found(&choose(&format!("      - when: has(ruling) and form.amount > 1\n{step}"))), [""; 0]);
    assert_eq!(
        found(&choose(&format!("      - when: has(ruling) or form.amount > 1\n{step}"))),
        ["flow.maybe-missing"]
    );
    let after_has = format!("      - when: has(ruling)\n        steps: []\n      - when: form.amount > 1\n{step}");
    assert_eq!(found(&choose(&after_has)), ["flow.maybe-missing"], "who comes here has none");
}
