//! `/instances`: requests, and what can be done to one as a whole.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use zhupi_app::view::{ActedView, ExplanationView, InstanceSummary, InstanceView, PageView, TimelineEntry};
use zhupi_app::{About, InstancesQuery, NewRequest, Which};
use zhupi_domain::InstanceId;

use super::told;
use crate::http::asked::Asked;
use crate::http::body::Sent;
use crate::http::limits::Dear;
use crate::http::once::Once;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InstanceQuery {
    #[serde(default)]
    view: InstanceScope,
    status: Option<String>,
    flow: Option<String>,
    /// Found anywhere in title or number.
    q: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InstanceScope {
    /// Those that this person submitted.
    #[default]
    Mine,
    /// Those that this person dealt with.
    Handled,
    /// All that this person may read.
    Readable,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineQuery {
    /// The number of an entry: what happened before it; the last, where absent.
    before: Option<i64>,
    limit: Option<usize>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    flow: String,
    #[schema(value_type = Object)]
    form: Map<String, Value>,
    #[serde(default)]
    period: Option<String>,
    #[serde(default)]
    about: Option<AboutSent>,
}

/// The record that a request is about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AboutSent {
    fact: String,
    id: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    text: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionalReason {
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Requests, newest first.
#[utoipa::path(
    get,
    path = "/instances",
    params(InstanceQuery),
    responses((status = 200, body = PageView<InstanceSummary>)),
    security(("session" = []))
)]
pub async fn list(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<InstanceQuery>,
) -> Answered<Json<PageView<InstanceSummary>>> {
    let query = InstancesQuery {
        which: match query.view {
            InstanceScope::Mine => Which::Mine,
            InstanceScope::Handled => Which::Handled,
            InstanceScope::Readable => Which::Readable,
        },
        status: query.status,
        flow: query.flow,
        text: query.q,
        after: query.after,
        limit: query.limit,
    };
    Ok(Json(shared.app.instances(&viewer, query).await?))
}

/// Submits a request.
#[utoipa::path(
    post,
    path = "/instances",
    request_body = Submission,
    responses((status = 201, body = ActedView), (status = 422)),
    security(("session" = []))
)]
pub async fn submit(
    State(shared): State<Shared>,
    person: Person,
    Once { value, key }: Once<Submission>,
) -> Answered<Response> {
    shared.limit(Dear::Write, &person.key())?;
    let about = value.about.map(|AboutSent { fact, id }| About { fact, id });
    let request = NewRequest { flow: value.flow, form: value.form, period: value.period, about };
    Ok(told(shared.app.submit(&person.0, request, key, shared.now()).await?))
}

/// Everything about one request that this person may see.
#[utoipa::path(
    get,
    path = "/instances/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = InstanceView), (status = 404)),
    security(("session" = []))
)]
pub async fn read(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
) -> Answered<Json<InstanceView>> {
    let now = shared.now();
    let view = shared.app.instance(&viewer, &id, now).await?;
    shared.watching.note(viewer.company(), &InstanceId::new(id), viewer.person(), now);
    Ok(Json(view))
}

/// What happened to a request, oldest first; `next` is the `before` of what happened earlier.
#[utoipa::path(
    get,
    path = "/instances/{id}/timeline",
    params(("id" = String, Path), TimelineQuery),
    responses((status = 200, body = PageView<TimelineEntry>), (status = 404)),
    security(("session" = []))
)]
pub async fn timeline(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(id): Path<String>,
    Asked(query): Asked<TimelineQuery>,
) -> Answered<Json<PageView<TimelineEntry>>> {
    Ok(Json(shared.app.timeline(&viewer, &id, query.before, query.limit).await?))
}

/// How the amounts of one policy step came about.
#[utoipa::path(
    get,
    path = "/instances/{id}/explanations/{visit}",
    params(("id" = String, Path), ("visit" = u32, Path)),
    responses((status = 200, body = ExplanationView), (status = 404)),
    security(("session" = []))
)]
pub async fn explanation(
    State(shared): State<Shared>,
    person: Person,
    Path((id, visit)): Path<(String, u32)>,
) -> Answered<Json<ExplanationView>> {
    shared.limit(Dear::Compute, &person.key())?;
    Ok(Json(shared.app.explanation(&person.0, &id, visit).await?))
}

/// Says something to all who may read the request.
#[utoipa::path(
    post,
    path = "/instances/{id}/comments",
    params(("id" = String, Path)),
    request_body = Comment,
    responses((status = 200, body = ActedView)),
    security(("session" = []))
)]
pub async fn comment(
    State(shared): State<Shared>,
    person: Person,
    Path(id): Path<String>,
    Once { value, key }: Once<Comment>,
) -> Answered<Response> {
    shared.limit(Dear::Write, &person.key())?;
    Ok(told(shared.app.comment(&person.0, &id, value.text, key, shared.now()).await?))
}

/// Takes a request back: its initiator only.
#[utoipa::path(
    post,
    path = "/instances/{id}/withdraw",
    params(("id" = String, Path)),
    request_body = OptionalReason,
    responses((status = 200, body = ActedView)),
    security(("session" = []))
)]
pub async fn withdraw(
    State(shared): State<Shared>,
    person: Person,
    Path(id): Path<String>,
    Sent { value, key }: Sent<OptionalReason>,
) -> Answered<Response> {
    shared.limit(Dear::Write, &person.key())?;
    Ok(told(shared.app.withdraw(&person.0, &id, value.reason, key, shared.now()).await?))
}

/// Ends a request for everybody.
#[utoipa::path(
    post,
    path = "/instances/{id}/cancel",
    params(("id" = String, Path)),
    request_body = Reason,
    responses((status = 200, body = ActedView)),
    security(("session" = []))
)]
pub async fn cancel(
    State(shared): State<Shared>,
    person: Person,
    Path(id): Path<String>,
    Sent { value, key }: Sent<Reason>,
) -> Answered<Response> {
    shared.limit(Dear::Write, &person.key())?;
    Ok(told(shared.app.cancel(&person.0, &id, value.reason, key, shared.now()).await?))
}

/// Tries again what an incident stopped.
#[utoipa::path(
    post,
    path = "/instances/{id}/incidents/{incident}/retry",
    params(("id" = String, Path), ("incident" = u32, Path)),
    request_body = Nothing,
    responses((status = 200, body = ActedView)),
    security(("session" = []))
)]
pub async fn retry(
    State(shared): State<Shared>,
    person: Person,
    Path((id, incident)): Path<(String, u32)>,
    Sent { key, .. }: Sent<Nothing>,
) -> Answered<Response> {
    shared.limit(Dear::Write, &person.key())?;
    Ok(told(shared.app.retry(&person.0, &id, incident, key, shared.now()).await?))
}
