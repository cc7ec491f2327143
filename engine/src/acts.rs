//! What people may do to a running instance.

use serde_json::{Map, Value};
use zhupi_domain::PersonId;

use crate::actions::{resolve, return_targets};
use crate::decide::{Draft, Went};
use crate::{
    Command, EventKind, HumanKind, OnReject, OnSelf, Place, Refusal, Resume, Selector, Subject, Task, TaskId, Then,
    Undone, VisitEnd, VisitId, Why, Work,
};

/// What an actor says about a task they hold.
struct Held {
    id: TaskId,
    visit: VisitId,
    place: Place,
    task: Task,
}

impl Draft<'_> {
    /// Does what a command wants.
    pub fn act(&mut self, command: &Command) -> Went {
        if let Command::Comment { text } = command {
            return self.comment(text);
        }
        if !self.state.is_running() {
            return Err(Refusal::Ended { status: self.state.status.clone() }.into());
        }
        match command {
            Command::Submit { .. } => Err(Refusal::NotSubmitted.into()),
            Command::Approve { task, version, comment, form } => {
                let held = self.held(*task, *version)?;
                self.must_be(&held.place, |kind| *kind == HumanKind::Approve)?;
                let comment = said(comment)?;
                self.change_form(form.as_ref());
                self.no_own_decision(&held)?;
                self.emit(EventKind::Approved { task: held.id, comment });
                self.settle(&held)
            }
            Command::Fill { task, version, comment, form, value } => {
                let held = self.held(*task, *version)?;
                self.must_be(&held.place, |kind| match kind {
                    HumanKind::Fill { form } => form.is_some() == value.is_some(),
                    HumanKind::Approve => false,
                })?;
                let comment = said(comment)?;
                self.change_form(form.as_ref());
                let into = self.flow.human(&held.place).and_then(|human| human.into.clone());
                self.emit(EventKind::Filled { task: held.id, value: value.clone(), into, comment });
                self.settle(&held)
            }
            Command::Resubmit { task, version, comment, form } => {
                let held = self.held(*task, *version)?;
                if held.place != Place::Start {
                    return Err(Refusal::NotAtThisStep.into());
                }
                let comment = said(comment)?;
                self.change_form(Some(form));
                self.emit(EventKind::Resubmitted { task: held.id, comment });
                self.settle(&held)
            }
            Command::Reject { task, version, comment } => self.reject(*task, *version, comment),
            Command::Return { task, version, to, then, comment } => {
                let held = self.held(*task, *version)?;
                self.send_back(&held, to, *then, needed(comment)?, false)
            }
            Command::Transfer { task, version, to, comment } => self.transfer(*task, *version, to, comment),
            Command::Comment { .. } => Ok(()),
            Command::Withdraw { reason } => {
                if *self.person()? != self.state.initiator {
                    return Err(Refusal::NotInitiator.into());
                }
                let reason = said(reason)?;
                self.close_everything();
                self.emit(EventKind::Withdrawn { reason });
                Ok(())
            }
            Command::Cancel { reason } => {
                let reason = needed(reason)?;
                self.close_everything();
                self.emit(EventKind::Cancelled { reason });
                Ok(())
            }
            Command::MachineDone { visit, attempt, value, detail } => {
                self.machine_done(*visit, *attempt, value, detail)
            }
            Command::MachineFailed { visit, attempt, problem, detail } => {
                let place = self.waited_for(*visit, *attempt)?.place.clone();
                self.incident(place, Some(*visit), problem.clone(), detail.clone());
                Ok(())
            }
            Command::Retry { incident } => self.retry(*incident),
            Command::TimerFired { visit, timer } => self.timer(*visit, *timer),
            Command::Migrate { release } => self.migrate(*release),
            Command::PersonLeft { person } => self.person_left(person),
            Command::RoleRevoked { person } => self.role_revoked(person),
        }
    }

    fn comment(&mut self, text: &str) -> Went {
        self.person()?;
        let text = needed(text)?;
        self.emit(EventKind::Commented { text });
        Ok(())
    }

    /// The task that the acting person holds, in the version that they have seen.
    fn held(&mut self, id: TaskId, version: u32) -> Went<Held> {
        let person = self.person()?;
        let (visit, of, task) = self.state.task(id).ok_or(Refusal::NoSuchTask)?;
        if task.person != *person {
            return Err(Refusal::NotYours.into());
        }
        if task.version != version {
            return Err(Refusal::Stale { version: task.version }.into());
        }
        let held = Held { id, visit, place: of.place.clone(), task: task.clone() };
        if self.holds_role(&held.task.person, &held.task.why)? { Ok(held) } else { Err(Refusal::RoleRevoked.into()) }
    }

    /// Whether a person still holds the role for which they were asked; true where it was not for a role.
    pub fn holds_role(&mut self, person: &PersonId, why: &Why) -> Went<bool> {
        let Some(role) = why.role() else { return Ok(true) };
        Ok(self.people(vec![role.clone()])?.iter().any(|(holder, _)| holder == person))
    }

    fn must_be(&self, place: &Place, fits: impl Fn(&HumanKind) -> bool) -> Result<(), Refusal> {
        if *place == Place::Start {
            return Err(Refusal::NotAtThisStep);
        }
        let human = self.flow.human(place).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
        if fits(&human.kind) { Ok(()) } else { Err(Refusal::NotAtThisStep) }
    }

    /// Records the difference between the form as it is and as the actor leaves it.
    fn change_form(&mut self, form: Option<&Map<String, Value>>) {
        let Some(form) = form else { return };
        let changed = |(field, value): &(&String, &Value)| self.state.form.get(*field) != Some(*value);
        let set: Map<String, Value> = form.iter().filter(changed).map(|(f, v)| (f.clone(), v.clone())).collect();
        let removed: Vec<String> = self.state.form.keys().filter(|field| !form.contains_key(*field)).cloned().collect();
        if set.is_empty() && removed.is_empty() {
            return;
        }
        let subject = match &self.flow.subject {
            Subject::Initiator => None,
            Subject::Field(field) => form.get(field.as_str()).and_then(Value::as_str).map(PersonId::new),
        };
        let subject = subject.filter(|subject| *subject != self.state.subject);
        self.emit(EventKind::FormChanged { set, removed, subject });
    }

    /// Refuses a decision about oneself: the form may just have been changed to be about the one who decides.
    fn no_own_decision(&self, held: &Held) -> Result<(), Refusal> {
        let allowed = self.flow.human(&held.place).is_some_and(|human| human.assign.on_self == OnSelf::Allow);
        if self.state.is_own(&held.task.person) && !allowed { Err(Refusal::OwnRequest) } else { Ok(()) }
    }

    /// After somebody agreed: the visit is passed, or waits for the others.
    fn settle(&mut self, held: &Held) -> Went {
        self.recuse(held.visit)?;
        if held.task.escalated {
            return self.pass(held.visit, &held.task.person);
        }
        let Some(visit) = self.state.visits.get(&held.visit) else { return Ok(()) };
        let waits_for_others = match visit.decide {
            crate::Decide::Any => false,
            crate::Decide::All => visit.tasks.values().any(|task| !task.escalated),
            crate::Decide::InOrder => self.next_in_order(held.visit)?,
        };
        let stopped = self.state.incidents.values().any(|incident| incident.visit == Some(held.visit));
        if waits_for_others || stopped { Ok(()) } else { self.pass(held.visit, &held.task.person) }
    }

    /// Takes an approval away from whom the request has come to be about, and finds others.
    fn recuse(&mut self, id: VisitId) -> Went {
        let Some(visit) = self.state.visits.get(&id).filter(|visit| visit.work == Work::Approve) else { return Ok(()) };
        let allowed = self.flow.human(&visit.place).is_some_and(|human| human.assign.on_self == OnSelf::Allow);
        let own = visit.tasks.iter().filter(|(_, task)| !allowed && self.state.is_own(&task.person));
        for task in own.map(|(task, _)| *task).collect::<Vec<_>>() {
            self.emit(EventKind::TaskCancelled { task, why: Undone::NowOwn });
            self.refill(id, None)?;
        }
        Ok(())
    }

    /// Opens the task of the next in the queue who is still here; false when nobody is left to wait for.
    pub fn next_in_order(&mut self, id: VisitId) -> Went<bool> {
        while let Some(next) = self.state.visits.get(&id).and_then(|visit| visit.queue.first()).cloned() {
            let why = if self.people(vec![Selector::Person(next.person.clone())])?.is_empty() {
                Undone::HolderLeft
            } else if self.holds_role(&next.person, &next.why)? {
                self.open_task(id, next.person, next.why, false);
                return Ok(true);
            } else {
                Undone::RoleRevoked
            };
            self.emit(EventKind::Unqueued { visit: id, person: next.person, why });
        }
        Ok(false)
    }

    /// Ends a visit as passed, and goes on behind it.
    pub fn pass(&mut self, id: VisitId, by: &PersonId) -> Went {
        let Some(visit) = self.state.visits.get(&id) else { return Ok(()) };
        let (place, resume) = (visit.place.clone(), visit.resume.clone());
        self.cancel_tasks(id, &Undone::DecidedBy { person: by.clone() });
        self.close_visit(id, VisitEnd::Passed);
        self.go_on(&place, resume)
    }

    fn reject(&mut self, task: TaskId, version: u32, comment: &str) -> Went {
        let held = self.held(task, version)?;
        let comment = needed(comment)?;
        self.must_be(&held.place, |_| true)?;
        let on_reject = self.flow.human(&held.place).map(|human| human.on_reject.clone()).unwrap_or_default();
        match on_reject {
            OnReject::Return { to, then } => {
                let to = resolve(self.flow, &self.state, &held.place, &to);
                self.send_back(&held, &to, then, comment, true)
            }
            OnReject::End => {
                self.emit(EventKind::Rejected { task, comment });
                self.cancel_tasks(held.visit, &Undone::DecidedBy { person: held.task.person.clone() });
                self.close_all_but(Some(held.visit));
                self.close_visit(held.visit, VisitEnd::Rejected);
                Ok(())
            }
        }
    }

    /// One rule for going back: it undoes exactly what lies after the target, and opens the target again.
    fn send_back(&mut self, held: &Held, to: &Place, then: Then, comment: String, rejected: bool) -> Went {
        if !return_targets(self.flow, &self.state, &held.place).contains(to) {
            return Err(Refusal::NoSuchTarget.into());
        }
        let undone = match then {
            Then::Direct => vec![to.clone()],
            Then::Restart => {
                let stands_after = |place: &&Place| *place == to || self.flow.is_before(to, place);
                self.state.passed.iter().map(|passed| &passed.place).filter(stands_after).cloned().collect()
            }
        };
        let mut resume = match (then, self.state.visits.get(&held.visit)) {
            (Then::Direct, Some(visit)) => visit.resume.clone(),
            _ => Vec::new(),
        };
        let person = held.task.person.clone();
        if then == Then::Direct {
            let selector = held.task.why.selector().cloned();
            resume.push(Resume { place: held.place.clone(), person: person.clone(), selector });
        }
        self.emit(EventKind::Returned { task: held.id, to: to.clone(), then, comment, undone, rejected });
        self.cancel_tasks(held.visit, &Undone::ReturnedBy { person: person.clone() });
        self.close_visit(held.visit, VisitEnd::Returned);
        self.open_place(to, resume, Some(person), None)
    }

    fn transfer(&mut self, task: TaskId, version: u32, to: &PersonId, comment: &Option<String>) -> Went {
        let held = self.held(task, version)?;
        self.must_be(&held.place, |_| true)?;
        let allows_self = self.flow.human(&held.place).is_some_and(|human| human.assign.on_self == OnSelf::Allow);
        if self.state.is_own(to) && !allows_self {
            return Err(Refusal::OwnRequest.into());
        }
        if self.is_asked(held.visit, to) {
            return Err(Refusal::AlreadyAsked.into());
        }
        if self.people(vec![Selector::Person(to.clone())])?.is_empty() {
            return Err(Refusal::NoSuchPerson.into());
        }
        let (by, comment) = (held.task.person, said(comment)?);
        self.emit(EventKind::Transferred { task, to: to.clone(), comment });
        self.open_task(held.visit, to.clone(), Why::Transferred { by }, held.task.escalated);
        Ok(())
    }

    /// Whether a person holds a task of a visit, waits for one, or has already agreed.
    pub fn is_asked(&self, visit: VisitId, person: &PersonId) -> bool {
        self.state.visits.get(&visit).is_some_and(|visit| {
            visit.tasks.values().any(|task| task.person == *person)
                || visit.queue.iter().any(|candidate| candidate.person == *person)
                || visit.agreed.contains(person)
                || visit.not_asked.iter().any(|left_out| left_out.person == *person)
        })
    }
}

fn said(comment: &Option<String>) -> Result<Option<String>, Refusal> {
    match comment.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(comment) => needed(comment).map(Some),
    }
}

fn needed(comment: &str) -> Result<String, Refusal> {
    match comment.trim() {
        "" => Err(Refusal::CommentRequired),
        comment if comment.chars().count() > Command::MAX_COMMENT => Err(Refusal::CommentTooLong),
        comment => Ok(comment.to_owned()),
    }
}
