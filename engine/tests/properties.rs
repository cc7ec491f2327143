//! Random flows × random legal and illegal actions: replay equals state, nothing is lost, doubled or stuck unseen, and what is
//! refused changes nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use support::*;
use zhupi_domain::calendar::Span;
use zhupi_domain::expr::Expr;
use zhupi_domain::{Money, Text};
use zhupi_engine::*;

const PEOPLE: [&str; 6] = ["ai", "bo", "cai", "du", "e", "fan"];
const ROLES: [&str; 5] = ["role:one", "role:two", "role:three", "role:nobody", "manager-of:initiator"];

/// A flow to be: sizes and choices, so that shrinking makes it smaller.
#[derive(Debug, Clone)]
enum Shape {
    Human { role: usize, decide: Decide, kind: Kind, on_self: OnSelf, on_empty: OnEmpty, reject: OnReject, due: bool },
    Machine,
    Move(MoveKind),
    Choose(Vec<Vec<Shape>>),
    Parallel(Vec<Vec<Shape>>),
    Each(LaneOrder, Vec<Shape>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Approve,
    Fill(Sheet),
    Vote { minutes: bool, chair: bool },
}

fn one_of<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = T> {
    proptest::sample::select(values)
}

fn human_shape() -> impl Strategy<Value = Shape> {
    let instead = || vec!["role:two".parse().unwrap()];
    let back = |to, then| OnReject::Return { to, then };
    (
        0..ROLES.len(),
        one_of(vec![Decide::Any, Decide::All, Decide::InOrder]),
        prop_oneof![
            6 => Just(Kind::Approve),
            2 => one_of(vec![Sheet::Shared, Sheet::Own { unseen: true }]).prop_map(Kind::Fill),
            2 => (any::<bool>(), any::<bool>()).prop_map(|(minutes, chair)| Kind::Vote { minutes, chair }),
        ],
        one_of(vec![OnSelf::Exclude, OnSelf::Manager, OnSelf::Skip, OnSelf::Allow, OnSelf::Instead(instead())]),
        one_of(vec![OnEmpty::Incident, OnEmpty::Skip, OnEmpty::Instead(instead())]),
        one_of(vec![
            OnReject::End,
            OnReject::Continue,
            back(Target::Initiator, Then::Direct),
            back(Target::Previous, Then::Restart),
        ]),
        any::<bool>(),
    )
        .prop_map(|(role, decide, kind, on_self, on_empty, reject, due)| Shape::Human {
            role,
            decide,
            kind,
            on_self,
            on_empty,
            reject,
            due,
        })
}

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let moves = one_of(vec![MoveKind::Reserve, MoveKind::Release, MoveKind::Post]).prop_map(Shape::Move);
    let leaf = prop_oneof![6 => human_shape(), 1 => Just(Shape::Machine), 1 => moves];
    let shape = leaf.prop_recursive(3, 24, 4, |inner| {
        let branches = || prop::collection::vec(prop::collection::vec(inner.clone(), 0..4), 2..4);
        let order = one_of(vec![LaneOrder::Together, LaneOrder::OneByOne]);
        prop_oneof![
            branches().prop_map(Shape::Choose),
            branches().prop_map(Shape::Parallel),
            (order, prop::collection::vec(inner.clone(), 1..3)).prop_map(|(order, steps)| Shape::Each(order, steps)),
        ]
    });
    prop::collection::vec(shape, 1..7)
}

/// A flow of these shapes.
fn built(shapes: &[Shape]) -> Flow {
    flow(build(shapes, &mut 0, &mut 0))
}

