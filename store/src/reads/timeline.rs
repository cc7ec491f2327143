//! The events of a stream.

use zhupi_domain::{CompanyId, ContentHash, InstanceId};

use crate::database::values;
use crate::port::Response;
use crate::records::StoredEvent;
use crate::scope::{Page, page_limit};
use crate::sql::{evidence, work};
use crate::{Store, StoreError, Stream};

impl Store {
    /// Events of one stream in their order; the next page begins after the number named (0 for the first).
    pub async fn timeline(
        &self,
        company: &CompanyId,
        stream: &Stream,
        after: i64,
        limit: usize,
    ) -> Result<Page<StoredEvent, i64>, StoreError> {
        let limit = page_limit(limit);
        let values = values![company.as_str(), stream.to_string(), after, limit as i64 + 1];
        let events = self.list(&evidence::TIMELINE, values, StoredEvent::read).await?;
        Ok(Page::cut(events, limit, |last| last.number))
    }

    /// Every instance that there are events or a row of, in the order of their ids; the next page begins after the id named.
    pub async fn instances_named(
        &self,
        company: &CompanyId,
        after: Option<&InstanceId>,
        limit: usize,
    ) -> Result<Page<InstanceId, InstanceId>, StoreError> {
        let limit = page_limit(limit);
        let after = after.map_or("", |id| id.as_str());
        let values = values![company.as_str(), after, limit as i64 + 1];
        let ids = self.list(&evidence::INSTANCES_NAMED, values, |row| row.text().map(InstanceId::new)).await?;
        Ok(Page::cut(ids, limit, InstanceId::clone))
    }

    /// Number and hash of a stream's last event; 0 and zeros while it has none.
    pub async fn head(&self, company: &CompanyId, stream: &Stream) -> Result<(i64, ContentHash), StoreError> {
        let values = values![company.as_str(), stream.to_string()];
        let head = self.find(&evidence::HEAD, values, |row| Ok((row.integer()?, row.hash()?))).await?;
        Ok(head.unwrap_or((0, ContentHash::ZERO)))
    }

    /// What a request with this key was told, and the hash of that request.
    pub async fn response(
        &self,
        company: &CompanyId,
        actor: &str,
        key: &str,
    ) -> Result<Option<(ContentHash, Response)>, StoreError> {
        self.find(&work::RESPONSE, values![company.as_str(), actor, key], |row| {
            Ok((row.hash()?, Response { status: row.integer()?, body: row.text()? }))
        })
        .await
    }
}
