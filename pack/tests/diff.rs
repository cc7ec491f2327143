//! What a new release changes, in words.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_domain::Locale;
use zhupi_pack::render::{Style, diff};
use zhupi_pack::{Diff, Pack, Release};

fn files() -> BTreeMap<String, String> {
    Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap()
}

fn release(files: &BTreeMap<String, String>) -> Release {
    let checked = Pack::read(files);
    checked.release.unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

/// The good pack with some texts replaced.
fn changed(changes: &[(&str, &str, &str)]) -> Release {
    let mut files = files();
    for (path, from, to) in changes {
        let text = files.get_mut(*path).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        *text = text.replace(from, to);
    }
    release(&files)
}

#[test]
fn every_change_is_told_in_words() {
    let old = release(&files());
    let new = changed(&[
        ("flows/bad-debt.yaml", "due: 2 workdays", "due: 3 workdays"),
        ("flows/bad-debt.yaml", "form.amount > 50000", "form.amount > 80000"),
        ("flows/bad-debt.yaml", "visible: [ role:auditor, head-of:initiator ]", "visible: [ role:auditor ]"),
        ("flows/bad-debt.yaml", "step: deduction", "step: deducting"),
        (
            "params/credit.yaml",
            "value: 0.30 }",
            "value: 0.30 }\n      - { from: 2027-01-01, value: 0.25, status: assumed }",
        ),
        ("forms/finding.json", "\"customer_bankrupt\"", "\"customer_bankrupt\", \"unknown\""),
        ("company.yaml", "can: [audit]", "can: [audit, incidents]"),
        ("policies/credit/bad_debt_deduction.yaml", "default: \"0.00\" }\noutputs", "default: \"1.00\" }\noutputs"),
        (
            "cases/bad-debt.yaml",
            "passed: [start, sales-head, finance, deduction,",
            "passed: [start, sales-head, finance, deducting,",
        ),
        ("cases/bad-debt.yaml", "retry: deduction", "retry: deducting"),
    ]);
    let changes = Diff::between(Some(&old), &new);
    insta::assert_snapshot!("words-zh", diff(&changes, Style::plain(Locale::Zh)));
    insta::assert_snapshot!("words-en", diff(&changes, Style::plain(Locale::En)));
}

#[test]
fn the_same_content_has_no_difference() {
    let old = release(&files());
    assert!(Diff::between(Some(&old), &release(&files())).is_empty());
    let spaced = changed(&[("params/credit.yaml", "params:\n", "params: # 参数\n")]);
    let changes = Diff::between(Some(&old), &spaced);
    assert_eq!((changes.files.len(), changes.changes.len()), (1, 0), "only how it is written");
    assert_ne!(old.hash(), spaced.hash());
}

#[test]
fn a_first_release_is_all_new() {
    let new = release(&files());
    let changes = Diff::between(None, &new);
    assert_eq!(changes.files.len(), new.files().len());
    assert!(changes.changes.iter().all(|change| change.change == zhupi_pack::diff::Kind::Added));
}
