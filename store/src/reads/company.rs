//! Companies and their releases.

use zhupi_domain::{CompanyId, Instant, ReleaseHash};

use super::LAST;
use crate::database::values;
use crate::records::{Company, CurrentRelease, Release, ReleaseSummary, Standing};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::data as sql;
use crate::{Store, StoreError};

impl Store {
    /// One company.
    pub async fn company(&self, company: &CompanyId) -> Result<Option<Company>, StoreError> {
        self.find(&sql::COMPANY, values![company.as_str()], Company::read).await
    }

    /// One company, and how far its directory and its calendars have come.
    pub async fn standing(&self, company: &CompanyId) -> Result<Option<Standing>, StoreError> {
        self.find(&sql::STANDING, values![company.as_str()], Standing::read).await
    }

    /// All companies: for the operator and the workers, never for a person of one of them.
    pub async fn companies(&self) -> Result<Vec<Company>, StoreError> {
        self.list(&sql::COMPANIES, Vec::new(), Company::read).await
    }

    /// One release with its body.
    pub async fn release(&self, company: &CompanyId, hash: &ReleaseHash) -> Result<Option<Release>, StoreError> {
        self.find(&sql::RELEASE, values![company.as_str(), hash.0], Release::read).await
    }

    /// Releases without their bodies, the last deployed first.
    pub async fn releases(
        &self,
        scope: &Scope,
        after: Option<&(Instant, ReleaseHash)>,
        limit: usize,
    ) -> Result<Page<ReleaseSummary, (Instant, ReleaseHash)>, StoreError> {
        let limit = page_limit(limit);
        let (at, hash) = after.map_or((i64::MAX, LAST.to_owned()), |(at, hash)| (at.micros(), hash.to_string()));
        let values = values![scope.company.as_str(), at, hash, limit as i64 + 1];
        let releases = self.list(&sql::RELEASES, values, ReleaseSummary::read).await?;
        Ok(Page::cut(releases, limit, |last| (last.deployed_at, last.hash)))
    }

    /// Which release was current from when on, the last first; the next page begins before the number named.
    pub async fn release_history(
        &self,
        scope: &Scope,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<CurrentRelease, i64>, StoreError> {
        let limit = page_limit(limit);
        let values = values![scope.company.as_str(), before.unwrap_or(i64::MAX), limit as i64 + 1];
        let history = self.list(&sql::RELEASE_HISTORY, values, CurrentRelease::read).await?;
        Ok(Page::cut(history, limit, |last| last.number))
    }

    /// Releases that instances on their way still pin.
    pub async fn releases_in_use(&self, company: &CompanyId) -> Result<Vec<ReleaseHash>, StoreError> {
        self.list(&sql::RELEASES_IN_USE, values![company.as_str()], |row| Ok(ReleaseHash(row.hash()?))).await
    }
}
