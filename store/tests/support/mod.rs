//! What the tests of the store share: a store on either database, and commits as an application would make them.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod postgres;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zhupi_domain::{CompanyId, ContentHash, InstanceId, Instant, Name, ReleaseHash};
use zhupi_store::*;

/// A store of one test, and what must live as long as it.
pub struct Fixture {
    pub store: Store,
    pub config: Config,
    _dir: Option<tempfile::TempDir>,
}

/// An empty store on SQLite, holding the company `pharma`.
pub async fn sqlite() -> Fixture {
    let dir = tempfile::tempdir_in(postgres::scratch()).unwrap();
    open(Config::sqlite(dir.path()), Some(dir)).await
}

/// The same on PostgreSQL; none where there is none.
pub async fn postgres() -> Option<Fixture> {
    let url = postgres::database()?;
    Some(open(Config::postgres(url), None).await)
}

impl Fixture {
    /// Closes the store and opens it again, as a server that is started anew.
    pub async fn reopen(self) -> Result<Self, StoreError> {
        let Self { store, config, _dir } = self;
        store.close().await;
        drop(store);
        Ok(Self { store: Store::open(config.clone(), counted_salts()).await?, config, _dir })
    }
}

pub async fn open(config: Config, dir: Option<tempfile::TempDir>) -> Fixture {
    let store = Store::open(config.clone(), counted_salts()).await.unwrap();
    let mut commit = Commit::new(pharma());
    commit.changes.push(Change::CreateCompany { name: "样本药业".into(), at: at(0) });
    committed(store.commit(commit).await);
    Fixture { store, config, _dir: dir }
}

/// Runs every named test on both databases.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(crate::support::sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(fixture) = crate::support::postgres().await {
                    super::$test(fixture).await;
                }
            })+
        }
    };
}

pub(crate) use on_both;

/// Salts that are the same in every run.
pub fn counted_salts() -> Salts {
    let next = Arc::new(AtomicU64::new(0));
    Salts::from_source(move || {
        let mut salt = [0; 16];
        salt[8..].copy_from_slice(&next.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        Ok(salt)
    })
}

pub fn pharma() -> CompanyId {
    CompanyId::new("pharma")
}

/// Seconds after a fixed moment.
pub fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_767_225_600_000_000).unwrap().plus_seconds(seconds)
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub fn instance_id(number: u64) -> InstanceId {
    InstanceId::new(format!("00000000-0000-7000-8000-{number:012}"))
}

pub fn event(stream: Stream, kind: &str, payload: &str) -> NewEvent {
    NewEvent { stream, kind: kind.into(), version: 1, actor: "person:li".into(), at: at(1), payload: payload.into() }
}

pub fn instance(id: &InstanceId, status: &str) -> Instance {
    Instance {
        summary: InstanceSummary {
            id: id.clone(),
            flow: "bad-debt".into(),
            release: ReleaseHash(ContentHash::of(&[b"release"])),
            number: None,
            title: "坏账申请".into(),
            status: status.into(),
            initiator: "li".into(),
            subject: None,
            period: None,
            started_at: at(1),
            ended_at: None,
            version: 0,
        },
        format: 1,
        state: r#"{"amount":"12800.50"}"#.into(),
    }
}

pub fn task(id: &InstanceId, number: i64, assignee: &str, due_at: Option<Instant>) -> Task {
    Task {
        instance: id.clone(),
        number,
        visit: number,
        step: "general-manager".into(),
        flow: "bad-debt".into(),
        kind: "approve".into(),
        assignee: assignee.into(),
        status: TaskStatus::Open,
        version: 1,
        opened_at: at(1),
        due_at,
        closed_at: None,
        outcome: None,
        acted_by: None,
        queued: Vec::new(),
    }
}

pub fn message(id: &InstanceId, number: i64, index: usize) -> OutboxMessage {
    OutboxMessage {
        company: pharma(),
        id: outbox_id(id, number, index),
        topic: "task-opened".into(),
        instance: Some(id.clone()),
        body: "{}".into(),
        attempts: 0,
        due_at: at(1),
        state: OutboxState::Pending,
        last_error: None,
    }
}

/// Starts an instance with one open task of `assignee`.
pub fn start(id: &InstanceId, assignee: &str) -> Commit {
    let mut commit = Commit::new(pharma());
    commit.guards.push(Guard::Stream { stream: id.into(), number: 0 });
    commit.events.push(event(id.into(), "started", r#"{"amount":"12800.50"}"#));
    commit.events.push(event(id.into(), "task-opened", r#"{"task":1}"#));
    commit.changes.push(Change::PutInstance(Box::new(instance(id, "open"))));
    commit.changes.push(Change::OpenTask(task(id, 1, assignee, Some(at(100)))));
    commit
        .changes
        .push(Change::AddReaders { instance: id.clone(), readers: vec!["person:li".into(), assignee.into()] });
    commit.changes.push(Change::Enqueue(message(id, 2, 0)));
    commit
}

/// Approves task `number` of an instance whose stream stands at `head`, and opens the next.
pub fn approve(id: &InstanceId, head: i64, number: i64, assignee: &str) -> Commit {
    let mut commit = Commit::new(pharma());
    commit.guards.push(Guard::Stream { stream: id.into(), number: head });
    commit.guards.push(Guard::Task { instance: id.clone(), task: number, version: 1 });
    commit.events.push(event(id.into(), "task-closed", &format!(r#"{{"task":{number},"by":"{assignee}"}}"#)));
    commit.events.push(event(id.into(), "task-opened", &format!(r#"{{"task":{}}}"#, number + 1)));
    commit.changes.push(Change::PutInstance(Box::new(instance(id, "open"))));
    commit.changes.push(Change::CloseTask {
        instance: id.clone(),
        task: number,
        version: 2,
        outcome: "approved".into(),
        at: at(2),
        acted_by: None,
    });
    commit.changes.push(Change::OpenTask(task(id, number + 1, assignee, None)));
    commit.changes.push(Change::Enqueue(message(id, head + 2, 0)));
    commit
}

/// The same request key and hash for a commit.
pub fn keyed(mut commit: Commit, key: &str, request: &str) -> Commit {
    commit.idempotency = Some(Idempotency {
        actor: "person:li".into(),
        key: key.into(),
        request: ContentHash::of(&[request.as_bytes()]),
        response: Response { status: 201, body: format!(r#"{{"key":"{key}"}}"#) },
        at: at(1),
    });
    commit
}

/// The numbers of a commit that must have been written.
#[track_caller]
pub fn committed(outcome: CommitOutcome) -> std::collections::BTreeMap<Stream, i64> {
    match outcome {
        CommitOutcome::Committed(numbers) => numbers,
        other => panic!("not committed: {other:?}"),
    }
}

/// The conflict of a commit that must not have been written.
#[track_caller]
pub fn conflict(outcome: CommitOutcome) -> Conflict {
    match outcome {
        CommitOutcome::Conflict(conflict) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

pub fn scope(key: &str) -> Scope {
    Scope::of(pharma()).reader(key).assignee(key)
}
