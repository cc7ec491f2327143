//! The example companies are whole: they check without an error, all their cases pass, and so do the golden cases they claim.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use zhupi_domain::{Severity, Text};
use zhupi_forms::Form;
use zhupi_pack::cases::{self, Report, Status};
use zhupi_pack::{Checked, Pack, Release};
use zhupi_policies::{Class, Type};

const COMPANIES: [&str; 2] = ["hospital", "pharma"];

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

#[test]
fn what_the_checker_warns_of_is_what_the_authors_know() {
    assert_eq!(findings("hospital"), "");
    // The rules leave this percentage blank; params/credit.yaml says what that means and what is taken since.
    let blank = "warning T08 params/credit.yaml:13:36 参数 `bad-debt-rate` 自 2020-01-01 起尚未填写";
    assert_eq!(findings("pharma"), blank);
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
    let passed = |company: &str| {
        let golden = report(company).cases.into_iter().filter(|case| case.file.starts_with("golden/"));
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        for case in golden.filter(|case| case.status == Status::Passed) {
            *rows.entry(case.id).or_default() += 1;
        }
        rows.into_iter().map(|(id, rows)| format!("{id} {rows}")).collect::<Vec<_>>()
    };
    assert_eq!(passed("hospital"), ["HOSP-SAL-01 1", "HOSP-SAL-02 3", "HOSP-SAL-03 2", "HOSP-SAL-04 3"]);
    assert_eq!(passed("pharma"), ["CRED-BAD-01 5", "CRED-BDR-01 4"]);
}

#[test]
fn cases_reach_every_line_of_a_script_every_row_step_and_branch() {
    for company in COMPANIES {
        let coverage = report(company).coverage;
        for (policy, of) in &coverage.policies {
            assert!(of.lines.missed.is_empty(), "{policy}: no case reaches lines {:?}", of.lines.missed);
            assert!(of.rows.missed.is_empty(), "{policy}: no case reaches rows {:?}", of.rows.missed);
        }
        assert!(coverage.steps.missed.is_empty(), "{company}: no case reaches {:?}", coverage.steps.missed);
        assert!(coverage.branches.missed.is_empty(), "{company}: no case takes {:?}", coverage.branches.missed);
    }
}

#[test]
fn what_people_read_is_there_in_both_languages() {
    let is_english = |text: &Text| text.en.as_deref().is_some_and(|en| en.is_ascii());
    for company in COMPANIES {
        let release = release(company);
        let steps = release.flows().values().flat_map(|flow| {
            let titles = flow.walk().map(|(_, step)| step.title.clone()).collect::<Vec<_>>();
            titles.into_iter().chain([flow.title.clone(), flow.start_title.clone()])
        });
        let roles = release.company().roles.values().map(|role| role.title.clone());
        let forms = release.forms().values().chain(release.facts().values()).flat_map(titles_of);
        for title in steps.chain(roles).chain(forms) {
            assert!(is_english(&title), "{company}: `{}` has no English beside it", title.zh);
        }
    }
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
        for (id, person) in &checked(company).seeds.people {
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
    for company in COMPANIES {
        let path = root().join("companies").join(format!("{company}.demo.json"));
        let script: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let people = checked(company).seeds.people;
        let list = |key: &str| script.get(key).and_then(|list| list.as_array()).unwrap().clone();
        let logins = list("logins").into_iter().map(|entry| entry.get("person").unwrap().clone());
        let actors = list("history").into_iter().map(|entry| entry.get("as").unwrap().clone());
        assert!(list("history").len() > 50, "{company} has no weeks of history");
        for person in logins.chain(actors) {
            let id = zhupi_domain::PersonId::new(person.as_str().unwrap());
            assert!(people.contains_key(&id), "{company}: the demo calls {id}, who is not in people.csv");
        }
    }
}
