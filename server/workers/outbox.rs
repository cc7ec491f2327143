//! What commits asked for, in two lanes: steps, done at once one after another; and notices, sent several at a time, so that
//! a mail server that hangs holds nobody's request up.

use std::time::Duration;

use futures::future::join_all;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use zhupi_app::NOTICE;
use zhupi_store::{OutboxMessage, SHARDS};

use super::lease::Shards;
use super::{Tools, rest};

/// Steps of one shard in one round.
const STEPS: i64 = 50;
/// Notices of one shard in one round: as many as are sent at once, so that a round ends while the lease holds.
const NOTICES: i64 = 8;
/// After so many failures a message waits for a person.
const MOST_ATTEMPTS: i64 = 12;
const LONGEST_PAUSE_SECONDS: i64 = 3600;
/// Without a hint it is looked so often.
const POLL: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Steps,
    Notices,
}

/// Works until the server stops: right after each change, and once a second besides.
pub async fn run(tools: Tools, lane: Lane, mut stopping: watch::Receiver<bool>) {
    let mut changes = tools.app.changes();
    let mut shards = Shards::of(lane.lease(), SHARDS);
    while !*stopping.borrow() {
        let mut done = 0;
        for shard in shards.held(&tools).await {
            done += Outbox { tools: &tools, lane }.round(shard).await;
        }
        if done > 0 {
            continue;
        }
        tokio::select! {
            change = changes.recv() => match change {
                Ok(_) | Err(RecvError::Lagged(_)) => changes = changes.resubscribe(),
                Err(RecvError::Closed) => break,
            },
            _ = rest(&mut stopping, POLL) => {}
        }
    }
    shards.give_back(&tools).await;
}

impl Lane {
    fn lease(self) -> &'static str {
        match self {
            Self::Steps => "outbox",
            Self::Notices => "notices",
        }
    }
}

/// Deals with the messages of one lane.
pub struct Outbox<'a> {
    pub tools: &'a Tools,
    pub lane: Lane,
}

impl Outbox<'_> {
    /// Does what is due in a shard; answers how many messages were dealt with, for better or worse.
    pub async fn round(&self, shard: i64) -> usize {
        match self.due(shard).await {
            Ok(messages) if self.lane == Lane::Notices => {
                join_all(messages.iter().map(|message| self.deal_with(message)))
                    .await
                    .into_iter()
                    .map(usize::from)
                    .sum()
            }
            Ok(messages) => {
                let mut dealt = 0;
                for message in &messages {
                    dealt += usize::from(self.deal_with(message).await);
                }
                dealt
            }
            Err(error) => {
                tracing::warn!(shard, %error, "the outbox cannot be read");
                0
            }
        }
    }

    async fn due(&self, shard: i64) -> Result<Vec<OutboxMessage>, zhupi_store::StoreError> {
        let (lane, limit) = match self.lane {
            Lane::Steps => (zhupi_store::Lane::Beside(NOTICE), STEPS),
            Lane::Notices => (zhupi_store::Lane::Of(NOTICE), NOTICES),
        };
        self.tools.app.store().due_messages_in(lane, shard, self.tools.clock.now(), limit).await
    }

    /// Whether it is out of the way for now: done, or put off.
    async fn deal_with(&self, message: &OutboxMessage) -> bool {
        let (app, now) = (&self.tools.app, self.tools.clock.now());
        let done = match message.topic.as_str() {
            NOTICE => self.notify(message).await,
            _ => app.deal_with(message, now).await.map_err(|error| error.cause()),
        };
        match done {
            Ok(()) => true,
            Err(reason) => self.put_off(message, &reason).await,
        }
    }

    async fn notify(&self, message: &OutboxMessage) -> Result<(), String> {
        let app = &self.tools.app;
        if let Some(mailer) = &self.tools.mailer {
            let instance = message.instance.as_ref().map(ToString::to_string).unwrap_or_default();
            let link = format!("{}/requests/{instance}", self.tools.public_url);
            let mails = app.notice(message, &link, self.tools.clock.now()).await.map_err(|error| error.cause())?;
            for mail in mails {
                mailer.send(&message.id, mail).await?;
            }
        }
        app.store().finish_message(&message.company, &message.id).await.map_err(|error| error.to_string())
    }

    /// Tries again later, each time after a longer pause, and in the end no more until a person says so.
    async fn put_off(&self, message: &OutboxMessage, reason: &str) -> bool {
        let (store, company, id) = (self.tools.app.store(), &message.company, message.id.as_str());
        let (attempts, topic) = (message.attempts + 1, message.topic.as_str());
        let put_off = if attempts >= MOST_ATTEMPTS {
            tracing::error!(id, topic, attempts, reason, "a message is given up on until somebody sends it again");
            store.park_message(company, id, reason).await
        } else {
            tracing::warn!(id, topic, attempts, reason, "a message could not be dealt with");
            let due = self.tools.clock.now().plus_seconds(pause_after(attempts));
            store.retry_message(company, id, due, reason).await
        };
        match put_off {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(id, %error, "a message could not be put off");
                false
            }
        }
    }
}

/// Seconds until the next try: 2, 4, 8, … up to an hour.
fn pause_after(attempts: i64) -> i64 {
    (1i64 << attempts.clamp(1, 20)).min(LONGEST_PAUSE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        assert_eq!([1, 2, 3, 11, 12, 1000].map(pause_after), [2, 4, 8, 2048, 3600, 3600]);
    }
}
