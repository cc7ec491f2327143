//! Use cases: load, ask, decide, commit, hand out effects. The only place where the pure rooms and the store meet.
//!
//! No HTTP, no SQL, no YAML; testable without a socket. Time comes in with every call, randomness with [`Entropy`].

mod about;
pub mod access;
mod act;
mod arrival;
mod calendars;
mod carry;
mod commit;
mod company;
mod count_again;
mod directory_events;
mod directory_history;
mod drafts;
mod entropy;
mod errand;
mod error;
mod facts;
mod files;
mod find;
mod forms;
mod hand_over;
mod history;
mod import;
mod load;
mod machine;
mod migrate;
mod notice;
mod people;
mod permit;
mod pilot;
mod placed;
mod read;
mod recount;
mod release;
mod start;
mod stood_in;
mod submit;
mod substitutes;
mod verify;
pub mod view;
mod words;

use std::sync::Arc;

use tokio::sync::broadcast;
use zhupi_domain::{CompanyId, InstanceId, Instant};
use zhupi_engine::Instance;
use zhupi_store::Store;

pub use about::About;
pub use act::TaskAct;
pub use calendars::{CALENDAR, CalendarFile, CalendarImported, ImportedYear};
pub use carry::{Answer, RequestKey};
pub use commit::NOTICE;
pub use directory_history::{DirectoryEntry, FieldChange};
pub use entropy::Entropy;
pub use error::{AppError, FieldProblem, Problem};
pub use facts::{ImportedFacts, MAX_FACTS, RowError};
pub use files::file_view;
pub use hand_over::HAND_OVER;
pub use import::{Imported, PeopleFiles};
pub use migrate::{Concerned, Migrated};
pub use notice::Mail;
pub use permit::{Denied, Viewer};
pub use pilot::{Candidate, PilotRequest};
pub use placed::Placed;
pub use read::{BalancesQuery, InboxQuery, InstancesQuery, Which};
pub use release::{Deployed, Deployer};
pub use start::Started;
pub use submit::NewRequest;
pub use substitutes::SubstituteWish;
pub use verify::{Replayed, Unlike};

use crate::load::Around;
use crate::view::{ActedView, NextView};

/// Something changed that open pages may show: a hint to read again, never the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub company: CompanyId,
    /// None: nothing but lists of tasks.
    pub instance: Option<InstanceId>,
    /// Whose lists of tasks changed.
    pub people: Vec<zhupi_domain::PersonId>,
}

/// All use cases. Cheap to clone; the clones share everything.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    cache: company::Cache,
    entropy: Entropy,
    changes: broadcast::Sender<Changed>,
}

/// Hints that may wait for a slow listener; one that falls further behind reads everything again.
const HINTS: usize = 1024;

impl App {
    pub fn new(store: Store, entropy: Entropy) -> Self {
        let (changes, _) = broadcast::channel(HINTS);
        Self(Arc::new(Inner { store, cache: company::Cache::default(), entropy, changes }))
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Hears of every change from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changed> {
        self.0.changes.subscribe()
    }

    pub(crate) fn cache(&self) -> &company::Cache {
        &self.0.cache
    }

    pub(crate) fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// A new id that sorts by the time it was made.
    pub(crate) fn new_id(&self, now: Instant) -> String {
        let millis = u64::try_from(now.micros().div_euclid(1000)).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.entropy().bytes()).into_uuid().to_string()
    }

    /// Tells open pages that an instance changed, for those who held or hold a task of it, or act for them.
    pub(crate) fn announce(
        &self,
        company: &CompanyId,
        instance: &InstanceId,
        around: &Around,
        states: (Option<&Instance>, &Instance),
        now: Instant,
    ) {
        let (before, after) = states;
        let today = around.calendar.local_date(now);
        let held = before.into_iter().chain([after]).flat_map(Instance::tasks).map(|(_, _, _, task)| &task.person);
        let mut people = Vec::new();
        for holder in held {
            people.push(holder.clone());
            people.extend(around.directory.substitutes(holder, &after.flow, today).map(|person| person.id.clone()));
        }
        self.hint(company, Some(instance), people);
    }

    /// Tells open pages that these people's lists of tasks changed.
    pub(crate) fn hint(
        &self,
        company: &CompanyId,
        instance: Option<&InstanceId>,
        mut people: Vec<zhupi_domain::PersonId>,
    ) {
        people.sort();
        people.dedup();
        // Nobody listening is no fault.
        let _ = self.0.changes.send(Changed { company: company.clone(), instance: instance.cloned(), people });
    }
}

/// What the person who acted is told: how it stands, and who has it now.
pub(crate) fn acted(id: &InstanceId, state: &Instance, around: &Around) -> ActedView {
    let names = around.names();
    let next = state.visits.values().map(|visit| NextView {
        step_title: names.place(&visit.place).into(),
        people: visit.tasks.values().map(|task| read::person_view(&around.directory, &task.person)).collect(),
    });
    ActedView {
        id: id.to_string(),
        number: state.number.clone(),
        status: commit::status_code(&state.status).into(),
        status_text: words::status_text(&names, &state.status).into(),
        next: next.collect(),
    }
}
