//! Timers: what becomes due becomes a command. After a long downtime they are worked off in bounded batches.

use std::time::Duration;

use tokio::sync::watch;
use zhupi_store::{SHARDS, Timer};

use super::lease::Shards;
use super::{Tools, rest};

/// Timers of one shard in one round.
const BATCH: i64 = 50;
const POLL: Duration = Duration::from_secs(1);

/// Works until the server stops.
pub async fn run(tools: Tools, mut stopping: watch::Receiver<bool>) {
    let mut shards = Shards::of("timers", SHARDS);
    while !*stopping.borrow() {
        let mut fired = 0;
        for shard in shards.held(&tools).await {
            fired += Timers(&tools).round(shard).await;
        }
        // Between two batches others get their turn.
        let pause = if fired == 0 { POLL } else { Duration::from_millis(5) };
        rest(&mut stopping, pause).await;
    }
    shards.give_back(&tools).await;
}

/// Lets timers go off.
pub struct Timers<'a>(pub &'a Tools);

impl Timers<'_> {
    /// Lets go off what is due in a shard; answers how many went off.
    pub async fn round(&self, shard: i64) -> usize {
        let now = self.0.clock.now();
        let due = match self.0.app.store().due_timers(shard, now, BATCH).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(shard, %error, "timers cannot be read");
                return 0;
            }
        };
        let mut fired = 0;
        for timer in &due {
            fired += usize::from(self.fire(timer).await);
        }
        fired
    }

    /// One that cannot go off stays where it is and is tried again with the next round.
    async fn fire(&self, timer: &Timer) -> bool {
        match self.0.app.fire_timer(timer, self.0.clock.now()).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(instance = %timer.instance, timer = timer.number, %error, "a timer could not go off");
                false
            }
        }
    }
}
