//! People proving who they are: passwords, sessions, one-time links, and the back-off after failed log-ins.
//!
//! Only hashes of passwords and tokens are kept. What happens here is told to the company's security stream. What a person
//! may then do is asked anew for every request, so a session carries no rights.

mod api_token;
mod back_off;
mod events;
mod hasher;
mod language;
mod log_in;
mod password;
mod reset;
mod rules;
mod session;
mod set_up;
mod token;

use std::sync::Arc;

use zhupi_domain::{CompanyId, Name, PersonId};
use zhupi_store::{Commit, CommitOutcome, Store, StoreError, WritePort};

use crate::Entropy;

pub use back_off::BackOff;
pub use events::By;
pub use log_in::{Client, LogIn};
pub use reset::{Link, ResetTarget};
pub use rules::{LONGEST_PASSWORD, SHORTEST_PASSWORD, WeakPassword};
pub use session::{ABSOLUTE_SECONDS, IDLE_SECONDS, LoggedIn};
pub use set_up::FirstCompany;
pub use token::Token;

use hasher::Hasher;

/// The use cases of proving who one is. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    store: Store,
    entropy: Entropy,
    hasher: Arc<Hasher>,
    /// Set-ups happen one after another, so that two of them cannot both find an empty house.
    setting_up: Arc<tokio::sync::Mutex<()>>,
}

/// A person of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    pub company: CompanyId,
    pub person: PersonId,
}

/// Why somebody was not let in, or a password not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Wrong company, login or password, or a person who has left: which of them is not said.
    #[error("log-in failed")]
    LoginFailed,
    /// After too many failures; seconds until the next try counts.
    #[error("too many attempts, again in {retry_after} s")]
    TooManyAttempts { retry_after: u32 },
    #[error("the password is too weak: {0:?}")]
    Weak(WeakPassword),
    /// The old password was not right.
    #[error("wrong password")]
    WrongPassword,
    /// A one-time link that was used, is over, or was never given.
    #[error("the link is over")]
    LinkExpired,
    /// Somebody has set this house up already.
    #[error("set-up is over")]
    SetUpOver,
    /// No such person, or one who has left or cannot log in.
    #[error("no such person")]
    NoSuchPerson,
    /// Something given at set-up cannot be used; `field` names it.
    #[error("{field} cannot be used")]
    BadField { field: &'static str },
    /// More people log in at once than passwords can be checked.
    #[error("too busy to check passwords")]
    Busy,
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    /// Whether it was written is not known.
    #[error("the outcome is unknown")]
    Unknown,
    #[error("ours to mend: {0}")]
    Internal(String),
}

impl Access {
    /// Over a store; tokens and salts are drawn from `entropy`.
    pub fn new(store: Store, entropy: Entropy) -> Self {
        Self { store, entropy, hasher: Arc::default(), setting_up: Arc::default() }
    }

    async fn commit(&self, commit: Commit) -> Result<(), AccessError> {
        match self.store.commit(commit).await {
            CommitOutcome::Committed(_) => Ok(()),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Conflict(conflict) => Err(AccessError::Internal(format!("conflict: {conflict:?}"))),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => {
                Err(AccessError::Unknown)
            }
        }
    }
}

/// Reads a company's id; what cannot be one is no company.
fn company_id(text: &str) -> Option<CompanyId> {
    Name::new(text).ok().map(|name| CompanyId::new(name.as_str()))
}
