//! What happens when time passes, people leave, machines fail and releases change.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::json;
use support::*;
use zhupi_engine::*;

/// Three must agree; a and b have, and c leaves.
fn c_leaves(by: &str, named_afterwards: &[(&str, &[&str])]) -> Play {
    let mut world = firm();
    world.people.insert("role:c".parse().unwrap(), vec![person("c")]);
    world.people.insert("role:ab".parse().unwrap(), vec![person("a"), person("b")]);
    let steps = vec![approve_with("three", by, Decide::All, |_| {}), approve("gm", "role:gm")];
    let mut play = Play::start(flow(steps), world, "zhou");
    play.approve("a").unwrap();
    play.approve("b").unwrap();
    for (selector, people) in named_afterwards {
        play.world.people.insert(selector.parse().unwrap(), people.iter().map(|who| person(who)).collect());
    }
    play.world.gone.insert(person("c"));
    play.by("admin", Command::PersonLeft { person: person("c") }).unwrap();
    play
}

#[test]
fn an_overdue_step_reminds_and_escalates_and_the_timers_die_with_the_visit() {
    let overdue = |human: &mut Human| {
        two_workdays(human);
        human.overdue = vec![
            Overdue { after: None, action: OverdueAction::Remind },
            Overdue { after: None, action: OverdueAction::Escalate { to: vec!["role:fin".parse().unwrap()] } },
        ];
    };
    let steps = vec![approve_with("three", "role:three", Decide::All, overdue), approve("gm", "role:gm")];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    let fire = |timer| Command::TimerFired { visit: VisitId(1), timer };
    assert_eq!(play.act(Actor::Timer, fire(0)), Err(Refusal::NotWaitedFor), "not before its time");
    play.world.pass_hours(24);
    play.act(Actor::Timer, fire(0)).unwrap();
    assert_eq!(play.act(Actor::Timer, fire(0)), Err(Refusal::NotWaitedFor), "once");
    play.act(Actor::Timer, fire(1)).unwrap();
    play.act(Actor::Timer, fire(2)).unwrap();
    assert_eq!(play.open(), ["three:a", "three:b", "three:c", "three:fin"]);
    play.approve("fin").unwrap();
    assert_eq!(play.open(), ["gm:gm"], "the escalated decision stands for the step");
    assert!(play.state().visits.values().all(|visit| visit.timers.is_empty()));
}

#[test]
fn a_deadline_without_calendar_data_says_so() {
    let mut world = firm();
    world.no_calendar = true;
    let play = Play::start(flow(vec![approve_with("gm", "role:gm", Decide::Any, two_workdays)]), world, "zhou");
    let visit = play.state().visits.values().next().unwrap();
    assert_eq!(visit.deadline, Some(Deadline::NoCalendarData { year: 2027 }));
}

#[test]
fn a_failed_machine_step_is_visible_and_can_be_tried_again() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.approve("li").unwrap();
    play.approve("gm").unwrap();
    play.machine_fails(Problem::Incomplete { params: vec!["rate".into()] }).unwrap();
    assert_eq!(play.machine(), Err(Refusal::NotWaitedFor), "it is stopped");
    play.by("admin", Command::Retry { incident: IncidentId(1) }).unwrap();
    let late = Command::MachineDone { visit: VisitId(3), attempt: 1, value: json!(1), detail: json!(null) };
    assert_eq!(play.act(Actor::Machine, late), Err(Refusal::NotWaitedFor), "an answer to the first asking is late");
    play.machine().unwrap();
    assert_eq!(play.state().status, Status::Archived);
}

#[test]
fn where_all_must_agree_all_whom_the_rule_names_now_must() {
    assert_eq!(c_leaves("role:three", &[]).open(), ["gm:gm"], "both whom the role still names have agreed");
    assert_eq!(c_leaves("role:three", &[("role:three", &["a", "b", "d"])]).open(), ["three:d"], "d took over");
}

#[test]
fn a_part_of_a_rule_that_names_nobody_any_more_is_for_a_person_to_look_at() {
    let mut play = c_leaves("role:ab role:c", &[]);
    assert_eq!(play.open(), [""; 0], "nothing is approved by somebody's leaving");
    assert_eq!(play.state().incidents.len(), 1);
    play.world.people.insert("role:c".parse().unwrap(), vec![person("d")]);
    play.by("admin", Command::Retry { incident: IncidentId(1) }).unwrap();
    assert_eq!(play.open(), ["three:d"]);
    play.approve("d").unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
    assert!(play.state().incidents.is_empty());
}

#[test]
fn who_left_while_waiting_in_line_is_passed_over() {
    let mut play = Play::start(three(Decide::InOrder), firm(), "zhou");
    play.world.gone.insert(person("b"));
    play.approve("a").unwrap();
    assert_eq!(play.open(), ["three:c"]);
}

