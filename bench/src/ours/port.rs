//! Approval actions through the write port: each hands over one commit as a use case makes it, and waits until it is durable.
//!
//! The store reads the version itself, with all other conditions of the commit, inside its transaction.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::task::JoinSet;
use zhupi_domain::{CompanyId, ContentHash, InstanceId, PersonId, ReleaseHash};
use zhupi_store::{
    Change, Commit, CommitOutcome, Guard, Idempotency, Instance, InstanceSummary, NewEvent, OutboxMessage, OutboxState,
    Response, Store, Stream, Task, TaskStatus, WritePort as _, outbox_id,
};

use super::Clock;
use crate::dice::Dice;
use crate::window::Client;

/// How many commits are under way at once while the instances are made.
const MAKERS: u64 = 64;
/// Events that a start writes, and an action.
const EVENTS: i64 = 2;

/// A company whose instances wait for approval, one open task each.
pub struct Port {
    store: Store,
    clock: Clock,
    instances: Arc<Vec<Known>>,
}

/// An instance, and the actions on it that were acknowledged.
struct Known {
    id: InstanceId,
    acts: AtomicI64,
}

/// Who acts: one of several, on instances that no other touches.
pub struct Actor {
    store: Store,
    clock: Clock,
    name: String,
    run: &'static str,
    instances: Arc<Vec<Known>>,
    /// The first of its instances, how far it is from each to the next, and how many there are.
    first: usize,
    stride: usize,
    share: u64,
    dice: Dice,
    acts: u64,
}

fn company() -> CompanyId {
    CompanyId::new("bench-port")
}

