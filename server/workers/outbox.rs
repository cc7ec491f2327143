//! What commits asked for: machine steps, done at once; notices, sent when the mail server takes them.

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use zhupi_app::{AppError, HAND_OVER, MACHINE, NOTICE};
use zhupi_store::{OutboxMessage, SHARDS};

use super::lease::Shards;
use super::{Tools, rest};

/// Messages of one shard in one round.
const BATCH: i64 = 50;
/// After so many failures a message waits for a person.
const MOST_ATTEMPTS: i64 = 12;
const LONGEST_PAUSE_SECONDS: i64 = 3600;
/// Without a hint it is looked so often.
const POLL: Duration = Duration::from_secs(1);

/// Works until the server stops: right after each change, and once a second besides.
pub async fn run(tools: Tools, mut stopping: watch::Receiver<bool>) {
    let mut changes = tools.app.changes();
    let mut shards = Shards::of("outbox", SHARDS);
    while !*stopping.borrow() {
        let mut done = 0;
        for shard in shards.held(&tools).await {
            done += Outbox(&tools).round(shard).await;
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

/// Does messages, one after another.
pub struct Outbox<'a>(pub &'a Tools);

impl Outbox<'_> {
    /// Does what is due in a shard; answers how many messages were dealt with.
    pub async fn round(&self, shard: i64) -> usize {
        let now = self.0.clock.now();
        match self.0.app.store().due_messages(shard, now, BATCH).await {
            Ok(messages) => {
                for message in &messages {
                    self.deal_with(message).await;
                }
                messages.len()
            }
            Err(error) => {
                tracing::warn!(shard, %error, "the outbox cannot be read");
                0
            }
        }
    }

    async fn deal_with(&self, message: &OutboxMessage) {
        let done = match message.topic.as_str() {
            MACHINE => self.0.app.run_machine(message, self.0.clock.now()).await.map_err(|error| error.to_string()),
            HAND_OVER => self.0.app.hand_over(message, self.0.clock.now()).await.map_err(|error| error.to_string()),
            NOTICE => self.notify(message).await,
            other => Err(format!("nobody knows what to do with `{other}`")),
        };
        if let Err(reason) = done {
            self.put_off(message, &reason).await;
        }
    }

    async fn notify(&self, message: &OutboxMessage) -> Result<(), String> {
        if let Some(mailer) = &self.0.mailer {
            let instance = message.instance.as_ref().map(ToString::to_string).unwrap_or_default();
            let link = format!("{}/requests/{instance}", self.0.public_url);
            let mails = self.0.app.notice(message, &link).await.map_err(|error: AppError| error.to_string())?;
            for mail in mails {
                mailer.send(&message.id, mail).await?;
            }
        }
        let finished = self.0.app.store().finish_message(&message.company, &message.id).await;
        finished.map_err(|error| error.to_string())
    }

    /// Tries again later, each time after a longer pause, and in the end no more until a person says so.
    async fn put_off(&self, message: &OutboxMessage, reason: &str) {
        let (store, company, id) = (self.0.app.store(), &message.company, message.id.as_str());
        let (attempts, topic) = (message.attempts + 1, message.topic.as_str());
        let put_off = if attempts >= MOST_ATTEMPTS {
            tracing::error!(id, topic, attempts, reason, "a message is given up on until somebody sends it again");
            store.park_message(company, id, reason).await
        } else {
            tracing::warn!(id, topic, attempts, reason, "a message could not be dealt with");
            let due = self.0.clock.now().plus_seconds(pause_after(attempts));
            store.retry_message(company, id, due, reason).await
        };
        if let Err(error) = put_off {
            tracing::warn!(id, %error, "a message could not be put off");
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
