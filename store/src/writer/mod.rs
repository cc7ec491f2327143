//! The one task that writes commits: it drains what waits, never waits for more, and shares a transaction among them.

mod batch;
mod changes;
mod current;
mod judge;
mod memory;
mod plan;
mod table_rows;
mod things;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use zhupi_domain::CompanyId;

use crate::StoreError;
use crate::chain::Salts;
use crate::database::{BoxFuture, Connection, Database};
use crate::port::{Commit, CommitOutcome};
use batch::Failure;
use memory::Memory;
use things::Thing;

/// The most commits that share a transaction.
const MAX_BATCH: usize = 32;
/// How many jobs may wait before callers wait to hand over theirs.
const QUEUE: usize = 1024;

/// How long a batch may take before its connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the writer is asked to do.
enum Job {
    Commit(Box<Pending>),
    /// Something small that is written in a transaction of its own.
    Small(SmallWrite),
    Close(oneshot::Sender<()>),
}

struct Pending {
    commit: Commit,
    /// What it touches, and whether that lets it share a transaction: worked out by its caller, while the writer writes.
    footprint: BTreeSet<(CompanyId, Thing)>,
    alone: bool,
    answer: oneshot::Sender<CommitOutcome>,
}

/// What is to be told once the transaction is durable, or was not written.
pub(crate) type Tell = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// A small write: works inside a transaction that the writer begins and commits.
pub(crate) type SmallWrite =
    Box<dyn for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, (Result<(), StoreError>, Tell)> + Send>;

/// The handle by which jobs reach the writer.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the writer in a task of its own: a caller that goes away never interrupts a transaction.
    ///
    /// SQLite blocks who writes, so that its task has a thread of its own, which ends with the last handle.
    pub(crate) fn start(database: Arc<Database>, salts: Salts) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let own_thread = matches!(database.as_ref(), Database::Sqlite { .. });
        let work = Work {
            database,
            salts,
            connection: None,
            memory: Memory::default(),
            waiting: VecDeque::new(),
            jobs: receiver,
        };
        if own_thread {
            let thread = || StoreError::io("the writer's thread");
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(thread())?;
            let run = move || runtime.block_on(work.run());
            std::thread::Builder::new().name("zhupi-writer".into()).spawn(run).map_err(thread())?;
        } else {
            tokio::spawn(work.run());
        }
        Ok(Self(sender))
    }

    pub(crate) async fn commit(&self, commit: Commit) -> CommitOutcome {
        let (answer, answered) = oneshot::channel();
        let (footprint, alone) = (things::footprint(&commit), things::goes_alone(&commit));
        if self.0.send(Job::Commit(Box::new(Pending { commit, footprint, alone, answer }))).await.is_err() {
            return CommitOutcome::Unavailable(stopped());
        }
        // The task ended with the commit in hand: whether it was written is not known.
        answered.await.unwrap_or(CommitOutcome::Unknown)
    }

    pub(crate) async fn small(&self, write: SmallWrite) -> Result<(), StoreError> {
        self.0.send(Job::Small(write)).await.map_err(|_| stopped())
    }

    /// Finishes what waits, then closes the connection.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.0.send(Job::Close(done)).await.is_ok() {
            let _ = closed.await;
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Unreachable("the writer has stopped".into())
}

struct Work {
    database: Arc<Database>,
    salts: Salts,
    /// Opened when first needed, and dropped with every failed batch.
    connection: Option<Connection>,
    memory: Memory,
    waiting: VecDeque<Job>,
    jobs: mpsc::Receiver<Job>,
}

impl Work {
    async fn run(mut self) {
        while self.fill().await {
            match self.waiting.pop_front() {
                Some(Job::Commit(first)) => {
                    let batch = self.gather(*first);
                    self.write(batch).await;
                }
                Some(Job::Small(write)) => self.write_small(write).await,
                Some(Job::Close(done)) => {
                    self.turn_away();
                    if let Some(connection) = self.connection.take() {
                        connection.close().await;
                    }
                    let _ = done.send(());
                    return;
                }
                None => {}
            }
        }
    }

    /// Takes over all jobs that have come; waits only when there is none. False when no more can come.
    async fn fill(&mut self) -> bool {
        if self.waiting.is_empty() {
            match self.jobs.recv().await {
                Some(job) => self.waiting.push_back(job),
                None => return false,
            }
        }
        while self.waiting.len() < QUEUE {
            match self.jobs.try_recv() {
                Ok(job) => self.waiting.push_back(job),
                Err(_) => break,
            }
        }
        true
    }

