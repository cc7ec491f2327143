//! Instants, and the periods that pay and plans are made for.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SubsecRound, Utc, Weekday};
use serde::{Deserialize, Deserializer, Serialize};

/// A moment, UTC, in whole microseconds: what both databases can hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// Cuts to microseconds.
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self(moment.trunc_subsecs(6))
    }

    /// Microseconds since 1970, as the store keeps it; `None` beyond what a date can say.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// This moment and some seconds more (or fewer); stays where it is beyond what a date can say.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        chrono::Duration::try_seconds(seconds).and_then(|d| self.0.checked_add_signed(d)).map_or(self, Self)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How long the periods of a flow are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeriodKind {
    Week,
    Month,
    Quarter,
    Year,
}

/// A stretch of local dates that something is planned, scored or paid for.
///
/// Written `2026-W05`, `2026-03`, `2026-Q1` or `2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    kind: PeriodKind,
    start: NaiveDate,
}

impl Period {
    /// The period that holds a date. Weeks are those of ISO 8601 and start on Monday.
    pub fn of(kind: PeriodKind, date: NaiveDate) -> Self {
        let start = match kind {
            PeriodKind::Week => date.week(Weekday::Mon).first_day(),
            PeriodKind::Month => date.with_day(1).unwrap_or(date),
            PeriodKind::Quarter => NaiveDate::from_ymd_opt(date.year(), (date.month0() / 3) * 3 + 1, 1).unwrap_or(date),
            PeriodKind::Year => NaiveDate::from_ymd_opt(date.year(), 1, 1).unwrap_or(date),
        };
        Self { kind, start }
    }

    /// Reads a period as it is written.
    pub fn parse(text: &str) -> Option<Self> {
        let year = |digits: &str| {
            (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse::<i32>().ok())?
        };
        let number = |digits: &str, length: usize| {
            (digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| digits.parse::<u32>().ok())?
        };
        let (kind, start) = match text.split_once('-') {
            None => (PeriodKind::Year, NaiveDate::from_ymd_opt(year(text)?, 1, 1)?),
            Some((y, rest)) => {
                let y = year(y)?;
                if let Some(week) = rest.strip_prefix('W') {
                    (PeriodKind::Week, NaiveDate::from_isoywd_opt(y, number(week, 2)?, Weekday::Mon)?)
                } else if let Some(quarter) = rest.strip_prefix('Q') {
                    let quarter = number(quarter, 1).filter(|q| (1..=4).contains(q))?;
                    (PeriodKind::Quarter, NaiveDate::from_ymd_opt(y, quarter * 3 - 2, 1)?)
                } else {
                    (PeriodKind::Month, NaiveDate::from_ymd_opt(y, number(rest, 2)?, 1)?)
                }
            }
        };
        Some(Self { kind, start })
    }

    pub fn kind(&self) -> PeriodKind {
        self.kind
    }

    /// The first day.
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// The last day.
    pub fn end(&self) -> NaiveDate {
        let next = match self.kind {
            PeriodKind::Week => self.start.checked_add_days(Days::new(7)),
            PeriodKind::Month => self.start.checked_add_months(Months::new(1)),
            PeriodKind::Quarter => self.start.checked_add_months(Months::new(3)),
            PeriodKind::Year => self.start.checked_add_months(Months::new(12)),
        };
        next.and_then(|next| next.pred_opt()).unwrap_or(self.start)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            PeriodKind::Week => write!(f, "{}", self.start.format("%G-W%V")),
            PeriodKind::Month => write!(f, "{}", self.start.format("%Y-%m")),
            PeriodKind::Quarter => write!(f, "{}-Q{}", self.start.format("%Y"), self.start.month0() / 3 + 1),
            PeriodKind::Year => write!(f, "{}", self.start.format("%Y")),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Period::parse(&text).ok_or_else(|| serde::de::Error::custom("not a period, such as 2026-03"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn periods_read_back_and_know_their_ends() {
        for (text, start, end) in [
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-W01", "2025-12-29", "2026-01-04"),
        ] {
            let period = Period::parse(text);
            assert_eq!(
                period.map(|p| (p.to_string(), p.start(), p.end())),
                Some((text.to_owned(), date(start), date(end)))
            );
            assert_eq!(period.map(|p| Period::of(p.kind(), p.end())), period);
        }
        for bad in ["26", "2026-13", "2026-Q5", "2026-W54", "2026-1", "2026-02-01", "", "2026-"] {
            assert_eq!(Period::parse(bad), None, "{bad:?}");
        }
    }
}
