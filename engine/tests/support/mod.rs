//! A small world in memory that answers the engine: roles, superiors, conditions and deadlines, all plain data.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, json};
use zhupi_domain::calendar::Span;
use zhupi_domain::{ContentHash, Instant, Name, PersonId, ReleaseHash, Text};
use zhupi_engine::*;

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub fn person(text: &str) -> PersonId {
    PersonId::new(text)
}

pub fn place(step: &str) -> Place {
    if step == "start" { Place::Start } else { Place::Step(name(step)) }
}

pub fn release() -> ReleaseHash {
    ReleaseHash(ContentHash::of(&[b"test"]))
}

/// Who holds which selector, and which branch each choice takes.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub people: BTreeMap<Selector, Vec<PersonId>>,
    pub branches: BTreeMap<u32, Result<u32, String>>,
    pub no_calendar: bool,
    /// People who have left.
    pub gone: BTreeSet<PersonId>,
    pub now: i64,
}

impl World {
    pub fn new(people: &[(&str, &[&str])]) -> Self {
        let people = people
            .iter()
            .map(|(selector, who)| (selector.parse().unwrap(), who.iter().map(|who| person(who)).collect()))
            .collect();
        Self { people, now: 1_767_225_600_000_000, ..Self::default() }
    }

    pub fn now(&self) -> Instant {
        Instant::from_micros(self.now).unwrap()
    }

    pub fn pass_hours(&mut self, hours: i64) {
        self.now += hours * 3_600_000_000;
    }

    fn answer(&self, flow: &Flow, question: &Question, state: &Instance) -> Answer {
        match question {
            Question::People(selectors) => {
                let mut found: Vec<(PersonId, Selector)> = Vec::new();
                for selector in selectors {
                    let who = match selector {
                        Selector::Person(person) => vec![person.clone()],
                        Selector::Is(PersonRef::Initiator) => vec![state.initiator.clone()],
                        Selector::Is(PersonRef::Subject) => vec![state.subject.clone()],
                        other => self.people.get(other).cloned().unwrap_or_default(),
                    };
                    for who in who {
                        if !self.gone.contains(&who) && !found.iter().any(|(person, _)| *person == who) {
                            found.push((who, selector.clone()));
                        }
                    }
                }
                Answer::People(found)
            }
            Question::Branch { choose } => Answer::Branch(self.branches.get(choose).cloned().unwrap_or(Ok(0))),
            Question::Deadline { step } => {
                if self.no_calendar {
                    let deadline = Deadline::NoCalendarData { year: 2027 };
                    return Answer::Deadline { deadline, timers: Vec::new() };
                }
                let due = self.now().plus_seconds(8 * 3600);
                let rules = flow.human(&Place::Step(step.clone())).map_or(0, |human| human.overdue.len());
                let mut timers = vec![Alarm { number: 0, at: due, rule: None }];
                for rule in 0..rules as u32 {
                    let at = due.plus_seconds(i64::from(rule) * 3600);
                    timers.push(Alarm { number: rule + 1, at, rule: Some(rule) });
                }
                Answer::Deadline { deadline: Deadline::At(due), timers }
            }
        }
    }

    /// Who would be asked at a step, answering all questions.
    pub fn forecast(&self, flow: &Flow, state: &Instance, human: &Human) -> Asked {
        let mut inputs = Inputs { now: self.now(), actor: Actor::Machine, answers: Answers::new() };
        loop {
            match forecast(flow, state, human, &inputs) {
                Ok(asked) => return asked,
                Err(questions) => inputs.answers.extend(questions.into_iter().map(|question| {
                    let answer = self.answer(flow, &question, state);
                    (question, answer)
                })),
            }
        }
    }

    /// Decides a command, answering all questions.
    pub fn decide(
        &self,
        flow: &Flow,
        state: Option<&Instance>,
        actor: Actor,
        command: &Command,
    ) -> Result<(Vec<Event>, Instance), Refusal> {
        let mut inputs = Inputs { now: self.now(), actor, answers: Answers::new() };
        for _ in 0..100 {
            match decide(flow, state, command, &inputs)? {
                Outcome::Decided { events, state } => return Ok((events, *state)),
                Outcome::Ask { questions, state } => {
                    assert!(!questions.is_empty(), "it stops without a question");
                    for question in questions {
                        let answer = self.answer(flow, &question, &state);
                        assert!(inputs.answers.insert(question, answer).is_none(), "it asks what it was told");
                    }
                }
            }
        }
        panic!("it never stops asking");
    }
}

/// One instance being played.
pub struct Play {
    pub flow: Flow,
    pub world: World,
    pub state: Option<Instance>,
    pub events: Vec<Event>,
}

impl Play {
    pub fn start(flow: Flow, world: World, initiator: &str) -> Self {
        let mut play = Self { flow, world, state: None, events: Vec::new() };
        play.by(initiator, submit(initiator)).unwrap();
        play
    }

    pub fn state(&self) -> &Instance {
        self.state.as_ref().unwrap()
    }

    pub fn act(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let (events, state) = self.world.decide(&self.flow, self.state.as_ref(), actor, &command)?;
        self.events.extend(events.clone());
        self.state = Some(state);
        Ok(events)
    }

