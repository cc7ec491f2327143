//! Substitutes, as readers are shown them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{PersonView, TextView};

/// Who acts for a person, and for whom they act: now or later, not what is over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubstitutesView {
    /// Who acts for them.
    pub mine: Vec<SubstituteView>,
    /// For whom they act.
    pub for_others: Vec<SubstituteView>,
    /// Flows to which it can be limited.
    pub flows: Vec<FlowTitle>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubstituteView {
    /// The substitute, or for whom they act.
    pub person: PersonView,
    /// The first day, in the company's time; absent: at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day; absent: until it is ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Only in these flows; empty: in all.
    pub flows: Vec<FlowTitle>,
    /// Whether today is one of the days, and the substitute still works here.
    pub active: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowTitle {
    pub flow: String,
    pub title: TextView,
}
