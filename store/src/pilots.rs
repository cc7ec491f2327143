//! Pilots: kept whole in one write of their own, beside everything that holds.

use zhupi_domain::{CompanyId, ContentHash, ReleaseHash};

use crate::database::{Rows, Value, values};
use crate::digest;
use crate::reads::{LAST, contains};
use crate::records::{NewPilot, Pilot, PilotPayee, PilotRow};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::{Sql, pilots as sql};
use crate::{Store, StoreError};

/// How many rows one statement takes.
const AT_ONCE: usize = 2_000;

/// In which order payees are listed, and after whom a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayeesAfter {
    /// By place.
    Place(i64),
    /// By name.
    Name(String),
}

impl Store {
    /// Keeps a pilot; false where its key was used before, and then nothing is kept.
    pub async fn add_pilot(&self, company: &CompanyId, new: NewPilot) -> Result<bool, StoreError> {
        let company = company.clone();
        let digest = digest::pilot(&company, &new.pilot, &new.key, &new.request, &digest::pilot_content(&new));
        let pilot = new.pilot.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let values = values![
                    company.as_str(),
                    pilot.id.as_str(),
                    pilot.policy,
                    pilot.base.0,
                    pilot.candidate.0,
                    pilot.summary,
                    pilot.created_at,
                    pilot.created_by,
                    new.key,
                    new.request,
                    digest
                ];
                if connection.rows(&sql::PILOT_ADD, values).await?.is_empty() {
                    return Ok(false);
                }
                if let Some(body) = new.candidate {
                    let values = values![company.as_str(), pilot.candidate.0, body];
                    connection.execute(&sql::RELEASE_ADD, values).await?;
                }
                let begin = || values![company.as_str(), pilot.id.as_str()];
                for rows in new.rows.chunks(AT_ONCE) {
                    let cells = |row: &PilotRow| [begin(), values![row.number, row.body.as_str()]].concat();
                    connection.execute_set(&sql::ROWS_ADD, &all(&sql::ROWS_ADD, rows.iter().map(cells))).await?;
                }
                for payees in new.payees.chunks(AT_ONCE) {
                    let cells = |one: &PilotPayee| {
                        [begin(), values![one.place, one.payee.as_str(), one.body.as_str()]].concat()
                    };
                    connection.execute_set(&sql::PAYEES_ADD, &all(&sql::PAYEES_ADD, payees.iter().map(cells))).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// The pilot that somebody asked for under a key, and the hash of that request.
    pub async fn pilot_of_key(
        &self,
        company: &CompanyId,
        by: &str,
        key: &str,
    ) -> Result<Option<(String, ContentHash)>, StoreError> {
        let values = values![company.as_str(), by, key];
        self.find(&sql::PILOT_OF_KEY, values, |row| Ok((row.text()?, row.hash()?))).await
    }

    /// One pilot.
    pub async fn pilot(&self, company: &CompanyId, id: &str) -> Result<Option<Pilot>, StoreError> {
        self.find(&sql::PILOT, values![company.as_str(), id], Pilot::read).await
    }

    /// Pilots, the newest first; the next page begins before the id named.
    pub async fn pilots(
        &self,
        scope: &Scope,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Page<Pilot, String>, StoreError> {
        let limit = page_limit(limit);
        let values = values![scope.company.as_str(), before.unwrap_or(LAST), limit as i64 + 1];
        let pilots = self.list(&sql::PILOTS, values, Pilot::read).await?;
        Ok(Page::cut(pilots, limit, |last| last.id.clone()))
    }

    /// The body of a candidate that was never deployed.
    pub async fn pilot_release(&self, company: &CompanyId, hash: &ReleaseHash) -> Result<Option<String>, StoreError> {
        self.find(&sql::RELEASE, values![company.as_str(), hash.0], |row| row.text()).await
    }

    /// Payees of a pilot whose name holds a text, in pages.
    pub async fn pilot_payees(
        &self,
        scope: &Scope,
        pilot: &str,
        named: Option<&str>,
        after: &PayeesAfter,
        limit: usize,
    ) -> Result<Page<PilotPayee, PayeesAfter>, StoreError> {
        let limit = page_limit(limit);
        let mut values = values![scope.company.as_str(), pilot];
        let statement = match after {
            PayeesAfter::Place(place) => {
                values.push((*place).into());
                &sql::PAYEES_BY_PLACE
            }
            PayeesAfter::Name(name) => {
                values.push(name.as_str().into());
                &sql::PAYEES_BY_NAME
            }
        };
        values.extend(values![named.map(contains), limit as i64 + 1]);
        let payees = self.list(statement, values, PilotPayee::read).await?;
        Ok(Page::cut(payees, limit, |last| match after {
            PayeesAfter::Place(_) => PayeesAfter::Place(last.place),
            PayeesAfter::Name(_) => PayeesAfter::Name(last.payee.clone()),
        }))
    }

    /// One payee of a pilot.
    pub async fn pilot_payee(
        &self,
        company: &CompanyId,
        pilot: &str,
        payee: &str,
    ) -> Result<Option<PilotPayee>, StoreError> {
        self.find(&sql::PAYEE, values![company.as_str(), pilot, payee], PilotPayee::read).await
    }

    /// Rows of a pilot by their numbers.
    pub async fn pilot_rows(
        &self,
        company: &CompanyId,
        pilot: &str,
        numbers: &[i64],
    ) -> Result<Vec<PilotRow>, StoreError> {
        let wanted = all(&sql::ROWS, numbers.iter().map(|number| values![company.as_str(), pilot, *number]));
        let mut rows = self.database.reader().await?.rows_set(&sql::ROWS, &wanted).await?;
        rows.iter_mut().map(PilotRow::read).collect()
    }
}

fn all(sql: &Sql, rows: impl Iterator<Item = Vec<Value>>) -> Rows {
    let mut all = Rows::of(sql);
    rows.for_each(|row| all.push(row));
    all
}
