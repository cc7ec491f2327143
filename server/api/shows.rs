//! `/shows`: what a company of the demo shows, and as whom to see it.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use zhupi_app::AppError;
use zhupi_app::view::{CompanyShows, TextView};
use zhupi_domain::CompanyId;

use crate::demo::{PASSWORD, Shown};
use crate::http::person::Person;
use crate::http::problem::{Answered, Failure};
use crate::http::state::Shared;

/// What there is to see.
#[derive(Serialize, ToSchema)]
pub struct Shows {
    #[serde(flatten)]
    company: CompanyShows,
    logins: Vec<ShownLogin>,
}

/// Whom to log in as, and what they see.
#[derive(Serialize, ToSchema)]
pub struct ShownLogin {
    login: String,
    password: &'static str,
    name: String,
    post: String,
    see: TextView,
    /// The flows of which they may read requests.
    flows: BTreeSet<String>,
}

/// What this company shows. Only a demo knows; elsewhere there is no such page.
#[utoipa::path(
    get,
    path = "/shows",
    responses((status = 200, body = Shows), (status = 404)),
    security(("session" = []))
)]
pub async fn shows(State(shared): State<Shared>, Person(viewer): Person) -> Answered<Json<Shows>> {
    let logins = shared.shown.get(viewer.company().as_str()).ok_or_else(Failure::not_found)?;
    let company = shared.app.company_shows(&viewer).await?;
    let mut shown = Vec::with_capacity(logins.len());
    for login in logins {
        shown.push(shown_login(&shared, viewer.company(), login.clone()).await?);
    }
    Ok(Json(Shows { company, logins: shown }))
}

async fn shown_login(shared: &Shared, company: &CompanyId, shown: Shown) -> Answered<ShownLogin> {
    let Shown { person, login, name, post, see, .. } = shown;
    let flows = match shared.app.viewer(company, &person, shared.now()).await {
        Ok(viewer) => shared.app.flows_read(&viewer).await?,
        // Who has left in the meantime shows nothing any more.
        Err(AppError::Denied(_)) => BTreeSet::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(ShownLogin { login, password: PASSWORD, name, post, see: see.into(), flows })
}
