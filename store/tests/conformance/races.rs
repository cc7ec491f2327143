//! Many at once: one winner, nothing lost, nobody harmed by who goes away.
//!
//! `ZHUPI_RACES` says how many rounds; few by default, at least a thousand in the gate.

use std::collections::BTreeSet;
use std::time::Duration;

use sqlx::{Connection, PgConnection};
use zhupi_domain::InstanceId;
use zhupi_store::*;

use crate::support::*;

on_both![
    a_task_has_one_winner,
    a_request_sent_fifty_times_at_once_happens_once,
    whoever_retries_after_a_conflict_gets_through,
    callers_who_go_away_harm_nobody,
    a_number_taken_by_who_goes_away_is_not_given_again,
];

fn rounds(few: u64) -> u64 {
    std::env::var("ZHUPI_RACES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(few)
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

async fn a_task_has_one_winner(fixture: Fixture) {
    let mut dice = Dice(1);
    for round in 0..rounds(40) {
        let id = instance_id(round);
        committed(fixture.store.commit(start(&id, "person:wang")).await);
        let racers = (0..2 + dice.below(7)).map(|racer| {
            let (store, id) = (fixture.store.clone(), id.clone());
            tokio::spawn(async move { store.commit(approve(&id, 2, 1, &format!("person:{racer}"))).await })
        });
        let mut winners = 0;
        for racer in racers.collect::<Vec<_>>() {
            match racer.await.unwrap() {
                CommitOutcome::Committed(_) => winners += 1,
                CommitOutcome::Conflict(Conflict::Stream { current: 4, .. }) => {}
                other => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(winners, 1, "round {round}");
        let events = fixture.store.timeline(&pharma(), &(&id).into(), 0, 50).await.unwrap().items;
        assert_eq!(events.iter().filter(|event| event.kind == "task-closed").count(), 1);
    }
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

async fn a_request_sent_fifty_times_at_once_happens_once(fixture: Fixture) {
    let sent = (0..50).map(|copy| {
        let store = fixture.store.clone();
        // Each copy would make another instance: only the key holds them together.
        tokio::spawn(async move { store.commit(keyed(start(&instance_id(copy), "person:wang"), "k", "body")).await })
    });
    let (mut written, mut told) = (0, 0);
    for copy in sent.collect::<Vec<_>>() {
        match copy.await.unwrap() {
            CommitOutcome::Committed(_) => written += 1,
            CommitOutcome::Duplicate(response) => {
                assert_eq!(response.body, r#"{"key":"k"}"#);
                told += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((written, told), (1, 49));
    assert_eq!(fixture.store.inbox(&scope("person:wang"), None, None, 200).await.unwrap().items.len(), 1);
}

/// Each appends one event to the same stream, reading its head anew after a conflict: no event may be lost.
async fn whoever_retries_after_a_conflict_gets_through(fixture: Fixture) {
    let id = instance_id(1);
    committed(fixture.store.commit(start(&id, "person:wang")).await);
    let writers = (0..8).map(|writer| {
        let (store, id) = (fixture.store.clone(), id.clone());
        tokio::spawn(async move {
            for note in 0..5 {
                loop {
                    let (number, _) = store.head(&pharma(), &(&id).into()).await.unwrap();
                    let mut commit = Commit::new(pharma());
                    commit.guards.push(Guard::Stream { stream: (&id).into(), number });
                    commit.events.push(event((&id).into(), "commented", &format!(r#""{writer}/{note}""#)));
                    match store.commit(commit).await {
                        CommitOutcome::Committed(_) => break,
                        CommitOutcome::Conflict(_) => {}
                        other => panic!("{other:?}"),
                    }
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let events = fixture.store.timeline(&pharma(), &(&id).into(), 2, 200).await.unwrap().items;
    let said: BTreeSet<_> = events.iter().filter_map(|event| event.payload.body()).collect();
    assert_eq!((events.len(), said.len()), (40, 40));
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

/// Requests are dropped at random moments, as by browsers that close, while others work.
async fn callers_who_go_away_harm_nobody(fixture: Fixture) {
    let total = rounds(150);
    let steady = {
        let store = fixture.store.clone();
        tokio::spawn(async move {
            let mut acked = Vec::new();
            for number in 0..100 {
                let id = instance_id(1_000_000 + number);
                committed(store.commit(start(&id, "person:steady")).await);
                acked.push(id);
            }
            acked
        })
    };
    let mut dice = Dice(7);
    for number in 0..total {
        let wait = Duration::from_micros(dice.below(3_000));
        let _ = tokio::time::timeout(wait, fixture.store.commit(start(&instance_id(number), "person:gone"))).await;
        let _ = tokio::time::timeout(wait, fixture.store.take_lease("timers", 1, "a", at(0), at(10))).await;
        let _ = tokio::time::timeout(wait, fixture.store.inbox(&scope("person:gone"), None, None, 5)).await;
    }
    for id in steady.await.unwrap() {
        assert_eq!(state_of(&fixture.store, &id).await, State::Whole);
    }
    for number in 0..total {
        assert_ne!(state_of(&fixture.store, &instance_id(number)).await, State::Half, "instance {number}");
    }
    nothing_is_left_open(&fixture).await;
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Absent,
    Whole,
    Half,
}

/// Whether a started instance is there with all that belongs to it.
async fn state_of(store: &Store, id: &InstanceId) -> State {
    let found = store.instance(&pharma(), id).await.unwrap();
    let (head, _) = store.head(&pharma(), &id.into()).await.unwrap();
    let tasks = store.tasks_of(&pharma(), id).await.unwrap().len();
    match (found.map(|instance| instance.summary.version), head, tasks) {
        (None, 0, 0) => State::Absent,
        (Some(2), 2, 1) => State::Whole,
        _ => State::Half,
    }
}

/// No session may sit in an open transaction, and the next commit must get through.
async fn nothing_is_left_open(fixture: &Fixture) {
    committed(fixture.store.commit(start(&instance_id(9_999_999), "person:last")).await);
    if let Config::Postgres { url, .. } = &fixture.config {
        // A small write that was under way when its caller left is given the time to end.
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut connection = PgConnection::connect(url).await.unwrap();
        let idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'";
        let idle: i64 = sqlx::query_scalar(idle).fetch_one(&mut connection).await.unwrap();
        assert_eq!(idle, 0, "sessions idle in transaction");
    }
}

async fn a_number_taken_by_who_goes_away_is_not_given_again(fixture: Fixture) {
    let mut dice = Dice(3);
    let (company, mut given) = (pharma(), BTreeSet::new());
    for _ in 0..100 {
        let wait = Duration::from_micros(dice.below(2_000));
        let taking = fixture.store.take_number(&company, "HZ", "person:li", at(1));
        if let Ok(number) = tokio::time::timeout(wait, taking).await {
            assert!(given.insert(number.unwrap()), "given twice");
        }
    }
    nothing_is_left_open(&fixture).await;
    let next = fixture.store.take_number(&pharma(), "HZ", "person:li", at(1)).await.unwrap();
    let numbers = fixture.store.register_numbers(&Scope::of(pharma()), "HZ", 0, 200).await.unwrap().items;
    assert_eq!(numbers.iter().map(|number| number.seq).collect::<Vec<_>>(), (1..=next).collect::<Vec<_>>());
    assert!(given.iter().all(|number| *number < next));
}

/// Connections are cut by the server while commits run; whoever does not know the outcome sends the same request again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_loses_nothing_and_repeats_nothing() {
    let Some(fixture) = crate::support::postgres().await else { return };
    let Config::Postgres { url, .. } = &fixture.config else { return };
    let mut executioner = PgConnection::connect(url).await.unwrap();
    let writers = (0..4).map(|writer| {
        let store = fixture.store.clone();
        tokio::spawn(async move {
            for number in 0..rounds(25) {
                let id = instance_id(writer * 1_000_000 + number);
                let mut tries = 0;
                loop {
                    let commit = keyed(start(&id, "person:wang"), &id.to_string(), "body");
                    match store.commit(commit).await {
                        CommitOutcome::Committed(_) | CommitOutcome::Duplicate(_) => break,
                        CommitOutcome::Unknown | CommitOutcome::Unavailable(StoreError::Unreachable(_)) => tries += 1,
                        other => panic!("{other:?}"),
                    }
                    assert!(tries < 100, "it never gets through");
                }
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut cuts = 0;
    while writers.iter().any(|writer| !writer.is_finished()) {
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE datname = current_database() AND application_name = 'zhupi'";
        let killed: i64 = sqlx::query_scalar(cut).fetch_one(&mut executioner).await.unwrap();
        cuts += killed;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(cuts > 0, "nothing was cut");
    // Lent connections that were cut are found dead when they are next asked for.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for writer in 0..4 {
        for number in 0..rounds(25) {
            assert_eq!(state_of(&fixture.store, &instance_id(writer * 1_000_000 + number)).await, State::Whole);
        }
    }
    nothing_is_left_open(&fixture).await;
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

/// What another server wrote meanwhile makes the one statement of a commit fail: its connection goes on, with nothing left on it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_statement_leaves_its_connection_as_it_was() {
    let Some(fixture) = crate::support::postgres().await else { return };
    let Config::Postgres { url, .. } = &fixture.config else { return };
    let other = Store::open(fixture.config.clone(), Salts::random()).await.unwrap();
    let mut watcher = PgConnection::connect(url).await.unwrap();
    let writers = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'zhupi' \
                   ORDER BY pid";
    let mut before: Vec<i32> = Vec::new();
    for round in 0..rounds(20) {
        let id = instance_id(round);
        committed(fixture.store.commit(start(&id, "person:wang")).await);
        committed(other.commit(approve(&id, 2, 1, "person:zhao")).await);
        // By its stream alone, as acts rely on it: what this server remembers of it is out of date.
        let mut late = approve(&id, 2, 1, "person:wang");
        late.guards.retain(|guard| matches!(guard, Guard::Stream { .. }));
        let late = conflict(fixture.store.commit(late).await);
        assert!(matches!(late, Conflict::Stream { current: 4, .. }), "{late:?}");
        let now: Vec<i32> = sqlx::query_scalar(writers).fetch_all(&mut watcher).await.unwrap();
        if round > 0 {
            assert_eq!(now, before, "no connection was given up");
        }
        before = now;
    }
    nothing_is_left_open(&fixture).await;
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

/// Two servers on one PostgreSQL, each with its own writer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_agree_on_one_winner() {
    let Some(fixture) = crate::support::postgres().await else { return };
    let other = Store::open(fixture.config.clone(), Salts::random()).await.unwrap();
    for round in 0..rounds(40) {
        let id = instance_id(round);
        committed(fixture.store.commit(start(&id, "person:wang")).await);
        let racers = [fixture.store.clone(), other.clone(), fixture.store.clone(), other.clone()].map(|store| {
            let id = id.clone();
            tokio::spawn(async move { store.commit(approve(&id, 2, 1, "person:zhao")).await })
        });
        let key = format!("k{round}");
        let twins = [fixture.store.clone(), other.clone()].map(|store| {
            let commit = keyed(start(&instance_id(1_000_000 + round), "person:wang"), &key, "body");
            tokio::spawn(async move { store.commit(commit).await })
        });
        let mut winners = 0;
        for racer in racers {
            match racer.await.unwrap() {
                CommitOutcome::Committed(_) => winners += 1,
                CommitOutcome::Conflict(_) => {}
                other => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(winners, 1, "round {round}");
        let mut written = 0;
        for twin in twins {
            match twin.await.unwrap() {
                CommitOutcome::Committed(_) => written += 1,
                CommitOutcome::Duplicate(_) => {}
                other => panic!("round {round}: {other:?}"),
            }
        }
        assert_eq!(written, 1, "round {round}");
    }
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}
