//! `/healthz`, `/readyz`, `/metrics`: for whoever runs the machine.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use zhupi_app::AppError;
use zhupi_domain::ContentHash;
use zhupi_store::Scope;

use crate::http::problem::{Answered, Failure};
use crate::http::state::Shared;

pub fn routes() -> Router<Shared> {
    Router::new().route("/healthz", get(healthy)).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// The process answers.
async fn healthy() -> &'static str {
    "ok\n"
}

/// The database answers, and the server is not about to stop.
async fn ready(State(shared): State<Shared>) -> Response {
    let stopping = *shared.stopping.borrow();
    let answers = tokio::time::timeout(std::time::Duration::from_secs(2), shared.app.store().ping()).await;
    match answers {
        Ok(Ok(())) if !stopping => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, [(CONTENT_TYPE, "text/plain;charset=utf-8")], "not ready\n")
            .into_response(),
    }
}

/// Figures for Prometheus: from this machine without more ado, from elsewhere with the token.
async fn metrics(State(shared): State<Shared>, request: axum::extract::Request) -> Answered<Response> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
    if !may_see(peer, request.headers(), shared.metrics_token.as_deref()) {
        return Err(Failure::not_found());
    }
    let parked = parked(&shared).await?;
    let gauges = [("outbox_parked", "Messages given up on until somebody sends them again.", parked)];
    let text = shared.metrics.text(&gauges);
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

/// Counted up to the longest page a company: more need no exact figure.
async fn parked(shared: &Shared) -> Result<i64, AppError> {
    let store = shared.app.store();
    let mut parked = 0;
    for company in store.companies().await? {
        let page = store.parked_messages(&Scope::of(company.id), None, zhupi_store::MAX_PAGE).await?;
        parked += i64::try_from(page.items.len()).unwrap_or_default();
    }
    Ok(parked)
}

/// A proxy on this machine makes everybody look local: what it forwards needs the token.
fn may_see(peer: Option<SocketAddr>, headers: &HeaderMap, token: Option<&str>) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let known = |token: &str| given.is_some_and(|given| same(given, token));
    let local = peer.is_some_and(|peer| peer.ip().is_loopback()) && !headers.contains_key("x-forwarded-for");
    token.is_some_and(known) || (local && given.is_none())
}

/// Compared by their hashes, so that the time it takes says nothing about how much of a guess was right.
fn same(given: &str, token: &str) -> bool {
    ContentHash::of(&[given.as_bytes()]) == ContentHash::of(&[token.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_for_this_machine_or_who_has_the_token() {
        let near = Some("127.0.0.1:5000".parse().unwrap());
        let far = Some("10.0.0.7:5000".parse().unwrap());
        let bearer = |token: &str| HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {token}").parse().unwrap())]);
        let forwarded = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), "10.0.0.7".parse().unwrap())]);
        assert!(may_see(near, &HeaderMap::new(), None));
        assert!(!may_see(far, &HeaderMap::new(), None));
        assert!(!may_see(near, &forwarded, None));
        assert!(may_see(far, &bearer("secret"), Some("secret")));
        assert!(!may_see(far, &bearer("guess"), Some("secret")));
        assert!(!may_see(near, &bearer("guess"), None));
    }
}
