//! `/admin/incidents` and `/admin/messages`: what stopped, and what was given up on, for those who look after both.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use zhupi_app::view::{AdminIncident, PageView, ParkedMessage};

use super::instances::Nothing;
use crate::http::asked::Asked;
use crate::http::body::Sent;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    after: Option<String>,
}

/// What waits for somebody to look at it.
#[utoipa::path(
    get,
    path = "/admin/incidents",
    params(PageQuery),
    responses((status = 200, body = PageView<AdminIncident>), (status = 403)),
    security(("session" = []))
)]
pub async fn list(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<PageQuery>,
) -> Answered<Json<PageView<AdminIncident>>> {
    Ok(Json(shared.app.incidents(&viewer, query.after.as_deref()).await?))
}

/// Messages that were tried too often: notices, automatic steps, tasks to be handed over.
#[utoipa::path(
    get,
    path = "/admin/messages",
    params(PageQuery),
    responses((status = 200, body = PageView<ParkedMessage>), (status = 403)),
    security(("session" = []))
)]
pub async fn parked(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<PageQuery>,
) -> Answered<Json<PageView<ParkedMessage>>> {
    Ok(Json(shared.app.parked(&viewer, query.after.as_deref()).await?))
}

/// Has one of them tried again at once.
#[utoipa::path(
    post,
    path = "/admin/messages/{id}/retry",
    params(("id" = String, Path)),
    request_body = Nothing,
    responses((status = 204), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn retry(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
    Sent { .. }: Sent<Nothing>,
) -> Answered<StatusCode> {
    shared.app.try_again(&viewer, &id, shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
