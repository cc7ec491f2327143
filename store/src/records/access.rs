//! Passwords, sessions and one-time tokens; of secrets only their hashes.

use zhupi_domain::{CompanyId, ContentHash, Instant, PersonId};

use crate::{StoreError, database::Row};

/// How a person proves who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub person: PersonId,
    /// A password hash in PHC format.
    pub hash: String,
    pub at: Instant,
}

/// One login of one person on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token that the browser holds.
    pub token: ContentHash,
    pub company: CompanyId,
    pub person: PersonId,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub expires_at: Instant,
    /// What the browser said about itself, for the person's list of sessions.
    pub client: String,
}

/// A token that works once, such as a set-up or a reset link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeToken {
    /// Hash of the token.
    pub token: ContentHash,
    pub purpose: String,
    /// None for the first set-up, when there is no company yet.
    pub company: Option<CompanyId>,
    pub person: Option<PersonId>,
    pub expires_at: Instant,
}

impl Session {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            token: row.hash()?,
            company: CompanyId::new(row.text()?),
            person: PersonId::new(row.text()?),
            created_at: row.instant()?,
            seen_at: row.instant()?,
            expires_at: row.instant()?,
            client: row.text()?,
        })
    }
}

impl OneTimeToken {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        let token = row.hash()?;
        let purpose = row.text()?;
        let company = Some(row.text()?).filter(|company| !company.is_empty()).map(CompanyId::new);
        let person = Some(row.text()?).filter(|person| !person.is_empty()).map(PersonId::new);
        Ok(Self { token, purpose, company, person, expires_at: row.instant()? })
    }
}
