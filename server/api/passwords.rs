//! `/password-resets`: choosing a new password by a one-time link.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhupi_app::access::Token;
use zhupi_app::view::SessionView;

use super::session::begun;
use crate::http::body::Sent;
use crate::http::client::From;
use crate::http::limits::Dear;
use crate::http::problem::Answered;
use crate::http::state::Shared;

/// For whom a link is.
#[derive(Serialize, ToSchema)]
pub struct ResetTarget {
    person: Named,
    company: CompanyNamed,
    login: String,
}

#[derive(Serialize, ToSchema)]
pub struct Named {
    name: String,
}

#[derive(Serialize, ToSchema)]
pub struct CompanyNamed {
    id: String,
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    password: String,
}

/// For whom a link is, while it works.
#[utoipa::path(
    get,
    path = "/password-resets/{token}",
    params(("token" = String, Path)),
    responses((status = 200, body = ResetTarget))
)]
pub async fn target(
    State(shared): State<Shared>,
    From(client): From,
    Path(token): Path<String>,
) -> Answered<Json<ResetTarget>> {
    shared.limit(Dear::Password, &client.address)?;
    let target = shared.access.reset_target(&Token::sent(&token), shared.now()).await?;
    Ok(Json(ResetTarget {
        person: Named { name: target.name },
        company: CompanyNamed { id: target.who.company.to_string(), name: target.company_name },
        login: target.login,
    }))
}

/// Sets the password, once, and logs in. All other sessions end.
#[utoipa::path(
    post,
    path = "/password-resets/{token}",
    params(("token" = String, Path)),
    request_body = NewPassword,
    responses((status = 200, body = SessionView))
)]
pub async fn reset(
    State(shared): State<Shared>,
    From(client): From,
    Path(token): Path<String>,
    Sent { value, .. }: Sent<NewPassword>,
) -> Answered<Response> {
    shared.limit(Dear::Password, &client.address)?;
    let logged_in = shared.access.reset(&Token::sent(&token), &value.password, &client, shared.now()).await?;
    begun(&shared, logged_in).await
}
