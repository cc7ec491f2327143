//! Errands: what commits leave to the outbox. Those about a company as a whole are done in slices.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zhupi_domain::{CompanyId, Instant};
use zhupi_store::{Change, Commit, CommitOutcome, Conflict, OutboxMessage, OutboxState, WritePort};

use crate::arrival::ARRIVED;
use crate::commit::MACHINE;
use crate::count_again::COUNT_AGAIN;
use crate::hand_over::HAND_OVER;
use crate::{App, AppError};

/// The message that goes with a commit; its id tells it from every other one of its topic.
pub(crate) fn errand(
    company: &CompanyId,
    topic: &str,
    id: &str,
    body: &impl Serialize,
    due_at: Instant,
) -> Result<Change, AppError> {
    Ok(Change::Enqueue(OutboxMessage {
        company: company.clone(),
        id: format!("{topic}/{id}"),
        topic: topic.into(),
        instance: None,
        body: serde_json::to_string(body).map_err(|error| AppError::Internal(error.to_string()))?,
        attempts: 0,
        due_at,
        state: OutboxState::Pending,
        last_error: None,
    }))
}

/// What a message says.
pub(crate) fn told<T: DeserializeOwned>(message: &OutboxMessage) -> Result<T, AppError> {
    serde_json::from_str(&message.body).map_err(|error| AppError::Internal(format!("message {}: {error}", message.id)))
}

impl App {
    /// Does what a message asks for, unless it only tells somebody something. Doing it twice does it once.
    pub async fn deal_with(&self, message: &OutboxMessage, now: Instant) -> Result<(), AppError> {
        match message.topic.as_str() {
            MACHINE => self.run_machine(message, now).await,
            ARRIVED => self.arrived(message, now).await,
            COUNT_AGAIN => self.count_again(message, now).await,
            HAND_OVER => self.hand_over(message, now).await,
            other => Err(AppError::Internal(format!("nobody knows what to do with `{other}`"))),
        }
    }

    /// Ends an errand, and begins its next slice in the same commit. Whoever did the same before has done it.
    pub(crate) async fn go_on(&self, message: &OutboxMessage, next: Option<Change>) -> Result<(), AppError> {
        let mut commit = Commit::new(message.company.clone());
        commit.changes.push(Change::FinishMessage { id: message.id.clone() });
        commit.changes.extend(next);
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) | CommitOutcome::Conflict(Conflict::MessageGone { .. }) => Ok(()),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            other => Err(AppError::Internal(format!("message {}: {other:?}", message.id))),
        }
    }
}
