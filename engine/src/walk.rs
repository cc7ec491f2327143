//! How an instance goes on: from one block to the next, and who is asked at each.

use serde_json::Value;
use zhupi_domain::{Name, PersonId};

use crate::decide::{Draft, Stop, Went};
use crate::{
    Answer, Block, Candidate, Cursor, Decide, EventKind, Flow, Human, HumanKind, Inputs, Instance, OnEmpty, OnSelf,
    OnTwice, PersonRef, Place, Problem, Question, Refusal, Selector, Skip, Step, StepKind, VisitId, Why,
};

/// The most people whom one step may ask by name.
const MAX_PEOPLE: usize = 200;

/// Who is asked at a step that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    People {
        candidates: Vec<Candidate>,
        /// Who agreed at an earlier step and is therefore not asked here again.
        not_asked: Vec<PersonId>,
    },
    /// A person would have to look.
    Nobody(Problem),
    Skip(Skip),
}

/// Who would be asked at a people's step if it opened now, or what must be known to say so.
///
/// For showing the way ahead; nothing is decided by it.
pub fn forecast(flow: &Flow, state: &Instance, human: &Human, inputs: &Inputs) -> Result<Asked, Vec<Question>> {
    let mut draft = Draft { flow, inputs, state: state.clone(), events: Vec::new(), questions: Vec::new() };
    match draft.asked(human) {
        Ok(asked) => Ok(asked),
        Err(Stop::Ask) => Err(draft.questions),
        Err(Stop::Refuse(_)) => Ok(Asked::Nobody(Problem::Nobody)),
    }
}

