//! The house stands as `ARCHITECTURE.md` draws it: who may depend on whom, and what each room must never know.
//!
//! Absence cannot be seen in code, so it is tested. A finding names the place, the rule and the mend. The standard library
//! is enough for this, so that the test says what it says without the crates it judges.

mod arrows;
mod manifest;
mod rooms;
mod scan;
mod source;
mod web;

use std::path::{Path, PathBuf};

/// Something that is where it must not be.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    rule: String,
    mend: &'static str,
}

#[test]
fn crates_depend_only_along_the_arrows() {
    expect_none(arrows::check(&root()));
}

#[test]
fn no_room_knows_what_it_must_never_know() {
    expect_none(rooms::check(&root()));
}

#[test]
fn the_web_app_loads_nothing_from_elsewhere() {
    expect_none(web::check(&root()));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn expect_none(findings: Vec<Finding>) {
    let lines = findings.iter().map(|finding| {
        let Finding { path, line, rule, mend } = finding;
        format!("{path}:{line}: {rule}\n    mend: {mend}")
    });
    let lines: Vec<String> = lines.collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

/// The files below a folder whose names end in one of `endings`, relative to the root, sorted.
fn files(root: &Path, folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder)).into_iter().flatten().flatten() {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
