//! A day that comes round every month or week, such as “by the 25th, else the next working day”.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use super::{Calendar, CalendarError};
use crate::Instant;
use crate::time::{Period, PeriodKind};

/// A day of a month or week at a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    pub day: WindowDay,
    /// Which month or week is meant.
    pub of: Anchor,
    /// None: the end of the day.
    pub at: Option<NaiveTime>,
    /// What holds where nobody works on that day.
    pub otherwise: Otherwise,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WindowDay {
    /// The n-th day of the month; its last day, where the month is shorter.
    OfMonth(u8),
    /// The n-th working day of the month.
    Workday(u8),
    /// The last working day of the month.
    LastWorkday,
    /// A day of the week, counted from Monday 1 to Sunday 7.
    OfWeek(u8),
    /// The last working day of the week.
    LastWorkdayOfWeek,
}

/// Which month or week a window lies in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchor {
    /// The one that holds the day asked about.
    #[default]
    This,
    /// The one after it.
    Next,
    /// The last one of the request's period.
    Period,
    /// The one after the request's period.
    AfterPeriod,
}

/// What holds where nobody works on a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Otherwise {
    #[default]
    Same,
    NextWorkday,
    PreviousWorkday,
}

impl fmt::Display for Window {
    /// As packs write it: `{ day: 25, of: this-month, at: "16:00", else: next-workday }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.day {
            WindowDay::OfMonth(day) => write!(f, "{{ day: {day}")?,
            WindowDay::Workday(n) => write!(f, "{{ workday: {n}")?,
            WindowDay::LastWorkday => f.write_str("{ workday: last")?,
            WindowDay::OfWeek(day) => {
                let name = WEEKDAYS.get(usize::from(day.saturating_sub(1))).copied().unwrap_or_default();
                write!(f, "{{ weekday: {name}")?;
            }
            WindowDay::LastWorkdayOfWeek => f.write_str("{ weekday: last-workday")?,
        }
        let unit = if self.day.is_weekly() { "week" } else { "month" };
        match self.of {
            Anchor::This => write!(f, ", of: this-{unit}")?,
            Anchor::Next => write!(f, ", of: next-{unit}")?,
            Anchor::Period => f.write_str(", of: period")?,
            Anchor::AfterPeriod => f.write_str(", of: after-period")?,
        }
        if let Some(at) = self.at {
            write!(f, ", at: \"{}\"", at.format("%H:%M"))?;
        }
        match self.otherwise {
            Otherwise::Same => {}
            Otherwise::NextWorkday => f.write_str(", else: next-workday")?,
            Otherwise::PreviousWorkday => f.write_str(", else: previous-workday")?,
        }
        f.write_str(" }")
    }
}

impl WindowDay {
    /// Whether it comes round every week, not every month.
    pub fn is_weekly(self) -> bool {
        matches!(self, Self::OfWeek(_) | Self::LastWorkdayOfWeek)
    }
}

impl Calendar {
    /// When a window closes, seen from a day and, where the window says so, a period.
    ///
    /// Days of a month or week need no holiday data unless the window moves off free days.
    pub fn window(&self, window: Window, today: NaiveDate, period: Option<Period>) -> Result<Instant, CalendarError> {
        let date = self.window_date(window, today, period)?;
        match window.at {
            Some(time) => self.at(date, time),
            None => self.end_of(date),
        }
    }

    /// The date of a window.
    pub fn window_date(
        &self,
        window: Window,
        today: NaiveDate,
        period: Option<Period>,
    ) -> Result<NaiveDate, CalendarError> {
        let kind = if window.day.is_weekly() { PeriodKind::Week } else { PeriodKind::Month };
        let base = match window.of {
            Anchor::This | Anchor::Next => today,
            Anchor::Period | Anchor::AfterPeriod => period.map_or(today, |period| period.end()),
        };
        let within = Period::of(kind, base);
        let within = match window.of {
            Anchor::This | Anchor::Period => within,
            Anchor::Next | Anchor::AfterPeriod => {
                Period::of(kind, within.end().checked_add_days(Days::new(1)).ok_or(CalendarError::OutOfRange)?)
            }
        };
        let date = match window.day {
            WindowDay::OfMonth(day) => within.start().with_day(day.into()).unwrap_or(within.end()),
            WindowDay::Workday(n) => self.nth_workday_from(within.start(), n.into())?,
            WindowDay::LastWorkday | WindowDay::LastWorkdayOfWeek => self.workday_on_or_before(within.end())?,
            WindowDay::OfWeek(day) => {
                within.start().checked_add_days(Days::new(u64::from(day.saturating_sub(1)))).unwrap_or(within.end())
            }
        };
        match window.otherwise {
            Otherwise::Same => Ok(date),
            Otherwise::NextWorkday => self.workday_on_or_after(date),
            Otherwise::PreviousWorkday => self.workday_on_or_before(date),
        }
    }
}

/// The days of the week as packs write them, Monday first.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
