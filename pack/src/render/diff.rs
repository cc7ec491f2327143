//! The differences of two releases as a person reads them.

use std::fmt::Write as _;

use super::Style;
use crate::diff::{Diff, Kind};

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const RESET: &str = "\u{1b}[0m";

/// What changed, in words, then the files.
pub fn diff(diff: &Diff, style: Style) -> String {
    if diff.is_empty() {
        return format!("{}\n", style.say("没有不同", "no difference"));
    }
    let mut text = String::new();
    for change in &diff.changes {
        let _written = writeln!(text, "{} {}", mark(change.change, style), change.text.get(style.locale));
    }
    if diff.changes.is_empty() {
        let _written =
            writeln!(text, "{}", style.say("内容没有变化，只是写法不同", "nothing changes but how it is written"));
    }
    let _written = writeln!(text, "\n{}", style.say("文件", "files"));
    for file in &diff.files {
        let _written = writeln!(text, "{} {}", mark(file.change, style), file.path);
    }
    text
}

fn mark(kind: Kind, style: Style) -> String {
    let (mark, colour) = match kind {
        Kind::Added => ("+", GREEN),
        Kind::Removed => ("-", RED),
        Kind::Changed => ("~", YELLOW),
    };
    if style.coloured { format!("{colour}{mark}{RESET}") } else { mark.to_owned() }
}
