//! A good pack has no findings and becomes a release.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::path::Path;

use zhupi_pack::{Pack, Release};

fn good() -> std::collections::BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good");
    Pack::from_dir(&folder).unwrap()
}

#[test]
fn a_good_pack_has_no_findings() {
    let checked = Pack::read(&good());
    assert_eq!(checked.diagnostics, []);
    assert_eq!(checked.seeds.directory.people.len(), 5);
    assert!(checked.release.is_some());
}

#[test]
fn a_script_without_a_contract_is_a_library() {
    let mut files = good();
    let script = files.get_mut("policies/credit/bad_debt_deduction.rhai").unwrap();
    *script =
        script.replace("let deducted = cap(owed, commission);", "let deducted = common::least(owed, commission);");
    *script = format!("import \"credit/shared\" as common;\n{script}");
    files.insert("policies/credit/shared.rhai".into(), "fn least(a, b) { cap(a, b) }\n".into());
    let checked = Pack::read(&files);
    assert_eq!(checked.diagnostics, []);
    let report = zhupi_pack::cases::run(&checked.release.unwrap(), &checked.seeds, &Default::default());
    assert!(report.is_good(), "{:?}", report.summary);
}

#[test]
fn a_release_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&Pack::read(&good()).release.unwrap());
}

#[test]
fn a_release_is_named_by_its_content_and_comes_back_from_its_body() {
    let mut files = good();
    let release = Pack::read(&files).release.unwrap();
    let back = Release::from_body(release.body()).unwrap();
    assert_eq!(back.hash(), release.hash());
    assert_eq!(back.body(), release.body());

    files.insert("README.md".into(), "# notes".into());
    files.remove("people.csv");
    assert_eq!(Pack::read(&files).release.unwrap().hash(), release.hash(), "seeds and notes are no part of it");

    files.insert("params/more.yaml".into(), "params: {}\n".into());
    assert_ne!(Pack::read(&files).release.unwrap().hash(), release.hash());
}
