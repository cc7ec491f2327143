//! What steps without a desk found and votes decided, as readers see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{FigureKind, FormView, MinutesView, PersonView, TextView};

/// What a step handed on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ResultView {
    Form {
        name: String,
        title: TextView,
        form: FormView,
        by: PersonView,
        at: String,
    },
    /// What a committee came to, by weights of votes.
    Vote {
        name: String,
        title: TextView,
        #[schema(value_type = Object)]
        tally: serde_json::Value,
        minutes: Vec<MinutesView>,
        at: String,
    },
    Policy {
        name: String,
        title: TextView,
        visit: u32,
        policy: String,
        /// `accepted`, `refused`, `incomplete` or `fault`.
        state: String,
        output: Vec<OutputView>,
        assumed: Vec<AssumedView>,
        sentences: Vec<TextView>,
        at: String,
    },
}

/// A param that a figure rests on for the time being.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AssumedView {
    pub param: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<TextView>,
}

/// One figure of a policy's answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutputView {
    pub name: String,
    pub title: TextView,
    pub value: String,
    pub kind: FigureKind,
    pub masked: bool,
}
