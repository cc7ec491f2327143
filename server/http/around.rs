//! Around every request: its id and log line, its time limit, and that a client who goes away cannot cut it short.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::problem::Failure;
use super::state::Shared;

/// Files may take long on a slow line; streams have no end.
const FILE_SECONDS: u64 = 900;
const SECONDS: u64 = 30;

/// Gives a request an id, counts it, and writes one line about it: method, route, status, time; nothing of its content.
pub async fn observe(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = route_of(&request);
    let id = uuid::Uuid::new_v4().to_string();
    let span = tracing::info_span!("request", %id, %method, route);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let took = begun.elapsed();
    shared.metrics.answered(method.as_str(), &route, status, took);
    span.in_scope(|| tell(&route, status, took));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

fn tell(route: &str, status: u16, took: Duration) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match status {
        500.. => tracing::error!(status, ms, "answered"),
        _ if route.starts_with("/api/") => tracing::info!(status, ms, "answered"),
        _ => tracing::debug!(status, ms, "answered"),
    }
}

fn route_of(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or_else(|| "other".into(), |path| path.as_str().to_owned())
}

/// Refuses addresses with U+0000, which no name or text has.
pub async fn refuse_nul(request: Request, next: Next) -> Response {
    if request.uri().to_string().contains("%00") {
        return Failure::of_status(StatusCode::BAD_REQUEST).into_response();
    }
    next.run(request).await
}

/// Runs a request in a task of its own: the client may go away, or its time may be over, and what was begun is still
/// finished. A panic becomes an answer.
pub async fn detach(request: Request, next: Next) -> Response {
    let limit = limit_of(&request);
    let running = tokio::spawn(next.run(request).in_current_span());
    let finished = match limit {
        Some(limit) => match tokio::time::timeout(limit, running).await {
            Ok(finished) => finished,
            Err(_) => return too_slow().into_response(),
        },
        None => running.await,
    };
    finished.unwrap_or_else(|_| Failure::internal().into_response())
}

fn limit_of(request: &Request) -> Option<Duration> {
    match request.uri().path() {
        "/api/v1/events" => None,
        path if path.starts_with("/api/v1/files") => Some(Duration::from_secs(FILE_SECONDS)),
        _ => Some(Duration::from_secs(SECONDS)),
    }
}

fn too_slow() -> Failure {
    Failure::new(StatusCode::SERVICE_UNAVAILABLE, "too_slow", "处理超时", "It took too long")
        .because("请用同一请求重试，不会重复执行", "Send the same request again: it is not done twice")
        .again_after(2)
}
