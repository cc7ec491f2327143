//! What people have begun to write: saved often, by the version they last saw.

use zhupi_domain::{CompanyId, Instant, PersonId};

use crate::database::values;
use crate::records::Draft;
use crate::sql::work as sql;
use crate::{Store, StoreError};

/// What became of a draft that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveDraft {
    /// Saved; this is its version now.
    Saved(i64),
    /// Somebody (or another window) saved it meanwhile, or deleted it.
    Conflict,
}

impl Store {
    /// One draft of a person.
    pub async fn draft(&self, company: &CompanyId, person: &PersonId, key: &str) -> Result<Option<Draft>, StoreError> {
        self.find(&sql::DRAFT, values![company.as_str(), person.as_str(), key], Draft::read).await
    }

    /// All drafts of a person.
    pub async fn drafts(&self, company: &CompanyId, person: &PersonId) -> Result<Vec<Draft>, StoreError> {
        self.list(&sql::DRAFTS, values![company.as_str(), person.as_str()], Draft::read).await
    }

    /// Saves a draft over the version named; over none, it must be new.
    pub async fn save_draft(
        &self,
        company: &CompanyId,
        person: &PersonId,
        key: &str,
        body: &str,
        version: Option<i64>,
        at: Instant,
    ) -> Result<SaveDraft, StoreError> {
        let mut values = values![company.as_str(), person.as_str(), key, body, at];
        let statement = match version {
            None => &sql::DRAFT_NEW,
            Some(version) => {
                values.push(version.into());
                &sql::DRAFT_SAVE
            }
        };
        match self.execute_returning(statement, values).await?.first_mut() {
            Some(row) => Ok(SaveDraft::Saved(row.integer()?)),
            None => Ok(SaveDraft::Conflict),
        }
    }

    /// Deletes a draft that its person threw away.
    pub async fn delete_draft(&self, company: &CompanyId, person: &PersonId, key: &str) -> Result<(), StoreError> {
        self.execute(&sql::DRAFT_DELETE, values![company.as_str(), person.as_str(), key]).await.map(drop)
    }
}
