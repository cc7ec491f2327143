//! Events and their payloads.

use zhupi_domain::{ContentHash, Instant};

use crate::{StoreError, Stream, database::Row};

/// An event that a commit appends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    pub stream: Stream,
    pub kind: String,
    /// Version of the payload's form, for the readers of old events.
    pub version: i64,
    /// Who acted: opaque to the store, such as `person:li` or `system`.
    pub actor: String,
    pub at: Instant,
    /// JSON text; kept and hashed byte for byte.
    pub payload: String,
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    pub stream: Stream,
    pub number: i64,
    pub kind: String,
    pub version: i64,
    pub actor: String,
    pub at: Instant,
    /// Hash of the event before it in the stream; zero for the first.
    pub previous: ContentHash,
    /// SHA-256 of salt and payload.
    pub commitment: ContentHash,
    pub hash: ContentHash,
    pub payload: Payload,
}

/// What an event said, unless that was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    Kept { salt: String, body: String },
    Erased(Erasure),
}

impl Payload {
    /// The text, unless it was erased.
    pub fn body(&self) -> Option<&str> {
        match self {
            Self::Kept { body, .. } => Some(body),
            Self::Erased(_) => None,
        }
    }
}

/// When, by whom and under which rule something was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    pub at: Instant,
    pub by: String,
    pub rule: String,
}

impl Erasure {
    /// Reads the three columns that every erasable row has.
    pub(crate) fn read(row: &mut Row) -> Result<Option<Self>, StoreError> {
        match (row.optional_instant()?, row.optional_text()?, row.optional_text()?) {
            (None, None, None) => Ok(None),
            (Some(at), Some(by), Some(rule)) => Ok(Some(Self { at, by, rule })),
            _ => Err(StoreError::Damaged("an erasure without its time, person or rule".into())),
        }
    }
}

impl StoredEvent {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            stream: Stream::parse(&row.text()?)?,
            number: row.integer()?,
            kind: row.text()?,
            version: row.integer()?,
            actor: row.text()?,
            at: row.instant()?,
            previous: row.hash()?,
            commitment: row.hash()?,
            hash: row.hash()?,
            payload: Payload::read(row)?,
        })
    }
}

impl Payload {
    fn read(row: &mut Row) -> Result<Self, StoreError> {
        let (salt, body) = (row.optional_text()?, row.optional_text()?);
        match (salt, body, Erasure::read(row)?) {
            (Some(salt), Some(body), None) => Ok(Self::Kept { salt, body }),
            (None, None, Some(erasure)) => Ok(Self::Erased(erasure)),
            _ => Err(StoreError::Damaged("a payload that is neither kept nor erased".into())),
        }
    }
}
