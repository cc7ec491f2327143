//! Findings about what an author wrote: the place, what is wrong, and what to do about it.

use std::fmt;

use serde::Serialize;

use crate::Text;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to change.
    Note,
    /// May be meant; a person should look. A release with warnings can be deployed.
    Warning,
    /// Must be mended before a release can be made.
    Error,
}

/// A range of bytes in one source text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The same range in a text that begins `offset` bytes into a larger one.
    pub fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }

    /// Line and column of the start, both from 1; columns count characters, as editors do.
    pub fn line_column(&self, source: &str) -> (usize, usize) {
        let start = (0..=self.start.min(source.len())).rev().find(|&i| source.is_char_boundary(i)).unwrap_or(0);
        let before = &source[..start];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// One finding in one source text.
///
/// `code` is stable, so that tests, documents and screens can speak of the same finding in every language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub code: &'static str,
    pub severity: Severity,
    /// The file's path inside the pack; empty while a reader only sees its text.
    pub file: String,
    /// Where in the file; none when the whole file is meant.
    pub span: Option<Span>,
    pub message: Text,
    /// What the author can do; more than one where there are several ways.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Text>,
}

impl Diagnostic {
    pub fn error(code: &'static str, span: impl Into<Option<Span>>, message: Text) -> Self {
        Self { code, severity: Severity::Error, file: String::new(), span: span.into(), message, hints: Vec::new() }
    }

    pub fn warning(code: &'static str, span: impl Into<Option<Span>>, message: Text) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    pub fn note(code: &'static str, span: impl Into<Option<Span>>, message: Text) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, span, message) }
    }

    /// Adds one thing that the author can do.
    pub fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }

    /// Says in which file of the pack it is.
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// Moves it to where its text begins inside a larger one.
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.map(|span| span.shifted(offset));
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.file, self.message.zh, self.code)
    }
}

/// All findings of one reading.
pub type Diagnostics = Vec<Diagnostic>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_not_bytes() {
        let source = "甲: 1\n乙乙: x\n";
        let x = source.find('x').unwrap_or_default();
        assert_eq!(Span::new(x, x + 1).line_column(source), (2, 5));
        assert_eq!(Span::new(0, 0).line_column(source), (1, 1));
        assert_eq!(Span::new(1, 1).line_column(source), (1, 1), "inside a character");
        assert_eq!(Span::new(999, 999).line_column(source), (3, 1), "past the end");
    }
}