/// `chooses` counts choices and lists alike.
fn build(shapes: &[Shape], steps: &mut u32, chooses: &mut u32) -> Vec<Block> {
    let mut block = |shape: &Shape| match shape {
        Shape::Machine => {
            *steps += 1;
            policy(&format!("s{steps}"), "result")
        }
        Shape::Move(does) => {
            *steps += 1;
            moves(&format!("s{steps}"), *does)
        }
        Shape::Human { role, decide, kind, on_self, on_empty, reject, due } => {
            *steps += 1;
            let made = match kind {
                Kind::Approve => HumanKind::Approve,
                Kind::Fill(sheet) => HumanKind::Fill { form: Some(name("own")), sheet: *sheet },
                Kind::Vote { minutes, chair } => {
                    let pass = Threshold { share: Share { part: 1, whole: 2 }, more: false };
                    let (weights, by) = (Vec::new(), ROLES[1].parse().unwrap());
                    let chair = chair.then_some(Chair { by, casting: true });
                    let (quorum, abstain, minutes) = (None, Abstain::Counts, *minutes);
                    HumanKind::Vote(Box::new(Vote { weights, chair, pass, quorum, abstain, minutes }))
                }
            };
            let mut human = human(made, ROLES[*role], *decide);
            human.assign.on_self = on_self.clone();
            human.assign.on_empty = on_empty.clone();
            human.on_reject = reject.clone();
            human.into = Some(name(&format!("r{steps}")));
            human.due = due.then_some(Due::Within(Span::Workdays(1)));
            human.overdue = vec![
                Overdue { after: None, action: OverdueAction::Remind },
                Overdue { after: None, action: OverdueAction::Escalate { to: vec![ROLES[2].parse().unwrap()] } },
            ];
            step(&format!("s{steps}"), StepKind::Human(human))
        }
        Shape::Choose(branches) => {
            let number = *chooses;
            *chooses += 1;
            let last = branches.len() - 1;
            let when = Expr::parse("1 > 0").unwrap();
            let branches = branches.iter().enumerate().map(|(index, inner)| Branch {
                title: None,
                when: (index < last).then(|| when.clone()),
                steps: build(inner, steps, chooses),
            });
            Block::Choose(Choose { number, branches: branches.collect() })
        }
        Shape::Parallel(branches) => parallel(branches.iter().map(|inner| build(inner, steps, chooses)).collect()),
        Shape::Each(order, inner) => {
            let number = *chooses;
            *chooses += 1;
            each(number, *order, build(inner, steps, chooses))
        }
    };
    shapes.iter().map(&mut block).collect()
}

/// One thing somebody tries; indexes pick among what is there at that moment.
#[derive(Debug, Clone)]
enum Try {
    Agree(Index),
    AgreeChanging(Index),
    Reject(Index),
    Return {
        task: Index,
        to: Index,
        then: Then,
    },
    Transfer {
        task: Index,
        to: usize,
    },
    Withdraw(usize),
    Cancel,
    Comment,
    Machine {
        fails: bool,
    },
    Retry(Index),
    /// The calendar changes, and with it what policies said.
    Recount,
    Timer(Index),
    Leave(usize),
    /// Somebody loses a role.
    Revoke {
        who: usize,
        role: usize,
    },
    Arrive,
    /// Acts on a task number that may not exist, for somebody who may not hold it, in a version that may be old.
    Wild {
        task: u32,
        version: u32,
        who: usize,
        what: u8,
    },
    Branches(u32),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let then = || one_of(vec![Then::Direct, Then::Restart]);
    let one = prop_oneof![
        12 => any::<Index>().prop_map(Try::Agree),
        2 => any::<Index>().prop_map(Try::AgreeChanging),
        1 => any::<Index>().prop_map(Try::Reject),
        4 => (any::<Index>(), any::<Index>(), then()).prop_map(|(task, to, then)| Try::Return { task, to, then }),
        2 => (any::<Index>(), 0..PEOPLE.len()).prop_map(|(task, to)| Try::Transfer { task, to }),
        1 => (0..PEOPLE.len()).prop_map(Try::Withdraw),
        1 => prop::bool::weighted(0.1).prop_map(|cancel| if cancel { Try::Cancel } else { Try::Comment }),
        6 => any::<bool>().prop_map(|fails| Try::Machine { fails }),
        4 => any::<Index>().prop_map(Try::Retry),
        1 => Just(Try::Recount),
        4 => any::<Index>().prop_map(Try::Timer),
        1 => (0..PEOPLE.len()).prop_map(Try::Leave),
        2 => (0..PEOPLE.len(), 0..ROLES.len()).prop_map(|(who, role)| Try::Revoke { who, role }),
        1 => Just(Try::Arrive),
        4 => (0u32..12, 0u32..4, 0..PEOPLE.len(), 0u8..6)
            .prop_map(|(task, version, who, what)| Try::Wild { task, version, who, what }),
        1 => (0u32..3).prop_map(Try::Branches),
    ];
    prop::collection::vec(one, 0..50)
}

