//! What a pack takes from a library, and what it keeps for itself.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;
use zhupi_pack::cases::{self, Status};
use zhupi_pack::{Folder, Pack, Release};

const LIBRARY: &str = "library/scores";
const FIRM: &str = "company: firm\nname: 某公司\ntime_zone: Asia/Shanghai\nuse: [library/scores]\n";

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A library with one policy and one param, and a company beside it that uses it.
fn firms() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    write(
        root.path(),
        &[
            (
                "library/scores/company.yaml",
                "company: scores\nname: 考核\ntime_zone: Asia/Shanghai\ncases: [scores.*]\n",
            ),
            (
                "library/scores/policies/scores/late.yaml",
                "policy: scores.late\nkind: decision\ninputs:\n  times: { type: count }\n  fine: { type: money, from: \"param:late-fine\" }\n\
                 outputs:\n  amount: { type: money }\n",
            ),
            (
                "library/scores/policies/scores/late.rhai",
                "fn main(times, fine) {\n    #{ amount: yuan(fine * times) }\n}\n",
            ),
            (
                "library/scores/params/fines.yaml",
                "params:\n  late-fine: { type: money, values: [ { from: 2020-01-01, value: 50 } ] }\n",
            ),
            ("library/scores/people.csv", "id,name\nnobody,无\n"),
            ("firm/company.yaml", &format!("{FIRM}cases: [scores.*]\n")),
        ],
    );
    root
}

fn read(root: &Path) -> BTreeMap<String, String> {
    Pack::from_dir(&root.join("firm")).unwrap()
}

fn release(root: &Path) -> Release {
    let checked = Pack::read(&read(root));
    checked.release.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

/// What the golden case of a fine for two delays comes to.
fn fine(release: &Release) -> Status {
    let case = json!({ "cases": [{
        "id": "LATE-01", "title": "迟交两次", "policy": "scores.late", "company": "others",
        "inputs": { "times": 2 }, "expected": { "amount": "100.00" },
    }] });
    let golden = BTreeMap::from([("golden/late.yaml".to_owned(), case.to_string())]);
    let report = cases::run(release, &Default::default(), &golden);
    report.cases.first().unwrap().status
}

#[test]
fn a_library_counts_as_if_it_were_the_packs_own() {
    let firms = firms();
    let release = release(firms.path());
    assert!(release.policy("scores.late").is_some());
    assert_eq!(fine(&release), Status::Passed);
    assert_eq!(release.files().keys().filter(|path| path.starts_with(LIBRARY)).count(), 4, "people stay out");
}

/// They hold with its own params, which the pack may replace.
#[test]
fn what_a_library_claims_is_not_asked_of_who_uses_it() {
    let firms = firms();
    write(firms.path(), &[("firm/company.yaml", FIRM)]);
    assert_eq!(fine(&release(firms.path())), Status::Skipped);
    let alone = Pack::from_dir(&firms.path().join(LIBRARY)).unwrap();
    assert_eq!(fine(&Pack::read(&alone).release.unwrap()), Status::Passed);
}

#[test]
fn a_param_of_the_pack_replaces_the_librarys_of_that_name() {
    let firms = firms();
    let own = "params:\n  late-fine: { type: money, values: [ { from: 2020-01-01, value: 80 } ] }\n";
    write(firms.path(), &[("firm/params/ours.yaml", own)]);
    assert_eq!(fine(&release(firms.path())), Status::Failed, "80 each and not 50");
}

#[test]
fn a_release_holds_what_it_uses_whatever_becomes_of_the_library() {
    let firms = firms();
    let before = release(firms.path());
    let again = Release::from_body(before.body()).unwrap();
    assert_eq!(again.hash(), before.hash());
    assert_eq!(fine(&again), Status::Passed);
    write(
        firms.path(),
        &[(
            "library/scores/params/fines.yaml",
            "params:\n  late-fine: { type: money, values: [ { from: 2020-01-01, value: 80 } ] }\n",
        )],
    );
    assert_ne!(release(firms.path()).hash(), before.hash());
}

#[test]
fn findings_in_a_library_name_its_own_file_and_what_the_pack_leaves_unused_is_none() {
    let firms = firms();
    write(
        firms.path(),
        &[
            (
                "library/scores/policies/scores/late.rhai",
                "fn main(times, fine) {\n    #{ amount: yuan(fin * times) }\n}\n",
            ),
            (
                "library/scores/params/more.yaml",
                "params:\n  other: { type: money, values: [ { from: 2020-01-01, value: 1 } ] }\n",
            ),
        ],
    );
    let found = Pack::read(&read(firms.path())).diagnostics;
    let places: Vec<&str> = found.iter().map(|finding| finding.file.as_str()).collect();
    assert!(!places.is_empty());
    assert!(places.iter().all(|place| *place == "library/scores/policies/scores/late.rhai"), "{found:#?}");
}

#[test]
fn a_library_that_is_not_there_and_one_that_nobody_uses_are_told() {
    let firms = firms();
    let code = |text: &str| {
        write(firms.path(), &[("firm/company.yaml", text)]);
        let mut folder = Folder::open(&firms.path().join("firm")).unwrap();
        if !text.contains("use") {
            folder.files.insert(
                "library/scores/company.yaml".to_owned(),
                "company: scores\nname: 考核\ntime_zone: Asia/Shanghai\n".to_owned(),
            );
        }
        let found = Pack::read_folder(&folder).diagnostics;
        found.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let head = "company: firm\nname: 某公司\ntime_zone: Asia/Shanghai\n";
    assert_eq!(code(&format!("{head}use: [library/score]\n")), ["pack.unknown-library"]);
    assert_eq!(code(head), ["pack.unused-library"]);
}
