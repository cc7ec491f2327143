//! `/instances/{id}/tasks/{task}/…`: what the holder of a task does with it.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use zhupi_app::view::ActedView;
use zhupi_app::{RequestKey, TaskAct};
use zhupi_engine::{self as engine, Then};

use super::told;
use crate::http::body::Sent;
use crate::http::limits::Dear;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

type Form = Map<String, Value>;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    version: u32,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    form: Option<Form>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    version: u32,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    form: Option<Form>,
    /// The step's own form.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    data: Option<Form>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resubmit {
    version: u32,
    #[serde(default)]
    comment: Option<String>,
    #[schema(value_type = Object)]
    form: Form,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    version: u32,
    #[serde(default)]
    comment: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    version: u32,
    /// `initiator`, `previous` or `step:NAME`.
    to: String,
    /// `direct` comes straight back here, `restart` goes step by step again.
    #[schema(value_type = String)]
    then: Then,
    #[serde(default)]
    comment: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    version: u32,
    /// A person's id.
    to: String,
    #[serde(default)]
    comment: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Vote {
    version: u32,
    ballot: Ballot,
    #[serde(default)]
    comment: Option<String>,
    /// Of the meeting: with the chair's ballot, where the flow asks for them.
    #[serde(default)]
    minutes: Option<String>,
}

/// What a member of a committee says, in the words of packs.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ballot {
    Agree,
    Against,
    Abstain,
}

impl From<Ballot> for engine::Ballot {
    fn from(ballot: Ballot) -> Self {
        match ballot {
            Ballot::Agree => Self::Yes,
            Ballot::Against => Self::No,
            Ballot::Abstain => Self::Abstain,
        }
    }
}

/// Approves.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/approve",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Approve,
    responses((status = 200, body = ActedView), (status = 409)),
    security(("session" = []))
)]
pub async fn approve(shared: State<Shared>, person: Person, at: At, sent: Sent<Approve>) -> Answered<Response> {
    let Approve { version, comment, form } = sent.value;
    act(shared, person, at, TaskAct::Approve { version, comment, form }, sent.key).await
}

/// Fills in what the step asks for.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/fill",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Fill,
    responses((status = 200, body = ActedView), (status = 409)),
    security(("session" = []))
)]
pub async fn fill(shared: State<Shared>, person: Person, at: At, sent: Sent<Fill>) -> Answered<Response> {
    let Fill { version, comment, form, data } = sent.value;
    act(shared, person, at, TaskAct::Fill { version, comment, form, data }, sent.key).await
}

/// Sends a returned request in again.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/resubmit",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Resubmit,
    responses((status = 200, body = ActedView), (status = 409)),
    security(("session" = []))
)]
pub async fn resubmit(shared: State<Shared>, person: Person, at: At, sent: Sent<Resubmit>) -> Answered<Response> {
    let Resubmit { version, comment, form } = sent.value;
    act(shared, person, at, TaskAct::Resubmit { version, comment, form }, sent.key).await
}

/// Casts a ballot in a committee.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/vote",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Vote,
    responses((status = 200, body = ActedView), (status = 409), (status = 422)),
    security(("session" = []))
)]
pub async fn vote(shared: State<Shared>, person: Person, at: At, sent: Sent<Vote>) -> Answered<Response> {
    let Vote { version, ballot, comment, minutes } = sent.value;
    act(shared, person, at, TaskAct::Vote { version, ballot: ballot.into(), comment, minutes }, sent.key).await
}

/// Rejects.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/reject",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Reject,
    responses((status = 200, body = ActedView), (status = 409)),
    security(("session" = []))
)]
pub async fn reject(shared: State<Shared>, person: Person, at: At, sent: Sent<Reject>) -> Answered<Response> {
    let Reject { version, comment } = sent.value;
    act(shared, person, at, TaskAct::Reject { version, comment }, sent.key).await
}

/// Sends the request back.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/return",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Return,
    responses((status = 200, body = ActedView), (status = 409)),
    security(("session" = []))
)]
pub async fn send_back(shared: State<Shared>, person: Person, at: At, sent: Sent<Return>) -> Answered<Response> {
    let Return { version, to, then, comment } = sent.value;
    act(shared, person, at, TaskAct::Return { version, to, then, comment }, sent.key).await
}

/// Hands the task to somebody else.
#[utoipa::path(
    post,
    path = "/instances/{id}/tasks/{task}/transfer",
    params(("id" = String, Path), ("task" = u32, Path)),
    request_body = Transfer,
    responses((status = 200, body = ActedView), (status = 409)),
    security(("session" = []))
)]
pub async fn transfer(shared: State<Shared>, person: Person, at: At, sent: Sent<Transfer>) -> Answered<Response> {
    let Transfer { version, to, comment } = sent.value;
    act(shared, person, at, TaskAct::Transfer { version, to, comment }, sent.key).await
}

/// The instance and the task's number.
type At = Path<(String, u32)>;

async fn act(
    State(shared): State<Shared>,
    person: Person,
    Path((id, task)): At,
    act: TaskAct,
    key: RequestKey,
) -> Answered<Response> {
    shared.limit(Dear::Write, &person.key())?;
    Ok(told(shared.app.act(&person.0, &id, task, act, key, shared.now()).await?))
}
