//! Looking up what answers need: business facts and balances.

use serde_json::Value;
use zhupi_domain::{CompanyId, Decimal, Money};
use zhupi_pack::answers::{Balance, BalanceKey, FactQuery, Found, Wanted};
use zhupi_store::{BalanceRecord, Fact};

use crate::{App, AppError};

/// The most facts that one input looks at.
const MAX_FACTS: usize = 10_000;

impl App {
    /// Looks up what is wanted.
    pub(crate) async fn find(&self, company: &CompanyId, wanted: &Wanted) -> Result<Found, AppError> {
        let mut found = Found::default();
        for query in &wanted.facts {
            found.facts.insert(query.input.clone(), self.facts_found(company, query).await?);
        }
        for key in &wanted.balances {
            found.balances.insert(key.clone(), self.balance(company, key).await?);
        }
        Ok(found)
    }

    async fn balance(&self, company: &CompanyId, key: &BalanceKey) -> Result<Balance, AppError> {
        balance(self.store().balance(company, &key.account, &key.key).await?)
    }

    async fn facts_found(&self, company: &CompanyId, query: &FactQuery) -> Result<Vec<Value>, AppError> {
        Ok(self.facts_with_ids(company, query).await?.into_iter().map(|(_, body)| body).collect())
    }

    /// Facts of a kind by their keys, oldest first.
    pub(crate) async fn facts_with_ids(
        &self,
        company: &CompanyId,
        query: &FactQuery,
    ) -> Result<Vec<(String, Value)>, AppError> {
        let keys: Vec<(&str, &str)> =
            query.matching.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
        let mut facts = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.store().facts(company, &query.kind, &keys, after.as_deref(), zhupi_store::MAX_PAGE).await?;
            facts.extend(page.items);
            match page.next {
                Some(_) if facts.len() >= MAX_FACTS => {
                    return Err(AppError::bad(
                        "too_many_facts",
                        format!("符合条件的「{}」超过 {MAX_FACTS} 条", query.kind),
                        format!("More than {MAX_FACTS} facts `{}` match", query.kind),
                    ));
                }
                Some(next) => after = Some(next),
                None => break,
            }
        }
        facts.sort_by(|one, other| (one.recorded_at, &one.id).cmp(&(other.recorded_at, &other.id)));
        let body = |fact: &Fact| {
            let body = serde_json::from_str(&fact.body);
            let body = body.map_err(|error| AppError::Internal(format!("fact {}: {error}", fact.id)))?;
            Ok((fact.id.clone(), body))
        };
        facts.iter().map(body).collect()
    }
}

/// A balance as amounts.
pub(crate) fn balance(record: BalanceRecord) -> Result<Balance, AppError> {
    Ok(Balance { posted: amount(record.posted)?, reserved: amount(record.reserved)? })
}

/// Hundredths as an amount.
pub(crate) fn amount(hundredths: i64) -> Result<Money, AppError> {
    Money::exact(Decimal::new(hundredths, 2)).map_err(|error| AppError::Internal(format!("{hundredths}: {error}")))
}

/// An amount as hundredths.
pub(crate) fn hundredths(amount: Money) -> Result<i64, AppError> {
    let mut value = amount.value();
    value.rescale(2);
    i64::try_from(value.mantissa()).map_err(|_| AppError::Internal(format!("{amount} is too large")))
}
