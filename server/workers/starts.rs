//! What the calendar starts. A day that came round while nothing ran is made up for; nothing is started twice.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use zhupi_domain::{CompanyId, Instant};

use super::lease::Shards;
use super::{Tools, rest};

const EVERY: Duration = Duration::from_secs(20);

/// Looks at every company in turn until the server stops.
pub async fn run(tools: Tools, mut stopping: watch::Receiver<bool>) {
    let mut shards = Shards::of("starts", 1);
    // Where the last look ended, by company: what was seen by this process need not be looked at again.
    let mut seen = BTreeMap::new();
    while !*stopping.borrow() {
        match shards.held(&tools).await.contains(&0) {
            true => look(&tools, &mut seen, &stopping).await,
            // Whoever holds the lease sees more than this process has.
            false => seen.clear(),
        }
        rest(&mut stopping, EVERY).await;
    }
    shards.give_back(&tools).await;
}

async fn look(tools: &Tools, seen: &mut BTreeMap<CompanyId, Instant>, stopping: &watch::Receiver<bool>) {
    let companies = match tools.app.store().companies().await {
        Ok(companies) => companies,
        Err(error) => return tracing::warn!(%error, "companies cannot be read"),
    };
    for company in companies {
        if *stopping.borrow() {
            return;
        }
        let (id, now) = (company.id, tools.clock.now());
        match tools.app.start_due(&id, seen.get(&id).copied(), now).await {
            Ok(done) => {
                if done.started > 0 {
                    tracing::info!(company = %id, started = done.started, "the calendar started requests");
                }
                // What could not be started is looked at again.
                if done.failed == 0 {
                    seen.insert(id, now);
                }
            }
            Err(error) => tracing::error!(company = %id, %error, "what the calendar starts cannot be told"),
        }
    }
}
