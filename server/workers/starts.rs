//! What the calendar starts. A day that came round while nothing ran is made up for; nothing is started twice.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use zhupi_app::AppError;
use zhupi_domain::{CompanyId, Instant};
use zhupi_store::Stream;

use super::lease::Shards;
use super::{Tools, rest};

const EVERY: Duration = Duration::from_secs(20);

/// How far this process has looked at a company.
struct Seen {
    until: Instant,
    waiting: Option<Waiting>,
}

/// Days that may have come round in a year which the calendar did not know.
struct Waiting {
    /// Where the look began that met them; none: as far back as it is looked at all.
    from: Option<Instant>,
    /// Of the calendars, as they were then.
    version: i64,
}

impl Seen {
    /// Where the next look begins: anew from what waits, once the calendar has changed.
    fn next(&self, version: i64) -> Option<Instant> {
        match &self.waiting {
            Some(waiting) if waiting.version != version => waiting.from,
            _ => Some(self.until),
        }
    }
}

/// Looks at every company in turn until the server stops.
pub async fn run(tools: Tools, mut stopping: watch::Receiver<bool>) {
    let mut shards = Shards::of("starts", 1);
    // What was seen by this process need not be looked at again.
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

async fn look(tools: &Tools, seen: &mut BTreeMap<CompanyId, Seen>, stopping: &watch::Receiver<bool>) {
    let companies = match tools.app.store().companies().await {
        Ok(companies) => companies,
        Err(error) => return tracing::warn!(%error, "companies cannot be read"),
    };
    for company in companies {
        if *stopping.borrow() {
            return;
        }
        if let Err(error) = look_at(tools, &company.id, seen).await {
            tracing::error!(company = %company.id, %error, "what the calendar starts cannot be told");
        }
    }
}

async fn look_at(tools: &Tools, company: &CompanyId, seen: &mut BTreeMap<CompanyId, Seen>) -> Result<(), AppError> {
    let now = tools.clock.now();
    let (version, _) = tools.app.store().head(company, &Stream::Calendars).await?;
    let before = seen.get(company);
    let from = before.and_then(|seen| seen.next(version));
    let done = tools.app.start_due(company, from, now).await?;
    if done.started > 0 {
        tracing::info!(%company, started = done.started, "the calendar started requests");
    }
    // What could not be started is looked at again.
    if done.failed == 0 {
        let earlier = before.and_then(|seen| seen.waiting.as_ref()).filter(|waiting| waiting.version == version);
        let waiting = match (earlier, done.unknown.is_empty()) {
            (Some(earlier), _) => Some(Waiting { from: earlier.from, version }),
            (None, false) => Some(Waiting { from, version }),
            (None, true) => None,
        };
        seen.insert(company.clone(), Seen { until: now, waiting });
    }
    Ok(())
}
