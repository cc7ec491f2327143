//! Sweeping: what nobody needs any more goes, in bounded steps.

use std::time::Duration;

use tokio::sync::watch;
use zhupi_store::StoreError;

use super::lease::Shards;
use super::{Tools, rest};

const EVERY: Duration = Duration::from_secs(300);
/// Answers to requests are kept for a day, files that nobody named and numbers that nobody used as well.
const DAY_SECONDS: i64 = 24 * 3600;
/// Files swept in one round.
const FILES: i64 = 200;

/// Sweeps every few minutes until the server stops.
pub async fn run(tools: Tools, mut stopping: watch::Receiver<bool>) {
    let mut shards = Shards::of("sweeps", 1);
    while !*stopping.borrow() {
        if shards.held(&tools).await.contains(&0)
            && let Err(error) = sweep(&tools).await
        {
            tracing::warn!(%error, "sweeping failed");
        }
        rest(&mut stopping, EVERY).await;
    }
    shards.give_back(&tools).await;
}

async fn sweep(tools: &Tools) -> Result<(), StoreError> {
    let (store, now) = (tools.app.store(), tools.clock.now());
    let yesterday = now.plus_seconds(-DAY_SECONDS);
    let answers = store.sweep_responses(yesterday).await?;
    let files = store.sweep_files(yesterday, FILES).await?;
    let numbers = store.void_stale_numbers(yesterday, "taken for a submission that was never finished").await?;
    store.sweep_access(now, yesterday).await?;
    if answers + files + numbers > 0 {
        tracing::info!(answers, files, numbers, "swept");
    }
    Ok(())
}
