//! Readers: one small file for each kind of file in a pack.
//!
//! A reader turns a positioned tree into a typed value and reports everything it does not understand; it goes on after a
//! problem, so that an author sees all of them in one run. What one file cannot know, such as whether a role exists, is
//! looked at afterwards (`check`).

pub mod accounts;
pub mod company;
pub mod contract;
pub mod due;
mod fields;
pub mod flow;
pub mod params;
pub mod people;
mod readings;
pub mod scalars;
pub mod start;
pub mod step;
mod tables;
mod types;
pub mod vote;

use std::cell::{Cell, RefCell};

use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

pub use fields::Fields;

/// A value and where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<T> {
    pub value: T,
    pub span: Span,
}

impl<T> Placed<T> {
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// The findings of one file while it is read and checked.
#[derive(Debug)]
pub struct Log<'a> {
    pub file: &'a str,
    pub source: &'a str,
    found: RefCell<Diagnostics>,
    /// How many names were looked at to guess what was meant.
    looked_at: Cell<usize>,
}

impl<'a> Log<'a> {
    pub fn new(file: &'a str, source: &'a str) -> Self {
        Self { file, source, found: RefCell::default(), looked_at: Cell::default() }
    }

    /// The most findings that are kept of one file.
    const MOST: usize = 200;

    pub fn push(&self, finding: Diagnostic) {
        let mut found = self.found.borrow_mut();
        if found.len() > Self::MOST {
            return;
        }
        let finding = if found.len() == Self::MOST { too_many() } else { finding };
        found.push(if finding.file.is_empty() { finding.in_file(self.file) } else { finding });
    }

    /// The most names that are looked at for the guesses of one file.
    const LOOKS: usize = 200_000;

    /// Gives the finding of an unknown name its hints: did-you-mean, else what there is.
    ///
    /// Guessing looks at everything that is known. A spreadsheet may have as many unknown names as people: then only the first
    /// get a hint.
    pub fn hints<'k>(
        &self,
        finding: Diagnostic,
        written: &str,
        known: impl IntoIterator<Item = &'k (impl AsRef<str> + ?Sized + 'k)>,
    ) -> Diagnostic {
        if self.is_full() || self.looked_at.get() >= Self::LOOKS {
            return finding;
        }
        let known: Vec<&str> = known.into_iter().map(AsRef::as_ref).collect();
        self.looked_at.update(|looked_at| looked_at.saturating_add(known.len()));
        match zhupi_domain::nearest::nearest(written, known.iter().copied()) {
            Some(near) => finding.hint(Text::new(format!("是不是 `{near}`？"), format!("did you mean `{near}`?"))),
            None if known.is_empty() => finding,
            None => finding.hint(all_there_is(&known)),
        }
    }

    /// How much was found so far.
    pub fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// Whether nothing more is kept.
    pub fn is_full(&self) -> bool {
        self.found.borrow().len() > Self::MOST
    }

    pub fn extend(&self, findings: impl IntoIterator<Item = Diagnostic>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    /// Reports an error without hints.
    pub fn error(&self, code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) {
        self.push(Diagnostic::error(code, span, Text::new(zh, en)));
    }

    /// Reports that an author uses a word that the product knows and cannot do yet.
    pub fn not_yet(&self, word: &str, span: Span) {
        self.push(
            Diagnostic::error(
                "pack.not-yet-supported",
                span,
                Text::new(format!("`{word}` 暂不支持"), format!("`{word}` is not yet supported")),
            )
            .hint(Text::new("以后的版本会支持；目前请去掉", "a later version will know it; leave it out for now")),
        );
    }

    pub fn into_found(self) -> Diagnostics {
        self.found.into_inner()
    }

    /// What was found so far, which is taken out.
    pub fn take(&self) -> Diagnostics {
        self.found.take()
    }
}

fn too_many() -> Diagnostic {
    let message =
        Text::new("这个文件的问题太多，其余的没有列出", "this file has too many problems; the others are not listed");
    Diagnostic::error("pack.too-many", None, message)
}

fn all_there_is(known: &[&str]) -> Text {
    let shown: Vec<String> = known.iter().take(12).map(|word| format!("`{word}`")).collect();
    let more = if known.len() > shown.len() { " …" } else { "" };
    Text::new(format!("可用的有：{}{more}", shown.join("、")), format!("there are {}{more}", shown.join(", ")))
}
