//! Who may do what. Every use case takes a permit, and only this file can make one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use zhupi_domain::directory::{Directory, Person};
use zhupi_domain::{CompanyId, Instant, Name, PersonId};
use zhupi_engine::{Flow, Instance, TaskId, Visit, Work};
use zhupi_forms::Class;
use zhupi_pack::{Can, Release, answers};
use zhupi_store::{OpenAccounts, Opened, Scope};

use crate::commit::task_kind;
use crate::company::Now;
use crate::history::{person_key, person_of};
use crate::load::Loaded;
use crate::{App, AppError, about};

/// The key under which every request can be read by those whose role may audit.
pub(crate) const AUDIT_KEY: &str = "audit";

/// How many seconds after a task was decided a substitute who comes late is told by whom.
const LATELY: i64 = 24 * 3600;

/// A logged-in person, as the directory knows them at this moment.
///
/// Made afresh for every request, so that a role that was taken away holds no more at once.
#[derive(Clone)]
pub struct Viewer {
    company: CompanyId,
    person: PersonId,
    now: Now,
    release: Option<Release>,
    keys: BTreeSet<String>,
    can: BTreeSet<Can>,
    sees: BTreeSet<Class>,
    /// For whom the person acts today, and in which flows (empty: in all).
    stands_in: BTreeMap<PersonId, BTreeSet<Name>>,
}

/// Why something is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It does not exist for this person: the same answer as for what does not exist at all.
    #[error("there is no such thing, or it is not for you")]
    NotFound,
    #[error("you may not do this")]
    Forbidden,
}

/// Proof that a person may do one kind of thing to one thing.
pub struct Permit<'a, Act> {
    viewer: &'a Viewer,
    act: Act,
}

/// May start this flow.
pub struct Start {
    pub flow: Arc<Flow>,
    /// Also without a record that it is about.
    pub plainly: bool,
}
/// May read this instance.
pub struct Read(pub Loaded);
/// May act on this instance as who holds a task of it or submitted it; the engine says whether.
pub struct Act(pub Loaded);
/// May be told who decided a task of this instance that was open to them until just now.
pub struct Late(pub Loaded);
/// May end this instance for everybody.
pub struct Cancel(pub Loaded);
/// May mend what an incident of this instance stopped.
pub struct Mend(pub Loaded);
/// May make releases.
pub struct Deploy;
/// May look after people.
pub struct LookAfterPeople;
/// May compare releases on data of people.
pub struct Pilot;
/// May see balances: all of some accounts, and of the others what the requests allow.
pub struct SeeBalances(pub OpenAccounts);
/// May see this balance.
pub struct ReadBalance;
/// May see the incidents of the company.
pub struct SeeIncidents;

impl<'a, A> Permit<'a, A> {
    pub fn viewer(&self) -> &'a Viewer {
        self.viewer
    }

    /// What is permitted.
    pub fn act(&self) -> &A {
        &self.act
    }
}

impl Viewer {
    pub fn company(&self) -> &CompanyId {
        &self.company
    }

    pub fn person(&self) -> &PersonId {
        &self.person
    }

    pub fn directory(&self) -> &Directory {
        &self.now.directory
    }

    /// The release that new instances pin.
    pub fn release(&self) -> Result<&Release, AppError> {
        self.release.as_ref().ok_or(AppError::NoRelease)
    }

    /// The person's own entry in the directory.
    pub fn entry(&self) -> Option<&Person> {
        self.directory().active(&self.person)
    }

    pub fn rights(&self) -> &BTreeSet<Can> {
        &self.can
    }

    /// Classes of fields that are not masked for this person anywhere.
    pub fn sees(&self) -> &BTreeSet<Class> {
        &self.sees
    }

    /// Whether the person acts for another one in a flow today.
    pub(crate) fn stands_in(&self, of: &PersonId, flow: &Name) -> bool {
        self.stands_in.get(of).is_some_and(|flows| flows.is_empty() || flows.contains(flow))
    }

    /// The open tasks of a request that this person may do: their own, and those of whom they act for.
    pub(crate) fn tasks_at(&self, state: &Instance) -> Vec<TaskId> {
        let (me, flow) = (&self.person, &state.flow);
        let for_another = |visit: &Visit, of: &PersonId| self.stands_in(of, flow) && state.may_stand_in(me, visit);
        let mine = state.tasks().filter(|(_, _, visit, task)| task.person == *me || for_another(visit, &task.person));
        mine.map(|(_, id, ..)| id).collect()
    }

    /// What lists of instances and tasks may show.
    pub fn scope(&self) -> Scope {
        let scope = Scope::of(self.company.clone()).assignee(person_key(&self.person));
        let scope = self.keys.iter().cloned().fold(scope, Scope::reader);
        let scope = self.opened().into_iter().fold(scope, Scope::opening);
        if self.can.contains(&Can::Incidents) { scope.with_all_incidents() } else { scope }
    }

