//! The story of a request, one sentence for each thing that happened.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};
use zhupi_domain::{Name, PersonId, Text};
use zhupi_engine::{Actor, Event, EventKind, Place, TaskId, VisitId};
use zhupi_forms::Form;

use super::shown::is_closed;
use super::sight::Sight;
use super::told::Told;
use super::values::{MASK, Wording};
use super::{moment, person_view};
use crate::permit::Viewer;
use crate::stood_in::acted_on;
use crate::view::{ActorView, ChangeView, PageView, PersonView, TextView, TimelineEntry};
use crate::words::{self, Names};
use crate::{App, AppError};

/// Entries of a page where the client does not say, and the most there are.
pub(crate) const ENTRIES: usize = 200;

impl App {
    /// What happened before a number of the timeline (the last, where none is given), oldest first. `next` of the page is the
    /// `before` of the page of what happened still earlier.
    pub async fn timeline(
        &self,
        viewer: &Viewer,
        id: &str,
        before: Option<i64>,
        limit: Option<usize>,
    ) -> Result<PageView<TimelineEntry>, AppError> {
        let permit = self.permit_read(viewer, id).await?;
        let loaded = &permit.act().0;
        let around = &loaded.around;
        let sight = self.sight(viewer, &loaded.id, loaded.followed()).await?;
        let names = loaded.names();
        let reader = Reader { names: &names, wording: Wording::of(viewer, &around.release), sight: &sight };
        let limit = limit.unwrap_or(ENTRIES).clamp(1, ENTRIES);
        let mut story = Story::new(reader, around.form()?, before.unwrap_or(i64::MAX), limit);
        self.tell(loaded, |told| story.hear(told)).await?;
        Ok(story.page())
    }
}

/// For whom a story is told.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub names: &'a Names<'a>,
    pub wording: Wording<'a>,
    pub sight: &'a Sight,
}

/// The last entries before a number, as the events go by.
pub(crate) struct Story<'a> {
    reader: Reader<'a>,
    form: &'a Form,
    before: i64,
    limit: usize,
    entries: VecDeque<TimelineEntry>,
    /// Whether there were entries before those that are kept.
    more: bool,
    /// Where each task belongs, and whose it is.
    tasks: BTreeMap<TaskId, (Place, PersonId)>,
    visits: BTreeMap<VisitId, Place>,
    /// The request's form as it stood before the event that is told.
    data: Map<String, Value>,
}

impl<'a> Story<'a> {
    pub fn new(reader: Reader<'a>, form: &'a Form, before: i64, limit: usize) -> Self {
        Self {
            reader,
            form,
            before,
            limit,
            entries: VecDeque::new(),
            more: false,
            tasks: BTreeMap::new(),
            visits: BTreeMap::new(),
            data: Map::new(),
        }
    }

    pub fn hear(&mut self, told: &Told) {
        if told.stored.number >= self.before {
            return;
        }
        if let Some(kind) = told.kind() {
            self.follow(kind);
        }
        self.entries.extend(self.entry(told));
        if self.entries.len() > self.limit {
            self.entries.pop_front();
            self.more = true;
        }
        if let Some(EventKind::FormChanged { set, removed, .. }) = told.kind() {
            for name in removed {
                self.data.shift_remove(name);
            }
            self.data.extend(set.clone());
        }
    }

    /// The entries, oldest first.
    pub fn page(self) -> PageView<TimelineEntry> {
        let next = self.entries.front().filter(|_| self.more).map(|first| first.number.to_string());
        PageView { items: self.entries.into(), next }
    }

    /// Remembers where things belong.
    fn follow(&mut self, kind: &EventKind) {
        match kind {
            EventKind::VisitOpened { visit, place, .. } => {
                self.visits.insert(*visit, place.clone());
            }
            EventKind::TaskOpened { visit, task, person, .. } => {
                if let Some(place) = self.visits.get(visit) {
                    self.tasks.insert(*task, (place.clone(), person.clone()));
                }
            }
            EventKind::Submitted { form, .. } => self.data = form.clone(),
            _ => {}
        }
    }

    /// None for what only the machine cares about.
    fn entry(&self, told: &Told) -> Option<TimelineEntry> {
        let Some(event) = &told.event else { return Some(erased(told)) };
        let names = self.reader.names;
        Some(TimelineEntry {
            number: told.stored.number,
            at: moment(event.at),
            actor: match &event.by {
                Actor::Person(person) => {
                    ActorView { kind: "person".into(), person: Some(person_view(names.directory, person)) }
                }
                Actor::Timer => ActorView { kind: "timer".into(), person: None },
                Actor::Machine => ActorView { kind: "system".into(), person: None },
            },
            acts_for: self.acts_for(event),
            kind: told.stored.kind.clone(),
            text: self.text(&event.kind)?.into(),
            step_title: self.step_title(&event.kind).map(Into::into),
            comment: comment(&event.kind).map(str::to_owned),
            minutes: match &event.kind {
                EventKind::Voted { minutes, .. } => minutes.clone(),
                _ => None,
            },
            reason: self.reason(&event.kind),
            changes: self.changes(&event.kind),
        })
    }

