//! What committees wrote down, as the events go by.

use std::collections::BTreeMap;

use zhupi_domain::PersonId;
use zhupi_engine::{Actor, Event, EventKind, TaskId, VisitId};

/// The minutes of each vote, in the order in which they were handed in.
#[derive(Default)]
pub(crate) struct Minutes {
    visits: BTreeMap<TaskId, VisitId>,
    kept: BTreeMap<VisitId, Vec<(PersonId, String)>>,
}

impl Minutes {
    pub fn hear(&mut self, event: &Event) {
        match (&event.kind, &event.by) {
            (EventKind::TaskOpened { visit, task, .. }, _) => {
                self.visits.insert(*task, *visit);
            }
            (EventKind::Voted { task, minutes: Some(text), .. }, Actor::Person(by)) => {
                if let Some(visit) = self.visits.get(task) {
                    self.kept.entry(*visit).or_default().push((by.clone(), text.clone()));
                }
            }
            _ => {}
        }
    }

    /// Those of one vote.
    pub fn of(&self, visit: VisitId) -> &[(PersonId, String)] {
        self.kept.get(&visit).map(Vec::as_slice).unwrap_or_default()
    }
}
