//! The language that a person chose: kept with the person, so that notices speak it too.

use zhupi_domain::directory::Person;
use zhupi_domain::{Instant, Locale};
use zhupi_store::{Change, Commit, CommitOutcome, Guard, Stream, WritePort as _};

use super::{Access, AccessError, By, Who, password};
use crate::directory_events::Signed;

/// Somebody else's change of the directory is in the way at most so often.
const ROUNDS: usize = 8;

impl Access {
    /// Sets a person's language.
    pub async fn set_language(&self, who: &Who, language: Locale, now: Instant) -> Result<(), AccessError> {
        for _ in 0..ROUNDS {
            let (version, _) = self.store.head(&who.company, &Stream::Directory).await?;
            let kept = self.store.person(&who.company, &who.person).await?.ok_or(AccessError::NoSuchPerson)?;
            let mut person: Person =
                serde_json::from_str(&kept.body).map_err(|error| AccessError::Internal(error.to_string()))?;
            if person.language == language {
                return Ok(());
            }
            let before = person.clone();
            person.language = language;
            match self.store.commit(put(who, &before, &person, version, now)?).await {
                CommitOutcome::Committed(_) => return Ok(()),
                CommitOutcome::Conflict(_) => {}
                CommitOutcome::Unavailable(error) => return Err(error.into()),
                _ => return Err(AccessError::Unknown),
            }
        }
        Err(AccessError::Busy)
    }
}

fn put(who: &Who, before: &Person, person: &Person, version: i64, now: Instant) -> Result<Commit, AccessError> {
    let record = password::record(person)?;
    let mut commit = Commit::new(who.company.clone());
    commit.guards.push(Guard::Directory { version });
    let signed = Signed { actor: By::Person(who.person.clone()).actor(), at: now };
    let internal = |error: serde_json::Error| AccessError::Internal(error.to_string());
    let told = signed.told_of(Some(before), person, "").map_err(internal)?;
    commit.events.push(signed.event("language_chosen", &told).map_err(internal)?);
    commit.changes.push(Change::PutPerson(record));
    Ok(commit)
}
