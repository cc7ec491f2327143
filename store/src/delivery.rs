//! What workers do under leases: due timers and messages.

use zhupi_domain::{CompanyId, Instant};

use crate::database::values;
use crate::records::{OutboxMessage, Timer};
use crate::sql::work as sql;
use crate::{Store, StoreError};

/// A part of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane<'a> {
    /// Messages of this topic.
    Of(&'a str),
    /// Messages of all other topics.
    Beside(&'a str),
}

impl Store {
    /// Takes or renews a lease until a moment; false when somebody else holds it.
    ///
    /// A lease only keeps two workers from doing the same work; that a timer fires once is seen to by its commit.
    pub async fn take_lease(
        &self,
        name: &str,
        shard: i64,
        holder: &str,
        now: Instant,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let values = values![name, shard, holder, until, now];
        Ok(!self.execute_returning(&sql::LEASE_TAKE, values).await?.is_empty())
    }

    /// Gives a lease back, if it is still held.
    pub async fn release_lease(&self, name: &str, shard: i64, holder: &str) -> Result<(), StoreError> {
        self.execute(&sql::LEASE_RELEASE, values![name, shard, holder]).await.map(drop)
    }

    /// Timers of a shard that are due, the longest due first. Each is then a command whose commit drops it.
    pub async fn due_timers(&self, shard: i64, now: Instant, limit: i64) -> Result<Vec<Timer>, StoreError> {
        self.list(&sql::TIMERS_DUE, values![shard, now, limit], Timer::read).await
    }

    /// When the next timer of a shard becomes due.
    pub async fn next_timer(&self, shard: i64) -> Result<Option<Instant>, StoreError> {
        self.find(&sql::TIMER_NEXT, values![shard], |row| row.instant()).await
    }

    /// Messages of a shard that are due, leaving out those that must wait for an earlier one.
    pub async fn due_messages(&self, shard: i64, now: Instant, limit: i64) -> Result<Vec<OutboxMessage>, StoreError> {
        self.list(&sql::MESSAGES_DUE, values![shard, now, limit], OutboxMessage::read).await
    }

    /// The same, of one lane only: what is slow in one does not hold up the other.
    pub async fn due_messages_in(
        &self,
        lane: Lane<'_>,
        shard: i64,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<OutboxMessage>, StoreError> {
        let (statement, topic) = match lane {
            Lane::Of(topic) => (&sql::MESSAGES_DUE_OF, topic),
            Lane::Beside(topic) => (&sql::MESSAGES_DUE_BESIDE, topic),
        };
        self.list(statement, values![shard, now, limit, topic], OutboxMessage::read).await
    }

    /// When the next message of a shard becomes due.
    pub async fn next_message(&self, shard: i64) -> Result<Option<Instant>, StoreError> {
        self.find(&sql::MESSAGE_NEXT, values![shard], |row| row.instant()).await
    }

    /// Deletes a message that was sent. One that is a command is deleted by its commit instead.
    pub async fn finish_message(&self, company: &CompanyId, id: &str) -> Result<(), StoreError> {
        self.execute(&sql::MESSAGE_DONE, values![company.as_str(), id]).await.map(drop)
    }

    /// Counts an attempt that failed, and puts the message off.
    pub async fn retry_message(
        &self,
        company: &CompanyId,
        id: &str,
        due_at: Instant,
        error: &str,
    ) -> Result<(), StoreError> {
        self.execute(&sql::MESSAGE_RETRY, values![company.as_str(), id, due_at, error]).await.map(drop)
    }

    /// Gives up on a message until a person sends it again.
    pub async fn park_message(&self, company: &CompanyId, id: &str, error: &str) -> Result<(), StoreError> {
        self.execute(&sql::MESSAGE_PARK, values![company.as_str(), id, error]).await.map(drop)
    }

    /// Puts a parked message back; false when it is not parked.
    pub async fn replay_message(&self, company: &CompanyId, id: &str, due_at: Instant) -> Result<bool, StoreError> {
        Ok(self.execute(&sql::MESSAGE_REPLAY, values![company.as_str(), id, due_at]).await? > 0)
    }

    /// Deletes answers to requests that came before a moment (a day ago); answers how many.
    pub async fn sweep_responses(&self, before: Instant) -> Result<u64, StoreError> {
        self.execute(&sql::SWEEP_RESPONSES, values![before]).await
    }
}
