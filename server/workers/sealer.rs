//! Checkpoints: at most a second behind, so that what is written cannot be changed unseen.

use std::time::Duration;

use tokio::sync::watch;

use super::lease::Shards;
use super::{Tools, rest};

const EVERY: Duration = Duration::from_millis(500);

/// Seals what is new of every company until the server stops, and once more at the end.
pub async fn run(tools: Tools, mut stopping: watch::Receiver<bool>) {
    let mut shards = Shards::of("sealer", 1);
    loop {
        // All companies are sealed by one server: whoever holds the first shard.
        let mine = shards.held(&tools).await.contains(&0);
        if mine && let Err(error) = tools.app.store().seal(tools.clock.now()).await {
            tracing::warn!(%error, "checkpoints could not be written");
        }
        if *stopping.borrow() {
            break;
        }
        rest(&mut stopping, EVERY).await;
    }
    shards.give_back(&tools).await;
}
