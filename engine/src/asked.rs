//! Who is asked at a step, and why: its rule, the rules for nobody, for oneself and for the same person twice.

use serde_json::Value;
use zhupi_domain::PersonId;

use crate::decide::{Draft, Stop, Went};
use crate::{
    Candidate, Decide, EventKind, Flow, Human, HumanKind, Inputs, Instance, NotAsked, NotAskedBecause, OnEmpty, OnSelf,
    OnTwice, Passed, PersonRef, Place, Problem, Question, Refusal, Selector, Skip, VisitId, Why, Work,
};

/// The most people whom one step may ask by name.
pub(crate) const MAX_PEOPLE: usize = 200;

/// Who is asked at a step that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    People {
        candidates: Vec<Candidate>,
        /// Whom the rule named and who is not asked all the same.
        not_asked: Vec<NotAsked>,
    },
    /// A person would have to look.
    Nobody(Problem),
    Skip(Skip),
}

/// Who would be asked at a people's step if it opened now, or what must be known to say so.
///
/// For showing the way ahead; nothing is decided by it.
pub fn forecast(
    flow: &Flow,
    state: &Instance,
    human: &Human,
    at: &Place,
    inputs: &Inputs,
) -> Result<Asked, Vec<Question>> {
    let mut draft = Draft::of(flow, state, inputs);
    match draft.asked(human, at, Way::Forward) {
        Ok(asked) => Ok(asked),
        Err(Stop::Ask) => Err(draft.questions),
        Err(Stop::Refuse(_)) => Ok(Asked::Nobody(Problem::Nobody)),
    }
}

/// How an instance comes to a step.
pub(crate) enum Way {
    /// Step by step.
    Forward,
    /// It was sent back here: who agreed before is asked again.
    Back,
    /// Straight back to who sent it, and what had named them.
    BackTo(PersonId, Option<Selector>),
}

