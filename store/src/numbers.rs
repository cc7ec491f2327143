//! Document numbers: taken from a register one after another, never given twice, and what was not used says why.

use zhupi_domain::{CompanyId, Instant};

use crate::database::values;
use crate::records::RegisterNumber;
use crate::scope::{Page, Scope, page_limit};
use crate::sql::data as sql;
use crate::{Store, StoreError};

impl Store {
    /// Numbers of a register in their order, with what became of each; the next page begins after the number named.
    pub async fn register_numbers(
        &self,
        scope: &Scope,
        register: &str,
        after: i64,
        limit: usize,
    ) -> Result<Page<RegisterNumber, i64>, StoreError> {
        let limit = page_limit(limit);
        let values = values![scope.company.as_str(), register, after, limit as i64 + 1];
        let numbers = self.list(&sql::NUMBERS, values, RegisterNumber::read).await?;
        Ok(Page::cut(numbers, limit, |last| last.seq))
    }

    /// Takes the next number of a register: durable at once, and never given again whatever becomes of it.
    ///
    /// The commit that needs it marks it used; who takes one and does not commit voids it, or a sweep does.
    pub async fn take_number(
        &self,
        company: &CompanyId,
        register: &str,
        by: &str,
        at: Instant,
    ) -> Result<i64, StoreError> {
        let (company, register, by) = (company.to_string(), register.to_owned(), by.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let values = values![company.as_str(), register.as_str()];
                let next = connection.row(&sql::REGISTER_NEXT, values).await?;
                let seq = next.ok_or_else(|| StoreError::Refused("no next number".into()))?.integer()?;
                connection.execute(&sql::NUMBER_TAKE, values![company, register, seq, at, by]).await?;
                Ok(seq)
            })
        })
        .await
    }

    /// Voids numbers that were taken before a moment and never used; answers how many.
    pub async fn void_stale_numbers(&self, before: Instant, reason: &str) -> Result<u64, StoreError> {
        self.execute(&sql::NUMBERS_VOID_STALE, values![before, reason]).await
    }
}
