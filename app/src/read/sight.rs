//! What one reader sees of one instance. Every page, list and download asks here, and nowhere else.
//!
//! Two things decide: the *capacity* in which somebody reads (`fields:` of the steps they act at, see `docs/forms.md`), and the
//! *classes* of data that are open to them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use zhupi_domain::{InstanceId, PersonId};
use zhupi_engine::{Flow, Instance, Place};
use zhupi_forms::{Class, Field, Form, Redacted, Right, RightEntry, Rights, View};
use zhupi_pack::{Can, Release, answers};
use zhupi_store::Task;

use crate::history::person_key;
use crate::load::Loaded;
use crate::permit::{AUDIT_KEY, Viewer};
use crate::{App, AppError};

/// What one reader sees of one instance.
pub(crate) struct Sight {
    rights: Rights,
    classes: BTreeSet<Class>,
    results: BTreeSet<Class>,
    faults: bool,
    me: PersonId,
}

/// An instance with the flow and the release that it follows.
#[derive(Clone, Copy)]
pub(crate) struct Followed<'a> {
    pub state: &'a Instance,
    pub flow: &'a Flow,
    pub release: &'a Release,
}

impl Loaded {
    pub(crate) fn followed(&self) -> Followed<'_> {
        Followed { state: &self.state, flow: &self.around.flow, release: &self.around.release }
    }
}

impl App {
    /// What a reader sees of an instance that they may read.
    pub(crate) async fn sight(
        &self,
        viewer: &Viewer,
        id: &InstanceId,
        followed: Followed<'_>,
    ) -> Result<Sight, AppError> {
        let me = person_key(viewer.person());
        let tasks = self.store().tasks_of(viewer.company(), id).await?;
        let mine = |task: &&Task| task.assignee == me || task.acted_by.as_ref() == Some(&me);
        let mut held: BTreeSet<Place> = tasks.iter().filter(mine).filter_map(|task| place_of(&task.step)).collect();
        let open = viewer.tasks_at(followed.state).into_iter().filter_map(|task| followed.state.task(task));
        held.extend(open.map(|(_, visit, _)| visit.place.clone()));
        Sight::of(viewer, followed, held)
    }
}

impl Sight {
    /// `held`: the places at which the reader holds or held a task.
    fn of(viewer: &Viewer, followed: Followed<'_>, held: BTreeSet<Place>) -> Result<Self, AppError> {
        let Followed { state, flow, release } = followed;
        let form = release.form(&flow.form);
        let form = form.ok_or_else(|| AppError::Internal(format!("release without form {}", flow.form)))?;
        let me = viewer.person();
        let open = viewer.tasks_at(state);
        let asked = !open.is_empty();
        let decides = open.iter().filter_map(|task| state.task(*task)).any(|(_, visit, _)| visit.place != Place::Start);
        let (all, some) = (|| Class::ALL.into_iter().collect(), || viewer.sees().clone());
        let rights = match capacities(viewer, followed, held) {
            Some(places) => rights_at(form, followed, &places)?,
            None => Rights::readonly(),
        };
        Ok(Self {
            rights,
            classes: if state.is_own(me) || asked { all() } else { some() },
            results: if state.subject == *me || decides { all() } else { some() },
            me: me.clone(),
            faults: viewer.rights().contains(&Can::Incidents) && sees_every_class(viewer),
        })
    }

    /// The request's form as this reader sees it.
    pub fn form(&self) -> View<'_> {
        View { rights: &self.rights, classes: &self.classes }
    }

    /// Classes of results that are open: pay is for the person it is paid to, whoever submitted the request.
    pub fn results(&self) -> &BTreeSet<Class> {
        &self.results
    }

    /// Whether a sheet of their own that somebody filled is for this reader, where the others must not see it: not for the
    /// others, and for nobody but its author while it is still being filled.
    pub fn unseen_sheet(&self, by: &str, fillers: &[&str], open: bool) -> bool {
        let me = self.me.as_str();
        by != me && (open || fillers.contains(&me))
    }

    /// Whether the words of a fault are for this reader: they may carry any value that a script looked at.
    pub fn faults(&self) -> bool {
        self.faults
    }

    /// Whether the values of a field may go into what is derived from it for this reader.
    pub fn derives_from(&self, field: &Field) -> bool {
        let open = !field.class().is_masked() || self.results.contains(&field.class());
        open && self.rights.of(field.path()) != Right::Hidden
    }

    /// The request's form without what this reader may not see.
    pub fn redact(&self, form: &Form, data: &Map<String, Value>) -> Redacted {
        form.redact(&Value::Object(data.clone()), &self.form())
    }
}

/// Whether nothing is ever masked for somebody.
pub(crate) fn sees_every_class(viewer: &Viewer) -> bool {
    Class::ALL.into_iter().filter(|class| class.is_masked()).all(|class| viewer.sees().contains(&class))
}

/// The places whose rights count for a reader; none for who reads all that their classes allow.
///
/// The initiator and the subject read as the start shows it, whatever else opens the request to them. Who reads by the flow's
/// `visible` or as an auditor is at no step, and no step hides anything from them.
fn capacities(viewer: &Viewer, followed: Followed<'_>, held: BTreeSet<Place>) -> Option<BTreeSet<Place>> {
    let Followed { state, flow, release } = followed;
    let mut places: BTreeSet<Place> =
        held.into_iter().filter(|place| *place == Place::Start || flow.human(place).is_some()).collect();
    let own = state.is_own(viewer.person());
    if !own && reads_beside(viewer, release, state) {
        return None;
    }
    if own || places.is_empty() {
        places.insert(Place::Start);
    }
    Some(places)
}

/// Whether somebody reads without taking part.
fn reads_beside(viewer: &Viewer, release: &Release, state: &Instance) -> bool {
    let keys = viewer.scope().readers;
    keys.contains(AUDIT_KEY) || !answers::visible_keys(release, state, viewer.directory()).is_disjoint(&keys)
}

/// The rights of a reader who acts or acted at these places: what all of them hide is hidden.
fn rights_at(form: &Form, followed: Followed<'_>, places: &BTreeSet<Place>) -> Result<Rights, AppError> {
    let rights: Vec<Rights> =
        places.iter().map(|place| answers::rights(followed.release, followed.flow, place)).collect();
    let hidden = form.all_fields().filter(|field| rights.iter().all(|at| at.of(field.path()) == Right::Hidden));
    let entries = hidden.map(|field| RightEntry { field: field.path(), right: Right::Hidden, span: None });
    form.rights(Right::Readonly, entries).map_err(|found| AppError::Internal(format!("rights of a reader: {found:?}")))
}

/// The place under which a task is stored.
pub(crate) fn place_of(step: &str) -> Option<Place> {
    match step {
        "start" => Some(Place::Start),
        _ => step.parse().ok().map(Place::Step),
    }
}
