//! What may be done now, so that a screen shows just that.

use serde::Serialize;

use crate::{Flow, HumanKind, Instance, Place, Target, TaskId, VisitId};

/// Something that the holder of a task may do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskAction {
    Approve,
    Fill,
    Vote,
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
        Some(HumanKind::Vote(_)) => return vec![TaskAction::Vote],
    };
    vec![agree, TaskAction::Reject, TaskAction::Return, TaskAction::Transfer]
}

/// Where a visit of a place can be sent back to, the initiator first: people's steps that were passed and lie before it.
///
/// Nothing is sent back to where a rework that is still going on would come by again.
pub fn return_targets(flow: &Flow, state: &Instance, visit: VisitId, from: &Place) -> Vec<Place> {
    let Place::Step(_) = from else { return Vec::new() };
    let acted = state.passed.iter().filter(|passed| !passed.people.is_empty() && flow.human(&passed.place).is_some());
    let before = acted.map(|passed| &passed.place).filter(|place| flow.is_after(from, place));
    let mut before: Vec<_> = before.filter_map(|place| Some((flow.cursor(place)?, place))).collect();
    before.sort();
    let reworked = |place: &Place| {
        let others = state.visits.iter().filter(|(id, _)| **id != visit);
        others.into_iter().any(|(_, other)| flow.is_after(place, &other.place))
    };
    let places = std::iter::once(Place::Start).chain(before.into_iter().map(|(_, place)| place.clone()));
    places.filter(|place| !reworked(place)).collect()
}

/// The people's step that was passed last before a place; the initiator's own where there is none.
pub fn previous(flow: &Flow, state: &Instance, visit: VisitId, from: &Place) -> Place {
    return_targets(flow, state, visit, from).pop().unwrap_or(Place::Start)
}

/// The place that a flow's word for a target means now; a step that was never passed means the initiator.
pub(crate) fn resolve(flow: &Flow, state: &Instance, visit: VisitId, from: &Place, target: &Target) -> Place {
    match target {
        Target::Initiator => Place::Start,
        Target::Previous => previous(flow, state, visit, from),
        Target::Step(name) => {
            let targets = return_targets(flow, state, visit, from);
            let is = |place: &Place| matches!(place, Place::Step(spot) if spot.what == *name);
            targets.into_iter().rfind(is).unwrap_or(Place::Start)
        }
    }
}
