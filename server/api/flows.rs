//! `/flows`: what a person may start.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use zhupi_app::About;
use zhupi_app::view::{FlowView, PreviewView, StartView};

use super::Items;
use crate::http::asked::Asked;
use crate::http::body::Sent;
use crate::http::limits::Dear;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    #[schema(value_type = Object)]
    form: Map<String, Value>,
    #[serde(default)]
    period: Option<String>,
}

/// The record that the request is to be about; both or neither.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StartQuery {
    /// Its kind.
    about: Option<String>,
    id: Option<String>,
}

/// The flows that this person may start.
#[utoipa::path(get, path = "/flows", responses((status = 200, body = Items<FlowView>)), security(("session" = [])))]
pub async fn startable(State(shared): State<Shared>, Person(viewer): Person) -> Answered<Json<Items<FlowView>>> {
    Ok(Json(Items { items: shared.app.startable(&viewer)? }))
}

/// What starting a flow asks for, filled in from the record that it is about.
#[utoipa::path(
    get,
    path = "/flows/{flow}/start",
    params(("flow" = String, Path), StartQuery),
    responses((status = 200, body = StartView)),
    security(("session" = []))
)]
pub async fn start(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(flow): Path<String>,
    Asked(query): Asked<StartQuery>,
) -> Answered<Json<StartView>> {
    let about = query.about.zip(query.id).map(|(fact, id)| About { fact, id });
    Ok(Json(shared.app.start_form(&viewer, &flow, about.as_ref(), shared.now()).await?))
}

/// Whom a request with this form would go to, why, and what its fields look up. Keeps nothing.
#[utoipa::path(
    post,
    path = "/flows/{flow}/preview",
    params(("flow" = String, Path)),
    request_body = Draft,
    responses((status = 200, body = PreviewView)),
    security(("session" = []))
)]
pub async fn preview(
    State(shared): State<Shared>,
    person: Person,
    Path(flow): Path<String>,
    Sent { value, .. }: Sent<Draft>,
) -> Answered<Json<PreviewView>> {
    shared.limit(Dear::Compute, &person.key())?;
    Ok(Json(shared.app.preview(&person.0, &flow, value.form, value.period, shared.now()).await?))
}
