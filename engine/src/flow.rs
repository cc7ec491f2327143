//! The definition of a flow: blocks that nest, so that it is sound by construction.
//!
//! There is no free graph and therefore no deadlock and no lost token; going back is an action, not an arrow.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zhupi_domain::calendar::Span;
use zhupi_domain::expr::Expr;
use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Name, Text};

use crate::{Selector, Then, Work};

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
    pub steps: Vec<Block>,
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
}

/// A step at which people act.
#[derive(Debug, Clone, PartialEq)]
pub struct Human {
    pub kind: HumanKind,
    pub assign: Assign,
    pub due: Option<Span>,
    pub overdue: Vec<Overdue>,
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
    },
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
    Step(Name),
}

/// The way to a block: block index, then branch and block index for each choice on the way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(Vec<usize>);

impl Flow {
    /// The first block.
    pub fn first(&self) -> Option<Cursor> {
        (!self.steps.is_empty()).then(|| Cursor(vec![0]))
    }

    /// The block at a cursor.
    pub fn block(&self, cursor: &Cursor) -> Option<&Block> {
        let (last, way) = cursor.0.split_last()?;
        self.sequence(way)?.get(*last)
    }

    fn sequence(&self, way: &[usize]) -> Option<&[Block]> {
        way.chunks_exact(2).try_fold(self.steps.as_slice(), |blocks, pair| match (blocks.get(*pair.first()?)?, pair) {
            (Block::Choose(choose), [_, branch]) => Some(choose.branches.get(*branch)?.steps.as_slice()),
            _ => None,
        })
    }

    /// What follows a block: the next one of its sequence, else what follows the block around it.
    pub fn next(&self, cursor: &Cursor) -> Option<Cursor> {
        let mut way = cursor.0.clone();
        loop {
            let last = way.pop()?;
            if last + 1 < self.sequence(&way)?.len() {
                way.push(last + 1);
                return Some(Cursor(way));
            }
            way.pop()?;
        }
    }

    /// The first block of a branch of the choice at a cursor; none where the branch is empty.
    pub fn into_branch(&self, cursor: &Cursor, branch: usize) -> Option<Cursor> {
        let mut way = cursor.0.clone();
        way.push(branch);
        (!self.sequence(&way)?.is_empty()).then(|| {
            way.push(0);
            Cursor(way)
        })
    }

    /// Where a step stands.
    pub fn locate(&self, step: &Name) -> Option<Cursor> {
        self.walk().find(|(_, found)| found.name == *step).map(|(cursor, _)| cursor)
    }

    pub fn step(&self, name: &Name) -> Option<&Step> {
        self.walk().find(|(_, step)| step.name == *name).map(|(_, step)| step)
    }

    /// The step at a place; none at the start.
    pub fn at(&self, place: &Place) -> Option<&Step> {
        match place {
            Place::Start => None,
            Place::Step(name) => self.step(name),
        }
    }

    /// The people's step at a place.
    pub fn human(&self, place: &Place) -> Option<&Human> {
        self.at(place)?.human()
    }

    /// All steps in the order they are written, also those inside choices.
    pub fn walk(&self) -> impl Iterator<Item = (Cursor, &Step)> {
        let mut found = Vec::new();
        collect(&self.steps, &mut Vec::new(), &mut found);
        found.into_iter()
    }

    /// Whether one place comes before another in the order they are written; the start comes before all.
    pub fn is_before(&self, one: &Place, other: &Place) -> bool {
        let order = |place: &Place| match place {
            Place::Start => None,
            Place::Step(step) => self.locate(step),
        };
        order(one) < order(other)
    }

    /// The title of a place.
    pub fn title_of(&self, place: &Place) -> Text {
        match place {
            Place::Start => self.start_title.clone(),
            Place::Step(name) => self.step(name).map_or_else(|| Text::same(name.as_str()), |step| step.title.clone()),
        }
    }
}

fn collect<'a>(blocks: &'a [Block], way: &mut Vec<usize>, found: &mut Vec<(Cursor, &'a Step)>) {
    for (index, block) in blocks.iter().enumerate() {
        way.push(index);
        match block {
            Block::Step(step) => found.push((Cursor(way.clone()), step)),
            Block::Choose(choose) => {
                for (number, branch) in choose.branches.iter().enumerate() {
                    way.push(number);
                    collect(&branch.steps, way, found);
                    way.pop();
                }
            }
        }
        way.pop();
    }
}

impl Step {
    pub fn human(&self) -> Option<&Human> {
        match &self.kind {
            StepKind::Human(human) => Some(human),
            StepKind::Machine(_) => None,
        }
    }

    /// What kind of work a visit of it is.
    pub fn work(&self) -> Work {
        match &self.kind {
            StepKind::Machine(_) => Work::Machine,
            StepKind::Human(human) => match &human.kind {
                HumanKind::Approve => Work::Approve,
                HumanKind::Fill { form: None } => Work::Fill,
                HumanKind::Fill { form: Some(_) } => Work::FillOwn,
            },
        }
    }

    /// The name under which later steps read what it gives.
    pub fn into_name(&self) -> Option<&Name> {
        match &self.kind {
            StepKind::Human(human) => human.into.as_ref(),
            StepKind::Machine(Machine::Policy { into, .. }) => Some(into),
            StepKind::Machine(Machine::Record { .. } | Machine::Archive { .. }) => None,
        }
    }

    pub fn machine(&self) -> Option<&Machine> {
        match &self.kind {
            StepKind::Machine(machine) => Some(machine),
            StepKind::Human(_) => None,
        }
    }
}
