//! The example companies are whole: they check without an error, all their cases pass, and so do the golden cases they claim.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "companies/firm.rs"]
mod firm;
#[path = "companies/known.rs"]
mod known;
#[path = "companies/overdue.rs"]
mod overdue;
#[path = "companies/weeks.rs"]
mod weeks;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use known::{GOLDEN, NOTES, UNREACHED, WARNINGS};
use zhupi_domain::{Severity, Text};
use zhupi_forms::Form;
use zhupi_pack::cases::{self, Report, Status};
use zhupi_pack::{Checked, Pack, Release};
use zhupi_policies::{Class, Type};

/// The firms, and the library that they take work plans from: a pack as well, but without people.
const COMPANIES: [&str; 5] = ["hospital", "pharma", "logistics", "startup", "library/workplan"];
/// Those that `zhupi demo` plays.
const PLAYED: [&str; 3] = ["hospital", "logistics", "pharma"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(company: &str) -> BTreeMap<String, String> {
    Pack::from_dir(&root().join("companies").join(company)).unwrap()
}

fn checked(company: &str) -> Checked {
    Pack::read(&files(company))
}

fn release(company: &str) -> Release {
    checked(company).release.unwrap_or_else(|| panic!("{company} has errors:\n{}", findings(company)))
}

/// Every finding, one a line, with its place.
fn findings(company: &str) -> String {
    let files = files(company);
    let line = |finding: &zhupi_domain::Diagnostic| {
        let text = files.get(&finding.file).map(String::as_str).unwrap_or_default();
        let (line, column) = finding.span.map(|span| span.line_column(text)).unwrap_or_default();
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        format!("{severity} {} {}:{line}:{column} {}", finding.code, finding.file, finding.message.zh)
    };
    checked(company).diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The golden cases, by the name of their file.
fn golden() -> BTreeMap<String, String> {
    let yaml = |path: &Path| path.extension().is_some_and(|extension| extension == "yaml");
    let paths = std::fs::read_dir(root().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (format!("golden/{name}"), std::fs::read_to_string(path).unwrap())
    };
    paths.filter(|path| yaml(path)).map(read).collect()
}

fn report(company: &str) -> Report {
    cases::run(&release(company), &checked(company).seeds, &golden())
}

#[test]
fn every_company_checks_without_an_error() {
    for company in COMPANIES {
        let found = findings(company);
        assert!(!found.contains("error "), "{company}:\n{found}");
        assert!(checked(company).release.is_some(), "{company} makes no release");
    }
}

/// What the check says below an error: the code, the place as the file and what is named in it, without the line, which moves
/// with every remark; and how often it is said.
fn said(company: &str, severity: Severity) -> BTreeMap<String, usize> {
    let mut said = BTreeMap::new();
    for finding in checked(company).diagnostics.iter().filter(|finding| finding.severity == severity) {
        let name = finding.message.zh.split('`').nth(1).unwrap_or_default();
        *said.entry(format!("{} {} {name}", finding.code, finding.file).trim_end().to_owned()).or_default() += 1;
    }
    said
}

#[test]
fn what_the_checker_warns_of_is_what_the_authors_know() {
    let library = said("library/workplan", Severity::Warning);
    for (company, known) in WARNINGS {
        // What is said of a library's files is known there.
        let (lent, said): (BTreeMap<_, _>, BTreeMap<_, _>) =
            said(company, Severity::Warning).into_iter().partition(|(line, _)| line.contains(" library/"));
        for line in lent.into_keys() {
            let there = line.replace(" library/workplan/", " ");
            assert!(library.contains_key(&there), "{company}: {line} is not said of the library by itself");
        }
        let known = known.iter().map(|(line, times)| ((*line).to_owned(), *times)).collect();
        assert_eq!(said, known, "{company}");
    }
}

#[test]
fn no_reading_and_no_assumption_disappears_unseen() {
    for (company, known) in NOTES {
        let found = checked(company).diagnostics;
        let own = found.iter().filter(|finding| !finding.file.starts_with("library/"));
        let notes: Vec<_> = own.filter(|finding| finding.severity == Severity::Note).collect();
        for (code, times) in known {
            assert_eq!(notes.iter().filter(|note| note.code == code).count(), times, "{company}: {code}");
        }
        // A tier that pays more by a leap (T05) is how the clause has it, in both tables of the hospital's profit.
        let others: Vec<_> = notes.iter().filter(|note| known.iter().all(|(code, _)| note.code != *code)).collect();
        let leaps = if company == "hospital" { 2 } else { 0 };
        assert!(others.iter().all(|note| note.code == "T05"), "{company}: {others:?}");
        assert_eq!(others.len(), leaps, "{company}: {others:?}");
    }
}

#[test]
fn every_reading_has_a_clause_and_two_repairs_in_both_languages() {
    for company in COMPANIES {
        for finding in checked(company).diagnostics.iter().filter(|finding| finding.code.starts_with("reading.")) {
            let place = format!("{company} {}: {}", finding.file, finding.message.zh);
            let clause = finding.message.zh.split_once('（').and_then(|(_, rest)| rest.split_once("）："));
            assert!(clause.is_some_and(|(clause, what)| !clause.trim().is_empty() && !what.is_empty()), "{place}");
            let hints: Vec<_> =
                finding.hints.iter().flat_map(|hint| [Some(hint.zh.as_str()), hint.en.as_deref()]).collect();
            assert_eq!(hints.len(), 2, "{place}");
            for hint in hints {
                assert!(hint.is_some_and(|hint| hint.contains("1. ") && hint.contains("2. ")), "{place}: {hint:?}");
            }
            let (zh, en) = (&finding.message.zh, finding.message.en.as_deref().unwrap_or_default());
            let words = en.split_once("): ").map(|(_, words)| words).unwrap_or_default();
            // A reading may quote the rule, as in “numbered (四)”.
            assert!(
                words.contains(|letter: char| letter.is_ascii_lowercase()) && !zh.ends_with(words),
                "{place}: {en}"
            );
        }
    }
}

#[test]
fn every_case_passes_own_and_golden() {
    for company in COMPANIES {
        let report = report(company);
        let failed = report.cases.iter().filter(|case| case.status == Status::Failed).map(|case| {
            let reason = case.reason.as_ref().map(|reason| reason.zh.as_str()).unwrap_or_default();
            format!("{} row {}: {reason}\n  expected {}\n  actual   {}", case.id, case.row, case.expected, case.actual)
        });
        let failed: Vec<String> = failed.collect();
        assert!(failed.is_empty(), "{company}:\n{}", failed.join("\n"));
        assert!(report.is_good(), "{company}: {:?}", report.diagnostics);
    }
}

#[test]
fn the_golden_cases_that_a_company_claims_are_played() {
    let mut claimed = BTreeSet::new();
    for (company, known) in GOLDEN {
        let golden = report(company).cases.into_iter().filter(|case| case.file.starts_with("golden/"));
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        for case in golden.filter(|case| case.status == Status::Passed) {
            claimed.insert((case.id.clone(), case.row));
            *rows.entry(case.id).or_default() += 1;
        }
        let known = known.iter().map(|(id, rows)| ((*id).to_owned(), *rows)).collect();
        assert_eq!(rows, known, "{company}");
    }
    // What no pack claims is left over, and nothing is.
    let all = report("startup").cases.into_iter().filter(|case| case.file.starts_with("golden/"));
    let left: BTreeSet<_> = all.map(|case| (case.id, case.row)).filter(|case| !claimed.contains(case)).collect();
    assert!(left.is_empty(), "no pack answers {left:?}");
}

#[test]
fn cases_reach_every_line_of_a_script_every_row_step_and_branch() {
    let mut missed = BTreeSet::new();
    for company in COMPANIES {
        let coverage = report(company).coverage;
        for (policy, of) in &coverage.policies {
            missed.extend(of.lines.missed.iter().map(|line| format!("{policy} line {line}")));
            missed.extend(of.rows.missed.iter().map(|row| format!("{policy} row {row}")));
        }
        missed.extend(coverage.steps.missed.iter().map(|step| format!("{company} step {step}")));
        missed.extend(coverage.branches.missed.iter().map(|branch| format!("{company} branch {branch}")));
    }
    assert_eq!(missed, UNREACHED.map(str::to_owned).into());
}

#[test]
fn what_people_read_is_there_in_both_languages() {
    for company in COMPANIES {
        let release = release(company);
        let steps = release.flows().values().flat_map(|flow| {
            let titles = flow.walk().map(|(_, step)| step.title.clone()).collect::<Vec<_>>();
            titles.into_iter().chain([flow.title.clone(), flow.start_title.clone()])
        });
        let of = release.company();
        let roles = of.roles.values().map(|role| role.title.clone());
        let accounts =
            of.accounts.values().flat_map(|account| [Some(account.title.clone()), account.key_title.clone()]).flatten();
        let committees = of.committees.values().map(|committee| committee.title.clone());
        let policies = release.policies().values().filter_map(|policy| policy.contract().title.clone());
        let forms = release.forms().values().chain(release.facts().values()).flat_map(titles_of);
        for title in steps.chain(roles).chain(accounts).chain(committees).chain(policies).chain(forms) {
            assert!(is_english(&title), "{company}: `{}` has no English beside it", title.zh);
        }
    }
}

/// No Chinese in it; a dash or a curly quote is English, too.
fn is_english(text: &Text) -> bool {
    let chinese =
        |letter: char| ('\u{3000}'..='\u{9fff}').contains(&letter) || ('\u{ff00}'..='\u{ffef}').contains(&letter);
    text.en.as_deref().is_some_and(|en| !en.trim().is_empty() && !en.contains(chinese))
}

fn titles_of(form: &Form) -> Vec<Text> {
    form.all_fields().map(|field| field.title().clone()).chain(form.title().cloned()).collect()
}

#[test]
fn an_amount_that_is_made_of_pay_is_masked_like_pay() {
    for company in COMPANIES {
        for policy in release(company).policies().values() {
            let contract = policy.contract();
            let of_pay = contract.inputs.iter().any(|input| input.class == Class::Pay);
            for output in contract.outputs.iter().filter(|output| of_pay && output.field.ty == Type::Money) {
                assert_eq!(output.class, Class::Pay, "{company}: {} of {}", output.name(), contract.policy);
            }
        }
    }
}

#[test]
fn the_readme_introduces_everybody() {
    let readme = std::fs::read_to_string(root().join("companies/README.md")).unwrap();
    for company in COMPANIES {
        for (id, person) in &checked(company).seeds.directory.people {
            assert!(readme.contains(&format!("`{id}`")), "{company}: the README does not name `{id}`");
            assert!(readme.contains(&person.name), "{company}: the README does not name {}", person.name);
            assert_eq!(
                person.login.as_deref(),
                Some(id.as_str()),
                "{company}: the README says that a log-in is the id"
            );
        }
    }
}

/// That each act succeeds is for `zhupi demo` to see; that nobody is called by a wrong name is seen here, at once.
#[test]
fn the_demo_is_played_by_people_of_the_company() {
    for company in PLAYED {
        let path = root().join("companies").join(format!("{company}.demo.json"));
        let script: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let people = checked(company).seeds.directory.people;
        let list = |key: &str| script.get(key).and_then(|list| list.as_array()).unwrap().clone();
        let logins = list("logins").into_iter().map(|entry| entry.get("person").unwrap().clone());
        let actors = list("history").into_iter().map(|entry| entry.get("as").unwrap().clone());
        assert!(list("history").len() > 50, "{company} has no weeks of history");
        let begins = |entry: &serde_json::Value| {
            let (act, what) = entry.get("do").unwrap().as_object().unwrap().iter().next().unwrap();
            let begins = act == "submit" || act == "started";
            begins.then(|| what.get("flow").unwrap().as_str().unwrap().to_owned())
        };
        let shown: BTreeSet<String> = list("history").iter().filter_map(begins).collect();
        let flows = release(company).flows().keys().map(ToString::to_string).collect();
        assert_eq!(shown, flows, "{company}: the demo shows every flow");
        for person in logins.chain(actors) {
            let id = zhupi_domain::PersonId::new(person.as_str().unwrap());
            assert!(people.contains_key(&id), "{company}: the demo calls {id}, who is not in people.csv");
        }
    }
}
