//! Working time of a company: which days are worked, during which minutes, in which time zone.
//!
//! A calendar is live data outside every release. It answers only for years whose holidays somebody has entered: a question
//! about any other year is an error that names the year, never a guess from Monday to Friday, because the State Council
//! publishes each year's holidays and make-up days 调休 late in the year before.
//!
//! Counting follows one rule in both directions: the starting day is not counted, the last day is.

mod data;
mod deadline;
mod hours;
mod span;
mod window;
mod zone;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use data::{CalendarData, DatedDay, DayKind, FreeDays};
pub use hours::{MinuteRange, WorkingHours, WorkingHoursError};
pub use span::{Span, SpanError};
pub use window::{Anchor, Otherwise, WEEKDAYS, Window, WindowDay};

/// Why a question about working time has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Nobody has entered the holidays of that year.
    #[error("the calendar has no data for the year {year}")]
    NoCalendarData { year: i32 },
    /// The answer lies before the year 1 or after the year 9999.
    #[error("the date is out of range")]
    OutOfRange,
}

/// A company's working time.
///
/// As JSON: `{"zone": "Asia/Shanghai", "hours": ["09:00-12:00", "13:00-18:00"], "free": ["sat", "sun"], "data": {"years":
/// [2026], "days": {"2026-01-01": {"day": "holiday", "name": {"zh": "元旦"}}}}}`; all but `zone` may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    #[serde(with = "zone::name")]
    zone: Tz,
    #[serde(default)]
    hours: WorkingHours,
    #[serde(default)]
    free: FreeDays,
    #[serde(default)]
    data: CalendarData,
}

impl Calendar {
    /// The usual working hours and weekends with given holidays and make-up days.
    pub fn new(zone: Tz, data: CalendarData) -> Self {
        Self { zone, hours: WorkingHours::default(), free: FreeDays::default(), data }
    }

    /// The same with other working hours.
    pub fn with_hours(self, hours: WorkingHours) -> Self {
        Self { hours, ..self }
    }

    /// The same with other free days of the week.
    pub fn with_free_days(self, free: FreeDays) -> Self {
        Self { free, ..self }
    }

    pub fn zone(&self) -> Tz {
        self.zone
    }

    pub fn hours(&self) -> &WorkingHours {
        &self.hours
    }

    pub fn data(&self) -> &CalendarData {
        &self.data
    }

    /// Whether people work on a date.
    pub fn is_workday(&self, date: NaiveDate) -> Result<bool, CalendarError> {
        if !self.data.years.contains(&date.year()) {
            return Err(CalendarError::NoCalendarData { year: date.year() });
        }
        Ok(match self.data.days.get(&date) {
            Some(day) => day.kind == DayKind::Workday,
            None => !self.free.contains(date.weekday()),
        })
    }

    /// The n-th working day after a date; before it where n is negative; the date itself where n is 0.
    pub fn add_workdays(&self, date: NaiveDate, n: i64) -> Result<NaiveDate, CalendarError> {
        let mut at = date;
        let mut left = n.unsigned_abs();
        while left > 0 {
            at = step(at, n > 0)?;
            left -= u64::from(self.is_workday(at)?);
        }
        Ok(at)
    }

    /// The n-th working day of a period that starts on a date: the start is counted when it is a working day.
    ///
    /// `n` counts from 1; 0 is read as 1.
    pub fn nth_workday_from(&self, start: NaiveDate, n: u32) -> Result<NaiveDate, CalendarError> {
        self.add_workdays(self.workday_on_or_after(start)?, i64::from(n.max(1)) - 1)
    }

    /// How many working days lie after `from` up to and including `to`.
    ///
    /// Negative where `to` is earlier: then `to` is counted and `from` is not, as before.
    pub fn workdays_between(&self, from: NaiveDate, to: NaiveDate) -> Result<i64, CalendarError> {
        let forward = to > from;
        let mut at = from;
        let mut count = 0;
        while at != to {
            at = step(at, forward)?;
            count += i64::from(self.is_workday(at)?);
        }
        Ok(if forward { count } else { -count })
    }

    /// The date itself when it is a working day, else the next one.
    pub fn workday_on_or_after(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        if self.is_workday(date)? { Ok(date) } else { self.add_workdays(date, 1) }
    }

    /// The date itself when it is a working day, else the one before.
    pub fn workday_on_or_before(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        if self.is_workday(date)? { Ok(date) } else { self.add_workdays(date, -1) }
    }
}

/// The day after or before.
fn step(date: NaiveDate, forward: bool) -> Result<NaiveDate, CalendarError> {
    let next = if forward { date.succ_opt() } else { date.pred_opt() };
    next.filter(|next| (1..=9999).contains(&next.year())).ok_or(CalendarError::OutOfRange)
}

#[cfg(test)]
mod tests;
