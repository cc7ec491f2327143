//! A finding with its place in a text that its reader has at hand: a sheet to be imported, a file of a pack.

use zhupi_domain::{Diagnostic, Locale, Severity, Text};

use crate::AppError;

/// One mistake or warning, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub finding: Diagnostic,
    /// Line of the file and column of the line, both from 1; none where the whole file is meant.
    pub at: Option<(usize, usize)>,
}

/// The warnings of a sheet that can be imported; of one that cannot, what is to be mended first.
pub(crate) fn importable(found: Vec<Placed>) -> Result<Vec<Placed>, AppError> {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|one| one.finding.severity == Severity::Error);
    if errors.is_empty() { Ok(warnings) } else { Err(AppError::SheetsInvalid(errors)) }
}

impl Placed {
    pub(crate) fn new(finding: Diagnostic, text: Option<&str>) -> Self {
        let at = finding.span.zip(text).map(|(span, text)| span.line_column(text));
        Self { finding, at }
    }

    /// File, line and column, as editors write it.
    pub fn place(&self) -> String {
        match self.at {
            Some((line, column)) => format!("{}:{line}:{column}", self.finding.file),
            None => self.finding.file.clone(),
        }
    }

    /// What is wrong, and what to do about it.
    pub fn message(&self) -> Text {
        let said = |locale: Locale, between: &str| {
            let hints = self.finding.hints.iter().map(|hint| hint.get(locale));
            std::iter::once(self.finding.message.get(locale)).chain(hints).collect::<Vec<_>>().join(between)
        };
        Text::new(said(Locale::Zh, "；"), said(Locale::En, "; "))
    }
}
