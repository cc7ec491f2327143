//! What waits, and the batches that are under way.
//!
//! SQLite has one connection that writes. PostgreSQL has as many as there are lines: while one batch waits for the disk,
//! another is made and sent. Two batches that are under way at once touch nothing in common, like two commits of one batch,
//! so that it does not matter which of them comes first; and who touches what a batch under way touches waits until that is
//! answered.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;

use super::batch::{self, Failure};
use super::memory::Memory;
use super::{Footprint, Job, Pending, QUEUE, SmallWrite, answer, run_small, stopped};
use crate::StoreError;
use crate::chain::Salts;
use crate::database::{BoxFuture, Connection, Database};
use crate::port::{Commit, CommitOutcome};

/// The most commits that share a transaction.
const MAX_BATCH: usize = 32;
/// How many transactions may be under way at once on PostgreSQL.
const LINES: usize = 3;
/// So many commits make a transaction of their own worth while, though another is under way: a statement costs more than
/// what is in it.
const WORTH: usize = 3;
/// How long those may be waited for whom a batch answered: this part of the time that it took.
const RETURN: u32 = 8;
/// But never longer than this: a batch that was slow because the database was must not make the next one slower.
const RETURN_MOST: Duration = Duration::from_millis(3);
/// How long a thread sleeps that waits for them.
const NAP: Duration = Duration::from_micros(20);
/// How long a batch may take before its connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all lines share.
struct Shared {
    database: Arc<Database>,
    salts: Salts,
    memory: Memory,
}

/// The writer's task.
pub(super) struct Work {
    shared: Arc<Shared>,
    lines: usize,
    /// Connections that no line uses now. Opened when first needed, and dropped with every batch that failed.
    idle: Vec<Connection>,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
    /// What each line writes.
    held: Vec<Held>,
    /// Whether what is under way suffers nothing beside it.
    alone: bool,
    started: u64,
    /// How many commits the last batch held, and how long it took.
    last: (usize, Duration),
    waiting: VecDeque<Job>,
    jobs: mpsc::Receiver<Job>,
}

/// What a line that is under way writes.
struct Held {
    job: u64,
    commits: usize,
    touched: Footprint,
    since: Instant,
}

/// A line that has become free.
struct Done {
    job: u64,
    connection: Option<Connection>,
}

impl Work {
    pub(super) fn new(database: Arc<Database>, salts: Salts, jobs: mpsc::Receiver<Job>) -> Self {
        let lines = match database.as_ref() {
            Database::Sqlite { .. } => 1,
            Database::Postgres { .. } => LINES,
        };
        Self {
            shared: Arc::new(Shared { database, salts, memory: Memory::default() }),
            lines,
            idle: Vec::new(),
            under_way: FuturesUnordered::new(),
            held: Vec::new(),
            alone: false,
            started: 0,
            last: (0, Duration::ZERO),
            waiting: VecDeque::new(),
            jobs,
        }
    }

    /// Starts what can be started, and waits for something to end or to come, until no more can come.
    pub(super) async fn run(mut self) {
        let mut open = true;
        loop {
            self.let_return().await;
            while self.start() {}
            if self.under_way.is_empty() {
                match self.waiting.pop_front() {
                    Some(Job::Close(done)) => {
                        self.turn_away();
                        for connection in self.idle {
                            connection.close().await;
                        }
                        let _ = done.send(());
                        return;
                    }
                    // With nothing under way, everything else was started.
                    Some(job) => self.waiting.push_front(job),
                    None if !open => return,
                    None => {}
                }
            }
            tokio::select! {
                Some(done) = self.under_way.next(), if !self.under_way.is_empty() => self.finish(done),
                job = self.jobs.recv(), if open && self.waiting.len() < QUEUE => match job {
                    Some(job) => self.waiting.push_back(job),
                    None => open = false,
                },
            }
        }
    }

