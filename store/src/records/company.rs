//! Companies, their releases and their directory.

use zhupi_domain::{CompanyId, Instant, Name, PersonId, ReleaseHash};

use crate::{StoreError, database::Row};

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    /// The release that new instances pin; none before the first deploy.
    pub release: Option<ReleaseHash>,
    pub created_at: Instant,
}

/// A company, and how far what holds for everything in it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub company: Company,
    /// Numbers of the last events of the directory and of the calendars; 0 before the first.
    pub directory: i64,
    pub calendars: i64,
}

impl Standing {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { company: Company::read(row)?, directory: row.integer()?, calendars: row.integer()? })
    }
}

/// One immutable snapshot of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// SHA-256 of the body.
    pub hash: ReleaseHash,
    /// Canonical JSON text of path to text.
    pub body: String,
    pub summary: String,
    pub deployed_at: Instant,
    pub deployed_by: String,
}

/// What lists show of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseSummary {
    pub hash: ReleaseHash,
    pub summary: String,
    pub deployed_at: Instant,
    pub deployed_by: String,
}

/// When a release became current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentRelease {
    /// Counted from 1; the highest holds.
    pub number: i64,
    pub hash: ReleaseHash,
    pub at: Instant,
    pub by: String,
}

/// One person. The body is the person as JSON; the other fields are what the store finds people by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    pub id: PersonId,
    pub body: String,
    pub name: String,
    pub login: Option<String>,
    pub active: bool,
}

/// One department as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentRecord {
    pub id: Name,
    pub body: String,
}

/// All people and departments at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryRecord {
    /// Number of the last event of the directory's stream.
    pub version: i64,
    pub people: Vec<PersonRecord>,
    pub departments: Vec<DepartmentRecord>,
}

impl Company {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CompanyId::new(row.text()?),
            name: row.text()?,
            release: match row.optional_text()? {
                None => None,
                Some(text) => Some(release_hash(&text)?),
            },
            created_at: row.instant()?,
        })
    }
}

fn release_hash(text: &str) -> Result<ReleaseHash, StoreError> {
    zhupi_domain::ContentHash::parse(text)
        .map(ReleaseHash)
        .ok_or_else(|| StoreError::Damaged(format!("`{text}` is not a hash")))
}

impl Release {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            hash: ReleaseHash(row.hash()?),
            body: row.text()?,
            summary: row.text()?,
            deployed_at: row.instant()?,
            deployed_by: row.text()?,
        })
    }
}

impl ReleaseSummary {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            hash: ReleaseHash(row.hash()?),
            summary: row.text()?,
            deployed_at: row.instant()?,
            deployed_by: row.text()?,
        })
    }
}

impl CurrentRelease {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { number: row.integer()?, hash: ReleaseHash(row.hash()?), at: row.instant()?, by: row.text()? })
    }
}

impl PersonRecord {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: PersonId::new(row.text()?),
            body: row.text()?,
            name: row.text()?,
            login: row.optional_text()?,
            active: row.truth()?,
        })
    }
}
