//! Timers: what becomes due becomes a command. After a long downtime they are worked off in bounded batches.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch;
use zhupi_store::SHARDS;

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
        // Nothing overtakes a timer of its request that is tried again with the next round.
        let mut held_up = BTreeSet::new();
        for timer in &due {
            if held_up.contains(&(&timer.company, &timer.instance)) {
                continue;
            }
            match self.0.app.fire_timer(timer, self.0.clock.now()).await {
                Ok(()) => fired += 1,
                Err(error) => {
                    let (instance, number) = (&timer.instance, timer.number);
                    tracing::error!(%instance, timer = number, %error, "a timer could not go off");
                    if error.is_passing() {
                        held_up.insert((&timer.company, &timer.instance));
                    }
                }
            }
        }
        fired
    }
}
