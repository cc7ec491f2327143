//! `/people`, `/departments`: looking colleagues up.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::IntoParams;
use zhupi_app::view::{DepartmentView, PickedPerson};

use super::Items;
use crate::http::asked::Asked;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PeopleQuery {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
}

/// Active colleagues whose name, id or login fits.
#[utoipa::path(
    get,
    path = "/people",
    params(PeopleQuery),
    responses((status = 200, body = Items<PickedPerson>)),
    security(("session" = []))
)]
pub async fn people(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<PeopleQuery>,
) -> Json<Items<PickedPerson>> {
    Json(Items { items: shared.app.people(&viewer, &query.q, query.limit.unwrap_or(usize::MAX)) })
}

/// One colleague, also one who has left.
#[utoipa::path(
    get,
    path = "/people/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = PickedPerson), (status = 404)),
    security(("session" = []))
)]
pub async fn person(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
) -> Answered<Json<PickedPerson>> {
    Ok(Json(shared.app.person(&viewer, &id)?))
}

/// All departments.
#[utoipa::path(
    get,
    path = "/departments",
    responses((status = 200, body = Items<DepartmentView>)),
    security(("session" = []))
)]
pub async fn departments(State(shared): State<Shared>, Person(viewer): Person) -> Json<Items<DepartmentView>> {
    Json(Items { items: shared.app.departments(&viewer) })
}
