//! Balances of accounts, and how they came about.

use std::collections::BTreeSet;

use zhupi_domain::{CompanyId, InstanceId, Name};

use super::contains;
use crate::database::{Row, Rows, values};
use crate::records::{AccountEntry, BalanceRecord, MovedBy};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::data as sql;
use crate::{Store, StoreError};

/// Account and key of a balance.
pub type BalanceAt = (String, String);

/// The accounts that a viewer reads whole, whatever moved them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenAccounts {
    All,
    These(BTreeSet<Name>),
}

/// Narrows a list of balances. Empty fields do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BalanceFilter {
    pub account: Option<String>,
    /// Found anywhere in the key.
    pub key: Option<String>,
}

impl Store {
    /// What is on one key of an account; nothing where nothing was ever moved.
    pub async fn balance(&self, company: &CompanyId, account: &Name, key: &str) -> Result<BalanceRecord, StoreError> {
        let values = values![company.as_str(), account.as_str(), key];
        Ok(self.find(&sql::BALANCE, values, BalanceRecord::read).await?.unwrap_or_default())
    }

    /// Balances by account and key, as far as a viewer may see them; the next page begins after the one named.
    ///
    /// A balance says what the requests behind it moved. So who does not read its whole account sees it only where they read
    /// every one of these requests.
    pub async fn balances(
        &self,
        scope: &Scope,
        open: &OpenAccounts,
        filter: &BalanceFilter,
        after: Option<&BalanceAt>,
        limit: usize,
    ) -> Result<Page<(BalanceAt, BalanceRecord), BalanceAt>, StoreError> {
        let limit = page_limit(limit);
        let (account, key) = after.map_or(("", ""), |(account, key)| (account.as_str(), key.as_str()));
        let (company, most) = (scope.company.as_str(), limit as i64 + 1);
        let (within, named) = (filter.account.as_deref(), filter.key.as_deref().map(contains));
        let read = |row: &mut Row| Ok(((row.text()?, row.text()?), BalanceRecord::read(row)?));
        let balances = match open {
            OpenAccounts::All => {
                let values = values![company, account, key, within, named.as_deref(), most];
                self.list(&sql::BALANCES, values, read).await?
            }
            OpenAccounts::These(opened) => {
                let mut rows = Rows::of(&sql::BALANCES_OF_READER);
                let readers = scope.readers.iter().map(|reader| (Some(reader.as_str()), None));
                for (reader, opened) in readers.chain(opened.iter().map(|opened| (None, Some(opened.as_str())))) {
                    rows.push(values![company, reader, opened, within, named.as_deref(), account, key, most]);
                }
                let mut found = self.database.reader().await?.rows_set(&sql::BALANCES_OF_READER, &rows).await?;
                found.iter_mut().map(read).collect::<Result<_, StoreError>>()?
            }
        };
        Ok(Page::cut(balances, limit, |(at, _)| at.clone()))
    }

    /// Whether one of the scope's keys opens every request that moved a balance, of which there is at least one.
    pub async fn may_read_balance(&self, scope: &Scope, account: &Name, key: &str) -> Result<bool, StoreError> {
        if self.balance(&scope.company, account, key).await?.version == 0 || scope.readers.is_empty() {
            return Ok(false);
        }
        let mut rows = Rows::of(&sql::CLOSED_ENTRY);
        for reader in &scope.readers {
            rows.push(values![scope.company.as_str(), reader.as_str(), account.as_str(), key]);
        }
        Ok(self.database.reader().await?.rows_set(&sql::CLOSED_ENTRY, &rows).await?.is_empty())
    }

    /// All that an instance moved, by account and key.
    pub async fn moved_by(&self, company: &CompanyId, instance: &InstanceId) -> Result<Vec<MovedBy>, StoreError> {
        self.list(&sql::ENTRIES_OF_INSTANCE, values![company.as_str(), instance.as_str()], MovedBy::read).await
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
