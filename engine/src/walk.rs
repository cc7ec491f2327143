//! How an instance goes on: from one block to the next, and who is asked at each.

use serde_json::Value;
use zhupi_domain::{PersonId, Text};

use crate::asked::{Asked, Way};
use crate::cursor::{After, Cursor, Region};
use crate::decide::{Draft, Stop, Went};
use crate::{
    Alarm, Answer, At, Block, Candidate, Decide, Each, EventKind, Instance, LaneOrder, NotAsked, PersonRef, Place,
    Problem, Question, Refusal, Resume, Selector, Spot, Step, StepKind, Timer, VisitId, Why, Work,
};

/// The most lanes of one `each`.
const MAX_LANES: usize = 200;

impl Draft<'_> {
    /// Goes on after a place: straight to where it was sent back from, or step by step.
    pub fn go_on(&mut self, place: &Place, mut resume: Vec<Resume>) -> Went {
        if let Some(back) = resume.pop() {
            let stale = self.stale(place, &back);
            if !stale.is_empty() {
                self.walk_again(place, stale);
                return self.go_on(place, Vec::new());
            }
            return self.open_place(&back.place, resume, None, Some((back.person, back.selector)));
        }
        match place {
            Place::Start => match self.flow.first() {
                Some(first) => self.enter(first, place),
                None => self.leave(Region::Flow, place),
            },
            Place::Step(spot) => {
                let here = self.flow.locate(spot).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
                self.go_behind(&here, place)
            }
        }
    }

    /// Goes on behind a block.
    fn go_behind(&mut self, block: &Cursor, from: &Place) -> Went {
        match self.flow.after(block) {
            After::Block(next) => self.enter(next, from),
            After::Region(region) => self.leave(region, from),
        }
    }

    /// Enters a block, and goes on behind it until somebody has work to do or nothing is left. `from` is the place passed
    /// last.
    pub fn enter(&mut self, block: Cursor, from: &Place) -> Went {
        match self.run(block, from)? {
            Some(region) => self.leave(region, from),
            None => Ok(()),
        }
    }

    /// A region has come to its end: what follows it begins, unless another part still goes on.
    fn leave(&mut self, region: Region, from: &Place) -> Went {
        let Region::Branch { block, branch } = region else {
            self.close_everything();
            self.emit(EventKind::Ended { as_archived: false });
            return Ok(());
        };
        let flow = self.flow;
        let each = match flow.block(&block) {
            Some(Block::Each(each)) if each.order == LaneOrder::OneByOne => Some(each),
            _ => None,
        };
        let ended = match each {
            Some(each) => self.run_lanes(&block, each, branch + 1, from)?,
            None => !self.goes_on_inside(&block),
        };
        if ended { self.go_behind(&block, from) } else { Ok(()) }
    }

    /// Runs the rest of a region from a block on; the region, where it comes to its end without work for anybody.
    fn run(&mut self, mut at: Cursor, from: &Place) -> Went<Option<Region>> {
        let (flow, mut from) = (self.flow, from.clone());
        loop {
            let ended = match flow.block(&at) {
                None => return Err(Refusal::NoSuchStep { place: from }.into()),
                Some(Block::Choose(choose)) => match self.branch(&at, choose.number, choose.branches.len(), &from)? {
                    None => false,
                    Some(branch) => match flow.into_branch(&at, branch) {
                        Some(into) => {
                            at = into;
                            continue;
                        }
                        None => true,
                    },
                },
                Some(Block::Parallel(parallel)) => {
                    let mut ended = true;
                    for branch in 0..parallel.branches.len() {
                        if let Some(into) = flow.into_branch(&at, branch) {
                            ended &= self.run(into, &from)?.is_some();
                        }
                    }
                    ended
                }
                Some(Block::Each(each)) => {
                    if !self.open_lanes(&at, each, &from)? {
                        return Ok(None);
                    }
                    self.run_lanes(&at, each, 0, &from)?
                }
                Some(Block::Step(step)) => {
                    let spot = Spot::new(step.name.clone(), flow.lanes(&at));
                    let ended = self.open_step(&spot, step, Vec::new(), Way::Forward)?;
                    from = Place::Step(spot);
                    ended
                }
            };
            if !ended {
                return Ok(None);
            }
            match flow.after(&at) {
                After::Block(next) => at = next,
                After::Region(region) => return Ok(Some(region)),
            }
        }
    }

    /// Runs the lanes of an `each` from one on; true where all have come to their end.
    fn run_lanes(&mut self, block: &Cursor, each: &Each, first: usize, from: &Place) -> Went<bool> {
        let here = At::new(each.number, self.flow.lanes(block));
        let lanes = self.state.lanes.get(&here).map_or(0, Vec::len);
        let mut ended = true;
        for lane in first..lanes {
            if let Some(into) = self.flow.into_branch(block, lane) {
                ended &= self.run(into, from)?.is_some();
            }
            if !ended && each.order == LaneOrder::OneByOne {
                break;
            }
        }
        Ok(ended)
    }

    /// Opens the lanes of an `each`; false where a person must look first.
    fn open_lanes(&mut self, at: &Cursor, each: &Each, from: &Place) -> Went<bool> {
        let here = At::new(each.number, self.flow.lanes(at));
        let lanes = match self.answer(Question::Lanes(here.clone()))? {
            Answer::Lanes(Ok(lanes)) if lanes.len() <= MAX_LANES => Ok(lanes.clone()),
            Answer::Lanes(Ok(lanes)) => Err(Text::new(
                format!("有 {} 项，最多 {MAX_LANES} 项", lanes.len()),
                format!("there are {} items, of {MAX_LANES} at most", lanes.len()),
            )
            .into()),
            Answer::Lanes(Err(message)) => Err(message.clone()),
            _ => return Err(Refusal::BadAnswer.into()),
        };
        match lanes {
            Ok(lanes) => {
                self.emit(EventKind::LanesOpened { each: here, lanes });
                Ok(true)
            }
            Err(message) => {
                self.incident(from.clone(), None, Problem::Items { each: here, said: message }, Value::Null);
                Ok(false)
            }
        }
    }

    /// Whether anything inside a block is open, stopped, or will come straight back into it.
    fn goes_on_inside(&self, block: &Cursor) -> bool {
        let inside = |place: &Place| match place {
            Place::Start => false,
            Place::Step(spot) => self.flow.locate(spot).is_some_and(|cursor| block.is_around(&cursor)),
        };
        let returns = |resume: &[Resume]| resume.iter().any(|back| inside(&back.place));
        self.state.visits.values().any(|visit| inside(&visit.place) || returns(&visit.resume))
            || self.state.incidents.values().any(|incident| {
                let stopped = self.stands_at(incident).is_some_and(|cursor| block.is_around(&cursor));
                stopped || returns(&incident.resume)
            })
    }

    fn branch(&mut self, at: &Cursor, choose: u32, branches: usize, from: &Place) -> Went<Option<usize>> {
        let lanes = self.flow.lanes(at);
        let message = match self.answer(Question::Branch(At::new(choose, lanes.clone())))? {
            Answer::Branch(Ok(branch)) => match usize::try_from(*branch) {
                Ok(index) if index < branches => {
                    self.emit(EventKind::BranchTaken { choose, branch: *branch, lanes });
                    return Ok(Some(index));
                }
                _ => return Err(Refusal::BadAnswer.into()),
            },
            Answer::Branch(Err(message)) => message.clone(),
            _ => return Err(Refusal::BadAnswer.into()),
        };
        self.incident(from.clone(), None, Problem::Condition { choose, lanes, said: message }, Value::Null);
        Ok(None)
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
                let by = returned_by.unwrap_or_else(|| self.state.initiator.clone());
                self.open_start(Why::Returned { by }, resume)
            }
            Place::Step(spot) => {
                let flow = self.flow;
                let step = flow.step(&spot.what).ok_or_else(|| Refusal::NoSuchStep { place: place.clone() })?;
                let way = to.map_or(Way::Back, |(person, selector)| Way::BackTo(person, selector));
                if self.open_step(spot, step, resume.clone(), way)? { self.go_on(place, resume) } else { Ok(()) }
            }
        }
    }

    /// Asks the initiator to fill their own step.
    pub fn open_start(&mut self, why: Why, resume: Vec<Resume>) -> Went {
        let here = !self.people(vec![Selector::Is(PersonRef::Initiator)], &Place::Start)?.is_empty();
        let visit = self.open_visit(&Place::Start, Work::Start, Opening { resume, ..Opening::default() })?;
        if here {
            self.open_task(visit, self.state.initiator.clone(), why, false);
        } else {
            self.incident(Place::Start, Some(visit), Problem::Nobody, Value::Null);
        }
        Ok(())
    }

    /// Opens a step. True when nobody has work there and the way goes on.
    fn open_step(&mut self, spot: &Spot, step: &Step, resume: Vec<Resume>, way: Way) -> Went<bool> {
        let place = Place::Step(spot.clone());
        let human = match &step.kind {
            StepKind::Machine(_) => {
                self.open_visit(&place, Work::Machine, Opening { resume, ..Opening::default() })?;
                return Ok(false);
            }
            StepKind::Move(moved) => return self.move_balance(spot, moved),
            StepKind::Human(human) => human,
        };
        match self.asked(human, &place, way)? {
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
                let decide = human.decide();
                let (now, queue) = match decide {
                    Decide::InOrder => candidates.split_at(1.min(candidates.len())),
                    Decide::Any | Decide::All => (candidates.as_slice(), [].as_slice()),
                };
                let due = human.due.is_some().then_some(spot);
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
            Some(step) => {
                let asked = Question::Deadline { step: step.clone(), from: self.inputs.now };
                match self.answer(asked)? {
                    Answer::Deadline { deadline, timers } => (deadline.clone(), self.timers(place, timers)),
                    _ => return Err(Refusal::BadAnswer.into()),
                }
            }
        };
        let visit = VisitId(self.state.last_visit.0.saturating_add(1));
        let (place, Opening { decide, queue, not_asked, resume, .. }) = (place.clone(), opening);
        self.emit(EventKind::VisitOpened { visit, place, decide, queue, not_asked, deadline, timers, resume, work });
        Ok(visit)
    }

    /// Timers that know by themselves what they do.
    pub fn timers(&self, place: &Place, alarms: &[Alarm]) -> Vec<Timer> {
        let rules = self.flow.human(place).map_or(&[][..], |human| &human.overdue);
        let does = |alarm: &Alarm| rules.get(usize::try_from(alarm.rule?).ok()?).map(|rule| rule.action.clone());
        alarms.iter().map(|alarm| Timer { number: alarm.number, at: alarm.at, does: does(alarm) }).collect()
    }

    /// Whom these selectors name, in order, seen from a place.
    pub fn people(&mut self, by: Vec<Selector>, at: &Place) -> Went<&[(PersonId, Selector)]> {
        match self.answer(Question::People { by, at: at.clone() })? {
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
    due: Option<&'a Spot>,
}
