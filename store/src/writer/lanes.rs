//! What waits, and the batches that are under way.
//!
//! SQLite has one connection that writes. PostgreSQL has as many as there are lanes: while one batch waits for the disk, another is
//! made and sent. Two batches that are under way at once touch nothing in common, like two commits of one batch, so that it does
//! not matter which of them comes first; and who touches what a batch under way touches waits until that is answered.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

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
const LANES: usize = 2;
/// How long a batch may take before its connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What all lanes share.
struct Shared {
    database: Arc<Database>,
    salts: Salts,
    memory: Memory,
}

/// The writer's task.
pub(super) struct Work {
    shared: Arc<Shared>,
    lanes: usize,
    /// Connections that no lane uses now. Opened when first needed, and dropped with every batch that failed.
    idle: Vec<Connection>,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
    /// What each lane touches, by the number of its job.
    held: Vec<(u64, Footprint)>,
    /// Whether what is under way suffers nothing beside it.
    alone: bool,
    started: u64,
    waiting: VecDeque<Job>,
    jobs: mpsc::Receiver<Job>,
}

/// A lane that has become free.
struct Done {
    job: u64,
    connection: Option<Connection>,
}

impl Work {
    pub(super) fn new(database: Arc<Database>, salts: Salts, jobs: mpsc::Receiver<Job>) -> Self {
        let lanes = match database.as_ref() {
            Database::Sqlite { .. } => 1,
            Database::Postgres { .. } => LANES,
        };
        Self {
            shared: Arc::new(Shared { database, salts, memory: Memory::default() }),
            lanes,
            idle: Vec::new(),
            under_way: FuturesUnordered::new(),
            held: Vec::new(),
            alone: false,
            started: 0,
            waiting: VecDeque::new(),
            jobs,
        }
    }

    /// Starts what can be started, and waits for something to end or to come, until no more can come.
    pub(super) async fn run(mut self) {
        let mut open = true;
        loop {
            self.take_over();
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
        if self.alone || self.under_way.len() >= self.lanes {
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
                self.send(Footprint::new(), move |job| Box::pin(shared.write_small(job, connection, write)));
                return true;
            }
            Some(Job::Commit(first)) if alone => (vec![*first], Footprint::new()),
            Some(job) => {
                self.waiting.push_front(job);
                gather(&mut self.waiting, &self.held)
            }
            None => return false,
        };
        if batch.is_empty() {
            return false;
        }
        self.alone = alone;
        let (shared, connection) = (self.shared.clone(), self.idle.pop());
        self.send(touched, move |job| Box::pin(shared.write(job, connection, batch)));
        true
    }

    fn send(&mut self, touched: Footprint, make: impl FnOnce(u64) -> BoxFuture<'static, Done>) {
        self.started += 1;
        self.held.push((self.started, touched));
        self.under_way.push(make(self.started));
    }

    fn finish(&mut self, done: Done) {
        self.alone = false;
        self.held.retain(|(job, _)| *job != done.job);
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
}

/// Takes the first waiting commits that can share a transaction, and what they touch.
///
/// Who touches the same thing as one before it, under way, taken or left, is left for a later batch and keeps its place.
fn gather(waiting: &mut VecDeque<Job>, held: &[(u64, Footprint)]) -> (Vec<Pending>, Footprint) {
    let (mut batch, mut touched, mut left) = (Vec::new(), Footprint::new(), VecDeque::new());
    // What those touch who are left: nobody may overtake them.
    let mut owed = Footprint::new();
    let mut coming = std::mem::take(waiting).into_iter();
    for job in coming.by_ref() {
        let Job::Commit(mut pending) = job else {
            left.push_back(job);
            break;
        };
        let free = |others: &Footprint| pending.footprint.is_disjoint(others);
        let free = !pending.alone && free(&touched) && free(&owed) && held.iter().all(|(_, held)| free(held));
        if free {
            touched.append(&mut pending.footprint);
            batch.push(*pending);
        } else {
            owed.extend(pending.footprint.iter().cloned());
            left.push_back(Job::Commit(pending));
        }
        if batch.len() == MAX_BATCH {
            break;
        }
    }
    left.extend(coming);
    *waiting = left;
    (batch, touched)
}

impl Shared {
    /// Writes a batch; when it fails as a whole, each commit alone once more.
    async fn write(self: Arc<Self>, job: u64, connection: Option<Connection>, batch: Vec<Pending>) -> Done {
        let mut lane = Lane { shared: self, connection };
        let commits: Vec<&Commit> = batch.iter().map(|pending| &pending.commit).collect();
        match lane.attempt(&commits).await {
            Ok(outcomes) => answer(batch, outcomes),
            Err(Failure::Unknown(error)) => {
                tracing::error!(%error, commits = batch.len(), "a COMMIT was not answered");
                let outcomes = batch.iter().map(|_| CommitOutcome::Unknown).collect();
                answer(batch, outcomes);
            }
            Err(Failure::NothingWritten(error)) => {
                tracing::warn!(%error, commits = batch.len(), "a batch failed; each of its commits is tried alone");
                for pending in batch {
                    let outcome = lane.write_alone(&pending.commit).await;
                    answer(vec![pending], vec![outcome]);
                }
            }
        }
        Done { job, connection: lane.connection }
    }

