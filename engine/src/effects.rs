//! What the world must do because of a decision: a closed list.
//!
//! Tasks, timers and machine steps follow from the difference of two states, so that none can be forgotten or doubled;
//! only how a task ended, and whom to tell, is read from the events.

use std::collections::BTreeMap;

use zhupi_domain::{Instant, Money, Name, PersonId};

use crate::{Ballot, Deadline, Event, EventKind, IncidentId, Instance, Status, TaskId, Undone, VisitId};

/// One thing that the world must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    OpenTask {
        visit: VisitId,
        task: TaskId,
    },
    /// What the holder of an open task decides about has changed, or when it is due.
    RenewTask {
        task: TaskId,
        version: u32,
    },
    CloseTask {
        task: TaskId,
        by: Option<PersonId>,
        outcome: TaskOutcome,
    },
    ArmTimer {
        visit: VisitId,
        timer: u32,
        at: Instant,
    },
    DropTimer {
        visit: VisitId,
        timer: u32,
    },
    /// Do a machine step and come back with the answer.
    RunMachine {
        visit: VisitId,
        attempt: u32,
    },
    /// Move a balance; where less would be left than the account's floor, nothing of the decision happens.
    MoveBalance {
        account: Name,
        key: String,
        posted: Money,
        reserved: Money,
    },
    OpenIncident {
        incident: IncidentId,
    },
    CloseIncident {
        incident: IncidentId,
    },
    Notify(Notice),
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskOutcome {
    Approved,
    Filled,
    Voted { ballot: Ballot },
    Resubmitted,
    Rejected,
    Returned,
    Transferred { to: PersonId },
    Cancelled(Undone),
}

/// Something that a person should hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    NewTask {
        task: TaskId,
    },
    Overdue {
        task: TaskId,
    },
    /// The instance has ended; its initiator and subject hear how.
    Ended {
        status: Status,
    },
}

/// What must be done after these events turned one state into the next.
pub fn effects(before: Option<&Instance>, after: &Instance, events: &[Event]) -> Vec<Effect> {
    let mut effects = Vec::new();
    tasks(before, after, events, &mut effects);
    timers(before, after, &mut effects);
    machines(before, after, &mut effects);
    balances(before, after, &mut effects);
    incidents(before, after, &mut effects);
    notices(before, after, events, &mut effects);
    effects
}

fn tasks(before: Option<&Instance>, after: &Instance, events: &[Event], effects: &mut Vec<Effect>) {
    let held = |state: &Instance| -> BTreeMap<TaskId, (VisitId, u32, Option<Deadline>)> {
        state.tasks().map(|(visit, task, of, held)| (task, (visit, held.version, of.deadline.clone()))).collect()
    };
    let (old, new) = (before.map(held).unwrap_or_default(), held(after));
    for task in old.keys().filter(|task| !new.contains_key(task)) {
        if let Some((by, outcome)) = events.iter().find_map(|event| ended(event, *task)) {
            effects.push(Effect::CloseTask { task: *task, by, outcome });
        }
    }
    for (task, (visit, version, deadline)) in &new {
        match old.get(task) {
            None => effects.push(Effect::OpenTask { visit: *visit, task: *task }),
            Some((_, was, due)) if was != version || due != deadline => {
                effects.push(Effect::RenewTask { task: *task, version: *version });
            }
            Some(_) => {}
        }
    }
}

/// Whether and how an event ends a task.
fn ended(event: &Event, of: TaskId) -> Option<(Option<PersonId>, TaskOutcome)> {
    let (task, outcome) = match &event.kind {
        EventKind::Approved { task, .. } => (task, TaskOutcome::Approved),
        EventKind::Filled { task, .. } => (task, TaskOutcome::Filled),
        EventKind::Voted { task, ballot, .. } => (task, TaskOutcome::Voted { ballot: *ballot }),
        EventKind::Resubmitted { task, .. } => (task, TaskOutcome::Resubmitted),
        EventKind::Rejected { task, .. } => (task, TaskOutcome::Rejected),
        EventKind::Returned { task: Some(task), rejected: true, .. } => (task, TaskOutcome::Rejected),
        EventKind::Returned { task: Some(task), .. } => (task, TaskOutcome::Returned),
        EventKind::Transferred { task, to, .. } => (task, TaskOutcome::Transferred { to: to.clone() }),
        EventKind::TaskCancelled { task, why } => (task, TaskOutcome::Cancelled(why.clone())),
        _ => return None,
    };
    let by = match &event.by {
        crate::Actor::Person(person) => Some(person.clone()),
        crate::Actor::Timer | crate::Actor::Machine => None,
    };
    (*task == of).then_some((by, outcome))
}

