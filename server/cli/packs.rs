//! Packs on the disk, and what is found wrong with them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};
use zhupi_domain::{Diagnostic, Severity};
use zhupi_pack::Pack;

use super::output::Output;

/// Files of a pack: path to text.
pub type Files = BTreeMap<String, String>;

/// Reads the folder of a pack.
pub fn read(folder: &Path) -> anyhow::Result<Files> {
    let files = Pack::from_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    anyhow::ensure!(files.contains_key("company.yaml"), "{}: no company.yaml, so this is no pack", folder.display());
    Ok(files)
}

/// Whether a release can be made in spite of what was found.
pub fn is_clean(found: &[Diagnostic]) -> bool {
    found.iter().all(|finding| finding.severity != Severity::Error)
}

/// Prints what was found, for people.
pub fn show(found: &[Diagnostic], files: &Files, output: &Output) {
    for finding in found {
        let place = finding.span.zip(files.get(&finding.file)).map(|(span, source)| span.line_column(source));
        let place = place.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        output.say(&format!("{}{place}: {} [{}]", finding.file, output.text(&finding.message), finding.code));
        for hint in &finding.hints {
            output.say(&format!("  {}", output.text(hint)));
        }
    }
}

/// What was found, for programs: with lines and columns, both from 1.
pub fn findings(found: &[Diagnostic], files: &Files) -> Value {
    let finding = |finding: &Diagnostic| {
        let place = finding.span.zip(files.get(&finding.file)).map(|(span, source)| span.line_column(source));
        json!({
            "code": finding.code,
            "severity": finding.severity,
            "file": finding.file,
            "line": place.map(|(line, _)| line),
            "column": place.map(|(_, column)| column),
            "message": finding.message,
            "hints": finding.hints,
        })
    };
    found.iter().map(finding).collect()
}

/// How many findings of each kind, in a sentence.
pub fn summary(found: &[Diagnostic], output: &Output) -> String {
    let count = |severity| found.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    match output.locale() {
        zhupi_domain::Locale::Zh => format!("{errors} 个错误，{warnings} 个警告，{notes} 条提示"),
        zhupi_domain::Locale::En => format!("{errors} errors, {warnings} warnings, {notes} notes"),
    }
}
