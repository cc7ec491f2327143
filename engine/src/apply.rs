//! Folds events into the state. Total: an event that does not fit, however old or strange, is never refused.

use serde_json::Value;
use zhupi_domain::{Instant, Money, Name, PersonId};

use crate::{
    Actor, Cast, Event, EventKind, Incident, Instance, Moved, Passed, Place, ResultValue, Spot, Status, Task, TaskId,
    Visit, VisitEnd, VisitId, Work,
};

/// The state that a list of events makes; none before the first is a submission.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<Instance> {
    events.into_iter().fold(None, apply)
}

/// The state after one more event.
pub fn apply(state: Option<Instance>, event: &Event) -> Option<Instance> {
    if let EventKind::Submitted { flow, release, initiator, subject, period, number, form, open } = &event.kind {
        let submitted =
            Passed { place: Place::Start, visit: None, people: vec![initiator.clone()], stood_in_for: Vec::new() };
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
            lanes: Default::default(),
            moved: Vec::new(),
            duties: Default::default(),
            passed: if *open { Vec::new() } else { vec![submitted] },
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
            self.settle_accounts();
        }
    }

    /// Nothing is held any more; what a request moved that did not come through is taken back.
    fn settle_accounts(&mut self) {
        if matches!(self.status, Status::Completed | Status::Archived) {
            self.moved.iter_mut().for_each(|moved| moved.reserved = Money::ZERO);
            self.moved.retain(|moved| moved.posted != Money::ZERO);
        } else {
            self.moved.clear();
        }
    }

    fn fold_kind(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Submitted { .. }
            | EventKind::BranchTaken { .. }
            | EventKind::Commented { .. }
            | EventKind::Warned { .. } => {}
            EventKind::LanesOpened { each, lanes } => drop(self.lanes.insert(each.clone(), lanes.clone())),
            EventKind::Moved { place, account, key, posted, reserved, .. } => {
                let (place, account, key) = (place.clone(), account.clone(), key.clone());
                self.pass(place.clone(), None, Vec::new(), Vec::new());
                self.moved.push(Moved { place, account, key, posted: *posted, reserved: *reserved });
            }
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
                for back in self.visits.values_mut().flat_map(|visit| &mut visit.resume) {
                    back.changed.extend(set.keys().chain(removed).cloned());
                }
                self.outdate_tasks();
            }
            EventKind::Approved { task, .. } | EventKind::Resubmitted { task, .. } => self.agree(*task, event),
            EventKind::Filled { task, value, into, own, .. } => {
                let by = self.who(*task, event);
                if let (Some(into), Some(value), Some(by)) = (into, value, by) {
                    self.keep_sheet(*task, into, value, *own, &by, event.at);
                }
                self.agree(*task, event);
            }
            EventKind::Voted { task, ballot, weight, chair, minutes, .. } => {
                let (ballot, weight, chair) = (*ballot, *weight, *chair);
                self.note_duty(*task, event);
                let who = self.who(*task, event);
                let by = |member: &PersonId| who.clone().filter(|who| who != member);
                let cast = |member: &PersonId| Cast { member: member.clone(), by: by(member), ballot, weight, chair };
                self.cast(*task, cast, minutes.is_some());
            }
            EventKind::Decided { visit, into: Some(into), value, .. } => {
                let by = match &event.by {
                    Actor::Person(person) => Some(person.clone()),
                    Actor::Timer | Actor::Machine => None,
                };
                self.keep_result(*visit, into, value, by, event.at);
            }
            EventKind::Decided { .. } => {}
            EventKind::SignaturesCleared { visit, people } => self.unsign(*visit, people),
            EventKind::DueMoved { visit, deadline, timers } => {
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.deadline.clone_from(deadline);
                    visit.timers.clone_from(timers);
                }
            }
            EventKind::Rejected { task, .. }
            | EventKind::Transferred { task, .. }
            | EventKind::TaskCancelled { task, .. } => self.close(*task),
            EventKind::Returned { task, undone, .. } => {
                task.iter().for_each(|task| self.close(*task));
                self.undo(undone);
            }
            EventKind::WalkedAgain { undone, .. } => self.undo(undone),
            EventKind::Skipped { place, .. } => self.pass(place.clone(), None, Vec::new(), Vec::new()),
            EventKind::MachineDone { visit, into, value, .. } => {
                if let Some(into) = into {
                    self.keep_result(*visit, into, value, None, event.at);
                }
            }
            EventKind::Recounted { visit, value, .. } => {
                let results = self.results.values_mut().filter(|result| result.visit == *visit);
                results.for_each(|result| result.value.clone_from(value));
                self.outdate_tasks();
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
                    stood_in_for: Vec::new(),
                    ballots: Vec::new(),
                    has_minutes: false,
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
        if end != VisitEnd::Passed {
            self.results.retain(|_, result| result.visit != id);
        }
        match end {
            VisitEnd::Passed => self.pass(visit.place, Some(id), visit.agreed, visit.stood_in_for),
            VisitEnd::Rejected => self.status = Status::Rejected { at: visit.place },
            VisitEnd::Returned | VisitEnd::Cancelled => {}
        }
    }

    /// What was passed there does not count any more.
    fn undo(&mut self, undone: &[Place]) {
        let gone = |passed: &Passed| undone.contains(&passed.place);
        let visits: Vec<VisitId> = self.passed.iter().filter(|p| gone(p)).filter_map(|p| p.visit).collect();
        self.results.retain(|_, result| !visits.contains(&result.visit));
        self.passed.retain(|passed| !gone(passed));
        self.moved.retain(|moved| !undone.contains(&moved.place));
    }

    /// A step stands as passed once, with who passed it last.
    fn pass(&mut self, place: Place, visit: Option<VisitId>, people: Vec<PersonId>, stood_in_for: Vec<PersonId>) {
        self.passed.retain(|passed| passed.place != place);
        self.passed.push(Passed { place, visit, people, stood_in_for });
    }

    /// Keeps a result under its name and lane.
    /// What people have before them has changed under their eyes.
    fn outdate_tasks(&mut self) {
        for task in self.visits.values_mut().flat_map(|visit| visit.tasks.values_mut()) {
            task.version = task.version.saturating_add(1);
        }
    }

    fn keep_result(&mut self, visit: VisitId, into: &Name, value: &Value, by: Option<PersonId>, at: Instant) {
        let lanes = self.place_of(visit).map(|place| place.lanes().to_vec()).unwrap_or_default();
        let result = ResultValue { value: value.clone(), by, at, visit, signed: Vec::new() };
        self.results.insert(Spot::new(into.clone(), lanes), result);
    }

    /// Who did something with a task: its holder, or who acted for them.
    fn who(&self, task: TaskId, event: &Event) -> Option<PersonId> {
        match &event.by {
            Actor::Person(person) => Some(person.clone()),
            Actor::Timer | Actor::Machine => self.task(task).map(|(_, _, held)| held.person.clone()),
        }
    }

    fn note_duty(&mut self, task: TaskId, event: &Event) {
        let duty = self.task(task).and_then(|(_, _, held)| held.why.duty().cloned());
        if let Some((person, duty)) = self.who(task, event).zip(duty) {
            self.duties.insert((person, duty));
        }
    }

    fn agree(&mut self, task: TaskId, event: &Event) {
        self.note_duty(task, event);
        let who = self.who(task, event);
        for visit in self.visits.values_mut() {
            if let Some(task) = visit.tasks.remove(&task) {
                let substitute = who.clone().filter(|who| *who != task.person);
                visit.stood_in_for.extend(substitute.is_some().then(|| task.person.clone()));
                visit.agreed.push(task.person);
                visit.agreed.extend(substitute);
            }
        }
    }

    fn close(&mut self, task: TaskId) {
        for visit in self.visits.values_mut() {
            visit.tasks.remove(&task);
        }
    }
}