    /// Takes over all jobs that have come, and lets those come back whom the last batch answered.
    ///
    /// They act again at once, each after the other: who does not let them takes the first few, and makes the many behind them
    /// wait for another flush. Nobody is waited for after a lone commit, and never longer than a part of what a batch takes.
    async fn let_return(&mut self) {
        let (expected, took) = self.last;
        let until = Instant::now() + (took / RETURN).min(RETURN_MOST);
        self.come(expected).await;
        while self.under_way.is_empty() && self.waiting.len() < expected && Instant::now() < until {
            self.come(expected).await;
        }
        if self.under_way.is_empty() {
            self.last.0 = 0;
        }
    }

    /// Lets others run for a moment.
    async fn come(&mut self, expected: usize) {
        if self.lines > 1 {
            // They run on the same threads as this task, which goes behind them.
            tokio::task::yield_now().await;
        } else if expected > 1 {
            // The writer of SQLite has a thread of its own, on which nothing else runs.
            std::thread::sleep(NAP);
        }
        self.take_over();
    }

    /// Takes over all jobs that have come.
    fn take_over(&mut self) {
        while self.waiting.len() < QUEUE {
            match self.jobs.try_recv() {
                Ok(job) => self.waiting.push_back(job),
                Err(_) => break,
            }
        }
    }

    /// Starts the next batch or small write; false where none can be started now.
    fn start(&mut self) -> bool {
        let beside = self.held.iter().map(|line| line.commits).sum();
        if self.alone || self.under_way.len() >= self.lines || !is_worth_while(self.waiting.len(), beside) {
            return false;
        }
        let alone = match self.waiting.front() {
            None | Some(Job::Close(_)) => return false,
            Some(Job::Small(_)) => false,
            Some(Job::Commit(first)) => first.alone,
        };
        if alone && !self.under_way.is_empty() {
            return false;
        }
        let (batch, touched) = match self.waiting.pop_front() {
            Some(Job::Small(write)) => {
                let (shared, connection) = (self.shared.clone(), self.idle.pop());
                self.send(1, Footprint::new(), move |job| Box::pin(shared.write_small(job, connection, write)));
                return true;
            }
            Some(Job::Commit(first)) if alone => (vec![*first], Footprint::new()),
            Some(job) => {
                self.waiting.push_front(job);
                self.gather()
            }
            None => return false,
        };
        if batch.is_empty() {
            return false;
        }
        self.alone = alone;
        let (shared, connection) = (self.shared.clone(), self.idle.pop());
        self.send(batch.len(), touched, move |job| Box::pin(shared.write(job, connection, batch)));
        true
    }

    fn send(&mut self, commits: usize, touched: Footprint, make: impl FnOnce(u64) -> BoxFuture<'static, Done>) {
        self.started += 1;
        self.held.push(Held { job: self.started, commits, touched, since: Instant::now() });
        self.under_way.push(make(self.started));
    }

