//! The story of a request, one sentence for each thing that happened.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhupi_domain::Text;
use zhupi_engine::{Actor, Event, EventKind, Place, TaskId, VisitId};
use zhupi_forms::Form;
use zhupi_store::StoredEvent;

use super::values::field_text;
use super::{moment, person_view};
use crate::view::{ActorView, ChangeView, TextView, TimelineEntry};
use crate::words::{self, Names};
use crate::{AppError, history};

/// An event as it was stored, and as it is understood; none where its payload was erased.
pub(crate) struct Told {
    pub stored: StoredEvent,
    pub event: Option<Event>,
}

impl Told {
    pub fn read(stored: StoredEvent) -> Result<Self, AppError> {
        let event = match history::read(&stored) {
            Ok(event) => Some(event),
            Err(history::HistoryError::Erased { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Self { stored, event })
    }

    pub fn kind(&self) -> Option<&EventKind> {
        self.event.as_ref().map(|event| &event.kind)
    }
}

/// Which fields of the form the reader may see, by name.
pub(crate) struct Visible<'a> {
    pub form: Option<&'a Form>,
    pub shows: &'a dyn Fn(&str) -> bool,
}

/// The sentences of a history, oldest first.
pub(crate) fn timeline(names: &Names<'_>, history: &[Told], visible: &Visible<'_>) -> Vec<TimelineEntry> {
    let mut story = Story { names, visible, places: BTreeMap::new(), visits: BTreeMap::new(), form: Map::new() };
    history.iter().filter_map(|told| story.entry(told)).collect()
}

struct Story<'a> {
    names: &'a Names<'a>,
    visible: &'a Visible<'a>,
    /// Where each task belongs.
    places: BTreeMap<TaskId, Place>,
    visits: BTreeMap<VisitId, Place>,
    /// The form as it stood before the event that is told.
    form: Map<String, Value>,
}

impl Story<'_> {
    fn entry(&mut self, told: &Told) -> Option<TimelineEntry> {
        let Some(event) = &told.event else { return Some(erased(told)) };
        self.follow(&event.kind);
        let text = words::sentence(self.names, &event.kind)?;
        let changes = self.changes(&event.kind);
        let (actor, directory) = (&event.by, self.names.directory);
        Some(TimelineEntry {
            number: told.stored.number,
            at: moment(event.at),
            actor: match actor {
                Actor::Person(person) => {
                    ActorView { kind: "person".into(), person: Some(person_view(directory, person)) }
                }
                Actor::Timer => ActorView { kind: "timer".into(), person: None },
                Actor::Machine => ActorView { kind: "system".into(), person: None },
            },
            kind: told.stored.kind.clone(),
            text: text.into(),
            step_title: self.place(&event.kind).map(|place| self.names.place(&place).into()),
            comment: comment(&event.kind).map(str::to_owned),
            reason: self.reason(&event.kind),
            changes,
        })
    }

    /// Remembers where things belong.
    fn follow(&mut self, kind: &EventKind) {
        match kind {
            EventKind::VisitOpened { visit, place, .. } => {
                self.visits.insert(*visit, place.clone());
            }
            EventKind::TaskOpened { visit, task, .. } => {
                if let Some(place) = self.visits.get(visit) {
                    self.places.insert(*task, place.clone());
                }
            }
            EventKind::Submitted { form, .. } => self.form = form.clone(),
            _ => {}
        }
    }

    fn place(&self, kind: &EventKind) -> Option<Place> {
        match kind {
            EventKind::Submitted { .. } => Some(Place::Start),
            EventKind::Approved { task, .. }
            | EventKind::Filled { task, .. }
            | EventKind::Resubmitted { task, .. }
            | EventKind::Rejected { task, .. }
            | EventKind::Returned { task, .. }
            | EventKind::Transferred { task, .. }
            | EventKind::TaskCancelled { task, .. } => self.places.get(task).cloned(),
            EventKind::TaskOpened { visit, .. }
            | EventKind::MachineDone { visit, .. }
            | EventKind::Overdue { visit, .. }
            | EventKind::Reminded { visit, .. }
            | EventKind::Escalated { visit, .. }
            | EventKind::Unqueued { visit, .. } => self.visits.get(visit).cloned(),
            EventKind::IncidentOpened { place, .. } => Some(place.clone()),
            _ => None,
        }
    }

    fn reason(&self, kind: &EventKind) -> Option<TextView> {
        let text = match kind {
            EventKind::TaskOpened { why, .. } => words::why(self.names, why),
            EventKind::Skipped { why, .. } => words::skip_reason(self.names, why),
            EventKind::IncidentOpened { problem, .. } => words::problem_text(problem),
            _ => return None,
        };
        Some(text.into())
    }

    /// What was changed in the form, as far as the reader may see it.
    fn changes(&mut self, kind: &EventKind) -> Vec<ChangeView> {
        let EventKind::FormChanged { set, removed } = kind else { return Vec::new() };
        let mut changes = Vec::new();
        for name in set.keys().chain(removed) {
            let before = self.form.get(name).cloned().unwrap_or(Value::Null);
            let after = set.get(name).cloned().unwrap_or(Value::Null);
            if let Some(field) =
                self.visible.form.and_then(|form| form.field(name)).filter(|_| (self.visible.shows)(name))
            {
                changes.push(ChangeView {
                    pointer: format!("/{name}"),
                    title: field.title().clone().into(),
                    before: field_text(self.names.directory, field, &before),
                    after: field_text(self.names.directory, field, &after),
                });
            }
        }
        for name in removed {
            self.form.shift_remove(name);
        }
        self.form.extend(set.clone());
        changes
    }
}

fn comment(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::Approved { comment, .. }
        | EventKind::Filled { comment, .. }
        | EventKind::Resubmitted { comment, .. }
        | EventKind::Transferred { comment, .. } => comment.as_deref(),
        EventKind::Rejected { comment, .. } | EventKind::Returned { comment, .. } => Some(comment),
        EventKind::Commented { text } => Some(text),
        EventKind::Withdrawn { reason } => reason.as_deref(),
        EventKind::Cancelled { reason } => Some(reason),
        _ => None,
    }
}

fn erased(told: &Told) -> TimelineEntry {
    TimelineEntry {
        number: told.stored.number,
        at: moment(told.stored.at),
        actor: ActorView { kind: "system".into(), person: None },
        kind: told.stored.kind.clone(),
        text: Text::new("内容已按规定删除", "What this said was erased under a retention rule").into(),
        step_title: None,
        comment: None,
        reason: None,
        changes: Vec::new(),
    }
}
