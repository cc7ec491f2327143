//! Giving a person a new password, and so ending all sessions that the old one began.

use zhupi_domain::Instant;
use zhupi_domain::directory::Person;
use zhupi_store::{Change, PersonRecord};

use super::events::SecurityEvent;
use super::{Access, AccessError, By, Client, LoggedIn, Who, rules};

impl Access {
    /// Changes a person's own password. All sessions end; the answer is a new one for this device.
    pub async fn change_password(
        &self,
        who: &Who,
        old: &str,
        new: &str,
        client: &Client,
        now: Instant,
    ) -> Result<LoggedIn, AccessError> {
        let record = self.active_person(who).await?;
        let _held = self.hasher.hold(&format!("{}/{}", who.company, who.person)).await;
        let credential = self.store.credential(&who.company, &who.person).await?;
        if !self.hasher.verify(old, credential.map(|credential| credential.hash)).await? {
            return Err(AccessError::WrongPassword);
        }
        let event = SecurityEvent::PasswordChanged { person: &who.person };
        self.set(who, &record, new, &event, &By::Person(who.person.clone()), now).await?;
        self.begin(who.clone(), client, now).await
    }

    /// Sets a password from the console, as for the first person of a company that has no mail yet.
    pub async fn set_password(&self, who: &Who, password: &str, now: Instant) -> Result<(), AccessError> {
        let record = self.active_person(who).await?;
        let event = SecurityEvent::PasswordReset { person: &who.person };
        self.set(who, &record, password, &event, &By::Console, now).await
    }

    pub(super) async fn set(
        &self,
        who: &Who,
        record: &PersonRecord,
        password: &str,
        event: &SecurityEvent<'_>,
        by: &By,
        now: Instant,
    ) -> Result<(), AccessError> {
        rules::check(password, record.login.as_deref().unwrap_or_default()).map_err(AccessError::Weak)?;
        let hash = self.hasher.hash(password, &self.entropy).await?;
        let mut commit = event.alone(&who.company, by, now);
        commit.changes.push(Change::PutCredential { person: who.person.clone(), hash, at: now });
        commit.changes.push(Change::EndSessions { person: who.person.clone() });
        self.commit(commit).await?;
        if let Some(login) = &record.login {
            self.store.clear_login_failures(&who.company, &format!("account:{login}")).await?;
        }
        Ok(())
    }

    /// A person who is here and can log in.
    pub(super) async fn active_person(&self, who: &Who) -> Result<PersonRecord, AccessError> {
        let record = self.store.person(&who.company, &who.person).await?;
        record.filter(|record| record.active && record.login.is_some()).ok_or(AccessError::NoSuchPerson)
    }
}

/// A person as the store keeps one.
pub(super) fn record(person: &Person) -> Result<PersonRecord, AccessError> {
    Ok(PersonRecord {
        id: person.id.clone(),
        body: serde_json::to_string(person).map_err(|error| AccessError::Internal(error.to_string()))?,
        name: person.name.clone(),
        login: person.login.clone(),
        active: person.active,
    })
}
