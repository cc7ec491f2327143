//! What a new release means for requests that are on their way: which of them it concerns, and taking them over.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use zhupi_domain::{CompanyId, InstanceId, Instant, Name};
use zhupi_engine::{Actor, Command, Incident, Problem};
use zhupi_pack::Release;
use zhupi_store::{InstanceFilter, MAX_PAGE, Scope};

use crate::carry::RequestKey;
use crate::load::Loaded;
use crate::permit::{self, AUDIT_KEY};
use crate::release::{Deployed, Deployer};
use crate::{App, AppError};

/// A running request whose life a newly dated value falls into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerned {
    pub id: InstanceId,
    pub number: String,
    pub flow: String,
    /// The params with their new dates.
    pub params: BTreeMap<Name, NaiveDate>,
}

/// What became of one request that should go on under a new release.
#[derive(Debug, Clone)]
pub struct Migrated {
    pub id: InstanceId,
    pub number: String,
    /// Why it keeps its old one.
    pub refused: Option<crate::Problem>,
}

impl App {
    /// Running requests for which the new release holds a value that starts within their life.
    ///
    /// They keep their own release (and its values) unless somebody migrates them.
    pub async fn concerned(&self, deployed: &Deployed) -> Result<Vec<Concerned>, AppError> {
        let changed = match &deployed.before {
            Some(before) => newly_dated(before, &deployed.release),
            None => BTreeMap::new(),
        };
        let mut found = Vec::new();
        if changed.is_empty() {
            return Ok(found);
        }
        let scope = Scope::of(deployed.company.clone()).reader(AUDIT_KEY);
        let running = InstanceFilter { status: Some("running".into()), ..InstanceFilter::default() };
        let zone = deployed.release.company().time_zone;
        let mut after = None;
        loop {
            let page = self.store().instances(&scope, &running, after.as_ref(), MAX_PAGE).await?;
            for item in page.items.into_iter().filter(|item| item.release != deployed.hash) {
                let started = item.started_at.utc().with_timezone(&zone).date_naive();
                let params: BTreeMap<Name, NaiveDate> = changed
                    .iter()
                    .filter(|(_, from)| **from >= started)
                    .map(|(name, from)| (name.clone(), *from))
                    .collect();
                if !params.is_empty() {
                    let number = item.number.unwrap_or_default();
                    found.push(Concerned { id: item.id, number, flow: item.flow, params });
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// Lets running requests go on under the company's current release, where they fit into it, and tries again what waited
    /// for a value. One that does not fit does not stop the others.
    pub async fn migrate(
        &self,
        by: &Deployer<'_>,
        company: &CompanyId,
        instances: &[InstanceId],
        now: Instant,
    ) -> Result<Vec<Migrated>, AppError> {
        let actor = match by {
            Deployer::Console => Actor::Machine,
            Deployer::Person(viewer) if viewer.company() == company => {
                Actor::Person(permit::deploy(viewer)?.viewer().person().clone())
            }
            Deployer::Person(_) => return Err(permit::Denied::NotFound.into()),
        };
        let release = self.current_release(company).await?.ok_or(AppError::NoRelease)?;
        let mut done = Vec::with_capacity(instances.len());
        for id in instances {
            let number = self.load(company, id).await.map(|loaded| loaded.state.number).unwrap_or_default();
            let refused = match self.migrate_one(&actor, company, id, &release, now).await {
                Ok(()) => None,
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => Some(error.problem()),
            };
            done.push(Migrated { id: id.clone(), number, refused });
        }
        Ok(done)
    }

    async fn migrate_one(
        &self,
        actor: &Actor,
        company: &CompanyId,
        id: &InstanceId,
        release: &Release,
        now: Instant,
    ) -> Result<(), AppError> {
        let loaded = self.under(self.load(company, id).await?, release).await?;
        self.do_once(actor, loaded, Command::Migrate { release: release.hash() }, now).await?;
        let loaded = self.load(company, id).await?;
        let waits = |incident: &Incident| matches!(incident.problem, Problem::Incomplete { .. });
        let waiting: Vec<_> = loaded.state.incidents.iter().filter(|(_, i)| waits(i)).map(|(id, _)| *id).collect();
        for incident in waiting {
            let loaded = self.load(company, id).await?;
            self.do_once(actor, loaded, Command::Retry { incident }, now).await?;
        }
        Ok(())
    }

    async fn do_once(&self, actor: &Actor, loaded: Loaded, command: Command, now: Instant) -> Result<(), AppError> {
        let no_key: Option<&RequestKey> = None;
        let carried = self.carry(loaded, actor, no_key, now, |_| {
            let command = command.clone();
            async move { Ok((command, Vec::new())) }
        });
        carried.await.map(drop)
    }

    /// An instance as another release sees it.
    pub(crate) async fn under(&self, loaded: Loaded, release: &Release) -> Result<Loaded, AppError> {
        let flow = loaded.state.flow.to_string();
        let around = self.around(&loaded.company, release.clone(), &flow).await?;
        Ok(Loaded { around, ..loaded })
    }
}

/// Params with a value that the older release did not have, or had otherwise, and the first day it holds.
fn newly_dated(before: &Release, after: &Release) -> BTreeMap<Name, NaiveDate> {
    let mut changed = BTreeMap::new();
    for param in after.params().iter() {
        let old = before.params().get(&param.name);
        let is_new = |dated: &&zhupi_policies::Dated| {
            let same = old.and_then(|old| old.values.iter().find(|value| value.from == dated.from));
            same.is_none_or(|same| {
                same.value != dated.value || same.status != dated.status || same.until != dated.until
            })
        };
        if let Some(first) = param.values.iter().filter(is_new).map(|dated| dated.from).min() {
            changed.insert(param.name.clone(), first);
        }
    }
    changed
}
