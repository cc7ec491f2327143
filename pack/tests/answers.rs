//! What a release answers: people, branches, deadlines, machine steps, rights and readers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use zhupi_domain::calendar::{Calendar, CalendarData};
use zhupi_domain::directory::{Department, Directory, Person, RoleGrant};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, Locale, Name, PersonId};
use zhupi_engine::{
    Actor, Answer, Deadline, Event, EventKind, Instance, Place, Problem, Question, ResultValue, Selector, apply,
};
use zhupi_forms::Right;
use zhupi_pack::answers::{self, Found, MachineAnswer, Sight, World};
use zhupi_pack::{Pack, Release};

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// The good pack with some files replaced, without its cases.
fn release(changes: &[(&str, &str)]) -> Release {
    let mut files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap();
    files.retain(|path, _| !path.starts_with("cases/"));
    files.extend(changes.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let checked = Pack::read(&files);
    checked.release.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

fn person(id: &str, department: Option<&str>, roles: &[&str]) -> Person {
    let grant = |text: &&str| match text.split_once('@') {
        Some((role, department)) => RoleGrant { role: name(role), department: Some(name(department)) },
        None => RoleGrant { role: name(text), department: None },
    };
    Person {
        id: PersonId::new(id),
        name: id.into(),
        login: None,
        email: None,
        department: department.map(name),
        post: None,
        roles: roles.iter().map(grant).collect(),
        manager: None,
        attributes: BTreeMap::from([(name("base_pay"), "8000.00".to_owned())]),
        language: Locale::Zh,
        substitutes: Vec::new(),
        active: true,
    }
}

/// gm heads the firm, zhao sales; li and wang are in sales, old has left.
fn directory() -> Directory {
    let mut old = person("a-old", Some("sales"), &["sales-head"]);
    old.active = false;
    let people = [
        person("gm", Some("firm"), &["general-manager", "finance"]),
        person("zhao", Some("sales"), &["sales-head@sales"]),
        person("li", Some("sales"), &["salesperson"]),
        person("wang", Some("sales"), &["finance"]),
        old,
    ];
    let department = |id: &str, parent: Option<&str>, head: &str| Department {
        id: name(id),
        name: id.into(),
        parent: parent.map(name),
        head: Some(PersonId::new(head)),
    };
    Directory {
        version: 1,
        people: people.into_iter().map(|person| (person.id.clone(), person)).collect(),
        departments: [department("firm", None, "gm"), department("sales", Some("firm"), "zhao")]
            .into_iter()
            .map(|department| (department.id.clone(), department))
            .collect(),
    }
}

struct Set {
    release: Release,
    directory: Directory,
    calendar: Calendar,
    now: Instant,
}

impl Set {
    fn new(changes: &[(&str, &str)]) -> Self {
        Self::of(release(changes))
    }

    fn of(release: Release) -> Self {
        let calendar = release.company().calendar(&CalendarData::default());
        let now = calendar.at("2026-03-02".parse().unwrap(), "09:00:00".parse().unwrap()).unwrap();
        Self { release, directory: directory(), calendar, now }
    }

    fn at(mut self, date: &str, time: &str) -> Self {
        self.now = self.calendar.at(date.parse().unwrap(), time.parse().unwrap()).unwrap();
        self
    }

    fn world(&self) -> World<'_> {
        World { directory: &self.directory, calendar: &self.calendar, now: self.now }
    }

    /// A request of li's, just submitted.
    fn instance(&self, form: Json) -> Instance {
        let kind = EventKind::Submitted {
            open: false,
            flow: name("bad-debt"),
            release: self.release.hash(),
            initiator: PersonId::new("li"),
            subject: PersonId::new("li"),
            period: Period::parse("2026-03"),
            number: "HZ-1".into(),
            form: form.as_object().unwrap().clone(),
        };
        apply(None, &Event { at: self.now, by: Actor::Person(PersonId::new("li")), kind }).unwrap()
    }

    fn run(&self, step: &str, instance: &Instance, facts: &[(&str, Json)]) -> MachineAnswer {
        let step = name(step).into();
        let wanted = answers::machine_inputs(&self.release, instance, &step, &self.world());
        let mut found = Found::default();
        for query in wanted.facts {
            let fits = |kind: &str| query.kind.as_str() == kind;
            let bodies = facts.iter().filter(|(kind, _)| fits(kind)).map(|(_, body)| body.clone()).collect();
            found.facts.insert(query.input, bodies);
        }
        answers::run_machine(&self.release, instance, &step, &self.world(), &found)
    }
}

fn ids(selectors: &[&str], set: &Set) -> Vec<String> {
    let selectors: Vec<Selector> = selectors.iter().map(|text| text.parse().unwrap()).collect();
    let instance = set.instance(json!({ "amount": "1.00", "who": "wang", "left": "a-old" }));
    let (company, directory) = (set.release.company(), &set.directory);
    answers::people(&selectors, Sight { company, instance: &instance, directory, item: None })
        .into_iter()
        .map(|(person, selector)| format!("{person} {selector}"))
        .collect()
}

#[test]
fn people_come_in_the_order_of_selectors_then_ids_and_nobody_twice() {
    let set = Set::new(&[]);
    assert_eq!(ids(&["role:finance"], &set), ["gm role:finance", "wang role:finance"]);
    assert_eq!(ids(&["form.who", "role:finance"], &set), ["wang form.who", "gm role:finance"]);
    assert_eq!(ids(&["role:sales-head"], &set), [""; 0], "held for one department only, or by somebody who has left");
    assert_eq!(ids(&["role:sales-head@initiator"], &set), ["zhao role:sales-head@initiator"]);
    assert_eq!(ids(&["head-of:initiator", "manager-of:initiator"], &set), ["zhao head-of:initiator"]);
    assert_eq!(ids(&["manager-of:initiator^2", "manager-of:subject^3"], &set), ["gm manager-of:initiator^2"]);
    assert_eq!(ids(&["form.left", "form.nothing", "person:a-old"], &set), [""; 0]);
    assert_eq!(ids(&["head-of:form.left"], &set), ["zhao head-of:form.left"], "who has left still had a department");
}

#[test]
fn a_deadline_counts_working_time_and_says_where_data_ends() {
    let answer = |set: &Set| {
        let question = Question::Deadline { step: name("sales-head").into(), from: set.now };
        answers::answer(&set.release, &question, &set.instance(json!({})), &set.world(), &Found::default())
    };
    let Answer::Deadline { deadline: Some(Deadline::At(at)), timers } = answer(&Set::new(&[])) else {
        panic!("a deadline")
    };
    assert_eq!(at.to_string(), "2026-03-03T10:00:00.000000Z");
    let alarms: Vec<_> = timers.iter().map(|timer| (timer.number, timer.rule, timer.at.to_string())).collect();
    assert_eq!(
        alarms,
        [
            (0, None, at.to_string()),
            (1, Some(0), at.to_string()),
            (2, Some(1), "2026-03-04T10:00:00.000000Z".to_owned()),
        ]
    );
    let late = Set::new(&[]).at("2026-12-31", "17:00:00");
    let Answer::Deadline { deadline, timers } = answer(&late) else { panic!("an answer") };
    assert_eq!((deadline, timers.len()), (Some(Deadline::NoCalendarData { year: 2027 }), 0));
}

const HOURS: &str = "
policy: credit.limits
kind: decision
inputs: { day: date }
outputs: { by: datetime, all: [ { by: datetime } ], never: { type: datetime, optional: true } }
";

#[test]
fn a_deadline_may_be_a_moment_that_a_policy_names_or_the_end_of_a_day() {
    let at = |due: &str| {
        let steps = STEP.replace("{ amount: form.amount }", "{ day: date(\"2026-03-06\") }");
        let steps = format!("{steps}\n  - step: second\n    approve: {{ by: role:finance }}\n    due: {due}");
        let script = "fn main(day) { let by = at(day, \"12:00\"); #{ by: by, all: [ #{ by: by } ] } }";
        let set = Set::new(&[
            ("flows/bad-debt.yaml", &FLOW.replace("STEPS", &steps)),
            ("policies/credit/limits.yaml", HOURS),
            ("policies/credit/limits.rhai", script),
        ]);
        let mut instance = set.instance(json!({ "amount": "20.00" }));
        let MachineAnswer::Policy { value, .. } = set.run("limits", &instance, &[]) else { panic!("an answer") };
        let result = ResultValue { value, by: None, at: set.now, visit: instance.last_visit, signed: Vec::new() };
        instance.results.insert(name("limits").into(), result);
        let question = Question::Deadline { step: name("second").into(), from: set.now };
        match answers::answer(&set.release, &question, &instance, &set.world(), &Found::default()) {
            Answer::Deadline { deadline: Some(Deadline::At(at)), .. } => set.calendar.local(at).to_string(),
            Answer::Deadline { deadline: None, timers } if timers.is_empty() => "none".to_owned(),
            Answer::Deadline { deadline: Some(Deadline::NoCalendarData { year }), .. } => format!("{year}?"),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(at("at limits.data.by"), "2026-03-06 12:00:00", "in the company's zone");
    assert_eq!(at("2 hours before max(limits.data.all.by)"), "2026-03-06 10:00:00");
    assert_eq!(at("at date(limits.data.by)"), "2026-03-07 00:00:00", "a day lasts until it is over");
    assert_eq!(at("2 hours before date(limits.data.by)"), "2026-03-05 22:00:00", "before a day is before it begins");
    assert_eq!(at("at add_workdays(date(limits.data.by), 1)"), "2026-03-10 00:00:00");
    assert_eq!(at("at add_workdays(date(\"2026-12-31\"), 1)"), "2027?", "a year that nobody has entered is said");
    assert_eq!(at("at limits.data.never"), "none", "what is not there is not due");
    assert_eq!(at("2 hours before limits.data.never"), "none");
}

#[test]
fn the_first_branch_that_holds_is_taken() {
    let set = Set::new(&[]);
    let branch = |form: Json| {
        let question = Question::Branch(0.into());
        answers::answer(&set.release, &question, &set.instance(form), &set.world(), &Found::default())
    };
    assert_eq!(branch(json!({ "amount": "50000.01" })), Answer::Branch(Ok(0)));
    assert_eq!(branch(json!({ "amount": "50000.00" })), Answer::Branch(Ok(1)));
    assert_eq!(branch(json!({})), Answer::Branch(Ok(1)), "nothing filled in is not more than anything");
    let flow = FLOW.replace("STEPS", "  - choose: [ { when: form.amount / 0 > 1, steps: [] }, { otherwise: [] } ]");
    let broken = Set::new(&[("flows/bad-debt.yaml", &flow)]);
    let world = broken.world();
    let form = broken.instance(json!({ "amount": "1.00" }));
    let question = Question::Branch(0.into());
    let Answer::Branch(Err(message)) = answers::answer(&broken.release, &question, &form, &world, &Found::default())
    else {
        panic!("a condition that cannot be judged")
    };
    assert!(message.zh().contains("form.amount / 0 > 1") && message.en() != message.zh(), "{message:?}");
}

/// A small flow around some steps.
const FLOW: &str = "
flow: bad-debt
title: 坏账
form: bad-debt
start: [ { by: anyone } ]
period: month
steps:
STEPS
";

const CONTRACT: &str = "
policy: credit.limits
kind: decision
inputs:
  amount: money
  pay: { type: money, from: people.base_pay }
  days: { list: date, from: calendar.extra_workdays }
  last: { type: money, from: fact:commission, match: { salesperson: subject.id, month: period.text }, take: amount, pick: PICK, PRESENCE }
  rate: { type: rate, from: param:bad-debt-rate }
outputs: { left: money, seen: money, days: count, rate: rate }
refusals: [ { code: too_much, data: { by: money } } ]
";

const SCRIPT: &str = "
fn main(amount, pay, days, last, rate) {
    if amount > pay { refuse(\"too_much\", #{ by: yuan(amount - pay) }); }
    #{ left: yuan(pay - amount), seen: yuan(last ?? 0), days: days.len(), rate: rate }
}
";

/// A pack whose flow evaluates the policy above.
fn limits(pick: &str, presence: &str, steps: &str) -> Set {
    let flow = FLOW.replace("STEPS", steps);
    let ty = match pick {
        "all" => ("  last: { type: money,", "  last: { list: money,"),
        "count" => ("  last: { type: money,", "  last: { type: count,"),
        _ => ("", ""),
    };
    let contract = CONTRACT.replace("PICK", pick).replace(", PRESENCE", presence).replace(ty.0, ty.1);
    let script = match pick {
        "all" => SCRIPT.replace("last ?? 0", "sum(last)"),
        _ => SCRIPT.to_owned(),
    };
    Set::new(&[
        ("flows/bad-debt.yaml", &flow),
        ("policies/credit/limits.yaml", &contract),
        ("policies/credit/limits.rhai", &script),
    ])
}

const STEP: &str = "  - { step: limits, policy: { run: credit.limits, into: limits, with: { amount: form.amount } } }";

#[test]
fn a_policy_takes_what_its_contract_says() {
    let facts = [
        ("commission", json!({ "salesperson": "li", "month": "2026-03", "amount": "10.00" })),
        ("commission", json!({ "salesperson": "li", "month": "2026-03", "amount": "32.50" })),
    ];
    for (pick, presence, facts, seen) in [
        ("latest", "", &facts[..], Some("32.50")),
        ("sum", "", &facts[..], Some("42.50")),
        ("sum", "", &[], Some("0.00")),
        ("all", "", &facts[..], Some("42.50")),
        ("count", "", &facts[..], Some("2.00")),
        ("only", "", &facts[..1], Some("10.00")),
        ("only", "", &facts[..], None),
        ("only", "", &[], None),
        ("only", ", optional: true", &[], Some("0.00")),
        ("latest", ", default: \"7.00\"", &[], Some("7.00")),
    ] {
        let set = limits(pick, presence, STEP);
        let instance = set.instance(json!({ "amount": "3000.00" }));
        match (set.run("limits", &instance, facts), seen) {
            (MachineAnswer::Policy { value, detail }, Some(seen)) => {
                let days = value["data"]["days"].as_i64().unwrap();
                let expected = json!({
                    "accepted": true,
                    "data": { "left": "5000.00", "seen": seen, "days": days, "rate": "0.30" },
                    "assumed": [],
                });
                assert_eq!(value, expected, "{pick} {presence}");
                assert!(days > 0, "make-up workdays of the shipped calendar");
                assert_eq!(detail["policy"], "credit.limits");
                assert_eq!(detail["on"], "2026-03-31", "the last day of the period");
            }
            (MachineAnswer::Failed { problem: Problem::Failed { .. }, .. }, None) => {}
            (other, _) => panic!("{pick} {presence}: {other:?}"),
        }
    }
}

#[test]
fn facts_are_looked_up_by_their_keys() {
    let set = limits("only", "", STEP);
    let instance = set.instance(json!({ "amount": "1.00" }));
    let wanted = answers::machine_inputs(&set.release, &instance, &name("limits").into(), &set.world());
    let [query] = wanted.facts.as_slice() else { panic!("{wanted:?}") };
    assert_eq!((query.input.as_str(), query.kind.as_str()), ("last", "commission"));
    let keys = [("month", "2026-03"), ("salesperson", "li")];
    assert_eq!(query.matching, keys.map(|(field, value)| (field.to_owned(), value.to_owned())).into());
}

#[test]
fn a_refusal_goes_on_only_where_the_flow_looks_at_it() {
    let unseen = limits("only", ", optional: true", STEP);
    let instance = unseen.instance(json!({ "amount": "8000.01" }));
    let MachineAnswer::Failed { problem, detail } = unseen.run("limits", &instance, &[]) else { panic!("an incident") };
    assert_eq!(problem, Problem::Refused { code: "too_much".into() });
    assert_eq!(detail["data"], json!({ "by": "0.01" }));

    let looks = format!("{STEP}\n  - choose: [ {{ when: not limits.accepted, steps: [] }}, {{ otherwise: [] }} ]");
    let seen = limits("only", ", optional: true", &looks);
    let MachineAnswer::Policy { value, .. } = seen.run("limits", &instance, &[]) else { panic!("an answer") };
    assert_eq!(value, json!({ "accepted": false, "reason": "too_much", "data": { "by": "0.01" }, "assumed": [] }));
}

#[test]
fn a_record_is_what_the_facts_form_accepts() {
    let step =
        "  - { step: book, record: { fact: bad-debt, set: { customer: form.customer_no, amount: form.amount * 2 } } }";
    let set = Set::new(&[("flows/bad-debt.yaml", &FLOW.replace("STEPS", step))]);
    let record = |form: Json| set.run("book", &set.instance(form), &[]);
    let MachineAnswer::Record { fact, body, keys, .. } = record(json!({ "customer_no": "K-1", "amount": "1.5" }))
    else {
        panic!("a record")
    };
    assert_eq!((fact.as_str(), body), ("bad-debt", json!({ "customer": "K-1", "amount": "3.00" })));
    assert_eq!(keys, [("customer".to_owned(), "K-1".to_owned())]);
    let MachineAnswer::Failed { problem: Problem::Failed { said }, .. } = record(json!({ "amount": "1.5" })) else {
        panic!("nothing to look it up by")
    };
    assert!(said.zh().contains("客户编号") && said.en() != said.zh(), "{said:?}");
}

#[test]
fn rights_follow_the_step() {
    let set = Set::new(&[]);
    let flow = set.release.flow(&name("bad-debt")).unwrap();
    let right = |place: &Place, field: &str| answers::rights(&set.release, flow, place).of(field);
    let step = |text: &str| Place::Step(name(text).into());
    assert_eq!(right(&Place::Start, "amount"), Right::Editable);
    assert_eq!(right(&step("sales-head"), "amount"), Right::Readonly);
    assert_eq!(right(&step("sales-head"), "opinion"), Right::Required);
    assert_eq!(right(&step("finance"), "amount"), Right::Readonly, "it fills a form of its own");
    assert_eq!(right(&step("nowhere"), "amount"), Right::Readonly);
}

#[test]
fn who_may_start_holds_a_role_that_starts() {
    let set = Set::new(&[]);
    let flow = set.release.flow(&name("bad-debt")).unwrap();
    let may = |id: &str| answers::may_start(flow, &PersonId::new(id), &set.directory);
    assert!(may("li"));
    assert!(!may("zhao"));
    assert!(!may("nobody"));
}

/// A release whose flow is visible to a selector; read once.
fn visible_to(selector: &str) -> Release {
    static READ: Mutex<BTreeMap<String, Release>> = Mutex::new(BTreeMap::new());
    let form = r#"{ "title": "谁", "type": "object", "properties": { "who": { "type": "string", "format": "person", "title": "谁" } } }"#;
    let read = || {
        let flow = FLOW
            .replace("period: month", &format!("visible: {selector}"))
            .replace("STEPS", "  - { step: a, approve: { by: role:finance } }")
            .replace("form: bad-debt", "form: who");
        release(&[("flows/bad-debt.yaml", &flow), ("forms/who.json", form)])
    };
    READ.lock().unwrap().entry(selector.to_owned()).or_insert_with(read).clone()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever a selector under `visible` names may read, and nobody else does because of it.
    #[test]
    fn readers_are_those_whom_the_flow_names(
        selector in prop::sample::select(vec![
            "role:finance", "role:finance@initiator", "role:sales-head@initiator", "head-of:initiator", "person:gm",
            "manager-of:initiator", "anyone", "form.who",
        ]),
        departments in prop::collection::vec(prop::option::of(0..3usize), 6),
        grants in prop::collection::vec(0..6usize, 6),
        parent in prop::option::of(0..3usize),
        heads in prop::collection::vec(prop::option::of(0..6usize), 3),
        left in 0..6usize,
    ) {
        let people = ["gm", "li", "wang", "p3", "p4", "p5"];
        let places = ["d0", "d1", "d2"];
        let roles: [&[&str]; 6] = [&[], &["finance"], &["finance@d0"], &["finance@d1", "sales-head@d0"], &["sales-head"], &["sales-head@d2"]];
        let mut directory = Directory::default();
        for (index, id) in people.iter().enumerate() {
            let mut person = person(id, departments[index].map(|at| places[at]), roles[grants[index]]);
            person.active = index != left || *id == "li";
            directory.people.insert(person.id.clone(), person);
        }
        for (index, id) in places.iter().enumerate() {
            let head = heads[index].map(|at| PersonId::new(people[at]));
            let parent = parent.filter(|at| index > 0 && *at < index).map(|at| name(places[at]));
            directory.departments.insert(name(id), Department { id: name(id), name: (*id).into(), parent, head });
        }
        let set = Set { directory, ..Set::of(visible_to(selector)) };
        let instance = set.instance(json!({ "who": "wang" }));
        let readers: BTreeSet<String> = answers::reader_keys(&set.release, &instance, &set.directory).into_iter().collect();
        let (company, directory) = (set.release.company(), &set.directory);
        let sight = Sight { company, instance: &instance, directory, item: None };
        let named = answers::people(&[selector.parse().unwrap()], sight);
        let named: BTreeSet<&str> = named.iter().map(|(person, _)| person.as_str()).collect();
        for id in people {
            let viewer = answers::viewer_keys(&PersonId::new(id), &set.directory);
            let reads = viewer.iter().any(|key| readers.contains(key));
            let active = set.directory.active(&PersonId::new(id)).is_some();
            prop_assert_eq!(reads, active && (id == "li" || named.contains(id)), "{} {:?} {:?}", id, readers, named);
        }
    }
}

const MANY: &str = "
policy: credit.limits
kind: decision
inputs:
  amount: money
  customer: { type: text, optional: true }
  open: { list: { customer: text, amount: money }, from: fact:bad-debt, match: { customer: customer }, pick: all, PRESENCE }
outputs: { left: money }
";

/// A pack whose policy adds up the bad debts of a customer whom the form may leave out.
fn debts(presence: &str) -> Set {
    let steps = STEP.replace("{ amount: form.amount }", "{ amount: form.amount, customer: form.customer_no }");
    let script = "fn main(amount, open) { #{ left: yuan(amount - sum(open ?? [], \"amount\")) } }";
    Set::new(&[
        ("flows/bad-debt.yaml", &FLOW.replace("STEPS", &steps)),
        ("policies/credit/limits.yaml", &MANY.replace(", PRESENCE", presence)),
        ("policies/credit/limits.rhai", script),
    ])
}

#[test]
fn a_fact_may_hold_more_than_the_policy_asks_for() {
    let set = debts("");
    let facts = [
        ("bad-debt", json!({ "customer": "K-1", "amount": "10.00", "carried": "3.00" })),
        ("bad-debt", json!({ "customer": "K-1", "amount": "0.50" })),
    ];
    let instance = set.instance(json!({ "amount": "20.00", "customer_no": "K-1" }));
    match set.run("limits", &instance, &facts) {
        MachineAnswer::Policy { value, .. } => assert_eq!(value["data"], json!({ "left": "9.50" })),
        other => panic!("{other:?}"),
    }
}

#[test]
fn facts_that_nothing_was_looked_up_by_are_not_the_same_as_none() {
    let without = json!({ "amount": "20.00" });
    let set = debts("");
    let MachineAnswer::Failed { detail, .. } = set.run("limits", &set.instance(without.clone()), &[]) else {
        panic!("nobody knows whose debts to add up")
    };
    assert_eq!((&detail["code"], &detail["file"]), (&json!("policy-facts"), &json!("policies/credit/limits.yaml")));
    assert_eq!((&detail["line"], detail["hints"].as_array().map(Vec::len)), (&json!(7), Some(2)));
    let message = detail["message"]["zh"].as_str().unwrap();
    assert_eq!(message, "输入 open 的查找条件 customer（customer）没有值");

    let set = debts(", optional: true");
    match set.run("limits", &set.instance(without), &[]) {
        MachineAnswer::Policy { value, .. } => {
            assert_eq!(value["data"], json!({ "left": "20.00" }), "the contract says so")
        }
        other => panic!("{other:?}"),
    }
}
