//! One request with everything that its reader may see.

use std::collections::BTreeSet;

use chrono::Months;
use zhupi_domain::Instant;
use zhupi_engine::{EventKind, IncidentId};
use zhupi_forms::{Class, Rights};
use zhupi_pack::Can;
use zhupi_store::{MAX_PAGE, Stream};

use super::forms::{classes, form_view, result_classes};
use super::lists::Known;
use super::moment;
use super::timeline::{Told, Visible, timeline};
use crate::load::Loaded;
use crate::permit::Viewer;
use crate::view::{ArchiveView, IncidentView, InstanceView};
use crate::words::{self, Names};
use crate::{App, AppError};

/// The most events that one page shows; nobody reads more, and `zhupi export` has them all.
const MAX_EVENTS: usize = 2_000;

impl App {
    /// One request, as far as this person may see it.
    pub async fn instance(&self, viewer: &Viewer, id: &str, now: Instant) -> Result<InstanceView, AppError> {
        let permit = self.permit_read(viewer, id).await?;
        let loaded = &permit.act().0;
        let around = &loaded.around;
        let names = Names { directory: &around.directory, release: &around.release, flow: &around.flow };
        let history = self.told(loaded).await?;
        let ended_at = history.last().filter(|_| !loaded.state.is_running()).map(|told| told.stored.at);
        let known = Known { state: loaded.state.clone(), release: around.release.clone(), flow: around.flow.clone() };
        let open = classes(viewer, loaded);
        let form = around.form()?;
        let rights = reader_rights(viewer, loaded);
        let my_tasks = self.my_tasks(viewer, loaded, now).await?;
        let shows = |field: &str| form.field(field).is_some_and(|field| sees(field.class(), &open));
        Ok(InstanceView {
            summary: known.summary(viewer, loaded.id.as_str(), loaded.started_at, ended_at),
            release: loaded.state.release.to_string(),
            version: loaded.version,
            form: form_view(form, &loaded.state.form, &rights, &open),
            results: super::results::results(&names, loaded, &history, &result_classes(viewer, loaded)),
            route: super::route::route(&names, loaded, &history, now),
            timeline: timeline(&names, &history, &Visible { form: Some(form), shows: &shows }),
            my_tasks,
            actions: instance_actions(viewer, loaded),
            incidents: incidents(&names, viewer, loaded),
            archive: archive(&history),
        })
    }

    /// The history of an instance, oldest first.
    pub(crate) async fn told(&self, loaded: &Loaded) -> Result<Vec<Told>, AppError> {
        let stream = Stream::Instance(loaded.id.clone());
        let (mut history, mut after) = (Vec::new(), 0);
        while history.len() < MAX_EVENTS {
            let page = self.store().timeline(&loaded.company, &stream, after, MAX_PAGE).await?;
            for stored in page.items {
                history.push(Told::read(stored)?);
            }
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        Ok(history)
    }
}

fn sees(class: Class, open: &BTreeSet<Class>) -> bool {
    !class.is_masked() || open.contains(&class)
}

/// Who only reads the request reads the whole form; what a step hides from its approver stays hidden from that approver.
fn reader_rights(viewer: &Viewer, loaded: &Loaded) -> Rights {
    let asked = loaded.state.tasks().find(|(_, _, _, task)| task.person == *viewer.person());
    match asked {
        Some((_, _, visit, _)) if !loaded.state.is_own(viewer.person()) => loaded.around.reading_rights(&visit.place),
        _ => Rights::readonly(),
    }
}

fn instance_actions(viewer: &Viewer, loaded: &Loaded) -> Vec<String> {
    let running = loaded.state.is_running();
    let mut actions = vec!["comment".to_owned()];
    if running && loaded.state.initiator == *viewer.person() {
        actions.push("withdraw".into());
    }
    if running && viewer.rights().contains(&Can::Cancel) {
        actions.push("cancel".into());
    }
    actions
}

fn incidents(names: &Names<'_>, viewer: &Viewer, loaded: &Loaded) -> Vec<IncidentView> {
    let can_retry = viewer.rights().contains(&Can::Incidents);
    let view = |(id, incident): (&IncidentId, &zhupi_engine::Incident)| IncidentView {
        incident: id.0,
        step_title: names.place(&incident.place).into(),
        text: words::problem_text(&incident.problem).into(),
        opened_at: moment(incident.opened_at),
        can_retry,
    };
    loaded.state.incidents.iter().map(view).collect()
}

/// What the archive step said: who holds a copy, and for how long.
fn archive(history: &[Told]) -> Option<ArchiveView> {
    let ended =
        history.iter().rev().find(|told| matches!(told.kind(), Some(EventKind::Ended { as_archived: true })))?;
    let value = history.iter().rev().find_map(|told| match told.kind() {
        Some(EventKind::MachineDone { value, .. }) if value.get("copies").is_some() => Some(value),
        _ => None,
    })?;
    let copies = value.get("copies")?.as_array()?.iter().filter_map(|copy| copy.as_str().map(str::to_owned));
    let years = value.get("keep_years").and_then(|years| years.as_u64()).and_then(|years| u32::try_from(years).ok());
    let until = years.and_then(|years| ended.stored.at.utc().date_naive().checked_add_months(Months::new(years * 12)));
    let keep_until = until.map(|date| date.to_string());
    Some(ArchiveView { copies: copies.collect(), archived_at: moment(ended.stored.at), keep_until })
}
