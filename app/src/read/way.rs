//! What became of each step so far, as the events go by.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use zhupi_domain::{Instant, PersonId, Text};
use zhupi_engine::{Actor, At, Ballot, Deadline, Event, EventKind, NotAsked, Place, Skip, TaskId, VisitEnd, VisitId};

use super::{moment, person_view};
use crate::words::{self, Names};

/// What is known of the last time through a place.
pub(crate) struct Past {
    pub opened_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    /// What became of it: a word of the API.
    pub state: &'static str,
    pub people: Vec<Value>,
    /// Why it was skipped, or why somebody is left out.
    pub reason: Option<Text>,
    pub due: Option<Deadline>,
    pub rounds: u32,
}

impl Past {
    pub fn new(state: &'static str) -> Self {
        Self { opened_at: None, closed_at: None, state, people: Vec::new(), reason: None, due: None, rounds: 0 }
    }

    pub fn due_at(&self) -> Option<Instant> {
        due_at(self.due.as_ref())
    }
}

/// When something is due, where the calendar can say.
pub(crate) fn due_at(due: Option<&Deadline>) -> Option<Instant> {
    match due {
        Some(Deadline::At(at)) => Some(*at),
        Some(Deadline::NoCalendarData { .. }) | None => None,
    }
}

/// The year for which the calendar has no days, so that nobody can say when something is due.
pub(crate) fn no_calendar_year(due: Option<&Deadline>) -> Option<i32> {
    match due {
        Some(Deadline::NoCalendarData { year }) => Some(*year),
        Some(Deadline::At(_)) | None => None,
    }
}

/// The way so far.
pub(crate) struct Way<'a> {
    names: &'a Names<'a>,
    pub past: BTreeMap<Place, Past>,
    /// The branch taken last at each choice.
    pub branches: BTreeMap<At<u32>, u32>,
    /// Which person of which place a task is.
    tasks: BTreeMap<TaskId, (Place, usize)>,
    visits: BTreeMap<VisitId, Place>,
    /// What was decided against, where the flow goes on all the same.
    against: BTreeSet<VisitId>,
}

impl<'a> Way<'a> {
    pub fn new(names: &'a Names<'a>) -> Self {
        let (past, branches) = (BTreeMap::new(), BTreeMap::new());
        Self { names, past, branches, tasks: BTreeMap::new(), visits: BTreeMap::new(), against: BTreeSet::new() }
    }

    pub fn hear(&mut self, event: &Event) {
        match &event.kind {
            EventKind::Submitted { initiator, open: false, .. } => {
                let why = Text::new("发起人", "The initiator");
                let person = person(self.names, initiator, "filled", why, Some(event.at));
                let (opened_at, closed_at) = (Some(event.at), Some(event.at));
                let past = Past { opened_at, closed_at, people: vec![person], rounds: 1, ..Past::new("done") };
                self.past.insert(Place::Start, past);
            }
            EventKind::Submitted { open: true, .. } => {}
            EventKind::BranchTaken { choose, branch, lanes } => {
                self.branches.insert(At::new(*choose, lanes.clone()), *branch);
            }
            EventKind::VisitOpened { visit, place, deadline, not_asked, .. } => {
                self.visits.insert(*visit, place.clone());
                let (opened_at, rounds) = (Some(event.at), self.round(place));
                let (reason, due) = (self.left_out(not_asked), deadline.clone());
                self.past.insert(place.clone(), Past { opened_at, rounds, reason, due, ..Past::new("open") });
            }
            EventKind::TaskOpened { visit, task, person: asked, why, .. } => {
                let Some(place) = self.visits.get(visit) else { return };
                let shown = person(self.names, asked, "open", words::why(self.names, why), None);
                if let Some(past) = self.past.get_mut(place) {
                    self.tasks.insert(*task, (place.clone(), past.people.len()));
                    past.people.push(shown);
                }
            }
            EventKind::Skipped { place, why } => self.skip(place, why, event.at),
            EventKind::Moved { place, .. } => {
                let (closed_at, rounds) = (Some(event.at), self.round(place));
                self.past.insert(place.clone(), Past { closed_at, rounds, ..Past::new("done") });
            }
            EventKind::DueMoved { visit, deadline, .. } => {
                if let Some(past) = self.visits.get(visit).and_then(|place| self.past.get_mut(place)) {
                    past.due.clone_from(deadline);
                }
            }
            EventKind::Decided { visit, passed: false, .. } => {
                self.against.insert(*visit);
            }
            EventKind::VisitClosed { visit, end } => {
                if let Some(past) = self.visits.get(visit).and_then(|place| self.past.get_mut(place)) {
                    past.closed_at = Some(event.at);
                    past.state = match end {
                        VisitEnd::Passed if self.against.contains(visit) => "declined",
                        VisitEnd::Passed => "done",
                        VisitEnd::Rejected => "rejected",
                        VisitEnd::Returned => "returned",
                        VisitEnd::Cancelled => "waiting",
                    };
                }
            }
            EventKind::Returned { undone, .. } | EventKind::WalkedAgain { undone, .. } => {
                for place in undone.iter().filter(|place| **place != Place::Start) {
                    if let Some(past) = self.past.get_mut(place) {
                        past.state = "waiting";
                    }
                }
                self.acted(event);
            }
            _ => self.acted(event),
        }
    }