    /// The tasks of those for whom the person acts: what `Instance::may_stand_in` says, as lists ask for it.
    fn opened(&self) -> Vec<Opened> {
        let one = |of: &PersonId, flow: Option<&Name>| Opened {
            assignee: person_key(of),
            flow: flow.map(ToString::to_string),
            not_kind: task_kind(Work::Start).to_owned(),
            not_of: self.person.to_string(),
            acted_by: person_key(&self.person),
        };
        let mut opened = Vec::new();
        for (of, flows) in &self.stands_in {
            if flows.is_empty() {
                opened.push(one(of, None));
            }
            opened.extend(flows.iter().map(|flow| one(of, Some(flow))));
        }
        opened
    }

    /// The accounts of which every balance is open: auditors read every request anyway.
    fn open_accounts(&self) -> OpenAccounts {
        if self.can.contains(&Can::Audit) {
            return OpenAccounts::All;
        }
        let company = self.release.as_ref().map(Release::company);
        OpenAccounts::These(company.map(|company| answers::open_accounts(company, &self.keys)).unwrap_or_default())
    }

    fn may(&self, right: Can) -> Result<(), Denied> {
        if self.can.contains(&right) { Ok(()) } else { Err(Denied::Forbidden) }
    }
}

impl App {
    /// The person behind a session, with what holds for them now; refused once they have left.
    pub async fn viewer(&self, company: &CompanyId, person: &PersonId, at: Instant) -> Result<Viewer, AppError> {
        let (stored, now) = self.cache().company(self.store(), company).await?;
        let entry = now.directory.active(person).ok_or(Denied::Forbidden)?;
        let release = match stored.release {
            Some(hash) => Some(self.cache().release(self.store(), company, hash).await?),
            None => None,
        };
        let roles: Vec<&Name> = entry.roles.iter().map(|grant| &grant.role).collect();
        let (can, sees) = match &release {
            Some(release) => rights_of(release, &roles),
            None => (first_rights(&roles), BTreeSet::new()),
        };
        let mut keys: BTreeSet<String> = answers::viewer_keys(person, &now.directory).into_iter().collect();
        if can.contains(&Can::Audit) {
            keys.insert(AUDIT_KEY.to_owned());
        }
        let today = release.as_ref().map(|release| release.company().date_of(at));
        let named = now.named.get(person).map(Vec::as_slice).unwrap_or_default();
        let stands_in = today.map(|today| stands_in(person, named, &now.directory, today)).unwrap_or_default();
        let (company, person) = (company.clone(), person.clone());
        Ok(Viewer { company, person, now, release, keys, can, sees, stands_in })
    }

    /// Whether this person may read an instance; what may not be read does not exist.
    pub(crate) async fn permit_read<'a>(&self, viewer: &'a Viewer, id: &str) -> Result<Permit<'a, Read>, AppError> {
        Ok(Permit { viewer, act: Read(self.readable(viewer, id).await?) })
    }

    /// Whether this person may act on an instance, as far as it can be said before the engine decides.
    pub(crate) async fn permit_act<'a>(&self, viewer: &'a Viewer, id: &str) -> Result<Permit<'a, Act>, AppError> {
        Ok(Permit { viewer, act: Act(self.readable(viewer, id).await?) })
    }

    /// Whether this person may be told who decided a task that was open to them as a substitute until just now.
    pub(crate) async fn permit_late<'a>(
        &self,
        viewer: &'a Viewer,
        id: &str,
        task: TaskId,
        now: Instant,
    ) -> Result<Permit<'a, Late>, AppError> {
        let loaded = self.load(viewer.company(), &instance_id(id)?).await?;
        let tasks = self.store().tasks_of(viewer.company(), &loaded.id).await?;
        let lately = |at: Instant| at.plus_seconds(LATELY) >= now;
        let was_open = tasks.iter().any(|found| {
            found.number == i64::from(task.0)
                && found.closed_at.is_some_and(lately)
                && found.kind != task_kind(Work::Start)
                && person_of(&found.assignee).is_some_and(|of| viewer.stands_in(&of, &loaded.state.flow))
        });
        if !was_open || loaded.state.is_own(&viewer.person) {
            return Err(Denied::NotFound.into());
        }
        Ok(Permit { viewer, act: Late(loaded) })
    }

    /// Who may read it and cancel; and, where it has stopped, who looks after what stopped and may cancel.
    pub(crate) async fn permit_cancel<'a>(&self, viewer: &'a Viewer, id: &str) -> Result<Permit<'a, Cancel>, AppError> {
        let loaded = match self.readable(viewer, id).await {
            Err(AppError::Denied(_)) if viewer.may(Can::Incidents).is_ok() => {
                let loaded = self.load(viewer.company(), &instance_id(id)?).await?;
                if loaded.state.incidents.is_empty() {
                    return Err(Denied::NotFound.into());
                }
                loaded
            }
            read => read?,
        };
        viewer.may(Can::Cancel)?;
        Ok(Permit { viewer, act: Cancel(loaded) })
    }

    pub(crate) async fn permit_mend<'a>(&self, viewer: &'a Viewer, id: &str) -> Result<Permit<'a, Mend>, AppError> {
        viewer.may(Can::Incidents)?;
        Ok(Permit { viewer, act: Mend(self.load(viewer.company(), &instance_id(id)?).await?) })
    }

    /// Whether this person may see a balance; what may not be seen does not exist.
    pub(crate) async fn permit_balance<'a>(
        &self,
        viewer: &'a Viewer,
        account: &Name,
        key: &str,
    ) -> Result<Permit<'a, ReadBalance>, AppError> {
        let whole = match viewer.open_accounts() {
            OpenAccounts::All => true,
            OpenAccounts::These(open) => open.contains(account),
        };
        if !whole && !self.store().may_read_balance(&viewer.scope(), account, key).await? {
            return Err(Denied::NotFound.into());
        }
        Ok(Permit { viewer, act: ReadBalance })
    }

    async fn readable(&self, viewer: &Viewer, id: &str) -> Result<Loaded, AppError> {
        let id = instance_id(id)?;
        let stored = self.store().readable_instance(&viewer.scope(), &id).await?.ok_or(Denied::NotFound)?;
        // People and days as the viewer knows them: read in the same request, and the people guarded by what is committed.
        self.loaded(viewer.company(), stored, &viewer.now).await
    }
}

