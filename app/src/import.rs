//! Bringing people in: spreadsheets seed and update the live directory.

use serde_json::json;
use zhupi_domain::directory::{Directory, Person};
use zhupi_domain::{CompanyId, Diagnostic, Diagnostics, Instant, PersonId, Severity};
use zhupi_pack::Release;
use zhupi_pack::seeds::{DEPARTMENTS, SUBSTITUTES, read_beside, read_substitutes};
use zhupi_store::{Change, Commit, CommitOutcome, DepartmentRecord, Guard, NewEvent, WritePort};

use crate::directory_events::Signed;
use crate::hand_over::{self, Because};
use crate::history::person_key;
use crate::people::person_record;
use crate::permit;
use crate::placed::importable;
use crate::release::Deployer;
use crate::{App, AppError, Placed};

/// The spreadsheets of an import; either may be missing.
#[derive(Debug, Clone, Default)]
pub struct PeopleFiles {
    pub people: Option<String>,
    pub departments: Option<String>,
    pub substitutes: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// People who are new or were changed.
    pub people: usize,
    pub departments: usize,
    pub warnings: Vec<Placed>,
}

impl App {
    /// Adds and updates people and departments of a company. Who is not in the files stays as they are, and so does what the
    /// files have no column for.
    pub async fn import_people(
        &self,
        by: Deployer<'_>,
        company: &CompanyId,
        files: PeopleFiles,
        now: Instant,
    ) -> Result<Imported, AppError> {
        let signed = Signed { actor: self.importer(&by, company)?, at: now };
        let release = self.current_release(company).await?.ok_or(AppError::NoRelease)?;
        let current = self.cache().directory(self.store(), company).await?;
        let version = current.version;
        let plan = off_the_way(move || {
            let files_read = read(&files, &release, &current);
            Plan::of(files_read, &files, &current, &signed)
        });
        let Plan { imported, events, changes, handed_over } = plan.await?;
        if changes.is_empty() {
            return Ok(imported);
        }
        let mut commit = Commit { events, changes, ..Commit::new(company.clone()) };
        commit.guards.push(Guard::Directory { version });
        for person in handed_over {
            commit.changes.push(hand_over::message(company, &person, version, Because::RoleRevoked, now)?);
        }
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) => Ok(imported),
            CommitOutcome::Conflict(zhupi_store::Conflict::LoginTaken { login }) => Err(AppError::bad(
                "login_taken",
                format!("登录名 {login} 已被使用"),
                format!("The login {login} is taken"),
            )),
            CommitOutcome::Conflict(_) => Err(AppError::Changed),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }

    /// Who imports, as the log names them; refused to whoever may not look after people and records of this company.
    pub(crate) fn importer(&self, by: &Deployer<'_>, company: &CompanyId) -> Result<String, AppError> {
        match by {
            Deployer::Console => Ok("console".to_owned()),
            Deployer::Person(viewer) if viewer.company() == company => {
                Ok(person_key(permit::people(viewer)?.viewer().person()))
            }
            Deployer::Person(_) => Err(permit::Denied::NotFound.into()),
        }
    }
}

/// Computes where it holds nobody up.
pub(crate) async fn off_the_way<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| AppError::Internal(error.to_string()))?
}

/// People and departments as the files leave them. Substitutes are read once everybody else is known.
fn read(files: &PeopleFiles, release: &Release, current: &Directory) -> (Directory, Diagnostics) {
    let (people, departments) = (files.people.as_deref(), files.departments.as_deref());
    let (mut seeds, mut found) = read_beside(people, departments, release.company(), current);
    let Some(substitutes) = &files.substitutes else { return (seeds, found) };
    if found.iter().any(|finding| finding.severity == Severity::Error) {
        return (seeds, found);
    }
    let mut after = current.clone();
    after.people.extend(seeds.people.clone());
    let (named, wrong) = read_substitutes(substitutes, release.flows().keys(), &after);
    for (id, named) in named {
        if let Some(person) = after.people.remove(&id) {
            seeds.people.insert(id, Person { substitutes: named, ..person });
        }
    }
    found.extend(wrong);
    (seeds, found)
}

/// What an import does, before it is done.
struct Plan {
    imported: Imported,
    events: Vec<NewEvent>,
    changes: Vec<Change>,
    /// Who may hold tasks for a role that they lose.
    handed_over: Vec<PersonId>,
}

impl Plan {
    /// What differs from the directory as it is.
    fn of(
        (seeds, diagnostics): (Directory, Diagnostics),
        files: &PeopleFiles,
        current: &Directory,
        signed: &Signed,
    ) -> Result<Self, AppError> {
        let placed = |finding: Diagnostic| {
            let text = match finding.file.as_str() {
                DEPARTMENTS => &files.departments,
                SUBSTITUTES => &files.substitutes,
                _ => &files.people,
            };
            Placed::new(finding, text.as_deref())
        };
        let warnings = importable(diagnostics.into_iter().map(placed).collect())?;
        if let Some(person) =
            seeds.people.values().find(|after| signed.names_itself(current.people.get(&after.id), after))
        {
            let name = &person.name;
            return Err(AppError::bad(
                "own_substitute",
                format!("不能指定自己代理{name}，请由本人或其他管理员指定"),
                format!("You cannot make yourself the substitute of {name}: they, or another administrator, can"),
            ));
        }
        let handed_over = hand_over::may_lose_roles(current, &seeds);
        let imported = Imported { people: 0, departments: 0, warnings };
        let mut plan = Self { imported, events: Vec::new(), changes: Vec::new(), handed_over };
        let own = plan.add(seeds, current, signed).map_err(|error| AppError::Internal(error.to_string()))?;
        let mut told = json!({ "people": plan.imported.people, "departments": plan.imported.departments });
        if let (true, Some(told)) = (own, told.as_object_mut()) {
            told.insert("own".into(), true.into());
        }
        let event = signed.event("people_imported", &told).map_err(|error| AppError::Internal(error.to_string()))?;
        plan.events.insert(0, event);
        Ok(plan)
    }

    /// Adds every difference; answers whether people gain by what they bring in themselves.
    fn add(&mut self, seeds: Directory, current: &Directory, signed: &Signed) -> Result<bool, serde_json::Error> {
        let mut own = false;
        for (id, person) in seeds.people {
            let before = current.people.get(&id);
            if before != Some(&person) {
                own |= signed.is_own_gain(before, &person);
                self.events.push(signed.person(before, &person)?);
                self.changes.push(Change::PutPerson(person_record(&person)?));
                self.imported.people += 1;
            }
        }
        for (id, department) in seeds.departments {
            let before = current.departments.get(&id);
            if before != Some(&department) {
                self.events.push(signed.department(before, &department)?);
                let body = serde_json::to_string(&department)?;
                self.changes.push(Change::PutDepartment(DepartmentRecord { id, body }));
                self.imported.departments += 1;
            }
        }
        Ok(own)
    }
}
