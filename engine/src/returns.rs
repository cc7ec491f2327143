//! Going back.

use std::collections::BTreeSet;

use crate::actions::return_targets;
use crate::decide::{Draft, Went};
use crate::{Cursor, Selector};
use crate::{EventKind, Incident, Place, Problem, Refusal, Resume, TaskId, Then, Undone, VisitEnd, VisitId, Why};
use zhupi_domain::PersonId;

/// Who sends something back, and from where.
pub(crate) struct Sender {
    /// None: a committee did.
    pub task: Option<TaskId>,
    pub visit: VisitId,
    pub place: Place,
    pub person: PersonId,
    pub selector: Option<Selector>,
}

impl Draft<'_> {
    /// One rule for going back: it undoes exactly what lies after the target, and opens the target again. Branches beside the
    /// target go on.
    pub fn send_back(&mut self, sender: &Sender, to: &Place, then: Then, comment: String, rejected: bool) -> Went {
        if !return_targets(self.flow, &self.state, sender.visit, &sender.place).contains(to) {
            return Err(Refusal::NoSuchTarget.into());
        }
        let reworked = self.state.visits.iter().any(|(id, visit)| *id != sender.visit && visit.place == *to);
        if then == Then::Direct && reworked {
            return Err(Refusal::BeingReworked.into());
        }
        let flow = self.flow;
        let after = |place: &Place| place == to || flow.is_after(place, to);
        let undone = match then {
            Then::Direct => vec![to.clone()],
            Then::Restart => {
                self.state.passed.iter().map(|passed| &passed.place).filter(|p| after(p)).cloned().collect()
            }
        };
        let mut resume = match (then, self.state.visits.get(&sender.visit)) {
            (Then::Direct, Some(visit)) => visit.resume.clone(),
            _ => Vec::new(),
        };
        let person = sender.person.clone();
        if then == Then::Direct {
            resume.push(Resume {
                place: sender.place.clone(),
                person: person.clone(),
                selector: sender.selector.clone(),
                changed: BTreeSet::new(),
            });
        }
        self.emit(EventKind::Returned { task: sender.task, to: to.clone(), then, comment, undone, rejected });
        let mut closed = vec![sender.visit];
        if then == Then::Restart {
            let behind = self.state.visits.iter().filter(|(_, visit)| after(&visit.place)).map(|(id, _)| *id);
            closed.extend(behind.filter(|id| *id != sender.visit));
            let stopped = self.state.incidents.iter().filter(|(_, incident)| {
                let reached = self.stands_at(incident).zip(flow.cursor(to));
                incident.visit.is_none()
                    && (*to == Place::Start || reached.is_some_and(|(at, to)| at == to || flow.comes_after(&at, &to)))
            });
            for incident in stopped.map(|(id, _)| *id).collect::<Vec<_>>() {
                self.emit(EventKind::IncidentClosed { incident });
            }
        }
        for visit in closed {
            self.cancel_tasks(visit, &Undone::ReturnedBy { person: person.clone() });
            self.close_visit(visit, VisitEnd::Returned);
        }
        self.open_place(to, resume, Some(person), None)
    }

    /// Where an incident without an open visit stands in the flow; none for one that stops nothing.
    pub fn stands_at(&self, incident: &Incident) -> Option<Cursor> {
        match (&incident.problem, incident.visit) {
            (_, Some(_)) | (Problem::NotEscalated, _) => None,
            (Problem::Condition { choose, lanes, .. }, None) => self.flow.locate_choose(*choose, lanes),
            (Problem::Items { each, .. }, None) => self.flow.locate_each(each),
            (_, None) => self.flow.cursor(&incident.place),
        }
    }
}

impl Sender {
    pub fn new(task: TaskId, visit: VisitId, place: &Place, person: &PersonId, why: &Why) -> Self {
        Self {
            task: Some(task),
            visit,
            place: place.clone(),
            person: person.clone(),
            selector: why.selector().cloned(),
        }
    }
}
