//! Folds events into the state. Total: an event that does not fit, however old or strange, is never refused.

use zhupi_domain::PersonId;

use crate::{
    Event, EventKind, Incident, Instance, Passed, Place, ResultValue, Status, Task, TaskId, Visit, VisitEnd, VisitId,
    Work,
};

/// The state that a list of events makes; none before the first is a submission.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Instance> {
    events.into_iter().fold(None, apply)
}

/// The state after one more event.
pub fn apply(state: Option<Instance>, event: &Event) -> Option<Instance> {
    if let EventKind::Submitted { flow, release, initiator, subject, period, number, form } = &event.kind {
        return Some(Instance {
            status: Status::Running,
            flow: flow.clone(),
            release: *release,
            initiator: initiator.clone(),
            subject: subject.clone(),
            period: *period,
            number: number.clone(),
            form: form.clone(),
            results: Default::default(),
            visits: Default::default(),
            passed: vec![Passed { place: Place::Start, visit: None, people: vec![initiator.clone()] }],
            incidents: Default::default(),
            ended_at: None,
            last_visit: Default::default(),
            last_task: Default::default(),
            last_incident: Default::default(),
        });
    }
    let mut state = state?;
    state.fold(event);
    Some(state)
}

impl Instance {
    /// The state after one more event than its submission.
    pub(crate) fn fold(&mut self, event: &Event) {
        self.fold_kind(event);
        if !self.is_running() && self.ended_at.is_none() {
            self.ended_at = Some(event.at);
        }
    }

    fn fold_kind(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Submitted { .. } | EventKind::BranchTaken { .. } | EventKind::Commented { .. } => {}
            EventKind::VisitOpened { .. }
            | EventKind::TaskOpened { .. }
            | EventKind::Queued { .. }
            | EventKind::Unqueued { .. }
            | EventKind::VisitClosed { .. } => self.fold_visit(event),
            EventKind::FormChanged { set, removed, subject } => {
                if let Some(subject) = subject {
                    self.subject = subject.clone();
                }
                for field in removed {
                    self.form.shift_remove(field);
                }
                for (field, value) in set {
                    self.form.insert(field.clone(), value.clone());
                }
                for task in self.visits.values_mut().flat_map(|visit| visit.tasks.values_mut()) {
                    task.version = task.version.saturating_add(1);
                }
            }
            EventKind::Approved { task, .. } | EventKind::Resubmitted { task, .. } => self.agree(*task),
            EventKind::Filled { task, value, into, .. } => {
                if let (Some(into), Some(value), Some((visit, _, held))) = (into, value, self.task(*task)) {
                    let by = Some(held.person.clone());
                    let result = ResultValue { value: value.clone(), by, at: event.at, visit };
                    self.results.insert(into.clone(), result);
                }
                self.agree(*task);
            }
            EventKind::Rejected { task, .. }
            | EventKind::Transferred { task, .. }
            | EventKind::TaskCancelled { task, .. } => self.close(*task),
            EventKind::Returned { task, undone, .. } => {
                self.close(*task);
                let gone = |passed: &Passed| undone.contains(&passed.place);
                let visits: Vec<VisitId> = self.passed.iter().filter(|p| gone(p)).filter_map(|p| p.visit).collect();
                self.results.retain(|_, result| !visits.contains(&result.visit));
                self.passed.retain(|passed| !gone(passed));
            }
            EventKind::Skipped { place, .. } => self.pass(place.clone(), None, Vec::new()),
            EventKind::MachineDone { visit, into, value, .. } => {
                if let Some(into) = into {
                    let result = ResultValue { value: value.clone(), by: None, at: event.at, visit: *visit };
                    self.results.insert(into.clone(), result);
                }
            }
            EventKind::IncidentOpened { incident, place, visit, problem, resume, .. } => {
                self.last_incident = self.last_incident.max(*incident);
                let (place, problem, resume) = (place.clone(), problem.clone(), resume.clone());
                let opened = Incident { place, visit: *visit, problem, opened_at: event.at, resume };
                self.incidents.insert(*incident, opened);
            }
            EventKind::IncidentClosed { incident } => {
                self.incidents.remove(incident);
            }
            EventKind::MachineRetried { visit } => {
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.attempt = visit.attempt.saturating_add(1);
                }
            }
            EventKind::Overdue { visit, timer }
            | EventKind::Reminded { visit, timer, .. }
            | EventKind::Escalated { visit, timer, .. } => {
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.timers.retain(|waiting| waiting.number != *timer);
                }
            }
            EventKind::Migrated { to, .. } => self.release = *to,
            EventKind::Withdrawn { .. } => self.status = Status::Withdrawn,
            EventKind::Cancelled { .. } => self.status = Status::Cancelled,
            EventKind::Ended { as_archived: true } => self.status = Status::Archived,
            EventKind::Ended { as_archived: false } => self.status = Status::Completed,
        }
    }

    fn fold_visit(&mut self, event: &Event) {
        match &event.kind {
            EventKind::VisitOpened { visit, place, decide, queue, not_asked, deadline, timers, resume, work } => {
                self.last_visit = self.last_visit.max(*visit);
                let opened = Visit {
                    place: place.clone(),
                    work: *work,
                    decide: *decide,
                    opened_at: event.at,
                    tasks: Default::default(),
                    queue: queue.clone(),
                    not_asked: not_asked.clone(),
                    agreed: Vec::new(),
                    deadline: deadline.clone(),
                    timers: timers.clone(),
                    resume: resume.clone(),
                    attempt: u32::from(*work == Work::Machine),
                };
                self.visits.insert(*visit, opened);
            }
            EventKind::TaskOpened { visit, task, person, why, escalated } => {
                self.last_task = self.last_task.max(*task);
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.queue.retain(|candidate| candidate.person != *person);
                    let (person, why, escalated) = (person.clone(), why.clone(), *escalated);
                    visit.tasks.insert(*task, Task { person, version: 1, why, opened_at: event.at, escalated });
                }
            }
            EventKind::Queued { visit, people } => {
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.queue.splice(0..0, people.iter().cloned());
                }
            }
            EventKind::Unqueued { visit, person, .. } => {
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.queue.retain(|candidate| candidate.person != *person);
                }
            }
            EventKind::VisitClosed { visit, end } => self.close_visit(*visit, *end),
            _ => {}
        }
    }

    fn close_visit(&mut self, id: VisitId, end: VisitEnd) {
        let Some(visit) = self.visits.remove(&id) else { return };
        match end {
            VisitEnd::Passed => self.pass(visit.place, Some(id), visit.agreed),
            VisitEnd::Rejected => self.status = Status::Rejected { at: visit.place },
            VisitEnd::Returned | VisitEnd::Cancelled => {}
        }
    }

    /// A step stands as passed once, with who passed it last.
    fn pass(&mut self, place: Place, visit: Option<VisitId>, people: Vec<PersonId>) {
        self.passed.retain(|passed| passed.place != place);
        self.passed.push(Passed { place, visit, people });
    }

    fn agree(&mut self, task: TaskId) {
        for visit in self.visits.values_mut() {
            if let Some(task) = visit.tasks.remove(&task) {
                visit.agreed.push(task.person);
            }
        }
    }

    fn close(&mut self, task: TaskId) {
        for visit in self.visits.values_mut() {
            visit.tasks.remove(&task);
        }
    }
}
