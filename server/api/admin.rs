//! `/admin`: looking after people and what is known of them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use zhupi_app::access::{By, Who};
use zhupi_app::view::{AdminPerson, PageView, TextView};
use zhupi_app::{Deployer, Imported, PeopleFiles, Placed};
use zhupi_domain::PersonId;

use super::instances::{Nothing, Reason};
use crate::http::asked::Asked;
use crate::http::body::Sent;
use crate::http::limits::Dear;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AdminQuery {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

/// Spreadsheets as CSV text; any may be missing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spreadsheets {
    #[serde(default)]
    people: Option<String>,
    #[serde(default)]
    departments: Option<String>,
    #[serde(default)]
    substitutes: Option<String>,
}

/// How many were new or changed.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ImportedView {
    pub people: usize,
    pub departments: usize,
    /// What was imported and may still be meant otherwise.
    pub warnings: Vec<WarningView>,
}

/// What may be meant otherwise, and where it is written.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct WarningView {
    /// File, line and column, such as `people.csv:3:12`.
    pub place: String,
    code: String,
    pub message: TextView,
}

impl WarningView {
    pub fn of(found: &Placed) -> Self {
        Self { place: found.place(), code: found.finding.code.to_owned(), message: found.message().into() }
    }
}

impl ImportedView {
    pub fn of(imported: &Imported) -> Self {
        let warnings = imported.warnings.iter().map(WarningView::of).collect();
        Self { people: imported.people, departments: imported.departments, warnings }
    }
}

/// Records of one kind, each an object of its fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactRows {
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
}

/// How many are new, and how many were there already.
#[derive(Serialize, ToSchema)]
pub struct ImportedFactsView {
    recorded: usize,
    known: usize,
}

/// A link to be handed to its person; whoever made it never learns the password.
#[derive(Serialize, ToSchema)]
pub struct LinkView {
    link: String,
    expires_at: String,
}

/// Everybody of the company.
#[utoipa::path(
    get,
    path = "/admin/people",
    params(AdminQuery),
    responses((status = 200, body = PageView<AdminPerson>), (status = 403)),
    security(("session" = []))
)]
pub async fn people(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<AdminQuery>,
) -> Answered<Json<PageView<AdminPerson>>> {
    Ok(Json(shared.app.admin_people(&viewer, &query.q, query.after.as_deref())?))
}

/// Adds and updates people, departments and substitutes from spreadsheets.
#[utoipa::path(
    post,
    path = "/admin/people/import",
    request_body = Spreadsheets,
    responses((status = 200, body = ImportedView), (status = 403), (status = 422)),
    security(("session" = []))
)]
pub async fn import(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Sent<Spreadsheets>,
) -> Answered<Json<ImportedView>> {
    shared.limit(Dear::Deploy, &person.key())?;
    let viewer = &person.0;
    let files = PeopleFiles { people: value.people, departments: value.departments, substitutes: value.substitutes };
    let by = Deployer::Person(viewer);
    let imported = shared.app.import_people(by, viewer.company(), files, shared.now()).await?;
    Ok(Json(ImportedView::of(&imported)))
}

/// Records facts of one kind: all, or none where one is wrong.
#[utoipa::path(
    post,
    path = "/admin/facts/{kind}/import",
    params(("kind" = String, Path)),
    request_body = FactRows,
    responses((status = 200, body = ImportedFactsView), (status = 403), (status = 422)),
    security(("session" = []))
)]
pub async fn import_facts(
    State(shared): State<Shared>,
    person: Person,
    Path(kind): Path<String>,
    Sent { value, .. }: Sent<FactRows>,
) -> Answered<Json<ImportedFactsView>> {
    shared.limit(Dear::Deploy, &person.key())?;
    let (by, company) = (Deployer::Person(&person.0), person.0.company());
    let imported = shared.app.import_facts(by, company, &kind, value.rows, shared.now()).await?;
    Ok(Json(ImportedFactsView { recorded: imported.recorded, known: imported.known }))
}

/// Makes a link by which a person chooses a new password.
#[utoipa::path(
    post,
    path = "/admin/people/{id}/password-reset",
    params(("id" = String, Path)),
    request_body = Nothing,
    responses((status = 200, body = LinkView), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn start_reset(
    State(shared): State<Shared>,
    person: Person,
    Path(id): Path<String>,
    Sent { .. }: Sent<Nothing>,
) -> Answered<Json<LinkView>> {
    // Asking for the list is what proves the right: there is no other way to look after people.
    shared.app.admin_people(&person.0, "", None)?;
    shared.limit(Dear::Password, &person.key())?;
    let who = Who { company: person.0.company().clone(), person: PersonId::new(id) };
    let by = By::Person(person.0.person().clone());
    let link = shared.access.start_reset(&who, &by, shared.now()).await?;
    Ok(Json(LinkView {
        link: format!("{}/reset#{}", shared.public_url, link.token.secret()),
        expires_at: link.expires_at.to_string(),
    }))
}

/// Deactivates a person who has left. Their sessions end at once.
#[utoipa::path(
    post,
    path = "/admin/people/{id}/deactivate",
    params(("id" = String, Path)),
    request_body = Reason,
    responses((status = 204), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn deactivate(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
    Sent { value, .. }: Sent<Reason>,
) -> Answered<StatusCode> {
    shared.app.deactivate(&viewer, &id, &value.reason, shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a person in again.
#[utoipa::path(
    post,
    path = "/admin/people/{id}/activate",
    params(("id" = String, Path)),
    request_body = Nothing,
    responses((status = 204), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn activate(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
    Sent { .. }: Sent<Nothing>,
) -> Answered<StatusCode> {
    shared.app.activate(&viewer, &id, shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
