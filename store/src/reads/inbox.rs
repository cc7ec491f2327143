//! What a person has to do, and what they have done.

use std::collections::BTreeMap;

use zhupi_domain::{InstanceId, Instant};

use super::LAST;
use crate::database::{Rows, Value, values};
use crate::records::{InstanceSummary, NEVER, Task};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::{Sql, work as sql};
use crate::{Store, StoreError};

/// A task with the instance that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxItem {
    pub task: Task,
    pub instance: InstanceSummary,
}

/// The last item of a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InboxCursor {
    /// When the task is due (or, in the list of what is done, when it was closed), in microseconds.
    pub at: i64,
    pub instance: InstanceId,
    pub task: i64,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenTasks {
    pub open: i64,
    pub overdue: i64,
}

impl Store {
    /// Open tasks of a viewer, those due first before the others.
    pub async fn inbox(
        &self,
        scope: &Scope,
        flow: Option<&str>,
        after: Option<&InboxCursor>,
        limit: usize,
    ) -> Result<Page<InboxItem, InboxCursor>, StoreError> {
        let start = InboxCursor { at: i64::MIN, instance: InstanceId::new(""), task: 0 };
        let after = after.unwrap_or(&start);
        let key = |task: &Task| task.due_at.map_or(NEVER, Instant::micros);
        self.task_page(&sql::INBOX, scope, flow, after, limit, key, false).await
    }

    /// Closed tasks of a viewer, the last closed first.
    pub async fn done(
        &self,
        scope: &Scope,
        flow: Option<&str>,
        after: Option<&InboxCursor>,
        limit: usize,
    ) -> Result<Page<InboxItem, InboxCursor>, StoreError> {
        let start = InboxCursor { at: i64::MAX, instance: InstanceId::new(LAST), task: i64::MAX };
        let after = after.unwrap_or(&start);
        let key = |task: &Task| task.closed_at.map_or(i64::MIN, Instant::micros);
        self.task_page(&sql::DONE, scope, flow, after, limit, key, true).await
    }

    /// How many tasks of a viewer are open, and how many of them were due before now.
    pub async fn open_tasks(&self, scope: &Scope, now: Instant) -> Result<OpenTasks, StoreError> {
        let mut rows = Rows::of(&sql::INBOX_COUNTS);
        for assignee in &scope.assignees {
            rows.push(values![scope.company.as_str(), assignee.as_str(), now]);
        }
        match self.database.reader().await?.rows_set(&sql::INBOX_COUNTS, &rows).await?.first_mut() {
            Some(row) => Ok(OpenTasks { open: row.integer()?, overdue: row.integer()? }),
            None => Ok(OpenTasks::default()),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the two lists differ in just these")]
    async fn task_page(
        &self,
        sql: &Sql,
        scope: &Scope,
        flow: Option<&str>,
        after: &InboxCursor,
        limit: usize,
        at: fn(&Task) -> i64,
        newest_first: bool,
    ) -> Result<Page<InboxItem, InboxCursor>, StoreError> {
        let limit = page_limit(limit);
        let cursor = |task: &Task| InboxCursor { at: at(task), instance: task.instance.clone(), task: task.number };
        let mut connection = self.database.reader().await?;
        let mut found: BTreeMap<InboxCursor, InboxItem> = BTreeMap::new();
        for assignee in &scope.assignees {
            let values: Vec<Value> = values![
                scope.company.as_str(),
                assignee.as_str(),
                after.at,
                after.instance.as_str(),
                after.task,
                flow,
                limit as i64 + 1
            ];
            for mut row in connection.rows(sql, values).await? {
                let item = InboxItem { task: Task::read(&mut row)?, instance: InstanceSummary::read(&mut row)? };
                found.insert(cursor(&item.task), item);
            }
        }
        let items = if newest_first { found.into_values().rev().collect() } else { found.into_values().collect() };
        Ok(Page::cut(items, limit, |last| cursor(&last.task)))
    }
}
