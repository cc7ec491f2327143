//! A small world in memory that answers the engine: roles, superiors, conditions and deadlines, all plain data.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, json};
use zhupi_domain::calendar::Span;
use zhupi_domain::expr::Expr;
use zhupi_domain::{ContentHash, Instant, Money, Name, PersonId, ReleaseHash, Text};
use zhupi_engine::*;

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub fn person(text: &str) -> PersonId {
    PersonId::new(text)
}

pub fn place(step: &str) -> Place {
    if step == "start" { Place::Start } else { Place::Step(step.parse().unwrap()) }
}

pub fn release() -> ReleaseHash {
    ReleaseHash(ContentHash::of(&[b"test"]))
}

/// Who holds which selector, and which branch each choice takes.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub people: BTreeMap<Selector, Vec<PersonId>>,
    pub branches: BTreeMap<u32, Result<u32, Obstacle>>,
    /// How many items each list has; 2 where nothing is said.
    pub lanes: BTreeMap<u32, Result<usize, Obstacle>>,
    pub substitutes: BTreeMap<PersonId, Vec<PersonId>>,
    /// Places at which a policy refuses.
    pub objects: BTreeSet<Place>,
    /// What every moving step moves, and the balance of its account, in yuan.
    pub amount: i64,
    pub balance: Balance,
    pub no_calendar: bool,
    /// People who have left.
    pub gone: BTreeSet<PersonId>,
    pub now: i64,
}

/// One account that may not go below zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub posted: Money,
    pub reserved: Money,
}

impl Balance {
    pub fn of(yuan: i64) -> Self {
        Self { posted: money(yuan), reserved: Money::ZERO }
    }

    pub fn free(self) -> Money {
        self.posted - self.reserved
    }
}

