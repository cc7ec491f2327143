//! Branches at the same time, lanes, committees, sheets, accounts and duties.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::json;
use support::*;
use zhupi_engine::*;

fn people() -> World {
    World::new(&[
        ("role:a", &["ann"]),
        ("role:b", &["bob"]),
        ("role:c", &["cat"]),
        ("role:gm", &["gm"]),
        ("role:three", &["x", "y", "z"]),
        ("role:chair", &["z"]),
    ])
}

/// a1, a2 beside b1; then gm.
fn forked() -> Play {
    let left = vec![approve("a1", "role:a"), approve("a2", "role:c")];
    let flow = flow(vec![parallel(vec![left, vec![approve("b1", "role:b")]]), approve("gm", "role:gm")]);
    Play::start(flow, people(), "init")
}

#[test]
fn branches_go_on_at_the_same_time_and_wait_for_one_another() {
    let mut play = forked();
    assert_eq!(play.open(), ["a1:ann", "b1:bob"]);
    play.approve("bob").unwrap();
    assert_eq!(play.open(), ["a1:ann"], "one branch is done, the other is not");
    play.approve("ann").unwrap();
    play.approve("cat").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn a_rejection_in_one_branch_ends_all() {
    let mut play = forked();
    play.reject("bob").unwrap();
    assert_eq!(play.state().status, Status::Rejected { at: place("b1") });
    assert_eq!(play.open(), Vec::<String>::new());
}

#[test]
fn a_return_inside_a_branch_leaves_the_other_alone() {
    let mut play = forked();
    play.approve("ann").unwrap();
    assert_eq!(play.targets("a2"), [place("start"), place("a1")]);
    play.send_back("cat", "a1", Then::Restart).unwrap();
    assert_eq!(play.open(), ["b1:bob", "a1:ann"]);
}

#[test]
fn a_return_before_the_branches_cancels_all_of_them() {
    let mut play = forked();
    play.approve("ann").unwrap();
    play.send_back("bob", "start", Then::Restart).unwrap();
    assert_eq!(play.open(), ["start:init"]);
    play.resubmit("init").unwrap();
    assert_eq!(play.open(), ["a1:ann", "b1:bob"]);
}

#[test]
fn a_return_from_behind_reopens_one_branch_only() {
    let mut play = forked();
    for who in ["ann", "cat", "bob"] {
        play.approve(who).unwrap();
    }
    play.send_back("gm", "a1", Then::Restart).unwrap();
    assert_eq!(play.open(), ["a1:ann"]);
    play.approve("ann").unwrap();
    play.approve("cat").unwrap();
    assert_eq!(play.open(), ["gm:gm"], "the other branch still stands");
}

#[test]
fn what_comes_straight_back_into_a_branch_is_waited_for() {
    let mut play = forked();
    play.send_back("ann", "start", Then::Direct).unwrap();
    play.approve("bob").unwrap();
    assert_eq!(play.open(), ["start:init"], "the left branch is not done");
    play.resubmit("init").unwrap();
    assert_eq!(play.open(), ["a1:ann"]);
}

#[test]
fn nobody_sends_back_directly_to_where_somebody_else_already_did() {
    let mut play = forked();
    play.send_back("ann", "start", Then::Direct).unwrap();
    assert_eq!(play.send_back("bob", "start", Then::Direct), Err(Refusal::BeingReworked));
    play.send_back("bob", "start", Then::Restart).unwrap();
    assert_eq!(play.open(), ["start:init"]);
}

#[test]
fn every_item_has_its_lane() {
    let steps = vec![approve("check", "role:a"), approve("sign", "role:b")];
    let flow = flow(vec![each(0, LaneOrder::Together, steps), approve("gm", "role:gm")]);
    let mut play = Play::start(flow, people(), "init");
    assert_eq!(play.open(), ["check[0]:ann", "check[1]:ann"]);
    play.approve("ann").unwrap();
    play.approve("ann").unwrap();
    assert_eq!(play.open(), ["sign[0]:bob", "sign[1]:bob"]);
    play.approve("bob").unwrap();
    play.approve("bob").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn lanes_one_by_one_follow_the_list_and_go_back_along_it() {
    let mut world = people();
    world.lanes.insert(0, Ok(3));
    let flow = flow(vec![each(0, LaneOrder::OneByOne, vec![approve("sign", "role:a")])]);
    let mut play = Play::start(flow, world, "init");
    play.approve("ann").unwrap();
    play.approve("ann").unwrap();
    assert_eq!(play.open(), ["sign[2]:ann"]);
    assert_eq!(play.targets("sign[2]"), [place("start"), place("sign[0]"), place("sign[1]")]);
    play.send_back("ann", "sign[0]", Then::Restart).unwrap();
    assert_eq!(play.open(), ["sign[0]:ann"]);
    for _ in 0..3 {
        play.approve("ann").unwrap();
    }
    assert_eq!(play.state().status, Status::Completed);
}

#[test]
fn an_empty_list_is_passed_and_one_that_cannot_be_read_is_shown() {
    let steps = || flow(vec![each(0, LaneOrder::Together, vec![approve("a", "role:a")]), approve("gm", "role:gm")]);
    let mut world = people();
    world.lanes.insert(0, Ok(0));
    assert_eq!(Play::start(steps(), world.clone(), "init").open(), ["gm:gm"]);
    world.lanes.insert(0, Err(zhupi_domain::Text::new("没有清单", "there is no list").into()));
    let mut play = Play::start(steps(), world, "init");
    assert_eq!(play.open(), Vec::<String>::new());
    play.world.lanes.insert(0, Ok(1));
    let incident = *play.state().incidents.keys().next().unwrap();
    play.by("admin", Command::Retry { incident }).unwrap();
    assert_eq!(play.open(), ["a[0]:ann"]);
}

#[test]
fn a_committee_ends_when_the_rest_cannot_change_it() {
    let flow = flow(vec![vote("committee", "role:three", |_| {}), approve("gm", "role:gm")]);
    let mut play = Play::start(flow, people(), "init");
    play.ballot("x", Ballot::Yes).unwrap();
    play.ballot("y", Ballot::Yes).unwrap();
    assert_eq!(play.open(), ["gm:gm"], "two of three are a majority");
    let ruling = &play.state().results[&"ruling".parse().unwrap()];
    assert_eq!(ruling.value["passed"], true);
    assert_eq!(ruling.value["unanimous"], true);
}

#[test]
fn a_lost_vote_rejects_and_a_ballot_cannot_be_handed_over() {
    let flow = flow(vec![vote("committee", "role:three", |_| {})]);
    let mut play = Play::start(flow, people(), "init");
    assert_eq!(play.transfer("x", "gm"), Err(Refusal::NotAtThisStep));
    play.ballot("x", Ballot::No).unwrap();
    play.ballot("y", Ballot::No).unwrap();
    assert_eq!(play.state().status, Status::Rejected { at: place("committee") });
}

#[test]
fn the_chairs_ballot_carries_the_minutes_and_is_waited_for() {
    let with_minutes = |vote: &mut Vote| {
        vote.minutes = true;
        vote.chair = Some(Chair { by: "role:chair".parse().unwrap(), casting: false });
    };
    let flow = flow(vec![vote("committee", "role:three", with_minutes), approve("gm", "role:gm")]);
    let mut play = Play::start(flow, people(), "init");
    play.ballot("x", Ballot::Yes).unwrap();
    play.ballot("y", Ballot::Yes).unwrap();
    assert_eq!(play.open(), ["committee:z"], "decided, but nobody has kept the minutes");
    assert_eq!(play.ballot("z", Ballot::Abstain), Err(Refusal::MinutesRequired));
    let (task, version) = play.task("z");
    let minutes = Some("一致同意".to_owned());
    play.by("z", Command::Vote { task, version, ballot: Ballot::Abstain, comment: None, minutes }).unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

fn filled(decide: Decide, sheet: Sheet) -> Play {
    let mut human = human(HumanKind::Fill { form: Some(name("own")), sheet }, "role:a role:b", decide);
    human.into = Some(name("proposal"));
    let flow = flow(vec![step("propose", StepKind::Human(human)), approve("gm", "role:gm")]);
    Play::start(flow, people(), "init")
}

#[test]
fn a_change_of_a_sheet_that_all_sign_clears_the_other_signatures() {
    let mut play = filled(Decide::All, Sheet::Shared);
    play.fill("ann", json!({ "share": "10.00" })).unwrap();
    play.fill("bob", json!({ "share": "12.00" })).unwrap();
    assert_eq!(play.open(), ["propose:ann"], "what ann signed is not what stands there now");
    play.fill("ann", json!({ "share": "12.00" })).unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
    let proposal = &play.state().results[&"proposal".parse().unwrap()];
    assert_eq!(proposal.value, json!({ "share": "12.00" }));
    assert_eq!(proposal.signed, [person("bob"), person("ann")]);
}

#[test]
fn sheets_of_their_own_are_kept_side_by_side() {
    let mut play = filled(Decide::All, Sheet::Own { unseen: true });
    play.fill("ann", json!({ "score": "90" })).unwrap();
    play.fill("bob", json!({ "score": "70" })).unwrap();
    let sheets = &play.state().results[&"proposal".parse().unwrap()].value;
    assert_eq!(sheets[0]["by"], "ann");
    assert_eq!(sheets[1]["data"]["score"], "70");
}

#[test]
fn who_decides_what_the_balance_does_not_hold_is_told_at_once() {
    let flow = flow(vec![approve("a", "role:a"), moves("hold", MoveKind::Reserve), approve("gm", "role:gm")]);
    let mut world = people();
    (world.amount, world.balance) = (70, Balance::of(100));
    let mut first = Play::start(flow.clone(), world.clone(), "init");
    first.approve("ann").unwrap();
    assert_eq!(first.world.balance.free(), money(30));

    let mut second = Play::start(flow, first.world.clone(), "init");
    let short = second.approve("ann");
    let Err(Refusal::Short(short)) = short else { panic!("{short:?}") };
    assert_eq!((short.wanted, short.free), (money(70), money(30)));
    assert_eq!(second.open(), ["a:ann"], "nothing has happened");

    first.reject("gm").unwrap();
    assert_eq!(first.world.balance, Balance::of(100), "what is rejected holds nothing");
    second.world.balance = first.world.balance;
    second.approve("ann").unwrap();
}

#[test]
fn spending_takes_what_was_held_and_a_return_gives_it_back() {
    let steps = vec![approve("a", "role:a"), moves("hold", MoveKind::Reserve), moves("spend", MoveKind::Post)];
    let flow = flow([steps, vec![approve("gm", "role:gm")]].concat());
    let mut world = people();
    (world.amount, world.balance) = (70, Balance::of(100));
    let mut play = Play::start(flow, world, "init");
    play.approve("ann").unwrap();
    assert_eq!(play.world.balance, Balance::of(30));
    play.send_back("gm", "a", Then::Restart).unwrap();
    assert_eq!(play.world.balance, Balance::of(100));
    play.approve("ann").unwrap();
    play.approve("gm").unwrap();
    assert_eq!(play.world.balance, Balance::of(30), "what came through stays");
}

#[test]
fn allowing_people_to_decide_themselves_is_for_whom_the_rule_names() {
    let allowing = |by| flow(vec![approve_with("a", by, Decide::Any, |human| human.assign.on_self = OnSelf::Allow)]);
    let mut named = Play::start(allowing("role:a"), people(), "ann");
    named.approve("ann").unwrap();

    let mut handed = Play::start(allowing("role:a"), people(), "init");
    let (task, version) = handed.task("ann");
    let to = |who: &str| Command::Transfer { task, version, to: person(who), comment: None };
    assert_eq!(handed.by("ann", to("init")), Err(Refusal::OwnRequest), "nobody is handed their own request");
    handed.by("ann", to("bob")).unwrap();
}

#[test]
fn a_policy_may_object_before_anything_is_accepted() {
    let mut checked = flow(vec![approve_with("a", "role:a", Decide::Any, |human| {
        human.check = Some(Check { run: "p".into(), with: Default::default() });
    })]);
    checked.check = Some(Check { run: "p".into(), with: Default::default() });
    let mut world = people();
    world.objects.insert(Place::Start);
    let mut play = Play { flow: checked, world, state: None, events: Vec::new() };
    assert!(matches!(play.by("init", submit("init")), Err(Refusal::Objected(_))));
    play.world.objects = [place("a")].into();
    play.by("init", submit("init")).unwrap();
    assert!(matches!(play.approve("ann"), Err(Refusal::Objected(_))));
    play.reject("ann").unwrap();
}

#[test]
fn what_is_late_is_refused_or_closes_by_itself() {
    let with = |late| {
        flow(vec![
            approve_with("a", "role:a", Decide::Any, |human| {
                two_workdays(human);
                human.late = late;
            }),
            approve("gm", "role:gm"),
        ])
    };
    let mut refused = Play::start(with(Late::Refuse), people(), "init");
    refused.world.pass_hours(9);
    assert_eq!(refused.approve("ann"), Err(Refusal::TooLate));
    refused.send_back("ann", "start", Then::Restart).unwrap_err();

    let mut closed = Play::start(with(Late::Close), people(), "init");
    closed.world.pass_hours(9);
    let (visit, _) = closed.state().visits.iter().next().map(|(id, visit)| (*id, visit.clone())).unwrap();
    closed.act(Actor::Timer, Command::TimerFired { visit, timer: 0 }).unwrap();
    assert_eq!(closed.open(), ["gm:gm"]);
}

#[test]
fn what_is_started_for_somebody_waits_for_them_to_fill_it() {
    let flow = flow(vec![approve("gm", "role:gm")]);
    let mut play = Play { flow, world: people(), state: None, events: Vec::new() };
    let Command::Submit { release, subject, period, number, form, .. } = submit("init") else { unreachable!() };
    let initiator = Some(person("init"));
    let start = Command::Submit { release, initiator, subject, period, number, form, open: true };
    assert_eq!(play.by("ann", start.clone()), Err(Refusal::NotSubmitted), "nobody starts in another's name");
    play.act(Actor::Timer, start).unwrap();
    assert_eq!(play.open(), ["start:init"]);
    play.resubmit("init").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

/// Sends it straight back to the initiator, who changes one field.
fn sent_back_and_changed(play: &mut Play, field: &str) {
    play.send_back("gm", "start", Then::Direct).unwrap();
    let (task, version) = play.task("init");
    let mut form = play.state().form.clone();
    form.insert(field.into(), json!("9000.00"));
    play.by("init", Command::Resubmit { task, version, comment: None, form }).unwrap();
}

#[test]
fn what_was_decided_on_a_field_is_decided_again_when_it_was_changed() {
    let flow = flow(vec![approve("a", "role:a"), moves("hold", MoveKind::Reserve), approve("gm", "role:gm")]);
    let mut world = people();
    (world.amount, world.balance) = (70, Balance::of(100));
    let mut play = Play::start(flow, world, "init");
    play.approve("ann").unwrap();

    sent_back_and_changed(&mut play, "note");
    assert_eq!(play.open(), ["gm:gm"], "nothing on the way reads it: straight back");

    sent_back_and_changed(&mut play, "amount");
    assert_eq!(play.open(), ["a:ann"], "what is held was the old amount");
    assert_eq!(play.world.balance, Balance::of(100), "and is given back");
    play.world.amount = 90;
    play.approve("ann").unwrap();
    assert_eq!(play.world.balance.free(), money(10));
    assert_eq!(play.open(), ["gm:gm"]);
}
