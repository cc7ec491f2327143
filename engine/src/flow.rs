//! The definition of a flow: blocks that nest, so that it is sound by construction.
//!
//! There is no free graph and therefore no deadlock and no lost token; going back is an action, not an arrow.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use zhupi_domain::calendar::Span;
use zhupi_domain::expr::Expr;
use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Name, Text};

use crate::due::Due;
use crate::{Selector, Spot, Then, Vote, Work};

/// One flow of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub name: Name,
    pub title: Text,
    pub description: Option<Text>,
    /// What the initiator's own step is called, such as 业务员填写.
    pub start_title: Text,
    /// The form that the initiator fills.
    pub form: Name,
    /// What the initiator may write or see of the form, by field; editable where nothing is said.
    pub start_fields: BTreeMap<String, String>,
    /// Who may start it.
    pub start_by: Vec<Selector>,
    /// Who it is about.
    pub subject: Subject,
    /// The period it is about, chosen at submission.
    pub period: Option<PeriodKind>,
    /// The format of its numbers, such as `HZ-{date:%Y%m}-{seq:4}`.
    pub number: Option<String>,
    /// Who may read it beyond its initiator, subject and task holders.
    pub visible: Vec<Selector>,
    /// What happens when the same person comes up at several steps.
    pub on_twice: OnTwice,
    /// Fields shown with the request in lists.
    pub highlights: Vec<Name>,
    /// How many years its instances are kept, beyond any archive step.
    pub retention_years: Option<u32>,
    /// What a policy must accept before the request is taken.
    pub check: Option<Check>,
    /// Duties that no two of a set may be done by the same person in one instance.
    pub incompatible: Vec<BTreeSet<Name>>,
    pub steps: Vec<Block>,
}

/// A policy that refuses, or warns, before anything is accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    pub run: String,
    pub with: BTreeMap<Name, Expr>,
}

/// Whom an instance is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Initiator,
    /// The person in this field of the form.
    Field(Name),
}

/// Same person at several steps: ask again, ask once an instance, or skip only directly after their own approval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnTwice {
    #[default]
    Ask,
    Once,
    Consecutive,
}

/// One element of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Step(Box<Step>),
    Choose(Choose),
    Parallel(Parallel),
    Each(Each),
}

/// The first branch whose condition holds is taken; the last one is the compulsory `otherwise`.
#[derive(Debug, Clone, PartialEq)]
pub struct Choose {
    /// Counts the choices of the flow from 0, in the order they are written.
    pub number: u32,
    pub branches: Vec<Branch>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub title: Option<Text>,
    /// None: `otherwise`.
    pub when: Option<Expr>,
    pub steps: Vec<Block>,
}

/// All branches go on at the same time; what follows begins when all have come to their end.
#[derive(Debug, Clone, PartialEq)]
pub struct Parallel {
    /// None of them has a condition.
    pub branches: Vec<Branch>,
}

/// The same steps once for every item of a list, each in a lane of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    /// Counts these blocks of the flow from 0, in the order they are written.
    pub number: u32,
    /// The list: rows of a form, people, results.
    pub of: Expr,
    /// What a lane is called, seen from its `item`.
    pub label: Option<Expr>,
    pub order: LaneOrder,
    pub steps: Vec<Block>,
}

/// How the lanes of an `each` follow one another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LaneOrder {
    /// All at the same time.
    #[default]
    Together,
    /// One after the other, in the order of the list.
    OneByOne,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub name: Name,
    pub title: Text,
    pub kind: StepKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    Human(Human),
    Machine(Machine),
    /// Moves money between accounts in the very commit that leads here.
    Move(Move),
}

/// What a step does with the balance of one key of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    pub does: MoveKind,
    pub account: Name,
    /// Whose balance.
    pub of: Expr,
    /// How much; none for a release of everything that the instance has reserved there.
    pub amount: Option<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MoveKind {
    /// Holds an amount for this instance, so that nobody else can take it.
    Reserve,
    /// Lets go of what this instance holds.
    Release,
    /// Adds an amount (takes it, where it is negative), and lets go of what this instance holds there.
    Post,
}

/// A step at which people act.
#[derive(Debug, Clone, PartialEq)]
pub struct Human {
    pub kind: HumanKind,
    pub assign: Assign,
    pub due: Option<Due>,
    pub overdue: Vec<Overdue>,
    pub late: Late,
    /// What a policy must accept before a decision is taken.
    pub check: Option<Check>,
    pub on_reject: OnReject,
    /// What this step may do with the fields of the request's form: `hidden`, `readonly`, `editable` or `required`.
    pub fields: BTreeMap<String, String>,
    /// The result's name, for later steps.
    pub into: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HumanKind {
    Approve,
    /// Fills a form of its own, or (none) fields of the request's form.
    Fill {
        form: Option<Name>,
        sheet: Sheet,
    },
    Vote(Box<Vote>),
}

/// Whose sheet several people fill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sheet {
    /// One for all: everybody signs the same, and a change clears the other signatures.
    #[default]
    Shared,
    /// Everybody fills their own.
    Own {
        /// The others never see it.
        unseen: bool,
    },
}