    pub fn by(&mut self, who: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        self.act(Actor::Person(person(who)), command)
    }

    /// The open task of a person.
    pub fn task(&self, who: &str) -> (TaskId, u32) {
        let who = person(who);
        self.state()
            .tasks()
            .find(|(_, _, _, task)| task.person == who)
            .map(|(_, id, _, task)| (id, task.version))
            .unwrap_or_else(|| panic!("{who} has no open task; open: {:?}", self.open()))
    }

    pub fn approve(&mut self, who: &str) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        self.by(who, Command::Approve { task, version, comment: None, form: None })
    }

    pub fn reject(&mut self, who: &str) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        self.by(who, Command::Reject { task, version, comment: "理由不充分".into() })
    }

    pub fn send_back(&mut self, who: &str, to: &str, then: Then) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        self.by(who, Command::Return { task, version, to: place(to), then, comment: "请补充".into() })
    }

    pub fn resubmit(&mut self, who: &str) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        let mut form = self.state().form.clone();
        form.insert("note".into(), json!("补充"));
        self.by(who, Command::Resubmit { task, version, comment: None, form })
    }

    pub fn transfer(&mut self, who: &str, to: &str) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        self.by(who, Command::Transfer { task, version, to: person(to), comment: None })
    }

    /// The machine answers the one step it is asked to do.
    pub fn machine(&mut self) -> Result<Vec<Event>, Refusal> {
        let (visit, attempt) = self.waiting_machine();
        let done = Command::MachineDone { visit, attempt, value: json!({"done": true}), detail: json!(null) };
        self.act(Actor::Machine, done)
    }

    pub fn machine_fails(&mut self, problem: Problem) -> Result<Vec<Event>, Refusal> {
        let (visit, attempt) = self.waiting_machine();
        self.act(Actor::Machine, Command::MachineFailed { visit, attempt, problem, detail: json!(null) })
    }

    fn waiting_machine(&self) -> (VisitId, u32) {
        let waiting = self.state().visits.iter().find(|(_, visit)| visit.attempt > 0);
        waiting.map(|(id, visit)| (*id, visit.attempt)).expect("no machine step is waited for")
    }

    /// Open tasks as `step:person`, in order.
    pub fn open(&self) -> Vec<String> {
        self.state()
            .tasks()
            .map(|(_, _, visit, task)| match &visit.place {
                Place::Start => format!("start:{}", task.person),
                Place::Step(step) => format!("{step}:{}", task.person),
            })
            .collect()
    }
}

pub fn submit(subject: &str) -> Command {
    let form = Map::from_iter([("amount".to_owned(), json!("8000.00"))]);
    Command::Submit { release: release(), subject: person(subject), period: None, number: "HZ-1".into(), form }
}

pub fn flow(steps: Vec<Block>) -> Flow {
    Flow {
        name: name("test"),
        title: Text::same("测试"),
        description: None,
        start_title: Text::same("填写"),
        form: name("test"),
        start_fields: BTreeMap::new(),
        start_by: vec![Selector::Anyone],
        subject: Subject::Initiator,
        period: None,
        number: None,
        visible: Vec::new(),
        on_twice: OnTwice::Ask,
        highlights: Vec::new(),
        retention_years: None,
        steps,
    }
}

pub fn human(kind: HumanKind, by: &str, decide: Decide) -> Human {
    Human {
        kind,
        assign: Assign {
            by: by.split(' ').map(|selector| selector.parse().unwrap()).collect(),
            decide,
            on_self: OnSelf::default(),
            on_empty: OnEmpty::default(),
        },
        due: None,
        overdue: Vec::new(),
        on_reject: OnReject::End,
        fields: BTreeMap::new(),
        into: None,
    }
}

pub fn step(step: &str, kind: StepKind) -> Block {
    Block::Step(Box::new(Step { name: name(step), title: Text::same(step), kind }))
}

/// An approval by one role.
pub fn approve(of: &str, by: &str) -> Block {
    approve_with(of, by, Decide::Any, |_| {})
}

pub fn approve_with(of: &str, by: &str, decide: Decide, change: impl FnOnce(&mut Human)) -> Block {
    let mut human = human(HumanKind::Approve, by, decide);
    change(&mut human);
    step(of, StepKind::Human(human))
}

pub fn archive() -> Block {
    step("archive", StepKind::Machine(Machine::Archive { copies: vec!["存档".into()], keep_years: Some(10) }))
}

pub fn two_workdays(human: &mut Human) {
    human.due = Some(Span::Workdays(2));
}

/// sales (li, qian) → gm → archive
pub fn two_steps() -> Flow {
    flow(vec![approve("head", "role:head"), approve("gm", "role:gm"), archive()])
}

pub fn firm() -> World {
    World::new(&[
        ("role:head", &["li", "qian"]),
        ("role:gm", &["gm"]),
        ("role:fin", &["fin"]),
        ("role:three", &["a", "b", "c"]),
        ("manager-of:initiator", &["boss"]),
    ])
}

pub fn three(decide: Decide) -> Flow {
    flow(vec![approve_with("three", "role:three", decide, |_| {}), approve("gm", "role:gm")])
}
