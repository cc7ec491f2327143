//! Broken packs: every mistake is named with its place and what to do, all of one pack in one run.
//!
//! Each file of `tests/broken/` changes the good pack: `=== path` begins a file, `--- path` takes one away. The good pack's
//! cases are left out, so that only what is broken on purpose speaks.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use zhupi_domain::{Diagnostic, Locale};
use zhupi_pack::render::{Style, findings};
use zhupi_pack::{Checked, Pack};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn good() -> BTreeMap<String, String> {
    let mut files = Pack::from_dir(&tests().join("good")).unwrap();
    files.retain(|path, _| !path.starts_with("cases/"));
    files
}

/// The good pack with the changes of one file.
fn broken(changes: &str) -> BTreeMap<String, String> {
    let mut files = good();
    let mut open: Option<String> = None;
    for line in changes.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("=== ") {
            let path = path.trim_end().to_owned();
            files.insert(path.clone(), String::new());
            open = Some(path);
        } else if let Some(path) = line.strip_prefix("--- ").filter(|_| open.is_none()) {
            files.remove(path.trim_end());
        } else if let Some(text) = open.as_ref().and_then(|path| files.get_mut(path)) {
            text.push_str(line);
        }
    }
    files
}

/// One finding: place, code, both languages, hints.
fn lines(finding: &Diagnostic, files: &BTreeMap<String, String>) -> String {
    let source = files.get(&finding.file).map(String::as_str).unwrap_or_default();
    let place = finding.span.map_or(String::new(), |span| {
        let (line, column) = span.line_column(source);
        format!(":{line}:{column}")
    });
    let marked = finding.span.and_then(|span| source.get(span.start..span.end)).unwrap_or_default();
    let marked: String = marked.lines().next().unwrap_or_default().chars().take(60).collect();
    let mut text = format!("{}{place} {:?} {} «{marked}»\n", finding.file, finding.severity, finding.code);
    let _written = writeln!(text, "    {}\n    {}", finding.message.zh, finding.message.get(Locale::En));
    for hint in &finding.hints {
        let _written = writeln!(text, "    → {} / {}", hint.zh, hint.get(Locale::En));
    }
    text
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let mut corpus: Vec<PathBuf> =
        fs::read_dir(tests().join("broken")).unwrap().map(|entry| entry.unwrap().path()).collect();
    corpus.sort();
    let mut mistakes = 0;
    for path in corpus {
        let files = broken(&fs::read_to_string(&path).unwrap());
        let Checked { diagnostics, .. } = Pack::read(&files);
        mistakes += diagnostics.len();
        let text: String = diagnostics.iter().map(|finding| lines(finding, &files)).collect();
        insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text);
    }
    assert!(mistakes >= 60, "{mistakes}");
}

#[test]
fn a_person_reads_findings_as_a_picture() {
    let files = broken(&fs::read_to_string(tests().join("broken/flow-head.txt")).unwrap());
    let found = Pack::read(&files).diagnostics;
    insta::assert_snapshot!("picture-zh", findings(&found, &files, Style::plain(Locale::Zh)));
    insta::assert_snapshot!("picture-en", findings(&found, &files, Style::plain(Locale::En)));
}
