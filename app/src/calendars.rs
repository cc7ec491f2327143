//! The company's own holidays and make-up workdays: bringing them in, taking them out, showing them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use zhupi_domain::calendar::{Calendar, CalendarData, DatedDay};
use zhupi_domain::{CompanyId, Instant};
use zhupi_pack::seeds::{Complete, read_calendar};
use zhupi_store::{Calendar as Stored, Change, Commit, CommitOutcome, Guard, NewEvent, Stream, WritePort};

use crate::count_again;
use crate::directory_events::Signed;
use crate::import::off_the_way;
use crate::permit::{self, Viewer};
use crate::placed::importable;
use crate::release::Deployer;
use crate::view::{CalendarDayView, CalendarView, CalendarYearView};
use crate::{App, AppError, Placed, company};

/// What findings call a calendar that was sent without a name.
pub const CALENDAR: &str = "calendar.csv";

/// Days of one or several years. What the company had of its own in these years is replaced.
#[derive(Debug, Clone, Default)]
pub struct CalendarFile {
    /// What findings call it.
    pub name: String,
    pub text: String,
    /// Years of which the file holds every holiday and make-up workday. A year that was complete stays so.
    pub complete: BTreeSet<i32>,
}

/// What an import of days did.
#[derive(Debug, Clone)]
pub struct CalendarImported {
    pub years: Vec<ImportedYear>,
    pub warnings: Vec<Placed>,
}

/// One year of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedYear {
    pub year: i32,
    /// Whether it can be counted with now.
    pub complete: bool,
    /// Days of the company's own, now.
    pub days: usize,
    /// Days that are new, gone, or of another kind or name.
    pub changed: usize,
}

/// What the log says of a year: every day before and after.
#[derive(Serialize)]
struct Told<'a> {
    year: i32,
    complete: bool,
    days: BTreeMap<NaiveDate, Day<'a>>,
}

/// Null where the company has no such day of its own.
#[derive(Serialize)]
struct Day<'a> {
    before: Option<&'a DatedDay>,
    after: Option<&'a DatedDay>,
}

impl App {
    /// Brings a company's own days in, and has every running deadline counted again.
    pub async fn import_calendar(
        &self,
        by: Deployer<'_>,
        company: &CompanyId,
        file: CalendarFile,
        now: Instant,
    ) -> Result<CalendarImported, AppError> {
        let signed = Signed { actor: self.importer(&by, company)?, at: now };
        let (version, before) = self.own_calendar(company).await?;
        let known = before.values().flat_map(|data| data.years.clone()).collect();
        let (years, found) = off_the_way(move || {
            let complete = Complete { declared: file.complete, known };
            let (years, found) = read_calendar(&file.name, &file.text, &complete);
            Ok((years, found.into_iter().map(|one| Placed::new(one, Some(&file.text))).collect::<Vec<_>>()))
        })
        .await?;
        let warnings = importable(found)?;
        let after = years.into_iter().map(|(year, data)| (year, Some(data)));
        let years = self.put_years(company, &signed, version, &before, after.collect()).await?;
        Ok(CalendarImported { years, warnings })
    }

    /// Takes out what a company entered of a year: the shipped days hold again, where there are any.
    pub async fn remove_calendar(
        &self,
        by: Deployer<'_>,
        company: &CompanyId,
        year: i32,
        now: Instant,
    ) -> Result<(), AppError> {
        let signed = Signed { actor: self.importer(&by, company)?, at: now };
        let (version, before) = self.own_calendar(company).await?;
        if !before.contains_key(&year) {
            return Err(permit::Denied::NotFound.into());
        }
        self.put_years(company, &signed, version, &before, BTreeMap::from([(year, None)])).await.map(drop)
    }