pub fn money(yuan: i64) -> Money {
    Money::parse(&yuan.to_string()).unwrap()
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
            Question::People { by, .. } => {
                let mut found: Vec<(PersonId, Selector)> = Vec::new();
                for selector in by {
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
            Question::Branch(choose) => Answer::Branch(self.branches.get(&choose.what).cloned().unwrap_or(Ok(0))),
            Question::Lanes(each) => {
                let lane =
                    |number| Lane { item: json!({ "number": number }), label: Some(format!("第 {number} 项")) };
                let count = self.lanes.get(&each.what).cloned().unwrap_or(Ok(2));
                Answer::Lanes(count.map(|count| (0..count).map(lane).collect()))
            }
            Question::Substitutes(person) => {
                Answer::Substitutes(self.substitutes.get(person).cloned().unwrap_or_default())
            }
            Question::Check(place) if self.objects.contains(place) => {
                let text = Text::new("不行", "no");
                let code = Some("not_so".to_owned());
                Answer::Check(Checked::Refused(Objection { policy: "p".into(), code, data: json!({}), text }))
            }
            Question::Check(_) => Answer::Check(Checked::Accepted { warnings: Vec::new() }),
            Question::Move(step) => {
                let post = matches!(
                    flow.step(&step.what).map(|step| &step.kind),
                    Some(StepKind::Move(Move { does: MoveKind::Post, .. }))
                );
                let amount = Some(money(if post { -self.amount } else { self.amount }));
                Answer::Move(Ok(Amount { key: "k".into(), amount, free: Some(self.balance.free()) }))
            }
            Question::Deadline { step, from } => {
                if self.no_calendar {
                    let deadline = Some(Deadline::NoCalendarData { year: 2027 });
                    return Answer::Deadline { deadline, timers: Vec::new() };
                }
                let due = from.plus_seconds(8 * 3600);
                let rules = flow.human(&Place::Step(step.clone())).map_or(0, |human| human.overdue.len());
                let mut timers = vec![Alarm { number: 0, at: due, rule: None }];
                for rule in 0..rules as u32 {
                    let at = due.plus_seconds(i64::from(rule) * 3600);
                    timers.push(Alarm { number: rule + 1, at, rule: Some(rule) });
                }
                Answer::Deadline { deadline: Some(Deadline::At(due)), timers }
            }
        }
    }

    /// Who would be asked at a step, answering all questions.
    pub fn forecast(&self, flow: &Flow, state: &Instance, human: &Human) -> Asked {
        let mut inputs = Inputs { now: self.now(), actor: Actor::Machine, answers: Answers::new() };
        loop {
            match forecast(flow, state, human, &Place::Start, &inputs) {
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
        for effect in effects(self.state.as_ref(), &state, &events) {
            if let Effect::MoveBalance { posted, reserved, .. } = effect {
                let balance = &mut self.world.balance;
                (balance.posted, balance.reserved) = (balance.posted + posted, balance.reserved + reserved);
            }
        }
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

    fn visit_at(&self, step: &str) -> VisitId {
        let found = self.state().visits.iter().find(|(_, visit)| visit.place == place(step));
        *found.unwrap_or_else(|| panic!("{step} is not open; open: {:?}", self.open())).0
    }

    pub fn targets(&self, step: &str) -> Vec<Place> {
        return_targets(&self.flow, self.state(), self.visit_at(step), &place(step))
    }

    pub fn previous(&self, step: &str) -> Place {
        previous(&self.flow, self.state(), self.visit_at(step), &place(step))
    }

    pub fn ballot(&mut self, who: &str, ballot: Ballot) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        self.by(who, Command::Vote { task, version, ballot, comment: None, minutes: None })
    }

    pub fn fill(&mut self, who: &str, value: serde_json::Value) -> Result<Vec<Event>, Refusal> {
        let (task, version) = self.task(who);
        self.by(who, Command::Fill { task, version, comment: None, form: None, value: Some(value) })
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
    let (release, subject, number) = (release(), person(subject), "HZ-1".into());
    Command::Submit { release, initiator: None, subject, period: None, number, form, open: false }
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
        check: None,
        incompatible: Vec::new(),
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
        late: Late::Mark,
        check: None,
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

/// A policy whose answer has this name.
pub fn policy(of: &str, into: &str) -> Block {
    step(of, StepKind::Machine(Machine::Policy { run: "p".into(), with: BTreeMap::new(), into: name(into) }))
}

pub fn archive() -> Block {
    step("archive", StepKind::Machine(Machine::Archive { copies: vec!["存档".into()], keep_years: Some(10) }))
}

pub fn two_workdays(human: &mut Human) {
    human.due = Some(Due::Within(Span::Workdays(2)));
}

/// Branches that go on at the same time.
pub fn parallel(branches: Vec<Vec<Block>>) -> Block {
    let branch = |steps| Branch { title: None, when: None, steps };
    Block::Parallel(Parallel { branches: branches.into_iter().map(branch).collect() })
}

/// The same steps for every item.
pub fn each(number: u32, order: LaneOrder, steps: Vec<Block>) -> Block {
    Block::Each(Each { number, of: Expr::parse("form.lines").unwrap(), label: None, order, steps })
}

/// A committee of a role.
pub fn vote(of: &str, by: &str, change: impl FnOnce(&mut Vote)) -> Block {
    let pass = Threshold { share: Share { part: 1, whole: 2 }, more: true };
    let abstain = Abstain::Counts;
    let mut rule = Vote { weights: Vec::new(), chair: None, pass, quorum: None, abstain, minutes: false };
    change(&mut rule);
    let mut human = human(HumanKind::Vote(Box::new(rule)), by, Decide::All);
    human.into = Some(name("ruling"));
    step(of, StepKind::Human(human))
}

/// A step that moves the world's amount on its account.
pub fn moves(of: &str, does: MoveKind) -> Block {
    let amount = (does != MoveKind::Release).then(|| Expr::parse("form.amount").unwrap());
    let kind = Move { does, account: name("budget"), of: Expr::parse("form.plan").unwrap(), amount };
    step(of, StepKind::Move(kind))
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
