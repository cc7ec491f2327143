//! The exact meaning of every operation, as small stories.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::json;
use support::*;
use zhupi_engine::*;

#[test]
fn an_approved_request_goes_on_and_is_archived() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    assert_eq!(play.open(), ["head:li", "head:qian"]);
    play.approve("li").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
    play.approve("gm").unwrap();
    assert_eq!(play.open(), [""; 0]);
    assert!(play.state().is_running(), "it waits for the archive step");
    play.machine().unwrap();
    assert_eq!(play.state().status, Status::Archived);
}

#[test]
fn in_an_any_step_the_first_decision_counts_and_the_others_lose_their_task() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    let (task, version) = play.task("qian");
    play.approve("li").unwrap();
    let late = play.by("qian", Command::Approve { task, version, comment: None, form: None });
    assert_eq!(late, Err(Refusal::NoSuchTask));
}

#[test]
fn in_an_any_step_the_first_rejection_counts_too() {
    let mut play = Play::start(three(Decide::Any), firm(), "zhou");
    play.reject("b").unwrap();
    assert_eq!(play.state().status, Status::Rejected { at: place("three") });
    assert_eq!(play.open(), [""; 0]);
}

#[test]
fn all_must_agree_and_the_last_one_moves_it_on_once() {
    let mut play = Play::start(three(Decide::All), firm(), "zhou");
    play.approve("c").unwrap();
    play.approve("a").unwrap();
    assert_eq!(play.open(), ["three:b"]);
    play.approve("b").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn one_rejection_ends_an_all_step_at_once() {
    let mut play = Play::start(three(Decide::All), firm(), "zhou");
    play.approve("a").unwrap();
    play.reject("b").unwrap();
    assert_eq!(play.state().status, Status::Rejected { at: place("three") });
}

#[test]
fn in_order_means_in_listed_order() {
    let mut play = Play::start(three(Decide::InOrder), firm(), "zhou");
    for who in ["a", "b", "c"] {
        assert_eq!(play.open(), [format!("three:{who}")]);
        play.approve(who).unwrap();
    }
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn nobody_acts_on_the_task_of_another_or_twice_or_on_an_older_version() {
    let mut play = Play::start(three(Decide::All), firm(), "zhou");
    let (task, version) = play.task("a");
    let approve = |version| Command::Approve { task, version, comment: None, form: None };
    assert_eq!(play.by("b", approve(version)), Err(Refusal::NotYours));
    assert_eq!(play.by("a", approve(version + 1)), Err(Refusal::Stale { version }));
    assert!(play.by("a", approve(version)).is_ok());
    assert_eq!(play.by("a", approve(version)), Err(Refusal::NoSuchTask));
}

#[test]
fn a_change_by_one_signer_makes_the_page_of_the_others_stale() {
    let mut play = Play::start(three(Decide::All), firm(), "zhou");
    let (theirs, seen) = play.task("b");
    let (task, version) = play.task("a");
    let mut form = play.state().form.clone();
    form.insert("amount".into(), json!("1.00"));
    play.by("a", Command::Approve { task, version, comment: None, form: Some(form) }).unwrap();
    let stale = play.by("b", Command::Approve { task: theirs, version: seen, comment: None, form: None });
    assert_eq!(stale, Err(Refusal::Stale { version: seen + 1 }));
}

#[test]
fn rejecting_and_returning_need_a_reason() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    let (task, version) = play.task("li");
    assert_eq!(play.by("li", Command::Reject { task, version, comment: " ".into() }), Err(Refusal::CommentRequired));
    let back = Command::Return { task, version, to: Place::Start, then: Then::Restart, comment: String::new() };
    assert_eq!(play.by("li", back), Err(Refusal::CommentRequired));
}

#[test]
fn sent_back_to_the_initiator_and_restarted_every_step_is_asked_again() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.approve("li").unwrap();
    play.send_back("gm", "start", Then::Restart).unwrap();
    assert_eq!(play.open(), ["start:zhou"]);
    play.resubmit("zhou").unwrap();
    assert_eq!(play.open(), ["head:li", "head:qian"]);
    assert_eq!(play.state().form["note"], "补充");
}

