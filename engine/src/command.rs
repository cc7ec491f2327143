//! What somebody wants, what must be known to decide it, and why it may be refused.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, Name, PersonId, ReleaseHash};

use crate::{Actor, Deadline, IncidentId, Place, Problem, Selector, Status, TaskId, Then, VisitId};

/// One wish of one actor about one instance.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Submit {
        release: ReleaseHash,
        subject: PersonId,
        period: Option<Period>,
        number: String,
        form: Map<String, Value>,
    },
    /// `form` is the whole form as accepted from the actor, where the step may change it.
    Approve {
        task: TaskId,
        version: u32,
        comment: Option<String>,
        form: Option<Map<String, Value>>,
    },
    /// `value` is what was filled into the step's own form.
    Fill {
        task: TaskId,
        version: u32,
        comment: Option<String>,
        form: Option<Map<String, Value>>,
        value: Option<Value>,
    },
    Resubmit {
        task: TaskId,
        version: u32,
        comment: Option<String>,
        form: Map<String, Value>,
    },
    Reject {
        task: TaskId,
        version: u32,
        comment: String,
    },
    Return {
        task: TaskId,
        version: u32,
        to: Place,
        then: Then,
        comment: String,
    },
    Transfer {
        task: TaskId,
        version: u32,
        to: PersonId,
        comment: Option<String>,
    },
    Comment {
        text: String,
    },
    Withdraw {
        reason: Option<String>,
    },
    /// By somebody responsible for the flow; whether the actor is, is decided before.
    Cancel {
        reason: String,
    },
    /// A machine step is done. `attempt` says which asking is answered, so that an answer never counts twice.
    MachineDone {
        visit: VisitId,
        attempt: u32,
        value: Value,
        detail: Value,
    },
    MachineFailed {
        visit: VisitId,
        attempt: u32,
        problem: Problem,
        detail: Value,
    },
    /// Tries again what an incident stopped.
    Retry {
        incident: IncidentId,
    },
    TimerFired {
        visit: VisitId,
        timer: u32,
    },
    /// Goes on under another release; decided with that release's flow.
    Migrate {
        release: ReleaseHash,
    },
    /// Somebody who holds open tasks has left the company.
    PersonLeft {
        person: PersonId,
    },
    /// Somebody who holds open tasks has lost a role.
    RoleRevoked {
        person: PersonId,
    },
}

impl Command {
    /// The longest comment or reason, in characters.
    pub const MAX_COMMENT: usize = 2_000;
}

/// What the engine must be told before it can decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Who are these, in order?
    People(Vec<Selector>),
    /// Which branch of this choice holds?
    Branch { choose: u32 },
    /// When is a visit of this step due that opens now, and when do its overdue rules apply?
    Deadline { step: Name },
}

/// What the outside answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Each person with the selector that found them, in the order of the selectors; nobody twice.
    People(Vec<(PersonId, Selector)>),
    Branch(Result<u32, String>),
    Deadline {
        deadline: Deadline,
        timers: Vec<Alarm>,
    },
}

/// When something about a deadline happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Tells those of one deadline apart.
    pub number: u32,
    pub at: Instant,
    /// The overdue rule of the step, by its place in the list; none: the deadline itself.
    pub rule: Option<u32>,
}

pub type Answers = BTreeMap<Question, Answer>;

/// Everything besides flow, state and command.
#[derive(Debug, Clone)]
pub struct Inputs {
    pub now: Instant,
    pub actor: Actor,
    pub answers: Answers,
}

/// Why a command changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the instance has ended")]
    Ended { status: Status },
    #[error("no such open task")]
    NoSuchTask,
    #[error("the task belongs to somebody else")]
    NotYours,
    #[error("whoever holds the task was asked for a role that they no longer hold")]
    RoleRevoked,
    #[error("the task has changed since")]
    Stale { version: u32 },
    #[error("a comment is required")]
    CommentRequired,
    #[error("this cannot be done at this step")]
    NotAtThisStep,
    #[error("it cannot be sent back there")]
    NoSuchTarget,
    #[error("nobody may decide about their own request")]
    OwnRequest,
    #[error("this person is already asked at this step")]
    AlreadyAsked,
    #[error("there is no such person, or they have left")]
    NoSuchPerson,
    #[error("a comment has at most {} characters", Command::MAX_COMMENT)]
    CommentTooLong,
    #[error("only the initiator may do this")]
    NotInitiator,
    #[error("no such incident")]
    NoSuchIncident,
    #[error("the machine step or timer is no longer waited for")]
    NotWaitedFor,
    #[error("too many open tasks")]
    TooManyTasks,
    #[error("the definition does not have the step that the instance is at")]
    NoSuchStep { place: Place },
    #[error("the other release has no such step, or of another kind")]
    DoesNotFit { place: Place },
    #[error("a new instance starts with being submitted, and only once")]
    NotSubmitted,
    #[error("an answer does not fit its question")]
    BadAnswer,
}

impl Refusal {
    /// A stable code, for the API and for cases; `internal` where only a fault of ours leads there.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended { .. } => "instance_ended",
            Self::NoSuchTask => "task_closed",
            Self::NotYours => "not_yours",
            Self::RoleRevoked => "role_revoked",
            Self::Stale { .. } => "task_changed",
            Self::CommentRequired => "comment_required",
            Self::NotAtThisStep => "not_at_this_step",
            Self::NoSuchTarget => "no_such_target",
            Self::OwnRequest => "own_request",
            Self::AlreadyAsked => "already_asked",
            Self::NoSuchPerson => "no_such_person",
            Self::CommentTooLong => "comment_too_long",
            Self::NotInitiator => "not_initiator",
            Self::NoSuchIncident => "incident_closed",
            Self::NotWaitedFor => "not_waited_for",
            Self::TooManyTasks => "too_many_tasks",
            Self::DoesNotFit { .. } => "release_does_not_fit",
            Self::NoSuchStep { .. } | Self::NotSubmitted | Self::BadAnswer => "internal",
        }
    }
}
