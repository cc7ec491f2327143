//! How committees vote, for those who vote and those who read.

use serde::Serialize;
use utoipa::ToSchema;

use super::TextView;

/// A vote in which the reader still has a ballot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VoteView {
    /// What it takes to pass.
    pub rule: TextView,
    /// What the reader's ballot counts.
    pub weight: u32,
    /// Weights of the ballots cast and of those still open.
    pub cast: u64,
    pub open: u64,
    /// Whether minutes of the meeting must be kept with the chair's ballot.
    pub minutes: bool,
}