fn world() -> impl Strategy<Value = World> {
    let some = || prop::collection::vec(0..PEOPLE.len(), 0..4);
    (some(), some(), some(), some()).prop_map(|(one, two, three, boss)| {
        let who = |picked: Vec<usize>| picked.into_iter().map(|i| PEOPLE[i]).collect::<BTreeSet<_>>();
        let lists = [who(one), who(two), who(three), BTreeSet::new(), who(boss)];
        let lists: Vec<Vec<&str>> = lists.into_iter().map(|list| list.into_iter().collect()).collect();
        let pairs: Vec<(&str, &[&str])> = ROLES.iter().zip(&lists).map(|(role, list)| (*role, &list[..])).collect();
        World::new(&pairs)
    })
}

impl Try {
    fn command(&self, play: &Play) -> Option<(Actor, Command)> {
        let state = play.state();
        let tasks: Vec<_> = state.tasks().collect();
        let held = |index: &Index| (!tasks.is_empty()).then(|| tasks[index.index(tasks.len())]);
        let agree = |index: &Index, change: bool| {
            let (_, task, visit, holder) = held(index)?;
            let mut form = state.form.clone();
            form.insert("note".into(), json!(state.last_task.0));
            let (version, comment) = (holder.version, None);
            let command = match play.flow.human(&visit.place).map(|human| &human.kind) {
                None => Command::Resubmit { task, version, comment, form },
                Some(HumanKind::Approve) => Command::Approve { task, version, comment, form: change.then_some(form) },
                Some(HumanKind::Fill { .. }) => {
                    let value = Some(json!({ "x": u32::from(change) * state.last_task.0 }));
                    Command::Fill { task, version, comment, form: None, value }
                }
                Some(HumanKind::Vote(_)) => {
                    let ballot = if change { Ballot::Abstain } else { Ballot::Yes };
                    Command::Vote { task, version, ballot, comment, minutes: Some("纪要".into()) }
                }
            };
            Some((Actor::Person(holder.person.clone()), command))
        };
        match self {
            Try::Agree(index) => agree(index, false),
            Try::AgreeChanging(index) => agree(index, true),
            Try::Reject(index) => held(index).map(|(_, task, visit, holder)| {
                let (version, comment) = (holder.version, "不行".to_owned());
                let reject = match visit.work {
                    Work::Vote => {
                        let (ballot, minutes) = (Ballot::No, Some("纪要".into()));
                        Command::Vote { task, version, ballot, comment: Some(comment), minutes }
                    }
                    _ => Command::Reject { task, version, comment },
                };
                (Actor::Person(holder.person.clone()), reject)
            }),
            Try::Return { task: index, to, then } => {
                let (id, task, visit, holder) = held(index)?;
                let targets = return_targets(&play.flow, state, id, &visit.place);
                let to = targets.get(to.index(targets.len().max(1))).cloned().unwrap_or(Place::Start);
                let command =
                    Command::Return { task, version: holder.version, to, then: *then, comment: "补充".into() };
                Some((Actor::Person(holder.person.clone()), command))
            }
            Try::Transfer { task: index, to } => held(index).map(|(_, task, _, holder)| {
                let transfer =
                    Command::Transfer { task, version: holder.version, to: person(PEOPLE[*to]), comment: None };
                (Actor::Person(holder.person.clone()), transfer)
            }),
            Try::Withdraw(who) => Some((Actor::Person(person(PEOPLE[*who])), Command::Withdraw { reason: None })),
            Try::Cancel => Some((Actor::Person(person("admin")), Command::Cancel { reason: "作废".into() })),
            Try::Comment => Some((Actor::Person(person("admin")), Command::Comment { text: "请加急".into() })),
            Try::Machine { fails } => {
                let (visit, waiting) = state.visits.iter().find(|(_, visit)| visit.attempt > 0)?;
                let (visit, attempt, detail) = (*visit, waiting.attempt, json!(null));
                let problem = Problem::failed(Text::same("故障"));
                Some((
                    Actor::Machine,
                    match fails {
                        true => Command::MachineFailed { visit, attempt, problem, detail },
                        false => Command::MachineDone { visit, attempt, value: json!({"a": "1"}), detail },
                    },
                ))
            }
            Try::Retry(index) => {
                let incidents: Vec<_> = state.incidents.keys().collect();
                let incident = incidents.get(index.index(incidents.len().max(1)))?;
                Some((Actor::Person(person("admin")), Command::Retry { incident: **incident }))
            }
            Try::Timer(index) => {
                let timers =
                    state.visits.iter().flat_map(|(id, visit)| visit.timers.iter().map(|timer| (*id, timer.number)));
                let timers: Vec<_> = timers.collect();
                let (visit, timer) = timers.get(index.index(timers.len().max(1)))?;
                Some((Actor::Timer, Command::TimerFired { visit: *visit, timer: *timer }))
            }
            Try::Recount => {
                let machines = state.results.values().filter(|result| result.by.is_none());
                let again = |result: &ResultValue| Recounted {
                    visit: result.visit,
                    value: json!({ "again": result.at }),
                    detail: json!(null),
                };
                Some((Actor::Machine, Command::CountAgain { recounted: machines.map(again).collect() }))
            }
            Try::Leave(who) => {
                Some((Actor::Person(person("admin")), Command::PersonLeft { person: person(PEOPLE[*who]) }))
            }
            Try::Revoke { who, .. } => Some((Actor::Machine, Command::RoleRevoked { person: person(PEOPLE[*who]) })),
            Try::Wild { task, version, who, what } => {
                let (task, version, comment) = (TaskId(*task), *version, None);
                let said = "x".to_owned();
                let command = match what {
                    0 => Command::Approve { task, version, comment, form: None },
                    1 => Command::Fill { task, version, comment, form: None, value: None },
                    2 => Command::Reject { task, version, comment: said },
                    3 => Command::Return { task, version, to: place("s1"), then: Then::Direct, comment: said },
                    4 => Command::Resubmit { task, version, comment, form: Default::default() },
                    _ => Command::Transfer { task, version, to: person("ai"), comment },
                };
                Some((Actor::Person(person(PEOPLE[*who])), command))
            }
            Try::Arrive | Try::Branches(_) => None,
        }
    }
}

