//! Between instants and the company's local dates and clock.

use chrono::{Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::{Calendar, CalendarError};
use crate::Instant;

impl Calendar {
    /// The date on the company's clocks.
    pub fn local_date(&self, instant: Instant) -> NaiveDate {
        self.local(instant).date()
    }

    /// Date and time on the company's clocks.
    pub fn local(&self, instant: Instant) -> NaiveDateTime {
        self.zone.from_utc_datetime(&instant.utc().naive_utc()).naive_local()
    }

    /// The instant at which the company's clocks show a date and time.
    ///
    /// A time that the clocks skip (start of summer time) is the first moment after the gap; one that they show twice is
    /// the first of the two. So later local times are never earlier instants.
    pub fn at(&self, date: NaiveDate, time: NaiveTime) -> Result<Instant, CalendarError> {
        at(self.zone, date.and_time(time))
    }

    /// The instant of a minute of a local day; minute 1440 is the midnight after it.
    pub(super) fn at_minute(&self, date: NaiveDate, minute: u16) -> Result<Instant, CalendarError> {
        let midnight = date.and_time(NaiveTime::MIN);
        let local = midnight.checked_add_signed(TimeDelta::minutes(minute.into())).ok_or(CalendarError::OutOfRange)?;
        at(self.zone, local)
    }

    /// The first moment of the day after a date: its 24:00.
    pub(super) fn end_of(&self, date: NaiveDate) -> Result<Instant, CalendarError> {
        let next = date.checked_add_days(Days::new(1)).ok_or(CalendarError::OutOfRange)?;
        self.at_minute(next, 0)
    }
}

/// No zone has ever skipped more than a day.
const LONGEST_GAP_MINUTES: i64 = 24 * 60 + 1;

fn at(zone: Tz, local: NaiveDateTime) -> Result<Instant, CalendarError> {
    for minutes in 0..=LONGEST_GAP_MINUTES {
        let later = if minutes == 0 { Some(local) } else { whole_minute(local, minutes) };
        match zone.from_local_datetime(&later.ok_or(CalendarError::OutOfRange)?) {
            LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => {
                return Ok(Instant::new(moment.to_utc()));
            }
            LocalResult::None => {}
        }
    }
    Err(CalendarError::OutOfRange)
}

/// The n-th full minute after a time: gaps end on one.
fn whole_minute(local: NaiveDateTime, n: i64) -> Option<NaiveDateTime> {
    let into_minute = local.and_utc().timestamp().rem_euclid(60);
    let start = NaiveDateTime::checked_sub_signed(local, TimeDelta::seconds(into_minute))?;
    start.checked_add_signed(TimeDelta::minutes(n))
}

/// A time zone by its IANA name.
pub(super) mod name {
    use chrono_tz::Tz;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(zone.name())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(|_| serde::de::Error::custom(format!("unknown time zone `{name}`")))
    }
}
