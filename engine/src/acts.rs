//! What people may do to a running instance.

use serde_json::{Map, Value};
use zhupi_domain::PersonId;

use crate::actions::resolve;
use crate::decide::{Draft, Went};
use crate::returns::Sender;
use crate::votes::Said;
use crate::{
    Answer, Checked, Command, Deadline, EventKind, HumanKind, Late, OnReject, OnSelf, Place, Question, Refusal,
    Selector, Subject, Task, TaskId, Undone, VisitEnd, VisitId, Why, Work,
};

/// A task on which its holder, or who acts for them, does something.
pub(crate) struct Held {
    pub id: TaskId,
    pub visit: VisitId,
    pub place: Place,
    pub task: Task,
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
                self.check(&held.place)?;
                self.settle(&held)
            }
            Command::Fill { task, version, comment, form, value } => {
                let held = self.held(*task, *version)?;
                self.must_be(&held.place, |kind| matches!(kind, HumanKind::Fill { .. }))?;
                self.fill(&held, said(comment)?, form.as_ref(), value.as_ref())
            }
            Command::Vote { task, version, ballot, comment, minutes } => {
                let held = self.held(*task, *version)?;
                self.vote(&held, &Said { ballot: *ballot, comment, minutes })
            }
            Command::Resubmit { task, version, comment, form } => {
                let held = self.held(*task, *version)?;
                if held.place != Place::Start {
                    return Err(Refusal::NotAtThisStep.into());
                }
                let comment = said(comment)?;
                self.change_form(Some(form));
                self.emit(EventKind::Resubmitted { task: held.id, comment });
                self.check(&held.place)?;
                self.settle(&held)
            }
            Command::Reject { task, version, comment } => self.reject(*task, *version, comment),
            Command::Return { task, version, to, then, comment } => {
                let held = self.held(*task, *version)?;
                self.no_ballot(&held)?;
                let sender = Sender::new(held.id, held.visit, &held.place, &held.task.person, &held.task.why);
                self.send_back(&sender, to, *then, needed(comment)?, false)
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
            Command::CountAgain { recounted } => {
                self.recount(recounted);
                self.count_due_again()
            }
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

    /// The task that the acting person holds, or somebody for whom they act, in the version that they have seen.
    fn held(&mut self, id: TaskId, version: u32) -> Went<Held> {
        let person = self.person()?;
        let (visit, of, task) = self.state.task(id).ok_or(Refusal::NoSuchTask)?;
        let held = Held { id, visit, place: of.place.clone(), task: task.clone() };
        let (deadline, has_voice) = (of.deadline.clone(), of.has_voice(person));
        let stands_in = held.task.person != *person;
        if stands_in && (held.place == Place::Start || !self.acts_for(&held.task.person)?) {
            return Err(Refusal::NotYours.into());
        }
        if stands_in && self.state.is_own(person) {
            return Err(Refusal::OwnRequest.into());
        }
        if stands_in && has_voice {
            return Err(Refusal::OneVoice.into());
        }
        if held.task.version != version {
            return Err(Refusal::Stale { version: held.task.version }.into());
        }
        if !self.holds_role(&held.task.person, &held.task.why, &held.place)? {
            return Err(Refusal::RoleRevoked.into());
        }
        if let Some(role) = self.other_duty(person, held.task.why.duty())? {
            return Err(Refusal::Incompatible { role }.into());
        }
        let over = deadline.is_some_and(|due| matches!(due, Deadline::At(at) if at < self.inputs.now));
        if over && self.flow.human(&held.place).is_some_and(|human| human.late == Late::Refuse) {
            return Err(Refusal::TooLate.into());
        }
        Ok(held)
    }

    /// Whether the acting person acts for another one now.
    fn acts_for(&mut self, holder: &PersonId) -> Went<bool> {
        let actor = self.person()?;
        match self.answer(Question::Substitutes(holder.clone()))? {
            Answer::Substitutes(people) => Ok(people.contains(actor)),
            _ => Err(Refusal::BadAnswer.into()),
        }
    }

    /// Whether a person still holds the role for which they were asked; true where it was not for a role.
    pub fn holds_role(&mut self, person: &PersonId, why: &Why, at: &Place) -> Went<bool> {
        let Some(role) = why.role() else { return Ok(true) };
        Ok(self.people(vec![role.clone()], at)?.iter().any(|(holder, _)| holder == person))
    }

    /// Asks the policy that must accept what is about to happen at a place.
    pub fn check(&mut self, place: &Place) -> Went {
        let check = match place {
            Place::Start => self.flow.check.as_ref(),
            Place::Step(_) => self.flow.human(place).and_then(|human| human.check.as_ref()),
        };
        let Some(check) = check else { return Ok(()) };
        match self.answer(Question::Check(place.clone()))? {
            Answer::Check(Checked::Accepted { warnings }) if warnings.is_empty() => Ok(()),
            Answer::Check(Checked::Accepted { warnings }) => {
                let (place, policy, warnings) = (place.clone(), check.run.clone(), warnings.clone());
                self.emit(EventKind::Warned { place, policy, warnings });
                Ok(())
            }
            Answer::Check(Checked::Refused(objection)) => Err(Refusal::Objected(Box::new(objection.clone())).into()),
            _ => Err(Refusal::BadAnswer.into()),
        }
    }

    /// Refuses what is not for the ballot of a committee.
    fn no_ballot(&self, held: &Held) -> Result<(), Refusal> {
        match self.flow.human(&held.place).map(|human| &human.kind) {
            Some(HumanKind::Vote(_)) => Err(Refusal::NotAtThisStep),
            _ => Ok(()),
        }
    }

    fn must_be(&self, place: &Place, fits: impl Fn(&HumanKind) -> bool) -> Result<(), Refusal> {
        if *place == Place::Start {
            return Err(Refusal::NotAtThisStep);
        }
        let human = self.flow.human(place).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
        if fits(&human.kind) { Ok(()) } else { Err(Refusal::NotAtThisStep) }
    }

    /// Records the difference between the form as it is and as the actor leaves it; whether there is one.
    pub fn change_form(&mut self, form: Option<&Map<String, Value>>) -> bool {
        let Some(form) = form else { return false };
        let changed = |(field, value): &(&String, &Value)| self.state.form.get(*field) != Some(*value);
        let set: Map<String, Value> = form.iter().filter(changed).map(|(f, v)| (f.clone(), v.clone())).collect();
        let removed: Vec<String> = self.state.form.keys().filter(|field| !form.contains_key(*field)).cloned().collect();
        if set.is_empty() && removed.is_empty() {
            return false;
        }
        let subject = match &self.flow.subject {
            Subject::Initiator => None,
            Subject::Field(field) => form.get(field.as_str()).and_then(Value::as_str).map(PersonId::new),
        };
        let subject = subject.filter(|subject| *subject != self.state.subject);
        self.emit(EventKind::FormChanged { set, removed, subject });
        true
    }

    /// Refuses a decision about oneself: the form may just have been changed to be about the one who decides.
    pub fn no_own_decision(&self, held: &Held) -> Result<(), Refusal> {
        let own = self.state.is_own(&held.task.person);
        if own && !self.may_decide_own(&held.place, &held.task.why) { Err(Refusal::OwnRequest) } else { Ok(()) }
    }

    /// Whether `on_self: allow` is for somebody who was asked for this reason: it opens a step to whom its own rule names, not to
    /// whom somebody hands the task, nor to whom it is escalated.
    pub fn may_decide_own(&self, place: &Place, why: &Why) -> bool {
        let human = self.flow.human(place).filter(|human| human.assign.on_self == OnSelf::Allow);
        human.zip(why.selector()).is_some_and(|(human, selector)| human.assign.by.contains(selector))
    }

    /// After somebody agreed: the visit is passed, or waits for the others.
    pub fn settle(&mut self, held: &Held) -> Went {
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
        let may = |task: &Task| !self.state.is_own(&task.person) || self.may_decide_own(&visit.place, &task.why);
        let own = visit.tasks.iter().filter(|(_, task)| !may(task));
        for task in own.map(|(task, _)| *task).collect::<Vec<_>>() {
            self.emit(EventKind::TaskCancelled { task, why: Undone::NowOwn });
            self.refill(id, None)?;
        }
        Ok(())
    }

    /// Opens the task of the next in the queue who is still here; false when nobody is left to wait for.
    pub fn next_in_order(&mut self, id: VisitId) -> Went<bool> {
        while let Some(next) = self.state.visits.get(&id).and_then(|visit| visit.queue.first()).cloned() {
            let at = self.state.place_of(id).cloned().unwrap_or(Place::Start);
            let why = if self.people(vec![Selector::Person(next.person.clone())], &at)?.is_empty() {
                Undone::HolderLeft
            } else if !self.holds_role(&next.person, &next.why, &at)? {
                Undone::RoleRevoked
            } else if let Some(role) = self.other_duty(&next.person, next.why.duty())? {
                Undone::OtherDuty { role }
            } else {
                self.open_task(id, next.person, next.why, false);
                return Ok(true);
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
        self.ruled(id, &place, true);
        self.close_visit(id, VisitEnd::Passed);
        self.go_on(&place, resume)
    }

    /// Keeps what an approval came to, where later steps read it.
    fn ruled(&mut self, visit: VisitId, place: &Place, passed: bool) {
        let human = self.flow.human(place).filter(|human| human.kind == HumanKind::Approve);
        if let Some(into) = human.and_then(|human| human.into.clone()) {
            let value = serde_json::json!({ "passed": passed });
            self.emit(EventKind::Decided { visit, passed, into: Some(into), value });
        }
    }

    fn reject(&mut self, task: TaskId, version: u32, comment: &str) -> Went {
        let held = self.held(task, version)?;
        let comment = needed(comment)?;
        self.must_be(&held.place, |kind| !matches!(kind, HumanKind::Vote(_)))?;
        let on_reject = self.flow.human(&held.place).map(|human| human.on_reject.clone()).unwrap_or_default();
        match on_reject {
            OnReject::Return { to, then } => {
                let to = resolve(self.flow, &self.state, held.visit, &held.place, &to);
                let sender = Sender::new(held.id, held.visit, &held.place, &held.task.person, &held.task.why);
                self.send_back(&sender, &to, then, comment, true)
            }
            OnReject::End => {
                self.emit(EventKind::Rejected { task, comment });
                self.cancel_tasks(held.visit, &Undone::DecidedBy { person: held.task.person.clone() });
                self.close_all_but(Some(held.visit));
                self.close_visit(held.visit, VisitEnd::Rejected);
                Ok(())
            }
            OnReject::Continue => {
                let resume = self.state.visits.get(&held.visit).map(|visit| visit.resume.clone()).unwrap_or_default();
                self.emit(EventKind::Rejected { task, comment });
                self.cancel_tasks(held.visit, &Undone::DecidedBy { person: held.task.person.clone() });
                self.ruled(held.visit, &held.place, false);
                self.close_visit(held.visit, VisitEnd::Passed);
                self.go_on(&held.place, resume)
            }
        }
    }

    fn transfer(&mut self, task: TaskId, version: u32, to: &PersonId, comment: &Option<String>) -> Went {
        let held = self.held(task, version)?;
        self.must_be(&held.place, |kind| !matches!(kind, HumanKind::Vote(_)))?;
        if self.state.is_own(to) {
            return Err(Refusal::OwnRequest.into());
        }
        if self.is_asked(held.visit, to) {
            return Err(Refusal::AlreadyAsked.into());
        }
        if self.people(vec![Selector::Person(to.clone())], &held.place)?.is_empty() {
            return Err(Refusal::NoSuchPerson.into());
        }
        let duty = held.task.why.duty().cloned();
        if let Some(role) = self.other_duty(to, duty.as_ref())? {
            return Err(Refusal::Incompatible { role }.into());
        }
        let (by, comment) = (held.task.person, said(comment)?);
        self.emit(EventKind::Transferred { task, to: to.clone(), comment });
        self.open_task(held.visit, to.clone(), Why::Transferred { by, duty }, held.task.escalated);
        Ok(())
    }

    /// Whether a person holds a task of a visit, waits for one, or has already agreed.
    pub fn is_asked(&self, visit: VisitId, person: &PersonId) -> bool {
        self.state.visits.get(&visit).is_some_and(|visit| {
            visit.has_voice(person) || visit.not_asked.iter().any(|left_out| left_out.person == *person)
        })
    }
}

pub(crate) fn said(comment: &Option<String>) -> Result<Option<String>, Refusal> {
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
