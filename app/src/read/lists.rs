//! The inbox and the lists of requests.

use std::sync::Arc;

use zhupi_domain::{InstanceId, Instant, PersonId, ReleaseHash};
use zhupi_engine::{Flow, Instance, TaskId};
use zhupi_pack::Release;
use zhupi_store::{InboxCursor, InboxItem, InstanceFilter};

use super::values::field_text;
use super::{PAGE, moment, person_view};
use crate::commit::status_code;
use crate::permit::Viewer;
use crate::view::{Highlight, InboxView, InstanceSummary, PageView, TaskCounts, TaskSummary, Waiting};
use crate::words::{self, Names};
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

/// Which requests that the reader may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstancesQuery {
    /// Only those that the reader submitted.
    pub mine: bool,
    pub status: Option<String>,
    pub flow: Option<String>,
    pub text: Option<String>,
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
        let known = self.known(viewer, &instance.id, instance.release, &instance.flow).await?;
        let names = known.names(viewer);
        let number = u32::try_from(task.number).unwrap_or_default();
        let held = known.state.task(TaskId(number)).map(|(_, _, held)| held);
        let place = match task.step.as_str() {
            "start" => Some(zhupi_engine::Place::Start),
            step => zhupi_domain::Name::new(step).ok().map(zhupi_engine::Place::Step),
        };
        let step_title = place.map_or_else(|| zhupi_domain::Text::same(&task.step), |place| names.place(&place));
        let subject = instance.subject.as_deref().map(|id| person_view(viewer.directory(), &PersonId::new(id)));
        Ok(TaskSummary {
            instance: instance.id.to_string(),
            task: number,
            version: u32::try_from(task.version).unwrap_or_default(),
            flow: instance.flow.clone(),
            flow_title: known.flow.title.clone().into(),
            step: task.step.clone(),
            step_title: step_title.into(),
            kind: task.kind.clone(),
            number: instance.number.clone().unwrap_or_default(),
            initiator: person_view(viewer.directory(), &PersonId::new(instance.initiator.as_str())),
            subject,
            period: instance.period.clone(),
            opened_at: moment(task.opened_at),
            due_at: task.due_at.map(moment),
            overdue: task.closed_at.is_none() && task.due_at.is_some_and(|due| due < now),
            reason: held.map(|held| words::why(&names, &held.why).into()),
            highlights: known.highlights(viewer, held.is_some()),
            outcome: task.outcome.as_deref().map(|outcome| words::task_outcome(outcome).into()),
            closed_at: task.closed_at.map(moment),
        })
    }

    /// Requests that the reader may see, newest first.
    pub async fn instances(
        &self,
        viewer: &Viewer,
        query: InstancesQuery,
    ) -> Result<PageView<InstanceSummary>, AppError> {
        let filter = InstanceFilter {
            flow: query.flow,
            status: query.status,
            initiator: query.mine.then(|| viewer.person().to_string()),
            text: query.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
            ..InstanceFilter::default()
        };
        let after = query.after.map(InstanceId::new);
        let page =
            self.store().instances(&viewer.scope(), &filter, after.as_ref(), query.limit.unwrap_or(PAGE)).await?;
        let mut items = Vec::with_capacity(page.items.len());
        for item in &page.items {
            let known = self.known(viewer, &item.id, item.release, &item.flow).await?;
            items.push(known.summary(viewer, item.id.as_str(), item.started_at, item.ended_at));
        }
        Ok(PageView { items, next: page.next.map(|id| id.to_string()) })
    }

    /// An instance with its own release, without asking for calendars or people again.
    async fn known(
        &self,
        viewer: &Viewer,
        id: &InstanceId,
        release: ReleaseHash,
        flow: &str,
    ) -> Result<Known, AppError> {
        let stored = self.store().instance(viewer.company(), id).await?;
        let state = match stored.map(|stored| (stored.format, serde_json::from_str(&stored.state))) {
            Some((crate::load::FORMAT, Ok(state))) => state,
            _ => self.fold(viewer.company(), id).await?,
        };
        let release = self.cache().release(self.store(), viewer.company(), release).await?;
        let flow = crate::load::flow_of(&release, flow)
            .ok_or_else(|| AppError::Internal(format!("release without flow {flow}")))?;
        Ok(Known { state, release, flow })
    }
}

/// What a list shows of an instance.
pub(crate) struct Known {
    pub state: Instance,
    pub release: Release,
    pub flow: Arc<Flow>,
}

impl Known {
    pub fn names<'a>(&'a self, viewer: &'a Viewer) -> Names<'a> {
        Names { directory: viewer.directory(), release: &self.release, flow: &self.flow }
    }

    /// One line of a list.
    pub fn summary(
        &self,
        viewer: &Viewer,
        id: &str,
        started_at: Instant,
        ended_at: Option<Instant>,
    ) -> InstanceSummary {
        let (state, names, directory) = (&self.state, self.names(viewer), viewer.directory());
        let waiting = state.visits.values().filter(|visit| !visit.tasks.is_empty()).map(|visit| Waiting {
            step_title: names.place(&visit.place).into(),
            people: visit.tasks.values().map(|task| person_view(directory, &task.person)).collect(),
        });
        InstanceSummary {
            id: id.to_owned(),
            number: state.number.clone(),
            flow: state.flow.to_string(),
            title: self.flow.title.clone().into(),
            status: status_code(&state.status).into(),
            status_text: words::status_text(&names, &state.status).into(),
            initiator: person_view(directory, &state.initiator),
            subject: (state.subject != state.initiator).then(|| person_view(directory, &state.subject)),
            period: state.period.map(|period| period.to_string()),
            started_at: moment(started_at),
            ended_at: ended_at.map(moment),
            waiting: waiting.collect(),
        }
    }

    /// The telling fields, as far as this reader may see them.
    fn highlights(&self, viewer: &Viewer, asked: bool) -> Vec<Highlight> {
        let Some(form) = self.release.form(&self.flow.form) else { return Vec::new() };
        let own = self.state.is_own(viewer.person());
        let shown = |field: &zhupi_forms::Field| {
            own || asked || !field.class().is_masked() || viewer.sees().contains(&field.class())
        };
        let fields = self.flow.highlights.iter().filter_map(|name| form.field(name.as_str()));
        let lines = fields.filter(|field| shown(field)).filter_map(|field| {
            let value = self.state.form.get(field.name())?;
            let value = field_text(viewer.directory(), field, value);
            Some(Highlight { title: field.title().clone().into(), value })
        });
        lines.filter(|line| !line.value.is_empty()).collect()
    }
}

fn write_cursor(cursor: &InboxCursor) -> String {
    format!("{}~{}~{}", cursor.at, cursor.instance, cursor.task)
}

fn read_cursor(text: &str) -> Result<InboxCursor, AppError> {
    let mut parts = text.split('~');
    let cursor = (|| {
        let at = parts.next()?.parse().ok()?;
        let instance = InstanceId::new(parts.next()?);
        Some(InboxCursor { at, instance, task: parts.next()?.parse().ok()? })
    })();
    cursor.ok_or_else(|| AppError::bad("cursor_invalid", "分页位置无效", "This is not a place in the list"))
}
