//! What waits for somebody to look at it.

use std::collections::BTreeMap;

use zhupi_domain::{CompanyId, InstanceId};

use crate::database::values;
use crate::records::{Incident, OutboxMessage};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::work as sql;
use crate::{Store, StoreError};

impl Store {
    /// Open incidents that a viewer may see; the next page begins after the incident named.
    pub async fn incidents(
        &self,
        scope: &Scope,
        after: Option<&(InstanceId, i64)>,
        limit: usize,
    ) -> Result<Page<Incident, (InstanceId, i64)>, StoreError> {
        let limit = page_limit(limit);
        let (instance, number) = after.map_or(("", 0), |(instance, number)| (instance.as_str(), *number));
        let (company, most) = (scope.company.as_str(), limit as i64 + 1);
        let mut connection = self.database.reader().await?;
        let mut rows = Vec::new();
        if scope.all_incidents {
            let values = values![company, instance, number, most];
            rows = connection.rows(&sql::INCIDENTS_OF_COMPANY, values).await?;
        } else {
            for reader in &scope.readers {
                let values = values![company, reader.as_str(), instance, number, most];
                rows.extend(connection.rows(&sql::INCIDENTS_OF_READER, values).await?);
            }
        }
        let mut found = BTreeMap::new();
        for row in &mut rows {
            let incident = Incident::read(row)?;
            found.insert((incident.instance.clone(), incident.number), incident);
        }
        Ok(Page::cut(found.into_values().collect(), limit, |last| (last.instance.clone(), last.number)))
    }

    /// All incidents of an instance, open and closed.
    pub async fn incidents_of(&self, company: &CompanyId, id: &InstanceId) -> Result<Vec<Incident>, StoreError> {
        self.list(&sql::INCIDENTS_OF_INSTANCE, values![company.as_str(), id.as_str()], Incident::read).await
    }

    /// Messages that were tried too often and wait for a person; the next page begins after the id named.
    pub async fn parked_messages(
        &self,
        scope: &Scope,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<OutboxMessage, String>, StoreError> {
        let limit = page_limit(limit);
        let values = values![scope.company.as_str(), after.unwrap_or_default(), limit as i64 + 1];
        let messages = self.list(&sql::MESSAGES_PARKED, values, OutboxMessage::read).await?;
        Ok(Page::cut(messages, limit, |last| last.id.clone()))
    }
}
