//! How an instance goes on: from one block to the next, and who is asked at each.

use serde_json::Value;
use zhupi_domain::{Name, PersonId};

use crate::asked::{Asked, Way};
use crate::decide::{Draft, Stop, Went};
use crate::{
    Alarm, Answer, Block, Candidate, Cursor, Decide, EventKind, Instance, NotAsked, PersonRef, Place, Problem,
    Question, Refusal, Resume, Selector, Step, StepKind, Timer, VisitId, Why, Work,
};

impl Draft<'_> {
    /// Goes on after a place: straight to where it was sent back from, or step by step.
    pub fn go_on(&mut self, place: &Place, mut resume: Vec<Resume>) -> Went {
        if let Some(back) = resume.pop() {
            return self.open_place(&back.place, resume, None, Some((back.person, back.selector)));
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
                            let problem = Problem::Condition { choose: choose.number, message };
                            self.incident(from, None, problem, Value::Null);
                            return Ok(());
                        }
                    };
                }
                Some(Block::Step(step)) => {
                    if !self.open_step(step, Vec::new(), Way::Forward)? {
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

    /// Opens one place again; goes on after it when its step is skipped.
    ///
    /// `returned_by` sent it back here; `to` sent it back from here, and it comes straight back to them.
    pub fn open_place(
        &mut self,
        place: &Place,
        resume: Vec<Resume>,
        returned_by: Option<PersonId>,
        to: Option<(PersonId, Option<Selector>)>,
    ) -> Went {
        match place {
            Place::Start => {
                let here = !self.people(vec![Selector::Is(PersonRef::Initiator)])?.is_empty();
                let visit = self.open_visit(place, Work::Start, Opening { resume, ..Opening::default() })?;
                if here {
                    let by = returned_by.unwrap_or_else(|| self.state.initiator.clone());
                    self.open_task(visit, self.state.initiator.clone(), Why::Returned { by }, false);
                } else {
                    self.incident(place.clone(), Some(visit), Problem::Nobody, Value::Null);
                }
                Ok(())
            }
            Place::Step(name) => {
                let flow = self.flow;
                let step = flow.step(name).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
                let way = to.map_or(Way::Back, |(person, selector)| Way::BackTo(person, selector));
                if self.open_step(step, resume.clone(), way)? { self.go_on(place, resume) } else { Ok(()) }
            }
        }
    }

    /// Opens a step. True when it was skipped and the way goes on.
    fn open_step(&mut self, step: &Step, resume: Vec<Resume>, way: Way) -> Went<bool> {
        let place = Place::Step(step.name.clone());
        let human = match &step.kind {
            StepKind::Machine(_) => {
                self.open_visit(&place, Work::Machine, Opening { resume, ..Opening::default() })?;
                return Ok(false);
            }
            StepKind::Human(human) => human,
        };
        match self.asked(human, way)? {
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
                let opening = Opening { decide, queue: queue.to_vec(), not_asked, resume, due };
                let visit = self.open_visit(&place, step.work(), opening)?;
                for candidate in now {
                    self.open_task(visit, candidate.person.clone(), candidate.why.clone(), false);
                }
                Ok(false)
            }
        }
    }

    fn open_visit(&mut self, place: &Place, work: Work, opening: Opening<'_>) -> Went<VisitId> {
        let (deadline, timers) = match opening.due {
            None => (None, Vec::new()),
            Some(step) => match self.answer(Question::Deadline { step: step.clone() })? {
                Answer::Deadline { deadline, timers } => (Some(deadline.clone()), self.timers(place, timers)),
                _ => return Err(Refusal::BadAnswer.into()),
            },
        };
        let visit = VisitId(self.state.last_visit.0.saturating_add(1));
        let (place, Opening { decide, queue, not_asked, resume, .. }) = (place.clone(), opening);
        self.emit(EventKind::VisitOpened { visit, place, decide, queue, not_asked, deadline, timers, resume, work });
        Ok(visit)
    }

    /// Timers that know by themselves what they do.
    fn timers(&self, place: &Place, alarms: &[Alarm]) -> Vec<Timer> {
        let rules = self.flow.human(place).map_or(&[][..], |human| &human.overdue);
        let does = |alarm: &Alarm| rules.get(usize::try_from(alarm.rule?).ok()?).map(|rule| rule.action.clone());
        alarms.iter().map(|alarm| Timer { number: alarm.number, at: alarm.at, does: does(alarm) }).collect()
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
}

/// What a visit begins with.
#[derive(Default)]
struct Opening<'a> {
    decide: Decide,
    queue: Vec<Candidate>,
    not_asked: Vec<NotAsked>,
    resume: Vec<Resume>,
    /// The step whose deadline holds.
    due: Option<&'a Name>,
}
