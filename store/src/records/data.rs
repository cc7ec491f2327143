//! Facts, files, document numbers, drafts and calendars.

use zhupi_domain::{ContentHash, FileId, InstanceId, Instant, Name, PersonId};

use super::{Erasure, words};
use crate::{StoreError, database::Row};

/// An immutable business record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub kind: Name,
    /// Unique for its kind in the company.
    pub id: String,
    /// JSON.
    pub body: String,
    pub recorded_at: Instant,
    pub recorded_by: String,
    /// The instance that recorded it; none for an import.
    pub instance: Option<InstanceId>,
    /// The fact that this one corrects.
    pub replaces: Option<String>,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileState {
    /// Its content is still arriving.
    Uploading,
    /// Complete, and not yet named by any commit.
    Pending,
    Attached,
    /// Its content is gone, or goes with the next sweep.
    Erased,
}
words!(FileState { Uploading = "uploading", Pending = "pending", Attached = "attached", Erased = "erased" });

/// What is known of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    pub id: FileId,
    /// As the person who uploaded it called it. Never part of a path.
    pub name: String,
    pub media_type: String,
    pub size: u64,
    pub sha256: ContentHash,
    pub state: FileState,
    pub instance: Option<InstanceId>,
    pub uploaded_by: String,
    pub uploaded_at: Instant,
    pub erased: Option<Erasure>,
    /// Whether the content is still kept.
    pub content: bool,
}

/// What became of a number that was taken from a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberState {
    Taken,
    Used,
    Void,
}
words!(NumberState { Taken = "taken", Used = "used", Void = "void" });

/// One number of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterNumber {
    pub register: String,
    pub seq: i64,
    pub state: NumberState,
    pub instance: Option<InstanceId>,
    /// Why it is void.
    pub reason: Option<String>,
    pub at: Instant,
    pub by: String,
}

/// What a person has begun to write and not yet sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub person: PersonId,
    pub key: String,
    pub body: String,
    /// Counted from 1; saving names the version it was made from.
    pub version: i64,
    pub at: Instant,
}

/// One calendar of a company, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub name: String,
    pub body: String,
}

impl Fact {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            kind: name(row.text()?)?,
            id: row.text()?,
            body: row.text()?,
            recorded_at: row.instant()?,
            recorded_by: row.text()?,
            instance: row.optional_text()?.map(InstanceId::new),
            replaces: row.optional_text()?,
        })
    }
}

pub(crate) fn name(text: String) -> Result<Name, StoreError> {
    Name::new(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl FileRecord {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: FileId::new(row.text()?),
            name: row.text()?,
            media_type: row.text()?,
            size: u64::try_from(row.integer()?).map_err(|_| StoreError::Damaged("a negative file size".into()))?,
            sha256: row.hash()?,
            state: FileState::parse(&row.text()?)?,
            instance: row.optional_text()?.map(InstanceId::new),
            uploaded_by: row.text()?,
            uploaded_at: row.instant()?,
            erased: Erasure::read(row)?,
            content: row.truth()?,
        })
    }
}

impl RegisterNumber {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            register: row.text()?,
            seq: row.integer()?,
            state: NumberState::parse(&row.text()?)?,
            instance: row.optional_text()?.map(InstanceId::new),
            reason: row.optional_text()?,
            at: row.instant()?,
            by: row.text()?,
        })
    }
}

impl Draft {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: PersonId::new(row.text()?),
            key: row.text()?,
            body: row.text()?,
            version: row.integer()?,
            at: row.instant()?,
        })
    }
}
