//! What a person has to do, and what they have done.

use std::collections::BTreeMap;

use zhupi_domain::{InstanceId, Instant};

use super::LAST;
use crate::database::{Connection, Rows, Value, values};
use crate::records::{InstanceSummary, NEVER, Task};
use crate::scope::{Opened, Page, Scope, page_limit};
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
    /// Open tasks of a viewer, and those of others that are opened to them, those due first before the others.
    pub async fn inbox(
        &self,
        scope: &Scope,
        flow: Option<&str>,
        after: Option<&InboxCursor>,
        limit: usize,
    ) -> Result<Page<InboxItem, InboxCursor>, StoreError> {
        let start = InboxCursor { at: i64::MIN, instance: InstanceId::new(""), task: 0 };
        let key = |task: &Task| task.due_at.map_or(NEVER, Instant::micros);
        let mut list = TaskList::new(scope, flow, after.unwrap_or(&start), limit, key);
        let mut connection = self.database.reader().await?;
        for assignee in &scope.assignees {
            list.read(&mut connection, &sql::INBOX, assignee, flow, Vec::new()).await?;
        }
        for (opened, flow) in list.opened() {
            let without = values![opened.not_kind.as_str(), opened.not_of.as_str(), opened.acted_by.as_str()];
            list.read(&mut connection, &sql::INBOX_OF_OTHERS, &opened.assignee, flow, without).await?;
        }
        Ok(list.page(false))
    }

    /// Closed tasks of a viewer, and those that they did for others to whom they are still opened, the last closed first.
    pub async fn done(
        &self,
        scope: &Scope,
        flow: Option<&str>,
        after: Option<&InboxCursor>,
        limit: usize,
    ) -> Result<Page<InboxItem, InboxCursor>, StoreError> {
        let start = InboxCursor { at: i64::MAX, instance: InstanceId::new(LAST), task: i64::MAX };
        let key = |task: &Task| task.closed_at.map_or(i64::MIN, Instant::micros);
        let mut list = TaskList::new(scope, flow, after.unwrap_or(&start), limit, key);
        let mut connection = self.database.reader().await?;
        for assignee in &scope.assignees {
            list.read(&mut connection, &sql::DONE, assignee, flow, Vec::new()).await?;
        }
        for (opened, flow) in list.opened() {
            let by = values![opened.acted_by.as_str()];
            list.read(&mut connection, &sql::DONE_FOR_OTHERS, &opened.assignee, flow, by).await?;
        }
        Ok(list.page(true))
    }

    /// How many tasks of the inbox are open, and how many of them were due before now.
    pub async fn open_tasks(&self, scope: &Scope, now: Instant) -> Result<OpenTasks, StoreError> {
        let mut rows = Rows::of(&sql::INBOX_COUNTS);
        for assignee in &scope.assignees {
            rows.push(values![scope.company.as_str(), assignee.as_str(), now]);
        }
        let mut of_others = Rows::of(&sql::INBOX_COUNTS_OF_OTHERS);
        for opened in &scope.opened {
            of_others.push(values![
                scope.company.as_str(),
                opened.assignee.as_str(),
                opened.flow.as_deref().unwrap_or_default(),
                opened.not_kind.as_str(),
                opened.not_of.as_str(),
                opened.acted_by.as_str(),
                now
            ]);
        }
        let mut connection = self.database.reader().await?;
        let mut counted = connection.rows_set(&sql::INBOX_COUNTS, &rows).await?;
        if !scope.opened.is_empty() {
            counted.extend(connection.rows_set(&sql::INBOX_COUNTS_OF_OTHERS, &of_others).await?);
        }
        let mut all = OpenTasks::default();
        for row in &mut counted {
            all.open += row.integer()?;
            all.overdue += row.integer()?;
        }
        Ok(all)
    }
}

/// One page of tasks, put together of one descent of an index for each assignee: it costs its length, however much they have.
struct TaskList<'a> {
    scope: &'a Scope,
    flow: Option<&'a str>,
    after: &'a InboxCursor,
    limit: usize,
    at: fn(&Task) -> i64,
    found: BTreeMap<InboxCursor, InboxItem>,
}

impl<'a> TaskList<'a> {
    fn new(
        scope: &'a Scope,
        flow: Option<&'a str>,
        after: &'a InboxCursor,
        limit: usize,
        at: fn(&Task) -> i64,
    ) -> Self {
        Self { scope, flow, after, limit: page_limit(limit), at, found: BTreeMap::new() }
    }

    /// What is opened of others, each with the flow that is asked for; what is not of that flow is left out.
    fn opened(&self) -> Vec<(&'a Opened, Option<&'a str>)> {
        let (flow, opened) = (self.flow, self.scope.opened.iter());
        let fits = |one: &&Opened| flow.is_none() || one.flow.is_none() || one.flow.as_deref() == flow;
        opened.filter(fits).map(|one| (one, flow.or(one.flow.as_deref()))).collect()
    }

    /// Adds the first tasks of one assignee.
    async fn read(
        &mut self,
        connection: &mut Connection,
        sql: &Sql,
        assignee: &str,
        flow: Option<&str>,
        more: Vec<Value>,
    ) -> Result<(), StoreError> {
        let mut values: Vec<Value> = values![
            self.scope.company.as_str(),
            assignee,
            self.after.at,
            self.after.instance.as_str(),
            self.after.task,
            flow,
            self.limit as i64 + 1
        ];
        values.extend(more);
        for mut row in connection.rows(sql, values).await? {
            let item = InboxItem { task: Task::read(&mut row)?, instance: InstanceSummary::read(&mut row)? };
            self.found.insert(self.cursor(&item.task), item);
        }
        Ok(())
    }

    fn cursor(&self, task: &Task) -> InboxCursor {
        InboxCursor { at: (self.at)(task), instance: task.instance.clone(), task: task.number }
    }

    fn page(mut self, newest_first: bool) -> Page<InboxItem, InboxCursor> {
        let found = std::mem::take(&mut self.found).into_values();
        let items = if newest_first { found.rev().collect() } else { found.collect() };
        Page::cut(items, self.limit, |last| self.cursor(&last.task))
    }
}
