//! What holds for a company right now: its release, its people, its calendar.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use zhupi_domain::calendar::{Calendar, CalendarData};
use zhupi_domain::directory::{Department, Directory, Person};
use zhupi_domain::{CompanyId, PersonId, ReleaseHash};
use zhupi_pack::Release;
use zhupi_store::{Company, DirectoryRecord, Standing, Store};

use crate::permit::Denied;
use crate::{AppError, Placed};

/// Releases, directories and calendars that were read before. All are found by what they are (a hash, a version), so that a
/// cached one is never stale.
#[derive(Default)]
pub struct Cache {
    releases: Mutex<BTreeMap<(CompanyId, ReleaseHash), Release>>,
    directories: Mutex<BTreeMap<CompanyId, Known>>,
    /// By release, which has the hours and the zone.
    calendars: Mutex<BTreeMap<(CompanyId, ReleaseHash), KeptCalendar>>,
}

/// The version of the company's own days, and the calendar that was made with them.
type KeptCalendar = (i64, Arc<Calendar>);

/// Those who named each person their substitute.
type Named = BTreeMap<PersonId, Vec<PersonId>>;

/// A directory, and who was named a substitute by whom, which every request asks.
#[derive(Clone)]
struct Known {
    directory: Arc<Directory>,
    named: Arc<Named>,
}

/// The people and the days that hold for a company at one moment.
#[derive(Clone)]
pub struct Now {
    pub directory: Arc<Directory>,
    /// Those who ever named each person their substitute and have not taken it back.
    pub named: Arc<Named>,
    /// Which version of the company's own days.
    pub days: i64,
}

/// The most releases kept in memory; more are read again when they are needed.
const MAX_RELEASES: usize = 256;
/// The same of calendars.
const MAX_CALENDARS: usize = 256;

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

    /// A company as it stands, with its people and days.
    pub async fn company(&self, store: &Store, company: &CompanyId) -> Result<(Company, Now), AppError> {
        let Standing { company: found, directory, calendars } =
            store.standing(company).await?.ok_or(Denied::NotFound)?;
        let Known { directory, named } = self.known_at(store, company, directory).await?;
        Ok((found, Now { directory, named, days: calendars }))
    }

    /// The calendar of a release over these days of the company.
    pub async fn calendar(
        &self,
        store: &Store,
        company: &CompanyId,
        release: &Release,
        days: i64,
    ) -> Result<Arc<Calendar>, AppError> {
        let key = (company.clone(), release.hash());
        if let Some((_, found)) = lock(&self.calendars).get(&key).filter(|(version, _)| *version == days) {
            return Ok(found.clone());
        }
        // What is read may be newer than these days, never older: then it is read once more for the next who asks.
        let calendar = Arc::new(calendar(store, company, release).await?);
        let mut calendars = lock(&self.calendars);
        if calendars.len() >= MAX_CALENDARS && !calendars.contains_key(&key) {
            calendars.pop_first();
        }
        calendars.insert(key, (days, calendar.clone()));
        Ok(calendar)
    }

    /// The directory as it is now.
    pub async fn directory(&self, store: &Store, company: &CompanyId) -> Result<Arc<Directory>, AppError> {
        Ok(self.known(store, company).await?.directory)
    }

    async fn known(&self, store: &Store, company: &CompanyId) -> Result<Known, AppError> {
        let (version, _) = store.head(company, &zhupi_store::Stream::Directory).await?;
        self.known_at(store, company, version).await
    }

    async fn known_at(&self, store: &Store, company: &CompanyId, version: i64) -> Result<Known, AppError> {
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