fn timers(before: Option<&Instance>, after: &Instance, effects: &mut Vec<Effect>) {
    let armed = |state: &Instance| -> BTreeMap<(VisitId, u32), Instant> {
        let visits = state.visits.iter();
        visits.flat_map(|(id, visit)| visit.timers.iter().map(|timer| ((*id, timer.number), timer.at))).collect()
    };
    let (old, new) = (before.map(armed).unwrap_or_default(), armed(after));
    for ((visit, timer), _) in old.iter().filter(|(key, at)| new.get(key) != Some(at)) {
        effects.push(Effect::DropTimer { visit: *visit, timer: *timer });
    }
    for ((visit, timer), at) in new.iter().filter(|(key, at)| old.get(key) != Some(at)) {
        effects.push(Effect::ArmTimer { visit: *visit, timer: *timer, at: *at });
    }
}

fn machines(before: Option<&Instance>, after: &Instance, effects: &mut Vec<Effect>) {
    let asked_before = |id: &VisitId| before.and_then(|state| state.visits.get(id)).map_or(0, |visit| visit.attempt);
    for (visit, asked) in after.visits.iter().filter(|(id, visit)| visit.attempt > asked_before(id)) {
        effects.push(Effect::RunMachine { visit: *visit, attempt: asked.attempt });
    }
}

fn balances(before: Option<&Instance>, after: &Instance, effects: &mut Vec<Effect>) {
    let mut changes: BTreeMap<(&Name, &str), (Money, Money)> = BTreeMap::new();
    for moved in &after.moved {
        let change = changes.entry((&moved.account, &moved.key)).or_default();
        *change = (change.0 + moved.posted, change.1 + moved.reserved);
    }
    for moved in before.iter().flat_map(|before| &before.moved) {
        let change = changes.entry((&moved.account, &moved.key)).or_default();
        *change = (change.0 - moved.posted, change.1 - moved.reserved);
    }
    for ((account, key), (posted, reserved)) in changes {
        if posted != Money::ZERO || reserved != Money::ZERO {
            let (account, key) = (account.clone(), key.to_owned());
            effects.push(Effect::MoveBalance { account, key, posted, reserved });
        }
    }
}

fn incidents(before: Option<&Instance>, after: &Instance, effects: &mut Vec<Effect>) {
    let open = |state: Option<&Instance>, id: &IncidentId| state.is_some_and(|state| state.incidents.contains_key(id));
    for incident in before.iter().flat_map(|state| state.incidents.keys()).filter(|id| !open(Some(after), id)) {
        effects.push(Effect::CloseIncident { incident: *incident });
    }
    for incident in after.incidents.keys().filter(|id| !open(before, id)) {
        effects.push(Effect::OpenIncident { incident: *incident });
    }
}

fn notices(before: Option<&Instance>, after: &Instance, events: &[Event], effects: &mut Vec<Effect>) {
    for event in events {
        match &event.kind {
            EventKind::TaskOpened { task, .. } if after.task(*task).is_some() => {
                effects.push(Effect::Notify(Notice::NewTask { task: *task }));
            }
            EventKind::Reminded { visit, .. } => {
                for task in after.visits.get(visit).iter().flat_map(|visit| visit.tasks.keys()) {
                    effects.push(Effect::Notify(Notice::Overdue { task: *task }));
                }
            }
            _ => {}
        }
    }
    if !after.is_running() && before.is_none_or(Instance::is_running) {
        effects.push(Effect::Notify(Notice::Ended { status: after.status.clone() }));
    }
}
