//! Opening and closing: tasks, visits, incidents.

use serde_json::Value;
use zhupi_domain::PersonId;

use crate::decide::Draft;
use crate::{EventKind, IncidentId, Place, Problem, Resume, TaskId, Undone, VisitEnd, VisitId, Why};

impl Draft<'_> {
    /// Ends a visit and whatever stopped it.
    pub fn close_visit(&mut self, visit: VisitId, end: VisitEnd) {
        let stopped = self.state.incidents.iter().filter(|(_, incident)| incident.visit == Some(visit));
        for incident in stopped.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.emit(EventKind::IncidentClosed { incident });
        }
        self.emit(EventKind::VisitClosed { visit, end });
    }

    /// Opens a task.
    pub fn open_task(&mut self, visit: VisitId, person: PersonId, why: Why, escalated: bool) {
        let task = TaskId(self.state.last_task.0.saturating_add(1));
        self.emit(EventKind::TaskOpened { visit, task, person, why, escalated });
    }

    /// Ends all open tasks of a visit.
    pub fn cancel_tasks(&mut self, visit: VisitId, why: &Undone) {
        let open: Vec<TaskId> =
            self.state.visits.get(&visit).map(|visit| visit.tasks.keys().copied().collect()).unwrap_or_default();
        for task in open {
            self.emit(EventKind::TaskCancelled { task, why: why.clone() });
        }
    }

    /// Ends whatever is open, before the instance ends.
    pub fn close_everything(&mut self) {
        self.close_all_but(None);
    }

    pub fn close_all_but(&mut self, kept: Option<VisitId>) {
        for incident in self.state.incidents.keys().copied().collect::<Vec<_>>() {
            self.emit(EventKind::IncidentClosed { incident });
        }
        for visit in self.state.visits.keys().copied().filter(|id| Some(*id) != kept).collect::<Vec<_>>() {
            self.cancel_tasks(visit, &Undone::InstanceEnded);
            self.close_visit(visit, VisitEnd::Cancelled);
        }
    }

    /// Makes something visible that a person must look at.
    pub fn incident(&mut self, place: Place, visit: Option<VisitId>, problem: Problem, detail: Value) {
        self.incident_with(place, visit, problem, Vec::new(), detail);
    }

    pub fn incident_with(
        &mut self,
        place: Place,
        visit: Option<VisitId>,
        problem: Problem,
        resume: Vec<Resume>,
        detail: Value,
    ) {
        let incident = IncidentId(self.state.last_incident.0.saturating_add(1));
        self.emit(EventKind::IncidentOpened { incident, place, visit, problem, resume, detail });
    }
}
