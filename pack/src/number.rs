//! Numbers of requests, such as `HZ-202603-0007`.

use chrono::{Datelike, NaiveDate};
use zhupi_domain::{Diagnostic, Text};

use crate::read::{Log, scalars};
use crate::yaml::Node;

/// How a flow's numbers look, such as `HZ-{date:%Y%m}-{seq:4}`.
///
/// The register is named by what stands before `{seq}`, so that the count restarts when that text changes, and two flows
/// with the same text share one register instead of giving one number twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    source: String,
    before: Vec<Part>,
    /// The least digits of the running number.
    digits: usize,
    after: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    ShortYear,
    Month,
    Day,
}

/// Why a text is not a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberFormatError {
    #[error("a number needs `{{seq:4}}` exactly once")]
    NoSequence,
    #[error("in braces stand `date:` with %Y %y %m %d, or `seq:` with 1 to 9 digits")]
    UnknownPart,
    #[error("a number has at most {} characters", NumberFormat::MAX_LENGTH)]
    TooLong,
}

impl NumberFormat {
    /// The longest format, in characters.
    pub const MAX_LENGTH: usize = 64;

    /// The format of a flow that gives none: its name, the year, five digits.
    pub fn default_of(flow: &str) -> Self {
        let before = vec![Part::Text(format!("{}-", flow.to_uppercase())), Part::Year, Part::Text("-".into())];
        Self { source: format!("{}-{{date:%Y}}-{{seq:5}}", flow.to_uppercase()), before, digits: 5, after: Vec::new() }
    }

    /// Reads a format.
    pub fn parse(source: &str) -> Result<Self, NumberFormatError> {
        if source.chars().count() > Self::MAX_LENGTH {
            return Err(NumberFormatError::TooLong);
        }
        let (mut before, mut after, mut digits) = (Vec::new(), Vec::new(), None);
        let mut rest = source;
        while let Some((text, tail)) = rest.split_once('{') {
            let (inside, tail) = tail.split_once('}').ok_or(NumberFormatError::UnknownPart)?;
            let into = if digits.is_none() { &mut before } else { &mut after };
            into.push(Part::Text(text.to_owned()));
            match inside.split_once(':') {
                Some(("date", pattern)) => into.extend(date_parts(pattern).ok_or(NumberFormatError::UnknownPart)?),
                Some(("seq", width)) if digits.is_none() => digits = Some(width_of(width)?),
                Some(("seq", _)) => return Err(NumberFormatError::NoSequence),
                _ => return Err(NumberFormatError::UnknownPart),
            }
            rest = tail;
        }
        let last = if digits.is_none() { &mut before } else { &mut after };
        last.push(Part::Text(rest.to_owned()));
        let digits = digits.ok_or(NumberFormatError::NoSequence)?;
        Ok(Self { source: source.to_owned(), before, digits, after })
    }

    /// The format as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The register that numbers of a day are taken from.
    pub fn register(&self, on: NaiveDate) -> String {
        render(&self.before, on)
    }

    /// The number at a place of the day's register; registers count from 1.
    pub fn render(&self, on: NaiveDate, sequence: u64) -> String {
        format!("{}{sequence:0width$}{}", render(&self.before, on), render(&self.after, on), width = self.digits)
    }
}

fn width_of(text: &str) -> Result<usize, NumberFormatError> {
    text.parse().ok().filter(|width| (1..=9).contains(width)).ok_or(NumberFormatError::UnknownPart)
}

fn date_parts(pattern: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '%' => match characters.next()? {
                'Y' => Part::Year,
                'y' => Part::ShortYear,
                'm' => Part::Month,
                'd' => Part::Day,
                _ => return None,
            },
            other => Part::Text(other.to_string()),
        });
    }
    (!parts.is_empty()).then_some(parts)
}

fn render(parts: &[Part], on: NaiveDate) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Year => format!("{:04}", on.year()),
        Part::ShortYear => format!("{:02}", on.year().rem_euclid(100)),
        Part::Month => format!("{:02}", on.month()),
        Part::Day => format!("{:02}", on.day()),
    };
    parts.iter().map(part).collect()
}

/// Reads the format of a flow file.
pub fn read(node: &Node, log: &Log<'_>) -> Option<NumberFormat> {
    let source = scalars::string(node, log)?;
    match NumberFormat::parse(&source) {
        Ok(format) => Some(format),
        Err(error) => {
            let zh = match error {
                NumberFormatError::NoSequence => "编号里要有且只有一个 {seq:4}".to_owned(),
                NumberFormatError::UnknownPart => {
                    "花括号里只能写 date: 加 %Y %y %m %d，或 seq: 加 1 到 9 位数".to_owned()
                }
                NumberFormatError::TooLong => format!("编号格式太长，最多 {} 个字符", NumberFormat::MAX_LENGTH),
            };
            log.push(
                Diagnostic::error("flow.number", node.span, Text::new(zh, error.to_string()))
                    .hint(Text::new("例如 HZ-{date:%Y%m}-{seq:4}", "for example HZ-{date:%Y%m}-{seq:4}")),
            );
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_within_what_stands_before_it() {
        let on = NaiveDate::from_ymd_opt(2026, 3, 9).unwrap();
        let format = NumberFormat::parse("HZ-{date:%Y%m}-{seq:4}/{date:%y.%d}").unwrap();
        assert_eq!(format.register(on), "HZ-202603-");
        assert_eq!(format.render(on, 7), "HZ-202603-0007/26.09");
        assert_eq!(format.render(on, 123_456), "HZ-202603-123456/26.09");
        assert_eq!(NumberFormat::default_of("bad-debt").render(on, 7), "BAD-DEBT-2026-00007");
        assert_eq!(NumberFormat::parse(NumberFormat::default_of("x").source()).unwrap().render(on, 1), "X-2026-00001");
    }

    #[test]
    fn what_is_no_format_says_why() {
        use NumberFormatError::{NoSequence, TooLong, UnknownPart};
        for (source, error) in [
            ("HZ", NoSequence),
            ("{seq:4}{seq:4}", NoSequence),
            ("{seq}", UnknownPart),
            ("{seq:0}", UnknownPart),
            ("{seq:4", UnknownPart),
            ("{date:%H}{seq:4}", UnknownPart),
            ("{date:}{seq:4}", UnknownPart),
            ("{year}{seq:4}", UnknownPart),
        ] {
            assert_eq!(NumberFormat::parse(source), Err(error), "{source}");
        }
        assert_eq!(NumberFormat::parse(&format!("{}{{seq:4}}", "x".repeat(64))), Err(TooLong));
    }
}