    async fn write_small(self: Arc<Self>, job: u64, connection: Option<Connection>, write: SmallWrite) -> Done {
        let mut lane = Lane { shared: self, connection };
        match lane.take_connection().await {
            Ok(mut connection) => {
                if run_small(&mut connection, write).await {
                    lane.connection = Some(connection);
                }
            }
            Err(error) => tracing::warn!(%error, "no connection to write with"),
        }
        Done { job, connection: lane.connection }
    }
}

/// One transaction after another on one connection.
struct Lane {
    shared: Arc<Shared>,
    connection: Option<Connection>,
}

impl Lane {
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
    use tokio::sync::oneshot;
    use zhupi_domain::{CompanyId, InstanceId};

    use super::*;
    use crate::Stream;
    use crate::port::Guard;
    use crate::writer::things::{Thing, footprint};

    /// A commit on one instance, told apart by its number.
    fn on(instance: &str, number: i64) -> Job {
        let mut commit = Commit::new(CompanyId::new("pharma"));
        let stream = Stream::Instance(InstanceId::new(instance));
        commit.guards.push(Guard::Stream { stream, number });
        let (footprint, (answer, _)) = (footprint(&commit), oneshot::channel());
        Job::Commit(Box::new(Pending { commit, footprint, alone: false, answer }))
    }

    fn small() -> Job {
        Job::Small(Box::new(|_| Box::pin(async { (Ok(()), Box::new(|_| {}) as super::super::Tell) })))
    }

    fn held(instance: &str) -> Footprint {
        let stream = Stream::Instance(InstanceId::new(instance));
        [(CompanyId::new("pharma"), Thing::Stream(stream))].into()
    }

    fn numbers<'a>(commits: impl IntoIterator<Item = &'a Commit>) -> Vec<i64> {
        let guards = commits.into_iter().flat_map(|commit| &commit.guards);
        guards.map(|guard| if let Guard::Stream { number, .. } = guard { *number } else { 0 }).collect()
    }

    fn taken(batch: &[Pending]) -> Vec<i64> {
        numbers(batch.iter().map(|pending| &pending.commit))
    }

    fn left(waiting: &VecDeque<Job>) -> Vec<i64> {
        let commits =
            waiting.iter().filter_map(|job| if let Job::Commit(left) = job { Some(&left.commit) } else { None });
        numbers(commits)
    }

    #[test]
    fn who_touches_what_is_under_way_waits_and_keeps_its_place() {
        let mut waiting = VecDeque::from([on("a", 1), on("b", 2), on("a", 3), on("c", 4), on("b", 5)]);
        let (batch, touched) = gather(&mut waiting, &[(7, held("a"))]);
        assert_eq!((taken(&batch), left(&waiting)), (vec![2, 4], vec![1, 3, 5]));
        assert!(!touched.is_disjoint(&held("b")) && touched.is_disjoint(&held("a")));
        let (batch, _) = gather(&mut waiting, &[(8, held("b")), (9, held("c"))]);
        assert_eq!((taken(&batch), left(&waiting)), (vec![1], vec![3, 5]));
    }

    #[test]
    fn nobody_overtakes_a_small_write_or_fills_more_than_a_batch() {
        let mut waiting = VecDeque::from([on("a", 1), small(), on("b", 2)]);
        let (batch, _) = gather(&mut waiting, &[]);
        assert_eq!((taken(&batch), left(&waiting), waiting.len()), (vec![1], vec![2], 2));
        let mut waiting: VecDeque<Job> = (0..40).map(|number| on(&number.to_string(), number)).collect();
        let (batch, _) = gather(&mut waiting, &[]);
        assert_eq!((batch.len(), waiting.len()), (MAX_BATCH, 8));
    }
}
