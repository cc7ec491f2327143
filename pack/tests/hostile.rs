//! Files that nobody means well with: refused in little time, and never a panic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use zhupi_domain::{Locale, Severity};
use zhupi_pack::render::{Style, findings, findings_json};
use zhupi_pack::{Folder, Pack, Release, cases};

fn good() -> BTreeMap<String, String> {
    Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap()
}

/// One file of each kind.
const KINDS: [&str; 11] = [
    "company.yaml",
    "people.csv",
    "departments.csv",
    "flows/bad-debt.yaml",
    "forms/bad-debt.json",
    "facts/bad-debt.json",
    "policies/credit/bad_debt_deduction.yaml",
    "policies/credit/bad_debt_deduction.rhai",
    "params/credit.yaml",
    "cases/bad-debt.yaml",
    "cases/bad-debt.map.yaml",
];

#[test]
fn hostile_texts_are_refused_in_every_kind_of_file() {
    let hostile = [
        "[".repeat(100_000),
        "{\"a\":".repeat(50_000),
        "{a: ".repeat(50_000),
        "- ".repeat(100_000),
        "(".repeat(60_000),
        "a: &a [*a]\n".to_owned(),
        "x".repeat(300_000),
        "\u{0}\u{1}\u{feff}".repeat(1_000),
        "\"".to_owned(),
        format!("flow: bad-debt\ntitle: {}\n", "坏".repeat(80_000)),
        (0..20_000).map(|n| format!("k{n}: {n}\n")).collect(),
        format!("steps: [{}]", "{choose: [{when: a, steps: [".repeat(2_000)),
    ];
    for path in KINDS {
        let started = Instant::now();
        for text in &hostile {
            let mut files = good();
            files.insert(path.to_owned(), text.clone());
            let checked = Pack::read(&files);
            assert!(checked.release.is_none(), "{path}: {}", &text.chars().take(20).collect::<String>());
            assert!(findings(&checked.diagnostics, &files, Style::plain(Locale::Zh)).len() < 2_000_000);
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{path}: {:?}", started.elapsed());
    }
}

#[test]
fn a_flow_of_many_steps_and_nested_choices_is_checked_in_time() {
    let step = |n: usize| format!("  - {{ step: s{n}, approve: {{ by: role:finance }} }}\n");
    let steps: String = (0..2_000).map(step).collect();
    let head = "flow: bad-debt\ntitle: 多步\nform: bad-debt\nstart: [ { by: anyone } ]\nsteps:\n";
    let mut files = good();
    files.retain(|path, _| !path.starts_with("cases/"));
    files.insert("flows/bad-debt.yaml".into(), format!("{head}{steps}"));
    let started = Instant::now();
    let checked = Pack::read(&files);
    assert!(checked.release.is_some(), "{:?}", checked.diagnostics.first());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[test]
fn too_many_or_too_large_files_are_one_finding() {
    let mut files = good();
    files.extend((0..5_000).map(|n| (format!("params/p{n}.yaml"), "params: {}".to_owned())));
    let codes: Vec<_> = Pack::read(&files).diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["pack.too-large"]);
}

#[test]
fn a_body_that_is_no_release_is_refused() {
    for body in ["", "{}", "[1]", "{\"company.yaml\": 1}", "{\"company.yaml\": \"x\"}"] {
        assert!(Release::from_body(body).is_err(), "{body}");
    }
}

/// The good pack in a folder of its own.
fn good_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in good() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What a check of a folder finds: file and code of every error.
fn errors(folder: &Path) -> Vec<(String, &'static str)> {
    let found = Pack::read_folder(&Folder::open(folder).unwrap()).diagnostics;
    let errors = found.into_iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| (finding.file, finding.code)).collect()
}

/// 坏账 in GB18030, as Notepad and Excel write it on a Chinese Windows.
const GB18030: [u8; 4] = [0xbb, 0xb5, 0xd5, 0xcb];

#[test]
fn a_file_in_another_encoding_is_one_finding_and_the_others_are_checked() {
    for kind in KINDS {
        let folder = good_folder();
        assert_eq!(errors(folder.path()), []);
        let path = folder.path().join(kind);
        std::fs::write(&path, [std::fs::read(&path).unwrap().as_slice(), b"\n# ", &GB18030].concat()).unwrap();
        assert_eq!(errors(folder.path()), [(kind.to_owned(), "pack.not-utf8")], "and nobody else is blamed");
        let company = folder.path().join("company.yaml");
        let text = std::fs::read_to_string(&company);
        if let Ok(text) = text {
            std::fs::write(&company, format!("{text}\ncurency: CNY\n")).unwrap();
            let both = errors(folder.path());
            assert!(both.contains(&("company.yaml".into(), "pack.unknown-key")), "{kind}: {both:?}");
            assert!(both.contains(&(kind.into(), "pack.not-utf8")), "{kind}: {both:?}");
        }
    }
    let folder = good_folder();
    std::fs::write(folder.path().join("params/more.yaml"), [b"params:\n\n# ".as_slice(), &GB18030].concat()).unwrap();
    let found = &Folder::open(folder.path()).unwrap().unread["params/more.yaml"];
    assert_eq!(found.message.zh, "文件不是 UTF-8 编码（第 3 行起），可能是 GBK/GB18030");
    assert!(found.hints[0].zh.contains("另存为 UTF-8"));
}

