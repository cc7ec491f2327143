//! The days of a demo: counted in working days back from today, so that the history is always recent.

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, Weekday};
use serde_json::Value;
use zhupi_domain::Instant;
use zhupi_domain::calendar::{Calendar, CalendarError};
use zhupi_domain::time::{Period, PeriodKind};

use super::script::{Act, Counted, Dated, Day, Weekly};

/// A company's calendar, and the day that counts as 0.
pub struct DemoDays<'a> {
    calendar: &'a Calendar,
    zero: NaiveDate,
}

impl<'a> DemoDays<'a> {
    /// Today, or the last working day before it.
    pub fn new(calendar: &'a Calendar, now: Instant) -> Self {
        let today = Self { calendar, zero: calendar.local_date(now) };
        Self { zero: today.worked(today.zero), ..today }
    }

    /// The date of a day.
    pub fn on(&self, day: Day) -> NaiveDate {
        match day {
            Day::Away(days) => self.date(days),
            Day::Dated(Dated { month, date }) => {
                let month = self.period(PeriodKind::Month, month);
                self.worked(month.start().with_day(date).unwrap_or(month.end()))
            }
            Day::Weekly(Weekly { week, weekday }) => {
                let week = self.period(PeriodKind::Week, week);
                let days = Days::new(u64::from(weekday.saturating_sub(1)));
                self.worked(week.start().checked_add_days(days).unwrap_or(week.end()))
            }
            Day::Counted(Counted { month, workday }) => {
                let month = self.period(PeriodKind::Month, month);
                let days = month.start().iter_days().take_while(|day| *day <= month.end());
                let mut days = days.filter(|day| is_workday(self.calendar, *day));
                days.nth(workday.saturating_sub(1) as usize).unwrap_or(month.end())
            }
        }
    }

    /// A day, or the last working day before it.
    fn worked(&self, mut day: NaiveDate) -> NaiveDate {
        while !is_workday(self.calendar, day) {
            day = day.pred_opt().unwrap_or(day);
        }
        day
    }

    /// The date so many working days away.
    fn date(&self, day: i64) -> NaiveDate {
        let (mut date, mut left) = (self.zero, day.unsigned_abs());
        while left > 0 {
            let step = Days::new(1);
            date = if day < 0 { date.checked_sub_days(step) } else { date.checked_add_days(step) }.unwrap_or(date);
            left -= u64::from(is_workday(self.calendar, date));
        }
        date
    }

    /// The moment on a day.
    pub fn moment(&self, day: Day, at: NaiveTime) -> Result<Instant, CalendarError> {
        self.calendar.at(self.on(day), at)
    }

    /// An act with dates and months in place of their names.
    pub fn placed(&self, act: &Act) -> serde_json::Result<Act> {
        let mut value = serde_json::to_value(act)?;
        fill_in(&mut value, &|word, number| self.named(word, number));
        serde_json::from_value(value)
    }

    fn named(&self, word: &str, number: &str) -> Option<String> {
        if let Some((month, number)) = number.split_once('/') {
            let (month, number) = (month.parse().ok()?, number.parse().ok()?);
            return match word {
                "date" => Some(self.on(Day::Dated(Dated { month, date: number })).to_string()),
                "workday" => Some(self.on(Day::Counted(Counted { month, workday: number })).to_string()),
                _ => None,
            };
        }
        let number = number.parse().ok()?;
        match word {
            "day" => Some(self.date(number).to_string()),
            "week" => Some(self.period(PeriodKind::Week, number).to_string()),
            "month" => Some(self.period(PeriodKind::Month, number).to_string()),
            "year" => Some(self.period(PeriodKind::Year, number).to_string()),
            _ => None,
        }
    }

    /// The period so many of its kind away.
    fn period(&self, kind: PeriodKind, away: i64) -> Period {
        let mut period = Period::of(kind, self.zero);
        for _ in 0..away.unsigned_abs() {
            let next = if away < 0 { period.start().pred_opt() } else { period.end().succ_opt() };
            period = Period::of(kind, next.unwrap_or(self.zero));
        }
        period
    }
}

/// Puts values in place of their names, such as `{day:-3}`, anywhere in texts; what has no value stays as it is.
pub fn fill_in(value: &mut Value, named: &impl Fn(&str, &str) -> Option<String>) {
    match value {
        Value::String(text) => *text = filled_in(text, named),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_in(item, named)),
        Value::Object(members) => members.values_mut().for_each(|member| fill_in(member, named)),
        _ => {}
    }
}

/// The same in one text.
fn filled_in(text: &str, named: &impl Fn(&str, &str) -> Option<String>) -> String {
    let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
    let Some((inside, after)) = rest.split_once('}') else { return text.to_owned() };
    let value = inside.split_once(':').and_then(|(word, name)| named(word, name));
    let value = value.unwrap_or_else(|| format!("{{{inside}}}"));
    format!("{before}{value}{}", filled_in(after, named))
}

/// Where a year's holidays are not known yet, a demo makes do with weekends.
fn is_workday(calendar: &Calendar, date: NaiveDate) -> bool {
    calendar.is_workday(date).unwrap_or_else(|_| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
}

#[cfg(test)]
mod tests {
    use zhupi_domain::calendar::CalendarData;

    use super::*;

    #[test]
    fn days_are_counted_back_over_weekends_and_holidays() {
        let calendar: Calendar = serde_json::from_value(serde_json::json!({ "zone": "Asia/Shanghai" })).unwrap();
        let calendar = Calendar::new(calendar.zone(), CalendarData::china().clone());
        let saturday = calendar.at("2026-11-21".parse().unwrap(), NaiveTime::MIN).unwrap();
        let days = DemoDays::new(&calendar, saturday);
        assert_eq!(
            [0, -1, -5, 1].map(|day| days.date(day).to_string()),
            ["2026-11-20", "2026-11-19", "2026-11-13", "2026-11-23"]
        );
        assert_eq!(
            [(0, 22), (-1, 7), (-1, 31)].map(|(month, date)| days.on(Day::Dated(Dated { month, date })).to_string()),
            ["2026-11-20", "2026-09-30", "2026-10-30"],
            "a date of a month, or the last working day before it"
        );
        assert_eq!(
            [(-1, 1), (1, 3)].map(|(month, workday)| days.on(Day::Counted(Counted { month, workday })).to_string()),
            ["2026-10-08", "2026-12-03"]
        );
        assert_eq!(
            [(0, 1), (-1, 5), (-6, 3)]
                .map(|(week, weekday)| days.on(Day::Weekly(Weekly { week, weekday })).to_string()),
            ["2026-11-16", "2026-11-13", "2026-09-30"],
            "a day of a week, or the last working day before it"
        );
        let mut text = Value::from(
            "至 {day:-1} 止，{week:-1}，{month:-1} 与 {month:0}，{year:-1}{x}{number:a}；{date:-2/20} {workday:-1/5} {month:1/2}",
        );
        fill_in(&mut text, &|word, number| days.named(word, number));
        assert_eq!(
            text,
            "至 2026-11-19 止，2026-W46，2026-10 与 2026-11，2025{x}{number:a}；2026-09-20 2026-10-13 {month:1/2}"
        );
    }
}
