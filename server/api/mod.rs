//! The endpoints of `/api/v1`, one file a group. Routes and OpenAPI are one thing.

mod acts;
pub mod admin;
mod balances;
pub mod calendar;
mod drafts;
mod events;
mod files;
mod flows;
mod incidents;
mod instances;
mod operations;
mod passwords;
mod people;
mod pilots;
pub mod releases;
mod session;
mod set_up;
mod shows;
mod substitutes;
mod tasks;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use zhupi_app::Answer;

use crate::http::problem::Failure;
use crate::http::state::Shared;
pub use operations::routes as operations;

/// Where all endpoints are.
pub const BASE: &str = "/api/v1";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Zhupi", description = "Approvals and incentive pay. Failures are `application/problem+json`."),
    components(schemas(crate::http::ProblemDocument))
)]
struct Document;

/// A list without pages.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
}

/// All endpoints, and their description.
pub fn routes() -> (axum::Router<Shared>, OpenApi) {
    let base = OpenApiRouter::with_openapi(Document::openapi()).nest(BASE, all());
    let (router, mut document) = base.split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    (router, document)
}

fn all() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(set_up::needed, set_up::set_up))
        .routes(routes!(session::session, session::log_in, session::log_out))
        .routes(routes!(session::language))
        .routes(routes!(session::password))
        .routes(routes!(passwords::target, passwords::reset))
        .routes(routes!(flows::startable))
        .routes(routes!(flows::start))
        .routes(routes!(flows::preview))
        .routes(routes!(drafts::read, drafts::save, drafts::delete))
        .routes(routes!(tasks::inbox))
        .routes(routes!(instances::list, instances::submit))
        .routes(routes!(instances::read))
        .routes(routes!(instances::timeline))
        .routes(routes!(instances::explanation))
        .routes(routes!(instances::comment))
        .routes(routes!(instances::withdraw))
        .routes(routes!(instances::cancel))
        .routes(routes!(instances::retry))
        .routes(routes!(acts::approve))
        .routes(routes!(acts::fill))
        .routes(routes!(acts::resubmit))
        .routes(routes!(acts::vote))
        .routes(routes!(acts::reject))
        .routes(routes!(acts::send_back))
        .routes(routes!(acts::transfer))
        .routes(routes!(balances::list))
        .routes(routes!(balances::entries))
        .routes(routes!(shows::shows))
        .routes(routes!(files::upload))
        .routes(routes!(files::download))
        .routes(routes!(files::info))
        .routes(routes!(people::people))
        .routes(routes!(people::person))
        .routes(routes!(people::departments))
        .routes(routes!(substitutes::mine, substitutes::name_mine))
        .routes(routes!(substitutes::end_mine))
        .routes(routes!(substitutes::of_person, substitutes::name))
        .routes(routes!(substitutes::end))
        .routes(routes!(events::events))
        .routes(routes!(admin::people))
        .routes(routes!(admin::import).layer(releases::body_limit()))
        .routes(routes!(admin::import_facts).layer(releases::body_limit()))
        .routes(routes!(admin::start_reset))
        .routes(routes!(admin::deactivate))
        .routes(routes!(admin::activate))
        .routes(routes!(calendar::calendar))
        .routes(routes!(calendar::import).layer(releases::body_limit()))
        .routes(routes!(calendar::remove))
        .routes(routes!(incidents::list))
        .routes(routes!(incidents::parked))
        .routes(routes!(incidents::retry))
        .routes(routes!(pilots::list, pilots::run).layer(releases::body_limit()))
        .routes(routes!(pilots::choices))
        .routes(routes!(pilots::read))
        .routes(routes!(pilots::payee))
        .routes(routes!(releases::list, releases::deploy).layer(releases::body_limit()))
}

/// Nothing is here: a problem for programs, never a page.
pub async fn nothing_here() -> Failure {
    Failure::not_found()
}

/// What a use case answered, now or the first time.
fn told(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    (status, Json(answer.body)).into_response()
}
