//! HTTP around the use cases: who asks, in which language, how often, and what is told when it goes wrong.

mod around;
pub mod asked;
pub mod body;
pub mod client;
pub mod cookies;
mod csrf;
mod headers;
mod language;
pub mod limits;
pub mod metrics;
mod misfit;
pub mod once;
pub mod person;
pub mod problem;
mod shape;
mod speak;
pub mod state;
pub mod watching;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Router, http::Request};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

pub use speak::ProblemDocument;
use state::Shared;

/// The longest JSON body, in bytes. Files have a limit of their own.
pub const MAX_BODY: usize = 1024 * 1024;

/// Puts everything around the routes that every request passes, the outermost last.
pub fn wrap(routes: Router<Shared>, shared: Shared) -> Router {
    let secure = shared.cookies.secure;
    let compressed = DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream"));
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(around::detach))
        .layer(from_fn(around::refuse_nul))
        .layer(from_fn(csrf::refuse_foreign))
        .layer(from_fn(speak::speak))
        .layer(from_fn(move |request: Request<axum::body::Body>, next| headers::protect(secure, request, next)))
        .layer(CompressionLayer::new().gzip(true).compress_when(compressed))
        .layer(from_fn_with_state(shared.clone(), around::observe))
        .with_state(shared)
}
