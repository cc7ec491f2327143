//! Stretches of time as authors write them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    #[error("a time is written as a whole number and a unit, such as `2 workdays`")]
    NotASpan,
    #[error("the units are workdays, hours, minutes and days")]
    UnknownUnit,
    #[error("the number goes from 1 to {}", Span::MAX)]
    OutOfRange,
}

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Working minutes of so many full working days.
    Workdays(u32),
    /// Working hours.
    Hours(u32),
    /// Working minutes.
    Minutes(u32),
    /// Calendar days, free or not; ends with the last day at 24:00.
    Days(u32),
}

impl Span {
    /// The largest number in front of a unit.
    pub const MAX: u32 = 9999;

    /// Reads `2 workdays`, `1 workday`, `8 hours`, `30 minutes`, `3 days`.
    pub fn parse(text: &str) -> Result<Self, SpanError> {
        let (number, unit) = text.trim().split_once(' ').ok_or(SpanError::NotASpan)?;
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SpanError::NotASpan);
        }
        let number = number.parse().ok().filter(|n| (1..=Self::MAX).contains(n)).ok_or(SpanError::OutOfRange)?;
        match unit.trim_start() {
            "workday" | "workdays" => Ok(Self::Workdays(number)),
            "hour" | "hours" => Ok(Self::Hours(number)),
            "minute" | "minutes" => Ok(Self::Minutes(number)),
            "day" | "days" => Ok(Self::Days(number)),
            _ => Err(SpanError::UnknownUnit),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Self::Workdays(n) => (n, "workday"),
            Self::Hours(n) => (n, "hour"),
            Self::Minutes(n) => (n, "minute"),
            Self::Days(n) => (n, "day"),
        };
        write!(f, "{number} {unit}{}", if *number == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_back_as_they_are_written() {
        for (text, span) in [
            ("2 workdays", Span::Workdays(2)),
            ("1 workday", Span::Workdays(1)),
            ("8 hours", Span::Hours(8)),
            ("30 minutes", Span::Minutes(30)),
            ("3 days", Span::Days(3)),
        ] {
            assert_eq!(Span::parse(text), Ok(span));
            assert_eq!(span.to_string(), text);
        }
        assert_eq!(Span::parse(" 1  days "), Ok(Span::Days(1)));
    }

    #[test]
    fn what_is_not_a_span_says_why() {
        for (text, error) in [
            ("", SpanError::NotASpan),
            ("2", SpanError::NotASpan),
            ("2workdays", SpanError::NotASpan),
            ("-1 days", SpanError::NotASpan),
            ("1.5 days", SpanError::NotASpan),
            ("two days", SpanError::NotASpan),
            ("0 days", SpanError::OutOfRange),
            ("10000 days", SpanError::OutOfRange),
            ("99999999999 days", SpanError::OutOfRange),
            ("2 weeks", SpanError::UnknownUnit),
        ] {
            assert_eq!(Span::parse(text), Err(error), "{text:?}");
        }
    }
}