impl Draft<'_> {
    /// Goes on after a place: straight to where it was sent back from, or step by step.
    pub fn go_on(&mut self, place: &Place, mut resume: Vec<Place>) -> Went {
        if let Some(back) = resume.pop() {
            return self.open_place(&back, resume, None);
        }
        let next = match place {
            Place::Start => self.flow.first(),
            Place::Step(name) => {
                let here = self.flow.locate(name).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
                self.flow.next(&here)
            }
        };
        self.enter(next, place)
    }

    /// Enters blocks until somebody has work to do or nothing is left. `from` is the place passed last.
    pub fn enter(&mut self, next: Option<Cursor>, from: &Place) -> Went {
        let (mut next, mut from) = (next, from.clone());
        while let Some(cursor) = next {
            match self.flow.block(&cursor) {
                None => return Err(Refusal::NoSuchStep { place: from }.into()),
                Some(Block::Choose(choose)) => {
                    match self.branch(choose.number, choose.branches.len())? {
                        Ok(branch) => {
                            self.emit(EventKind::BranchTaken { choose: choose.number, branch });
                            let into = self.flow.into_branch(&cursor, usize::try_from(branch).unwrap_or_default());
                            next = into.or_else(|| self.flow.next(&cursor));
                        }
                        Err(message) => {
                            self.incident(from, None, Problem::Condition { message }, Value::Null);
                            return Ok(());
                        }
                    };
                }
                Some(Block::Step(step)) => {
                    if !self.open_step(step, Vec::new())? {
                        return Ok(());
                    }
                    from = Place::Step(step.name.clone());
                    next = self.flow.next(&cursor);
                }
            }
        }
        self.close_everything();
        self.emit(EventKind::Ended { as_archived: false });
        Ok(())
    }

    fn branch(&mut self, choose: u32, branches: usize) -> Went<Result<u32, String>> {
        match self.answer(Question::Branch { choose })? {
            Answer::Branch(Ok(branch)) if usize::try_from(*branch).is_ok_and(|b| b < branches) => Ok(Ok(*branch)),
            Answer::Branch(Err(message)) => Ok(Err(message.clone())),
            _ => Err(Refusal::BadAnswer.into()),
        }
    }

    /// Opens one place; goes on after it when its step is skipped.
    pub fn open_place(&mut self, place: &Place, resume: Vec<Place>, returned_by: Option<PersonId>) -> Went {
        match place {
            Place::Start => {
                let visit = self.open_visit(place, Decide::Any, Vec::new(), Vec::new(), resume, false, None)?;
                let by = returned_by.unwrap_or_else(|| self.state.initiator.clone());
                self.open_task(visit, self.state.initiator.clone(), Why::Returned { by }, false);
                Ok(())
            }
            Place::Step(name) => {
                let flow = self.flow;
                let step = flow.step(name).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
                if self.open_step(step, resume.clone())? { self.go_on(place, resume) } else { Ok(()) }
            }
        }
    }

    /// Opens a step. True when it was skipped and the way goes on.
    fn open_step(&mut self, step: &Step, resume: Vec<Place>) -> Went<bool> {
        let place = Place::Step(step.name.clone());
        let human = match &step.kind {
            StepKind::Machine(_) => {
                self.open_visit(&place, Decide::Any, Vec::new(), Vec::new(), resume, true, None)?;
                return Ok(false);
            }
            StepKind::Human(human) => human,
        };
        match self.asked(human)? {
            Asked::Skip(why) => {
                self.emit(EventKind::Skipped { place, why });
                Ok(true)
            }
            Asked::Nobody(problem) => {
                self.incident_with(place, None, problem, resume, Value::Null);
                Ok(false)
            }
            Asked::People { candidates, not_asked } => {
                self.room_for(candidates.len())?;
                let decide = human.assign.decide;
                let (now, queue) = match decide {
                    Decide::InOrder => candidates.split_at(1.min(candidates.len())),
                    Decide::Any | Decide::All => (candidates.as_slice(), [].as_slice()),
                };
                let due = human.due.is_some().then_some(&step.name);
                let visit = self.open_visit(&place, decide, queue.to_vec(), not_asked, resume, false, due)?;
                for candidate in now {
                    self.open_task(visit, candidate.person.clone(), candidate.why.clone(), false);
                }
                Ok(false)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one call names what an event holds, in its order")]
    fn open_visit(
        &mut self,
        place: &Place,
        decide: Decide,
        queue: Vec<Candidate>,
        not_asked: Vec<PersonId>,
        resume: Vec<Place>,
        machine: bool,
        due: Option<&Name>,
    ) -> Went<VisitId> {
        let (deadline, timers) = match due {
            None => (None, Default::default()),
            Some(step) => match self.answer(Question::Deadline { step: step.clone() })? {
                Answer::Deadline { deadline, timers } => (Some(deadline.clone()), timers.clone()),
                _ => return Err(Refusal::BadAnswer.into()),
            },
        };
        let visit = VisitId(self.state.last_visit.0.saturating_add(1));
        let place = place.clone();
        self.emit(EventKind::VisitOpened { visit, place, decide, queue, not_asked, deadline, timers, resume, machine });
        Ok(visit)
    }

    /// Whom these selectors name, in order.
    pub fn people(&mut self, selectors: Vec<Selector>) -> Went<&[(PersonId, Selector)]> {
        match self.answer(Question::People(selectors))? {
            Answer::People(people) => Ok(people),
            _ => Err(Stop::Refuse(Refusal::BadAnswer)),
        }
    }

    /// Refuses to open more tasks than an instance may have.
    pub fn room_for(&self, tasks: usize) -> Result<(), Refusal> {
        if self.state.tasks().count() + tasks > Instance::MAX_TASKS { Err(Refusal::TooManyTasks) } else { Ok(()) }
    }

    fn asked(&mut self, human: &Human) -> Went<Asked> {
        let mut candidates = self.candidates(human)?;
        let mut own = None;
        if candidates.is_empty() && human.assign.on_self == OnSelf::Skip {
            let named = self.people(human.assign.by.clone())?.first().map(|(person, _)| person.clone());
            own = named;
        }
        if let Some(person) = own {
            return Ok(Asked::Skip(Skip::OwnRequest { person }));
        }
        if candidates.is_empty() {
            candidates = match &human.assign.on_empty {
                OnEmpty::Incident => return Ok(Asked::Nobody(Problem::Nobody)),
                OnEmpty::Skip => return Ok(Asked::Skip(Skip::Nobody)),
                OnEmpty::Instead(selectors) => {
                    let found = self.people(selectors.clone())?.to_vec();
                    let others = found.into_iter().filter(|(person, _)| !self.state.is_own(person));
                    others.map(|(person, selector)| Candidate { person, why: Why::NobodyElse { selector } }).collect()
                }
            };
        }
        if candidates.is_empty() {
            return Ok(Asked::Nobody(Problem::Nobody));
        }
        if candidates.len() > MAX_PEOPLE {
            let found = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            return Ok(Asked::Nobody(Problem::TooManyPeople { found }));
        }
        Ok(self.not_twice(human, candidates))
    }

    /// Whom the step's rule names, with those about whom the request is dealt with by their rule.
    fn candidates(&mut self, human: &Human) -> Went<Vec<Candidate>> {
        let named = self.people(human.assign.by.clone())?.to_vec();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (person, selector) in named {
            if !self.state.is_own(&person) || is_meant(human, &selector) {
                candidates.push(Candidate { person, why: Why::By { selector } });
                continue;
            }
            match &human.assign.on_self {
                OnSelf::Exclude | OnSelf::Skip => {}
                OnSelf::Allow => candidates.push(Candidate { person, why: Why::SelfAllowed { selector } }),
                OnSelf::Manager => {
                    let of = if person == self.state.initiator { PersonRef::Initiator } else { PersonRef::Subject };
                    candidates.extend(self.instead_of(&person, vec![Selector::ManagerOf { of, levels: 1 }])?);
                }
                OnSelf::Instead(selectors) => candidates.extend(self.instead_of(&person, selectors.clone())?),
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        candidates.retain(|candidate| seen.insert(candidate.person.clone()));
        Ok(candidates)
    }

    fn instead_of(&mut self, of: &PersonId, selectors: Vec<Selector>) -> Went<Vec<Candidate>> {
        let found = self.people(selectors)?.to_vec();
        let others = found.into_iter().filter(|(person, _)| !self.state.is_own(person));
        Ok(others
            .map(|(person, selector)| Candidate { person, why: Why::InsteadOfSelf { of: of.clone(), selector } })
            .collect())
    }

    /// Leaves out who agreed before, where the flow says so.
    fn not_twice(&self, human: &Human, candidates: Vec<Candidate>) -> Asked {
        let before = match (self.flow.on_twice, &human.kind) {
            (OnTwice::Ask, _) | (_, HumanKind::Fill { .. }) => Vec::new(),
            (OnTwice::Once, _) => self.agreed_before(),
            (OnTwice::Consecutive, _) => self.agreed_before().into_iter().next_back().into_iter().collect(),
        };
        let at = |person: &PersonId| before.iter().rev().find(|(_, people)| people.contains(person));
        let (twice, fresh): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|c| at(&c.person).is_some());
        let enough = match human.assign.decide {
            Decide::Any => !twice.is_empty(),
            Decide::All | Decide::InOrder => fresh.is_empty(),
        };
        let people: Vec<PersonId> = twice.into_iter().map(|candidate| candidate.person).collect();
        match people.first().and_then(at) {
            Some((place, _)) if enough => Asked::Skip(Skip::Twice { at: place.clone(), people }),
            _ => Asked::People { candidates: fresh, not_asked: people },
        }
    }

    /// Who approved at which step before; submitting and filling are no approvals.
    fn agreed_before(&self) -> Vec<(Place, &[PersonId])> {
        let approved = |place: &Place| self.flow.human(place).is_some_and(|human| human.kind == HumanKind::Approve);
        let people = self.state.passed.iter().filter(|passed| !passed.people.is_empty());
        let last = people.filter(|passed| passed.place != Place::Start);
        last.filter(|passed| approved(&passed.place)).map(|p| (p.place.clone(), p.people.as_slice())).collect()
    }

    /// Finds people for an open visit that has lost somebody; nobody found and nobody left is an incident.
    pub fn refill(&mut self, id: VisitId, left: Option<&PersonId>) -> Went {
        let Some(visit) = self.state.visits.get(&id) else { return Err(Refusal::NoSuchIncident.into()) };
        let place = visit.place.clone();
        let found = match self.flow.human(&place) {
            Some(human) => self.candidates(human)?,
            None => {
                let initiator = self.people(vec![Selector::Is(PersonRef::Initiator)])?.to_vec();
                initiator
                    .into_iter()
                    .map(|(person, selector)| Candidate { person, why: Why::By { selector } })
                    .collect()
            }
        };
        let fresh: Vec<Candidate> =
            found.into_iter().filter(|c| Some(&c.person) != left && !self.is_asked(id, &c.person)).collect();
        self.room_for(fresh.len())?;
        for candidate in fresh {
            let why = left.map_or(candidate.why, |person| Why::Left { person: person.clone() });
            self.open_task(id, candidate.person, why, false);
        }
        let waiting = self.state.visits.get(&id).filter(|visit| visit.tasks.is_empty());
        if let Some(next) = waiting.and_then(|visit| visit.queue.first()).cloned() {
            self.open_task(id, next.person, next.why, false);
        } else if waiting.is_some() {
            self.incident(place, Some(id), Problem::Nobody, Value::Null);
        }
        Ok(())
    }
}

/// Filling something in by the initiator or the subject is what such a step is for; deciding is not.
fn is_meant(human: &Human, selector: &Selector) -> bool {
    matches!(human.kind, HumanKind::Fill { .. })
        && matches!(selector, Selector::Is(PersonRef::Initiator | PersonRef::Subject))
}