/// What must hold after every step.
fn check(play: &Play) -> Result<(), TestCaseError> {
    let state = play.state();
    let replayed = replay(&play.events);
    prop_assert_eq!(replayed.as_ref(), Some(state), "replaying the events gives the state");
    for event in &play.events {
        let read: EventKind = serde_json::from_str(&serde_json::to_string(&event.kind).unwrap()).unwrap();
        prop_assert_eq!(&read, &event.kind, "events read back as they were written");
    }
    let kept: Instance = serde_json::from_str(&serde_json::to_string(state).unwrap()).unwrap();
    prop_assert_eq!(&kept, state, "the state reads back as it was written");

    let machines = state.visits.values().filter(|visit| visit.attempt > 0).count();
    if state.is_running() {
        let alive = state.tasks().count() + machines + state.incidents.len();
        prop_assert!(alive > 0, "a running instance has an open task, a machine step or an incident");
    } else {
        prop_assert!(state.visits.is_empty() && state.incidents.is_empty(), "nothing is open after the end");
    }
    let places: BTreeSet<&Place> = state.visits.values().map(|visit| &visit.place).collect();
    prop_assert_eq!(places.len(), state.visits.len(), "no step is open twice in one lane");
    prop_assert!(play.world.balance.free() >= Money::ZERO, "nobody takes what is not there");
    let held: Money = state.moved.iter().map(|moved| moved.reserved).sum();
    prop_assert_eq!(play.world.balance.reserved, held, "what is held is what the state says");
    if !state.is_running() {
        prop_assert_eq!(held, Money::ZERO, "nothing is held after the end");
    }
    if !matches!(state.status, Status::Running | Status::Completed | Status::Archived) {
        prop_assert_eq!(play.world.balance, Balance::of(100), "what did not come through moved nothing");
    }
    for incident in state.incidents.values() {
        let open = incident.visit.is_none_or(|visit| state.visits.contains_key(&visit));
        prop_assert!(open, "an incident does not outlive its visit");
    }
    for visit in state.visits.values() {
        let waits = !visit.tasks.is_empty() || visit.attempt > 0 || !state.incidents.is_empty();
        prop_assert!(waits, "an open visit waits for somebody");
        let people: BTreeSet<_> = visit.tasks.values().map(|task| &task.person).collect();
        prop_assert_eq!(people.len(), visit.tasks.len(), "nobody is asked twice at one visit");
    }
    let may_act = |person: &zhupi_domain::PersonId, duty: &zhupi_domain::Name| {
        let mut others = play.flow.incompatible.iter().filter(|set| set.contains(duty)).flatten();
        !others.any(|other| other != duty && state.duties.contains(&(person.clone(), other.clone())))
    };
    for (_, task, _, held) in state.tasks() {
        let fit = held.why.duty().is_none_or(|duty| may_act(&held.person, duty));
        prop_assert!(fit, "{task:?} waits for somebody whose other duty forbids it");
    }
    closes_once(&play.events, state)?;
    no_own_approval(play)
}