impl Port {
    /// Makes the company with so many instances in an open store.
    pub async fn found(store: Store, clock: Clock, instances: u64) -> anyhow::Result<Self> {
        let mut commit = Commit::new(company());
        commit.changes.push(Change::CreateCompany { name: "测量".into(), at: clock() });
        commit.events.push(event(Stream::Directory, "person_added", "console", r#"{"person":"p0"}"#.into(), &clock));
        written(store.commit(commit).await)?;
        let instances: Vec<InstanceId> = (0..instances).map(id).collect();
        let mut making = JoinSet::new();
        for maker in 0..MAKERS {
            let share: Vec<InstanceId> =
                instances.iter().skip(maker as usize).step_by(MAKERS as usize).cloned().collect();
            let (store, clock) = (store.clone(), clock.clone());
            making.spawn(async move {
                for id in share {
                    written(store.commit(start(&id, &clock)).await)?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(made) = making.join_next().await {
            made??;
        }
        let known = instances.into_iter().map(|id| Known { id, acts: AtomicI64::new(0) });
        Ok(Self { store, clock, instances: Arc::new(known.collect()) })
    }

    /// So many actors, who share the instances among them. Each run has a name of its own, for its keys.
    pub fn actors(&self, count: usize, run: &'static str) -> Vec<Actor> {
        let actor = |number: usize| Actor {
            store: self.store.clone(),
            clock: self.clock.clone(),
            name: format!("p{number}"),
            run,
            instances: self.instances.clone(),
            first: number,
            stride: count,
            share: (self.instances.len() / count.max(1)) as u64,
            dice: Dice::new(7 + number as u64),
            acts: 0,
        };
        (0..count).map(actor).collect()
    }

    /// Whether exactly what was acknowledged is there: events, the state row and the one open task of every instance.
    pub async fn check(&self) -> anyhow::Result<()> {
        for Known { id, acts } in self.instances.iter() {
            let acts = acts.load(Ordering::Relaxed);
            if acts == 0 {
                continue;
            }
            let (head, _) = self.store.head(&company(), &id.into()).await?;
            let version = self.store.instance(&company(), id).await?.map(|found| found.summary.version);
            let wanted = EVENTS * (acts + 1);
            anyhow::ensure!(head == wanted && version == Some(wanted), "{id}: {acts} acts acknowledged, {head} events");
            let tasks = self.store.tasks_of(&company(), id).await?;
            let open: Vec<i64> =
                tasks.iter().filter(|task| task.status == TaskStatus::Open).map(|task| task.number).collect();
            anyhow::ensure!(open == [acts + 1], "{id}: {acts} acts acknowledged, but {open:?} open");
        }
        Ok(())
    }
}

impl Client for Actor {
    async fn act(&mut self) -> anyhow::Result<u64> {
        let place = self.first + self.stride * usize::try_from(self.dice.below(self.share))?;
        let Some(Known { id, acts }) = self.instances.get(place) else { return Ok(0) };
        let version = EVENTS * (acts.load(Ordering::Relaxed) + 1);
        let key = format!("{}-{}-{}", self.run, self.name, self.acts);
        written(self.store.commit(approve(id, version, &self.name, key, &self.clock)).await)?;
        acts.fetch_add(1, Ordering::Relaxed);
        self.acts += 1;
        Ok(1)
    }
}

fn written(outcome: CommitOutcome) -> anyhow::Result<()> {
    match outcome {
        CommitOutcome::Committed(_) => Ok(()),
        other => anyhow::bail!("not committed: {other:?}"),
    }
}

fn id(number: u64) -> InstanceId {
    // Version 7 as in the product: the time first, then what tells them apart.
    let scattered = ContentHash::of(&[&number.to_be_bytes()]).to_string();
    let tail: String = scattered.chars().take(12).collect();
    InstanceId::new(format!("019a{:04x}-{:04x}-7000-8000-{tail}", number >> 16, number & 0xffff))
}

fn event(stream: Stream, kind: &str, actor: &str, payload: String, clock: &Clock) -> NewEvent {
    NewEvent { stream, kind: kind.into(), version: 1, actor: actor.into(), at: clock(), payload }
}

fn start(id: &InstanceId, clock: &Clock) -> Commit {
    let mut commit = Commit::new(company());
    commit.guards.push(Guard::Stream { stream: id.into(), number: 0 });
    commit.events.push(event(
        id.into(),
        "submitted",
        "person:p0",
        format!("{{\"form\":\"{}\"}}", "x".repeat(240)),
        clock,
    ));
    commit.events.push(event(id.into(), "task_opened", "person:p0", opened(1), clock));
    commit.changes.push(Change::PutInstance(Box::new(instance(id, clock))));
    commit.changes.push(Change::AddReaders { instance: id.clone(), readers: vec!["person:p0".into(), "audit".into()] });
    commit.changes.push(Change::OpenTask(task(id, 1, "person:p0", clock)));
    commit
}

fn approve(id: &InstanceId, version: i64, name: &str, key: String, clock: &Clock) -> Commit {
    let (mut commit, person) = (Commit::new(company()), format!("person:{name}"));
    let number = version / EVENTS;
    commit.guards.push(Guard::Stream { stream: id.into(), number: version });
    commit.guards.push(Guard::Directory { version: 1 });
    let decided = format!(r#"{{"task":{number},"comment":"ok, within the budget of the quarter"}}"#);
    commit.events.push(event(id.into(), "approved", &person, decided, clock));
    commit.events.push(event(id.into(), "task_opened", &person, opened(number + 1), clock));
    commit.changes.push(Change::PutInstance(Box::new(instance(id, clock))));
    commit.changes.push(Change::AddReaders { instance: id.clone(), readers: vec![person.clone()] });
    commit.changes.push(Change::CloseTask {
        instance: id.clone(),
        task: number,
        version: 1,
        outcome: "approved".into(),
        at: clock(),
        acted_by: None,
    });
    commit.changes.push(Change::OpenTask(task(id, number + 1, &person, clock)));
    commit.changes.push(Change::Enqueue(OutboxMessage {
        company: company(),
        id: outbox_id(id, version + EVENTS, 0),
        topic: "notice".into(),
        instance: Some(id.clone()),
        body: format!(r#"{{"tell":"task","to":["{name}"],"task":{number},"escalated":false}}"#),
        attempts: 0,
        due_at: clock(),
        state: OutboxState::Pending,
        last_error: None,
    }));
    let draft = format!("task:{id}:{number}");
    commit.changes.push(Change::DeleteDraft { person: PersonId::new(name), key: draft });
    let body = format!(r#"{{"id":"{id}","number":"B-1","status":"running","next":[]}}"#);
    commit.idempotency = Some(Idempotency {
        actor: person,
        request: ContentHash::of(&[key.as_bytes()]),
        key,
        response: Response { status: 200, body },
        at: clock(),
    });
    commit
}

fn opened(task: i64) -> String {
    format!(r#"{{"task":{task},"place":"gm","person":"p1","why":{{"is":"asked","by":"role:gm"}}}}"#)
}

fn instance(id: &InstanceId, clock: &Clock) -> Instance {
    Instance {
        summary: InstanceSummary {
            id: id.clone(),
            flow: "bench".into(),
            release: ReleaseHash(ContentHash::of(&[b"release"])),
            number: Some("B-2026-00001".into()),
            title: "测量".into(),
            status: "running".into(),
            initiator: "p0".into(),
            subject: None,
            period: None,
            started_at: clock(),
            ended_at: None,
            version: 0,
        },
        format: 1,
        state: format!("{{\"form\":\"{}\",\"amount\":1}}", "x".repeat(240)),
    }
}

fn task(id: &InstanceId, number: i64, assignee: &str, clock: &Clock) -> Task {
    Task {
        instance: id.clone(),
        number,
        visit: number,
        step: "gm".into(),
        flow: "bench".into(),
        kind: "approve".into(),
        assignee: assignee.into(),
        status: TaskStatus::Open,
        version: 1,
        opened_at: clock(),
        due_at: Some(clock().plus_seconds(259_200)),
        closed_at: None,
        outcome: None,
        acted_by: None,
        queued: Vec::new(),
    }
}
