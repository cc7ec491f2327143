//! Sessions: a random token in the browser, its hash in the store, an end in any case.

use zhupi_domain::Instant;
use zhupi_store::{OneTimeToken, Session};

use super::events::SecurityEvent;
use super::{Access, AccessError, By, Client, Token, Who};

/// A session that nobody used for so long is over: three days, so that a weekend does not end it.
pub const IDLE_SECONDS: i64 = 3 * 24 * 3600;
/// However busy, a session ends after thirty days.
pub const ABSOLUTE_SECONDS: i64 = 30 * 24 * 3600;
/// That a session is in use is written down at most so often.
const TOUCH_SECONDS: i64 = 300;
/// How long a device is known after a log-in.
const DEVICE_SECONDS: i64 = 180 * 24 * 3600;
pub(super) const DEVICE: &str = "device";

/// A session that has just begun.
#[derive(Debug)]
pub struct LoggedIn {
    pub who: Who,
    pub token: Token,
    /// Proves later that this device has logged in before; gives no right to anything.
    pub device: Option<Token>,
}

impl Access {
    /// Who holds a session's token, if it still holds. Notes that it is in use.
    pub async fn session(&self, token: &Token, now: Instant) -> Result<Option<Who>, AccessError> {
        let Some(session) = self.store.session(&token.hash(), now).await? else { return Ok(None) };
        if session.created_at.plus_seconds(ABSOLUTE_SECONDS) < now && !token.is_for_api() {
            return Ok(None);
        }
        if !token.is_for_api() && session.seen_at.plus_seconds(TOUCH_SECONDS) < now {
            let expires = now.plus_seconds(IDLE_SECONDS).min(session.created_at.plus_seconds(ABSOLUTE_SECONDS));
            self.store.touch_session(&session.token, now, expires).await?;
        }
        Ok(Some(Who { company: session.company, person: session.person }))
    }

    /// Ends the session of a token; also well when there is none.
    pub async fn log_out(&self, token: &Token, now: Instant) -> Result<(), AccessError> {
        let Some(session) = self.store.session(&token.hash(), now).await? else { return Ok(()) };
        self.store.end_session(&session.token).await?;
        let by = By::Person(session.person.clone());
        self.commit(SecurityEvent::LoggedOut { person: &session.person }.alone(&session.company, &by, now)).await
    }

    /// Begins a session with a token that nobody had before, and makes the device a known one.
    pub(super) async fn begin(&self, who: Who, client: &Client, now: Instant) -> Result<LoggedIn, AccessError> {
        let token = Token::draw(&self.entropy);
        self.add_session(&who, &token, now, now.plus_seconds(IDLE_SECONDS), &client.agent).await?;
        let device = match self.knows_device(&who, client, now).await? {
            true => None,
            false => Some(self.new_device(&who, now).await?),
        };
        Ok(LoggedIn { who, token, device })
    }

    pub(super) async fn add_session(
        &self,
        who: &Who,
        token: &Token,
        now: Instant,
        expires_at: Instant,
        client: &str,
    ) -> Result<(), AccessError> {
        let session = Session {
            token: token.hash(),
            company: who.company.clone(),
            person: who.person.clone(),
            created_at: now,
            seen_at: now,
            expires_at,
            client: client.chars().take(200).collect(),
        };
        Ok(self.store.add_session(&session).await?)
    }

    /// Whether the browser brought proof that this person has logged in on it before.
    pub(super) async fn knows_device(&self, who: &Who, client: &Client, now: Instant) -> Result<bool, AccessError> {
        let Some(device) = &client.device else { return Ok(false) };
        let known = self.store.one_time_token(&device.hash(), DEVICE, now).await?;
        Ok(known.is_some_and(|k| k.company.as_ref() == Some(&who.company) && k.person.as_ref() == Some(&who.person)))
    }

    async fn new_device(&self, who: &Who, now: Instant) -> Result<Token, AccessError> {
        let device = Token::draw(&self.entropy);
        let kept = OneTimeToken {
            token: device.hash(),
            purpose: DEVICE.into(),
            company: Some(who.company.clone()),
            person: Some(who.person.clone()),
            expires_at: now.plus_seconds(DEVICE_SECONDS),
        };
        self.store.add_one_time_token(&kept).await?;
        Ok(device)
    }
}
