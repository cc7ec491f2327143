//! Pilots, as readers are shown them and as they are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ExplanationView, PageView, PersonView, ReleaseView, TextView};

/// One pilot in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotSummaryView {
    pub id: String,
    pub policy: String,
    pub title: TextView,
    /// Hashes of the releases that were compared.
    pub current: String,
    pub candidate: String,
    pub created_at: String,
    pub created_by: PersonView,
    /// Whether amounts are withheld from this reader.
    pub masked: bool,
    pub counts: PilotCounts,
    pub totals: Vec<PilotTotal>,
}

/// One pilot: the totals, and a page of its payees.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotView {
    #[serde(flatten)]
    pub summary: PilotSummaryView,
    /// The day at which params were read for rows that name none.
    pub as_of: String,
    pub payees: PageView<PilotPayeeView>,
}

/// How many evaluations ended how.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PilotCounts {
    pub evaluations: u64,
    pub payees: u64,
    /// Refused by one release and not by the other.
    pub refused_in_one: u64,
    pub refused: PilotBoth,
    pub incomplete: PilotBoth,
    pub faults: PilotBoth,
    /// Evaluations in which a value was assumed.
    pub assumed: PilotBoth,
    /// Evaluations without an answer on one side: they are in no total.
    pub left_out: u64,
}

/// A number under each release.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct PilotBoth {
    pub current: u64,
    pub candidate: u64,
}

/// One amount over all payees.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PilotTotal {
    pub name: String,
    pub title: TextView,
    /// Yuan; else points.
    pub money: bool,
    #[serde(flatten)]
    pub sum: PilotDifference,
    /// Payees who would get the same, more or less.
    pub same: u64,
    pub more: u64,
    pub less: u64,
    /// How many gain or lose how much; empty where amounts are withheld.
    pub spread: Vec<PilotBin>,
}

/// An amount under both releases, as decimal texts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PilotDifference {
    pub current: String,
    pub candidate: String,
    pub difference: String,
}

/// Payees whose difference lies between two figures.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PilotBin {
    pub from: String,
    pub to: String,
    pub count: u64,
}

/// One payee of a pilot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotPayeeView {
    pub payee: String,
    /// Whose name it is, where the directory knows it as a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// By the name of the amount.
    pub amounts: BTreeMap<String, PilotDifference>,
    /// How many rows concern them, and how many of those are in no total.
    pub rows: u64,
    pub left_out: u64,
    /// Whether some value was assumed.
    pub assumed: bool,
    /// Rows that one of the releases refused or could not answer.
    pub notes: Vec<PilotNote>,
}

/// A row that one release refused or could not answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PilotNote {
    pub row: u64,
    /// Whether it is the candidate.
    pub candidate: bool,
    /// `refused`, `incomplete` or `fault`.
    pub outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<TextView>,
}

/// One payee, with the explanations of both releases row by row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotExplainedView {
    #[serde(flatten)]
    pub payee: PilotPayeeView,
    pub totals: Vec<PilotTotal>,
    pub explained: Vec<PilotRowView>,
    /// Rows that are not shown, because there are too many.
    pub more_rows: u64,
}

/// One row under both releases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotRowView {
    pub row: u64,
    /// Where it stood in what was handed in.
    pub line: u64,
    pub on: String,
    pub current: ExplanationView,
    pub candidate: ExplanationView,
}

/// What a pilot can be made of: the releases, and the policies of the current one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotChoices {
    pub releases: Vec<ReleaseView>,
    pub policies: Vec<PilotPolicy>,
}

/// One policy that can be tried.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotPolicy {
    pub name: String,
    pub title: TextView,
    pub inputs: Vec<PilotInput>,
}

/// One column that rows may have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PilotInput {
    pub name: String,
    pub title: TextView,
    /// As contracts write it, such as `money`.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether rows have to give it, since nothing else does.
    pub required: bool,
    /// Where it comes from otherwise, such as `fact:commission`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}
