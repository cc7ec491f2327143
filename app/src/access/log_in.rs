//! Logging in: slow for who guesses, one answer for all failures, and the victim of guesses is not locked out.

use zhupi_domain::{CompanyId, Instant, PersonId, login};
use zhupi_store::CommitOutcome;
use zhupi_store::WritePort as _;

use super::back_off::{ACCOUNT, ADDRESS, DEVICE};
use super::events::SecurityEvent;
use super::{Access, AccessError, BackOff, By, LoggedIn, Token, Who, company_id};

/// What the other side says, and from where.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// Network address, for back-off and the security stream.
    pub address: String,
    /// What the browser says about itself.
    pub agent: String,
    /// Proof of an earlier log-in on this device.
    pub device: Option<Token>,
}

/// One try.
#[derive(Debug, Clone)]
pub struct LogIn {
    pub company: String,
    pub login: String,
    pub password: String,
}

/// Under what failures are counted for one try.
struct Count {
    company: CompanyId,
    key: String,
    rule: BackOff,
}

impl Access {
    /// Lets a person in who knows the password.
    ///
    /// An unknown company or login costs the same work and gives the same answer as a wrong password.
    pub async fn log_in(&self, attempt: LogIn, client: &Client, now: Instant) -> Result<LoggedIn, AccessError> {
        let name = login::normal(&attempt.login);
        let address = Count { company: CompanyId::new(""), key: format!("address:{}", client.address), rule: ADDRESS };
        self.may_try(&address, now).await?;
        let company = company_id(&attempt.company).filter(|_| name.len() <= login::LONGEST);
        let Some(company) = company else {
            self.hasher.verify(&attempt.password, None).await?;
            self.count_failure(&address, now).await?;
            return Err(AccessError::LoginFailed);
        };
        let account = format!("{company}/{name}");
        let _held = self.hasher.hold(&account).await;
        let (person, hash) = self.credential_of(&company, &name).await?;
        let counts = self.account_count(&company, &name, person.as_ref(), client, now).await?;
        self.may_try(&counts, now).await?;
        let right = self.hasher.verify(&attempt.password, hash).await?;
        match person.filter(|_| right) {
            Some(person) => self.let_in(Who { company, person }, &counts, client, now).await,
            None => {
                self.count_failure(&address, now).await?;
                let failures = self.count_failure(&counts, now).await?;
                self.tell_failures(&company, &name, failures, client, now).await;
                Err(AccessError::LoginFailed)
            }
        }
    }

    /// The active person of a login with the hash of the password; the same questions are asked when there is nobody.
    async fn credential_of(
        &self,
        company: &CompanyId,
        login: &str,
    ) -> Result<(Option<PersonId>, Option<String>), AccessError> {
        let person = self.store.person_by_login(company, login).await?.filter(|person| person.active);
        let person = person.map(|person| person.id);
        let asked = person.clone().unwrap_or_else(|| PersonId::new(""));
        let hash = self.store.credential(company, &asked).await?.map(|credential| credential.hash);
        Ok((person, hash))
    }

    /// A known device has a count of its own, so that guesses from elsewhere do not hold it up.
    async fn account_count(
        &self,
        company: &CompanyId,
        login: &str,
        person: Option<&PersonId>,
        client: &Client,
        now: Instant,
    ) -> Result<Count, AccessError> {
        if let (Some(person), Some(device)) = (person, &client.device) {
            let who = Who { company: company.clone(), person: person.clone() };
            if self.knows_device(&who, client, now).await? {
                return Ok(Count { company: who.company, key: format!("device:{}", device.hash()), rule: DEVICE });
            }
        }
        Ok(Count { company: company.clone(), key: format!("account:{login}"), rule: ACCOUNT })
    }

    async fn may_try(&self, count: &Count, now: Instant) -> Result<(), AccessError> {
        match self.store.login_failures(&count.company, &count.key).await? {
            Some((_, last)) if count.rule.forgets(last, now) => {
                Ok(self.store.clear_login_failures(&count.company, &count.key).await?)
            }
            Some((failures, last)) => match count.rule.wait(failures, last, now) {
                Some(retry_after) => Err(AccessError::TooManyAttempts { retry_after }),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    async fn count_failure(&self, count: &Count, now: Instant) -> Result<i64, AccessError> {
        Ok(self.store.add_login_failure(&count.company, &count.key, now).await?)
    }

    async fn let_in(&self, who: Who, count: &Count, client: &Client, now: Instant) -> Result<LoggedIn, AccessError> {
        self.store.clear_login_failures(&count.company, &count.key).await?;
        let known_device = self.knows_device(&who, client, now).await?;
        let event = SecurityEvent::LoggedIn { person: &who.person, address: &client.address, known_device };
        self.commit(event.alone(&who.company, &By::Person(who.person.clone()), now)).await?;
        self.begin(who, client, now).await
    }

    /// Tells the company's security stream when guessing at an account begins to cost, and then with every doubling: a guesser
    /// must not be able to fill the log. A company that does not exist has no stream.
    async fn tell_failures(&self, company: &CompanyId, login: &str, failures: i64, client: &Client, now: Instant) {
        let worth = failures >= ACCOUNT.free && failures.checked_rem(ACCOUNT.free) == Some(0);
        let worth = worth && u64::try_from(failures / ACCOUNT.free).is_ok_and(u64::is_power_of_two);
        if !worth || !matches!(self.store.company(company).await, Ok(Some(_))) {
            return;
        }
        let event = SecurityEvent::LoginsFailed { login, address: &client.address, failures };
        let outcome = self.store.commit(event.alone(company, &By::Unknown, now)).await;
        if !matches!(outcome, CommitOutcome::Committed(_)) {
            tracing::warn!(?outcome, "failed log-ins could not be told to the security stream");
        }
    }
}
