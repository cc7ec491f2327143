//! What commands print: results on standard output, everything else on standard error, for people or for programs.

use std::io::{IsTerminal as _, Write as _};

use clap::ValueEnum;
use serde::Serialize;
use serde_json::json;
use zhupi_domain::{Locale, Text};
use zhupi_pack::render::Style;

use crate::complaint::Complaint;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Zh,
    En,
}

/// How and in which language a command speaks.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    format: Format,
    locale: Locale,
    colour: bool,
}

impl Output {
    /// As the flags say; else in the language of the terminal.
    pub fn new(format: Format, lang: Option<Lang>) -> Self {
        let locale = match lang {
            Some(Lang::Zh) => Locale::Zh,
            Some(Lang::En) => Locale::En,
            None => locale_of(|name| std::env::var(name).ok()),
        };
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { format, locale, colour }
    }

    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// As the renderers of packs want to know it.
    pub fn style(&self) -> Style {
        Style { locale: self.locale, coloured: self.colour }
    }

    /// A text in the language of this output.
    pub fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.locale)
    }

    /// One of two texts.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.locale {
            Locale::Zh => zh,
            Locale::En => en,
        }
    }

    /// Prints a line of the result.
    pub fn say(&self, line: &str) {
        // Who closed the pipe does not want to hear more.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }

    /// Prints the result for a program.
    pub fn json(&self, value: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.say(&text);
        Ok(())
    }

    /// Prints a line beside the result.
    pub fn complain(&self, line: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }

    /// Says why a command could not be done. What lies behind it is only shown to programs, and to who asks by `RUST_LOG`.
    pub fn give_up(&self, complaint: &Complaint) {
        let (message, hint) = (self.text(&complaint.message), complaint.hint.as_ref().map(|hint| self.text(hint)));
        if self.is_json() {
            let error = json!({ "error": message, "hint": hint, "detail": complaint.detail });
            return self.complain(&error.to_string());
        }
        self.complain(&format!("zhupi: {message}"));
        if let Some(hint) = hint {
            self.complain(&format!("  → {hint}"));
        }
        let wanted = std::env::var_os("RUST_LOG").is_some_and(|level| !level.is_empty());
        if let Some(detail) = complaint.detail.as_ref().filter(|_| wanted) {
            self.complain(&format!("  ({detail})"));
        }
    }

    /// Prints rows in columns that are as wide as they must be.
    pub fn table(&self, heads: &[&str], rows: &[Vec<String>]) {
        for line in aligned(heads, rows) {
            self.say(&line);
        }
    }
}

/// The language of the terminal; Chinese where it does not say.
fn locale_of(environment: impl Fn(&str) -> Option<String>) -> Locale {
    let named =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| environment(name).filter(|v| !v.is_empty()));
    match named {
        Some(name) if name.starts_with("en") => Locale::En,
        _ => Locale::Zh,
    }
}

fn aligned(heads: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let all = || std::iter::once(&heads).chain(rows);
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| all().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width_of_column)| {
            format!("{cell}{}", " ".repeat(width_of_column.saturating_sub(width(cell))))
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all().map(line).collect()
}

/// How many columns of a terminal a text takes: Chinese characters are twice as wide.
fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

fn is_wide(c: char) -> bool {
    let code = u32::from(c);
    WIDE.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// Hangul, CJK and its punctuation, full-width forms, rarer characters.
const WIDE: [(u32, u32); 8] = [
    (0x1100, 0x115F),
    (0x2E80, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFD),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_says_the_language() {
        assert_eq!(locale_of(|_| None), Locale::Zh);
        assert_eq!(locale_of(|name| (name == "LANG").then(|| "en_US.UTF-8".into())), Locale::En);
        assert_eq!(locale_of(|name| Some(if name == "LC_ALL" { "zh_CN" } else { "en_US" }.into())), Locale::Zh);
    }

    #[test]
    fn chinese_and_latin_columns_line_up() {
        let rows = [vec!["张三".to_owned(), "x".to_owned()], vec!["li".to_owned(), "y".to_owned()]];
        assert_eq!(aligned(&["名字", "role"], &rows), ["名字  role", "张三  x", "li    y"]);
    }
}