    /// Takes nothing more, and tells those who came too late that nothing was written.
    fn turn_away(&mut self) {
        self.jobs.close();
        let late = std::iter::from_fn(|| self.jobs.try_recv().ok());
        for job in self.waiting.drain(..).chain(late) {
            if let Job::Commit(pending) = job {
                answer(vec![*pending], vec![CommitOutcome::Unavailable(stopped())]);
            }
        }
    }

    /// Takes the waiting commits that can share a transaction with the first.
    ///
    /// Who touches the same thing as one before it, taken or left, is left for a later batch and keeps its place.
    fn gather(&mut self, first: Pending) -> Vec<Pending> {
        if first.alone {
            return vec![first];
        }
        let mut batch = vec![first];
        let mut touched: BTreeSet<_> = batch.iter().flat_map(|first| &first.footprint).cloned().collect();
        let mut left = VecDeque::new();
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        for job in waiting.by_ref() {
            let Job::Commit(pending) = job else {
                left.push_back(job);
                break;
            };
            let free = !pending.alone && pending.footprint.is_disjoint(&touched);
            touched.extend(pending.footprint.iter().cloned());
            if free && batch.len() < MAX_BATCH {
                batch.push(*pending);
            } else {
                left.push_back(Job::Commit(pending));
            }
            if batch.len() == MAX_BATCH {
                break;
            }
        }
        left.extend(waiting);
        self.waiting = left;
        batch
    }

    /// Writes a batch; when it fails as a whole, each commit alone once more.
    async fn write(&mut self, batch: Vec<Pending>) {
        let commits: Vec<&Commit> = batch.iter().map(|pending| &pending.commit).collect();
        match self.attempt(&commits).await {
            Ok(outcomes) => answer(batch, outcomes),
            Err(Failure::Unknown(error)) => {
                tracing::error!(%error, commits = batch.len(), "a COMMIT was not answered");
                let outcomes = batch.iter().map(|_| CommitOutcome::Unknown).collect();
                answer(batch, outcomes);
            }
            Err(Failure::NothingWritten(error)) => {
                tracing::warn!(%error, commits = batch.len(), "a batch failed; each of its commits is tried alone");
                for pending in batch {
                    let outcome = self.write_alone(&pending.commit).await;
                    answer(vec![pending], vec![outcome]);
                }
            }
        }
    }

    async fn write_alone(&mut self, commit: &Commit) -> CommitOutcome {
        match self.attempt(&[commit]).await {
            Ok(mut outcomes) => outcomes.pop().unwrap_or(CommitOutcome::Unknown),
            Err(Failure::Unknown(error)) => {
                tracing::error!(%error, "a COMMIT was not answered");
                CommitOutcome::Unknown
            }
            Err(Failure::NothingWritten(error)) => CommitOutcome::Unavailable(error),
        }
    }

    async fn attempt(&mut self, commits: &[&Commit]) -> Result<Vec<CommitOutcome>, Failure> {
        let mut connection = self.take_connection().await?;
        let writing =
            tokio::time::timeout(PATIENCE, batch::write(&mut connection, commits, &self.salts, &mut self.memory));
        // Whether the COMMIT was reached cannot be told any more.
        let silent = || Failure::Unknown(StoreError::Unreachable("the database does not answer".into()));
        let outcomes = writing.await.map_err(|_| silent())??;
        self.connection = Some(connection);
        Ok(outcomes)
    }

    async fn write_small(&mut self, write: SmallWrite) {
        let mut connection = match self.take_connection().await {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "no connection to write with");
                return;
            }
        };
        if run_small(&mut connection, write).await {
            self.connection = Some(connection);
        }
    }

    /// Takes the connection away: only what succeeded puts it back, a failed one is closed by being dropped.
    async fn take_connection(&mut self) -> Result<Connection, StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.database.open_writer().await,
        }
    }
}

/// Runs a small write in a transaction and tells how it went; false when the connection must not be used again.
pub(crate) async fn run_small(connection: &mut Connection, write: SmallWrite) -> bool {
    if let Err(error) = connection.begin().await {
        tracing::warn!(%error, "a small write could not begin");
        return false;
    }
    let (result, tell) = write(connection).await;
    let result = match result {
        Ok(()) => connection.commit().await,
        Err(error) => Err(error),
    };
    let sound = match &result {
        Ok(()) => true,
        Err(_) => connection.rollback().await.is_ok(),
    };
    tell(result);
    sound
}

fn answer(batch: Vec<Pending>, outcomes: Vec<CommitOutcome>) {
    for (pending, outcome) in batch.into_iter().zip(outcomes) {
        // Nobody waits any more when the caller went away; the commit stands as it is.
        let _ = pending.answer.send(outcome);
    }
}
