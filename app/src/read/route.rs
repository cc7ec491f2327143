//! The way of a request, as it is drawn: what was done, what is open, and who would be asked ahead, with reasons.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, PersonId, Text};
use zhupi_engine::{
    Actor, Answers, Asked, Block, Command, Deadline, Event, EventKind, Human, HumanKind, Inputs, Instance, Machine,
    Place, Skip, Step, StepKind, TaskId, VisitEnd, VisitId, forecast,
};
use zhupi_pack::answers;

use super::timeline::Told;
use super::{moment, person_view};
use crate::load::{Around, Loaded};
use crate::permit::Viewer;
use crate::words::{self, Names};

/// What is known of the last time through a place.
#[derive(Default)]
struct Past {
    opened_at: Option<Instant>,
    closed_at: Option<Instant>,
    /// What became of it: a word of the API.
    state: &'static str,
    people: Vec<Value>,
    reason: Option<Text>,
    due_at: Option<Instant>,
    rounds: u32,
}

/// The way of a running or ended instance.
pub(crate) fn route(names: &Names<'_>, loaded: &Loaded, history: &[Told], now: Instant) -> Vec<Value> {
    let events: Vec<&Event> = history.iter().filter_map(|told| told.event.as_ref()).collect();
    let drawing = Drawing::of(names, &loaded.around, &loaded.state, &events, now);
    drawing.whole()
}

/// The way that a request would take if it were submitted now with this form.
pub(crate) fn preview(
    viewer: &Viewer,
    around: &Around,
    form: Map<String, Value>,
    period: Option<Period>,
    now: Instant,
) -> Vec<Value> {
    let names = Names { directory: &around.directory, release: &around.release, flow: &around.flow };
    let subject = match &around.flow.subject {
        zhupi_engine::Subject::Initiator => None,
        zhupi_engine::Subject::Field(field) => form.get(field.as_str()).and_then(Value::as_str).map(PersonId::new),
    };
    let command = Command::Submit {
        release: around.release.hash(),
        subject: subject.unwrap_or_else(|| viewer.person().clone()),
        period,
        number: String::new(),
        form,
    };
    match around.decide(None, &Actor::Person(viewer.person().clone()), &command, now) {
        Ok(decided) => {
            let submitted: Vec<&Event> = decided.events.iter().take(1).collect();
            let Some(state) = zhupi_engine::replay(submitted.iter().copied()) else { return Vec::new() };
            Drawing::of(&names, around, &state, &submitted, now).whole()
        }
        Err(_) => Vec::new(),
    }
}

struct Drawing<'a> {
    names: &'a Names<'a>,
    around: &'a Around,
    state: &'a Instance,
    past: BTreeMap<Place, Past>,
    /// The branch taken last at each choice.
    branches: BTreeMap<u32, u32>,
    now: Instant,
}

impl<'a> Drawing<'a> {
    fn of(names: &'a Names<'a>, around: &'a Around, state: &'a Instance, events: &[&Event], now: Instant) -> Self {
        let mut drawing = Self { names, around, state, past: BTreeMap::new(), branches: BTreeMap::new(), now };
        let mut tasks: BTreeMap<TaskId, (Place, usize)> = BTreeMap::new();
        let mut visits: BTreeMap<VisitId, Place> = BTreeMap::new();
        for event in events {
            drawing.follow(event, &mut tasks, &mut visits);
        }
        drawing
    }

