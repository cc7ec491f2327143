//! The days of a demo: counted in working days back from today, so that the history is always recent.

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime, Weekday};
use serde_json::Value;
use zhupi_domain::Instant;
use zhupi_domain::calendar::{Calendar, CalendarError};
use zhupi_domain::time::{Period, PeriodKind};

use super::script::Act;

/// A company's calendar, and the day that counts as 0.
pub struct DemoDays<'a> {
    calendar: &'a Calendar,
    zero: NaiveDate,
}

impl<'a> DemoDays<'a> {
    /// Today, or the last working day before it.
    pub fn new(calendar: &'a Calendar, now: Instant) -> Self {
        let mut zero = calendar.local_date(now);
        while !is_workday(calendar, zero) {
            zero = zero.checked_sub_days(Days::new(1)).unwrap_or(zero);
        }
        Self { calendar, zero }
    }

    /// The date so many working days away.
    pub fn date(&self, day: i64) -> NaiveDate {
        let (mut date, mut left) = (self.zero, day.unsigned_abs());
        while left > 0 {
            let step = Days::new(1);
            date = if day < 0 { date.checked_sub_days(step) } else { date.checked_add_days(step) }.unwrap_or(date);
            left -= u64::from(is_workday(self.calendar, date));
        }
        date
    }

    /// The moment on a day.
    pub fn moment(&self, day: i64, at: NaiveTime) -> Result<Instant, CalendarError> {
        self.calendar.at(self.date(day), at)
    }

    /// An act with dates and months in place of their names.
    pub fn placed(&self, act: &Act) -> serde_json::Result<Act> {
        let mut value = serde_json::to_value(act)?;
        self.fill_in(&mut value);
        serde_json::from_value(value)
    }

    /// Puts dates and months in place of `{day:-3}` and `{month:-1}`, anywhere in texts.
    fn fill_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill_in(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.fill_in(member)),
            _ => {}
        }
    }

    /// The same in one text.
    fn text(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once('{') else { return text.to_owned() };
        let Some((inside, after)) = rest.split_once('}') else { return text.to_owned() };
        let value = inside.split_once(':').and_then(|(word, number)| self.named(word, number.parse().ok()?));
        let value = value.unwrap_or_else(|| format!("{{{inside}}}"));
        format!("{before}{value}{}", self.text(after))
    }

    fn named(&self, word: &str, number: i64) -> Option<String> {
        match word {
            "day" => Some(self.date(number).to_string()),
            "month" => Some(self.month(number).to_string()),
            _ => None,
        }
    }

    fn month(&self, months: i64) -> Period {
        let mut period = Period::of(PeriodKind::Month, self.zero);
        for _ in 0..months.unsigned_abs() {
            let next = if months < 0 { period.start().pred_opt() } else { period.end().succ_opt() };
            period = Period::of(PeriodKind::Month, next.unwrap_or(self.zero));
        }
        period
    }
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
        assert_eq!(days.text("至 {day:-1} 止，{month:-1} 与 {month:0}{x}"), "至 2026-11-19 止，2026-10 与 2026-11{x}");
    }
}
