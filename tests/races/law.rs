//! What must be so after every round, whoever was faster.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::office::Attempted;
use crate::records::{Event, Records, Task};

/// Kinds of event that are somebody's act.
const ACTS: [&str; 9] =
    ["approved", "filled", "voted", "rejected", "returned", "transferred", "resubmitted", "withdrawn", "cancelled"];
/// Kinds of event that a timer leaves.
const TIMERS: [&str; 3] = ["overdue", "reminded", "escalated"];
/// Kinds of event that close a task.
const CLOSING: [&str; 8] =
    ["approved", "filled", "voted", "rejected", "returned", "transferred", "resubmitted", "task_cancelled"];
/// How a loser is told.
const TOLD: [(u16, &str); 6] = [
    (409, "task_closed"),
    (409, "task_changed"),
    (409, "instance_ended"),
    (409, "already_asked"),
    (403, "not_yours"),
    (403, "not_initiator"),
];
/// How one is told who lost the right meanwhile.
pub const SHUT_OUT: [(u16, &str); 2] = [(401, "not_logged_in"), (403, "forbidden")];

/// What happened in a round.
pub struct Round<'a> {
    pub records: &'a Records,
    pub instance: &'a str,
    /// How many events there were before it.
    pub before: usize,
    pub attempted: &'a [Attempted],
    /// Answers beside the usual ones that a loser may get.
    pub also_told: &'a [(u16, &'static str)],
}

impl Round<'_> {
    /// Holds the round to the law, and answers the kinds of what was done in it, in the order in which it happened.
    pub async fn judge(&self) -> Vec<String> {
        let events = self.records.events(self.instance).await;
        let tasks = self.records.tasks(self.instance).await;
        let happened = &events[self.before..];
        self.one_effect_for_each_success(happened);
        self.losers_are_told_why(happened);
        every_task_is_closed_once(&events, &tasks);
        every_visit_ends_once(&events);
        self.lists_agree_with_the_history(&events, &tasks).await;
        self.one_notice_for_each_effect(&events, &tasks).await;
        let kinds = happened.iter().map(|event| event.kind.clone());
        kinds.filter(|kind| ACTS.contains(&kind.as_str()) || TIMERS.contains(&kind.as_str())).collect()
    }

    fn one_effect_for_each_success(&self, happened: &[Event]) {
        let acts = happened.iter().filter(|event| ACTS.contains(&event.kind.as_str()));
        let mut done: Vec<(String, &str)> = acts.map(|event| (event.actor.clone(), event.kind.as_str())).collect();
        let won = self.attempted.iter().filter(|attempted| attempted.reply.status == 200);
        let mut told: Vec<(String, &str)> =
            won.map(|attempted| (format!("person:{}", attempted.who.id), attempted.act.kind())).collect();
        done.sort();
        told.sort();
        assert_eq!(told, done, "what was acknowledged and what happened, of {}", self.instance);
    }

    fn losers_are_told_why(&self, happened: &[Event]) {
        let won = self.attempted.iter().filter(|attempted| attempted.reply.status == 200);
        let winners: BTreeSet<&str> = won.map(|attempted| attempted.who.name.as_str()).collect();
        for lost in self.attempted.iter().filter(|attempted| attempted.reply.status != 200) {
            let (act, reply) = (&lost.act, &lost.reply);
            let code = reply.body["code"].as_str().unwrap_or_default();
            let known = TOLD.iter().chain(self.also_told).any(|told| *told == (reply.status, code));
            assert!(known, "{act:?} of {}: {} {}", lost.who.id, reply.status, reply.body);
            if code == "task_closed" {
                let detail = reply.body["detail"].as_str().unwrap();
                // Where nobody acted, it was taken back from its holder: then they are named with the reason.
                let own = winners.is_empty().then_some(lost.who.name.as_str());
                let named = winners.iter().copied().chain(own).any(|name| detail.contains(name));
                let kinds = || happened.iter().map(|event| &event.kind).collect::<Vec<_>>();
                assert!(named, "{act:?} of {}: `{detail}` names nobody who acted: {:?}", lost.who.id, kinds());
            }
        }
    }

    /// A running request waits for somebody or something that can be seen; an ended one for nothing.
    async fn lists_agree_with_the_history(&self, events: &[Event], tasks: &[Task]) {
        let standing = self.records.standing(self.instance).await;
        let open = tasks.iter().filter(|task| task.is_open).count();
        assert_eq!(standing.version, events.len() as u64, "{} is folded from its events", self.instance);
        match standing.status.as_str() {
            "running" => assert!(open > 0 || standing.incidents > 0 || standing.machines > 0, "{standing:?}"),
            _ => assert_eq!((open, standing.timers, standing.incidents), (0, 0, 0), "{standing:?}"),
        }
        let ends = |event: &&Event| ["withdrawn", "cancelled", "ended", "rejected"].contains(&event.kind.as_str());
        let ended = events.iter().filter(ends).count();
        assert_eq!(ended, usize::from(standing.status != "running"), "{} ends once: {standing:?}", self.instance);
    }

    /// A new task is told once, and so is the end.
    async fn one_notice_for_each_effect(&self, events: &[Event], tasks: &[Task]) {
        let mut of_task: BTreeMap<u64, usize> = BTreeMap::new();
        let (mut of_end, mut overdue) = (0, 0);
        for notice in self.records.notices(self.instance).await {
            match notice["tell"].as_str() {
                Some("task") => *of_task.entry(notice["task"].as_u64().unwrap()).or_default() += 1,
                Some("overdue") => overdue += 1,
                Some("ended") => of_end += 1,
                _ => panic!("{notice}"),
            }
        }
        let once: BTreeMap<u64, usize> = tasks.iter().map(|task| (task.number, 1)).collect();
        assert_eq!(of_task, once, "every task of {} was told once", self.instance);
        let reminded = |event: &&Event| event.kind == "reminded";
        let people = events.iter().filter(reminded).map(|event| event.body["people"].as_array().map_or(0, Vec::len));
        assert_eq!(overdue, people.sum::<usize>(), "reminders of {}", self.instance);
        let standing = self.records.standing(self.instance).await;
        // Who withdraws a request of their own need not be told that it is over.
        let told = ["running", "withdrawn"].iter().all(|status| standing.status != *status);
        assert_eq!(of_end, usize::from(told), "the end of {}", self.instance);
    }
}

/// Each task is closed by one event, or by none while it is open.
fn every_task_is_closed_once(events: &[Event], tasks: &[Task]) {
    let mut closed: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for event in events.iter().filter(|event| CLOSING.contains(&event.kind.as_str())) {
        let number = event.body.get("task").and_then(Value::as_u64).unwrap();
        closed.entry(number).or_default().push(&event.kind);
    }
    for task in tasks {
        let by = closed.remove(&task.number).unwrap_or_default();
        assert_eq!(by.len(), usize::from(!task.is_open), "{task:?} was closed by {by:?}");
    }
    let unlisted = closed.into_values().filter(|by| by.len() > 1);
    assert_eq!(unlisted.count(), 0, "a task that no list showed was closed twice");
}

/// Time and again through a step: each visit is closed once, and what it came to is told once.
fn every_visit_ends_once(events: &[Event]) {
    let mut ends: BTreeMap<(&str, u64), usize> = BTreeMap::new();
    for event in events.iter().filter(|event| ["visit_closed", "decided"].contains(&event.kind.as_str())) {
        *ends.entry((&event.kind, event.body["visit"].as_u64().unwrap())).or_default() += 1;
    }
    assert!(ends.values().all(|times| *times == 1), "a visit ended twice: {ends:?}");
}
