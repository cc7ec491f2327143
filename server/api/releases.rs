//! `/admin/releases`: what is deployed, and deploying.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhupi_app::Deployer;
use zhupi_app::view::{PageView, ReleaseView};
use zhupi_domain::Diagnostic;

use crate::http::body::Sent;
use crate::http::limits::Dear;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

/// A pack: path to text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackFiles {
    files: BTreeMap<String, String>,
}

/// What a deploy did.
#[derive(Serialize, ToSchema)]
pub struct DeployedView {
    company: String,
    hash: String,
    /// Whether it differs from what was current before.
    changed: bool,
    /// Warnings and notes of the check.
    #[schema(value_type = Vec<Object>)]
    diagnostics: Vec<Diagnostic>,
}

/// The company's releases, newest first.
#[utoipa::path(get, path = "/admin/releases", responses((status = 200, body = PageView<ReleaseView>), (status = 403)), security(("session" = [])))]
pub async fn list(State(shared): State<Shared>, Person(viewer): Person) -> Answered<Json<PageView<ReleaseView>>> {
    Ok(Json(shared.app.releases(&viewer).await?))
}

/// Checks a pack and makes it the current release.
#[utoipa::path(post, path = "/admin/releases", request_body = PackFiles, responses((status = 200, body = DeployedView), (status = 403), (status = 422)), security(("session" = [])))]
pub async fn deploy(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Sent<PackFiles>,
) -> Answered<Json<DeployedView>> {
    shared.limit(Dear::Deploy, &person.key())?;
    let deployed = shared.app.deploy(Deployer::Person(&person.0), value.files, shared.now()).await?;
    Ok(Json(DeployedView {
        company: deployed.company.to_string(),
        hash: deployed.hash.to_string(),
        changed: deployed.changed,
        diagnostics: deployed.diagnostics,
    }))
}

/// Packs are larger than other bodies.
pub fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(MAX_PACK)
}

const MAX_PACK: usize = 16 * 1024 * 1024;
