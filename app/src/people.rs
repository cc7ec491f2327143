//! The directory: looking people up, and looking after them.

use zhupi_domain::directory::{Directory, Person, RoleGrant};
use zhupi_domain::{CompanyId, Instant, Locale, PersonId, Text};
use zhupi_store::{Change, Commit, CommitOutcome, Guard, PersonRecord, WritePort};

use crate::directory_events::Signed;
use crate::hand_over::{self, Because};
use crate::history::person_key;
use crate::permit::{self, Denied, Viewer};
use crate::view::{AdminPerson, CompanyView, DepartmentView, PageView, PickedPerson, RoleView, SessionView};
use crate::{App, AppError, read};

/// The longest list that a picker shows.
const PICKED: usize = 20;

impl App {
    /// Who is logged in, and what they may do beside the flows.
    pub fn session_view(&self, viewer: &Viewer) -> SessionView {
        let release = viewer.release().ok();
        let company = viewer.company().to_string();
        let name = release.map_or_else(|| zhupi_domain::Text::same(&company), |release| release.company().name.clone());
        let entry = viewer.entry();
        let roles = entry.iter().flat_map(|person| &person.roles).map(|grant| RoleView {
            role: grant.role.to_string(),
            title: release
                .map_or_else(
                    || zhupi_domain::Text::same(grant.role.as_str()),
                    |release| crate::words::role_title(release, &grant.role),
                )
                .into(),
        });
        SessionView {
            person: read::person_view(viewer.directory(), viewer.person()),
            company: CompanyView { id: company, name: name.into() },
            roles: roles.collect(),
            can: viewer.rights().iter().map(|right| right.as_str().to_owned()).collect(),
            language: match entry.map(|person| person.language).unwrap_or_default() {
                zhupi_domain::Locale::Zh => "zh".into(),
                zhupi_domain::Locale::En => "en".into(),
            },
            demo: false,
            time_zone: release
                .map_or_else(|| "Asia/Shanghai".into(), |release| release.company().time_zone.to_string()),
        }
    }

    /// Active people whose name, id or department fits a text, for pickers.
    pub fn people(&self, viewer: &Viewer, text: &str, limit: usize) -> Vec<PickedPerson> {
        let text = text.trim().to_lowercase();
        let fits = |person: &&Person| {
            text.is_empty()
                || person.name.to_lowercase().contains(&text)
                || person.id.as_str().to_lowercase().contains(&text)
                || person.login.as_deref().is_some_and(|login| login.to_lowercase().contains(&text))
        };
        let people = viewer.directory().people.values().filter(|person| person.active).filter(fits);
        people.take(limit.clamp(1, PICKED)).map(|person| picked(viewer, person)).collect()
    }

    /// One person, also one who has left: old requests name them.
    pub fn person(&self, viewer: &Viewer, id: &str) -> Result<PickedPerson, AppError> {
        let person = viewer.directory().people.get(&PersonId::new(id)).ok_or(Denied::NotFound)?;
        Ok(picked(viewer, person))
    }

    pub fn departments(&self, viewer: &Viewer) -> Vec<DepartmentView> {
        let departments = viewer.directory().departments.values().map(|department| DepartmentView {
            id: department.id.to_string(),
            name: department.name.clone(),
            parent: department.parent.as_ref().map(ToString::to_string),
        });
        departments.collect()
    }

    /// Everybody, for those who look after people.
    pub fn admin_people(
        &self,
        viewer: &Viewer,
        text: &str,
        after: Option<&str>,
    ) -> Result<PageView<AdminPerson>, AppError> {
        let permit = permit::people(viewer)?;
        let directory = permit.viewer().directory();
        let text = text.trim().to_lowercase();
        let after = after.map(PersonId::new);
        let fits = |person: &&Person| {
            let named = person.name.to_lowercase().contains(&text) || person.id.as_str().to_lowercase().contains(&text);
            named && after.as_ref().is_none_or(|after| person.id > *after)
        };
        let mut found: Vec<AdminPerson> = directory
            .people
            .values()
            .filter(fits)
            .take(read::PAGE + 1)
            .map(|person| admin_person(viewer, person))
            .collect();
        let more = found.len() > read::PAGE;
        found.truncate(read::PAGE);
        let next = found.last().filter(|_| more).map(|person| person.id.clone());
        Ok(PageView { items: found, next })
    }

