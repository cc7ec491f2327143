//! Duties that nobody does both of in one request.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use support::*;
use zhupi_engine::*;

fn people() -> World {
    World::new(&[("role:a", &["ann"]), ("role:b", &["ann", "bob"]), ("role:gm", &["gm"])])
}

/// Nobody does both a and b.
fn apart(steps: Vec<Block>) -> Flow {
    let mut flow = flow(steps);
    flow.incompatible = vec![[name("a"), name("b")].into()];
    flow
}

fn only(who: &'static str) -> World {
    let mut world = people();
    world.people.insert("role:b".parse().unwrap(), vec![person(who)]);
    world
}

#[test]
fn duties_that_must_not_be_in_the_same_hands_are_kept_apart() {
    let flow = apart(vec![approve("buy", "role:a"), approve("pay", "role:b")]);
    let mut world = people();
    let mut play = Play::start(flow.clone(), world.clone(), "init");
    play.approve("ann").unwrap();
    assert_eq!(play.open(), ["pay:bob"], "ann did the other duty");

    world.substitutes.insert(person("bob"), vec![person("ann")]);
    let mut play = Play::start(flow, world, "init");
    play.approve("ann").unwrap();
    let (task, version) = play.task("bob");
    let approve = Command::Approve { task, version, comment: None, form: None };
    assert_eq!(play.by("ann", approve), Err(Refusal::Incompatible { role: name("a") }), "not as a substitute, either");
}

#[test]
fn what_somebody_was_asked_before_is_taken_from_them_when_they_do_another_duty() {
    let steps = || {
        vec![parallel(vec![vec![approve("buy", "role:a")], vec![approve("pay", "role:b")]]), approve("gm", "role:gm")]
    };
    let mut play = Play::start(apart(steps()), people(), "init");
    assert_eq!(play.open(), ["buy:ann", "pay:ann", "pay:bob"]);
    let events = play.approve("ann").unwrap();
    assert_eq!(play.open(), ["pay:bob"], "{events:?}");

    let mut alone = Play::start(apart(steps()), only("ann"), "init");
    alone.approve("ann").unwrap();
    assert_eq!(alone.open(), [""; 0]);
    let problems: Vec<_> = alone.state().incidents.values().map(|incident| incident.problem.clone()).collect();
    assert_eq!(problems, [Problem::Nobody], "nothing waits unseen for who may not act");
}

#[test]
fn nor_is_anybody_asked_by_another_rule() {
    let instead = |by: &str| {
        approve_with("pay", by, Decide::Any, |human| {
            human.assign.on_empty = OnEmpty::Instead(vec!["role:b".parse().unwrap()]);
        })
    };
    let mut empty = Play::start(apart(vec![approve("buy", "role:a"), instead("role:nobody")]), only("ann"), "init");
    empty.approve("ann").unwrap();
    assert_eq!((empty.open().len(), empty.state().incidents.len()), (0, 1));

    let overdue = approve_with("pay", "role:gm", Decide::Any, |human| {
        two_workdays(human);
        let action = OverdueAction::Escalate { to: vec!["role:b".parse().unwrap()] };
        human.overdue = vec![Overdue { after: None, action }];
    });
    let mut late = Play::start(apart(vec![approve("buy", "role:a"), overdue]), people(), "init");
    late.approve("ann").unwrap();
    late.world.pass_hours(9);
    let (visit, _) = late.state().visits.iter().next().map(|(id, visit)| (*id, visit.clone())).unwrap();
    late.act(Actor::Timer, Command::TimerFired { visit, timer: 1 }).unwrap();
    assert_eq!(late.open(), ["pay:gm", "pay:bob"]);
}

#[test]
fn who_waits_in_line_is_passed_over_by_then() {
    let in_order = approve_with("pay", "role:b", Decide::InOrder, |_| {});
    let mut world = people();
    world.people.insert("role:b".parse().unwrap(), vec![person("bob"), person("ann")]);
    let branches = vec![vec![approve("buy", "role:a")], vec![in_order]];
    let mut play = Play::start(apart(vec![parallel(branches), approve("gm", "role:gm")]), world, "init");
    play.approve("ann").unwrap();
    play.approve("bob").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn handing_a_task_over_hands_its_duty_over() {
    let mut play = Play::start(apart(vec![approve("buy", "role:a"), approve("pay", "role:b")]), only("bob"), "init");
    play.approve("ann").unwrap();
    assert_eq!(play.transfer("bob", "ann"), Err(Refusal::Incompatible { role: name("a") }));
    let mut play = Play::start(apart(vec![approve("pay", "role:b"), approve("buy", "role:a")]), only("bob"), "init");
    play.transfer("bob", "ann").unwrap();
    play.approve("ann").unwrap();
    assert_eq!((play.open().len(), play.state().incidents.len()), (0, 1), "ann has paid and may not buy");
}

#[test]
fn starting_as_somebody_is_a_duty() {
    let mut flow =
        apart(vec![approve_with("pay", "role:b", Decide::Any, |human| human.assign.on_self = OnSelf::Allow)]);
    flow.start_by = vec!["role:a".parse().unwrap()];
    let mut play = Play::start(flow.clone(), people(), "ann");
    assert_eq!(play.open(), ["pay:bob"], "ann started as a");
    let (task, version) = play.task("bob");
    let to = Command::Transfer { task, version, to: person("ann"), comment: None };
    assert!(play.by("bob", to).is_err());
    flow.start_by = vec!["role:gm".parse().unwrap()];
    let play = Play::start(flow, people(), "ann");
    assert_eq!(play.open(), ["pay:ann", "pay:bob"], "another role is none of it");
}