/// What happens to work that is not done in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Late {
    /// It may still be done, and is marked.
    #[default]
    Mark,
    /// It may not be done any more.
    Refuse,
    /// The step closes at its deadline with what is there.
    Close,
}

/// Who acts at a step, and what happens when that is nobody or the initiator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assign {
    pub by: Vec<Selector>,
    pub decide: Decide,
    pub on_self: OnSelf,
    pub on_empty: OnEmpty,
}

/// How several people at one step decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decide {
    /// 或签: the first decision counts, also a rejection.
    #[default]
    Any,
    /// 会签: all must agree; one rejection ends the step at once.
    All,
    /// 依次: one after another in listed order; one rejection ends the step.
    InOrder,
}

/// The approver is the initiator or the subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OnSelf {
    /// They are left out; if nobody is left, the rule for nobody holds.
    #[default]
    Exclude,
    /// Their direct superior acts instead.
    Manager,
    /// Somebody else acts instead.
    Instead(Vec<Selector>),
    /// The step is passed without asking, and says so.
    Skip,
    /// They decide themselves: only because the pack says so in words, and marked in the log.
    Allow,
}

/// Nobody is found for a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OnEmpty {
    /// A person must look: nothing is approved by nobody.
    #[default]
    Incident,
    /// The step is passed without asking, and says so.
    Skip,
    Instead(Vec<Selector>),
}

/// What a rejection leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OnReject {
    /// The instance ends as rejected.
    #[default]
    End,
    Return {
        to: Target,
        then: Then,
    },
    /// It goes on; later steps read the result.
    Continue,
}

/// Where something is sent back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Initiator,
    /// The people's step passed last; the initiator where there is none.
    Previous,
    Step(Name),
}

/// What happens when a step is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// How long after the deadline; none: at the deadline.
    pub after: Option<Span>,
    pub action: OverdueAction,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum OverdueAction {
    /// Tells those who hold the open tasks, again.
    Remind,
    /// These people may decide as well; their decision stands for the step.
    Escalate { to: Vec<Selector> },
}

/// A step that the machine does, after the decision before it is stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Machine {
    /// Evaluates a policy; its answer becomes the result `into`.
    Policy { run: String, with: BTreeMap<Name, Expr>, into: Name },
    /// Writes a fact.
    Record { fact: Name, set: BTreeMap<Name, Expr> },
    /// Ends the instance as archived.
    Archive { copies: Vec<String>, keep_years: Option<u32> },
}

/// Where an instance can be: at the initiator's own step or at a step of the flow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Start,
    Step(Spot),
}

impl Place {
    /// The lanes around it.
    pub fn lanes(&self) -> &[u32] {
        match self {
            Self::Start => &[],
            Self::Step(spot) => &spot.lanes,
        }
    }
}

impl Human {
    /// How several people decide here: a committee always hears everybody.
    pub fn decide(&self) -> Decide {
        match self.kind {
            HumanKind::Vote(_) => Decide::All,
            HumanKind::Approve | HumanKind::Fill { .. } => self.assign.decide,
        }
    }
}

impl Step {
    pub fn human(&self) -> Option<&Human> {
        match &self.kind {
            StepKind::Human(human) => Some(human),
            StepKind::Machine(_) | StepKind::Move(_) => None,
        }
    }

    /// What kind of work a visit of it is.
    pub fn work(&self) -> Work {
        match &self.kind {
            StepKind::Machine(_) | StepKind::Move(_) => Work::Machine,
            StepKind::Human(human) => match &human.kind {
                HumanKind::Approve => Work::Approve,
                HumanKind::Fill { form: None, .. } => Work::Fill,
                HumanKind::Fill { form: Some(_), .. } => Work::FillOwn,
                HumanKind::Vote(_) => Work::Vote,
            },
        }
    }

    /// The name under which later steps read what it gives.
    pub fn into_name(&self) -> Option<&Name> {
        match &self.kind {
            StepKind::Human(human) => human.into.as_ref(),
            StepKind::Machine(Machine::Policy { into, .. }) => Some(into),
            StepKind::Machine(Machine::Record { .. } | Machine::Archive { .. }) | StepKind::Move(_) => None,
        }
    }

    pub fn machine(&self) -> Option<&Machine> {
        match &self.kind {
            StepKind::Machine(machine) => Some(machine),
            StepKind::Human(_) | StepKind::Move(_) => None,
        }
    }
}
