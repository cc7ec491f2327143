//! Deadlines in working time.

use chrono::{Days, NaiveDate, TimeDelta};

use super::{Calendar, CalendarError, Span, step};
use crate::Instant;

impl Calendar {
    /// When something that starts at an instant is due.
    ///
    /// Working days, hours and minutes are counted in working minutes: `1 workday` is the minutes of one full working day,
    /// so from Monday 15:00 it ends on Tuesday 15:00, and from Monday 09:00 on Monday 18:00. From outside working time the
    /// count starts at the next opening. The deadline is the earliest moment at which all minutes are used up.
    ///
    /// Calendar days do not count the starting day and end with the last day at 24:00, its following local midnight (民法典
    /// 201 and 203, without moving the end off a holiday: who wants that writes workdays). They need no holiday data.
    pub fn deadline(&self, from: Instant, span: Span) -> Result<Instant, CalendarError> {
        let minutes = match span {
            Span::Days(days) => {
                let last = self.local_date(from).checked_add_days(Days::new(days.into()));
                return self.end_of(last.ok_or(CalendarError::OutOfRange)?);
            }
            Span::Workdays(days) => i64::from(days) * i64::from(self.hours.minutes()),
            Span::Hours(hours) => i64::from(hours) * 60,
            Span::Minutes(minutes) => i64::from(minutes),
        };
        self.after_working(from, TimeDelta::try_minutes(minutes).ok_or(CalendarError::OutOfRange)?)
    }

    /// Whether people work at an instant: from the opening on, up to before the close.
    pub fn is_working_time(&self, instant: Instant) -> Result<bool, CalendarError> {
        let shifts = self.shifts(self.local_date(instant))?;
        Ok(shifts.iter().any(|(opening, close)| *opening <= instant && instant < *close))
    }

    /// The moment at which an amount of working time has passed.
    fn after_working(&self, from: Instant, time: TimeDelta) -> Result<Instant, CalendarError> {
        let mut left = time;
        let mut date = self.local_date(from);
        loop {
            for (opening, close) in self.shifts(date)? {
                let start = opening.max(from);
                if start >= close {
                    continue;
                }
                let length = close.utc() - start.utc();
                if left <= length {
                    return Ok(Instant::new(start.utc() + left));
                }
                left -= length;
            }
            date = step(date, true)?;
        }
    }

    /// Opening and close of every stretch of work on a date; none on a free day.
    fn shifts(&self, date: NaiveDate) -> Result<Vec<(Instant, Instant)>, CalendarError> {
        if !self.is_workday(date)? {
            return Ok(Vec::new());
        }
        let ranges = self.hours.ranges().iter();
        ranges.map(|range| Ok((self.at_minute(date, range.start())?, self.at_minute(date, range.end())?))).collect()
    }
}
