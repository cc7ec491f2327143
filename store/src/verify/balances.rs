//! Balances against the sums of their entries. Whether the entries are those that events tell of, the application proves.

use super::{Check, PAGE, Problem};
use crate::StoreError;
use crate::database::values;
use crate::records::BalanceRecord;
use crate::sql::{data, verify as sql};

/// The entries of one balance, as far as they were read.
struct Sum {
    account: String,
    key: String,
    total: BalanceRecord,
}

impl Check<'_> {
    pub(super) async fn check_balances(&mut self) -> Result<(), StoreError> {
        let (mut account, mut key, mut number) = (String::new(), String::new(), 0);
        let mut sum: Option<Sum> = None;
        loop {
            let rows = self.rows(&sql::ENTRIES, values![account.as_str(), key.as_str(), number, PAGE]).await?;
            if rows.is_empty() {
                break;
            }
            for mut row in rows {
                (account, key, number) = (row.text()?, row.text()?, row.integer()?);
                let moved = (row.integer()?, row.integer()?);
                let after = BalanceRecord { posted: row.integer()?, reserved: row.integer()?, version: number };
                if let Some(done) = sum.take_if(|sum| (&sum.account, &sum.key) != (&account, &key)) {
                    self.check_balance(done).await?;
                }
                let here = sum.get_or_insert_with(|| Sum {
                    account: account.clone(),
                    key: key.clone(),
                    total: BalanceRecord::default(),
                });
                let expected = here.total.version.saturating_add(1);
                here.total = here.total.moved(moved.0, moved.1);
                let (total, place) = (here.total, format!("account entry {account}/{key}/{number}"));
                here.total.version = number;
                if number != expected {
                    self.find(place, Problem::EntryGap(expected));
                } else if total != after {
                    self.find(place, Problem::WrongSum);
                }
            }
        }
        if let Some(done) = sum {
            self.check_balance(done).await?;
        }
        for mut row in self.rows(&sql::BALANCES_WITHOUT_ENTRIES, Vec::new()).await? {
            let place = format!("balance {}/{}", row.text()?, row.text()?);
            self.find(place, Problem::WrongSum);
        }
        Ok(())
    }

    async fn check_balance(&mut self, sum: Sum) -> Result<(), StoreError> {
        self.report.balances += 1;
        let place = format!("balance {}/{}", sum.account, sum.key);
        let found = self.rows(&data::BALANCE, values![sum.account, sum.key]).await?.pop();
        match found.map(|mut row| BalanceRecord::read(&mut row)).transpose()? {
            Some(balance) if balance == sum.total => {}
            Some(_) => self.find(place, Problem::WrongSum),
            None => self.find(place, Problem::Missing),
        }
        Ok(())
    }
}
