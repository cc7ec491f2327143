//! The hours of a working day.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why working hours cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkingHoursError {
    #[error("working hours are written 09:00-12:00, not `{0}`")]
    NotARange(String),
    #[error("a working day needs at least one range of hours")]
    Empty,
    #[error("the ranges of hours have to follow one another without overlap")]
    Disorder,
}

/// A stretch of minutes of the local day; 0 is midnight, 1440 the midnight after. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MinuteRange {
    start: u16,
    end: u16,
}

impl MinuteRange {
    /// None where nothing lies between start and end, or the end is after midnight.
    pub fn new(start: u16, end: u16) -> Option<Self> {
        (start < end && end <= 24 * 60).then_some(Self { start, end })
    }

    /// Reads `09:00-12:00`; `24:00` is the end of the day.
    pub fn parse(text: &str) -> Result<Self, WorkingHoursError> {
        let range = text.split_once('-').and_then(|(start, end)| Self::new(minute(start.trim())?, minute(end.trim())?));
        range.ok_or_else(|| WorkingHoursError::NotARange(text.to_owned()))
    }

    pub fn start(self) -> u16 {
        self.start
    }

    pub fn end(self) -> u16 {
        self.end
    }
}

/// Reads `09:00`.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| {
        (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse::<u16>().ok())?
    };
    let (hour, minute) = (number(hour)?, number(minute).filter(|m| *m < 60)?);
    (hour <= 24).then_some(hour * 60 + minute)
}

impl fmt::Display for MinuteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, end } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
    }
}

impl TryFrom<String> for MinuteRange {
    type Error = WorkingHoursError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MinuteRange> for String {
    fn from(range: MinuteRange) -> Self {
        range.to_string()
    }
}

/// The hours of every working day: ranges in order, at least one. 09:00–12:00 and 13:00–18:00 by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<MinuteRange>", into = "Vec<MinuteRange>")]
pub struct WorkingHours(Vec<MinuteRange>);

impl WorkingHours {
    pub fn new(ranges: Vec<MinuteRange>) -> Result<Self, WorkingHoursError> {
        if ranges.is_empty() {
            return Err(WorkingHoursError::Empty);
        }
        let in_order = ranges.iter().zip(ranges.iter().skip(1)).all(|(one, next)| one.end <= next.start);
        if in_order { Ok(Self(ranges)) } else { Err(WorkingHoursError::Disorder) }
    }

    pub fn ranges(&self) -> &[MinuteRange] {
        &self.0
    }

    /// The minutes of one working day.
    pub fn minutes(&self) -> u32 {
        self.0.iter().map(|range| u32::from(range.end - range.start)).sum()
    }
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self(vec![MinuteRange { start: 9 * 60, end: 12 * 60 }, MinuteRange { start: 13 * 60, end: 18 * 60 }])
    }
}

impl TryFrom<Vec<MinuteRange>> for WorkingHours {
    type Error = WorkingHoursError;

    fn try_from(ranges: Vec<MinuteRange>) -> Result<Self, Self::Error> {
        Self::new(ranges)
    }
}

impl From<WorkingHours> for Vec<MinuteRange> {
    fn from(hours: WorkingHours) -> Self {
        hours.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_in_order_and_written_back() {
        let hours: WorkingHours = serde_json::from_str(r#"["08:30-12:00", "22:00-24:00"]"#).unwrap();
        assert_eq!(hours.minutes(), 330);
        assert_eq!(serde_json::to_string(&hours).unwrap(), r#"["08:30-12:00","22:00-24:00"]"#);
        assert_eq!(WorkingHours::default().minutes(), 480);
        for bad in [r#"[]"#, r#"["12:00-09:00"]"#, r#"["9:00-12:00"]"#, r#"["09:00-12:60"]"#, r#"["23:00-24:01"]"#] {
            assert!(serde_json::from_str::<WorkingHours>(bad).is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<WorkingHours>(r#"["13:00-18:00", "09:00-12:00"]"#).is_err());
        assert!(serde_json::from_str::<WorkingHours>(r#"["09:00-12:00", "11:00-13:00"]"#).is_err());
    }
}
