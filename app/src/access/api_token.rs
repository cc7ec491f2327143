//! Tokens for programs: a session made at the console, with the rights of its person.

use zhupi_domain::Instant;

use super::events::SecurityEvent;
use super::{Access, AccessError, By, Token, Who};

impl Access {
    /// Makes a token that works for some days, and ends with the person's sessions.
    pub async fn make_api_token(&self, who: &Who, days: u16, by: &By, now: Instant) -> Result<Token, AccessError> {
        self.active_person(who).await?;
        let token = Token::draw_for_api(&self.entropy);
        let expires_at = now.plus_seconds(i64::from(days) * 24 * 3600);
        self.commit(SecurityEvent::TokenMade { person: &who.person, days }.alone(&who.company, by, now)).await?;
        self.add_session(who, &token, now, expires_at, "api").await?;
        Ok(token)
    }
}
