//! Cases are played on the real engine, policies and forms.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_domain::Locale;
use zhupi_pack::cases::{self, Report, Status};
use zhupi_pack::render::{Style, report as shown, report_json};
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
    let json = report_json(&report, &BTreeMap::new(), Locale::Zh);
    assert_eq!(json["summary"], serde_json::json!({ "passed": 10, "failed": 0, "skipped": 0 }));
    assert_eq!(json["cases"][0]["status"], "passed");
    assert_eq!(json["cases"][0]["id"], "DEDUCTION-01");
}

/// The good pack with another script, and what its cases give.
fn with_script(body: &str) -> (Report, BTreeMap<String, String>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good");
    let mut files = Pack::from_dir(&folder).unwrap();
    let script = files.get_mut("policies/credit/bad_debt_deduction.rhai").unwrap();
    let main = script.lines().find(|line| line.starts_with("fn main")).unwrap().to_owned();
    *script = format!("// 坏账扣减\n{main}\n    {body}\n}}\n");
    let checked = Pack::read(&files);
    let release = checked.release.unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    (cases::run(&release, &checked.seeds, &BTreeMap::new()), files)
}

#[test]
fn a_fault_of_a_script_is_told_with_its_place_and_line() {
    for (body, code, zh, column) in [
        ("1 / 0;", "policy-division", "除数为零", 7),
        ("loop { let x = 1; }", "policy-limit", "脚本运行步数过多", 5),
        ("fail(\"不行\")", "policy-fail", "政策报错：不行", 5),
        ("let list = [1]; list[7];", "policy-bounds", "列表只有 1 项，没有第 7 项", 26),
        ("let text = \"x\"; loop { text += text; }", "policy-limit", "脚本中的数据过大", 21),
    ] {
        let (report, files) = with_script(body);
        let case = report.cases.iter().find(|case| case.id == "DEDUCTION-01").unwrap();
        let fault = case.fault.as_ref().unwrap_or_else(|| panic!("{body}: {:?}", case.reason));
        assert_eq!((fault.code, fault.message.zh.as_str()), (code, zh), "{body}");
        let text = shown(&report, &files, Style::plain(Locale::Zh));
        let place = format!("policies/credit/bad_debt_deduction.rhai:3:{column}");
        assert!(
            text.contains(&place),
            "{body} should stand at {place}:\n{}",
            text.lines().take(9).collect::<Vec<_>>().join("\n")
        );
        assert!(text.contains(body), "the line itself is shown");
        for (locale, reason) in [(Locale::Zh, fault.message.zh.as_str()), (Locale::En, fault.message.get(Locale::En))] {
            let json = report_json(&report, &files, locale);
            let case = json["cases"].as_array().unwrap().iter().find(|case| case["id"] == "DEDUCTION-01").unwrap();
            assert_eq!(case["reason"], reason);
            assert_eq!(case["fault"]["line"], 3);
            assert_eq!(case["fault"]["column"], column);
            assert_eq!(case["fault"]["file"], "policies/credit/bad_debt_deduction.rhai");
        }
    }
}

#[test]
fn a_loop_without_a_body_is_told_with_its_place() {
    let (report, files) = with_script("loop { }");
    let text = shown(&report, &files, Style::plain(Locale::Zh));
    assert!(text.contains("脚本运行步数过多") && text.contains("bad_debt_deduction.rhai:3:5"), "{text}");
}

#[test]
fn a_flow_case_says_which_step_stopped_and_where() {
    let (report, _) = with_script("1 / 0;");
    let case = report.cases.iter().find(|case| case.status == Status::Failed && case.fault.is_none()).unwrap();
    let reason = &case.reason.as_ref().unwrap().zh;
    assert!(
        reason.contains("停下了：除数为零（policies/credit/bad_debt_deduction.rhai:3:7）"),
        "{}: {reason}",
        case.id
    );
}
