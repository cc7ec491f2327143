//! Instances: one, or those that a viewer may see.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{CompanyId, InstanceId};

use super::{LAST, contains};
use crate::database::{Row, Rows, values};
use crate::records::{Instance, InstanceSummary, Task, Timer};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::{Sql, work as sql};
use crate::{Store, StoreError};

/// Narrows a list of instances. Empty fields do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstanceFilter {
    pub flow: Option<String>,
    pub status: Option<String>,
    pub initiator: Option<String>,
    pub subject: Option<String>,
    pub period: Option<String>,
    /// Found anywhere in the title or the document number.
    pub text: Option<String>,
}

impl Store {
    /// One instance with its state. Whether the asker may see it is asked with `may_read`.
    pub async fn instance(&self, company: &CompanyId, id: &InstanceId) -> Result<Option<Instance>, StoreError> {
        self.find(&sql::INSTANCE, values![company.as_str(), id.as_str()], Instance::read).await
    }

    /// Whether any key of the scope opens the instance, or a task of another one that is opened to the viewer.
    pub async fn may_read(&self, scope: &Scope, id: &InstanceId) -> Result<bool, StoreError> {
        let open = !self.by_keys(&sql::READS, scope, id).await?.is_empty();
        Ok(open || self.opened_for_another(scope, id).await?)
    }

    /// One instance with its state, if `may_read` says so.
    pub async fn readable_instance(&self, scope: &Scope, id: &InstanceId) -> Result<Option<Instance>, StoreError> {
        match self.by_keys(&sql::READABLE_INSTANCE, scope, id).await?.into_iter().next() {
            Some(mut row) => Instance::read(&mut row).map(Some),
            None if self.opened_for_another(scope, id).await? => self.instance(&scope.company, id).await,
            None => Ok(None),
        }
    }

    async fn by_keys(&self, sql: &Sql, scope: &Scope, id: &InstanceId) -> Result<Vec<Row>, StoreError> {
        let mut rows = Rows::of(sql);
        for reader in &scope.readers {
            rows.push(values![scope.company.as_str(), id.as_str(), reader.as_str()]);
        }
        self.database.reader().await?.rows_set(sql, &rows).await
    }

    /// Whether a task of another one opens the instance, on which the viewer stands in.
    async fn opened_for_another(&self, scope: &Scope, id: &InstanceId) -> Result<bool, StoreError> {
        if scope.opened.is_empty() {
            return Ok(false);
        }
        let mut rows = Rows::of(&sql::READS_FOR_OTHERS);
        for opened in &scope.opened {
            rows.push(values![
                scope.company.as_str(),
                id.as_str(),
                opened.assignee.as_str(),
                opened.flow.as_deref().unwrap_or_default(),
                opened.not_kind.as_str(),
                opened.not_of.as_str(),
                opened.acted_by.as_str()
            ]);
        }
        Ok(!self.database.reader().await?.rows_set(&sql::READS_FOR_OTHERS, &rows).await?.is_empty())
    }

    /// Those of the given instances that a viewer may see.
    pub async fn opened(
        &self,
        scope: &Scope,
        ids: &BTreeSet<InstanceId>,
    ) -> Result<BTreeMap<InstanceId, InstanceSummary>, StoreError> {
        let mut rows = Rows::of(&sql::OPENED);
        for (id, reader) in ids.iter().flat_map(|id| scope.readers.iter().map(move |reader| (id, reader))) {
            rows.push(values![scope.company.as_str(), id.as_str(), reader.as_str()]);
        }
        let mut found = self.database.reader().await?.rows_set(&sql::OPENED, &rows).await?;
        let summaries = found.iter_mut().map(InstanceSummary::read);
        summaries.map(|summary| summary.map(|summary| (summary.id.clone(), summary))).collect()
    }

    /// Instances that a viewer may see, newest first; the next page begins after the instance named.
    pub async fn instances(
        &self,
        scope: &Scope,
        filter: &InstanceFilter,
        after: Option<&InstanceId>,
        limit: usize,
    ) -> Result<Page<InstanceSummary, InstanceId>, StoreError> {
        let limit = page_limit(limit);
        let after = after.map_or(LAST, |id| id.as_str());
        let text = filter.text.as_deref().map(contains);
        let mut connection = self.database.reader().await?;
        let mut found: BTreeMap<Reverse<InstanceId>, InstanceSummary> = BTreeMap::new();
        // One descent of the index a key: a page costs its length, however many instances a key opens.
        for reader in &scope.readers {
            let values = values![
                scope.company.as_str(),
                reader.as_str(),
                after,
                filter.flow.as_deref(),
                filter.status.as_deref(),
                filter.initiator.as_deref(),
                filter.subject.as_deref(),
                filter.period.as_deref(),
                text.as_deref(),
                limit as i64 + 1
            ];
            for mut row in connection.rows(&sql::INSTANCES_OF_READER, values).await? {
                let summary = InstanceSummary::read(&mut row)?;
                found.insert(Reverse(summary.id.clone()), summary);
            }
        }
        Ok(Page::cut(found.into_values().collect(), limit, |last| last.id.clone()))
    }

    /// All tasks of an instance, open and closed, in the order they were opened.
    pub async fn tasks_of(&self, company: &CompanyId, id: &InstanceId) -> Result<Vec<Task>, StoreError> {
        self.list(&sql::TASKS_OF_INSTANCE, values![company.as_str(), id.as_str()], Task::read).await
    }

    /// One task.
    pub async fn task(&self, company: &CompanyId, id: &InstanceId, number: i64) -> Result<Option<Task>, StoreError> {
        self.find(&sql::TASK, values![company.as_str(), id.as_str(), number], Task::read).await
    }

    /// All timers of an instance.
    pub async fn timers_of(&self, company: &CompanyId, id: &InstanceId) -> Result<Vec<Timer>, StoreError> {
        self.list(&sql::TIMERS_OF_INSTANCE, values![company.as_str(), id.as_str()], Timer::read).await
    }
}
