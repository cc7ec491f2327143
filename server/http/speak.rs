//! On the way out: failures become problem documents in the language of who asked.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::middleware::Next;
use serde::Serialize;
use zhupi_app::Problem;
use zhupi_domain::Locale;

use super::language;
use super::problem::Failure;

/// RFC 9457.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    /// Stable, for machines.
    code: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

/// One place of the request that is wrong.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProblemPlace {
    pointer: String,
    keyword: String,
    message: String,
}

impl ProblemDocument {
    fn new(problem: &Problem, locale: Locale) -> Self {
        let errors = problem.errors.iter().map(|error| ProblemPlace {
            pointer: error.pointer.clone(),
            keyword: error.keyword.clone(),
            message: error.message.get(locale).to_owned(),
        });
        Self {
            kind: format!("urn:zhupi:problem:{}", problem.code),
            title: problem.title.get(locale).to_owned(),
            status: problem.status,
            detail: problem.detail.get(locale).to_owned(),
            code: problem.code.to_owned(),
            errors: errors.collect(),
            retry_after: problem.retry_after,
        }
    }
}

/// Words every failed answer, also those that a library made.
pub async fn speak(request: Request, next: Next) -> Response<Body> {
    let locale = language::wanted(request.headers());
    let response = next.run(request).await;
    let failed = response.status().is_client_error() || response.status().is_server_error();
    match response.extensions().get::<Failure>().cloned() {
        Some(failure) => worded(response, &failure, locale),
        None if failed && response.headers().get(CONTENT_TYPE).is_none_or(is_plain) => {
            let failure = Failure::of_status(response.status());
            worded(response, &failure, locale)
        }
        None => response,
    }
}

/// Whether a library wrote the body: its words are for programmers.
fn is_plain(content_type: &HeaderValue) -> bool {
    content_type.as_bytes().starts_with(b"text/plain")
}

fn worded(response: Response<Body>, failure: &Failure, locale: Locale) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    let problem = failure.problem();
    parts.status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    let language = if locale == Locale::Zh { "zh-CN" } else { "en" };
    parts.headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language));
    if let Some(seconds) = problem.retry_after {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let body = serde_json::to_vec(&ProblemDocument::new(problem, locale)).unwrap_or_default();
    Response::from_parts(parts, Body::from(body))
}
