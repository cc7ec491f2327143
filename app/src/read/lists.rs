//! The lists of requests.

use zhupi_domain::{InstanceId, Instant};
use zhupi_store::{InboxCursor, InboxItem, InstanceFilter, MAX_PAGE, Task};

use super::PAGE;
use super::inbox::{read_cursor, write_cursor};
use crate::history::person_key;
use crate::permit::Viewer;
use crate::view::{InstanceSummary, PageView};
use crate::words;
use crate::{App, AppError};

/// Which requests, of those that the reader may see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them, the newest first.
    #[default]
    Readable,
    /// Those that the reader submitted, the newest first.
    Mine,
    /// Those on which the reader did a task, the last done first.
    Handled,
}

/// Which requests that the reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstancesQuery {
    pub which: Which,
    pub status: Option<String>,
    pub flow: Option<String>,
    /// Found anywhere in the title or the number.
    pub text: Option<String>,
    pub after: Option<String>,
    pub limit: Option<usize>,
}

/// The most pages of done tasks that one page of handled requests looks through.
const MAX_ROUNDS: usize = 20;

impl App {
    /// Requests that the reader may see.
    pub async fn instances(
        &self,
        viewer: &Viewer,
        mut query: InstancesQuery,
    ) -> Result<PageView<InstanceSummary>, AppError> {
        query.text = query.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if query.which == Which::Handled {
            return self.handled(viewer, query).await;
        }
        let filter = InstanceFilter {
            flow: query.flow,
            status: query.status,
            initiator: (query.which == Which::Mine).then(|| viewer.person().to_string()),
            text: query.text,
            ..InstanceFilter::default()
        };
        let after = query.after.map(InstanceId::new);
        let page =
            self.store().instances(&viewer.scope(), &filter, after.as_ref(), query.limit.unwrap_or(PAGE)).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for item in &page.items {
            items.push(self.summary(viewer, item).await?);
        }
        Ok(PageView { items, next: page.next.map(|id| id.to_string()) })
    }

    /// Requests on which the reader did a task, each once: at the task that they did last.
    async fn handled(&self, viewer: &Viewer, query: InstancesQuery) -> Result<PageView<InstanceSummary>, AppError> {
        let limit = query.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
        let mut after = query.after.as_deref().map(read_cursor).transpose()?;
        let mut items = Vec::new();
        for _ in 0..MAX_ROUNDS {
            let page = self.store().done(&viewer.scope(), query.flow.as_deref(), after.as_ref(), MAX_PAGE).await?;
            for item in page.items.iter().filter(|item| fits(&query, item)) {
                if self.did_last(viewer, item).await? {
                    items.push(self.summary(viewer, &item.instance).await?);
                }
                if items.len() == limit {
                    return Ok(PageView { items, next: Some(write_cursor(&cursor_of(item))) });
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(PageView { items, next: after.map(|cursor| write_cursor(&cursor)) })
    }

    /// Whether this is the task of its request that the reader did last.
    async fn did_last(&self, viewer: &Viewer, item: &InboxItem) -> Result<bool, AppError> {
        let me = person_key(viewer.person());
        let tasks = self.store().tasks_of(viewer.company(), &item.instance.id).await?;
        let mine = |task: &&Task| task.assignee == me || task.acted_by.as_ref() == Some(&me);
        let done = tasks.iter().filter(mine).filter(|task| words::is_own_act(task.outcome.as_deref()));
        let last = done.max_by_key(|task| (task.closed_at, task.number));
        Ok(last.is_some_and(|last| last.number == item.task.number))
    }
}

fn fits(query: &InstancesQuery, item: &InboxItem) -> bool {
    let instance = &item.instance;
    let says = |text: &String| {
        let text = text.to_lowercase();
        let number = instance.number.as_deref().unwrap_or_default();
        instance.title.to_lowercase().contains(&text) || number.to_lowercase().contains(&text)
    };
    words::is_own_act(item.task.outcome.as_deref())
        && query.status.as_ref().is_none_or(|status| instance.status == *status)
        && query.text.as_ref().is_none_or(says)
}

fn cursor_of(item: &InboxItem) -> InboxCursor {
    let at = item.task.closed_at.map_or(i64::MIN, Instant::micros);
    InboxCursor { at, instance: item.instance.id.clone(), task: item.task.number }
}