    /// Deactivates a person who has left: sessions end at once, open tasks go to whoever the rules name now, or become incidents.
    pub async fn deactivate(&self, viewer: &Viewer, id: &str, reason: &str, now: Instant) -> Result<(), AppError> {
        let permit = permit::people(viewer)?;
        if reason.trim().is_empty() {
            return Err(AppError::bad("reason_required", "请填写原因", "Say why"));
        }
        let (viewer, actor) = (permit.viewer(), person_key(permit.viewer().person()));
        self.set_active(viewer.company(), viewer.directory(), &PersonId::new(id), false, &actor, reason, now).await
    }

    /// The same by whoever holds the console, which the log marks. Tasks are handed over as soon as a server runs.
    pub async fn deactivate_at_console(
        &self,
        company: &CompanyId,
        id: &PersonId,
        reason: &str,
        now: Instant,
    ) -> Result<(), AppError> {
        let directory = self.cache().directory(self.store(), company).await?;
        self.set_active(company, &directory, id, false, "console", reason, now).await
    }

    /// Lets a person in again.
    pub async fn activate(&self, viewer: &Viewer, id: &str, now: Instant) -> Result<(), AppError> {
        let permit = permit::people(viewer)?;
        let (viewer, actor) = (permit.viewer(), person_key(permit.viewer().person()));
        self.set_active(viewer.company(), viewer.directory(), &PersonId::new(id), true, &actor, "", now).await
    }

    #[expect(clippy::too_many_arguments, reason = "what the event and the row say, one by one")]
    async fn set_active(
        &self,
        company: &CompanyId,
        directory: &Directory,
        id: &PersonId,
        active: bool,
        actor: &str,
        reason: &str,
        now: Instant,
    ) -> Result<(), AppError> {
        let before = directory.people.get(id).ok_or(Denied::NotFound)?;
        let person = Person { active, ..before.clone() };
        let signed = Signed { actor: actor.to_owned(), at: now };
        let internal = |error: serde_json::Error| AppError::Internal(error.to_string());
        let version = directory.version;
        let mut commit = Commit::new(company.clone());
        commit.guards.push(Guard::Directory { version });
        let kind = if active { "person_activated" } else { "person_deactivated" };
        let told = signed.told_of(Some(before), &person, reason).map_err(internal)?;
        commit.events.push(signed.event(kind, &told).map_err(internal)?);
        commit.changes.push(Change::PutPerson(person_record(&person).map_err(internal)?));
        if !active {
            commit.changes.push(Change::EndSessions { person: id.clone() });
            commit.changes.push(hand_over::message(company, id, version, Because::Left, now)?);
        }
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) => Ok(()),
            CommitOutcome::Conflict(_) => Err(AppError::Changed),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }
}

/// A person as the store keeps them.
pub(crate) fn person_record(person: &Person) -> Result<PersonRecord, serde_json::Error> {
    Ok(PersonRecord {
        id: person.id.clone(),
        body: serde_json::to_string(person)?,
        name: person.name.clone(),
        login: person.login.clone(),
        active: person.active,
    })
}

fn department_name(viewer: &Viewer, person: &Person) -> Option<String> {
    let department = viewer.directory().departments.get(person.department.as_ref()?)?;
    Some(department.name.clone())
}

fn picked(viewer: &Viewer, person: &Person) -> PickedPerson {
    PickedPerson {
        id: person.id.to_string(),
        name: person.name.clone(),
        department: department_name(viewer, person),
        post: person.post.clone(),
    }
}

/// What a role is called, and where it holds.
fn grant_title(viewer: &Viewer, grant: &RoleGrant) -> Text {
    let title = match viewer.release() {
        Ok(release) => crate::words::role_title(release, &grant.role),
        Err(_) => Text::same(grant.role.as_str()),
    };
    let Some(department) = &grant.department else { return title };
    let known = viewer.directory().departments.get(department);
    let place = known.map_or_else(|| department.to_string(), |known| known.name.clone());
    Text::new(format!("{}（{place}）", title.zh), format!("{} ({place})", title.get(Locale::En)))
}

fn admin_person(viewer: &Viewer, person: &Person) -> AdminPerson {
    AdminPerson {
        id: person.id.to_string(),
        name: person.name.clone(),
        login: person.login.clone(),
        email: person.email.clone(),
        department: department_name(viewer, person),
        post: person.post.clone(),
        roles: person.roles.iter().map(|grant| grant_title(viewer, grant).into()).collect(),
        active: person.active,
    }
}
