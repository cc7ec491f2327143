//! `/tasks`: the inbox.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use zhupi_app::InboxQuery;
use zhupi_app::view::InboxView;

use crate::http::asked::Asked;
use crate::http::person::Person;
use crate::http::problem::Answered;
use crate::http::state::Shared;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TaskQuery {
    #[serde(default)]
    state: TaskState,
    flow: Option<String>,
    #[serde(default)]
    overdue: bool,
    after: Option<String>,
    limit: Option<usize>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskState {
    #[default]
    Open,
    Done,
}

/// This person's tasks: open ones, those due first before the others; or done ones, the last first.
#[utoipa::path(
    get,
    path = "/tasks",
    params(TaskQuery),
    responses((status = 200, body = InboxView)),
    security(("session" = []))
)]
pub async fn inbox(
    State(shared): State<Shared>,
    Person(viewer): Person,
    Asked(query): Asked<TaskQuery>,
) -> Answered<Json<InboxView>> {
    let query = InboxQuery {
        done: query.state == TaskState::Done,
        flow: query.flow,
        overdue: query.overdue,
        after: query.after,
        limit: query.limit,
    };
    Ok(Json(shared.app.inbox(&viewer, query, shared.now()).await?))
}
