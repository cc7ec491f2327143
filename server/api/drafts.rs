//! `/drafts`: what a person has begun to write.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use zhupi_app::view::DraftView;

use crate::http::body::Sent;
use crate::http::person::Person;
use crate::http::problem::{Answered, Failure};
use crate::http::state::Shared;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Written {
    #[schema(value_type = Object)]
    body: Value,
}

/// The version that a draft has now.
#[derive(Serialize, ToSchema)]
pub struct Saved {
    version: String,
}

/// One draft of this person.
#[utoipa::path(
    get,
    path = "/drafts/{key}",
    params(("key" = String, Path)),
    responses((status = 200, body = DraftView)),
    security(("session" = []))
)]
pub async fn read(State(shared): State<Shared>, Person(viewer): Person, Path(key): Path<String>) -> Answered<Response> {
    let draft = shared.app.draft(&viewer, &key).await?;
    Ok((etag(&draft.version.to_string()), Json(draft)).into_response())
}

/// Saves a draft over the version in `If-Match`, or a first one with `If-None-Match: *`.
#[utoipa::path(
    put,
    path = "/drafts/{key}",
    params(("key" = String, Path), ("If-Match" = Option<String>, Header), ("If-None-Match" = Option<String>, Header)),
    request_body = Written,
    responses((status = 200, body = Saved), (status = 412), (status = 428)),
    security(("session" = []))
)]
pub async fn save(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(key): Path<String>,
    headers: HeaderMap,
    Sent { value, .. }: Sent<Written>,
) -> Answered<Response> {
    let over = version(&headers)?;
    let version = shared.app.put_draft(&viewer, &key, &value.body, over, shared.now()).await?.to_string();
    Ok((etag(&version), Json(Saved { version })).into_response())
}

/// Throws a draft away.
#[utoipa::path(
    delete,
    path = "/drafts/{key}",
    params(("key" = String, Path)),
    responses((status = 204)),
    security(("session" = []))
)]
pub async fn delete(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(key): Path<String>,
) -> Answered<StatusCode> {
    shared.app.delete_draft(&viewer, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn etag(version: &str) -> AppendHeaders<Option<(axum::http::HeaderName, HeaderValue)>> {
    AppendHeaders(HeaderValue::from_str(&format!("\"{version}\"")).ok().map(|value| (ETAG, value)))
}

/// The version that was seen; none for a first draft.
fn version(headers: &HeaderMap) -> Answered<Option<i64>> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (text(IF_MATCH), text(IF_NONE_MATCH)) {
        (None, Some("*")) => Ok(None),
        (Some(tag), None) => match tag.trim().trim_matches('"').parse() {
            Ok(version) => Ok(Some(version)),
            Err(_) => Err(stale()),
        },
        _ => {
            Err(Failure::new(StatusCode::PRECONDITION_REQUIRED, "version_required", "缺少版本", "A version is needed")
                .because(
                    "请在 If-Match 中给出所见版本，首次保存用 If-None-Match: *",
                    "Give the version you saw in If-Match, or If-None-Match: * for a first draft",
                ))
        }
    }
}

fn stale() -> Failure {
    zhupi_app::AppError::Changed.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: &[(axum::http::HeaderName, &str)]) -> Result<Option<i64>, u16> {
        let headers = given.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        version(&headers).map_err(|failure| failure.problem().status)
    }

    #[test]
    fn saving_names_the_version_that_was_seen() {
        assert_eq!(of(&[(IF_MATCH, "\"7\"")]), Ok(Some(7)));
        assert_eq!(of(&[(IF_NONE_MATCH, "*")]), Ok(None));
        assert_eq!(of(&[(IF_MATCH, "\"other\"")]), Err(412));
        assert_eq!(of(&[]), Err(428));
        assert_eq!(of(&[(IF_MATCH, "\"7\""), (IF_NONE_MATCH, "*")]), Err(428));
    }
}
