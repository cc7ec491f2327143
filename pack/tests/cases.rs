//! Cases are played on the real engine, policies and forms.

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
        println!("{} {}: {:?}\n  expected {}\n  actual   {}", case.id, case.row, case.reason, case.expected, case.actual);
    }
    assert_eq!((report.summary.passed, report.summary.failed, report.summary.skipped), (10, 0, 0));
    assert!(report.is_good());
}