    /// For whom somebody did what happened, as their substitute.
    fn acts_for(&self, event: &Event) -> Option<PersonView> {
        let Actor::Person(actor) = &event.by else { return None };
        let (_, holder) = self.tasks.get(&acted_on(&event.kind)?).filter(|(_, holder)| holder != actor)?;
        Some(person_view(self.reader.names.directory, holder))
    }

    /// What happened; amounts on an account are of its class, whoever may read the request.
    fn text(&self, kind: &EventKind) -> Option<Text> {
        let names = self.reader.names;
        match kind {
            EventKind::Moved { does, account, key, .. } if self.hides(account) => {
                Some(words::moved(names, *does, account, key, MASK))
            }
            kind => words::sentence(names, kind),
        }
    }

    fn hides(&self, account: &Name) -> bool {
        let known = self.reader.names.release.company().accounts.get(account);
        known.is_none_or(|account| is_closed(account.class, self.reader.sight.results()))
    }

    fn step_title(&self, kind: &EventKind) -> Option<Text> {
        let place = match kind {
            EventKind::Submitted { .. } => Some(&Place::Start),
            EventKind::TaskCancelled { task, .. } => self.tasks.get(task).map(|(place, _)| place),
            EventKind::TaskOpened { visit, .. }
            | EventKind::MachineDone { visit, .. }
            | EventKind::Recounted { visit, .. }
            | EventKind::Overdue { visit, .. }
            | EventKind::Reminded { visit, .. }
            | EventKind::Escalated { visit, .. }
            | EventKind::DueMoved { visit, .. }
            | EventKind::Decided { visit, .. }
            | EventKind::SignaturesCleared { visit, .. }
            | EventKind::Unqueued { visit, .. } => self.visits.get(visit),
            EventKind::Moved { place, .. } | EventKind::Warned { place, .. } => Some(place),
            EventKind::IncidentOpened { place, problem, .. } => {
                return Some(words::problem_place(self.reader.names, place, problem));
            }
            acted => acted_on(acted).and_then(|task| self.tasks.get(&task)).map(|(place, _)| place),
        };
        place.map(|place| self.reader.names.place(place))
    }

    fn reason(&self, kind: &EventKind) -> Option<TextView> {
        let names = self.reader.names;
        let text = match kind {
            EventKind::TaskOpened { why, .. } => words::why(names, why),
            EventKind::Skipped { why, .. } => words::skip_reason(names, why),
            EventKind::IncidentOpened { problem, .. } => {
                words::problem_text(names, problem, words::Told::whole_if(self.reader.sight.faults()))
            }
            _ => return None,
        };
        Some(text.into())
    }

    /// What was changed in the form. Both states are redacted for the reader first; what looks the same to them is left out.
    fn changes(&self, kind: &EventKind) -> Vec<ChangeView> {
        let EventKind::FormChanged { set, removed, .. } = kind else { return Vec::new() };
        let mut changed = self.data.clone();
        changed.retain(|name, _| !removed.contains(name));
        changed.extend(set.clone());
        let (sight, form) = (self.reader.sight, self.form);
        let (before, after) = (sight.redact(form, &self.data).data, sight.redact(form, &changed).data);
        let change = |name: &String| {
            let field = form.field(name)?;
            let (before, after) = (before.get(name), after.get(name));
            let word = |value: Option<&Value>| value.map(|value| self.reader.wording.field(field, value));
            (before != after).then(|| ChangeView {
                pointer: format!("/{name}"),
                title: field.title().clone().into(),
                before: word(before).unwrap_or_default(),
                after: word(after).unwrap_or_default(),
            })
        };
        set.keys().chain(removed).filter_map(change).collect()
    }
}

fn comment(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::Approved { comment, .. }
        | EventKind::Filled { comment, .. }
        | EventKind::Voted { comment, .. }
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
        acts_for: None,
        kind: told.stored.kind.clone(),
        text: Text::new("内容已按规定删除", "What this said was erased under a retention rule").into(),
        step_title: None,
        comment: None,
        minutes: None,
        reason: None,
        changes: Vec::new(),
    }
}
