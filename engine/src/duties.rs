//! Duties that no two hands may hold together: who did one of them in a request is not asked for the other, on no path.

use std::collections::BTreeSet;

use zhupi_domain::{Name, PersonId};

use crate::decide::{Draft, Went};
use crate::{Candidate, EventKind, Place, Selector, Undone};

impl Draft<'_> {
    /// A duty that somebody did before and that must not be in the same hands as another. Starting a request as somebody is a
    /// duty, too.
    pub fn other_duty(&mut self, person: &PersonId, duty: Option<&Name>) -> Went<Option<Name>> {
        let Some(duty) = duty else { return Ok(None) };
        let flow = self.flow;
        let sets = flow.incompatible.iter().filter(|set| set.contains(duty));
        let others: BTreeSet<&Name> = sets.flatten().filter(|other| *other != duty).collect();
        let did = |role: &&&Name| self.state.duties.contains(&(person.clone(), (**role).clone()));
        if let Some(did) = others.iter().find(did) {
            return Ok(Some((*did).clone()));
        }
        if *person != self.state.initiator {
            return Ok(None);
        }
        for starter in &flow.start_by {
            let Selector::Role { role, .. } = starter else { continue };
            if others.contains(role)
                && self.people(vec![starter.clone()], &Place::Start)?.iter().any(|(who, _)| who == person)
            {
                return Ok(Some(role.clone()));
            }
        }
        Ok(None)
    }

    /// Those who have done no other duty.
    pub fn without_other_duties(&mut self, candidates: Vec<Candidate>) -> Went<Vec<Candidate>> {
        let mut fit = Vec::new();
        for candidate in candidates {
            if self.other_duty(&candidate.person, candidate.why.duty())?.is_none() {
                fit.push(candidate);
            }
        }
        Ok(fit)
    }

    /// Takes from people what they were asked before they did another duty, and asks others: nobody waits for who may not act.
    pub fn separate_duties(&mut self) -> Went {
        if self.flow.incompatible.is_empty() || !self.state.is_running() {
            return Ok(());
        }
        let queued =
            self.state.visits.iter().flat_map(|(id, visit)| visit.queue.iter().map(|next| (*id, next.clone())));
        for (visit, Candidate { person, why }) in queued.collect::<Vec<_>>() {
            if let Some(role) = self.other_duty(&person, why.duty())? {
                self.emit(EventKind::Unqueued { visit, person, why: Undone::OtherDuty { role } });
            }
        }
        let held =
            self.state.tasks().map(|(visit, task, _, held)| (visit, task, held.person.clone(), held.why.clone()));
        for (visit, task, person, why) in held.collect::<Vec<_>>() {
            if self.state.task(task).is_none() {
                continue;
            }
            if let Some(role) = self.other_duty(&person, why.duty())? {
                self.emit(EventKind::TaskCancelled { task, why: Undone::OtherDuty { role } });
                self.refill(visit, None)?;
            }
        }
        Ok(())
    }
}
