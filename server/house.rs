//! Puts the product together: the store, the use cases over it, and what they need from outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use zhupi_app::access::Access;
use zhupi_app::{App, Entropy};
use zhupi_store::{Salts, Store, StoreError};

use crate::clock::Clock;
use crate::config::Config;
use crate::demo::Shown;
use crate::workers::{Holder, Mailer, Tools};

/// The use cases of one opened store.
#[derive(Clone)]
pub struct House {
    pub store: Store,
    pub app: App,
    pub access: Access,
    pub clock: Clock,
    /// Whom to log in as, by company; only a demo has any.
    pub shown: Arc<BTreeMap<String, Vec<Shown>>>,
}

impl House {
    /// Opens the data to work with, and brings its schema up to date.
    pub async fn open(config: &Config) -> Result<Self, StoreError> {
        Ok(Self::over(Store::open(config.database.clone(), Salts::random()).await?))
    }

    /// Opens the data only to look at it, also while a server works on it.
    pub async fn look(config: &Config) -> Result<Self, StoreError> {
        Ok(Self::over(Store::open_read_only(config.database.clone()).await?))
    }

    /// The use cases over a store that is open already.
    pub fn over(store: Store) -> Self {
        let app = App::new(store.clone(), entropy());
        let access = Access::new(store.clone(), entropy());
        Self { store, app, access, clock: Clock::system(), shown: Arc::default() }
    }

    /// What the workers of a server on this data need.
    pub fn tools(&self, config: &Config) -> anyhow::Result<Tools> {
        let holder = match &config.database {
            zhupi_store::Config::Sqlite { .. } => Holder::alone(),
            zhupi_store::Config::Postgres { .. } => Holder::one_of_several(),
        };
        Ok(Tools {
            app: self.app.clone(),
            clock: self.clock.clone(),
            holder,
            mailer: config.mail.as_ref().map(Mailer::new).transpose()?,
            public_url: config.public_url.clone(),
        })
    }
}

/// The system's random source. Without one there is no safe token, so the process ends rather than go on.
fn entropy() -> Entropy {
    Entropy::new(|bytes| {
        if let Err(error) = getrandom::fill(bytes) {
            tracing::error!(%error, "no random source");
            std::process::abort();
        }
    })
}
