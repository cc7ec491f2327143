//! How long files and lines may be, and which files must be there.

use super::{Finding, Tree, is_test};

const LINES_MAX: usize = 400;

/// Tests are read case by case, not from top to bottom.
const TEST_LINES_MAX: usize = 600;

/// For remarks; rustfmt keeps code within 120 columns and breaks no remarks.
const COLUMNS_MAX: usize = 130;

/// Files that may be longer, and how long. They may only shrink; an entry that is no longer needed is a finding.
const LONGER: &[(&str, usize)] = &[
    // A dictionary is looked up, not read: one file a language keeps its texts comparable.
    ("web/src/words/zh.ts", 900),
    ("web/src/words/en.ts", 900),
];

const REQUIRED: &[&str] = &[
    "LICENSE",
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/README.md",
];

pub fn check(path: &str, text: &str) -> Vec<Finding> {
    if !is_source(path) {
        return Vec::new();
    }
    let ordinary = if is_test(path) { TEST_LINES_MAX } else { LINES_MAX };
    let allowed = LONGER.iter().find(|(longer, _)| *longer == path).map_or(ordinary, |(_, lines)| *lines);
    let lines = text.lines().count();
    let too_long = (lines > allowed).then(|| {
        Finding::new(
            path,
            0,
            format!("{lines} lines, {allowed} are allowed"),
            "split it where it has two reasons to change",
        )
    });
    too_long.into_iter().chain(wide_lines(path, text)).collect()
}

fn wide_lines(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate().filter(|(_, line)| path.ends_with(".rs") && is_prose(line));
    lines
        .map(|(index, line)| (index + 1, line.chars().count()))
        .filter(|(_, columns)| *columns > COLUMNS_MAX)
        .map(|(number, columns)| {
            Finding::new(path, number, format!("remark of {columns} columns, {COLUMNS_MAX} are allowed"), "break it")
        })
        .collect()
}

/// A remark that can be broken; a row of a table cannot.
fn is_prose(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") && !line.trim_start_matches(['/', '!', ' ']).starts_with('|')
}

pub fn check_tree(tree: &Tree) -> Vec<Finding> {
    let missing = REQUIRED.iter().filter(|path| !tree.has(path)).map(|path| Finding::new(path, 0, "missing", "add it"));
    let needless = LONGER.iter().filter_map(|(path, _)| {
        let lines = tree.text(path)?.lines().count();
        (lines <= LINES_MAX)
            .then(|| Finding::new(path, 0, "no longer too long", "remove it from LONGER in xtask/src/tidy/files.rs"))
    });
    missing.chain(needless).collect()
}

fn is_source(path: &str) -> bool {
    [".rs", ".ts", ".tsx", ".mjs", ".css", ".sql"].iter().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_400_lines_and_one_of_tests_600() {
        assert!(check("a/src/b.rs", &"x\n".repeat(400)).is_empty());
        let found = check("a/src/b.rs", &"x\n".repeat(401));
        assert_eq!(
            found[0].to_string(),
            "a/src/b.rs: 401 lines, 400 are allowed — split it where it has two reasons to change"
        );
        assert!(check("docs/long.md", &"x\n".repeat(401)).is_empty());
        assert!(check("a/tests/b.rs", &"x\n".repeat(600)).is_empty());
        assert_eq!(check("a/tests/b.rs", &"x\n".repeat(601)).len(), 1);
    }

    #[test]
    fn a_listed_file_may_be_longer_but_the_list_may_not_be_stale() {
        let (path, allowed) = LONGER[0];
        assert!(check(path, &"x\n".repeat(allowed)).is_empty());
        assert_eq!(check(path, &"x\n".repeat(allowed + 1)).len(), 1);
        let found = check_tree(&Tree::of(&[(path, "short")]));
        assert!(found.iter().any(|finding| finding.path == path && finding.what.contains("no longer")));
    }

    #[test]
    fn columns_of_remarks_are_counted_as_characters() {
        assert!(check("a/src/b.rs", &format!("//{}", "朱".repeat(128))).is_empty());
        assert_eq!(check("a/src/b.rs", &format!("ok\n//{}", "朱".repeat(129)))[0].line, 2);
        assert!(check("a/src/b.rs", &format!("//! | a table | {} |", "x".repeat(200))).is_empty());
    }

    #[test]
    fn a_missing_license_is_found() {
        assert!(check_tree(&Tree::default()).iter().any(|finding| finding.path == "LICENSE"));
    }
}