    fn finish(&mut self, done: Done) {
        self.alone = false;
        if let Some(place) = self.held.iter().position(|held| held.job == done.job) {
            let held = self.held.swap_remove(place);
            self.last = (held.commits, held.since.elapsed());
        }
        self.idle.extend(done.connection);
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

    /// Takes the first waiting commits that can share a transaction, and what they touch.
    ///
    /// Who touches the same thing as one before it, under way, taken or left, is left for a later batch and keeps its place.
    fn gather(&mut self) -> (Vec<Pending>, Footprint) {
        let share = share(self.waiting.len(), self.lines.saturating_sub(self.under_way.len()));
        let (mut batch, mut touched, mut left) = (Vec::new(), Footprint::new(), VecDeque::new());
        // What those touch who are left: nobody may overtake them.
        let mut owed = Footprint::new();
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        for job in waiting.by_ref() {
            let Job::Commit(mut pending) = job else {
                left.push_back(job);
                break;
            };
            let free = |held: &Footprint| pending.footprint.is_disjoint(held);
            let free =
                !pending.alone && free(&touched) && free(&owed) && self.held.iter().all(|held| free(&held.touched));
            if free {
                touched.append(&mut pending.footprint);
                batch.push(*pending);
            } else {
                owed.extend(pending.footprint.iter().cloned());
                left.push_back(Job::Commit(pending));
            }
            if batch.len() == share {
                break;
            }
        }
        left.extend(waiting);
        self.waiting = left;
        (batch, touched)
    }
}

/// Whether so many wait that a transaction costs less than waiting for those under way, which hold so many.
fn is_worth_while(waiting: usize, beside: usize) -> bool {
    beside == 0 || waiting >= WORTH.max(beside / 2)
}

/// How many commits the next batch takes: what waits is shared among the lines that are free.
///
/// Too few would be written at too high a price each.
fn share(waiting: usize, free: usize) -> usize {
    waiting.div_ceil(free.max(1)).clamp(WORTH, MAX_BATCH)
}

impl Shared {
    /// Writes a batch; when it fails as a whole, each commit alone once more.
    async fn write(self: Arc<Self>, job: u64, connection: Option<Connection>, batch: Vec<Pending>) -> Done {
        let mut line = Line { shared: self, connection };
        let commits: Vec<&Commit> = batch.iter().map(|pending| &pending.commit).collect();
        match line.attempt(&commits).await {
            Ok(outcomes) => answer(batch, outcomes),
            Err(Failure::Unknown(error)) => {
                tracing::error!(%error, commits = batch.len(), "a COMMIT was not answered");
                let outcomes = batch.iter().map(|_| CommitOutcome::Unknown).collect();
                answer(batch, outcomes);
            }
            Err(Failure::NothingWritten(error)) => {
                tracing::warn!(%error, commits = batch.len(), "a batch failed; each of its commits is tried alone");
                for pending in batch {
                    let outcome = line.write_alone(&pending.commit).await;
                    answer(vec![pending], vec![outcome]);
                }
            }
        }
        Done { job, connection: line.connection }
    }

    async fn write_small(self: Arc<Self>, job: u64, connection: Option<Connection>, write: SmallWrite) -> Done {
        let mut line = Line { shared: self, connection };
        match line.take_connection().await {
            Ok(mut connection) => {
                if run_small(&mut connection, write).await {
                    line.connection = Some(connection);
                }
            }
            Err(error) => tracing::warn!(%error, "no connection to write with"),
        }
        Done { job, connection: line.connection }
    }
}

/// One transaction after another on one connection.
struct Line {
    shared: Arc<Shared>,
    connection: Option<Connection>,
}

impl Line {
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
        let Shared { salts, memory, .. } = self.shared.as_ref();
        let writing = tokio::time::timeout(PATIENCE, batch::write(&mut connection, commits, salts, memory));
        // Whether the COMMIT was reached cannot be told any more.
        let silent = || Failure::Unknown(StoreError::Unreachable("the database does not answer".into()));
        let outcomes = writing.await.map_err(|_| silent())??;
        self.connection = Some(connection);
        Ok(outcomes)
    }

    /// Takes the connection away: only what succeeded puts it back, a failed one is closed by being dropped.
    async fn take_connection(&mut self) -> Result<Connection, StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.shared.database.open_writer().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_commit_never_waits_for_more_when_nothing_is_under_way() {
        assert!(is_worth_while(1, 0));
    }

    #[test]
    fn beside_others_a_batch_waits_until_it_is_worth_its_statement() {
        assert!(!is_worth_while(WORTH - 1, 1) && is_worth_while(WORTH, 1));
        assert!(!is_worth_while(15, 32) && is_worth_while(16, 32));
    }

    #[test]
    fn what_waits_is_shared_among_the_free_lines_in_worthwhile_parts() {
        assert_eq!((share(64, 3), share(64, 2), share(64, 1)), (22, 32, 32));
        assert_eq!((share(8, 3), share(1, 3), share(4, 0)), (3, WORTH, 4));
    }
}
