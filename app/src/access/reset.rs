//! Links by which a person chooses a new password. Who starts one never learns or chooses the password.

use zhupi_domain::Instant;
use zhupi_store::OneTimeToken;

use super::events::SecurityEvent;
use super::{Access, AccessError, By, Client, LoggedIn, Token, Who, rules};

/// A link works for a day.
const LINK_SECONDS: i64 = 24 * 3600;
const RESET: &str = "reset";

/// The secret of a one-time link, and until when it works.
#[derive(Debug)]
pub struct Link {
    pub token: Token,
    pub expires_at: Instant,
}

/// Whom a link is for, to be shown before the password is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetTarget {
    pub who: Who,
    pub name: String,
    pub company_name: String,
    pub login: String,
}

impl Access {
    /// Makes a link for a person. The old password goes on working until the link is used.
    pub async fn start_reset(&self, who: &Who, by: &By, now: Instant) -> Result<Link, AccessError> {
        self.active_person(who).await?;
        let link = Link { token: Token::draw(&self.entropy), expires_at: now.plus_seconds(LINK_SECONDS) };
        let kept = OneTimeToken {
            token: link.token.hash(),
            purpose: RESET.into(),
            company: Some(who.company.clone()),
            person: Some(who.person.clone()),
            expires_at: link.expires_at,
        };
        self.store.add_one_time_token(&kept).await?;
        self.commit(SecurityEvent::ResetStarted { person: &who.person }.alone(&who.company, by, now)).await?;
        Ok(link)
    }

    /// Whom a link is for.
    pub async fn reset_target(&self, token: &Token, now: Instant) -> Result<ResetTarget, AccessError> {
        let who = self.link_holder(token, now).await?;
        let record = self.active_person(&who).await.map_err(|_| AccessError::LinkExpired)?;
        let company = self.store.company(&who.company).await?.ok_or(AccessError::LinkExpired)?;
        let login = record.login.unwrap_or_default();
        Ok(ResetTarget { who, name: record.name, company_name: company.name, login })
    }

    /// Sets the password that the holder of a link chose, ends all sessions and begins a new one.
    ///
    /// A password that is refused leaves the link as it is.
    pub async fn reset(
        &self,
        token: &Token,
        password: &str,
        client: &Client,
        now: Instant,
    ) -> Result<LoggedIn, AccessError> {
        let target = self.reset_target(token, now).await?;
        rules::check(password, &target.login).map_err(AccessError::Weak)?;
        let used = self.store.use_one_time_token(&token.hash(), RESET, now).await?;
        used.ok_or(AccessError::LinkExpired)?;
        let record = self.active_person(&target.who).await?;
        let event = SecurityEvent::PasswordReset { person: &target.who.person };
        self.set(&target.who, &record, password, &event, &By::Person(target.who.person.clone()), now).await?;
        self.begin(target.who, client, now).await
    }

    /// A password set meanwhile, by another link or by its owner, ends the links made before.
    async fn link_holder(&self, token: &Token, now: Instant) -> Result<Who, AccessError> {
        let kept = self.store.one_time_token(&token.hash(), RESET, now).await?.ok_or(AccessError::LinkExpired)?;
        let (Some(company), Some(person)) = (kept.company, kept.person) else { return Err(AccessError::LinkExpired) };
        let made_at = kept.expires_at.plus_seconds(-LINK_SECONDS);
        match self.store.credential(&company, &person).await? {
            Some(credential) if credential.at > made_at => Err(AccessError::LinkExpired),
            _ => Ok(Who { company, person }),
        }
    }
}
