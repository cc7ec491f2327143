//! Dates, moments, periods and working days, as scripts see them.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, Weekday};
use zhupi_domain::time::{Period, PeriodKind};

/// A local date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub NaiveDate);

/// A local date and time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub NaiveDateTime);

/// A week, month, quarter or year.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span(pub Period);

/// Free and working days, as the lists of one evaluation give them: Saturday and Sunday are free unless listed as
/// working days.
///
/// The lists answer for the years that they name a day of. Any other year is unknown, never a guess from Monday to Friday; only
/// lists without any day at all stand for a plain week.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct WorkCalendar {
    holidays: BTreeSet<NaiveDate>,
    extra_workdays: BTreeSet<NaiveDate>,
    years: BTreeSet<i32>,
}

/// Why a calendar has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoDay {
    /// No day of that year is in the lists.
    UnknownYear(i32),
    /// Further away than is counted, or no date at all.
    Beyond,
}

impl WorkCalendar {
    /// The most working days that are counted on or back.
    pub(crate) const MAX_DAYS: i64 = 3660;

    pub(crate) fn new(holidays: BTreeSet<NaiveDate>, extra_workdays: BTreeSet<NaiveDate>) -> Self {
        let years = holidays.iter().chain(&extra_workdays).map(NaiveDate::year).collect();
        Self { holidays, extra_workdays, years }
    }

    pub(crate) fn is_workday(&self, date: NaiveDate) -> Result<bool, NoDay> {
        if !self.years.is_empty() && !self.years.contains(&date.year()) {
            return Err(NoDay::UnknownYear(date.year()));
        }
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(self.extra_workdays.contains(&date) || !self.holidays.contains(&date) && !weekend)
    }

    /// The `n`-th working day after a date; before it where negative. The date itself is not counted.
    pub(crate) fn add(&self, date: NaiveDate, n: i64) -> Result<NaiveDate, NoDay> {
        let mut left = n.checked_abs().filter(|&n| n <= Self::MAX_DAYS).ok_or(NoDay::Beyond)?;
        let mut at = date;
        let mut steps = Self::MAX_DAYS * 3;
        while left > 0 && steps > 0 {
            at = if n > 0 { at.succ_opt() } else { at.pred_opt() }.ok_or(NoDay::Beyond)?;
            left -= i64::from(self.is_workday(at)?);
            steps -= 1;
        }
        if left == 0 { Ok(at) } else { Err(NoDay::Beyond) }
    }

    /// The `n`-th working day of a period that starts with a date, which counts when it is one.
    pub(crate) fn nth(&self, start: NaiveDate, n: i64) -> Result<NaiveDate, NoDay> {
        let before = start.pred_opt().filter(|_| n >= 1).ok_or(NoDay::Beyond)?;
        self.add(before, n)
    }

    /// The last working day that is not after a date.
    pub(crate) fn last(&self, date: NaiveDate) -> Result<NaiveDate, NoDay> {
        if self.is_workday(date)? { Ok(date) } else { self.add(date, -1) }
    }

    /// How many working days lie after `from`, up to and with `to`.
    pub(crate) fn between(&self, from: NaiveDate, to: NaiveDate) -> Result<i64, NoDay> {
        let days = to.signed_duration_since(from).num_days();
        if days.abs() > Self::MAX_DAYS * 3 {
            return Err(NoDay::Beyond);
        }
        let (first, last, sign) = if days < 0 { (to, from, -1) } else { (from, to, 1) };
        let mut count = 0;
        for day in first.iter_days().skip(1).take_while(|day| *day <= last) {
            count += i64::from(self.is_workday(day)?);
        }
        Ok(count * sign)
    }
}

/// The date some days later, or earlier.
pub(crate) fn add_days(date: NaiveDate, n: i64) -> Option<NaiveDate> {
    let days = Days::new(n.unsigned_abs());
    if n < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
}

/// The same day of a later or earlier month; its last day where that day does not exist.
pub(crate) fn add_months(date: NaiveDate, n: i64) -> Option<NaiveDate> {
    let months = Months::new(u32::try_from(n.unsigned_abs()).ok()?);
    if n < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
}

/// The period some steps later, or earlier.
pub(crate) fn shift(period: Period, n: i64) -> Option<Period> {
    let start = match period.kind() {
        PeriodKind::Week => add_days(period.start(), n.checked_mul(7)?),
        PeriodKind::Month => add_months(period.start(), n),
        PeriodKind::Quarter => add_months(period.start(), n.checked_mul(3)?),
        PeriodKind::Year => add_months(period.start(), n.checked_mul(12)?),
    }?;
    Some(Period::of(period.kind(), start))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%Y-%m-%dT%H:%M:%S").fmt(f)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn october() -> WorkCalendar {
        let holidays = ["2025-10-01", "2025-10-02", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08"].map(date);
        WorkCalendar::new(holidays.into(), [date("2025-10-11")].into())
    }

    #[test]
    fn make_up_days_and_holidays_count() {
        assert_eq!(october().nth(date("2025-10-01"), 4), Ok(date("2025-10-13")));
        assert_eq!(october().nth(date("2025-10-01"), 6), Ok(date("2025-10-15")));
        assert_eq!(october().between(date("2025-09-30"), date("2025-10-11")), Ok(3));
        assert_eq!(october().between(date("2025-10-11"), date("2025-09-30")), Ok(-3));
    }

    #[test]
    fn the_starting_day_is_not_counted() {
        let plain = WorkCalendar::default();
        assert_eq!(plain.add(date("2026-03-05"), 3), Ok(date("2026-03-10")));
        assert_eq!(plain.add(date("2026-03-09"), -1), Ok(date("2026-03-06")));
        assert_eq!(plain.add(date("2026-03-09"), 0), Ok(date("2026-03-09")));
        assert_eq!(plain.last(date("2026-01-18")), Ok(date("2026-01-16")));
        assert_eq!(plain.add(date("2026-03-09"), i64::MIN), Err(NoDay::Beyond));
    }

    #[test]
    fn a_year_that_nobody_entered_is_no_plain_year() {
        let unknown = Err(NoDay::UnknownYear(2026));
        assert_eq!(october().is_workday(date("2026-01-01")), Err(NoDay::UnknownYear(2026)));
        assert_eq!(october().add(date("2025-12-30"), 2), unknown);
        assert_eq!(october().between(date("2025-12-30"), date("2026-01-05")), Err(NoDay::UnknownYear(2026)));
        assert_eq!(october().add(date("2025-12-30"), 1), Ok(date("2025-12-31")), "the year itself is known to its end");
        assert_eq!(october().nth(date("2025-01-01"), 1), Ok(date("2025-01-01")), "the day before is not asked");
    }

    #[test]
    fn a_month_later_is_its_last_day_at_most() {
        assert_eq!(add_months(date("2026-01-31"), 1), Some(date("2026-02-28")));
        assert_eq!(add_months(date("2026-03-31"), -1), Some(date("2026-02-28")));
        assert_eq!(add_months(date("2026-01-31"), i64::MAX), None);
        let month = Period::parse("2026-12").expect("a period");
        assert_eq!(shift(month, 1).map(|p| p.to_string()), Some("2027-01".into()));
    }
}
