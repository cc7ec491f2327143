//! What is entered day by day: holidays, make-up workdays, and the years that are complete.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use crate::Text;

/// What a dated day is, whatever its day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayKind {
    /// 节假日: free.
    Holiday,
    /// 调休上班: worked.
    Workday,
}

/// One day that is not as its day of the week would make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedDay {
    #[serde(rename = "day")]
    pub kind: DayKind,
    /// What people call it, such as 国庆节.
    pub name: Text,
}

/// Holidays and make-up workdays of whole years; what a company uploads, and what the product ships.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarData {
    /// The years whose days are all known.
    #[serde(default)]
    pub years: BTreeSet<i32>,
    #[serde(default)]
    pub days: BTreeMap<NaiveDate, DatedDay>,
}

impl CalendarData {
    /// The public holidays and make-up workdays of China that ship with the product.
    pub fn china() -> &'static Self {
        static CHINA: LazyLock<CalendarData> =
            LazyLock::new(|| serde_json::from_str(include_str!("../../data/holidays-cn.json")).unwrap_or_default());
        &CHINA
    }

    /// Bare lists of dates, taken as complete for some years.
    pub fn from_lists(
        years: RangeInclusive<i32>,
        holidays: impl IntoIterator<Item = NaiveDate>,
        extra_workdays: impl IntoIterator<Item = NaiveDate>,
    ) -> Self {
        let day = |kind, zh: &str, en: &str| DatedDay { kind, name: Text::new(zh, en) };
        let holidays = holidays.into_iter().map(|date| (date, day(DayKind::Holiday, "节假日", "Holiday")));
        let workdays =
            extra_workdays.into_iter().map(|date| (date, day(DayKind::Workday, "调休上班", "Extra workday")));
        Self { years: years.collect(), days: holidays.chain(workdays).collect() }
    }

    /// Lays a company's own data over this: its days win, its years are added.
    pub fn overlaid(&self, own: &Self) -> Self {
        let mut merged = self.clone();
        merged.years.extend(&own.years);
        merged.days.extend(own.days.iter().map(|(date, day)| (*date, day.clone())));
        merged
    }
}

/// The days of the week on which nobody works unless a date says otherwise; Saturday and Sunday by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<WeekdayName>", into = "Vec<WeekdayName>")]
pub struct FreeDays(BTreeSet<WeekdayName>);

impl FreeDays {
    pub fn new(days: impl IntoIterator<Item = Weekday>) -> Self {
        Self(days.into_iter().map(WeekdayName::from).collect())
    }

    pub fn contains(&self, day: Weekday) -> bool {
        self.0.contains(&day.into())
    }
}

impl Default for FreeDays {
    fn default() -> Self {
        Self::new([Weekday::Sat, Weekday::Sun])
    }
}

/// A day of the week as calendars write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WeekdayName {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl From<Weekday> for WeekdayName {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Mon,
            Weekday::Tue => Self::Tue,
            Weekday::Wed => Self::Wed,
            Weekday::Thu => Self::Thu,
            Weekday::Fri => Self::Fri,
            Weekday::Sat => Self::Sat,
            Weekday::Sun => Self::Sun,
        }
    }
}

impl From<Vec<WeekdayName>> for FreeDays {
    fn from(days: Vec<WeekdayName>) -> Self {
        Self(days.into_iter().collect())
    }
}

impl From<FreeDays> for Vec<WeekdayName> {
    fn from(days: FreeDays) -> Self {
        days.0.into_iter().collect()
    }
}
