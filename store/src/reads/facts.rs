//! Facts, by kind and keys.

use zhupi_domain::{CompanyId, Name};

use crate::database::{Value, values};
use crate::records::Fact;
use crate::scope::{Page, page_limit};
use crate::sql::data as sql;
use crate::{Store, StoreError};

/// The most keys that one question may name.
const MAX_KEYS: usize = 4;

impl Store {
    /// One fact, also one that was replaced.
    pub async fn fact(&self, company: &CompanyId, kind: &Name, id: &str) -> Result<Option<Fact>, StoreError> {
        self.find(&sql::FACT, values![company.as_str(), kind.as_str(), id], Fact::read).await
    }

    /// Every fact of a company, by kind and id, also those that were replaced; the next page begins after the fact named.
    pub async fn facts_of_company(
        &self,
        company: &CompanyId,
        after: Option<&(Name, String)>,
        limit: usize,
    ) -> Result<Page<Fact, (Name, String)>, StoreError> {
        let limit = page_limit(limit);
        let (kind, id) = after.map_or(("", ""), |(kind, id)| (kind.as_str(), id.as_str()));
        let values = values![company.as_str(), kind, id, limit as i64 + 1];
        let facts = self.list(&sql::FACTS_OF_COMPANY, values, Fact::read).await?;
        Ok(Page::cut(facts, limit, |last| (last.kind.clone(), last.id.clone())))
    }

    /// Facts of a kind that were not replaced and whose keys have all the given values, by id.
    ///
    /// At most four keys; the first should be the one that fits the fewest facts.
    pub async fn facts(
        &self,
        company: &CompanyId,
        kind: &Name,
        keys: &[(&str, &str)],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Fact, String>, StoreError> {
        if keys.len() > MAX_KEYS {
            return Err(StoreError::Refused(format!("a question about facts names at most {MAX_KEYS} keys")));
        }
        let limit = page_limit(limit);
        let mut values: Vec<Value> =
            values![company.as_str(), kind.as_str(), after.unwrap_or_default(), limit as i64 + 1];
        let statement = if keys.is_empty() { &sql::FACTS } else { &sql::FACTS_BY_KEY };
        if !keys.is_empty() {
            for place in 0..MAX_KEYS {
                let key = keys.get(place);
                values.push(key.map(|(field, _)| *field).into());
                values.push(key.map(|(_, value)| *value).into());
            }
        }
        let facts = self.list(statement, values, Fact::read).await?;
        Ok(Page::cut(facts, limit, |last| last.id.clone()))
    }
}
