//! What happened to a request, as readers are told it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{PersonView, TextView};

/// One thing that happened, told in a sentence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineEntry {
    pub number: i64,
    pub at: String,
    pub actor: ActorView,
    /// For whom the actor did it, where it was another one's task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts_for: Option<PersonView>,
    pub kind: String,
    pub text: TextView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_title: Option<TextView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What was written down of a committee's meeting, with a ballot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<TextView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorView {
    /// `person`, `system` or `timer`.
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonView>,
}

/// One field before and after.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeView {
    pub pointer: String,
    pub title: TextView,
    /// In the reader's language, as is what comes after; empty where nothing stood.
    pub before: String,
    pub after: String,
}