#[test]
fn who_takes_over_from_the_one_in_line_comes_next_one_after_another() {
    let mut play = Play::start(three(Decide::InOrder), firm(), "zhou");
    play.world.gone.insert(person("a"));
    play.world.people.insert("role:three".parse().unwrap(), ["b", "c", "d", "e"].map(person).to_vec());
    play.by("admin", Command::PersonLeft { person: person("a") }).unwrap();
    for who in ["d", "e", "b", "c"] {
        assert_eq!(play.open(), [format!("three:{who}")]);
        play.approve(who).unwrap();
    }
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn the_rule_for_nobody_holds_for_who_leaves_too() {
    let fin = OnEmpty::Instead(vec!["role:fin".parse().unwrap()]);
    let steps = vec![approve_with("gm", "role:gm", Decide::Any, |human| human.assign.on_empty = fin)];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    play.world.people.insert("role:gm".parse().unwrap(), vec![]);
    play.world.gone.insert(person("gm"));
    play.by("admin", Command::PersonLeft { person: person("gm") }).unwrap();
    assert_eq!(play.open(), ["gm:fin"]);
}

#[test]
fn sent_back_to_an_initiator_who_has_left_a_person_must_look() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.world.gone.insert(person("zhou"));
    play.send_back("li", "start", Then::Restart).unwrap();
    assert_eq!((play.open(), play.state().incidents.len()), (vec![], 1));
}

#[test]
fn nothing_is_handed_over_to_who_has_left() {
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.world.gone.insert(person("wu"));
    assert_eq!(play.transfer("li", "wu"), Err(Refusal::NoSuchPerson));
}

#[test]
fn who_is_left_out_is_recorded_with_the_reason() {
    let play = Play::start(two_steps(), firm(), "li");
    let visit = play.state().visits.values().next().unwrap();
    assert_eq!(visit.not_asked, [NotAsked { person: person("li"), why: NotAskedBecause::OwnRequest }]);
}

fn escalates(human: &mut Human) {
    two_workdays(human);
    let to = vec!["role:fin".parse().unwrap()];
    human.overdue = vec![Overdue { after: None, action: OverdueAction::Escalate { to } }];
}

#[test]
fn an_escalation_does_not_hold_up_those_who_agree_by_themselves() {
    let steps = vec![approve_with("three", "role:three", Decide::All, escalates), approve("gm", "role:gm")];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    play.world.pass_hours(24);
    play.act(Actor::Timer, Command::TimerFired { visit: VisitId(1), timer: 1 }).unwrap();
    for who in ["a", "b", "c"] {
        play.approve(who).unwrap();
    }
    assert_eq!(play.open(), ["gm:gm"]);
}

#[test]
fn an_escalation_to_nobody_or_to_crowds_is_for_a_person_to_look_at() {
    let crowd: Vec<String> = (0..600).map(|number| format!("p{number}")).collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    for people in [&crowd[..], &[]] {
        let world = World::new(&[("role:gm", &["gm"]), ("role:fin", people)]);
        let mut play = Play::start(flow(vec![approve_with("gm", "role:gm", Decide::Any, escalates)]), world, "zhou");
        play.world.pass_hours(24);
        play.act(Actor::Timer, Command::TimerFired { visit: VisitId(1), timer: 1 }).unwrap();
        assert_eq!((play.open(), play.state().incidents.len()), (vec!["gm:gm".to_owned()], 1));
        play.approve("gm").unwrap();
        assert_eq!(play.state().status, Status::Completed);
    }
}

#[test]
fn what_stopped_a_visit_ends_with_it() {
    let steps = vec![approve_with("gm", "role:gm", Decide::Any, escalates), approve("head", "role:head")];
    let mut play = Play::start(flow(steps), firm(), "zhou");
    play.world.people.insert("role:gm".parse().unwrap(), vec![]);
    play.world.gone.insert(person("gm"));
    play.by("admin", Command::PersonLeft { person: person("gm") }).unwrap();
    assert_eq!(play.state().incidents.len(), 1);
    play.world.pass_hours(24);
    play.act(Actor::Timer, Command::TimerFired { visit: VisitId(1), timer: 1 }).unwrap();
    play.approve("fin").unwrap();
    assert_eq!(play.open(), ["head:li", "head:qian"]);
    assert!(play.state().incidents.is_empty());
}

#[test]
fn a_step_that_a_new_release_does_not_have_is_no_target() {
    let other = zhupi_domain::ReleaseHash(zhupi_domain::ContentHash::of(&[b"other"]));
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.approve("li").unwrap();
    play.flow = flow(vec![approve("gm", "role:gm"), archive()]);
    play.by("admin", Command::Migrate { release: other }).unwrap();
    assert_eq!(play.targets("gm"), [place("start")]);
}

