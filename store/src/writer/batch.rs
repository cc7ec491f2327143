//! One transaction of one or more commits.

use super::current::Current;
use super::judge::refusal;
use super::plan::Plan;
use crate::StoreError;
use crate::chain::Salts;
use crate::database::Connection;
use crate::port::{Commit, CommitOutcome};

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
) -> Result<Vec<CommitOutcome>, Failure> {
    connection.begin().await?;
    let mut current = Current::load(connection, commits).await?;
    if commits.iter().any(|commit| matches!(refusal(commit, &current), Some(CommitOutcome::Conflict(_)))) {
        current.look_for_answers(connection, commits).await?;
    }
    let mut plan = Plan::default();
    let mut outcomes = Vec::with_capacity(commits.len());
    let mut accepted = false;
    for commit in commits {
        outcomes.push(match refusal(commit, &current) {
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
        Ok(()) => Ok(outcomes),
        // SQLite could not write its log to the end: the transaction is not in it.
        Err(StoreError::DiskFull) if connection.is_sqlite() => Err(Failure::NothingWritten(StoreError::DiskFull)),
        Err(error) => Err(Failure::Unknown(error)),
    }
}
