//! Casting ballots, and what they come to.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zhupi_domain::PersonId;

use crate::actions::resolve;
use crate::acts::{Held, said};
use crate::decide::{Draft, Went};
use crate::returns::Sender;
use crate::vote::{Ballot, Cast, Count, Vote};
use crate::{
    EventKind, Flow, HumanKind, Instance, OnReject, Place, Problem, Refusal, Status, TaskId, Undone, Visit, VisitEnd,
    VisitId,
};

/// What the holder of a vote says.
pub(crate) struct Said<'a> {
    pub ballot: Ballot,
    pub comment: &'a Option<String>,
    pub minutes: &'a Option<String>,
}

impl<'a> Draft<'a> {
    pub fn vote(&mut self, held: &Held, wish: &Said<'_>) -> Went {
        let vote = self.vote_at(&held.place)?;
        self.no_own_decision(held)?;
        let (comment, minutes) = (said(wish.comment)?, said(wish.minutes)?);
        let weight = vote.weight(held.task.why.selector());
        let chair = match &vote.chair {
            None => false,
            Some(chair) => {
                let led_by = self.people(vec![chair.by.clone()], &held.place)?;
                led_by.iter().any(|(person, _)| *person == held.task.person)
            }
        };
        if vote.minutes && chair && minutes.is_none() {
            return Err(Refusal::MinutesRequired.into());
        }
        self.emit(EventKind::Voted { task: held.id, ballot: wish.ballot, weight, chair, comment, minutes });
        self.check(&held.place)?;
        self.count(held.visit, Some(&held.task.person))
    }

    fn vote_at(&self, place: &Place) -> Result<&'a Vote, Refusal> {
        let flow: &'a Flow = self.flow;
        match flow.human(place).map(|human| &human.kind) {
            Some(HumanKind::Vote(vote)) => Ok(vote),
            Some(_) => Err(Refusal::NotAtThisStep),
            None if *place == Place::Start => Err(Refusal::NotAtThisStep),
            None => Err(Refusal::NoSuchStep { place: place.clone() }),
        }
    }

    /// Ends a vote whose outcome is certain. `last` is the ballot that was cast just now.
    pub fn count(&mut self, id: VisitId, last: Option<&PersonId>) -> Went {
        let Some(visit) = self.state.visits.get(&id) else { return Ok(()) };
        let place = visit.place.clone();
        let vote = self.vote_at(&place)?;
        let open = visit.tasks.values().map(|task| u64::from(vote.weight(task.why.selector()))).sum();
        let count = Count::of(&visit.ballots, open);
        let count = Count { vacant: self.vacant(id, &place, vote)?, ..count };
        let Some(visit) = self.state.visits.get(&id) else { return Ok(()) };
        let casting = visit.ballots.iter().find(|cast| cast.chair).map(|cast| cast.ballot);
        let decides_ties = vote.chair.as_ref().is_some_and(|chair| chair.casting);
        let Some(passed) = vote.outcome(count, casting.filter(|_| decides_ties)) else { return Ok(()) };
        if vote.minutes && !visit.has_minutes {
            return if visit.tasks.is_empty() { Err(Refusal::MinutesRequired.into()) } else { Ok(()) };
        }
        let value = tally(visit, count, passed);
        let by = last.cloned().or_else(|| visit.ballots.last().map(|cast| cast.member.clone()));
        self.close_vote(id, &place, passed, value, by)
    }

    /// The weight of seats that nobody holds now; asked only where a quorum counts them.
    ///
    /// A seat is a part of the step's rule. Whoever voted and holds no seat any more has voted for one of those.
    fn vacant(&mut self, id: VisitId, place: &Place, vote: &Vote) -> Went<u64> {
        let Some(human) = self.flow.human(place).filter(|_| vote.quorum.is_some()) else { return Ok(0) };
        let (mut vacant, mut holders) = (0_u64, BTreeSet::new());
        for seat in human.assign.by.clone() {
            let held = self.people(vec![seat.clone()], place)?;
            if held.is_empty() {
                vacant += u64::from(vote.weight(Some(&seat)));
            }
            holders.extend(held.iter().map(|(person, _)| person.clone()));
        }
        let ballots = self.state.visits.get(&id).map_or(&[][..], |visit| &visit.ballots);
        let gone = ballots.iter().filter(|cast| !holders.contains(&cast.member)).map(|cast| u64::from(cast.weight));
        Ok(vacant.saturating_sub(gone.sum()))
    }

    fn close_vote(&mut self, id: VisitId, place: &Place, passed: bool, value: Value, by: Option<PersonId>) -> Went {
        let flow = self.flow;
        let human = flow.human(place);
        let into = human.and_then(|human| human.into.clone());
        let resume = self.state.visits.get(&id).map(|visit| visit.resume.clone()).unwrap_or_default();
        if let Some(person) = &by {
            self.cancel_tasks(id, &Undone::DecidedBy { person: person.clone() });
        }
        self.emit(EventKind::Decided { visit: id, passed, into, value });
        let on_reject = human.map(|human| human.on_reject.clone()).unwrap_or_default();
        match (passed, on_reject, by) {
            (true, ..) | (false, OnReject::Continue, _) => {
                self.close_visit(id, VisitEnd::Passed);
                self.go_on(place, resume)
            }
            (false, OnReject::Return { to, then }, Some(person)) => {
                let to = resolve(flow, &self.state, id, place, &to);
                let sender = Sender { task: None, visit: id, place: place.clone(), person, selector: None };
                self.send_back(&sender, &to, then, "票决未通过".to_owned(), true)
            }
            (false, ..) => {
                self.close_all_but(Some(id));
                self.close_visit(id, VisitEnd::Rejected);
                debug_assert!(matches!(self.state.status, Status::Rejected { .. }));
                Ok(())
            }
        }
    }

    /// Counts again after somebody was lost; where nobody is left to vote, a person must look.
    pub fn count_again(&mut self, id: VisitId) -> Went {
        let Some(visit) = self.state.visits.get(&id) else { return Ok(()) };
        let (place, nobody) = (visit.place.clone(), visit.tasks.is_empty());
        if !nobody || !visit.ballots.is_empty() {
            match self.count(id, None) {
                Err(crate::decide::Stop::Refuse(Refusal::MinutesRequired)) => {}
                other => return other,
            }
        }
        if self.state.visits.get(&id).is_some_and(|visit| visit.tasks.is_empty()) {
            self.incident(place, Some(id), Problem::Nobody, Value::Null);
        }
        Ok(())
    }
}

/// The result of a vote.
fn tally(visit: &Visit, count: Count, passed: bool) -> Value {
    let unanimous = passed && count.no == 0 && count.abstain == 0;
    json!({
        "passed": passed, "unanimous": unanimous,
        "yes": count.yes, "no": count.no, "abstain": count.abstain, "not_cast": count.open,
        "members": visit.ballots.len() + visit.tasks.len(),
    })
}

impl Instance {
    /// Keeps a ballot.
    pub(crate) fn cast(&mut self, task: TaskId, cast: impl Fn(&PersonId) -> Cast, minutes: bool) {
        for visit in self.visits.values_mut() {
            if let Some(held) = visit.tasks.remove(&task) {
                visit.has_minutes |= minutes;
                let cast = cast(&held.person);
                if cast.ballot == Ballot::Yes {
                    visit.agreed.push(held.person);
                }
                visit.ballots.push(cast);
            }
        }
    }
}
