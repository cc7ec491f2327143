//! The way of a request, as it is drawn: what was done, what is open, and who would be asked ahead, with reasons.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zhupi_domain::{Instant, Text};
use zhupi_engine::{
    Actor, Answers, Asked, At, Block, Branch, Choose, Each, Human, HumanKind, Incident, Inputs, Instance, Lane,
    LaneOrder, Machine, Parallel, Place, Problem, Question, Spot, Step, StepKind, forecast,
};
use zhupi_pack::answers::{self, Found};

use super::moment;
use super::way::{Past, Way, no_calendar_year, person};
use crate::load::Around;
use crate::words::{self, Names, Told};

/// A way that is drawn.
pub(crate) struct Drawing<'a> {
    pub names: &'a Names<'a>,
    pub around: &'a Around,
    pub state: &'a Instance,
    pub way: Way<'a>,
    /// The branches that would be taken at choices ahead, where that is known already.
    pub expected: BTreeMap<u32, u32>,
    /// How much its reader is told of problems.
    pub told: Told,
    pub now: Instant,
}

/// More questions than the rule of one step can ask.
const MAX_ROUNDS: usize = 16;

impl Drawing<'_> {
    /// The nodes from the start to the end.
    pub fn whole(&self) -> Vec<Value> {
        let mut nodes = vec![self.node(&Place::Start, "start", "start", None)];
        nodes.extend(self.blocks(&self.around.flow.steps, &[], true));
        nodes
    }

    /// `ahead`: whether this part may still be reached.
    fn blocks(&self, blocks: &[Block], lanes: &[u32], ahead: bool) -> Vec<Value> {
        let node = |block: &Block| match block {
            Block::Step(step) => self.step(step, lanes, ahead),
            Block::Choose(choose) => self.choose(choose, lanes, ahead),
            Block::Parallel(parallel) => self.parallel(parallel, lanes, ahead),
            Block::Each(each) => self.each(each, lanes, ahead),
        };
        blocks.iter().map(node).collect()
    }

    fn parallel(&self, parallel: &Parallel, lanes: &[u32], ahead: bool) -> Value {
        let branch = |(branch, number): (&Branch, usize)| {
            let label = branch.title.clone();
            let label = label.unwrap_or_else(|| Text::new(format!("分支 {number}"), format!("Branch {number}")));
            json!({ "label": label, "nodes": self.blocks(&branch.steps, lanes, ahead) })
        };
        let branches: Vec<Value> = parallel.branches.iter().zip(1..).map(branch).collect();
        json!({ "type": "parallel", "branches": branches })
    }

    /// The lanes as they were opened; before that, what is done for every item.
    fn each(&self, each: &Each, lanes: &[u32], ahead: bool) -> Value {
        let one_by_one = each.order == LaneOrder::OneByOne;
        let opened = self.state.lanes.get(&At::new(each.number, lanes.to_vec()));
        let inner: Vec<Value> = match opened {
            None => {
                let label = Text::new("逐项办理", "For every item");
                let unknown = [lanes, &[u32::MAX]].concat();
                vec![json!({ "label": label, "nodes": self.blocks(&each.steps, &unknown, false) })]
            }
            Some(opened) => {
                let lane = |(lane, number): (&Lane, u32)| {
                    let count = number.saturating_add(1);
                    let label = lane.label.clone().map_or_else(
                        || Text::new(format!("第 {count} 项"), format!("Item {count}")),
                        |label| Text::same(self.names.label(&label)),
                    );
                    let nodes = self.blocks(&each.steps, &[lanes, &[number]].concat(), ahead);
                    json!({ "label": label, "nodes": nodes })
                };
                opened.iter().zip(0..).map(lane).collect()
            }
        };
        json!({ "type": "each", "one_by_one": one_by_one, "branches": inner })
    }

    fn choose(&self, choose: &Choose, lanes: &[u32], ahead: bool) -> Value {
        let at = At::new(choose.number, lanes.to_vec());
        let expected = || self.expected.get(&choose.number).filter(|_| lanes.is_empty());
        let taken = self.way.branches.get(&at).or_else(expected);
        let branch = |(index, branch): (usize, &Branch)| {
            let this = taken.map(|taken| u32::try_from(index).is_ok_and(|index| index == *taken));
            let label = branch.title.clone().unwrap_or_else(|| match &branch.when {
                Some(when) => Text::same(when.source()),
                None => Text::new("其他情况", "Otherwise"),
            });
            let nodes = self.blocks(&branch.steps, lanes, ahead && this != Some(false));
            json!({ "label": label, "taken": this, "nodes": nodes })
        };
        let branches: Vec<Value> = choose.branches.iter().enumerate().map(branch).collect();
        let mut node = json!({ "type": "choose", "branches": branches });
        if let (Value::Object(node), Some(stopped)) = (&mut node, self.stopped_at(&at)) {
            node.insert("state".into(), "failed".into());
            node.insert("reason".into(), json!(self.problem(&stopped.problem)));
        }
        node
    }

    /// The incident of a choice whose condition could not be evaluated.
    fn stopped_at(&self, at: &At<u32>) -> Option<&Incident> {
        let here = |problem: &Problem| match problem {
            Problem::Condition { choose, lanes, .. } => *choose == at.what && *lanes == at.lanes,
            _ => false,
        };
        self.state.incidents.values().find(|incident| here(&incident.problem))
    }

    /// The incident that stops a step. One that nobody could be found to escalate to stops nothing.
    fn stopped_step(&self, place: &Place) -> Option<&Incident> {
        let stops = |problem: &Problem| {
            !matches!(problem, Problem::Condition { .. } | Problem::Items { .. } | Problem::NotEscalated)
        };
        self.state.incidents.values().find(|incident| incident.place == *place && stops(&incident.problem))
    }

    fn problem(&self, problem: &Problem) -> Text {
        words::problem_text(self.names, problem, self.told)
    }

    fn step(&self, step: &Step, lanes: &[u32], ahead: bool) -> Value {
        let spot = Spot::new(step.name.clone(), lanes.to_vec());
        let name = spot.to_string();
        let place = Place::Step(spot);
        let (kind, human) = match &step.kind {
            StepKind::Human(human) => match human.kind {
                HumanKind::Approve => ("approve", Some(human)),
                HumanKind::Fill { .. } => ("fill", Some(human)),
                HumanKind::Vote(_) => ("vote", Some(human)),
            },
            StepKind::Move(_) => ("account", None),
            StepKind::Machine(Machine::Policy { .. }) => ("policy", None),
            StepKind::Machine(Machine::Record { .. }) => ("record", None),
            StepKind::Machine(Machine::Archive { .. }) => ("archive", None),
        };
        let mut node = self.node(&place, &name, kind, human);
        let seen = self.way.past.get(&place).is_some_and(|past| past.state != "waiting");
        if let (Some(human), Value::Object(node), true) = (human, &mut node, !seen && ahead && self.state.is_running())
        {
            self.expect(human, &place, node);
        }
        node
    }

    fn node(&self, place: &Place, name: &str, kind: &str, human: Option<&Human>) -> Value {
        let fresh = Past::new("waiting");
        let past = self.way.past.get(place).unwrap_or(&fresh);
        let stopped = self.stopped_step(place);
        let state = if stopped.is_some() { "failed" } else { past.state };
        let reason = stopped.map(|incident| self.problem(&incident.problem)).or_else(|| past.reason.clone());
        let late = state == "open" && past.due_at().is_some_and(|due| due < self.now);
        let mut node = json!({
            "type": "step", "step": name, "title": self.names.step(place), "kind": kind, "state": state,
            "people": past.people,
        });
        if let Value::Object(node) = &mut node {
            node.extend(human.map(|human| ("decide".to_owned(), json!(human.decide()))));
            node.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
            node.extend(past.opened_at.map(|at| ("opened_at".to_owned(), moment(at).into())));
            node.extend(past.closed_at.map(|at| ("closed_at".to_owned(), moment(at).into())));
            node.extend(past.due_at().map(|at| ("due_at".to_owned(), moment(at).into())));
            node.extend(no_calendar_year(past.due.as_ref()).map(|year| ("no_calendar_year".to_owned(), year.into())));
            node.extend(late.then(|| ("overdue".to_owned(), true.into())));
            node.extend((past.rounds > 1).then(|| ("round".to_owned(), past.rounds.into())));
        }
        node
    }

    /// Who would be asked, and why; or why nobody would.
    fn expect(&self, human: &Human, place: &Place, node: &mut Map<String, Value>) {
        let world = self.around.world(self.now);
        let mut inputs = Inputs { now: self.now, actor: Actor::Machine, answers: Answers::new() };
        for _ in 0..MAX_ROUNDS {
            match forecast(&self.around.flow, self.state, human, place, &inputs) {
                Err(questions) => {
                    // Who is asked is found without looking anything up.
                    let known = |question: &Question| {
                        answers::answer(&self.around.release, question, self.state, &world, &Found::default())
                    };
                    inputs.answers.extend(questions.into_iter().map(|question| (question.clone(), known(&question))));
                }
                Ok(Asked::People { candidates, .. }) => {
                    let people = candidates.iter().map(|candidate| {
                        person(self.names, &candidate.person, "expected", words::why(self.names, &candidate.why), None)
                    });
                    node.insert("people".into(), people.collect());
                    return;
                }
                Ok(Asked::Skip(skip)) => {
                    node.insert("reason".into(), json!(words::skip_reason(self.names, &skip)));
                    return;
                }
                Ok(Asked::Nobody(problem)) => {
                    node.insert("reason".into(), json!(self.problem(&problem)));
                    node.insert("nobody".into(), true.into());
                    return;
                }
            }
        }
    }
}
