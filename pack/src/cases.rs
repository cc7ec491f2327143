//! Cases: examples with their expected answers.

use crate::sources::Sources;

/// Checks the case and map files of a pack.
pub fn check(_sources: &Sources<'_>) {}