#[test]
fn sent_back_to_the_initiator_directly_it_comes_straight_back() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.approve("li").unwrap();
    play.send_back("gm", "start", Then::Direct).unwrap();
    play.resubmit("zhou").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn direct_returns_nest() {
    let mut play = Play::start(
        flow(vec![approve("one", "role:head"), approve("two", "role:fin"), approve("gm", "role:gm")]),
        firm(),
        "zhou",
    );
    play.approve("li").unwrap();
    play.approve("fin").unwrap();
    play.send_back("gm", "one", Then::Direct).unwrap();
    assert_eq!(play.open(), ["one:li", "one:qian"]);
    play.send_back("qian", "start", Then::Direct).unwrap();
    play.resubmit("zhou").unwrap();
    assert_eq!(play.open(), ["one:qian"], "back to who sent it");
    play.approve("qian").unwrap();
    assert_eq!(play.open(), ["gm:gm"], "and from there back to the first sender, past the step that still stands");
}

#[test]
fn a_return_goes_to_what_was_passed_before_and_nowhere_else() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    assert_eq!(play.send_back("li", "gm", Then::Restart), Err(Refusal::NoSuchTarget));
    assert_eq!(play.send_back("li", "head", Then::Restart), Err(Refusal::NoSuchTarget));
    play.approve("li").unwrap();
    assert_eq!(play.targets("gm"), [place("start"), place("head")]);
    assert_eq!(play.previous("gm"), place("head"));
    play.send_back("gm", "head", Then::Restart).unwrap();
    assert_eq!(play.open(), ["head:li", "head:qian"]);
}

#[test]
fn the_initiators_own_step_is_no_approval_and_cannot_be_rejected_or_sent_back() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.send_back("li", "start", Then::Restart).unwrap();
    assert_eq!(play.reject("zhou"), Err(Refusal::NotAtThisStep));
    assert_eq!(play.send_back("zhou", "start", Then::Direct), Err(Refusal::NoSuchTarget));
    assert_eq!(play.transfer("zhou", "li"), Err(Refusal::NotAtThisStep));
    assert_eq!(play.approve("zhou"), Err(Refusal::NotAtThisStep));
}

#[test]
fn a_flow_may_return_what_is_rejected() {
    let back = |human: &mut Human| human.on_reject = OnReject::Return { to: Target::Previous, then: Then::Restart };
    let steps = vec![approve("head", "role:head"), approve_with("gm", "role:gm", Decide::Any, back)];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    play.approve("qian").unwrap();
    play.reject("gm").unwrap();
    assert_eq!(play.open(), ["head:li", "head:qian"]);
    assert!(play.state().is_running());
}

#[test]
fn nobody_approves_their_own_request() {
    let mut play = Play::start(two_steps(), firm(), "li");
    assert_eq!(play.open(), ["head:qian"], "the initiator is left out");
    assert_eq!(play.transfer("qian", "li"), Err(Refusal::OwnRequest));
    play.approve("qian").unwrap();
    assert_eq!(play.transfer("gm", "li"), Err(Refusal::OwnRequest));
}

#[test]
fn the_rules_for_an_own_request() {
    let with = |on_self: OnSelf| {
        let steps = vec![approve_with("gm", "role:gm", Decide::Any, |human| human.assign.on_self = on_self), archive()];
        Play::start(flow(steps), firm(), "gm")
    };
    let excluded = with(OnSelf::Exclude);
    assert!(matches!(excluded.state().incidents.values().next().unwrap().problem, Problem::Nobody));
    assert_eq!(with(OnSelf::Manager).open(), ["gm:boss"]);
    assert_eq!(with(OnSelf::Instead(vec!["role:fin".parse().unwrap()])).open(), ["gm:fin"]);
    assert_eq!(with(OnSelf::Allow).open(), ["gm:gm"]);
    let skipped = with(OnSelf::Skip);
    let why = skipped.events.iter().find_map(|event| match &event.kind {
        EventKind::Skipped { why, .. } => Some(why.clone()),
        _ => None,
    });
    assert_eq!(why, Some(Skip::OwnRequest { person: person("gm") }));
}

#[test]
fn nobody_found_is_an_incident_that_a_retry_mends() {
    let steps = vec![approve("missing", "role:missing"), archive()];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    assert_eq!(play.open(), [""; 0]);
    assert_eq!(play.state().incidents.len(), 1);
    play.by("admin", Command::Retry { incident: IncidentId(1) }).unwrap();
    assert_eq!(play.state().incidents.keys().collect::<Vec<_>>(), [&IncidentId(2)], "still nobody");
    play.world.people.insert("role:missing".parse().unwrap(), vec![person("new")]);
    play.by("admin", Command::Retry { incident: IncidentId(2) }).unwrap();
    assert_eq!(play.open(), ["missing:new"]);
    assert!(play.state().incidents.is_empty());
}

