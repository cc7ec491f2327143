//! `/calendar`, `/admin/calendar`: the company's holidays and make-up workdays.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use zhupi_app::view::CalendarView;
use zhupi_app::{CALENDAR, CalendarFile, CalendarImported, Deployer, ImportedYear};

use super::admin::WarningView;
use super::instances::Nothing;
use crate::http::asked::Asked;
use crate::http::body::Sent;
use crate::http::limits::Dear;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CalendarQuery {
    /// This year where it is left out.
    year: Option<i32>,
}

/// A spreadsheet of days as CSV text: `date,day,name`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSheet {
    days: String,
    /// Years of which it holds every public holiday and make-up workday.
    #[serde(default)]
    complete: BTreeSet<i32>,
}

/// What became of each year.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct CalendarImportedView {
    pub years: Vec<ImportedYearView>,
    /// What was imported and may still be meant otherwise.
    pub warnings: Vec<WarningView>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub struct ImportedYearView {
    pub year: i32,
    /// Whether deadlines in it can be told now.
    pub complete: bool,
    /// The company's own days, now.
    pub days: usize,
    /// Days that are new, gone or different.
    pub changed: usize,
}

impl CalendarImportedView {
    pub fn of(imported: &CalendarImported) -> Self {
        let year = |year: &ImportedYear| ImportedYearView {
            year: year.year,
            complete: year.complete,
            days: year.days,
            changed: year.changed,
        };
        Self {
            years: imported.years.iter().map(year).collect(),
            warnings: imported.warnings.iter().map(WarningView::of).collect(),
        }
    }
}

/// The holidays and make-up workdays of a year, and which years are known.
#[utoipa::path(
    get,
    path = "/calendar",
    params(CalendarQuery),
    responses((status = 200, body = CalendarView)),
    security(("session" = []))
)]
pub async fn calendar(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<CalendarQuery>,
) -> Answered<Json<CalendarView>> {
    Ok(Json(shared.app.calendar_view(&viewer, query.year, shared.now()).await?))
}

/// Replaces the company's own days of the years that a spreadsheet names; running deadlines are counted again.
#[utoipa::path(
    post,
    path = "/admin/calendar/import",
    request_body = CalendarSheet,
    responses((status = 200, body = CalendarImportedView), (status = 403), (status = 422)),
    security(("session" = []))
)]
pub async fn import(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Sent<CalendarSheet>,
) -> Answered<Json<CalendarImportedView>> {
    shared.limit(Dear::Deploy, &person.key())?;
    let (by, company) = (Deployer::Person(&person.0), person.0.company());
    let file = CalendarFile { name: CALENDAR.to_owned(), text: value.days, complete: value.complete };
    let imported = shared.app.import_calendar(by, company, file, shared.now()).await?;
    Ok(Json(CalendarImportedView::of(&imported)))
}

/// Takes out what the company entered of a year; running deadlines are counted again.
#[utoipa::path(
    post,
    path = "/admin/calendar/{year}/remove",
    params(("year" = i32, Path)),
    request_body = Nothing,
    responses((status = 204), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn remove(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(year): Path<i32>,
    Sent { .. }: Sent<Nothing>,
) -> Answered<StatusCode> {
    shared.app.remove_calendar(Deployer::Person(&viewer), viewer.company(), year, shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
