//! Leases: of several servers on the same data, one works on a shard.

use std::collections::BTreeMap;

use super::Tools;
use zhupi_domain::Instant;

/// Who takes leases, and for how long.
#[derive(Debug, Clone)]
pub struct Holder {
    name: String,
    /// A lease holds for so long after it was taken; one that is half over is renewed.
    seconds: i64,
}

impl Holder {
    /// The only process on its data, which the folder's lock sees to: after a crash it goes on where it was, at once.
    pub fn alone() -> Self {
        Self { name: ALONE.into(), seconds: 3600 }
    }

    fn is_alone(&self) -> bool {
        self.name == ALONE
    }

    /// One of several: when it dies, the others take over within this time.
    pub fn one_of_several() -> Self {
        Self { name: uuid::Uuid::new_v4().to_string(), seconds: 15 }
    }
}

const ALONE: &str = "alone";

/// The shards that one worker holds.
pub struct Shards {
    name: &'static str,
    count: i64,
    until: BTreeMap<i64, Instant>,
}

impl Shards {
    /// Of the worker with this name and so many shards; none are held yet.
    pub fn of(name: &'static str, count: i64) -> Self {
        Self { name, count, until: BTreeMap::new() }
    }

    /// Takes what is free, renews what is held, and tells which shards to work on now.
    ///
    /// That nothing is done twice never hangs on a lease: it only keeps servers from doing the same work for nothing.
    pub async fn held(&mut self, tools: &Tools) -> Vec<i64> {
        let now = tools.clock.now();
        let Holder { name, seconds } = &tools.holder;
        for shard in 0..self.count {
            let fresh = self.until.get(&shard).is_some_and(|until| now.plus_seconds(seconds / 2) < *until);
            if fresh {
                continue;
            }
            let until = now.plus_seconds(*seconds);
            match tools.app.store().take_lease(self.name, shard, name, now, until).await {
                Ok(true) => drop(self.until.insert(shard, until)),
                Ok(false) => drop(self.until.remove(&shard)),
                Err(error) => tracing::warn!(worker = self.name, shard, %error, "no lease"),
            }
        }
        self.until.iter().filter(|(_, until)| now < **until).map(|(shard, _)| *shard).collect()
    }

    /// Gives everything back, so that another server need not wait; where there can be no other, there is nobody to wait.
    pub async fn give_back(self, tools: &Tools) {
        if tools.holder.is_alone() {
            return;
        }
        for shard in self.until.into_keys() {
            if let Err(error) = tools.app.store().release_lease(self.name, shard, &tools.holder.name).await {
                tracing::warn!(worker = self.name, shard, %error, "a lease could not be given back");
            }
        }
    }
}
