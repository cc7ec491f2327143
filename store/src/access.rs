//! Passwords, sessions, one-time tokens, and the back-off after failed logins.

use zhupi_domain::{CompanyId, ContentHash, Instant, PersonId};

use crate::database::values;
use crate::records::{Credential, OneTimeToken, Session};
use crate::sql::access as sql;
use crate::{Store, StoreError};

impl Store {
    /// How a person proves who they are.
    pub async fn credential(&self, company: &CompanyId, person: &PersonId) -> Result<Option<Credential>, StoreError> {
        self.find(&sql::CREDENTIAL, values![company.as_str(), person.as_str()], |row| {
            Ok(Credential { person: PersonId::new(row.text()?), hash: row.text()?, at: row.instant()? })
        })
        .await
    }

    /// Whether anybody can log in at all; once somebody can, the first set-up is over for ever.
    pub async fn has_credentials(&self) -> Result<bool, StoreError> {
        Ok(self.row(&sql::ANY_CREDENTIAL, Vec::new()).await?.is_some())
    }

    /// The session of a token, unless it is over or its person has left.
    pub async fn session(&self, token: &ContentHash, now: Instant) -> Result<Option<Session>, StoreError> {
        self.find(&sql::SESSION, values![*token, now], Session::read).await
    }

    /// All sessions of a person.
    pub async fn sessions_of(
        &self,
        company: &CompanyId,
        person: &PersonId,
        now: Instant,
    ) -> Result<Vec<Session>, StoreError> {
        self.list(&sql::SESSIONS_OF_PERSON, values![company.as_str(), person.as_str(), now], Session::read).await
    }

    /// Begins a session.
    pub async fn add_session(&self, session: &Session) -> Result<(), StoreError> {
        let values = values![
            session.token,
            session.company.as_str(),
            session.person.as_str(),
            session.created_at,
            session.seen_at,
            session.expires_at,
            session.client.as_str()
        ];
        self.execute(&sql::SESSION_ADD, values).await.map(drop)
    }

    /// Notes that a session is in use, and until when it lasts now.
    pub async fn touch_session(
        &self,
        token: &ContentHash,
        seen_at: Instant,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        self.execute(&sql::SESSION_SEEN, values![*token, seen_at, expires_at]).await.map(drop)
    }

    /// Ends a session.
    pub async fn end_session(&self, token: &ContentHash) -> Result<(), StoreError> {
        self.execute(&sql::SESSION_END, values![*token]).await.map(drop)
    }

    /// Keeps a token that works once.
    pub async fn add_one_time_token(&self, token: &OneTimeToken) -> Result<(), StoreError> {
        let values = values![
            token.token,
            token.purpose.as_str(),
            token.company.as_ref().map_or("", |company| company.as_str()),
            token.person.as_ref().map_or("", |person| person.as_str()),
            token.expires_at
        ];
        self.execute(&sql::TOKEN_ADD, values).await.map(drop)
    }

    /// A token that still works, without using it.
    pub async fn one_time_token(
        &self,
        token: &ContentHash,
        purpose: &str,
        now: Instant,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        self.find(&sql::TOKEN, values![*token, purpose, now], OneTimeToken::read).await
    }

    /// Uses a token; none when it was used before, is over, or was never given.
    pub async fn use_one_time_token(
        &self,
        token: &ContentHash,
        purpose: &str,
        now: Instant,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let used = self.execute_returning(&sql::TOKEN_USE, values![*token, purpose, now]).await?;
        used.into_iter().next().as_mut().map(OneTimeToken::read).transpose()
    }

    /// Failed logins in a row under a key (an account or an address), and when the last was.
    pub async fn login_failures(&self, company: &CompanyId, key: &str) -> Result<Option<(i64, Instant)>, StoreError> {
        self.find(&sql::ATTEMPTS, values![company.as_str(), key], |row| Ok((row.integer()?, row.instant()?))).await
    }

    /// Counts a failed login; answers how many there were in a row.
    pub async fn add_login_failure(&self, company: &CompanyId, key: &str, at: Instant) -> Result<i64, StoreError> {
        match self.execute_returning(&sql::ATTEMPT_FAILED, values![company.as_str(), key, at]).await?.first_mut() {
            Some(row) => row.integer(),
            None => Ok(0),
        }
    }

    /// Forgets failed logins under a key, after one that succeeded.
    pub async fn clear_login_failures(&self, company: &CompanyId, key: &str) -> Result<(), StoreError> {
        self.execute(&sql::ATTEMPTS_CLEAR, values![company.as_str(), key]).await.map(drop)
    }

    /// Deletes sessions and tokens that are over, and failures before a moment.
    pub async fn sweep_access(&self, now: Instant, failures_before: Instant) -> Result<(), StoreError> {
        self.execute(&sql::SWEEP_SESSIONS, values![now]).await?;
        self.execute(&sql::SWEEP_TOKENS, values![now]).await?;
        self.execute(&sql::SWEEP_ATTEMPTS, values![failures_before]).await.map(drop)
    }
}