#[test]
fn a_new_release_changes_neither_the_kind_of_open_work_nor_what_a_timer_does() {
    let other = zhupi_domain::ReleaseHash(zhupi_domain::ContentHash::of(&[b"other"]));
    let remind = |human: &mut Human| {
        two_workdays(human);
        human.overdue = vec![Overdue { after: None, action: OverdueAction::Remind }];
    };
    let mut play = Play::start(flow(vec![approve_with("gm", "role:gm", Decide::Any, remind)]), firm(), "zhou");
    play.flow = flow(vec![step(
        "gm",
        StepKind::Human(human(HumanKind::Fill { form: None, sheet: Sheet::Shared }, "role:gm", Decide::Any)),
    )]);
    let refused = play.by("admin", Command::Migrate { release: other });
    assert_eq!(refused, Err(Refusal::DoesNotFit { place: place("gm") }));
    play.flow = flow(vec![approve("gm", "role:gm")]);
    play.by("admin", Command::Migrate { release: other }).unwrap();
    play.world.pass_hours(48);
    let fired = play.act(Actor::Timer, Command::TimerFired { visit: VisitId(1), timer: 1 }).unwrap();
    assert!(matches!(fired[0].kind, EventKind::Reminded { .. }));
}

#[test]
fn the_successor_takes_over_from_who_leaves() {
    let mut play = Play::start(flow(vec![approve("gm", "role:gm")]), firm(), "zhou");
    play.world.people.insert("role:gm".parse().unwrap(), vec![person("new-gm")]);
    play.by("admin", Command::PersonLeft { person: person("gm") }).unwrap();
    assert_eq!(play.open(), ["gm:new-gm"]);
    let (task, _) = play.task("new-gm");
    assert_eq!(
        play.state().task(task).unwrap().2.why,
        Why::Left { person: person("gm"), selector: "role:gm".parse().ok() }
    );
}

#[test]
fn who_lost_the_role_is_refused_at_once_and_the_role_decides() {
    let mut play = Play::start(flow(vec![approve("gm", "role:gm"), approve("fin", "role:fin")]), firm(), "zhou");
    play.world.people.insert("role:gm".parse().unwrap(), vec![person("new-gm")]);
    let before = play.state().clone();
    assert_eq!(play.approve("gm"), Err(Refusal::RoleRevoked), "before anybody has tidied up");
    assert_eq!(play.reject("gm"), Err(Refusal::RoleRevoked));
    assert_eq!(play.transfer("gm", "li"), Err(Refusal::RoleRevoked));
    assert_eq!(play.state(), &before);
    let events = play.act(Actor::Machine, Command::RoleRevoked { person: person("gm") }).unwrap();
    assert!(matches!(events[0].kind, EventKind::TaskCancelled { why: Undone::RoleRevoked, .. }));
    assert_eq!(play.open(), ["gm:new-gm"]);
    play.approve("new-gm").unwrap();
    assert_eq!(play.open(), ["fin:fin"]);
}

#[test]
fn a_role_that_nobody_holds_any_more_is_for_a_person_to_look_at() {
    let mut play = Play::start(flow(vec![approve("gm", "role:gm")]), firm(), "zhou");
    play.world.people.insert("role:gm".parse().unwrap(), vec![]);
    play.act(Actor::Machine, Command::RoleRevoked { person: person("gm") }).unwrap();
    assert_eq!((play.open(), play.state().incidents.len()), (vec![], 1), "nothing is approved by it");
    play.world.people.insert("role:gm".parse().unwrap(), vec![person("new-gm")]);
    play.by("admin", Command::Retry { incident: IncidentId(1) }).unwrap();
    assert_eq!(play.open(), ["gm:new-gm"]);
}

#[test]
fn what_another_person_handed_over_stays_whatever_roles_are_lost() {
    let mut play = Play::start(flow(vec![approve("gm", "role:gm")]), firm(), "zhou");
    play.transfer("gm", "li").unwrap();
    play.world.people.insert("role:head".parse().unwrap(), vec![]);
    let events = play.act(Actor::Machine, Command::RoleRevoked { person: person("li") }).unwrap();
    assert_eq!((events.len(), play.open()), (0, vec!["gm:li".to_owned()]));
}

#[test]
fn it_does_not_come_straight_back_to_who_lost_the_role_meanwhile() {
    let mut play = Play::start(flow(vec![approve("gm", "role:gm")]), firm(), "zhou");
    play.send_back("gm", "start", Then::Direct).unwrap();
    play.world.people.insert("role:gm".parse().unwrap(), vec![person("new-gm")]);
    play.resubmit("zhou").unwrap();
    assert_eq!(play.open(), ["gm:new-gm"]);
}

