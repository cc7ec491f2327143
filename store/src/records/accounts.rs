//! Balances of accounts and their entries.

use zhupi_domain::{InstanceId, Instant};

use crate::StoreError;
use crate::database::Row;

/// What is on one key of an account, in hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BalanceRecord {
    pub posted: i64,
    /// What running requests hold of it.
    pub reserved: i64,
    /// The number of the last entry; 0 where nothing was ever moved.
    pub version: i64,
}

/// One change of a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// Counted inside the balance, from 1.
    pub number: i64,
    pub instance: InstanceId,
    pub at: Instant,
    pub by: String,
    pub posted: i64,
    pub reserved: i64,
    /// What the balance was afterwards.
    pub after: BalanceRecord,
}

/// What an instance moved on one balance at a moment, in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedBy {
    pub account: String,
    pub key: String,
    pub at: Instant,
    pub by: String,
    pub posted: i64,
    pub reserved: i64,
}

impl MovedBy {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            account: row.text()?,
            key: row.text()?,
            at: row.instant()?,
            by: row.text()?,
            posted: row.integer()?,
            reserved: row.integer()?,
        })
    }
}

impl BalanceRecord {
    /// What is neither spent nor held.
    pub fn free(self) -> i64 {
        self.posted.saturating_sub(self.reserved)
    }

    pub(crate) fn moved(self, posted: i64, reserved: i64) -> Self {
        Self {
            posted: self.posted.saturating_add(posted),
            reserved: self.reserved.saturating_add(reserved),
            version: self.version.saturating_add(1),
        }
    }

    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { posted: row.integer()?, reserved: row.integer()?, version: row.integer()? })
    }
}

impl AccountEntry {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        let number = row.integer()?;
        Ok(Self {
            number,
            instance: InstanceId::new(row.text()?),
            at: row.instant()?,
            by: row.text()?,
            posted: row.integer()?,
            reserved: row.integer()?,
            after: BalanceRecord { posted: row.integer()?, reserved: row.integer()?, version: number },
        })
    }
}
