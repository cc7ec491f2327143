//! Findings with their place, an excerpt and what to do.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::{Value as Json, json};
use zhupi_domain::{Diagnostic, Severity, Span};

use super::Style;

/// The most findings that are written out; of the others only the number is told.
const MOST: usize = 500;
/// The longest line of an excerpt, in bytes; longer ones are shown without excerpt.
const LONGEST_LINE: usize = 4_000;

/// Every finding as a person reads it, and how many there are; empty where there is none.
///
/// `files` are the pack's own; a finding in another file is shown without an excerpt.
pub fn findings(found: &[Diagnostic], files: &BTreeMap<String, String>, style: Style) -> String {
    let mut text = String::new();
    for finding in found.iter().take(MOST) {
        text.push_str(&one(finding, files, style));
        text.push_str("\n\n");
    }
    if !found.is_empty() {
        text.push_str(&summary(found, style));
        text.push('\n');
    }
    text
}

/// One finding as a person reads it.
pub fn one(finding: &Diagnostic, files: &BTreeMap<String, String>, style: Style) -> String {
    let renderer = if style.coloured { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    let source = files.get(&finding.file).map(String::as_str);
    let level = match finding.severity {
        Severity::Error => Level::ERROR.with_name(style.say("错误", "error")),
        Severity::Warning => Level::WARNING.with_name(style.say("警告", "warning")),
        Severity::Note => Level::NOTE.with_name(style.say("提示", "note")),
    };
    let title = level.primary_title(finding.message.get(style.locale)).id(finding.code);
    let excerpt = finding.span.zip(source).and_then(|(span, source)| Excerpt::of(span, source));
    let mut group = match &excerpt {
        Some(excerpt) => {
            let snippet = Snippet::source(excerpt.line).line_start(excerpt.number).path(finding.file.as_str());
            Group::with_title(title).element(snippet.annotation(AnnotationKind::Primary.span(excerpt.range.clone())))
        }
        None => Group::with_title(title).element(origin(finding, source)),
    };
    for hint in &finding.hints {
        let help = Level::HELP.with_name(style.say("建议", "help"));
        group = group.element(help.message(hint.get(style.locale)));
    }
    renderer.render(&[group])
}

/// The place without an excerpt.
fn origin<'a>(finding: &'a Diagnostic, source: Option<&str>) -> Origin<'a> {
    let path = if finding.file.is_empty() { "-" } else { finding.file.as_str() };
    match finding.span.zip(source).map(|(span, source)| span.line_column(source)) {
        Some((line, column)) => Origin::path(path).line(line).char_column(column),
        None => Origin::path(path),
    }
}

/// The line that a finding begins on.
struct Excerpt<'a> {
    line: &'a str,
    number: usize,
    range: Range<usize>,
}

impl<'a> Excerpt<'a> {
    /// What reaches beyond its first line is shown on that line only.
    fn of(span: Span, source: &'a str) -> Option<Self> {
        let start = boundary(source, span.start);
        let end = boundary(source, span.end).max(start);
        let line_start = source.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let line = source.get(line_start..)?.split(['\n', '\r']).next()?;
        let (from, to) = (start - line_start, (end - line_start).min(line.len()));
        let (number, _) = span.line_column(source);
        (line.len() <= LONGEST_LINE).then(|| Self {
            line,
            number,
            range: from.min(line.len())..to.max(from.min(line.len())),
        })
    }
}

/// The nearest start of a character at or before a byte.
fn boundary(source: &str, at: usize) -> usize {
    (0..=at.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0)
}

/// How many findings of each kind.
fn summary(found: &[Diagnostic], style: Style) -> String {
    let count = |severity| found.iter().filter(|finding| finding.severity == severity).count();
    let kinds = [
        (count(Severity::Error), "个错误", "error", "errors"),
        (count(Severity::Warning), "个警告", "warning", "warnings"),
        (count(Severity::Note), "个提示", "note", "notes"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, zh, one, more)| match style.locale {
            zhupi_domain::Locale::Zh => format!("{count} {zh}"),
            zhupi_domain::Locale::En => format!("{count} {}", if *count == 1 { one } else { more }),
        })
        .collect();
    let shown = found.len().min(MOST);
    let cut =
        if shown < found.len() { style.say("（只列出前面的）", " (only the first are listed)") } else { "" };
    format!("{}{cut}", parts.join(style.say("，", ", ")))
}

/// Every finding for machines: file, line, column (both from 1), code, severity, message and hints in both languages.
pub fn findings_json(found: &[Diagnostic], files: &BTreeMap<String, String>) -> Json {
    let one = |finding: &Diagnostic| {
        let source = files.get(&finding.file).map(String::as_str);
        let place = |at: usize| Span::new(at, at).line_column(source.unwrap_or_default());
        let (start, end) = match finding.span.filter(|_| source.is_some()) {
            Some(span) => (Some(place(span.start)), Some(place(span.end))),
            None => (None, None),
        };
        json!({
            "file": finding.file,
            "line": start.map(|(line, _)| line),
            "column": start.map(|(_, column)| column),
            "end_line": end.map(|(line, _)| line),
            "end_column": end.map(|(_, column)| column),
            "severity": finding.severity,
            "code": finding.code,
            "message": finding.message,
            "hints": finding.hints,
        })
    };
    found.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use zhupi_domain::{Locale, Text};

    use super::*;

    fn found() -> (Vec<Diagnostic>, BTreeMap<String, String>) {
        let source = "标题: 坏账\nsteps: []\n";
        let start = source.find("坏账").unwrap();
        let finding = Diagnostic::error("flow.x", Span::new(start, start + 6), Text::new("不对", "wrong"));
        let files = BTreeMap::from([("flows/x.yaml".to_owned(), source.to_owned())]);
        let nowhere = Diagnostic::note("pack.y", None, Text::new("无处", "nowhere")).in_file("z.pdf");
        (vec![finding.hint(Text::new("改", "mend it")).in_file("flows/x.yaml"), nowhere], files)
    }

    #[test]
    fn a_person_reads_place_excerpt_and_hint() {
        let (found, files) = found();
        let text = findings(&found, &files, Style::plain(Locale::Zh));
        assert!(text.contains("错误[flow.x]: 不对"), "{text}");
        assert!(text.contains("flows/x.yaml:1:5"), "{text}");
        assert!(text.contains("建议: 改"), "{text}");
        assert!(text.ends_with("1 个错误，1 个提示\n"), "{text}");
        assert!(findings(&found, &files, Style::plain(Locale::En)).contains("mend it"));
        assert_eq!(findings(&[], &files, Style::plain(Locale::Zh)), "");
    }

    #[test]
    fn a_machine_reads_lines_and_columns() {
        let (found, files) = found();
        let json = findings_json(&found, &files);
        assert_eq!((json[0]["line"].as_u64(), json[0]["column"].as_u64()), (Some(1), Some(5)));
        assert_eq!(json[0]["end_column"], 7);
        assert_eq!(json[1]["line"], Json::Null);
    }

    #[test]
    fn a_place_beyond_the_text_is_no_problem() {
        let files = BTreeMap::from([("a".to_owned(), "甲".to_owned())]);
        for span in [Span::new(1, 2), Span::new(99, 100), Span::new(3, 1)] {
            let finding = Diagnostic::error("x", span, Text::same("y")).in_file("a");
            assert!(findings(&[finding], &files, Style::plain(Locale::En)).contains("a:"));
        }
    }
}
