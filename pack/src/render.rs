//! Findings and reports as people and machines read them.

mod diff;
mod findings;
mod report;

use zhupi_domain::Locale;

pub use diff::diff;
pub use findings::{findings, findings_json, one as finding};
pub use report::{report, report_json};

/// How a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    pub locale: Locale,
    /// With the colours of a terminal.
    pub coloured: bool,
}

impl Style {
    /// Without colours.
    pub fn plain(locale: Locale) -> Self {
        Self { locale, coloured: false }
    }

    /// A text in this style's language.
    fn say<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.locale {
            Locale::Zh => zh,
            Locale::En => en,
        }
    }
}
