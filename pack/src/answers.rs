//! What a release answers to the engine: people, branches, deadlines, machine steps, rights and readers.
//!
//! Every answer is computed from the release, the instance as the engine hands it over, and a [`World`] that the caller
//! read at one moment; nothing is looked up in between.

mod check;
mod closed;
mod deadline;
pub(crate) mod machine;
mod moves;
mod people;
mod readers;
mod scope;
mod wanted;

use zhupi_domain::calendar::Calendar;
use zhupi_domain::directory::Directory;
use zhupi_domain::{Instant, Text};
use zhupi_engine::{Answer, At, Block, Flow, HumanKind, Instance, Obstacle, Place, Question};
use zhupi_forms::{Right, RightEntry, Rights};

pub use machine::{Before, MachineAnswer, machine_inputs, policy_again, results_that_date, run_machine};
pub use people::{Sight, people};
pub use readers::{may_start, open_accounts, reader_keys, viewer_keys, visible_keys};
pub(crate) use scope::period_value;
pub use scope::{Scope, scope};
pub use wanted::{Balance, BalanceKey, FactQuery, Found, Wanted};

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

/// What must be found before a question can be answered; nothing for most.
pub fn needs(release: &Release, question: &Question, instance: &Instance, world: &World<'_>) -> Wanted {
    match question {
        Question::Check(place) => check::needs(release, place, instance, world),
        Question::Move(step) => moves::needs(release, step, instance, world),
        _ => Wanted::default(),
    }
}

/// Answers one question about an instance; `instance` is the state that the engine hands over with the question, `found` is
/// what it [`needs`].
pub fn answer(release: &Release, question: &Question, instance: &Instance, world: &World<'_>, found: &Found) -> Answer {
    match question {
        Question::People { by, at } => {
            let lane = release.flow(&instance.flow).and_then(|flow| instance.item(flow, &flow.cursor(at)?));
            let item = lane.map(|lane| &lane.item);
            let sight = Sight { company: release.company(), instance, directory: world.directory, item };
            Answer::People(people(by, sight))
        }
        Question::Substitutes(person) => {
            let acting = world.directory.substitutes(person, &instance.flow, world.today());
            Answer::Substitutes(acting.map(|person| person.id.clone()).collect())
        }
        Question::Branch(choose) => Answer::Branch(branch(release, choose, instance, world)),
        Question::Lanes(each) => Answer::Lanes(scope::lanes(release, instance, each, world)),
        Question::Deadline { step, from } => deadline::answer(release, step, *from, instance, world),
        Question::Check(place) => Answer::Check(check::answer(release, place, instance, world, found)),
        Question::Move(step) => Answer::Move(moves::answer(release, step, instance, world, found)),
    }
}

/// The first branch whose condition holds.
fn branch(release: &Release, choose: &At<u32>, instance: &Instance, world: &World<'_>) -> Result<u32, Obstacle> {
    let number = choose.what;
    let no_choice = || -> Obstacle {
        let name = &instance.flow;
        Text::new(format!("流程 {name} 没有第 {number} 个条件分支"), format!("the flow {name} has no choice {number}"))
            .into()
    };
    let flow = release.flow(&instance.flow).ok_or_else(no_choice)?;
    let at = flow.locate_choose(number, &choose.lanes).ok_or_else(no_choice)?;
    let Some(Block::Choose(choose)) = flow.block(&at) else { return Err(no_choice()) };
    let scope = scope(release, flow, instance, Some(&at), world)?;
    for (index, branch) in choose.branches.iter().enumerate() {
        let holds =
            branch.when.as_ref().map_or(Ok(true), |when| scope.eval(when, world).map(|value| value.is_true()))?;
        if holds {
            return u32::try_from(index).map_err(|_| no_choice());
        }
    }
    Err(no_choice())
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
        HumanKind::Fill { form: None, .. } => Right::Editable,
        HumanKind::Fill { form: Some(_), .. } | HumanKind::Approve | HumanKind::Vote(_) => Right::Readonly,
    }
}
