//! `/admin/releases`: what is deployed, and deploying.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhupi_app::view::{PageView, ReleaseView, TextView};
use zhupi_app::{App, AppError, Concerned, Deployed, Deployer};
use zhupi_domain::{Diagnostic, Instant};

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
    /// Running requests that a newly dated value concerns go on under the new release, where they fit into it.
    #[serde(default)]
    migrate: bool,
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
    /// Running requests for which the new release holds a value that starts within their life.
    pub concerned: Vec<ConcernedView>,
}

/// A running request that a new release concerns.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ConcernedView {
    pub id: String,
    pub number: String,
    pub flow: String,
    /// The params with the first day of their new values.
    pub params: BTreeMap<String, String>,
    /// `kept` its own release, `migrated`, or `refused`.
    pub outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TextView>,
}

/// Whom a deploy concerns, and what became of them.
pub async fn concerned(
    app: &App,
    by: &Deployer<'_>,
    deployed: &Deployed,
    migrate: bool,
    now: Instant,
) -> Result<Vec<ConcernedView>, AppError> {
    let concerned = app.concerned(deployed).await?;
    let ids: Vec<_> = concerned.iter().map(|one| one.id.clone()).collect();
    let migrated = if migrate { app.migrate(by, &deployed.company, &ids, now).await? } else { Vec::new() };
    let view = |one: Concerned| {
        let done = migrated.iter().find(|done| done.id == one.id);
        let refused = done.and_then(|done| done.refused.as_ref());
        ConcernedView {
            id: one.id.to_string(),
            number: one.number,
            flow: one.flow,
            params: one.params.into_iter().map(|(name, from)| (name.to_string(), from.to_string())).collect(),
            outcome: match (done, refused) {
                (None, _) => "kept".into(),
                (Some(_), None) => "migrated".into(),
                (Some(_), Some(_)) => "refused".into(),
            },
            reason: refused.map(|problem| problem.detail.clone().into()),
        }
    };
    Ok(concerned.into_iter().map(view).collect())
}

/// The company's releases, newest first.
#[utoipa::path(
    get,
    path = "/admin/releases",
    responses((status = 200, body = PageView<ReleaseView>), (status = 403)),
    security(("session" = []))
)]
pub async fn list(State(shared): State<Shared>, Person(viewer): Person) -> Answered<Json<PageView<ReleaseView>>> {
    Ok(Json(shared.app.releases(&viewer).await?))
}

/// Checks a pack and makes it the current release.
#[utoipa::path(
    post,
    path = "/admin/releases",
    request_body = PackFiles,
    responses((status = 200, body = DeployedView), (status = 403), (status = 422)),
    security(("session" = []))
)]
pub async fn deploy(
    State(shared): State<Shared>,
    person: Person,
    Sent { value, .. }: Sent<PackFiles>,
) -> Answered<Json<DeployedView>> {
    // Who may not even see releases is told so before their pack costs anything.
    shared.app.releases(&person.0).await?;
    shared.limit(Dear::Deploy, &person.key())?;
    let (by, now) = (Deployer::Person(&person.0), shared.now());
    let deployed = shared.app.deploy(Deployer::Person(&person.0), value.files, now).await?;
    let concerned = concerned(&shared.app, &by, &deployed, value.migrate, now).await?;
    Ok(Json(DeployedView {
        concerned,
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
