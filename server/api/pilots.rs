//! `/admin/pilots`: two releases beside each other on the same rows.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use zhupi_app::view::{PageView, PilotChoices, PilotExplainedView, PilotSummaryView, PilotView};
use zhupi_app::{AppError, Candidate, PilotRequest};
use zhupi_domain::{ContentHash, ReleaseHash};
use zhupi_pack::pilot::Source;

use super::told;
use crate::http::asked::Asked;
use crate::http::limits::Dear;
use crate::http::once::Once;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

/// What is to be compared, and over what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PilotSent {
    policy: String,
    candidate: CandidateSent,
    /// Hash of the release that is compared with; absent: the one that is deployed.
    #[serde(default)]
    current: Option<String>,
    /// The day at which params are read for rows that name none; absent: today.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    as_of: Option<NaiveDate>,
    rows: TableSent,
    /// Records that inputs with `from: fact:` are looked up in, by their kind.
    #[serde(default)]
    facts: BTreeMap<String, TableSent>,
}

/// One of the two: a release by its hash, or the files of a pack, path to text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateSent {
    #[serde(default)]
    release: Option<String>,
    #[serde(default)]
    files: Option<BTreeMap<String, String>>,
}

/// One of the two: a spreadsheet as CSV text with a head line, or records.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableSent {
    #[serde(default)]
    csv: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    records: Option<Vec<Map<String, Value>>>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PilotsQuery {
    after: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PayeesQuery {
    /// Found anywhere in a payee.
    q: Option<String>,
    after: Option<String>,
}

impl PilotSent {
    fn request(self) -> Result<PilotRequest, AppError> {
        let candidate = match (self.candidate.release, self.candidate.files) {
            (Some(release), None) => Candidate::Release(hash(&release)?),
            (None, Some(files)) => Candidate::Files(files),
            _ => return Err(one_of("candidate", "release", "files")),
        };
        let facts = self.facts.into_iter().map(|(kind, table)| Ok((kind.clone(), table.source(&kind)?)));
        Ok(PilotRequest {
            candidate,
            current: self.current.as_deref().map(hash).transpose()?,
            policy: self.policy,
            as_of: self.as_of,
            rows: self.rows.source("rows")?,
            facts: facts.collect::<Result<_, AppError>>()?,
        })
    }
}

impl TableSent {
    fn source(self, name: &str) -> Result<Source, AppError> {
        match (self.csv, self.records) {
            (Some(csv), None) => Ok(Source::new(format!("{name}.csv"), csv)),
            (None, Some(records)) => Ok(Source::of_records(format!("{name}.jsonl"), &records)),
            _ => Err(one_of(name, "csv", "records")),
        }
    }
}

fn one_of(what: &str, one: &str, other: &str) -> AppError {
    AppError::bad(
        "body_invalid",
        format!("`{what}` 里请写 `{one}` 或 `{other}` 之一"),
        format!("`{what}` takes one of `{one}` and `{other}`"),
    )
}

fn hash(text: &str) -> Result<ReleaseHash, AppError> {
    let bad = || {
        AppError::bad("release_unknown", "版本应为 64 位十六进制数字", "A release is named by 64 hexadecimal digits")
    };
    ContentHash::parse(text).map(ReleaseHash).ok_or_else(bad)
}

/// Compares two releases and keeps what came of it.
#[utoipa::path(
    post,
    path = "/admin/pilots",
    request_body = PilotSent,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = PilotView), (status = 403), (status = 422)),
    security(("session" = []))
)]
pub async fn run(State(shared): State<Shared>, person: Person, sent: Once<PilotSent>) -> Answered<Response> {
    shared.limit(Dear::Pilot, &person.key())?;
    let Once { value, key } = sent;
    Ok(told(shared.app.pilot(&person.0, value.request()?, &key, shared.now()).await?))
}

/// The company's pilots, newest first.
#[utoipa::path(
    get,
    path = "/admin/pilots",
    params(PilotsQuery),
    responses((status = 200, body = PageView<PilotSummaryView>), (status = 403)),
    security(("session" = []))
)]
pub async fn list(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<PilotsQuery>,
) -> Answered<Json<PageView<PilotSummaryView>>> {
    Ok(Json(shared.app.pilots(&viewer, query.after.as_deref()).await?))
}

/// What a pilot can be made of: releases, policies and their inputs.
#[utoipa::path(
    get,
    path = "/admin/pilots/choices",
    responses((status = 200, body = PilotChoices), (status = 403)),
    security(("session" = []))
)]
pub async fn choices(State(shared): State<Shared>, Person(viewer): Person) -> Answered<Json<PilotChoices>> {
    Ok(Json(shared.app.pilot_choices(&viewer).await?))
}

/// One pilot, with a page of its payees.
#[utoipa::path(
    get,
    path = "/admin/pilots/{id}",
    params(("id" = String, Path), PayeesQuery),
    responses((status = 200, body = PilotView), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn read(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
    Asked(query): Asked<PayeesQuery>,
) -> Answered<Json<PilotView>> {
    Ok(Json(shared.app.pilot_view(&viewer, &id, query.q.as_deref(), query.after.as_deref()).await?))
}

/// One payee of a pilot, with the explanations of both releases.
#[utoipa::path(
    get,
    path = "/admin/pilots/{id}/payees/{payee}",
    params(("id" = String, Path), ("payee" = String, Path)),
    responses((status = 200, body = PilotExplainedView), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn payee(
    State(shared): State<Shared>,
    person: Person,
    Path((id, payee)): Path<(String, String)>,
) -> Answered<Json<PilotExplainedView>> {
    shared.limit(Dear::Compute, &person.key())?;
    Ok(Json(shared.app.pilot_payee(&person.0, &id, &payee).await?))
}
