//! How committees vote, for those who vote and those who read.

use serde::Serialize;
use utoipa::ToSchema;

use super::{PersonView, TextView};

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
    /// Who chairs the committee; nobody where it has no chair.
    pub chair: Vec<PersonView>,
    /// Whether the reader's ballot is a chair's.
    pub leads: bool,
    /// Whether minutes of the meeting must be kept with the chair's ballot.
    pub minutes: bool,
}

/// What was kept of a committee's meeting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MinutesView {
    /// Who wrote them, with their ballot.
    pub by: PersonView,
    pub text: String,
}
