//! Words that the language reserves: each answers "not yet supported" at its place, and nothing else is said because of it.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_pack::Pack;

const FLOW: &str = "flows/bad-debt.yaml";
const COMPANY: &str = "company.yaml";
const CONTRACT: &str = "policies/credit/bad_debt_deduction.yaml";

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
    instead_of_a_step("step: finance\nflow: other\ninto: finding", "flow");
    instead_of_a_step("step: finance\ncall: { url: secret:erp, into: finding }", "call");
    instead_of_a_step("notify: { to: role:nobody }\ninto: finding", "notify");
}

#[test]
fn who_goes_back_into_a_block_to_come_is_not_blamed() {
    let mut files = good();
    let text = files.get_mut(FLOW).unwrap();
    *text = text.replace(
        "    approve: { by: role:general-manager }\n",
        "    approve: { by: role:general-manager }\n            on_reject: { return: advice }\n",
    );
    *text = text.replace("  - choose:\n", "  - step: advice\n    flow: other\n  - choose:\n");
    let found = found(&files);
    assert_eq!(found, [(FLOW.to_owned(), "pack.not-yet-supported", "flow".to_owned())]);
}

#[test]
fn words_of_a_flow_to_come() {
    for line in ["about: fact:x", "settings: { a: 1 }"] {
        let word = line.split(':').next().unwrap();
        reserved(FLOW, "on_twice: ask\n", &format!("on_twice: ask\n{line}\n"), word);
    }
}

#[test]
fn words_of_a_step_to_come() {
    for line in ["stop: { when: form.x }", "prefill: x.last", "every: 2 days"] {
        at_a_step(line, line.split(':').next().unwrap());
    }
    reserved(FLOW, "{ do: remind }", "{ do: remind, every: 1 workday }", "every");
    reserved(FLOW, "set: { customer", "replaces: form.x\n      set: { customer", "replaces");
}

#[test]
fn people_to_come() {
    for selector in ["pool:finance", "chain:3", "decision:credit.who", "picked:initiator", "department:sales"] {
        reserved(
            FLOW,
            "visible: [ role:auditor, ",
            &format!("visible: [ \"{selector}\", "),
            &format!("\"{selector}\""),
        );
        reserved(FLOW, "{ by: role:sales-head,", &format!("{{ by: \"{selector}\","), &format!("\"{selector}\""));
    }
}

#[test]
fn words_of_the_company_to_come() {
    for line in ["release: { approve: change }", "visible: [ role:auditor ]"] {
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
fn words_of_contracts_to_come() {
    for line in ["check: x", "warnings: [ x ]", "use: [ library/x ]", "params: [ x ]"] {
        reserved(CONTRACT, "clause: D1 142\n", &format!("clause: D1 142\n{line}\n"), line.split(':').next().unwrap());
    }
}

#[test]
fn files_to_come() {
    for path in ["runs/year-end.yaml", "templates/notice.html"] {
        let mut files = good();
        files.insert(path.to_owned(), "run: year-end\n".to_owned());
        assert_eq!(found(&files), [(path.to_owned(), "pack.not-yet-supported", String::new())]);
    }
}