/// Every task is opened once, and closed at most once; open ones are those of the state.
fn closes_once(events: &[Event], state: &Instance) -> Result<(), TestCaseError> {
    let mut open = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for event in events {
        match &event.kind {
            EventKind::TaskOpened { task, .. } => prop_assert!(seen.insert(*task) && open.insert(*task)),
            EventKind::Approved { task, .. }
            | EventKind::Filled { task, .. }
            | EventKind::Voted { task, .. }
            | EventKind::Resubmitted { task, .. }
            | EventKind::Rejected { task, .. }
            | EventKind::Returned { task: Some(task), .. }
            | EventKind::Transferred { task, .. }
            | EventKind::TaskCancelled { task, .. } => prop_assert!(open.remove(task), "{task:?} closed twice"),
            _ => {}
        }
    }
    prop_assert_eq!(open, state.tasks().map(|(_, task, _, _)| task).collect::<BTreeSet<_>>());
    Ok(())
}

/// Nobody holds an approval of their own request unless the step allows it in words.
fn no_own_approval(play: &Play) -> Result<(), TestCaseError> {
    for (_, _, visit, task) in play.state().tasks() {
        let Some(human) = play.flow.human(&visit.place) else { continue };
        if human.kind == HumanKind::Approve && play.state().is_own(&task.person) {
            prop_assert_eq!(&human.assign.on_self, &OnSelf::Allow);
        }
    }
    Ok(())
}

/// What somebody is still asked for a role, they hold the role for.
fn holds_by_right(play: &Play, who: &zhupi_domain::PersonId) -> Result<(), TestCaseError> {
    let asked = play.state().tasks().filter(|(_, _, _, task)| task.person == *who).map(|(_, _, _, task)| &task.why);
    let queues = play.state().visits.values().flat_map(|visit| &visit.queue);
    let waiting = queues.filter(|candidate| candidate.person == *who).map(|candidate| &candidate.why);
    for role in asked.chain(waiting).filter_map(Why::role) {
        let holders = play.world.people.get(role);
        prop_assert!(holders.is_some_and(|holders| holders.contains(who)), "{who} is asked for {role}");
    }
    Ok(())
}

/// The world's view of one instance, kept only by following effects.
#[derive(Default)]
struct Mirror {
    tasks: BTreeMap<TaskId, u32>,
    timers: BTreeSet<(VisitId, u32)>,
    machines: BTreeSet<(VisitId, u32)>,
    incidents: BTreeSet<IncidentId>,
}

