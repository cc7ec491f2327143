//! Who did whose task for them, as the events tell it.

use std::collections::BTreeMap;

use zhupi_domain::PersonId;
use zhupi_engine::{Actor, Event, EventKind, TaskId};

use crate::history::person_key;

/// The task that somebody did.
pub(crate) fn acted_on(kind: &EventKind) -> Option<TaskId> {
    match kind {
        EventKind::Approved { task, .. }
        | EventKind::Filled { task, .. }
        | EventKind::Resubmitted { task, .. }
        | EventKind::Rejected { task, .. }
        | EventKind::Voted { task, .. }
        | EventKind::Returned { task: Some(task), .. }
        | EventKind::Transferred { task, .. } => Some(*task),
        _ => None,
    }
}

/// The tasks of a request that substitutes did, as the events go by.
#[derive(Debug, Default)]
pub(crate) struct StoodIn {
    holders: BTreeMap<TaskId, PersonId>,
    /// By the number of the task, under the key that its row has.
    pub done: BTreeMap<i64, String>,
}

impl StoodIn {
    pub fn hear(&mut self, event: &Event) {
        if let EventKind::TaskOpened { task, person, .. } = &event.kind {
            self.holders.insert(*task, person.clone());
        }
        let acted = acted_on(&event.kind).and_then(|task| Some((task, self.holders.get(&task)?)));
        if let (Some((task, holder)), Actor::Person(actor)) = (acted, &event.by)
            && holder != actor
        {
            self.done.insert(i64::from(task.0), person_key(actor));
        }
    }
}
