//! What the security stream of a company is told. Never a password, never a token.

use serde_json::{Value, json};
use zhupi_domain::{CompanyId, Instant, PersonId};
use zhupi_store::{Commit, NewEvent, Stream};

/// On whose behalf something about access happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Person(PersonId),
    /// The operator, at the console of the machine.
    Console,
    /// Nobody that we know: tries at a log-in.
    Unknown,
}

impl By {
    /// The actor as events name it.
    pub fn actor(&self) -> String {
        match self {
            Self::Person(person) => format!("person:{person}"),
            Self::Console => "console".into(),
            Self::Unknown => "unknown".into(),
        }
    }
}

/// Something that happened to a person's access.
pub(super) enum SecurityEvent<'a> {
    LoggedIn { person: &'a PersonId, address: &'a str, known_device: bool },
    LoginsFailed { login: &'a str, address: &'a str, failures: i64 },
    LoggedOut { person: &'a PersonId },
    PasswordChanged { person: &'a PersonId },
    ResetStarted { person: &'a PersonId },
    PasswordReset { person: &'a PersonId },
    TokenMade { person: &'a PersonId, days: u16 },
    CompanySetUp { person: &'a PersonId },
}

const VERSION: i64 = 1;

impl SecurityEvent<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::LoggedIn { .. } => "logged_in",
            Self::LoginsFailed { .. } => "logins_failed",
            Self::LoggedOut { .. } => "logged_out",
            Self::PasswordChanged { .. } => "password_changed",
            Self::ResetStarted { .. } => "password_reset_started",
            Self::PasswordReset { .. } => "password_reset",
            Self::TokenMade { .. } => "token_made",
            Self::CompanySetUp { .. } => "company_set_up",
        }
    }

    fn payload(&self) -> Value {
        match self {
            Self::LoggedIn { person, address, known_device } => {
                json!({ "person": person, "address": address, "known_device": known_device })
            }
            Self::LoginsFailed { login, address, failures } => {
                json!({ "login": login, "address": address, "failures": failures })
            }
            Self::TokenMade { person, days } => json!({ "person": person, "days": days }),
            Self::LoggedOut { person }
            | Self::PasswordChanged { person }
            | Self::ResetStarted { person }
            | Self::PasswordReset { person }
            | Self::CompanySetUp { person } => json!({ "person": person }),
        }
    }

    /// The event as the store takes it.
    pub(super) fn by(&self, by: &By, at: Instant) -> NewEvent {
        NewEvent {
            stream: Stream::Security,
            kind: self.kind().into(),
            version: VERSION,
            actor: by.actor(),
            at,
            payload: self.payload().to_string(),
        }
    }

    /// A commit that holds nothing else.
    pub(super) fn alone(&self, company: &CompanyId, by: &By, at: Instant) -> Commit {
        let mut commit = Commit::new(company.clone());
        commit.events.push(self.by(by, at));
        commit
    }
}
