//! `/substitutes`, `/admin/people/{id}/substitutes`: who acts for whom.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use zhupi_app::view::SubstitutesView;
use zhupi_app::{SubstituteWish, Viewer};

use crate::http::body::Sent;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

/// Somebody who is to act, or acts, for a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubstituteBody {
    person: String,
    /// The first day, in the company's time; absent: today.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from: Option<NaiveDate>,
    /// The last day; absent: until it is ended.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    until: Option<NaiveDate>,
    /// Only in these flows; empty: in all.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    flows: BTreeSet<String>,
}

impl From<SubstituteBody> for SubstituteWish {
    fn from(SubstituteBody { person, from, until, flows }: SubstituteBody) -> Self {
        Self { person, from, until, flows }
    }
}

type Body = Sent<SubstituteBody>;

/// Who acts for the reader, and for whom they act.
#[utoipa::path(get, path = "/substitutes", responses((status = 200, body = SubstitutesView)), security(("session" = [])))]
pub async fn mine(State(shared): State<Shared>, Person(viewer): Person) -> Answered<Json<SubstitutesView>> {
    shown(&shared, &viewer, None).await
}

/// Names somebody who acts for the reader.
#[utoipa::path(
    post,
    path = "/substitutes",
    request_body = SubstituteBody,
    responses((status = 200, body = SubstitutesView), (status = 422)),
    security(("session" = []))
)]
pub async fn name_mine(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Body,
) -> Answered<Json<SubstitutesView>> {
    shared.app.name_substitute(&person.0, None, &value.into(), shared.now()).await?;
    as_it_is_now(&shared, &person, None).await
}

/// Ends it, at once. The body is what was named, as it was shown.
#[utoipa::path(
    post,
    path = "/substitutes/end",
    request_body = SubstituteBody,
    responses((status = 200, body = SubstitutesView)),
    security(("session" = []))
)]
pub async fn end_mine(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Body,
) -> Answered<Json<SubstitutesView>> {
    shared.app.end_substitute(&person.0, None, &value.into(), shared.now()).await?;
    as_it_is_now(&shared, &person, None).await
}

/// Who acts for somebody, and for whom they act.
#[utoipa::path(
    get,
    path = "/admin/people/{id}/substitutes",
    params(("id" = String, Path)),
    responses((status = 200, body = SubstitutesView), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn of_person(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
) -> Answered<Json<SubstitutesView>> {
    shown(&shared, &viewer, Some(&id)).await
}

/// Names somebody who acts for a person; never whoever names them.
#[utoipa::path(
    post,
    path = "/admin/people/{id}/substitutes",
    params(("id" = String, Path)),
    request_body = SubstituteBody,
    responses((status = 200, body = SubstitutesView), (status = 403), (status = 404), (status = 422)),
    security(("session" = []))
)]
pub async fn name(
    State(shared): State<Shared>,
    person: Person,
    Path(id): Path<String>,
    Sent { value, .. }: Body,
) -> Answered<Json<SubstitutesView>> {
    shared.app.name_substitute(&person.0, Some(&id), &value.into(), shared.now()).await?;
    as_it_is_now(&shared, &person, Some(&id)).await
}

/// Ends it, at once. The body is what was named, as it was shown.
#[utoipa::path(
    post,
    path = "/admin/people/{id}/substitutes/end",
    params(("id" = String, Path)),
    request_body = SubstituteBody,
    responses((status = 200, body = SubstitutesView), (status = 403), (status = 404)),
    security(("session" = []))
)]
pub async fn end(
    State(shared): State<Shared>,
    person: Person,
    Path(id): Path<String>,
    Sent { value, .. }: Body,
) -> Answered<Json<SubstitutesView>> {
    shared.app.end_substitute(&person.0, Some(&id), &value.into(), shared.now()).await?;
    as_it_is_now(&shared, &person, Some(&id)).await
}

async fn shown(shared: &Shared, viewer: &Viewer, of: Option<&str>) -> Answered<Json<SubstitutesView>> {
    Ok(Json(shared.app.substitutes(viewer, of, shared.now()).await?))
}

/// The directory has just changed, and with it what the reader's viewer holds.
async fn as_it_is_now(shared: &Shared, person: &Person, of: Option<&str>) -> Answered<Json<SubstitutesView>> {
    let viewer = shared.app.viewer(person.0.company(), person.0.person(), shared.now()).await?;
    shown(shared, &viewer, of).await
}