    fn follow(
        &mut self,
        event: &Event,
        tasks: &mut BTreeMap<TaskId, (Place, usize)>,
        visits: &mut BTreeMap<VisitId, Place>,
    ) {
        match &event.kind {
            EventKind::Submitted { initiator, .. } => {
                let person =
                    self.person(initiator, "filled", Text::new("发起人", "The initiator"), Some(event.at), None);
                let at = Some(event.at);
                let past = Past {
                    opened_at: at,
                    closed_at: at,
                    state: "done",
                    people: vec![person],
                    rounds: 1,
                    ..Past::default()
                };
                self.past.insert(Place::Start, past);
            }
            EventKind::BranchTaken { choose, branch } => {
                self.branches.insert(*choose, *branch);
            }
            EventKind::VisitOpened { visit, place, deadline, .. } => {
                visits.insert(*visit, place.clone());
                let rounds = self.past.get(place).map_or(0, |past| past.rounds) + 1;
                let due_at = match deadline {
                    Some(Deadline::At(at)) => Some(*at),
                    _ => None,
                };
                let past = Past { opened_at: Some(event.at), state: "open", due_at, rounds, ..Past::default() };
                self.past.insert(place.clone(), past);
            }
            EventKind::TaskOpened { visit, task, person, why, .. } => {
                let Some(place) = visits.get(visit) else { return };
                let shown = self.person(person, "open", words::why(self.names, why), None, None);
                if let Some(past) = self.past.get_mut(place) {
                    tasks.insert(*task, (place.clone(), past.people.len()));
                    past.people.push(shown);
                }
            }
            EventKind::Skipped { place, why } => self.skip(place, why, event.at),
            EventKind::VisitClosed { visit, end } => {
                if let Some(past) = visits.get(visit).and_then(|place| self.past.get_mut(place)) {
                    past.closed_at = Some(event.at);
                    past.state = match end {
                        VisitEnd::Passed => "done",
                        VisitEnd::Rejected => "rejected",
                        VisitEnd::Returned => "returned",
                        VisitEnd::Cancelled => "waiting",
                    };
                }
            }
            EventKind::Returned { undone, .. } => {
                for place in undone.iter().filter(|place| **place != Place::Start) {
                    if let Some(past) = self.past.get_mut(place) {
                        past.state = "waiting";
                    }
                }
                self.acted(event, tasks);
            }
            _ => self.acted(event, tasks),
        }
    }

    fn skip(&mut self, place: &Place, why: &Skip, at: Instant) {
        let reason = Some(words::skip_reason(self.names, why));
        let rounds = self.past.get(place).map_or(0, |past| past.rounds) + 1;
        let past = Past { closed_at: Some(at), state: "skipped", reason, rounds, ..Past::default() };
        self.past.insert(place.clone(), past);
    }

    /// What became of one person's task.
    fn acted(&mut self, event: &Event, tasks: &BTreeMap<TaskId, (Place, usize)>) {
        let (task, state, comment) = match &event.kind {
            EventKind::Approved { task, comment } => (task, "approved", comment.clone()),
            EventKind::Filled { task, comment, .. } => (task, "filled", comment.clone()),
            EventKind::Resubmitted { task, comment } => (task, "filled", comment.clone()),
            EventKind::Rejected { task, comment } => (task, "rejected", Some(comment.clone())),
            EventKind::Returned { task, comment, .. } => (task, "returned", Some(comment.clone())),
            EventKind::Transferred { task, comment, .. } => (task, "transferred", comment.clone()),
            EventKind::TaskCancelled { task, .. } => (task, "cancelled", None),
            _ => return,
        };
        let Some((place, index)) = tasks.get(task) else { return };
        let person = self.past.get_mut(place).and_then(|past| past.people.get_mut(*index));
        if let Some(Value::Object(person)) = person {
            person.insert("state".into(), state.into());
            person.insert("at".into(), moment(event.at).into());
            if let Some(comment) = comment {
                person.insert("comment".into(), comment.into());
            }
        }
    }

    fn person(
        &self,
        person: &PersonId,
        state: &str,
        reason: Text,
        at: Option<Instant>,
        comment: Option<&str>,
    ) -> Value {
        let mut shown = json!({
            "person": person_view(self.names.directory, person), "state": state, "reason": reason,
        });
        if let Value::Object(shown) = &mut shown {
            shown.extend(at.map(|at| ("at".to_owned(), moment(at).into())));
            shown.extend(comment.map(|comment| ("comment".to_owned(), comment.into())));
        }
        shown
    }

    fn whole(&self) -> Vec<Value> {
        let mut nodes = vec![self.node(&Place::Start, "start", "start", None)];
        nodes.extend(self.blocks(&self.around.flow.steps, true));
        nodes
    }

