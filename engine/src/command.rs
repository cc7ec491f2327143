//! What somebody wants, what must be known to decide it, and why it may be refused.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, Money, Name, PersonId, ReleaseHash, Text};

use crate::{
    Actor, At, Ballot, Deadline, IncidentId, Lane, Obstacle, Place, Problem, Selector, Spot, Status, TaskId, Then,
    VisitId,
};

/// One wish of one actor about one instance.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Submit {
        release: ReleaseHash,
        /// Whose request it is; none: of who acts. Only the calendar and facts start for somebody else.
        initiator: Option<PersonId>,
        subject: PersonId,
        period: Option<Period>,
        number: String,
        form: Map<String, Value>,
        /// The initiator still has to fill it.
        open: bool,
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
    /// A ballot of a committee.
    Vote {
        task: TaskId,
        version: u32,
        ballot: Ballot,
        comment: Option<String>,
        minutes: Option<String>,
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
    /// The company's calendar has changed: what is due is counted again, after what policies worked out again for it.
    CountAgain {
        recounted: Vec<Recounted>,
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

/// What a policy's step says under another calendar, all else being as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recounted {
    /// The visit that left the result.
    pub visit: VisitId,
    pub value: Value,
    pub detail: Value,
}

impl Command {
    /// The longest comment or reason, in characters.
    pub const MAX_COMMENT: usize = 2_000;
}

/// What the engine must be told before it can decide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Who are these, in order, seen from this place?
    People { by: Vec<Selector>, at: Place },
    /// Who acts for this person now, besides themselves?
    Substitutes(PersonId),
    /// Which branch of this choice holds?
    Branch(At<u32>),
    /// What are the items of this `each`?
    Lanes(At<u32>),
    /// When is a visit of this step due that opened then, and when do its overdue rules apply?
    Deadline { step: Spot, from: Instant },
    /// What does the policy say that must accept the request here?
    Check(Place),
    /// Which balance does this step move, and by how much?
    Move(Spot),
}

/// What the outside answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Each person with the selector that found them, in the order of the selectors; nobody twice.
    People(Vec<(PersonId, Selector)>),
    Substitutes(Vec<PersonId>),
    Branch(Result<u32, Obstacle>),
    Lanes(Result<Vec<Lane>, Obstacle>),
    Deadline {
        /// None where the flow goes by something that is not there.
        deadline: Option<Deadline>,
        timers: Vec<Alarm>,
    },
    Check(Checked),
    Move(Result<Amount, Obstacle>),
}

/// What a policy said that must accept something first.
#[derive(Debug, Clone, PartialEq)]
pub enum Checked {
    /// It may pass; what is told all the same.
    Accepted {
        warnings: Vec<String>,
    },
    Refused(Objection),
}

/// Why a policy does not accept something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    pub policy: String,
    /// The policy's own code; none where it could not be evaluated.
    pub code: Option<String>,
    /// What the refusal brought.
    pub data: Value,
    /// For people.
    pub text: Text,
}

/// What a step moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// Whose balance of the account.
    pub key: String,
    /// None: everything that the instance holds there.
    pub amount: Option<Money>,
    /// What is free now above the account's floor, besides what this instance holds; none: the account has no floor.
    pub free: Option<Money>,
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
    #[error("somebody else has sent it back there already, and it is being reworked")]
    BeingReworked,
    #[error("nobody may decide about their own request")]
    OwnRequest,
    #[error("who decides at a step themselves does not decide there for somebody else")]
    OneVoice,
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
    #[error("who already did another duty may not do this one")]
    Incompatible { role: Name },
    #[error("the time for this is over")]
    TooLate,
    #[error("the minutes of the meeting are missing")]
    MinutesRequired,
    #[error("a policy does not accept this")]
    Objected(Box<Objection>),
    #[error("the balance does not suffice")]
    Short(Box<Shortfall>),
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

/// An amount that is not there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shortfall {
    pub account: Name,
    pub key: String,
    pub wanted: Money,
    pub free: Money,
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
            Self::BeingReworked => "being_reworked",
            Self::OwnRequest => "own_request",
            Self::OneVoice => "one_voice",
            Self::AlreadyAsked => "already_asked",
            Self::NoSuchPerson => "no_such_person",
            Self::CommentTooLong => "comment_too_long",
            Self::NotInitiator => "not_initiator",
            Self::NoSuchIncident => "incident_closed",
            Self::NotWaitedFor => "not_waited_for",
            Self::Incompatible { .. } => "incompatible_duty",
            Self::TooLate => "too_late",
            Self::MinutesRequired => "minutes_required",
            Self::Objected(_) => "check_refused",
            Self::Short(_) => "balance_short",
            Self::TooManyTasks => "too_many_tasks",
            Self::DoesNotFit { .. } => "release_does_not_fit",
            Self::NoSuchStep { .. } | Self::NotSubmitted | Self::BadAnswer => "internal",
        }
    }
}
