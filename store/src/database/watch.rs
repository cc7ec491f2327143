//! Who is told of every statement: a proof that ends the process at each of them in turn.

use std::sync::OnceLock;

static WATCHER: OnceLock<fn()> = OnceLock::new();

/// Calls `watcher` whenever a statement is about to be sent and when it was answered, for the rest of the process.
///
/// Nothing in the product calls this. The first watcher stays.
pub fn watch_statements(watcher: fn()) {
    let _ = WATCHER.set(watcher);
}

pub(super) fn tell() {
    if let Some(watcher) = WATCHER.get() {
        watcher();
    }
}
