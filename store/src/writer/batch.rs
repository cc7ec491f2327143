//! One transaction of one or more commits.

use std::collections::BTreeMap;

use zhupi_domain::CompanyId;

use super::current::Current;
use super::judge::refusal;
use super::memory::Memory;
use super::plan::Plan;
use crate::chain::Salts;
use crate::database::Connection;
use crate::port::{Commit, CommitOutcome};
use crate::{StoreError, Stream};

/// How a batch failed as a whole. Its connection is not used again.
#[derive(Debug)]
pub(super) enum Failure {
    /// Before the COMMIT was sent, or with an answer that says that nothing was written.
    NothingWritten(StoreError),
    /// The COMMIT was sent and no answer came.
    Unknown(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::NothingWritten(error)
    }
}

/// Writes a batch in one transaction; answers each commit in its order.
///
/// No two commits of a batch touch the same thing, so that it does not matter in which order their rows are written.
pub(super) async fn write(
    connection: &mut Connection,
    commits: &[&Commit],
    salts: &Salts,
    memory: &Memory,
) -> Result<Vec<CommitOutcome>, Failure> {
    let remembered = match connection.is_sqlite() {
        true => None,
        false => Current::remembered(connection, commits, memory).await?,
    };
    // Whatever becomes of the batch: what is remembered afterwards is what was written.
    commits.iter().flat_map(|commit| streams(commit)).for_each(|key| memory.forget(&key));
    if let Some((current, directories)) = remembered
        && let Some(outcomes) = write_at_once(connection, commits, salts, memory, (&current, &directories)).await?
    {
        return Ok(outcomes);
    }
    connection.begin().await?;
    let mut current = Current::load(connection, commits).await?;
    let mut refusals: Vec<_> = commits.iter().map(|commit| refusal(commit, &current)).collect();
    if refusals.iter().any(|refused| matches!(refused, Some(CommitOutcome::Conflict(_)))) {
        current.look_for_answers(connection, commits).await?;
        refusals = commits.iter().map(|commit| refusal(commit, &current)).collect();
    }
    let mut plan = Plan::default();
    let mut outcomes = Vec::with_capacity(commits.len());
    let mut accepted = false;
    for (commit, refused) in commits.iter().zip(refusals) {
        outcomes.push(match refused {
            Some(refusal) => refusal,
            None => {
                accepted = true;
                CommitOutcome::Committed(plan.add_commit(commit, &current, salts)?)
            }
        });
    }
    if !accepted {
        connection.rollback().await?;
        return Ok(outcomes);
    }
    plan.run(connection).await?;
    match connection.commit().await {
        Ok(()) => {
            memory.remember(plan.heads);
            Ok(outcomes)
        }
        // SQLite could not write its log to the end: the transaction is not in it.
        Err(StoreError::DiskFull) if connection.is_sqlite() => Err(Failure::NothingWritten(StoreError::DiskFull)),
        Err(error) => Err(Failure::Unknown(error)),
    }
}

/// Writes a batch in one statement, by what is remembered of its streams; none where that does not hold, with nothing written.
async fn write_at_once(
    connection: &mut Connection,
    commits: &[&Commit],
    salts: &Salts,
    memory: &Memory,
    (current, directories): (&Current, &BTreeMap<CompanyId, i64>),
) -> Result<Option<Vec<CommitOutcome>>, Failure> {
    if commits.iter().any(|commit| refusal(commit, current).is_some()) {
        return Ok(None);
    }
    // Streams are locked in the order of their names, by every server.
    let mut sorted: Vec<(usize, &Commit)> = commits.iter().copied().enumerate().collect();
    sorted.sort_by_cached_key(|(_, commit)| streams(commit).next());
    let mut plan = Plan::default();
    let mut outcomes = Vec::with_capacity(commits.len());
    for (place, commit) in sorted {
        outcomes.push((place, CommitOutcome::Committed(plan.add_commit(commit, current, salts)?)));
    }
    match plan.run_at_once(connection, directories).await {
        Ok(Some(())) => {
            memory.remember(plan.heads);
            outcomes.sort_by_key(|(place, _)| *place);
            Ok(Some(outcomes.into_iter().map(|(_, outcome)| outcome).collect()))
        }
        Ok(None) => Ok(None),
        // The statement is its own COMMIT.
        Err(error) => Err(Failure::Unknown(error)),
    }
}

/// The streams that a commit writes to.
fn streams(commit: &Commit) -> impl Iterator<Item = (CompanyId, Stream)> {
    commit.events.iter().map(|event| (commit.company.clone(), event.stream.clone()))
}
