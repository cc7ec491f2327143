//! Words that the language reserves: each answers "not yet supported" at its place, and nothing else is said because of it.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_pack::Pack;

const FLOW: &str = "flows/bad-debt.yaml";
const COMPANY: &str = "company.yaml";
const CONTRACT: &str = "policies/credit/bad_debt_deduction.yaml";
const FORM: &str = "forms/bad-debt.json";

fn good() -> BTreeMap<String, String> {
    let mut files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap();
    files.retain(|path, _| !path.starts_with("cases/"));
    files
}

/// Everything that is found: file, code and the text that is pointed at.
fn found(files: &BTreeMap<String, String>) -> Vec<(String, &'static str, String)> {
    let findings = Pack::read(files).diagnostics;
    let marked = |finding: &zhupi_domain::Diagnostic| {
        let span = finding.span.unwrap_or_default();
        files.get(&finding.file).and_then(|text| text.get(span.start..span.end)).unwrap_or_default().to_owned()
    };
    findings.iter().map(|finding| (finding.file.clone(), finding.code, marked(finding))).collect()
}

/// A text of the good pack replaced by another answers with one finding, at this word.
#[track_caller]
fn reserved(path: &str, before: &str, after: &str, word: &str) {
    let mut files = good();
    let text = files.get_mut(path).unwrap();
    assert_eq!(text.matches(before).count(), 1, "{path} has no one `{before}`");
    *text = text.replace(before, after);
    let found = found(&files);
    let [(file, code, marked)] = found.as_slice() else { panic!("`{word}` should be one finding: {found:#?}") };
    assert!(code.ends_with("not-yet-supported"), "{word}: {code}");
    assert_eq!((file.as_str(), marked.as_str()), (path, word));
}

/// A step of the good flow replaced by another block.
#[track_caller]
fn instead_of_a_step(block: &str, word: &str) {
    let step =
        "  - step: finance\n    title: 财务部账务处理\n    fill: { by: role:finance, form: finding, into: finding }\n";
    reserved(FLOW, step, &format!("  - {}\n", block.replace('\n', "\n    ")), word);
}

/// Something added to the step of the head of sales.
#[track_caller]
fn at_a_step(line: &str, word: &str) {
    reserved(FLOW, "    on_reject: end\n", &format!("    on_reject: end\n    {line}\n"), word);
}

#[test]
fn the_good_pack_has_nothing_to_say() {
    assert_eq!(found(&good()), []);
}

#[test]
fn blocks_to_come() {
    instead_of_a_step(
        "parallel: [ { steps: [ { step: finance, fill: { by: role:finance, form: finding, into: finding } } ] } ]",
        "parallel",
    );
    instead_of_a_step(
        "each: form.rows\nas: row\nsteps: [ { step: finance, fill: { by: role:finance, form: finding, into: finding } } ]",
        "each",
    );
    instead_of_a_step("step: finance\nflow: other\ninto: finding", "flow");
    instead_of_a_step(
        "step: finance\ntitle: 评议\nvote: { by: committee:market, pass: at-least 2/3, abstain: counts, minutes: required, into: finding }\ndue: 2 workdays\noverdue: [ { do: remind } ]",
        "vote",
    );
    instead_of_a_step("step: finance\ncall: { url: secret:erp, into: finding }", "call");
    instead_of_a_step("notify: { to: role:nobody }\ninto: finding", "notify");
    for word in ["post", "reserve", "release"] {
        instead_of_a_step(
            &format!("{word}: {{ account: debt, of: salesperson, amount: nothing.x }}\ninto: finding"),
            word,
        );
    }
}

#[test]
fn who_goes_back_into_a_block_to_come_is_not_blamed() {
    let mut files = good();
    let text = files.get_mut(FLOW).unwrap();
    *text = text.replace(
        "    approve: { by: role:general-manager }\n",
        "    approve: { by: role:general-manager }\n            on_reject: { return: advice }\n",
    );
    *text = text.replace(
        "  - choose:\n",
        "  - parallel: [ { steps: [ { step: advice, approve: { by: role:finance } } ] } ]\n  - choose:\n",
    );
    let found = found(&files);
    assert_eq!(found, [(FLOW.to_owned(), "pack.not-yet-supported", "parallel".to_owned())]);
}

#[test]
fn ways_to_start_to_come() {
    for (start, word) in [
        ("{ every: month, for: people, once: true }", "every"),
        ("{ when: \"fact:contract\" }", "when"),
        ("{ about: \"fact:score\", by: nobody, window: 30 days }", "about"),
    ] {
        reserved(FLOW, "[ { by: [ role:salesperson ] } ]", &format!("[ {{ by: role:salesperson }}, {start} ]"), word);
        reserved(FLOW, "[ { by: [ role:salesperson ] } ]", &format!("[ {start} ]"), word);
    }
}