    /// Writes years that differ; none removes one.
    async fn put_years(
        &self,
        company: &CompanyId,
        signed: &Signed,
        version: i64,
        before: &BTreeMap<i32, CalendarData>,
        after: BTreeMap<i32, Option<CalendarData>>,
    ) -> Result<Vec<ImportedYear>, AppError> {
        let internal = |error: serde_json::Error| AppError::Internal(error.to_string());
        let mut commit = Commit::new(company.clone());
        commit.guards.push(Guard::Stream { stream: Stream::Calendars, number: version });
        let mut years = Vec::new();
        for (year, data) in after {
            let (old, name) = (before.get(&year), year.to_string());
            let nothing = CalendarData::default();
            let new = data.as_ref().unwrap_or(&nothing);
            let told = told(year, old.unwrap_or(&nothing), new);
            let complete = told.complete || CalendarData::china().years.contains(&year);
            years.push(ImportedYear { year, complete, days: new.days.len(), changed: told.days.len() });
            if old == data.as_ref() {
                continue;
            }
            commit.events.push(event(signed, &told).map_err(internal)?);
            commit.changes.push(match &data {
                Some(data) => {
                    Change::PutCalendar(Stored { name, body: serde_json::to_string(data).map_err(internal)? })
                }
                None => Change::RemoveCalendar { name },
            });
        }
        if commit.changes.is_empty() {
            return Ok(years);
        }
        commit.changes.extend(count_again::messages(company, version + 1, signed.at)?);
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) => Ok(years),
            CommitOutcome::Conflict(_) => Err(AppError::Changed),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }

    /// What a company entered itself, by year, and the version of it.
    async fn own_calendar(&self, company: &CompanyId) -> Result<(i64, BTreeMap<i32, CalendarData>), AppError> {
        // A stream of its own would stay behind for a company that is only mistyped.
        self.store().company(company).await?.ok_or(permit::Denied::NotFound)?;
        let (version, _) = self.store().head(company, &Stream::Calendars).await?;
        let mut years = BTreeMap::new();
        for stored in self.store().calendars(company).await? {
            let damaged = || AppError::Internal(format!("calendar {} cannot be read", stored.name));
            let year = stored.name.parse().map_err(|_| damaged())?;
            years.insert(year, serde_json::from_str(&stored.body).map_err(|_| damaged())?);
        }
        Ok((version, years))
    }

    /// The days of a year as they hold for the company, and which years are known. None: the year of today.
    pub async fn calendar_view(
        &self,
        viewer: &Viewer,
        year: Option<i32>,
        now: Instant,
    ) -> Result<CalendarView, AppError> {
        let calendar = company::calendar(self.store(), viewer.company(), viewer.release()?).await?;
        let (_, own) = self.own_calendar(viewer.company()).await?;
        let today = calendar.local_date(now);
        let year = year.unwrap_or_else(|| today.year());
        if !(1..=9999).contains(&year) {
            return Err(AppError::bad("year_invalid", "年份应在 1 到 9999 之间", "A year is from 1 to 9999"));
        }
        let days = calendar.data().days.iter().filter(|(date, _)| date.year() == year);
        let day = |(date, day): (&NaiveDate, &DatedDay)| CalendarDayView {
            date: *date,
            day: day.kind,
            name: day.name.clone().into(),
            own: own.get(&year).is_some_and(|own| own.days.contains_key(date)),
        };
        Ok(CalendarView {
            year,
            complete: calendar.data().years.contains(&year),
            days: days.map(day).collect(),
            years: years(&calendar, &own, today.year()),
            missing: (today.year()..=today.year() + 1).filter(|y| !calendar.data().years.contains(y)).collect(),
        })
    }
}

/// The years that somebody may want to look at: those that are known or have days, and last year to next.
fn years(calendar: &Calendar, own: &BTreeMap<i32, CalendarData>, this: i32) -> Vec<CalendarYearView> {
    let shipped = &CalendarData::china().years;
    let known = calendar.data().years.iter().chain(own.keys()).copied();
    let years: BTreeSet<i32> = known.chain(this - 1..=this + 1).collect();
    let view = |year: i32| CalendarYearView {
        year,
        complete: calendar.data().years.contains(&year),
        shipped: shipped.contains(&year),
        own_days: own.get(&year).map_or(0, |own| own.days.len()),
    };
    years.into_iter().map(view).collect()
}

fn told<'a>(year: i32, before: &'a CalendarData, after: &'a CalendarData) -> Told<'a> {
    let dates: BTreeSet<&NaiveDate> = before.days.keys().chain(after.days.keys()).collect();
    let day = |date: &NaiveDate| (*date, Day { before: before.days.get(date), after: after.days.get(date) });
    let days = dates.into_iter().map(day).filter(|(_, day)| day.before != day.after).collect();
    Told { year, complete: after.years.contains(&year), days }
}

fn event(signed: &Signed, told: &Told<'_>) -> Result<NewEvent, serde_json::Error> {
    Ok(NewEvent { stream: Stream::Calendars, ..signed.event("calendar_changed", told)? })
}