    fn round(&self, place: &Place) -> u32 {
        self.past.get(place).map_or(0, |past| past.rounds).saturating_add(1)
    }

    fn left_out(&self, not_asked: &[NotAsked]) -> Option<Text> {
        let reasons: Vec<Text> = not_asked.iter().map(|left_out| words::not_asked(self.names, left_out)).collect();
        let join = |locale, comma| reasons.iter().map(|reason| reason.get(locale)).collect::<Vec<_>>().join(comma);
        let text = Text::new(join(zhupi_domain::Locale::Zh, "；"), join(zhupi_domain::Locale::En, "; "));
        (!reasons.is_empty()).then_some(text)
    }

    fn skip(&mut self, place: &Place, why: &Skip, at: Instant) {
        let (reason, rounds) = (Some(words::skip_reason(self.names, why)), self.round(place));
        self.past.insert(place.clone(), Past { closed_at: Some(at), reason, rounds, ..Past::new("skipped") });
    }

    /// What became of one person's task.
    fn acted(&mut self, event: &Event) {
        let (task, state, comment) = match &event.kind {
            EventKind::Approved { task, comment } => (task, "approved", comment.clone()),
            EventKind::Filled { task, comment, .. } => (task, "filled", comment.clone()),
            EventKind::Resubmitted { task, comment } => (task, "filled", comment.clone()),
            EventKind::Rejected { task, comment } => (task, "rejected", Some(comment.clone())),
            EventKind::Returned { task: Some(task), comment, .. } => (task, "returned", Some(comment.clone())),
            EventKind::Voted { task, ballot, comment, .. } => (task, ballot_state(*ballot), comment.clone()),
            EventKind::Transferred { task, comment, .. } => (task, "transferred", comment.clone()),
            EventKind::TaskCancelled { task, .. } => (task, "cancelled", None),
            _ => return,
        };
        let Some((place, index)) = self.tasks.get(task) else { return };
        if state == "rejected" {
            // Where the flow ends or goes back for it, the visit says so when it closes.
            let last = self.visits.iter().rev().find(|(_, at)| *at == place);
            self.against.extend(last.map(|(visit, _)| *visit));
        }
        let person = self.past.get_mut(place).and_then(|past| past.people.get_mut(*index));
        if let Some(Value::Object(person)) = person {
            person.insert("state".into(), state.into());
            person.insert("at".into(), moment(event.at).into());
            let holder = person.get("person").and_then(|holder| holder.get("id")).and_then(Value::as_str);
            if let Actor::Person(actor) = &event.by
                && state != "cancelled"
                && holder != Some(actor.as_str())
            {
                person.insert("acted_by".into(), json!(person_view(self.names.directory, actor)));
            }
            if let Some(comment) = comment {
                person.insert("comment".into(), comment.into());
            }
        }
    }
}

/// The word of the API for how somebody voted.
fn ballot_state(ballot: Ballot) -> &'static str {
    match ballot {
        Ballot::Yes => "voted_yes",
        Ballot::No => "voted_no",
        Ballot::Abstain => "abstained",
    }
}

/// One person at a step, with the reason.
pub(crate) fn person(names: &Names<'_>, who: &PersonId, state: &str, why: Text, at: Option<Instant>) -> Value {
    let mut shown = json!({ "person": person_view(names.directory, who), "state": state, "reason": why });
    if let (Value::Object(shown), Some(at)) = (&mut shown, at) {
        shown.insert("at".to_owned(), moment(at).into());
    }
    shown
}
