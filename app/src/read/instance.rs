//! One request with everything that its reader may see.

use std::collections::BTreeMap;

use chrono::Months;
use zhupi_domain::Instant;
use zhupi_engine::{EventKind, Incident, IncidentId};
use zhupi_pack::Can;

use super::forms::form_view;
use super::known::Known;
use super::minutes::Minutes;
use super::moment;
use super::records::Records;
use super::results::{Kept, results, visits};
use super::route::Drawing;
use super::timeline::{ENTRIES, Reader, Story};
use super::told::Told;
use super::values::Wording;
use super::way::Way;
use crate::load::Loaded;
use crate::permit::Viewer;
use crate::view::{ArchiveView, IncidentView, InstanceView};
use crate::words;
use crate::{App, AppError};

impl App {
    /// One request, as far as this person may see it.
    pub async fn instance(&self, viewer: &Viewer, id: &str, now: Instant) -> Result<InstanceView, AppError> {
        let permit = self.permit_read(viewer, id).await?;
        let loaded = &permit.act().0;
        let around = &loaded.around;
        let sight = self.sight(viewer, &loaded.id, loaded.followed()).await?;
        let names = loaded.names();
        let reader = Reader { names: &names, wording: Wording::of(viewer, &around.release), sight: &sight };
        let mut heard = Heard::new(reader, loaded)?;
        self.tell(loaded, |told| heard.hear(told)).await?;
        let Heard { way, story, records, minutes, archive } = heard;
        let told = words::Told::whole_if(sight.faults());
        let (state, expected) = (&loaded.state, BTreeMap::new());
        let drawing = Drawing { names: &names, around, state, way, expected, told, now };
        let timeline = story.page();
        let known = Known { state: state.clone(), release: around.release.clone(), flow: around.flow.clone() };
        Ok(InstanceView {
            summary: known.summary(viewer, loaded.id.as_str(), loaded.started_at, state.ended_at),
            release: state.release.to_string(),
            version: loaded.version,
            form: form_view(around.form()?, &state.form, &sight.form()),
            results: results(&names, reader.wording, loaded, &sight, &Kept { records, minutes }),
            route: drawing.whole(),
            timeline: timeline.items,
            timeline_next: timeline.next,
            my_tasks: self.my_tasks(viewer, loaded, now).await?,
            actions: instance_actions(viewer, loaded),
            incidents: incidents(reader, viewer, loaded),
            archive: archive.view(loaded),
        })
    }
}

/// What one page keeps of the events as they go by.
struct Heard<'a> {
    way: Way<'a>,
    story: Story<'a>,
    records: Records,
    minutes: Minutes,
    archive: Archive,
}

impl<'a> Heard<'a> {
    fn new(reader: Reader<'a>, loaded: &'a Loaded) -> Result<Self, AppError> {
        Ok(Self {
            way: Way::new(reader.names),
            story: Story::new(reader, loaded.around.form()?, i64::MAX, ENTRIES),
            records: Records::of(visits(&loaded.state)),
            minutes: Minutes::default(),
            archive: Archive::default(),
        })
    }

    fn hear(&mut self, told: &Told) {
        self.story.hear(told);
        if let Some(event) = &told.event {
            self.way.hear(event);
            self.records.hear(event);
            self.minutes.hear(event);
            self.archive.hear(&event.kind, event.at);
        }
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

fn incidents(reader: Reader<'_>, viewer: &Viewer, loaded: &Loaded) -> Vec<IncidentView> {
    let can_retry = viewer.rights().contains(&Can::Incidents);
    let told = words::Told::whole_if(reader.sight.faults());
    let view = |(id, incident): (&IncidentId, &Incident)| IncidentView {
        incident: id.0,
        step_title: words::problem_place(reader.names, &incident.place, &incident.problem).into(),
        text: words::problem_text(reader.names, &incident.problem, told).into(),
        opened_at: moment(incident.opened_at),
        can_retry,
    };
    loaded.state.incidents.iter().map(view).collect()
}

/// What the archive step said: who holds a copy, and for how long.
#[derive(Default)]
struct Archive {
    copies: Option<Vec<String>>,
    keep_years: Option<u32>,
    archived_at: Option<Instant>,
}

impl Archive {
    fn hear(&mut self, kind: &EventKind, at: Instant) {
        match kind {
            EventKind::MachineDone { value, .. } => {
                let Some(copies) = value.get("copies").and_then(|copies| copies.as_array()) else { return };
                self.copies = Some(copies.iter().filter_map(|copy| copy.as_str().map(str::to_owned)).collect());
                let years = value.get("keep_years").and_then(|years| years.as_u64());
                self.keep_years = years.and_then(|years| u32::try_from(years).ok());
            }
            EventKind::Ended { as_archived: true } => self.archived_at = Some(at),
            _ => {}
        }
    }

    fn view(self, loaded: &Loaded) -> Option<ArchiveView> {
        let at = self.archived_at?;
        let months = self.keep_years.and_then(|years| years.checked_mul(12)).map(Months::new);
        let archived_on = loaded.around.calendar.local_date(at);
        let keep_until = months.and_then(|months| archived_on.checked_add_months(months));
        let keep_until = keep_until.map(|date| date.to_string());
        Some(ArchiveView { copies: self.copies?, archived_at: moment(at), keep_until })
    }
}
