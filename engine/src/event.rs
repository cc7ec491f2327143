//! What happened: facts in the past tense, kept for ever.
//!
//! A stored event is a promise to every later version of this program. A new field has a default; a changed meaning is a new
//! kind or a new version with an up-caster.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, Money, Name, PersonId, ReleaseHash};

use crate::{
    At, Ballot, Candidate, Deadline, Decide, IncidentId, Lane, Lanes, MoveKind, NotAsked, Place, Problem, Selector,
    Skip, TaskId, Timer, Undone, VisitId, Why,
};

/// One thing that happened to an instance. Time and actor are kept in its envelope, the kind is its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at: Instant,
    pub by: Actor,
    pub kind: EventKind,
}

/// Who made it happen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    Person(PersonId),
    /// A timer that went off.
    Timer,
    /// The product itself, doing a machine step.
    Machine,
}

/// The kinds of event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    Submitted {
        flow: Name,
        release: ReleaseHash,
        initiator: PersonId,
        subject: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        period: Option<Period>,
        number: String,
        form: Map<String, Value>,
        /// It was started for its initiator, who still has to fill it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        open: bool,
    },
    /// A condition of the flow was answered.
    BranchTaken {
        choose: u32,
        branch: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lanes: Lanes,
    },
    /// An `each` begins: its items as they are now, one lane for every one of them.
    LanesOpened {
        each: At<u32>,
        lanes: Vec<Lane>,
    },
    /// A policy was asked before this was accepted, and says something all the same.
    Warned {
        place: Place,
        policy: String,
        warnings: Vec<String>,
    },
    /// A step moved a balance.
    Moved {
        place: Place,
        does: MoveKind,
        account: Name,
        key: String,
        /// By how much the balance grows.
        posted: Money,
        /// By how much more is held for this instance.
        reserved: Money,
    },
    VisitOpened {
        visit: VisitId,
        place: Place,
        #[serde(default)]
        decide: Decide,
        /// Who follows the first task, where people act in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        queue: Vec<Candidate>,
        /// Whom the step's rule named and who is not asked all the same, with the reason.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_asked: Vec<NotAsked>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        timers: Vec<Timer>,
        /// Where to go straight afterwards, the last first, instead of step by step.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        resume: Vec<Resume>,
        work: Work,
    },
    TaskOpened {
        visit: VisitId,
        task: TaskId,
        person: PersonId,
        why: Why,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        escalated: bool,
    },
    /// The request's form was changed by who acts in the same breath.
    FormChanged {
        set: Map<String, Value>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        removed: Vec<String>,
        /// Whom the request is about from now on, where the flow reads that from the form.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<PersonId>,
    },
    Approved {
        task: TaskId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    Filled {
        task: TaskId,
        /// What was filled into the step's own form.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<Name>,
        /// One of several sheets, everybody's own.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        own: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// A ballot of a committee.
    Voted {
        task: TaskId,
        ballot: Ballot,
        weight: u32,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        chair: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes: Option<String>,
    },
    /// What a step of people came to, for later steps.
    Decided {
        visit: VisitId,
        passed: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<Name>,
        value: Value,
    },
    /// The sheet that several people sign has changed: who signed it before is asked again.
    SignaturesCleared {
        visit: VisitId,
        people: Vec<PersonId>,
    },
    /// The initiator sent it on again after it had come back.
    Resubmitted {
        task: TaskId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    Rejected {
        task: TaskId,
        comment: String,
    },
    Returned {
        /// The task of who sent it back; none where a committee did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
        to: Place,
        then: Then,
        comment: String,
        /// Steps passed before that must be passed again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        undone: Vec<Place>,
        /// It was a rejection, and the flow returns rejected requests.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        rejected: bool,
    },
    /// It should have gone straight back to where it was sent back from, and goes step by step: what was decided on the way
    /// read these fields, and they were changed.
    WalkedAgain {
        from: Place,
        fields: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        undone: Vec<Place>,
    },
    Transferred {
        task: TaskId,
        to: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// An open task ended without its holder.
    TaskCancelled {
        task: TaskId,
        why: Undone,
    },
    /// These come next where people act in order, before those who wait already.
    Queued {
        visit: VisitId,
        people: Vec<Candidate>,
    },
    /// Somebody waiting for their turn is not asked any more.
    Unqueued {
        visit: VisitId,
        person: PersonId,
        #[serde(default = "Undone::left", skip_serializing_if = "Undone::is_left")]
        why: Undone,
    },
    VisitClosed {
        visit: VisitId,
        end: VisitEnd,
    },
    /// A step was passed without anybody being asked; it says why.
    Skipped {
        place: Place,
        why: Skip,
    },
    MachineDone {
        visit: VisitId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<Name>,
        value: Value,
        /// What made the value, such as a policy's explanation; kept for readers, not for the state.
        #[serde(default)]
        detail: Value,
    },
    /// The calendar has changed, and with it what a policy had worked out.
    Recounted {
        visit: VisitId,
        value: Value,
        #[serde(default)]
        detail: Value,
    },
    IncidentOpened {
        incident: IncidentId,
        place: Place,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<VisitId>,
        problem: Problem,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        resume: Vec<Resume>,
        #[serde(default)]
        detail: Value,
    },
    IncidentClosed {
        incident: IncidentId,
    },
    /// The machine is asked to do a step again.
    MachineRetried {
        visit: VisitId,
    },
    /// The deadline passed.
    Overdue {
        visit: VisitId,
        timer: u32,
    },
    /// The calendar has changed, and with it when this is due.
    DueMoved {
        visit: VisitId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline: Option<Deadline>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        timers: Vec<Timer>,
    },
    Reminded {
        visit: VisitId,
        timer: u32,
        people: Vec<PersonId>,
    },
    Escalated {
        visit: VisitId,
        timer: u32,
        /// Empty: nobody was found to escalate to.
        people: Vec<PersonId>,
    },
    /// It goes on under another release; what was decided stays.
    Migrated {
        from: ReleaseHash,
        to: ReleaseHash,
    },
    Commented {
        text: String,
    },
    Withdrawn {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Ended by somebody responsible for the flow.
    Cancelled {
        reason: String,
    },
    /// Nothing is left to do.
    Ended {
        as_archived: bool,
    },
}

/// Where an instance goes straight back to, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resume {
    pub place: Place,
    /// Who sent it back from there.
    pub person: PersonId,
    /// What had named them there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<Selector>,
    /// Fields of the form that were changed since.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub changed: BTreeSet<String>,
}

/// What kind of work a visit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// The initiator's own step, again.
    Start,
    Approve,
    /// Fills fields of the request's form.
    Fill,
    /// Fills a form of its own.
    FillOwn,
    /// Casts a ballot.
    Vote,
    Machine,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitEnd {
    Passed,
    Rejected,
    /// Sent back from here.
    Returned,
    Cancelled,
}

/// How the way goes on after something came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Then {
    /// 直达: straight back to who sent it.
    Direct,
    /// 重新逐级: step by step again.
    Restart,
}