/// Ids that cannot exist are not looked up.
fn instance_id(id: &str) -> Result<zhupi_domain::InstanceId, Denied> {
    uuid::Uuid::try_parse(id).map_err(|_| Denied::NotFound)?;
    Ok(zhupi_domain::InstanceId::new(id))
}

/// Whether this person may start a flow of the current release: plainly, or about a record.
pub(crate) fn start<'a>(viewer: &'a Viewer, flow: &str) -> Result<Permit<'a, Start>, AppError> {
    let release = viewer.release()?;
    let flow = crate::load::flow_of(release, flow).ok_or(Denied::NotFound)?;
    let plainly = answers::may_start(&flow, &viewer.person, viewer.directory());
    if !plainly && about::rules(release, &flow, viewer).next().is_none() {
        return Err(Denied::NotFound.into());
    }
    Ok(Permit { viewer, act: Start { flow, plainly } })
}

pub(crate) fn deploy(viewer: &Viewer) -> Result<Permit<'_, Deploy>, Denied> {
    viewer.may(Can::Deploy)?;
    Ok(Permit { viewer, act: Deploy })
}

pub(crate) fn people(viewer: &Viewer) -> Result<Permit<'_, LookAfterPeople>, Denied> {
    viewer.may(Can::People)?;
    Ok(Permit { viewer, act: LookAfterPeople })
}

pub(crate) fn incidents(viewer: &Viewer) -> Result<Permit<'_, SeeIncidents>, Denied> {
    viewer.may(Can::Incidents)?;
    Ok(Permit { viewer, act: SeeIncidents })
}

pub(crate) fn balances(viewer: &Viewer) -> Permit<'_, SeeBalances> {
    Permit { viewer, act: SeeBalances(viewer.open_accounts()) }
}

pub(crate) fn pilot(viewer: &Viewer) -> Result<Permit<'_, Pilot>, Denied> {
    viewer.may(Can::Pilot)?;
    Ok(Permit { viewer, act: Pilot })
}

/// For whom somebody acts on a date, of those who named them at any time.
fn stands_in(
    person: &PersonId,
    named: &[PersonId],
    directory: &Directory,
    today: chrono::NaiveDate,
) -> BTreeMap<PersonId, BTreeSet<Name>> {
    let mut found: BTreeMap<PersonId, BTreeSet<Name>> = BTreeMap::new();
    let entries = named.iter().filter_map(|of| directory.people.get(of));
    for (of, entry) in entries.flat_map(|of| of.substitutes.iter().map(move |entry| (of, entry))) {
        if entry.person == *person && entry.is_on(today) {
            match found.get_mut(&of.id) {
                Some(flows) if flows.is_empty() || entry.flows.is_empty() => flows.clear(),
                Some(flows) => flows.extend(entry.flows.iter().cloned()),
                None => drop(found.insert(of.id.clone(), entry.flows.clone())),
            }
        }
    }
    found
}

/// What the roles of a person allow beside the flows, and which classes of data they open.
fn rights_of(release: &Release, roles: &[&Name]) -> (BTreeSet<Can>, BTreeSet<Class>) {
    let roles = roles.iter().filter_map(|role| release.company().roles.get(*role));
    let (mut can, mut sees) = (BTreeSet::new(), BTreeSet::new());
    for role in roles {
        can.extend(role.can.iter().copied());
        sees.extend(role.sees.iter().copied());
    }
    (can, sees)
}

/// Before the first release nobody can say what a role may do; the administrator of the set-up may make that release.
fn first_rights(roles: &[&Name]) -> BTreeSet<Can> {
    let admin = roles.iter().any(|role| role.as_str() == "admin");
    if admin { [Can::Deploy, Can::People].into_iter().collect() } else { BTreeSet::new() }
}