#[test]
fn words_of_a_flow_to_come() {
    for line in ["check: credit.complete", "stop: { when: form.x }", "about: fact:x", "settings: { a: 1 }"] {
        let word = line.split(':').next().unwrap();
        reserved(FLOW, "on_twice: ask\n", &format!("on_twice: ask\n{line}\n"), word);
    }
}

#[test]
fn words_of_a_step_to_come() {
    for line in ["late: refuse", "check: credit.complete", "stop: { when: form.x }", "prefill: x.last", "every: 2 days"]
    {
        at_a_step(line, line.split(':').next().unwrap());
    }
    let people = "{ by: role:sales-head, decide: any, on_self: manager, on_empty: role:general-manager }";
    for word in [
        "sheet: own",
        "pass: at-least 2/3",
        "abstain: counts",
        "quorum: 3",
        "weights: x",
        "chair: x",
        "minutes: required",
    ] {
        reserved(FLOW, people, &people.replace("decide: any", word), word.split(':').next().unwrap());
    }
    reserved(FLOW, people, &people.replace("decide: any", "into: ruling"), "into");
    reserved(FLOW, "{ do: remind }", "{ do: remind, every: 1 workday }", "every");
    reserved(FLOW, "set: { customer", "replaces: form.x\n      set: { customer", "replaces");
}

#[test]
fn results_of_an_approval_to_come_are_not_unknown() {
    let mut files = good();
    let text = files.get_mut(FLOW).unwrap();
    *text = text.replace("decide: any", "into: ruling").replace("when: form.amount > 50000", "when: ruling.passed");
    assert_eq!(found(&files), [(FLOW.to_owned(), "pack.not-yet-supported", "into".to_owned())]);
}

#[test]
fn times_to_come() {
    reserved(FLOW, "due: 2 workdays", "due: { day: 25, of: this-month, at: \"16:00\", else: next-workday }", "day");
    reserved(FLOW, "due: 2 workdays", "due: 8 hours before form.day", "8 hours before form.day");
    reserved(FLOW, "after: 1 workday,", "after: { day: 25, of: this-month },", "day");
}

#[test]
fn people_to_come() {
    for selector in
        ["committee:market", "pool:finance", "chain:3", "decision:credit.who", "picked:initiator", "department:sales"]
    {
        reserved(
            FLOW,
            "visible: [ role:auditor, ",
            &format!("visible: [ \"{selector}\", "),
            &format!("\"{selector}\""),
        );
        reserved(FLOW, "{ by: role:sales-head,", &format!("{{ by: \"{selector}\","), &format!("\"{selector}\""));
    }
    reserved(FLOW, "form: finding, into", "form: finding, decide: all, into", "all");
    reserved(FLOW, "form: finding, into", "form: finding, decide: all, sheet: own, into", "sheet");
}

#[test]
fn results_of_many_to_come() {
    reserved(FLOW, "when: form.amount > 50000", "when: sum(scores[].amount) > 3", "sum(scores[].amount) > 3");
}

#[test]
fn words_of_the_company_to_come() {
    for line in [
        "committees: { market: { } }",
        "accounts: { debt: { per: person } }",
        "incompatible: [ [ finance, auditor ] ]",
        "use: [ library/workplan ]",
        "release: { approve: change }",
        "visible: [ role:auditor ]",
    ] {
        reserved(COMPANY, "settings: {}\n", &format!("{line}\n"), line.split(':').next().unwrap());
    }
    reserved(COMPANY, "settings: {}\n", "settings: { each: 2000 }\n", "each");
    for word in ["log", "files", "facts"] {
        reserved(
            COMPANY,
            "retention: { default: 10 years }",
            &format!("retention: {{ default: 10 years, {word}: 3 years }}"),
            word,
        );
    }
}

#[test]
fn words_of_contracts_and_forms_to_come() {
    reserved(
        CONTRACT,
        "carried_in: { type: money, default: \"0.00\" }",
        "carried_in: { type: money, from: \"balance:debt\" }",
        "\"balance:debt\"",
    );
    for line in ["check: x", "warnings: [ x ]", "use: [ library/x ]", "params: [ x ]"] {
        reserved(CONTRACT, "clause: D1 142\n", &format!("clause: D1 142\n{line}\n"), line.split(':').next().unwrap());
    }
    let mut files = good();
    let form = files.get_mut(FORM).unwrap();
    let at = form.find("\"title\": \"客户名称\"").unwrap_or_else(|| panic!("{form}"));
    form.insert_str(at, "\"x-lookup\": { \"fact\": \"customer\", \"key\": \"customer_no\", \"value\": \"name\" }, ");
    assert_eq!(found(&files), [(FORM.to_owned(), "not-yet-supported", "\"x-lookup\"".to_owned())]);
}

#[test]
fn files_to_come() {
    for path in ["runs/year-end.yaml", "templates/notice.html"] {
        let mut files = good();
        files.insert(path.to_owned(), "run: year-end\n".to_owned());
        assert_eq!(found(&files), [(path.to_owned(), "pack.not-yet-supported", String::new())]);
    }
}
