//! What holds for a company right now: its release, its people, its calendar.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use zhupi_domain::calendar::{Calendar, CalendarData};
use zhupi_domain::directory::{Department, Directory, Person};
use zhupi_domain::{CompanyId, PersonId, ReleaseHash};
use zhupi_pack::Release;
use zhupi_store::{DirectoryRecord, Store};

use crate::permit::Denied;
use crate::{AppError, Placed};

/// Releases and directories that were read before. Both are found by what they are (a hash, a version), so that a cached one is
/// never stale.
#[derive(Default)]
pub struct Cache {
    releases: Mutex<BTreeMap<(CompanyId, ReleaseHash), Release>>,
    directories: Mutex<BTreeMap<CompanyId, Known>>,
}

/// A directory, and who was named a substitute by whom, which every request asks.
#[derive(Clone)]
struct Known {
    directory: Arc<Directory>,
    named: Arc<BTreeMap<PersonId, Vec<PersonId>>>,
}

/// The most releases kept in memory; more are read again when they are needed.
const MAX_RELEASES: usize = 256;

impl Cache {
    /// One release of a company, compiled.
    pub async fn release(&self, store: &Store, company: &CompanyId, hash: ReleaseHash) -> Result<Release, AppError> {
        let key = (company.clone(), hash);
        if let Some(found) = lock(&self.releases).get(&key) {
            return Ok(found.clone());
        }
        let stored = store.release(company, &hash).await?.ok_or(AppError::Denied(Denied::NotFound))?;
        let release = tokio::task::spawn_blocking(move || Release::from_body(&stored.body))
            .await
            .map_err(|error| AppError::Internal(error.to_string()))?
            .map_err(|found| AppError::PackInvalid(found.into_iter().map(|one| Placed::new(one, None)).collect()))?;
        let mut releases = lock(&self.releases);
        if releases.len() >= MAX_RELEASES {
            releases.pop_first();
        }
        releases.insert(key, release.clone());
        Ok(release)
    }

    /// The directory as it is now.
    pub async fn directory(&self, store: &Store, company: &CompanyId) -> Result<Arc<Directory>, AppError> {
        Ok(self.known(store, company).await?.directory)
    }

    /// The directory as it is now, and those who ever named a person their substitute and have not taken it back.
    pub async fn directory_and_named(
        &self,
        store: &Store,
        company: &CompanyId,
        person: &PersonId,
    ) -> Result<(Arc<Directory>, Vec<PersonId>), AppError> {
        let known = self.known(store, company).await?;
        Ok((known.directory, known.named.get(person).cloned().unwrap_or_default()))
    }

    async fn known(&self, store: &Store, company: &CompanyId) -> Result<Known, AppError> {
        let (version, _) = store.head(company, &zhupi_store::Stream::Directory).await?;
        if let Some(found) = lock(&self.directories).get(company).filter(|known| known.directory.version == version) {
            return Ok(found.clone());
        }
        let directory = Arc::new(read_directory(&store.directory(company).await?)?);
        let known = Known { named: Arc::new(named(&directory)), directory };
        lock(&self.directories).insert(company.clone(), known.clone());
        Ok(known)
    }
}

/// A poisoned lock only means that another thread panicked between two whole values.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Who was named by whom.
fn named(directory: &Directory) -> BTreeMap<PersonId, Vec<PersonId>> {
    let mut named: BTreeMap<PersonId, Vec<PersonId>> = BTreeMap::new();
    for of in directory.people.values() {
        for substitute in &of.substitutes {
            let by = named.entry(substitute.person.clone()).or_default();
            if by.last() != Some(&of.id) {
                by.push(of.id.clone());
            }
        }
    }
    named
}

fn read_directory(record: &DirectoryRecord) -> Result<Directory, AppError> {
    let damaged = |error: serde_json::Error| AppError::Internal(format!("the directory cannot be read: {error}"));
    let mut directory = Directory { version: record.version, ..Directory::default() };
    for person in &record.people {
        let person: Person = serde_json::from_str(&person.body).map_err(damaged)?;
        directory.people.insert(person.id.clone(), person);
    }
    for department in &record.departments {
        let department: Department = serde_json::from_str(&department.body).map_err(damaged)?;
        directory.departments.insert(department.id.clone(), department);
    }
    Ok(directory)
}

/// The calendar of a release: its working hours and zone over the shipped holidays, with the company's own days on top.
pub async fn calendar(store: &Store, company: &CompanyId, release: &Release) -> Result<Calendar, AppError> {
    let mut days = CalendarData::china().clone();
    for stored in store.calendars(company).await? {
        let own: CalendarData = serde_json::from_str(&stored.body)
            .map_err(|error| AppError::Internal(format!("calendar {} cannot be read: {error}", stored.name)))?;
        days = days.overlaid(&own);
    }
    let firm = release.company();
    Ok(Calendar::new(firm.time_zone, days).with_hours(firm.hours.clone()))
}
