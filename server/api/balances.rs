//! `/balances`: what is on the accounts of the company, and what moved it.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::IntoParams;
use zhupi_app::BalancesQuery;
use zhupi_app::view::{BalanceEntriesView, BalancesView};

use crate::http::asked::Asked;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    account: Option<String>,
    /// Found anywhere in a key.
    q: Option<String>,
    after: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EntriesQuery {
    /// The key of the balance; it may hold any sign, so it is no part of the path.
    key: String,
    /// Entries before this number.
    after: Option<i64>,
}

/// Balances that the reader may see, by account and key.
#[utoipa::path(
    get,
    path = "/balances",
    params(ListQuery),
    responses((status = 200, body = BalancesView)),
    security(("session" = []))
)]
pub async fn list(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<ListQuery>,
) -> Answered<Json<BalancesView>> {
    let query = BalancesQuery { account: query.account, key: query.q, after: query.after };
    Ok(Json(shared.app.balances(&viewer, query).await?))
}

/// One balance, with the requests that moved it, the last first.
#[utoipa::path(
    get,
    path = "/balances/{account}/entries",
    params(("account" = String, Path), EntriesQuery),
    responses((status = 200, body = BalanceEntriesView), (status = 404)),
    security(("session" = []))
)]
pub async fn entries(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Path(account): Path<String>,
    Asked(query): Asked<EntriesQuery>,
) -> Answered<Json<BalanceEntriesView>> {
    Ok(Json(shared.app.balance_entries(&viewer, &account, &query.key, query.after).await?))
}