#[test]
fn the_rules_for_nobody() {
    let with = |on_empty: OnEmpty| {
        let one = approve_with("one", "role:missing", Decide::Any, |human| human.assign.on_empty = on_empty);
        Play::start(flow(vec![one, approve("gm", "role:gm")]), firm(), "zhou")
    };
    assert_eq!(with(OnEmpty::Skip).open(), ["gm:gm"]);
    assert_eq!(with(OnEmpty::Instead(vec!["role:fin".parse().unwrap()])).open(), ["one:fin"]);
    let own = with(OnEmpty::Instead(vec!["initiator".parse().unwrap()]));
    assert_eq!(own.state().incidents.len(), 1, "the initiator is nobody");
}

#[test]
fn the_same_person_twice_is_asked_once_only_if_the_flow_says_so() {
    let twice = |rule: OnTwice| {
        let steps = vec![approve("one", "role:gm"), approve("two", "role:fin"), approve("three", "role:gm")];
        let mut play = Play::start(Flow { on_twice: rule, ..flow(steps) }, firm(), "zhou");
        play.approve("gm").unwrap();
        play.approve("fin").unwrap();
        play
    };
    assert_eq!(twice(OnTwice::Ask).open(), ["three:gm"]);
    assert_eq!(twice(OnTwice::Consecutive).open(), ["three:gm"], "somebody else acted between");
    let once = twice(OnTwice::Once);
    assert_eq!(once.state().status, Status::Completed);
    let skip = Skip::Twice { people: vec![person("gm")], at: place("one") };
    assert!(once.events.iter().any(|event| matches!(&event.kind, EventKind::Skipped { why, .. } if *why == skip)));
}

#[test]
fn a_transfer_gives_the_task_away_for_good_and_keeps_both_names() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    assert_eq!(play.transfer("li", "qian"), Err(Refusal::AlreadyAsked));
    play.transfer("li", "wu").unwrap();
    assert_eq!(play.open(), ["head:qian", "head:wu"]);
    let (task, _) = play.task("wu");
    let (_, _, held) = play.state().task(task).unwrap();
    assert_eq!(held.why, Why::Transferred { by: person("li"), duty: Some(name("head")) });
}

#[test]
fn the_initiator_may_withdraw_until_the_end_and_nobody_else() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.approve("li").unwrap();
    assert_eq!(play.by("gm", Command::Withdraw { reason: None }), Err(Refusal::NotInitiator));
    play.by("zhou", Command::Withdraw { reason: Some("填错了".into()) }).unwrap();
    assert_eq!((play.state().status.clone(), play.open()), (Status::Withdrawn, vec![]));
    assert_eq!(play.by("zhou", Command::Withdraw { reason: None }), Err(Refusal::Ended { status: Status::Withdrawn }));
    assert!(play.by("zhou", Command::Comment { text: "改日再报".into() }).is_ok(), "people may go on talking");
}

#[test]
fn conditions_choose_and_a_broken_one_stops_visibly() {
    let branch = |when: bool, steps| Branch {
        title: None,
        when: when.then(|| zhupi_domain::expr::Expr::parse("form.amount > 5").unwrap()),
        steps,
    };
    let choose = Block::Choose(Choose {
        number: 0,
        branches: vec![branch(true, vec![approve("big", "role:fin")]), branch(false, vec![])],
    });
    let steps = || vec![approve("head", "role:head"), choose.clone(), approve("gm", "role:gm")];
    let go = |answer: Result<u32, Obstacle>| {
        let mut world = firm();
        world.branches.insert(0, answer);
        let mut play = Play::start(flow(steps()), world, "zhou");
        play.approve("li").unwrap();
        play
    };
    assert_eq!(go(Ok(0)).open(), ["big:fin"]);
    assert_eq!(go(Ok(1)).open(), ["gm:gm"]);
    let mut broken = go(Err(zhupi_domain::Text::same("divided by zero").into()));
    assert_eq!(broken.state().incidents.len(), 1);
    broken.world.branches.insert(0, Ok(0));
    broken.by("admin", Command::Retry { incident: IncidentId(1) }).unwrap();
    assert_eq!(broken.open(), ["big:fin"]);
    broken.approve("fin").unwrap();
    assert_eq!(broken.open(), ["gm:gm"], "after a branch the way goes on behind the choice");
}

