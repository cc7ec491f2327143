//! The outcome of cases as a person reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value as Json, json};
use zhupi_domain::Locale;

use super::{Style, finding, findings_json};
use crate::cases::{CaseResult, Coverage, Ratio, Report, Status};

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const DIM: &str = "\u{1b}[2m";
const RESET: &str = "\u{1b}[0m";

/// The most names that a line lists.
const MOST: usize = 12;

/// What failed and why, what was skipped, what nothing reaches, and the sums. `files` are the pack's own.
pub fn report(report: &Report, files: &BTreeMap<String, String>, style: Style) -> String {
    let mut text = String::new();
    for case in report.cases.iter().filter(|case| case.status == Status::Failed) {
        failed(&mut text, case, files, style);
    }
    let skipped: Vec<&CaseResult> = report.cases.iter().filter(|case| case.status == Status::Skipped).collect();
    if !skipped.is_empty() {
        let mut names: Vec<&str> = skipped.iter().map(|case| case.id.as_str()).collect();
        names.dedup();
        line(
            &mut text,
            style.say("未认领", "not claimed"),
            &listed(names.iter().map(|name| (*name).to_owned()), style),
        );
    }
    coverage(&mut text, &report.coverage, style);
    let summary = report.summary;
    let sums = match style.locale {
        Locale::Zh => format!("通过 {}，失败 {}，跳过 {}", summary.passed, summary.failed, summary.skipped),
        Locale::En => format!("{} passed, {} failed, {} skipped", summary.passed, summary.failed, summary.skipped),
    };
    let colour = if summary.failed == 0 { GREEN } else { RED };
    text.push_str(&painted(&sums, colour, style));
    text.push('\n');
    text
}

/// The same for machines, in one language; a script's fault with the place of it in `fault`.
pub fn report_json(report: &Report, files: &BTreeMap<String, String>, locale: Locale) -> Json {
    let cases = report.cases.iter().map(|case| {
        let mut told = json!({
            "id": case.id, "row": case.row, "status": case.status, "expected": case.expected, "actual": case.actual,
            "file": case.file,
        });
        let reason = case.reason.as_ref().map(|reason| Json::from(reason.get(locale)));
        let fault = case.fault.as_ref().map(|fault| findings_json(std::slice::from_ref(fault), files)[0].take());
        for (key, value) in [("reason", reason), ("fault", fault)] {
            if let (Some(members), Some(value)) = (told.as_object_mut(), value) {
                members.insert(key.to_owned(), value);
            }
        }
        told
    });
    json!({
        "summary": report.summary,
        "cases": cases.collect::<Vec<_>>(),
        "coverage": report.coverage,
        "diagnostics": findings_json(&report.diagnostics, files),
    })
}

fn failed(text: &mut String, case: &CaseResult, files: &BTreeMap<String, String>, style: Style) {
    let mark = painted(style.say("失败", "failed"), RED, style);
    let _written = writeln!(text, "{mark} {} #{}  {}", case.id, case.row, painted(&case.file, DIM, style));
    let reason = match (&case.fault, &case.reason) {
        (Some(fault), _) => finding(fault, files, style),
        (None, Some(reason)) => reason.get(style.locale).to_owned(),
        (None, None) => String::new(),
    };
    for line in reason.lines() {
        let _written = writeln!(text, "  {line}");
    }
    if !case.expected.is_null() {
        let _written = writeln!(text, "  {} {}", style.say("期望", "expected"), case.expected);
        let _written = writeln!(text, "  {} {}", style.say("实际", "actual  "), case.actual);
    }
}

fn coverage(text: &mut String, coverage: &Coverage, style: Style) {
    for (policy, reached) in &coverage.policies {
        ratio(text, &format!("{policy} {}", style.say("脚本行", "lines")), &reached.lines, style);
        ratio(text, &format!("{policy} {}", style.say("表格行", "table rows")), &reached.rows, style);
    }
    ratio(text, style.say("步骤", "steps"), &coverage.steps, style);
    ratio(text, style.say("分支", "branches"), &coverage.branches, style);
    ratio(text, style.say("操作", "operations"), &coverage.operations, style);
}

/// Only what is not reached is worth a line.
fn ratio(text: &mut String, name: &str, ratio: &Ratio, style: Style) {
    if !ratio.missed.is_empty() {
        let missed = listed(ratio.missed.iter().cloned(), style);
        let never = style.say("未覆盖", "not reached");
        line(text, name, &format!("{}/{}  {never}: {missed}", ratio.reached, ratio.all));
    }
}

fn line(text: &mut String, name: &str, value: &str) {
    let _written = writeln!(text, "{name}: {value}");
}

fn listed(names: impl Iterator<Item = String>, style: Style) -> String {
    let names: Vec<String> = names.collect();
    let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(style.say("、", ", "));
    if names.len() > MOST { format!("{shown} … ({})", names.len()) } else { shown }
}

fn painted(text: &str, colour: &str, style: Style) -> String {
    if style.coloured { format!("{colour}{text}{RESET}") } else { text.to_owned() }
}
