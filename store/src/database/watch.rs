//! What proofs and measurements change from outside: who is told of every statement, and how slow the disk is.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

static WATCHER: OnceLock<fn()> = OnceLock::new();

/// Calls `watcher` whenever a statement is about to be sent and when it was answered, for the rest of the process.
///
/// Nothing in the product calls this. The first watcher stays.
pub fn watch_statements(watcher: fn()) {
    let _ = WATCHER.set(watcher);
}

/// How much longer each commit of SQLite takes, in microseconds.
static DELAY: AtomicU64 = AtomicU64::new(0);

/// Makes every commit of SQLite take so much longer, as on a disk that is slow to flush, for the rest of the process.
///
/// Nothing in the product calls this but the command that measures it.
pub fn slow_commits_down(by: Duration) {
    DELAY.store(u64::try_from(by.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// Waits as long as was asked for; blocks, as a flush does.
pub(super) fn wait_for_the_disk() {
    match DELAY.load(Ordering::Relaxed) {
        0 => {}
        micros => std::thread::sleep(Duration::from_micros(micros)),
    }
}

pub(super) fn tell() {
    if let Some(watcher) = WATCHER.get() {
        watcher();
    }
}
