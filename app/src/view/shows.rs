//! What a company shows to somebody who looks around.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountView, PersonView, TextView};

/// The flows, policies and accounts of a company in plain words, with requests to look at.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompanyShows {
    pub name: TextView,
    pub flows: Vec<ShownFlow>,
    pub policies: Vec<ShownPolicy>,
    /// Accounts of which the reader sees something.
    pub accounts: Vec<AccountView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownFlow {
    pub flow: String,
    pub title: TextView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<TextView>,
    /// Who starts it: the titles of roles.
    pub starters: Vec<TextView>,
    /// Titles of its steps of people, in order.
    pub steps: Vec<TextView>,
    /// Requests that the reader may read, one for each way in which they stand.
    pub examples: Vec<ShownRequest>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownRequest {
    pub id: String,
    pub number: String,
    pub initiator: PersonView,
    pub status: String,
    pub status_text: TextView,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShownPolicy {
    pub policy: String,
    pub title: TextView,
    /// The clause that it carries out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
}
