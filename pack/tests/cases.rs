//! Cases are played on the real engine, policies and forms.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_pack::cases::{self, Report, Status};
use zhupi_pack::{Checked, Pack};

fn good() -> Checked {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good");
    Pack::read(&Pack::from_dir(&folder).unwrap())
}

fn run(more: &[(&str, &str)]) -> Report {
    let checked = good();
    let more: BTreeMap<String, String> = more.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
    cases::run(&checked.release.expect("a release"), &checked.seeds, &more)
}

#[test]
fn the_packs_own_cases_pass() {
    let report = run(&[]);
    for case in report.cases.iter().filter(|case| case.status != Status::Passed) {
        println!(
            "{} {}: {:?}\n  expected {}\n  actual   {}",
            case.id, case.row, case.reason, case.expected, case.actual
        );
    }
    assert_eq!((report.summary.passed, report.summary.failed, report.summary.skipped), (10, 0, 0));
    assert!(report.is_good());
}

const MORE: &str = r#"
cases:
  - id: CLAIMED
    company: pharma
    policy: credit.bad_debt_deduction
    inputs: { commission: "1.00", bad_debt: "1.00", rate: "0.50", cause: handler_irresponsible }
    expected: { deducted: "0.51", commission_paid: "0.50", carried_forward: "0.00" }
  - id: NO-POLICY
    policy: credit.bad_debt_reserve
    inputs: { x: 1 }
    expected: { y: 1 }
  - id: NOT-CLAIMED
    company: pharma
    policy: credit.other
    rows:
      - { inputs: { x: 1 }, expected: { y: 1 } }
      - { inputs: { x: 2 }, expected: { y: 2 } }
  - id: SPOILT
    policy: credit.bad_debt_deduction
    expected: { y: 1 }
"#;

#[test]
fn further_cases_count_where_the_pack_claims_them() {
    let report = run(&[("golden/more.yaml", MORE), ("golden/broken.yaml", "cases: [")]);
    let more: Vec<_> = report.cases.iter().filter(|case| case.file == "golden/more.yaml").collect();
    let seen: Vec<_> = more.iter().map(|case| (case.id.as_str(), case.row, case.status)).collect();
    assert_eq!(
        seen,
        [
            ("CLAIMED", 0, Status::Failed),
            ("NO-POLICY", 0, Status::Failed),
            ("NOT-CLAIMED", 0, Status::Skipped),
            ("NOT-CLAIMED", 1, Status::Skipped),
        ]
    );
    let reason = more[0].reason.as_ref().and_then(|reason| reason.en.as_deref());
    assert_eq!(reason, Some("deducted: expected \"0.51\", but it is \"0.50\""));
    let findings: Vec<_> = report.diagnostics.iter().map(|d| (d.file.as_str(), d.code)).collect();
    assert_eq!(findings, [("golden/broken.yaml", "yaml.syntax"), ("golden/more.yaml", "pack.missing-key")]);
    assert!(!report.is_good());
}

#[test]
fn a_report_tells_what_no_case_reaches() {
    let report = run(&[]);
    assert_eq!(report.coverage.steps.missed, [].into());
    assert_eq!(report.coverage.branches.missed, [].into());
    let policy = &report.coverage.policies["credit.bad_debt_deduction"];
    assert_eq!((policy.lines.reached, policy.lines.all), (policy.lines.all, policy.lines.all));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["summary"], serde_json::json!({ "passed": 10, "failed": 0, "skipped": 0 }));
    assert_eq!(json["cases"][0]["status"], "passed");
    assert_eq!(json["cases"][0]["id"], "DEDUCTION-01");
}