    /// `ahead`: whether this part may still be reached.
    fn blocks(&self, blocks: &[Block], ahead: bool) -> Vec<Value> {
        let node = |block: &Block| match block {
            Block::Step(step) => self.step(step, ahead),
            Block::Choose(choose) => {
                let taken = self.branches.get(&choose.number);
                let branch = |(index, branch): (usize, &zhupi_engine::Branch)| {
                    let this = taken.map(|taken| u32::try_from(index).is_ok_and(|index| index == *taken));
                    let label = branch.title.clone().unwrap_or_else(|| match &branch.when {
                        Some(when) => Text::same(when.source()),
                        None => Text::new("其他情况", "Otherwise"),
                    });
                    json!({ "label": label, "taken": this, "nodes": self.blocks(&branch.steps, ahead && this != Some(false)) })
                };
                json!({ "type": "choose", "branches": choose.branches.iter().enumerate().map(branch).collect::<Vec<_>>() })
            }
        };
        blocks.iter().map(node).collect()
    }

    fn step(&self, step: &Step, ahead: bool) -> Value {
        let place = Place::Step(step.name.clone());
        let (kind, human) = match &step.kind {
            StepKind::Human(human) => match human.kind {
                HumanKind::Approve => ("approve", Some(human)),
                HumanKind::Fill { .. } => ("fill", Some(human)),
            },
            StepKind::Machine(Machine::Policy { .. }) => ("policy", None),
            StepKind::Machine(Machine::Record { .. }) => ("record", None),
            StepKind::Machine(Machine::Archive { .. }) => ("archive", None),
        };
        let mut node = self.node(&place, step.name.as_str(), kind, human);
        let seen = self.past.get(&place).is_some_and(|past| past.state != "waiting");
        if let (Some(human), Value::Object(node), true) = (human, &mut node, !seen && ahead && self.state.is_running())
        {
            self.expect(human, node);
        }
        node
    }

    fn node(&self, place: &Place, name: &str, kind: &str, human: Option<&Human>) -> Value {
        let fresh = Past { state: "waiting", ..Past::default() };
        let past = self.past.get(place).unwrap_or(&fresh);
        let stopped = self.state.incidents.values().any(|incident| incident.place == *place);
        let state = if stopped { "failed" } else { past.state };
        let late = state == "open" && past.due_at.is_some_and(|due| due < self.now);
        let mut node = json!({
            "type": "step", "step": name, "title": self.names.place(place), "kind": kind, "state": state,
            "people": past.people,
        });
        if let Value::Object(node) = &mut node {
            node.extend(human.map(|human| ("decide".to_owned(), json!(human.assign.decide))));
            node.extend(past.reason.as_ref().map(|reason| ("reason".to_owned(), json!(reason))));
            node.extend(past.opened_at.map(|at| ("opened_at".to_owned(), moment(at).into())));
            node.extend(past.closed_at.map(|at| ("closed_at".to_owned(), moment(at).into())));
            node.extend(past.due_at.map(|at| ("due_at".to_owned(), moment(at).into())));
            node.extend(late.then(|| ("overdue".to_owned(), true.into())));
            node.extend((past.rounds > 1).then(|| ("round".to_owned(), past.rounds.into())));
            if let Some(incident) = self.state.incidents.values().find(|incident| incident.place == *place) {
                node.insert("reason".into(), json!(words::problem_text(&incident.problem)));
            }
        }
        node
    }

    /// Who would be asked, and why; or why nobody would.
    fn expect(&self, human: &Human, node: &mut Map<String, Value>) {
        let world = self.around.world(self.now);
        let mut inputs = Inputs { now: self.now, actor: Actor::Machine, answers: Answers::new() };
        for _ in 0..MAX_ROUNDS {
            match forecast(&self.around.flow, self.state, human, &inputs) {
                Err(questions) => {
                    inputs.answers.extend(answers::answers(&self.around.release, &questions, self.state, &world));
                }
                Ok(Asked::People { candidates, .. }) => {
                    let people = candidates.iter().map(|candidate| {
                        self.person(&candidate.person, "expected", words::why(self.names, &candidate.why), None, None)
                    });
                    node.insert("people".into(), people.collect());
                    return;
                }
                Ok(Asked::Skip(skip)) => {
                    node.insert("reason".into(), json!(words::skip_reason(self.names, &skip)));
                    return;
                }
                Ok(Asked::Nobody(problem)) => {
                    node.insert("reason".into(), json!(words::problem_text(&problem)));
                    node.insert("nobody".into(), true.into());
                    return;
                }
            }
        }
    }
}

/// More questions than the rule of one step can ask.
const MAX_ROUNDS: usize = 16;
