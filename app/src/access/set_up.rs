//! The first set-up: a company and its first person, by a token that only the console shows, once.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::directory::{Person, RoleGrant};
use zhupi_domain::{Instant, Locale, Name, PersonId, login};
use zhupi_store::{Change, Commit, OneTimeToken};

use super::events::SecurityEvent;
use super::{Access, AccessError, By, Client, Link, LoggedIn, Token, Who, company_id, password, rules};
use crate::directory_events::Signed;

const SET_UP: &str = "set-up";
/// As long as one evening with the manual.
const LINK_SECONDS: i64 = 24 * 3600;
/// The role of the first person. Before a pack says what roles may do, it may do what is needed to deploy one.
pub const FIRST_ROLE: &str = "admin";

/// What the first set-up asks for.
#[derive(Debug, Clone)]
pub struct FirstCompany {
    pub id: String,
    pub name: String,
    pub person_name: String,
    pub login: String,
    pub password: String,
}

impl Access {
    /// Whether nobody has set this house up yet. Companies are never deleted, so once is for ever.
    pub async fn set_up_needed(&self) -> Result<bool, AccessError> {
        Ok(self.store.companies().await?.is_empty() && !self.store.has_credentials().await?)
    }

    /// A token for the set-up page, to be shown on the console; none when set-up is over.
    pub async fn set_up_link(&self, now: Instant) -> Result<Option<Link>, AccessError> {
        if !self.set_up_needed().await? {
            return Ok(None);
        }
        let link = Link { token: Token::draw(&self.entropy), expires_at: now.plus_seconds(LINK_SECONDS) };
        let kept = OneTimeToken {
            token: link.token.hash(),
            purpose: SET_UP.into(),
            company: None,
            person: None,
            expires_at: link.expires_at,
        };
        self.store.add_one_time_token(&kept).await?;
        Ok(Some(link))
    }

    /// Makes the first company with its first person, who is then logged in.
    pub async fn set_up(
        &self,
        token: &Token,
        first: FirstCompany,
        client: &Client,
        now: Instant,
    ) -> Result<LoggedIn, AccessError> {
        let _alone = self.setting_up.lock().await;
        if !self.set_up_needed().await? {
            return Err(AccessError::SetUpOver);
        }
        self.store.one_time_token(&token.hash(), SET_UP, now).await?.ok_or(AccessError::LinkExpired)?;
        let (company, person) = first.checked()?;
        let hash = self.hasher.hash(&first.password, &self.entropy).await?;
        self.store.use_one_time_token(&token.hash(), SET_UP, now).await?.ok_or(AccessError::LinkExpired)?;
        let who = Who { company, person: person.id.clone() };
        self.commit(first.commit(&who, &person, hash, now)?).await?;
        self.begin(who, client, now).await
    }
}

impl FirstCompany {
    fn checked(&self) -> Result<(zhupi_domain::CompanyId, Person), AccessError> {
        let company = company_id(&self.id).ok_or(AccessError::BadField { field: "company.id" })?;
        for (field, text) in [("company.name", &self.name), ("person.name", &self.person_name)] {
            if text.trim().is_empty() || text.chars().count() > 100 {
                return Err(AccessError::BadField { field });
            }
        }
        let login = login::normal(&self.login);
        if !login::is_good(&login) {
            return Err(AccessError::BadField { field: "person.login" });
        }
        rules::check(&self.password, &login).map_err(AccessError::Weak)?;
        let role = Name::new(FIRST_ROLE).map_err(|error| AccessError::Internal(error.to_string()))?;
        let person = Person {
            id: PersonId::new(login.clone()),
            name: self.person_name.trim().to_owned(),
            login: Some(login),
            email: None,
            department: None,
            post: None,
            roles: BTreeSet::from([RoleGrant { role, department: None }]),
            manager: None,
            attributes: BTreeMap::new(),
            language: Locale::Zh,
            substitutes: Vec::new(),
            active: true,
        };
        Ok((company, person))
    }

    fn commit(&self, who: &Who, person: &Person, hash: String, now: Instant) -> Result<Commit, AccessError> {
        let by = By::Console;
        let record = password::record(person)?;
        let mut commit = SecurityEvent::CompanySetUp { person: &who.person }.alone(&who.company, &by, now);
        let added = Signed { actor: by.actor(), at: now }.person(None, person);
        commit.events.push(added.map_err(|error| AccessError::Internal(error.to_string()))?);
        commit.changes.push(Change::CreateCompany { name: self.name.trim().to_owned(), at: now });
        commit.changes.push(Change::PutPerson(record));
        commit.changes.push(Change::PutCredential { person: who.person.clone(), hash, at: now });
        Ok(commit)
    }
}