#[test]
fn a_file_that_is_far_too_large_is_named_with_the_limit() {
    let folder = good_folder();
    let file = std::fs::File::create(folder.path().join("people.csv")).unwrap();
    file.set_len(50 * 1024 * 1024).unwrap();
    assert_eq!(errors(folder.path()), [("people.csv".into(), "pack.too-large")]);
    let found = &Folder::open(folder.path()).unwrap().unread["people.csv"];
    assert_eq!(found.message.zh, "文件太大：50 MB；整个配置包最多 32 MB");
}

#[cfg(unix)]
#[test]
fn links_deep_folders_and_binary_files_are_findings() {
    let folder = good_folder();
    std::fs::write(folder.path().join("picture.png"), [0xff, 0xfe]).unwrap();
    assert_eq!(errors(folder.path()), [], "other files are only named");
    std::fs::remove_file(folder.path().join("people.csv")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("people.csv")).unwrap();
    assert_eq!(errors(folder.path()), [("people.csv".into(), "pack.link")]);
    std::fs::remove_file(folder.path().join("people.csv")).unwrap();
    std::fs::create_dir_all(folder.path().join("cases/1/2/3/4/5/6/7/8/9")).unwrap();
    assert_eq!(errors(folder.path()), [("cases/1/2/3/4/5/6/7/8".into(), "pack.too-deep")]);
}

/// A text with a piece cut out, doubled or replaced.
fn spoilt(text: &str, at: usize, length: usize, instead: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at % characters.len().max(1);
    let end = (at + length).min(characters.len());
    characters[..at].iter().chain(instead.chars().collect::<Vec<_>>().iter()).chain(&characters[end..]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_spoilt_file_makes_the_check_fail(
        kind in 0..KINDS.len(), at in any::<usize>(), length in 0usize..30, instead in "[ \\-:,\\[\\]{}\"'#&*!.a-c0-9甲\\n]{0,12}",
    ) {
        let mut files = good();
        let text = files[KINDS[kind]].clone();
        files.insert(KINDS[kind].to_owned(), spoilt(&text, at, length, &instead));
        let checked = Pack::read(&files);
        findings(&checked.diagnostics, &files, Style::plain(Locale::En));
        findings_json(&checked.diagnostics, &files);
        for finding in &checked.diagnostics {
            if let (Some(span), Some(text)) = (finding.span, files.get(&finding.file)) {
                prop_assert!(span.start <= span.end && span.end <= text.len(), "{finding:?}");
            }
        }
        if let Some(release) = checked.release {
            cases::run(&release, &checked.seeds, &BTreeMap::new());
            prop_assert_eq!(Release::from_body(release.body()).map(|back| back.hash()).ok(), Some(release.hash()));
        }
    }

    #[test]
    fn no_text_makes_the_check_fail(kind in 0..KINDS.len(), text in "\\PC{0,200}") {
        let mut files = good();
        files.insert(KINDS[kind].to_owned(), text);
        let checked = Pack::read(&files);
        prop_assert!(checked.release.is_none() || checked.diagnostics.iter().all(|d| d.severity != Severity::Error));
    }
}

fn company() -> zhupi_pack::Company {
    let release = Pack::read(&good()).release.unwrap();
    release.company().clone()
}

/// Reads people and departments, which must not take long however wrong they are.
#[track_caller]
fn seeds(people: &str, departments: &str) -> Vec<&'static str> {
    let company = company();
    let started = Instant::now();
    let (_, found) = zhupi_pack::seeds::read(Some(people), Some(departments), &company);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    found.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn as_many_wrong_rows_as_a_spreadsheet_may_have_are_told_in_time() {
    let head = "id,name,login,department,roles,manager\n";
    let row = |n: usize| format!("p{n},某人,p{n},d{n},role{n},nobody-{n}\n");
    let people: String = std::iter::once(head.to_owned()).chain((0..20_000).map(row)).collect();
    let row = |n: usize| format!("e{n},部门,f{n},x{n}\n");
    let departments: String = std::iter::once("id,name,parent,head\n".to_owned()).chain((0..5_000).map(row)).collect();
    let found = seeds(&people, &departments);
    assert_eq!(found.len(), 402, "200 of each file and that there are more");
    let chain: String = (1..20_000).map(|n| format!("p{n},某人,p{n},,,p{}\n", n - 1)).collect();
    assert_eq!(seeds(&format!("{head}p0,某人,p0,,,p19999\n{chain}"), "id,name\n"), ["csv.loop"]);
}

#[test]
fn a_spreadsheet_that_is_too_long_is_one_finding() {
    let people: String = (0..100_000).map(|n| format!("p{n},某人,nobody\n")).collect();
    assert_eq!(seeds(&format!("id,name,manager\n{people}"), "id,name\n"), ["csv.too-long"]);
    let departments: String = (0..50_000).map(|n| format!("d{n},部门\n")).collect();
    assert_eq!(seeds("id,name\n", &format!("id,name\n{departments}")), ["csv.too-long"]);
}
