//! What we reach: the same action through the store's write port, and through the use cases above it.

pub mod engine;
pub mod port;

use std::sync::Arc;

use zhupi_domain::Instant;

/// Tells the time; only the server reads the clock.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;
