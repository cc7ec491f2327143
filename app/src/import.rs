//! Bringing people in: spreadsheets seed and update the live directory.

use serde_json::json;
use zhupi_domain::directory::Directory;
use zhupi_domain::{CompanyId, Diagnostics, Instant, Severity};
use zhupi_store::{Change, Commit, CommitOutcome, DepartmentRecord, Guard, NewEvent, Stream, WritePort};

use crate::hand_over::{self, Because};
use crate::history::person_key;
use crate::people::person_record;
use crate::permit;
use crate::release::Deployer;
use crate::{App, AppError};

/// The spreadsheets of an import; either may be missing.
#[derive(Debug, Clone, Default)]
pub struct PeopleFiles {
    pub people: Option<String>,
    pub departments: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// People who are new or were changed.
    pub people: usize,
    pub departments: usize,
    pub diagnostics: Diagnostics,
}

impl App {
    /// Adds and updates people and departments of a company. Who is not in the files stays as they are.
    pub async fn import_people(
        &self,
        by: Deployer<'_>,
        company: &CompanyId,
        files: PeopleFiles,
        now: Instant,
    ) -> Result<Imported, AppError> {
        let actor = self.importer(&by, company)?;
        let release = self.current_release(company).await?.ok_or(AppError::NoRelease)?;
        let (seeds, diagnostics) =
            zhupi_pack::seeds::read(files.people.as_deref(), files.departments.as_deref(), release.company());
        if diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Err(AppError::PackInvalid(diagnostics));
        }
        let current = self.cache().directory(self.store(), company).await?;
        let handed_over = hand_over::may_lose_roles(&current, &seeds);
        let changes = changes(&current, seeds)?;
        let count = |person: bool| changes.iter().filter(|c| matches!(c, Change::PutPerson(_)) == person).count();
        let imported = Imported { people: count(true), departments: count(false), diagnostics };
        if changes.is_empty() {
            return Ok(imported);
        }
        let mut commit = Commit::new(company.clone());
        commit.guards.push(Guard::Directory { version: current.version });
        commit.events.push(NewEvent {
            stream: Stream::Directory,
            kind: "people_imported".into(),
            version: 1,
            actor,
            at: now,
            payload: json!({ "people": imported.people, "departments": imported.departments }).to_string(),
        });
        commit.changes = changes;
        for person in handed_over {
            commit.changes.push(hand_over::message(company, &person, current.version, Because::RoleRevoked, now)?);
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
}

impl App {
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

/// What differs from the directory as it is. Whether somebody has left is not for a spreadsheet to say.
fn changes(current: &Directory, seeds: Directory) -> Result<Vec<Change>, AppError> {
    let mut changes = Vec::new();
    for (id, mut person) in seeds.people {
        let known = current.people.get(&id);
        person.active = known.is_none_or(|known| known.active);
        if known != Some(&person) {
            changes.push(Change::PutPerson(person_record(&person)?));
        }
    }
    for (id, department) in seeds.departments {
        if current.departments.get(&id) != Some(&department) {
            let body = serde_json::to_string(&department).map_err(|error| AppError::Internal(error.to_string()))?;
            changes.push(Change::PutDepartment(DepartmentRecord { id, body }));
        }
    }
    Ok(changes)
}
