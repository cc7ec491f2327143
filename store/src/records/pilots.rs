//! Pilots, without knowing what they compare.

use zhupi_domain::{ContentHash, Instant, ReleaseHash};

use crate::StoreError;
use crate::database::Row;

/// One comparison of two releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pilot {
    /// Sorts by the time it was made.
    pub id: String,
    pub policy: String,
    pub base: ReleaseHash,
    pub candidate: ReleaseHash,
    /// JSON.
    pub summary: String,
    pub created_at: Instant,
    pub created_by: String,
}

/// A pilot with all that belongs to it, to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPilot {
    pub pilot: Pilot,
    /// Who made it asked for it under this key.
    pub key: String,
    /// Hash of the whole request: the same key with another request is another wish.
    pub request: ContentHash,
    /// The body of the candidate, where it is no release of the company.
    pub candidate: Option<String>,
    /// By number.
    pub rows: Vec<PilotRow>,
    /// By place.
    pub payees: Vec<PilotPayee>,
}

/// What one row gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PilotRow {
    pub number: i64,
    /// JSON.
    pub body: String,
}

/// What came of it for one payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PilotPayee {
    /// From 1, in the order in which they are looked at.
    pub place: i64,
    pub payee: String,
    /// JSON.
    pub body: String,
}

impl Pilot {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text()?,
            policy: row.text()?,
            base: ReleaseHash(row.hash()?),
            candidate: ReleaseHash(row.hash()?),
            summary: row.text()?,
            created_at: row.instant()?,
            created_by: row.text()?,
        })
    }
}

impl PilotRow {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { number: row.integer()?, body: row.text()? })
    }
}

impl PilotPayee {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { place: row.integer()?, payee: row.text()?, body: row.text()? })
    }
}
