//! The inbox: what the reader is asked to do, and what they have done.

use zhupi_domain::{InstanceId, Instant, Name, PersonId, Text};
use zhupi_engine::{Deadline, TaskId};
use zhupi_store::{InboxCursor, InboxItem};

use super::forms::highlights;
use super::known::Known;
use super::sight::place_of;
use super::values::Wording;
use super::way::no_calendar_year;
use super::{PAGE, moment, person_view};
use crate::history::person_of;
use crate::permit::Viewer;
use crate::view::{Highlight, InboxView, TaskCounts, TaskSummary, TextView};
use crate::words;
use crate::{App, AppError};

/// Which tasks of the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxQuery {
    /// Those that were done, instead of those that are open.
    pub done: bool,
    pub flow: Option<String>,
    pub overdue: bool,
    pub after: Option<String>,
    pub limit: Option<usize>,
}

impl App {
    /// The reader's tasks: open ones, those due first before the others, or done ones, the last first.
    pub async fn inbox(&self, viewer: &Viewer, query: InboxQuery, now: Instant) -> Result<InboxView, AppError> {
        let scope = viewer.scope();
        let after = query.after.as_deref().map(read_cursor).transpose()?;
        let (flow, limit) = (query.flow.as_deref(), query.limit.unwrap_or(PAGE));
        let page = match query.done {
            true => self.store().done(&scope, flow, after.as_ref(), limit).await?,
            false => self.store().inbox(&scope, flow, after.as_ref(), limit).await?,
        };
        let counts = self.store().open_tasks(&scope, now).await?;
        let mut items = Vec::with_capacity(page.items.len());
        // Overdue tasks are due first, so they are at the head of the list and nothing after them is.
        let late = |item: &InboxItem| item.task.due_at.is_some_and(|due| due < now);
        for item in page.items.iter().filter(|item| !query.overdue || late(item)) {
            items.push(self.task_summary(viewer, item, now).await?);
        }
        let all_late = page.items.last().is_none_or(late);
        let next = page.next.filter(|_| !query.overdue || all_late).map(|cursor| write_cursor(&cursor));
        Ok(InboxView { items, next, counts: TaskCounts { open: counts.open, overdue: counts.overdue } })
    }

    async fn task_summary(&self, viewer: &Viewer, item: &InboxItem, now: Instant) -> Result<TaskSummary, AppError> {
        let (task, instance) = (&item.task, &item.instance);
        let about = self.about(viewer, item).await?;
        let subject = instance.subject.as_deref().map(|id| person_view(viewer.directory(), &PersonId::new(id)));
        Ok(TaskSummary {
            instance: instance.id.to_string(),
            task: number_of(item).0,
            version: u32::try_from(task.version).unwrap_or_default(),
            flow: instance.flow.clone(),
            flow_title: about.flow_title,
            step: task.step.clone(),
            step_title: about.step_title,
            kind: task.kind.clone(),
            number: instance.number.clone().unwrap_or_default(),
            initiator: person_view(viewer.directory(), &PersonId::new(instance.initiator.as_str())),
            subject,
            period: instance.period.clone(),
            opened_at: moment(task.opened_at),
            due_at: task.due_at.map(moment),
            no_calendar_year: about.no_calendar_year,
            overdue: task.closed_at.is_none() && task.due_at.is_some_and(|due| due < now),
            acts_for: person_of(&task.assignee)
                .filter(|of| of != viewer.person())
                .map(|of| person_view(viewer.directory(), &of)),
            acted_by: task.acted_by.as_deref().and_then(person_of).map(|by| person_view(viewer.directory(), &by)),
            reason: about.reason,
            highlights: about.highlights,
            outcome: task.outcome.as_deref().map(|outcome| words::task_outcome(outcome).into()),
            closed_at: task.closed_at.map(moment),
        })
    }

    /// What the instance itself says about a task.
    async fn about(&self, viewer: &Viewer, item: &InboxItem) -> Result<About, AppError> {
        let instance = &item.instance;
        let Some(known) = self.known(viewer, &instance.id, instance.release, &instance.flow).await? else {
            return Ok(About::of_store(item));
        };
        let names = known.names(viewer);
        let held = known.state.task(number_of(item));
        let place = place_of(&item.task.step);
        let step_title = place.map_or_else(|| Text::same(&item.task.step), |place| names.place(&place));
        let deadline: Option<&Deadline> = held.and_then(|(_, visit, _)| visit.deadline.as_ref());
        Ok(About {
            flow_title: known.flow.title.clone().into(),
            step_title: step_title.into(),
            reason: held.map(|(_, _, task)| words::why(&names, &task.why).into()),
            no_calendar_year: no_calendar_year(deadline),
            highlights: self.telling_fields(viewer, &instance.id, &known).await?,
        })
    }

    /// The fields of a request by which one is told from another in a list.
    pub(crate) async fn telling_fields(
        &self,
        viewer: &Viewer,
        id: &InstanceId,
        known: &Known,
    ) -> Result<Vec<Highlight>, AppError> {
        let Some(form) = known.release.form(&known.flow.form) else { return Ok(Vec::new()) };
        let sight = self.sight(viewer, id, known.followed()).await?;
        let wording = Wording::of(viewer, &known.release);
        Ok(highlights(wording, &sight, form, &known.state.form, known.flow.highlights.iter().map(Name::as_str)))
    }
}

/// What an instance says about one of its tasks.
struct About {
    flow_title: TextView,
    step_title: TextView,
    reason: Option<TextView>,
    no_calendar_year: Option<i32>,
    highlights: Vec<Highlight>,
}

impl About {
    /// What the store alone can say, where the instance cannot be read.
    fn of_store(item: &InboxItem) -> Self {
        Self {
            flow_title: Text::same(&item.instance.title).into(),
            step_title: Text::same(&item.task.step).into(),
            reason: Some(words::unreadable().into()),
            no_calendar_year: None,
            highlights: Vec::new(),
        }
    }
}

fn number_of(item: &InboxItem) -> TaskId {
    TaskId(u32::try_from(item.task.number).unwrap_or_default())
}

pub(crate) fn write_cursor(cursor: &InboxCursor) -> String {
    format!("{}~{}~{}", cursor.at, cursor.instance, cursor.task)
}

pub(crate) fn read_cursor(text: &str) -> Result<InboxCursor, AppError> {
    let mut parts = text.split('~');
    let cursor = (|| {
        let at = parts.next()?.parse().ok()?;
        let instance = InstanceId::new(parts.next()?);
        Some(InboxCursor { at, instance, task: parts.next()?.parse().ok()? })
    })();
    cursor.ok_or_else(bad_cursor)
}

pub(crate) fn bad_cursor() -> AppError {
    AppError::bad("cursor_invalid", "分页位置无效", "This is not a place in the list")
}