impl Mirror {
    fn follow(&mut self, before: Option<&Instance>, after: &Instance, events: &[Event]) -> Result<(), TestCaseError> {
        for effect in effects(before, after, events) {
            match effect {
                Effect::OpenTask { task, .. } => prop_assert!(self.tasks.insert(task, 1).is_none()),
                Effect::RenewTask { task, version } => prop_assert!(self.tasks.insert(task, version).is_some()),
                Effect::CloseTask { task, .. } => prop_assert!(self.tasks.remove(&task).is_some()),
                Effect::ArmTimer { visit, timer, .. } => prop_assert!(self.timers.insert((visit, timer))),
                Effect::DropTimer { visit, timer } => prop_assert!(self.timers.remove(&(visit, timer))),
                Effect::RunMachine { visit, attempt } => prop_assert!(self.machines.insert((visit, attempt))),
                Effect::OpenIncident { incident } => prop_assert!(self.incidents.insert(incident)),
                Effect::CloseIncident { incident } => prop_assert!(self.incidents.remove(&incident)),
                Effect::Notify(_) | Effect::MoveBalance { .. } => {}
            }
        }
        let open: BTreeMap<_, _> = after.tasks().map(|(_, id, _, task)| (id, task.version)).collect();
        prop_assert_eq!(&self.tasks, &open, "the inbox is what the state says");
        let timers: BTreeSet<_> =
            after.visits.iter().flat_map(|(id, visit)| visit.timers.iter().map(|timer| (*id, timer.number))).collect();
        prop_assert_eq!(&self.timers, &timers, "armed timers are what the state says");
        prop_assert_eq!(&self.incidents, &after.incidents.keys().copied().collect::<BTreeSet<_>>());
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_try_nothing_is_lost_doubled_or_stuck_unseen(
        shapes in shapes(), world in world(), who in 0..PEOPLE.len(), about in 0..PEOPLE.len(), tries in tries(),
        twice in one_of(vec![OnTwice::Ask, OnTwice::Once, OnTwice::Consecutive]), apart in any::<bool>(),
    ) {
        let incompatible = if apart { vec![[name("one"), name("two")].into()] } else { Vec::new() };
        let flow = Flow { on_twice: twice, incompatible, ..built(&shapes) };
        let mut world = world;
        (world.amount, world.balance) = (40, Balance::of(100));
        let mut play = Play { flow, world, state: None, events: Vec::new() };
        let mut mirror = Mirror::default();
        let Ok(events) = play.by(PEOPLE[who], submit(PEOPLE[about])) else { return Ok(()) };
        mirror.follow(None, play.state(), &events)?;
        check(&play)?;
        for attempt in tries {
            play.world.pass_hours(3);
            match attempt {
                Try::Branches(branch) => { play.world.branches = (0..9).map(|choose| (choose, Ok(branch % 2))).collect(); }
                Try::Arrive => { play.world.people.insert(ROLES[3].parse().unwrap(), vec![person("new")]); }
                Try::Leave(who) => {
                    play.world.gone.insert(person(PEOPLE[who]));
                }
                Try::Revoke { who, role } => {
                    let holders = play.world.people.entry(ROLES[role].parse().unwrap()).or_default();
                    holders.retain(|holder| *holder != person(PEOPLE[who]));
                }
                _ => {}
            }
            let Some((actor, command)) = attempt.command(&play) else { continue };
            let before = play.state().clone();
            let once = play.world.decide(&play.flow, Some(&before), actor.clone(), &command);
            let again = play.world.decide(&play.flow, Some(&before), actor.clone(), &command);
            prop_assert_eq!(&once, &again, "the same arguments decide the same");
            match play.act(actor, command) {
                Ok(events) => {
                    let may_hold_nothing = matches!(attempt, Try::Leave(_) | Try::Revoke { .. } | Try::Recount);
                    prop_assert!(!events.is_empty() || may_hold_nothing, "what is accepted leaves a trace");
                    mirror.follow(Some(&before), play.state(), &events)?;
                }
                Err(_) => prop_assert_eq!(play.state(), &before, "what is refused changes nothing"),
            }
            if let Try::Revoke { who, .. } = attempt {
                holds_by_right(&play, &person(PEOPLE[who]))?;
            }
            check(&play)?;
        }
    }

    /// People who only agree, with every problem mended, bring any flow to its end.
    #[test]
    fn every_flow_can_end(shapes in shapes(), who in 0..PEOPLE.len(), first: Index) {
        let everybody: Vec<(&str, &[&str])> = ROLES.iter().map(|role| (*role, &PEOPLE[..])).collect();
        let flow = built(&shapes);
        let mut play = Play::start(flow, World::new(&everybody), PEOPLE[who]);
        for _ in 0..2_000 {
            if !play.state().is_running() { break; }
            let next = [Try::Agree(first), Try::Machine { fails: false }, Try::Retry(first)]
                .iter()
                .find_map(|attempt| attempt.command(&play));
            let (actor, command) = next.expect("something can be done");
            play.act(actor, command).unwrap();
        }
        prop_assert_eq!(&play.state().status, &Status::Completed);
    }
}
