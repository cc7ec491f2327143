//! What happens to a running instance without its holders: machine steps, timers, repairs, people who leave, new releases.

use serde_json::Value;
use zhupi_domain::{PersonId, ReleaseHash};

use crate::asked::MAX_PEOPLE;
use crate::decide::{Draft, Went};
use crate::{
    Actor, Alarm, Answer, Candidate, Deadline, EventKind, IncidentId, Late, Machine, OverdueAction, Place, Problem,
    Question, Recounted, Refusal, Selector, Step, StepKind, Undone, Visit, VisitEnd, VisitId, Why, Work,
};

impl Draft<'_> {
    pub fn waited_for(&self, id: VisitId, attempt: u32) -> Result<&Visit, Refusal> {
        let stopped = self.state.incidents.values().any(|incident| incident.visit == Some(id));
        let fits = |visit: &&Visit| visit.attempt == attempt && attempt > 0 && !stopped;
        match self.inputs.actor {
            Actor::Machine => self.state.visits.get(&id).filter(fits).ok_or(Refusal::NotWaitedFor),
            Actor::Person(_) | Actor::Timer => Err(Refusal::NotWaitedFor),
        }
    }

    pub fn machine_done(&mut self, id: VisitId, attempt: u32, value: &Value, detail: &Value) -> Went {
        let visit = self.waited_for(id, attempt)?;
        let (place, resume) = (visit.place.clone(), visit.resume.clone());
        let machine = match self.flow.at(&place).map(|step| &step.kind) {
            Some(StepKind::Machine(machine)) => machine,
            _ => return Err(Refusal::NoSuchStep { place }.into()),
        };
        let into = match machine {
            Machine::Policy { into, .. } => Some(into.clone()),
            Machine::Record { .. } | Machine::Archive { .. } => None,
        };
        self.emit(EventKind::MachineDone { visit: id, into, value: value.clone(), detail: detail.clone() });
        self.close_visit(id, VisitEnd::Passed);
        if matches!(machine, Machine::Archive { .. }) {
            self.close_everything();
            self.emit(EventKind::Ended { as_archived: true });
            return Ok(());
        }
        self.go_on(&place, resume)
    }

    pub fn retry(&mut self, id: IncidentId) -> Went {
        let incident = self.state.incidents.get(&id).cloned().ok_or(Refusal::NoSuchIncident)?;
        let stands_at = self.stands_at(&incident);
        self.emit(EventKind::IncidentClosed { incident: id });
        match (incident.problem, incident.visit) {
            (
                Problem::Condition { .. } | Problem::Items { .. } | Problem::NotMoved { .. } | Problem::Short { .. },
                _,
            ) => {
                let at = stands_at.ok_or_else(|| Refusal::NoSuchStep { place: incident.place.clone() })?;
                self.enter(at, &incident.place)
            }
            (Problem::Nobody | Problem::TooManyPeople { .. }, Some(visit)) => self.refill(visit, None),
            (Problem::Nobody | Problem::TooManyPeople { .. }, None) => {
                self.open_place(&incident.place, incident.resume, None, None)
            }
            (Problem::NotEscalated, _) => Ok(()),
            (_, Some(visit)) => {
                self.emit(EventKind::MachineRetried { visit });
                Ok(())
            }
            (_, None) => Err(Refusal::NoSuchIncident.into()),
        }
    }

    pub fn timer(&mut self, id: VisitId, number: u32) -> Went {
        let waited = self.state.visits.get(&id).and_then(|visit| {
            let timer = visit.timers.iter().find(|timer| timer.number == number)?;
            Some((visit, timer))
        });
        let Some((visit, timer)) = waited.filter(|(_, timer)| timer.at <= self.inputs.now) else {
            return Err(Refusal::NotWaitedFor.into());
        };
        let holders: Vec<PersonId> = visit.tasks.values().map(|task| task.person.clone()).collect();
        let closes = self.flow.human(&visit.place).is_some_and(|human| human.late == Late::Close);
        match timer.does.clone() {
            None if closes => {
                let (place, resume) = (visit.place.clone(), visit.resume.clone());
                self.emit(EventKind::Overdue { visit: id, timer: number });
                self.cancel_tasks(id, &Undone::TimeUp);
                self.close_visit(id, VisitEnd::Passed);
                return self.go_on(&place, resume);
            }
            None => self.emit(EventKind::Overdue { visit: id, timer: number }),
            Some(OverdueAction::Remind) => self.emit(EventKind::Reminded { visit: id, timer: number, people: holders }),
            Some(OverdueAction::Escalate { to }) => self.escalate(id, number, to)?,
        }
        Ok(())
    }

    /// Asks further people to decide; that nobody (or far too many) was found is for a person to look at.
    fn escalate(&mut self, id: VisitId, timer: u32, to: Vec<Selector>) -> Went {
        let at = self.state.place_of(id).cloned().unwrap_or(Place::Start);
        let mut people = self.people(to, &at)?.to_vec();
        people.retain(|(person, _)| !self.state.is_own(person) && !self.is_asked(id, person));
        let candidate = |(person, selector)| Candidate { person, why: Why::Escalated { selector } };
        let people = self.without_other_duties(people.into_iter().map(candidate).collect())?;
        let fits = people.len() <= MAX_PEOPLE && self.room_for(people.len()).is_ok();
        if people.is_empty() || !fits {
            self.emit(EventKind::Escalated { visit: id, timer, people: Vec::new() });
            if let Some(place) = self.state.visits.get(&id).map(|visit| visit.place.clone()) {
                self.incident(place, None, Problem::NotEscalated, Value::Null);
            }
            return Ok(());
        }
        let named = people.iter().map(|candidate| candidate.person.clone()).collect();
        self.emit(EventKind::Escalated { visit: id, timer, people: named });
        for Candidate { person, why } in people {
            self.open_task(id, person, why, true);
        }
        Ok(())
    }

    pub fn person_left(&mut self, person: &PersonId) -> Went {
        let queued = self.state.visits.iter().filter(|(_, visit)| visit.queue.iter().any(|c| c.person == *person));
        for visit in queued.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.emit(EventKind::Unqueued { visit, person: person.clone(), why: Undone::HolderLeft });
        }
        let held = self.state.tasks().filter(|(_, _, _, task)| task.person == *person);
        for (visit, task) in held.map(|(visit, task, _, _)| (visit, task)).collect::<Vec<_>>() {
            // What came of the one before may have ended this one.
            if self.state.task(task).is_some() {
                self.emit(EventKind::TaskCancelled { task, why: Undone::HolderLeft });
                self.refill(visit, Some(person))?;
            }
        }
        Ok(())
    }

    /// Takes back what somebody was asked for a role that they no longer hold, and asks the rule again.
    ///
    /// What another person handed to them, or what they are asked as somebody's superior, stays with them.
    pub fn role_revoked(&mut self, person: &PersonId) -> Went {
        let queued = self.state.visits.iter().flat_map(|(id, visit)| visit.queue.iter().map(|c| (*id, c.clone())));
        for (visit, candidate) in queued.filter(|(_, c)| c.person == *person).collect::<Vec<_>>() {
            let at = self.state.place_of(visit).cloned().unwrap_or(Place::Start);
            if !self.holds_role(person, &candidate.why, &at)? {
                self.emit(EventKind::Unqueued { visit, person: person.clone(), why: Undone::RoleRevoked });
            }
        }
        let held = self.state.tasks().filter(|(_, _, _, task)| task.person == *person);
        let held = held.map(|(v, id, visit, task)| (v, id, task.why.clone(), visit.place.clone()));
        for (visit, task, why, at) in held.collect::<Vec<_>>() {
            if self.state.task(task).is_some() && !self.holds_role(person, &why, &at)? {
                self.emit(EventKind::TaskCancelled { task, why: Undone::RoleRevoked });
                self.refill(visit, None)?;
            }
        }
        Ok(())
    }

    /// Takes what policies worked out again under another calendar; what no step left, or left the same, stays.
    pub fn recount(&mut self, recounted: &[Recounted]) {
        for Recounted { visit, value, detail } in recounted {
            let left = self.state.results.values().find(|result| result.visit == *visit);
            if left.is_some_and(|left| left.by.is_none() && left.value != *value) {
                self.emit(EventKind::Recounted { visit: *visit, value: value.clone(), detail: detail.clone() });
            }
        }
    }

    /// Counts anew when open work is due: the company's calendar has changed.
    pub fn count_due_again(&mut self) -> Went {
        let due = self.state.visits.iter().filter(|(_, visit)| visit.deadline.is_some());
        let due = due.map(|(id, visit)| (*id, visit.clone())).collect::<Vec<_>>();
        for (id, visit) in due {
            let Place::Step(step) = &visit.place else { continue };
            let asked = Question::Deadline { step: step.clone(), from: visit.opened_at };
            let (deadline, alarms) = match self.answer(asked)? {
                Answer::Deadline { deadline, timers } => (deadline.clone(), timers),
                _ => return Err(Refusal::BadAnswer.into()),
            };
            if visit.deadline == deadline {
                continue;
            }
            // What went off already does not go off again, unless nobody could say when before.
            let unknown = matches!(visit.deadline, Some(Deadline::NoCalendarData { .. }));
            let waiting = |alarm: &&Alarm| unknown || visit.timers.iter().any(|timer| timer.number == alarm.number);
            let alarms: Vec<Alarm> = alarms.iter().filter(waiting).cloned().collect();
            let timers = self.timers(&visit.place, &alarms);
            self.emit(EventKind::DueMoved { visit: id, deadline, timers });
        }
        Ok(())
    }

    /// Takes another release where everything that is open still has its place in it.
    ///
    /// What stands as passed keeps standing, also steps that the other release does not have.
    pub fn migrate(&mut self, to: ReleaseHash) -> Went {
        let from = self.state.release;
        for visit in self.state.visits.values() {
            let work = self.flow.at(&visit.place).map_or(Work::Start, Step::work);
            let known = visit.place == Place::Start || self.flow.at(&visit.place).is_some();
            if !known || work != visit.work {
                return Err(Refusal::DoesNotFit { place: visit.place.clone() }.into());
            }
        }
        let resumed = self.state.visits.values().flat_map(|visit| &visit.resume).map(|resume| &resume.place);
        let stopped = self.state.incidents.values().map(|incident| &incident.place);
        let known = |place: &&Place| **place == Place::Start || self.flow.at(place).is_some();
        if let Some(place) = resumed.chain(stopped).find(|place| !known(place)) {
            return Err(Refusal::DoesNotFit { place: place.clone() }.into());
        }
        if from != to {
            self.emit(EventKind::Migrated { from, to });
        }
        Ok(())
    }
}
