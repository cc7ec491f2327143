//! What an instance is at one moment: everything that deciding needs, and nothing of its finished past.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, Money, Name, PersonId, ReleaseHash};

use crate::{At, Cast, Cursor, Decide, Flow, NotAsked, OverdueAction, Place, Problem, Resume, Spot, Why, Work};

macro_rules! number {
    ($(#[$doc:meta])* $number:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $number(pub u32);

        impl fmt::Display for $number {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $number {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", stringify!($number), self.0)
            }
        }
    };
}

number! {
    /// One time through a step; counts from 1 inside its instance.
    VisitId
}
number! {
    /// One person's work on a visit; counts from 1 inside its instance.
    TaskId
}
number! {
    /// Something that a person must look at; counts from 1 inside its instance.
    IncidentId
}

/// One request on its way, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    pub status: Status,
    pub flow: Name,
    pub release: ReleaseHash,
    pub initiator: PersonId,
    /// Whom it is about; the initiator unless the flow says otherwise.
    pub subject: PersonId,
    pub period: Option<Period>,
    /// Its number from the register, such as `HZ-202603-0007`.
    pub number: String,
    /// The request's form, as accepted by the server.
    pub form: Map<String, Value>,
    /// Results by the name that the flow gives them, and their lane.
    pub results: BTreeMap<Spot, ResultValue>,
    /// The items of every `each` that was begun.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lanes: BTreeMap<At<u32>, Vec<Lane>>,
    /// What it moved on accounts and still stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// Who decided for which role, for duties that one person may not do together.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub duties: BTreeSet<(PersonId, Name)>,
    /// Work that is open now.
    pub visits: BTreeMap<VisitId, Visit>,
    /// Steps passed that still stand, in the order they were passed.
    pub passed: Vec<Passed>,
    /// What a person must look at.
    pub incidents: BTreeMap<IncidentId, Incident>,
    /// When it ended; none while it runs. Comments afterwards do not move it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Instant>,
    pub last_visit: VisitId,
    pub last_task: TaskId,
    pub last_incident: IncidentId,
}

/// How an instance stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Status {
    Running,
    /// It went all the way and no step archived it.
    Completed,
    Archived,
    Rejected {
        at: Place,
    },
    /// Taken back by its initiator.
    Withdrawn,
    /// Ended by somebody responsible for the flow.
    Cancelled,
}

/// What a step handed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultValue {
    pub value: Value,
    /// Who filled it; none for a machine step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    pub at: Instant,
    pub visit: VisitId,
    /// Who signed the sheet, where several do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<PersonId>,
}

/// One item of an `each`, as it was when the lanes opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    pub item: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What one step moved on an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub place: Place,
    pub account: Name,
    pub key: String,
    pub posted: Money,
    pub reserved: Money,
}

/// A step that was passed and not undone since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    pub place: Place,
    /// None where the step was skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
    /// Who agreed or filled; empty for machine steps and skips.
    pub people: Vec<PersonId>,
    /// For whom of them a substitute did: they have not seen it themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stood_in_for: Vec<PersonId>,
}

impl Passed {
    /// Whether a person agreed there themselves, be it for somebody else.
    pub fn has_seen(&self, person: &PersonId) -> bool {
        self.people.contains(person) && !self.stood_in_for.contains(person)
    }
}

/// One time through a step, while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub place: Place,
    pub work: Work,
    pub decide: Decide,
    pub opened_at: Instant,
    /// Open tasks of this visit.
    pub tasks: BTreeMap<TaskId, Task>,
    /// Who comes next, where people act in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<Candidate>,
    /// Whom the step's rule named and who is not asked all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_asked: Vec<NotAsked>,
    /// Who has agreed in this visit so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<PersonId>,
    /// For whom of them a substitute did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stood_in_for: Vec<PersonId>,
    /// Ballots cast so far.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ballots: Vec<Cast>,
    /// Whether a ballot carried the minutes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_minutes: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// Timers that have not gone off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// Where to go straight after this visit (直达), the last first, instead of step by step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resume: Vec<Resume>,
    /// How often the machine was asked to do this step; 0 for people's steps.
    #[serde(default)]
    pub attempt: u32,
}

/// One person's open work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub person: PersonId,
    /// Grows when what the person decides about has changed under their eyes.
    pub version: u32,
    pub why: Why,
    pub opened_at: Instant,
    /// Opened by an escalation: this decision stands for the whole visit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub escalated: bool,
}

/// Somebody who is to act, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Candidate {
    pub person: PersonId,
    pub why: Why,
}

/// When a visit is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    At(Instant),
    /// The calendar has no data for this year, so nobody can say; it is said instead of guessed.
    NoCalendarData {
        year: i32,
    },
}

/// Something that will happen to an open visit by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Tells the timers of one visit apart.
    pub number: u32,
    pub at: Instant,
    /// What it does when it goes off; none: it only says that the deadline has passed. Kept here, so that a new release does
    /// not change what was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<OverdueAction>,
}

/// Something that a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub place: Place,
    /// The open visit it stops; none where the visit could not even be opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
    pub problem: Problem,
    pub opened_at: Instant,
    /// Where the visit that could not be opened would have gone straight afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resume: Vec<Resume>,
}

impl Instance {
    /// The most tasks that may be open at once.
    pub const MAX_TASKS: usize = 500;

    pub fn is_running(&self) -> bool {
        self.status == Status::Running
    }

    /// An open task and the visit it belongs to.
    pub fn task(&self, id: TaskId) -> Option<(VisitId, &Visit, &Task)> {
        self.visits.iter().find_map(|(visit_id, visit)| visit.tasks.get(&id).map(|task| (*visit_id, visit, task)))
    }

    /// The item of the lane in which something of a flow lies; none outside of every `each`.
    pub fn item(&self, flow: &Flow, cursor: &Cursor) -> Option<&Lane> {
        let (each, lane) = flow.lane_around(cursor)?;
        self.lanes.get(&each)?.get(lane)
    }

    /// What it holds of a balance.
    pub fn reserved(&self, account: &Name, key: &str) -> Money {
        let held = self.moved.iter().filter(|moved| moved.account == *account && moved.key == key);
        held.map(|moved| moved.reserved).sum()
    }

    /// All open tasks.
    pub fn tasks(&self) -> impl Iterator<Item = (VisitId, TaskId, &Visit, &Task)> {
        self.visits
            .iter()
            .flat_map(|(visit_id, visit)| visit.tasks.iter().map(move |(id, task)| (*visit_id, *id, visit, task)))
    }

    /// Whether this person submitted it or it is about them.
    pub fn is_own(&self, person: &PersonId) -> bool {
        self.initiator == *person || self.subject == *person
    }

    /// Whether somebody may do what others hold in a visit, as their substitute 代理: not on a request of their own, whatever the
    /// step says of holders who decide about themselves; not where they have a voice already; and what came back to its
    /// initiator is for nobody else to mend.
    pub fn may_stand_in(&self, substitute: &PersonId, visit: &Visit) -> bool {
        !self.is_own(substitute) && visit.place != Place::Start && !visit.has_voice(substitute)
    }
}

impl Visit {
    /// Whether a person decides here in their own name, or has decided, be it for somebody else: one person, one voice.
    pub fn has_voice(&self, person: &PersonId) -> bool {
        self.tasks.values().any(|task| task.person == *person)
            || self.queue.iter().any(|candidate| candidate.person == *person)
            || self.agreed.contains(person)
            || self.ballots.iter().any(|cast| cast.member == *person || cast.by.as_ref() == Some(person))
    }
}
