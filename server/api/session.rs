//! `/session`: logging in and out, and what a person sets for themselves.

use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use zhupi_app::Viewer;
use zhupi_app::access::{LogIn, LoggedIn};
use zhupi_app::view::SessionView;
use zhupi_domain::Locale;

use crate::http::body::Sent;
use crate::http::client::From;
use crate::http::limits::Dear;
use crate::http::person::{self, Person};
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    company: String,
    login: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenLanguage {
    /// `zh` or `en`.
    #[schema(value_type = String)]
    language: Locale,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedPassword {
    old: String,
    new: String,
}

/// Who is logged in.
#[utoipa::path(get, path = "/session", responses((status = 200, body = SessionView)), security(("session" = [])))]
pub async fn session(State(shared): State<Shared>, Person(viewer): Person) -> Json<SessionView> {
    Json(session_of(&shared, &viewer))
}

/// Logs in. All failures are told in the same words.
#[utoipa::path(post, path = "/session", request_body = Credentials, responses((status = 200, body = SessionView)))]
pub async fn log_in(
    State(shared): State<Shared>,
    From(client): From,
    Sent { value, .. }: Sent<Credentials>,
) -> Answered<Response> {
    shared.limit(Dear::Password, &client.address)?;
    let Credentials { company, login, password } = value;
    let attempt = LogIn { company, login, password };
    let logged_in = shared.access.log_in(attempt, &client, shared.now()).await?;
    begun(&shared, logged_in).await
}

/// Logs out. Also well when nobody is logged in.
#[utoipa::path(delete, path = "/session", responses((status = 204)))]
pub async fn log_out(State(shared): State<Shared>, headers: HeaderMap) -> Answered<Response> {
    if let Some(token) = person::token(&headers, &shared) {
        shared.access.log_out(&token, shared.now()).await?;
    }
    let taken = shared.cookies.taken().map(|cookie| (SET_COOKIE, cookie));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(taken)).into_response())
}

/// Chooses the language of texts and notices.
#[utoipa::path(
    put,
    path = "/session/language",
    request_body = ChosenLanguage,
    responses((status = 204)),
    security(("session" = []))
)]
pub async fn language(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Sent<ChosenLanguage>,
) -> Answered<StatusCode> {
    shared.access.set_language(&person.who(), value.language, shared.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the password. All sessions end; this browser gets a new one.
#[utoipa::path(
    put,
    path = "/session/password",
    request_body = ChangedPassword,
    responses((status = 204)),
    security(("session" = []))
)]
pub async fn password(
    State(shared): State<Shared>,
    person: Person,
    From(client): From,
    Sent { value, .. }: Sent<ChangedPassword>,
) -> Answered<Response> {
    shared.limit(Dear::Password, &person.key())?;
    let (who, now) = (person.who(), shared.now());
    let logged_in = shared.access.change_password(&who, &value.old, &value.new, &client, now).await?;
    Ok((StatusCode::NO_CONTENT, given(&shared, &logged_in)).into_response())
}

/// The answer to who has just come in.
pub async fn begun(shared: &Shared, logged_in: LoggedIn) -> Answered<Response> {
    let viewer = shared.app.viewer(&logged_in.who.company, &logged_in.who.person, shared.now()).await?;
    let view = session_of(shared, &viewer);
    Ok((given(shared, &logged_in), Json(view)).into_response())
}

fn session_of(shared: &Shared, viewer: &Viewer) -> SessionView {
    let demo = shared.shown.contains_key(viewer.company().as_str());
    SessionView { demo, ..shared.app.session_view(viewer) }
}

fn given(
    shared: &Shared,
    logged_in: &LoggedIn,
) -> AppendHeaders<impl Iterator<Item = (axum::http::HeaderName, axum::http::HeaderValue)> + use<>> {
    AppendHeaders(shared.cookies.given(logged_in).into_iter().map(|cookie| (SET_COOKIE, cookie)))
}
