//! Balances of accounts, and how they came about.

use zhupi_domain::{CompanyId, Name};

use crate::database::values;
use crate::records::{AccountEntry, BalanceRecord};
use crate::scope::{Page, page_limit};
use crate::sql::data as sql;
use crate::{Store, StoreError};

/// Account and key of a balance.
pub type BalanceAt = (String, String);

impl Store {
    /// What is on one key of an account; nothing where nothing was ever moved.
    pub async fn balance(&self, company: &CompanyId, account: &Name, key: &str) -> Result<BalanceRecord, StoreError> {
        let values = values![company.as_str(), account.as_str(), key];
        Ok(self.find(&sql::BALANCE, values, BalanceRecord::read).await?.unwrap_or_default())
    }

    /// All balances of a company, by account and key; the next page begins after the one named.
    pub async fn balances(
        &self,
        company: &CompanyId,
        after: Option<&BalanceAt>,
        limit: usize,
    ) -> Result<Page<(BalanceAt, BalanceRecord), BalanceAt>, StoreError> {
        let limit = page_limit(limit);
        let (account, key) = after.map_or(("", ""), |(account, key)| (account.as_str(), key.as_str()));
        let values = values![company.as_str(), account, key, limit as i64 + 1];
        let read = |row: &mut crate::database::Row| Ok(((row.text()?, row.text()?), BalanceRecord::read(row)?));
        let balances = self.list(&sql::BALANCES, values, read).await?;
        Ok(Page::cut(balances, limit, |(at, _)| at.clone()))
    }

    /// The entries of one balance, the last first; the next page begins before the number named.
    pub async fn account_entries(
        &self,
        company: &CompanyId,
        account: &Name,
        key: &str,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<AccountEntry, i64>, StoreError> {
        let limit = page_limit(limit);
        let before = before.unwrap_or(i64::MAX);
        let values = values![company.as_str(), account.as_str(), key, before, limit as i64 + 1];
        let entries = self.list(&sql::ACCOUNT_ENTRIES, values, AccountEntry::read).await?;
        Ok(Page::cut(entries, limit, |last| last.number))
    }
}
