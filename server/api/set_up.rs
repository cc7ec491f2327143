//! `/setup`: the first company and its first person.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zhupi_app::access::{FirstCompany, Token};
use zhupi_app::view::SessionView;

use super::session::begun;
use crate::http::body::Sent;
use crate::http::client::From;
use crate::http::limits::Dear;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Serialize, ToSchema)]
pub struct SetUpNeeded {
    needed: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// From the link that the server printed on its console.
    token: String,
    company: NewCompany,
    person: NewPerson,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompany {
    id: String,
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    name: String,
    login: String,
    password: String,
}

/// Whether nobody has set this server up yet.
#[utoipa::path(get, path = "/setup", responses((status = 200, body = SetUpNeeded)))]
pub async fn needed(State(shared): State<Shared>) -> Answered<Json<SetUpNeeded>> {
    Ok(Json(SetUpNeeded { needed: shared.access.set_up_needed().await? }))
}

/// Makes the first company and logs its first person in. Works once.
#[utoipa::path(post, path = "/setup", request_body = SetUp, responses((status = 200, body = SessionView)))]
pub async fn set_up(
    State(shared): State<Shared>,
    From(client): From,
    Sent { value, .. }: Sent<SetUp>,
) -> Answered<Response> {
    shared.limit(Dear::Password, &client.address)?;
    let SetUp { token, company, person } = value;
    let first = FirstCompany {
        id: company.id,
        name: company.name,
        person_name: person.name,
        login: person.login,
        password: person.password,
    };
    let logged_in = shared.access.set_up(&Token::sent(&token), first, &client, shared.now()).await?;
    begun(&shared, logged_in).await
}