#[test]
fn whom_the_request_comes_to_be_about_may_not_decide_it() {
    let about = |who: &str| {
        let mut play = Play::start(flow(vec![approve("head", "role:head"), approve("gm", "role:gm")]), firm(), "zhou");
        play.flow.subject = Subject::Field(name("salesperson"));
        play.send_back("li", "start", Then::Restart).unwrap();
        let (task, version) = play.task("zhou");
        let mut form = play.state().form.clone();
        form.insert("salesperson".into(), json!(who));
        play.by("zhou", Command::Resubmit { task, version, comment: None, form }).unwrap();
        play
    };
    let play = about("li");
    assert_eq!((play.open(), play.state().subject.clone()), (vec!["head:qian".to_owned()], person("li")));
    let mut play = about("fan");
    let (task, version) = play.task("qian");
    let mut form = play.state().form.clone();
    form.insert("salesperson".into(), json!("qian"));
    let own = play.by("qian", Command::Approve { task, version, comment: None, form: Some(form.clone()) });
    assert_eq!(own, Err(Refusal::OwnRequest), "not even by changing the form oneself");
}

#[test]
fn sent_back_to_a_step_people_are_asked_again_whatever_they_agreed_to_before() {
    for rule in [OnTwice::Once, OnTwice::Consecutive] {
        let world = World::new(&[("role:ab", &["a", "b"]), ("role:b", &["b"]), ("role:c", &["a", "c"])]);
        let steps = vec![approve("one", "role:ab"), approve("two", "role:b"), approve("three", "role:c")];
        let mut play = Play::start(Flow { on_twice: rule, ..flow(steps) }, world, "zhou");
        play.approve("a").unwrap();
        play.approve("b").unwrap();
        if rule == OnTwice::Once {
            assert_eq!(play.state().status, Status::Completed, "a agreed at the first step");
            continue;
        }
        play.send_back("c", "one", Then::Direct).unwrap();
        assert_eq!(play.open(), ["one:a", "one:b"]);
        play.approve("a").unwrap();
        assert_eq!(play.open(), ["three:c"], "straight back to who sent it");
    }
}

#[test]
fn somebody_elses_filling_ends_consecutive() {
    let fill = step(
        "fill",
        StepKind::Human(human(
            HumanKind::Fill { form: Some(name("x")), sheet: Sheet::Shared },
            "role:fin",
            Decide::Any,
        )),
    );
    let steps = vec![approve("one", "role:gm"), fill, approve("three", "role:gm")];
    let mut play = Play::start(Flow { on_twice: OnTwice::Consecutive, ..flow(steps) }, firm(), "zhou");
    play.approve("gm").unwrap();
    let (task, version) = play.task("fin");
    play.by("fin", Command::Fill { task, version, comment: None, form: None, value: Some(json!({})) }).unwrap();
    assert_eq!(play.open(), ["three:gm"]);
}

#[test]
fn straight_back_means_to_the_person_who_sent_it() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.approve("li").unwrap();
    play.transfer("gm", "wu").unwrap();
    play.send_back("wu", "start", Then::Direct).unwrap();
    play.resubmit("zhou").unwrap();
    assert_eq!(play.open(), ["gm:wu"]);
}

#[test]
fn what_undone_steps_handed_on_is_gone() {
    let steps = vec![approve("head", "role:head"), policy("m", "result"), approve("gm", "role:gm")];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    play.approve("li").unwrap();
    play.machine().unwrap();
    assert_eq!(play.state().results.len(), 1);
    play.send_back("gm", "start", Then::Restart).unwrap();
    assert!(play.state().results.is_empty());
}

#[test]
fn a_comment_afterwards_does_not_move_the_end() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.by("zhou", Command::Withdraw { reason: None }).unwrap();
    let ended = play.state().ended_at;
    assert_eq!(ended, Some(play.world.now()));
    play.world.pass_hours(48);
    play.by("zhou", Command::Comment { text: "改日再报".into() }).unwrap();
    assert_eq!(play.state().ended_at, ended);
    let long = Command::Comment { text: "长".repeat(2_001) };
    assert_eq!(play.by("zhou", long), Err(Refusal::CommentTooLong));
}