#[test]
fn who_lost_the_role_while_waiting_in_line_is_passed_over() {
    for told in [true, false] {
        let mut play = Play::start(three(Decide::InOrder), firm(), "zhou");
        play.world.people.insert("role:three".parse().unwrap(), vec![person("a"), person("c")]);
        if told {
            play.act(Actor::Machine, Command::RoleRevoked { person: person("b") }).unwrap();
        }
        play.approve("a").unwrap();
        assert_eq!(play.open(), ["three:c"]);
        let why = play.events.iter().find_map(|event| match &event.kind {
            EventKind::Unqueued { why, .. } => Some(why.clone()),
            _ => None,
        });
        assert_eq!(why, Some(Undone::RoleRevoked));
    }
}

#[test]
fn a_running_request_goes_on_under_another_release_only_where_it_fits() {
    let other = zhupi_domain::ReleaseHash(zhupi_domain::ContentHash::of(&[b"other"]));
    let mut play = Play::start(two_steps(), firm(), "zhou");
    play.flow = flow(vec![approve("renamed", "role:head"), archive()]);
    let refused = play.by("admin", Command::Migrate { release: other });
    assert_eq!(refused, Err(Refusal::DoesNotFit { place: place("head") }));
    play.flow = flow(vec![approve("head", "role:head"), approve("fin", "role:fin"), archive()]);
    play.by("admin", Command::Migrate { release: other }).unwrap();
    assert_eq!(play.state().release, other);
    play.approve("li").unwrap();
    assert_eq!(play.open(), ["fin:fin"]);
}

#[test]
fn the_way_ahead_can_be_told_without_walking_it() {
    let steps = vec![
        approve("head", "role:head"),
        approve_with("gm", "role:gm", Decide::Any, |h| h.assign.on_self = OnSelf::Manager),
    ];
    let play = Play::start(flow(steps), firm(), "gm");
    let gm = play.flow.human(&place("gm")).unwrap().clone();
    let who = play.world.forecast(&play.flow, play.state(), &gm);
    assert!(
        matches!(who, Asked::People { candidates, .. } if candidates.len() == 1 && candidates[0].person == person("boss"))
    );
}

/// Nothing but the calendar has changed.
fn count_again() -> Command {
    Command::CountAgain { recounted: Vec::new() }
}

#[test]
fn a_new_calendar_moves_what_is_due_and_says_so() {
    let mut world = firm();
    world.no_calendar = true;
    let flow = flow(vec![approve_with("a", "role:head", Decide::Any, two_workdays)]);
    let mut play = Play::start(flow, world, "zhou");
    let deadline = |play: &Play| play.state().visits.values().next().unwrap().deadline.clone();
    assert_eq!(deadline(&play), Some(Deadline::NoCalendarData { year: 2027 }));
    play.world.no_calendar = false;
    let before = play.state().clone();
    let events = play.act(Actor::Machine, count_again()).unwrap();
    assert!(matches!(deadline(&play), Some(Deadline::At(_))));
    assert_eq!(events.len(), 1);
    let effects = effects(Some(&before), play.state(), &events);
    assert!(effects.contains(&Effect::RenewTask { task: TaskId(1), version: 1 }), "lists learn of it: {effects:?}");
    assert_eq!(play.act(Actor::Machine, count_again()).unwrap(), [], "nothing has changed since");
}

#[test]
fn what_a_policy_says_under_a_new_calendar_takes_the_place_of_what_it_said_and_nothing_else_does() {
    let flow = flow(vec![policy("m", "dates"), approve_with("a", "role:head", Decide::Any, two_workdays)]);
    let mut play = Play::start(flow, firm(), "zhou");
    play.machine().unwrap();
    let result = |play: &Play| play.state().results.values().next().unwrap().clone();
    let (before, (task, version)) = (result(&play), play.task("li"));
    let again = |visit, value| Command::CountAgain {
        recounted: vec![Recounted { visit, value, detail: json!({ "explanation": {} }) }],
    };
    assert_eq!(play.act(Actor::Machine, again(before.visit, before.value.clone())).unwrap(), [], "it says the same");
    assert_eq!(play.act(Actor::Machine, again(VisitId(9), json!({}))).unwrap(), [], "no step left that");

    let events = play.act(Actor::Machine, again(before.visit, json!({ "due": "2027-01-05" }))).unwrap();
    let kinds = [EventKind::Recounted {
        visit: before.visit,
        value: json!({ "due": "2027-01-05" }),
        detail: json!({ "explanation": {} }),
    }];
    assert_eq!(events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>(), kinds);
    let after = result(&play);
    assert_eq!((after.value, after.at, after.visit), (json!({ "due": "2027-01-05" }), before.at, before.visit));
    let stale = Command::Approve { task, version, comment: None, form: None };
    assert!(matches!(play.by("li", stale), Err(Refusal::Stale { .. })), "who decides looks at it first");
}
