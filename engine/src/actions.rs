//! What may be done now, so that a screen shows just that.

use serde::Serialize;

use crate::{Flow, HumanKind, Instance, Place, Target, TaskId};

/// Something that the holder of a task may do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskAction {
    Approve,
    Fill,
    Resubmit,
    Reject,
    Return,
    Transfer,
}

/// What the holder of an open task may do; empty for a task that is not open.
pub fn task_actions(flow: &Flow, state: &Instance, task: TaskId) -> Vec<TaskAction> {
    let Some((_, visit, _)) = state.task(task).filter(|_| state.is_running()) else { return Vec::new() };
    let agree = match flow.human(&visit.place).map(|human| &human.kind) {
        None => return vec![TaskAction::Resubmit],
        Some(HumanKind::Approve) => TaskAction::Approve,
        Some(HumanKind::Fill { .. }) => TaskAction::Fill,
    };
    vec![agree, TaskAction::Reject, TaskAction::Return, TaskAction::Transfer]
}

/// Where a place can be sent back to, the initiator first: people's steps that were passed and come before it.
pub fn return_targets(flow: &Flow, state: &Instance, from: &Place) -> Vec<Place> {
    let Place::Step(here) = from else { return Vec::new() };
    let here = flow.locate(here);
    let acted = state.passed.iter().filter(|passed| !passed.people.is_empty());
    let located = acted.filter_map(|passed| match &passed.place {
        Place::Step(name) => Some((flow.locate(name).filter(|_| flow.human(&passed.place).is_some())?, &passed.place)),
        Place::Start => None,
    });
    let mut before: Vec<_> = located.filter(|(cursor, _)| here.as_ref().is_none_or(|here| cursor < here)).collect();
    before.sort();
    std::iter::once(Place::Start).chain(before.into_iter().map(|(_, place)| place.clone())).collect()
}

/// The people's step that was passed last before a place; the initiator's own where there is none.
pub fn previous(flow: &Flow, state: &Instance, from: &Place) -> Place {
    return_targets(flow, state, from).pop().unwrap_or(Place::Start)
}

/// The place that a flow's word for a target means now; a step that was never passed means the initiator.
pub(crate) fn resolve(flow: &Flow, state: &Instance, from: &Place, target: &Target) -> Place {
    match target {
        Target::Initiator => Place::Start,
        Target::Previous => previous(flow, state, from),
        Target::Step(name) => {
            let place = Place::Step(name.clone());
            if return_targets(flow, state, from).contains(&place) { place } else { Place::Start }
        }
    }
}
