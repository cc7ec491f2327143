//! Who acts for somebody else, and where nobody does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use support::*;
use zhupi_engine::*;

fn people() -> World {
    World::new(&[("role:a", &["ann"]), ("role:b", &["bob"]), ("role:gm", &["gm"]), ("role:three", &["x", "y", "z"])])
}

#[test]
fn a_substitute_acts_for_the_holder_but_not_on_their_own_request() {
    let flow = || flow(vec![approve("a", "role:a"), approve("gm", "role:gm")]);
    let mut world = people();
    world.substitutes.insert(person("ann"), vec![person("sub")]);
    let mut play = Play::start(flow(), world.clone(), "init");
    let (task, version) = play.task("ann");
    let approve = || Command::Approve { task, version, comment: None, form: None };
    assert_eq!(play.by("bob", approve()), Err(Refusal::NotYours));
    play.by("sub", approve()).unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
    assert!(play.state().passed.iter().any(|passed| passed.people == [person("ann"), person("sub")]));

    let mut own = Play::start(flow(), world, "sub");
    assert_eq!(own.by("sub", approve()), Err(Refusal::OwnRequest));
    let reject = Command::Reject { task, version, comment: "no".into() };
    assert_eq!(own.by("sub", reject), Err(Refusal::OwnRequest), "nor ends it in another's name");
}

#[test]
fn one_person_has_one_voice_at_a_step() {
    let flow = flow(vec![approve_with("a", "role:both", Decide::All, |_| ())]);
    let mut world = people();
    world.people.insert("role:both".parse().unwrap(), ["ann", "bob", "carl"].map(person).to_vec());
    world.substitutes.insert(person("ann"), vec![person("bob"), person("sub")]);
    world.substitutes.insert(person("carl"), vec![person("sub")]);
    let mut play = Play::start(flow, world, "init");
    let of = |play: &Play, who: &str| {
        let (task, version) = play.task(who);
        Command::Approve { task, version, comment: None, form: None }
    };
    let for_ann = of(&play, "ann");
    assert_eq!(play.by("bob", for_ann.clone()), Err(Refusal::OneVoice), "he is asked himself");
    play.approve("bob").unwrap();
    assert_eq!(play.by("bob", for_ann.clone()), Err(Refusal::OneVoice), "he has agreed himself");
    play.by("sub", for_ann).unwrap();
    let for_carl = of(&play, "carl");
    assert_eq!(play.by("sub", for_carl), Err(Refusal::OneVoice), "and nobody signs for two");
    play.approve("carl").unwrap();
    assert!(!play.state().is_running());
}

#[test]
fn who_may_decide_about_themselves_is_not_who_stands_in_for_them() {
    let flow = flow(vec![approve_with("a", "role:a", Decide::Any, |human| human.assign.on_self = OnSelf::Allow)]);
    let mut world = people();
    world.substitutes.insert(person("ann"), vec![person("sub")]);
    let mut play = Play::start(flow.clone(), world.clone(), "sub");
    let (task, version) = play.task("ann");
    let approve = || Command::Approve { task, version, comment: None, form: None };
    assert_eq!(play.by("sub", approve()), Err(Refusal::OwnRequest));
    play.approve("ann").unwrap();

    let mut own = Play::start(flow, world, "ann");
    own.by("sub", approve()).unwrap();
}

#[test]
fn what_a_substitute_agreed_to_its_holder_has_not_seen() {
    let mut flow = flow(vec![approve("a", "role:a"), approve("b", "role:both")]);
    flow.on_twice = OnTwice::Once;
    let mut world = people();
    world.people.insert("role:both".parse().unwrap(), vec![person("ann")]);
    world.substitutes.insert(person("ann"), vec![person("sub")]);
    let mut play = Play::start(flow.clone(), world.clone(), "init");
    let (task, version) = play.task("ann");
    play.by("sub", Command::Approve { task, version, comment: None, form: None }).unwrap();
    assert_eq!(play.open(), ["b:ann"], "nothing is skipped because she agreed: she did not");

    let mut herself = Play::start(flow, world, "init");
    herself.approve("ann").unwrap();
    assert!(!herself.state().is_running(), "who agreed herself is not asked twice");
}

#[test]
fn what_came_back_is_mended_by_its_initiator_alone() {
    let mut world = people();
    world.substitutes.insert(person("init"), vec![person("sub")]);
    let mut play = Play::start(flow(vec![approve("a", "role:a")]), world, "init");
    play.send_back("ann", "start", Then::Restart).unwrap();
    let (task, version) = play.task("init");
    let mend = Command::Resubmit { task, version, comment: None, form: Default::default() };
    assert_eq!(play.by("sub", mend), Err(Refusal::NotYours));
}

#[test]
fn nobody_casts_two_ballots_of_a_committee() {
    let flow = flow(vec![vote("committee", "role:three", |_| {}), approve("gm", "role:gm")]);
    let mut world = people();
    world.substitutes.insert(person("x"), vec![person("y"), person("sub")]);
    world.substitutes.insert(person("z"), vec![person("sub")]);
    let mut play = Play::start(flow, world, "init");
    let ballot = |play: &Play, of: &str| {
        let (task, version) = play.task(of);
        Command::Vote { task, version, ballot: Ballot::Yes, comment: None, minutes: None }
    };
    let (of_x, of_z) = (ballot(&play, "x"), ballot(&play, "z"));
    assert_eq!(play.by("y", of_x.clone()), Err(Refusal::OneVoice), "a member casts their own");
    play.by("sub", of_x).unwrap();
    assert_eq!(play.by("sub", of_z), Err(Refusal::OneVoice), "and a substitute one");
    play.ballot("y", Ballot::Yes).unwrap();
    assert_eq!(play.open(), ["gm:gm"]);
}
