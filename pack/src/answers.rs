//! What a release answers to the engine: people, branches, deadlines, machine steps, rights and readers.
//!
//! Every answer is computed from the release, the instance as the engine hands it over, and a [`World`] that the caller
//! read at one moment; nothing is looked up in between.

pub(crate) mod machine;
mod people;
mod readers;
mod scope;

use zhupi_domain::calendar::{Calendar, CalendarError};
use zhupi_domain::directory::Directory;
use zhupi_domain::{Instant, Name};
use zhupi_engine::{Alarm, Answer, Answers, Block, Choose, Deadline, Flow, HumanKind, Instance, Place, Question};
use zhupi_forms::{Right, RightEntry, Rights};

pub use machine::{FactQuery, Found, MachineAnswer, Wanted, machine_inputs, run_machine};
pub use people::people;
pub use readers::{may_start, reader_keys, viewer_keys, visible_keys};
pub(crate) use scope::period_value;
pub use scope::{Scope, scope};

use crate::Release;

/// What a release does not hold: the directory, the calendar and the time, all of one moment.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    pub directory: &'a Directory,
    pub calendar: &'a Calendar,
    pub now: Instant,
}

impl World<'_> {
    /// The company's local date.
    pub fn today(&self) -> chrono::NaiveDate {
        self.calendar.local_date(self.now)
    }
}

/// Answers one question about an instance; `instance` is the state that the engine hands over with the question.
pub fn answer(release: &Release, question: &Question, instance: &Instance, world: &World<'_>) -> Answer {
    match question {
        Question::People(selectors) => Answer::People(people(selectors, instance, world.directory)),
        Question::Branch { choose } => Answer::Branch(branch(release, *choose, instance, world)),
        Question::Deadline { step } => deadline(release, step, instance, world),
    }
}

/// Answers all questions of one round.
pub fn answers(release: &Release, questions: &[Question], instance: &Instance, world: &World<'_>) -> Answers {
    questions.iter().map(|question| (question.clone(), answer(release, question, instance, world))).collect()
}

/// The first branch whose condition holds.
fn branch(release: &Release, number: u32, instance: &Instance, world: &World<'_>) -> Result<u32, String> {
    let no_choice = || format!("流程 {} 没有第 {number} 个条件分支", instance.flow);
    let flow = release.flow(&instance.flow).ok_or_else(no_choice)?;
    let choose = find_choose(&flow.steps, number).ok_or_else(no_choice)?;
    let scope = scope(release, flow, instance, world).map_err(|error| error.zh)?;
    for (index, branch) in choose.branches.iter().enumerate() {
        let holds = match &branch.when {
            None => true,
            Some(when) => {
                let value = when.eval(scope.value(), &scope.context(world));
                value
                    .map_err(|error| format!("条件 {} 无法判断：{}", when.source(), error.kind.message().zh))?
                    .is_true()
            }
        };
        if holds {
            return u32::try_from(index).map_err(|_| no_choice());
        }
    }
    Err(no_choice())
}

/// The choice of a number, wherever it is nested.
pub(crate) fn find_choose(blocks: &[Block], number: u32) -> Option<&Choose> {
    blocks.iter().find_map(|block| match block {
        Block::Step(_) => None,
        Block::Choose(choose) if choose.number == number => Some(choose),
        Block::Choose(choose) => choose.branches.iter().find_map(|branch| find_choose(&branch.steps, number)),
    })
}

/// When a visit that opens now is due, and when its rules for being overdue apply.
///
/// Alarm 0 is the deadline itself, timer n the n-th rule. Where the calendar has no data for any of them, that is said
/// for the whole: a rule that silently never applied would be worse.
fn deadline(release: &Release, step: &Name, instance: &Instance, world: &World<'_>) -> Answer {
    let human = release.flow(&instance.flow).and_then(|flow| flow.step(step)).and_then(|step| step.human());
    let Some((human, due)) = human.and_then(|human| Some((human, human.due?))) else {
        return Answer::Deadline { deadline: Deadline::At(world.now), timers: Vec::new() };
    };
    let computed = world.calendar.deadline(world.now, due).and_then(|at| {
        let mut timers = vec![Alarm { number: 0, at, rule: None }];
        for (rule, place) in human.overdue.iter().zip(0u32..) {
            let at = rule.after.map_or(Ok(at), |after| world.calendar.deadline(at, after))?;
            timers.push(Alarm { number: place.saturating_add(1), at, rule: Some(place) });
        }
        Ok(Answer::Deadline { deadline: Deadline::At(at), timers })
    });
    computed.unwrap_or_else(|error| {
        let year = match error {
            CalendarError::NoCalendarData { year } => year,
            CalendarError::OutOfRange => 9999,
        };
        Answer::Deadline { deadline: Deadline::NoCalendarData { year }, timers: Vec::new() }
    })
}

/// What somebody may do with the request's form at a place of a flow.
///
/// Fields that the flow does not name are editable at the start and where a step fills the request's form, else readonly.
pub fn rights(release: &Release, flow: &Flow, place: &Place) -> Rights {
    let (others, fields) = match flow.human(place) {
        None if *place == Place::Start => (Right::Editable, Some(&flow.start_fields)),
        None => (Right::Readonly, None),
        Some(human) => (default_right(&human.kind), Some(&human.fields)),
    };
    let entries = fields
        .into_iter()
        .flatten()
        .filter_map(|(field, right)| Some(RightEntry { field, right: Right::parse(right)?, span: None }));
    let checked = release.form(&flow.form).and_then(|form| form.rights(others, entries).ok());
    checked.unwrap_or_else(Rights::readonly)
}

/// The right on fields of the request's form that a step does not name.
pub(crate) fn default_right(kind: &HumanKind) -> Right {
    match kind {
        HumanKind::Fill { form: None } => Right::Editable,
        HumanKind::Fill { form: Some(_) } | HumanKind::Approve => Right::Readonly,
    }
}
