//! A process that writes is killed at any moment: what it acknowledged is there once, and nothing is there by half.
//!
//! `ZHUPI_KILLS` says how many kills a database; few by default.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use zhupi_domain::InstanceId;
use zhupi_store::*;

use crate::support::{self, *};

const DATABASE: &str = "ZHUPI_KILLED_DATABASE";
const FIRST: &str = "ZHUPI_KILLED_FIRST";
const WRITERS: u64 = 6;

fn kills() -> u64 {
    std::env::var("ZHUPI_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(3)
}

/// How many events of each instance were acknowledged, as the killed process told.
type Ledger = BTreeMap<u64, i64>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_on_sqlite() {
    let fixture = support::sqlite().await;
    survives(fixture).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_on_postgres() {
    if let Some(fixture) = support::postgres().await {
        survives(fixture).await;
    }
}

async fn survives(mut fixture: Fixture) {
    let mut ledger = Ledger::new();
    for round in 0..kills() {
        fixture.store.close().await;
        let acknowledged = write_until_killed(&fixture.config, round);
        fixture = fixture.reopen().await.unwrap();
        all_is_there(&fixture.store, &acknowledged).await;
        ledger.extend(acknowledged);
        // What was written before this round is looked at again now and then, and at the end.
        if round % 20 == 0 || round + 1 == kills() {
            all_is_there(&fixture.store, &ledger).await;
            let report = fixture.store.verify(None).await.unwrap();
            assert!(report.is_sound(), "round {round}: {report:#?}");
        }
        fixture.store.seal(at(10)).await.unwrap();
    }
    assert!(ledger.values().filter(|events| **events > 0).count() > 10, "something was acknowledged before the kills");
    let database = if matches!(fixture.config, Config::Sqlite { .. }) { "SQLite" } else { "PostgreSQL" };
    let events: i64 = ledger.values().sum();
    println!(
        "figure: the store on {database}: {} kills: {} instances with {events} events acknowledged; 0 lost, 0 twice",
        kills(),
        ledger.len()
    );
}

async fn all_is_there(store: &Store, ledger: &Ledger) {
    for (number, acknowledged) in ledger {
        compare(store, &instance_id(*number), *acknowledged).await;
    }
}

/// Runs this test program again as a process that writes, and kills it.
fn write_until_killed(config: &Config, round: u64) -> Ledger {
    let database = match config {
        Config::Sqlite { dir, .. } => dir.display().to_string(),
        Config::Postgres { url, .. } => url.clone(),
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kills::the_process_that_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(DATABASE, database)
        .env(FIRST, (round * 1_000_000).to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let killer = std::thread::spawn(move || {
        // Opening takes a while; the moments differ from round to round.
        std::thread::sleep(Duration::from_millis(250 + (round * 137) % 400));
        child.kill().unwrap();
        child.wait().unwrap();
    });
    let mut ledger = Ledger::new();
    for line in output.lines().map_while(Result::ok) {
        // A line that the kill cut short was not told.
        if let Some((number, events)) = line.strip_suffix('.').and_then(|line| line.split_once(' ')) {
            ledger.insert(number.parse().unwrap(), events.parse().unwrap());
        }
    }
    killer.join().unwrap();
    ledger
}

/// All that was acknowledged is there; what was not is there wholly or not at all.
async fn compare(store: &Store, id: &InstanceId, acknowledged: i64) {
    let (head, _) = store.head(&pharma(), &id.into()).await.unwrap();
    assert!(head >= acknowledged && head % 2 == 0, "{id}: {head} events, {acknowledged} acknowledged");
    let version = store.instance(&pharma(), id).await.unwrap().map_or(0, |instance| instance.summary.version);
    assert_eq!(version, head, "{id}");
    let tasks = store.tasks_of(&pharma(), id).await.unwrap();
    let open = tasks.iter().filter(|task| task.status == TaskStatus::Open).count();
    assert_eq!((tasks.len() as i64, open), (head / 2, usize::from(head > 0)), "{id}");
    let events = store.timeline(&pharma(), &id.into(), 0, 200).await.unwrap().items;
    assert_eq!(events.len() as i64, head, "{id}");
}

/// The process that is killed: starts instances and approves them, and tells what was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs only as the process that another test kills"]
async fn the_process_that_is_killed() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let config = if database.starts_with("postgres:") { Config::postgres(database) } else { Config::sqlite(database) };
    let store = Store::open(config, Salts::random()).await.unwrap();
    let writers = (0..WRITERS).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 0.. {
                work_on(&store, first + writer * 100_000 + number).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
}

async fn work_on(store: &Store, number: u64) {
    let id = instance_id(number);
    committed(store.commit(start(&id, "person:wang")).await);
    tell(number, 2);
    for step in 1..=3 {
        committed(store.commit(approve(&id, step * 2, step, "person:zhao")).await);
        tell(number, step * 2 + 2);
    }
}

fn tell(number: u64, events: i64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{number} {events}.").unwrap();
    out.flush().unwrap();
}