impl Draft<'_> {
    pub(crate) fn asked(&mut self, human: &Human, at: &Place, way: Way) -> Went<Asked> {
        if let (Way::BackTo(person, selector), Decide::Any) = (&way, human.decide()) {
            let why = Why::CameBack { selector: selector.clone() };
            if self.may_return_to(human, person, &why, at)? && self.holds_role(person, &why, at)? {
                let candidates = vec![Candidate { person: person.clone(), why }];
                return Ok(Asked::People { candidates, not_asked: Vec::new() });
            }
        }
        let (mut candidates, left_out) = self.candidates(human, at)?;
        if candidates.is_empty() {
            let own = left_out.iter().find(|left| left.why == NotAskedBecause::OwnRequest);
            candidates = match (&human.assign.on_self, &human.assign.on_empty, own) {
                (OnSelf::Skip, _, Some(own)) => {
                    return Ok(Asked::Skip(Skip::OwnRequest { person: own.person.clone() }));
                }
                (_, OnEmpty::Skip, _) => return Ok(Asked::Skip(Skip::Nobody)),
                _ => self.instead_of_nobody(human, at)?,
            };
        }
        if candidates.is_empty() {
            return Ok(Asked::Nobody(Problem::Nobody));
        }
        if candidates.len() > MAX_PEOPLE {
            let found = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            return Ok(Asked::Nobody(Problem::TooManyPeople { found }));
        }
        Ok(match way {
            Way::Forward => self.not_twice(human, candidates, left_out),
            Way::Back | Way::BackTo(..) => Asked::People { candidates, not_asked: left_out },
        })
    }

    /// Whether it can come straight back to who sent it: they are still here, and may decide about it.
    fn may_return_to(&mut self, human: &Human, person: &PersonId, why: &Why, at: &Place) -> Went<bool> {
        let own = self.state.is_own(person) && human.kind == HumanKind::Approve && !self.may_decide_own(at, why);
        Ok(!own && !self.people(vec![Selector::Person(person.clone())], at)?.is_empty())
    }

    fn instead_of_nobody(&mut self, human: &Human, at: &Place) -> Went<Vec<Candidate>> {
        let OnEmpty::Instead(selectors) = &human.assign.on_empty else { return Ok(Vec::new()) };
        let found = self.people(selectors.clone(), at)?.to_vec();
        let others = found.into_iter().filter(|(person, _)| !self.state.is_own(person));
        let others = others.map(|(person, selector)| Candidate { person, why: Why::NobodyElse { selector } }).collect();
        self.without_other_duties(others)
    }

    /// Whom the step's rule names, and who of them is left out: the request is about them, or they did another duty in it.
    fn candidates(&mut self, human: &Human, at: &Place) -> Went<(Vec<Candidate>, Vec<NotAsked>)> {
        let named = self.people(human.assign.by.clone(), at)?.to_vec();
        let (mut candidates, mut left_out): (Vec<Candidate>, Vec<NotAsked>) = (Vec::new(), Vec::new());
        for (person, selector) in named {
            let why = Why::By { selector };
            if let Some(role) = self.other_duty(&person, why.duty())? {
                left_out.push(NotAsked { person, why: NotAskedBecause::Incompatible { role } });
                continue;
            }
            let Why::By { selector } = why else { continue };
            if !self.state.is_own(&person) || is_meant(human, &selector) {
                candidates.push(Candidate { person, why: Why::By { selector } });
                continue;
            }
            match &human.assign.on_self {
                OnSelf::Allow => {
                    candidates.push(Candidate { person, why: Why::SelfAllowed { selector } });
                    continue;
                }
                OnSelf::Exclude | OnSelf::Skip => {}
                OnSelf::Manager => {
                    let of = if person == self.state.initiator { PersonRef::Initiator } else { PersonRef::Subject };
                    candidates.extend(self.instead_of(&person, vec![Selector::ManagerOf { of, levels: 1 }], at)?);
                }
                OnSelf::Instead(selectors) => candidates.extend(self.instead_of(&person, selectors.clone(), at)?),
            }
            left_out.push(NotAsked { person, why: NotAskedBecause::OwnRequest });
        }
        let mut seen = std::collections::BTreeSet::new();
        candidates.retain(|candidate| seen.insert(candidate.person.clone()));
        Ok((candidates, left_out))
    }

    fn instead_of(&mut self, of: &PersonId, selectors: Vec<Selector>, at: &Place) -> Went<Vec<Candidate>> {
        let found = self.people(selectors, at)?.to_vec();
        let others = found.into_iter().filter(|(person, _)| !self.state.is_own(person));
        let candidate = |(person, selector)| Candidate { person, why: Why::InsteadOfSelf { of: of.clone(), selector } };
        let others = others.map(candidate).collect();
        self.without_other_duties(others)
    }

    /// Leaves out who agreed before, where the flow says so.
    fn not_twice(&self, human: &Human, candidates: Vec<Candidate>, mut not_asked: Vec<NotAsked>) -> Asked {
        let before = match (self.flow.on_twice, &human.kind) {
            (OnTwice::Ask, _) | (_, HumanKind::Fill { .. } | HumanKind::Vote(_)) => Vec::new(),
            (OnTwice::Once, _) => self.agreed_before(),
            (OnTwice::Consecutive, _) => self.agreed_just_before().into_iter().collect(),
        };
        let at = |person: &PersonId| before.iter().rev().find(|passed| passed.has_seen(person));
        let (twice, fresh): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|c| at(&c.person).is_some());
        let enough = match human.decide() {
            Decide::Any => !twice.is_empty(),
            Decide::All | Decide::InOrder => fresh.is_empty(),
        };
        let people: Vec<PersonId> = twice.into_iter().map(|candidate| candidate.person).collect();
        match people.first().and_then(at) {
            Some(passed) if enough => Asked::Skip(Skip::Twice { at: passed.place.clone(), people }),
            _ => {
                let twice = people.into_iter().filter_map(|person| {
                    let why = NotAskedBecause::Twice { at: at(&person)?.place.clone() };
                    Some(NotAsked { person, why })
                });
                not_asked.extend(twice);
                Asked::People { candidates: fresh, not_asked }
            }
        }
    }

    /// Who approved at which step before; submitting and filling are no approvals.
    fn agreed_before(&self) -> Vec<&Passed> {
        let people = self.state.passed.iter().filter(|passed| !passed.people.is_empty());
        people.filter(|passed| self.is_approval(&passed.place)).collect()
    }

    /// Who approved at the people's step passed last, if that was an approval.
    fn agreed_just_before(&self) -> Option<&Passed> {
        let last = self.state.passed.iter().rfind(|passed| !passed.people.is_empty())?;
        self.is_approval(&last.place).then_some(last)
    }

    fn is_approval(&self, place: &Place) -> bool {
        self.flow.human(place).is_some_and(|human| human.kind == HumanKind::Approve)
    }

    /// Asks the rule again for an open visit that has lost somebody.
    ///
    /// Nothing is approved by somebody's leaving: all whom the rule names now must agree, and where a part of the rule names
    /// nobody, a person must look.
    pub fn refill(&mut self, id: VisitId, left: Option<&PersonId>) -> Went {
        let Some(visit) = self.state.visits.get(&id) else { return Err(Refusal::NoSuchIncident.into()) };
        let (place, decide) = (visit.place.clone(), visit.decide);
        let (named, covered) = self.named_again(&place)?;
        let asked = |candidate: &Candidate| self.is_asked(id, &candidate.person);
        let fresh: Vec<Candidate> = named.iter().filter(|c| Some(&c.person) != left && !asked(c)).cloned().collect();
        self.room_for(fresh.len())?;
        let people: Vec<Candidate> = fresh
            .into_iter()
            .map(|Candidate { person, why }| {
                let takes_over =
                    |left: &PersonId| Why::Left { person: left.clone(), selector: why.selector().cloned() };
                let why = left.map(takes_over).unwrap_or(why);
                Candidate { person, why }
            })
            .collect();
        if decide == Decide::InOrder {
            if !people.is_empty() {
                self.emit(EventKind::Queued { visit: id, people });
            }
        } else {
            for candidate in people {
                self.open_task(id, candidate.person, candidate.why, false);
            }
        }
        if self.state.visits.get(&id).is_some_and(|visit| visit.work == Work::Vote) {
            return self.count_again(id);
        }
        let waits = match self.state.visits.get(&id) {
            Some(visit) if visit.tasks.values().any(|task| !task.escalated) => true,
            Some(_) => self.next_in_order(id)?,
            None => return Ok(()),
        };
        let agreed = |candidate: &Candidate| {
            self.state.visits.get(&id).is_some_and(|visit| visit.agreed.contains(&candidate.person))
        };
        if decide != Decide::Any && !waits && covered && !named.is_empty() && named.iter().all(agreed) {
            let by = named.last().map(|candidate| candidate.person.clone());
            return by.map_or(Ok(()), |by| self.pass(id, &by));
        }
        let lost = if decide == Decide::Any { !waits } else { !waits || !covered };
        if lost {
            self.incident(place, Some(id), Problem::Nobody, Value::Null);
        }
        Ok(())
    }

    /// Whom the rule of a place names now, and whether every part of the rule names somebody.
    pub(crate) fn named_again(&mut self, place: &Place) -> Went<(Vec<Candidate>, bool)> {
        let flow = self.flow;
        let Some(human) = flow.human(place) else {
            let initiator = self.people(vec![Selector::Is(PersonRef::Initiator)], &Place::Start)?.to_vec();
            let by = |(person, selector)| Candidate { person, why: Why::By { selector } };
            let named: Vec<Candidate> = initiator.into_iter().map(by).collect();
            let covered = !named.is_empty();
            return Ok((named, covered));
        };
        let found = self.people(human.assign.by.clone(), place)?;
        let covered = human.assign.by.iter().all(|part| found.iter().any(|(_, selector)| selector == part));
        let (mut named, _) = self.candidates(human, place)?;
        if named.is_empty() {
            named = self.instead_of_nobody(human, place)?;
        }
        let covered = covered || !named.is_empty() && matches!(human.assign.on_empty, OnEmpty::Instead(_));
        if named.len() > MAX_PEOPLE { Ok((Vec::new(), false)) } else { Ok((named, covered)) }
    }
}

/// Filling something in by the initiator or the subject is what such a step is for; deciding is not.
fn is_meant(human: &Human, selector: &Selector) -> bool {
    matches!(human.kind, HumanKind::Fill { .. })
        && matches!(selector, Selector::Is(PersonRef::Initiator | PersonRef::Subject))
}
