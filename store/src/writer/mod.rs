//! The one task that writes commits: it drains what waits, never waits for more, and shares a transaction among them.
//!
//! On PostgreSQL several such transactions may be under way at once, each on a connection of its own: see `lines`.

mod batch;
mod changes;
mod current;
mod judge;
mod lines;
mod memory;
mod plan;
mod table_rows;
mod things;

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use zhupi_domain::CompanyId;

use crate::StoreError;
use crate::chain::Salts;
use crate::database::{BoxFuture, Connection, Database};
use crate::port::{Commit, CommitOutcome};
use lines::Work;
use things::Thing;

/// How many jobs may wait before callers wait to hand over theirs.
const QUEUE: usize = 1024;

/// What a commit touches.
type Footprint = BTreeSet<(CompanyId, Thing)>;

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
    footprint: Footprint,
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
        let work = Work::new(database, salts, receiver);
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
