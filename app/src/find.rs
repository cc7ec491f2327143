//! Looking up what answers need: business facts and balances.

use serde::de::DeserializeOwned;
use zhupi_domain::{CompanyId, Decimal, Money};
use zhupi_pack::answers::{Balance, FactQuery, Found, Wanted};
use zhupi_store::{BalanceRecord, Fact, Guard};

use crate::{App, AppError};

/// The most facts that one input looks at.
const MAX_FACTS: usize = 10_000;

impl App {
    /// Looks up what is wanted.
    pub(crate) async fn find(&self, company: &CompanyId, wanted: &Wanted) -> Result<Found, AppError> {
        self.find_guarded(company, wanted).await.map(|(found, _)| found)
    }

    /// The same, and what must hold when the answer is written for the balances to be what was found.
    ///
    /// Balances are read before facts: what a request stops holding once it is recorded is then seen as the one or the other.
    pub(crate) async fn find_guarded(
        &self,
        company: &CompanyId,
        wanted: &Wanted,
    ) -> Result<(Found, Vec<Guard>), AppError> {
        let (mut found, mut guards) = (Found::default(), Vec::new());
        for named in &wanted.balances {
            let (account, key) = (named.account.clone(), named.key.clone());
            let record = self.store().balance(company, &account, &key).await?;
            found.balances.insert(named.clone(), balance(record)?);
            guards.push(Guard::Balance { account, key, version: record.version });
        }
        for query in &wanted.facts {
            let facts = self.facts_found(company, query).await?;
            let bodies = facts.iter().map(body).collect::<Result<_, _>>()?;
            found.facts.insert(query.input.clone(), bodies);
        }
        Ok((found, guards))
    }

    /// Facts of a kind by their keys, oldest first.
    pub(crate) async fn facts_found(&self, company: &CompanyId, query: &FactQuery) -> Result<Vec<Fact>, AppError> {
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
        Ok(facts)
    }
}

/// What a fact says.
pub(crate) fn body<T: DeserializeOwned>(fact: &Fact) -> Result<T, AppError> {
    serde_json::from_str(&fact.body).map_err(|error| AppError::Internal(format!("fact {}: {error}", fact.id)))
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
