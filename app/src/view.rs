//! What readers are shown: the answers of the use cases, ready to be written as JSON.
//!
//! Everything here is already filtered for its reader: hidden fields are gone and masked values are marked.

mod around;
mod balances;
mod calendar;
mod pilot;
mod result;
mod shows;
mod substitutes;
mod timeline;
mod vote;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use around::*;
pub use balances::*;
pub use calendar::{CalendarDayView, CalendarView, CalendarYearView};
pub use pilot::*;
pub use result::{AssumedView, OutputView, ResultView};
pub use shows::*;
pub use substitutes::{FlowTitle, SubstituteView, SubstitutesView};
pub use timeline::*;
pub use vote::{MinutesView, VoteView};

/// One text in Chinese and, where there is one, in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TextView {
    pub zh: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl From<zhupi_domain::Text> for TextView {
    fn from(text: zhupi_domain::Text) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// A person as colleagues see them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    pub id: String,
    pub name: String,
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageView<T> {
    pub items: Vec<T>,
    /// Give this as `after` to read on; null at the end.
    pub next: Option<String>,
}

/// A flow that the reader may start.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FlowView {
    pub flow: String,
    pub title: TextView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<TextView>,
}

/// A form as one reader may see and write it at one step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormView {
    /// The schema without what the reader may not see; every field says in `x-access` what may be done with it.
    #[schema(value_type = Object)]
    pub schema: Value,
    #[schema(value_type = Object)]
    pub data: Value,
    /// Pointers whose values are withheld.
    pub masked: Vec<String>,
}

/// What a flow asks for at its start, and whom it would go to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StartView {
    pub flow: String,
    pub title: TextView,
    pub start_title: TextView,
    pub form: FormView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftView>,
    #[schema(value_type = Vec<Object>)]
    pub route: Vec<Value>,
    /// Records that the request may be about; none where the flow asks for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<AboutChoice>,
}

/// What a request may be about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AboutChoice {
    /// Whether one has to be chosen.
    pub required: bool,
    /// The newest first.
    pub records: Vec<AboutView>,
}

/// A record that a request may be about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AboutView {
    pub fact: String,
    pub id: String,
    pub title: TextView,
    pub fields: Vec<Highlight>,
    /// In the company's time.
    pub recorded_at: String,
    /// Until when it can be started, in the company's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// What a form that is being filled would lead to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewView {
    #[schema(value_type = Vec<Object>)]
    pub route: Vec<Value>,
    /// The values of looked-up fields by JSON pointer; null where nothing was found. A field that is not in it is empty: what it
    /// is found by is not filled in. Left out where nothing was worked out: the form looks up nothing, or cannot be read yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub looked_up: Option<BTreeMap<String, Value>>,
}

/// Which periods may be chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodChoice {
    /// `week`, `month`, `quarter` or `year`.
    pub kind: String,
    pub suggested: Vec<String>,
}

/// Something saved without being sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DraftView {
    #[schema(value_type = Object)]
    pub body: Value,
    /// Opaque; goes back in `If-Match`.
    pub version: String,
}

/// One open or finished task in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskSummary {
    pub instance: String,
    pub task: u32,
    pub version: u32,
    pub flow: String,
    pub flow_title: TextView,
    pub step: String,
    pub step_title: TextView,
    /// `approve`, `fill` or `resubmit`.
    pub kind: String,
    pub number: String,
    pub initiator: PersonView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<PersonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    pub opened_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// The year for which the calendar has no days: nobody can say when it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_calendar_year: Option<i32>,
    pub overdue: bool,
    /// Whose task it is, where the reader acts for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts_for: Option<PersonView>,
    /// Who did it, where a substitute did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acted_by: Option<PersonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<TextView>,
    pub highlights: Vec<Highlight>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<TextView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<String>,
}

/// One telling field of a form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Highlight {
    pub title: TextView,
    /// In the reader's language.
    pub value: String,
    pub kind: FigureKind,
}

/// What a value is, so that amounts get the sign of their currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FigureKind {
    Money,
    Plain,
}

/// The inbox: one page of tasks, and how many there are in all.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InboxView {
    pub items: Vec<TaskSummary>,
    pub next: Option<String>,
    pub counts: TaskCounts,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct TaskCounts {
    pub open: i64,
    pub overdue: i64,
}

/// One instance in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstanceSummary {
    pub id: String,
    pub number: String,
    pub flow: String,
    pub title: TextView,
    pub status: String,
    pub status_text: TextView,
    pub initiator: PersonView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<PersonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    pub started_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// In lists; on its own page the whole form stands.
    pub highlights: Vec<Highlight>,
    pub waiting: Vec<Waiting>,
    /// Whether something on it waits for somebody to look at it.
    pub has_incident: bool,
}

/// Who is waited for at a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Waiting {
    pub step_title: TextView,
    pub people: Vec<PersonView>,
}

/// Everything about one instance that its reader may see.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InstanceView {
    #[serde(flatten)]
    pub summary: InstanceSummary,
    pub release: String,
    pub version: i64,
    pub form: FormView,
    pub results: Vec<ResultView>,
    #[schema(value_type = Vec<Object>)]
    pub route: Vec<Value>,
    /// The last things that happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// Give this as `before` to read what happened earlier; absent where this is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline_next: Option<String>,
    pub my_tasks: Vec<TaskView>,
    /// `comment`, `withdraw`, `cancel`.
    pub actions: Vec<String>,
    pub incidents: Vec<IncidentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive: Option<ArchiveView>,
}

/// An open task of the reader, with all that is needed to act on it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskView {
    pub task: u32,
    pub version: u32,
    pub step: String,
    pub step_title: TextView,
    pub kind: String,
    pub reason: TextView,
    pub opened_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// The year for which the calendar has no days: nobody can say when it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_calendar_year: Option<i32>,
    pub overdue: bool,
    pub form: FormView,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_form: Option<FormView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vote: Option<VoteView>,
    /// Whose task it is, where the reader acts for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acts_for: Option<PersonView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<DraftView>,
    pub actions: Vec<String>,
    pub comment_required: BTreeMap<String, bool>,
    pub return_targets: Vec<TargetView>,
    pub colleagues: Vec<ColleagueView>,
}

/// Where a request can be sent back to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TargetView {
    /// `initiator`, `previous` or `step:NAME`.
    pub to: String,
    pub title: TextView,
}

/// Somebody else who is asked at the same step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ColleagueView {
    pub person: PersonView,
    pub state: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IncidentView {
    pub incident: u32,
    pub step_title: TextView,
    pub text: TextView,
    pub opened_at: String,
    pub can_retry: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArchiveView {
    pub copies: Vec<String>,
    pub archived_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_until: Option<String>,
}

/// What an action led to.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ActedView {
    pub id: String,
    pub number: String,
    pub status: String,
    pub status_text: TextView,
    pub next: Vec<NextView>,
}

/// Who has it now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NextView {
    pub step_title: TextView,
    pub people: Vec<PersonView>,
}

/// How an amount came about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExplanationView {
    pub policy: String,
    pub title: TextView,
    /// The date at which params were read.
    pub on: String,
    pub release: String,
    pub state: String,
    pub output: Vec<OutputView>,
    pub sentences: Vec<TextView>,
    #[schema(value_type = Object)]
    pub tree: Value,
    pub script: ScriptView,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScriptView {
    pub path: String,
    pub source: String,
}
