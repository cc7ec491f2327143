//! What every handler works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;
use zhupi_app::App;
use zhupi_app::access::Access;
use zhupi_domain::Instant;

use super::cookies::Cookies;
use super::limits::{Dear, Limits};
use super::metrics::Metrics;
use super::problem::Failure;
use super::watching::Watching;
use crate::clock::Clock;
use crate::demo::Shown;

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct Shared(Arc<Parts>);

/// The parts, to be put together once.
pub struct Parts {
    pub app: App,
    pub access: Access,
    pub clock: Clock,
    pub cookies: Cookies,
    /// Where people reach this server, without a slash at the end.
    pub public_url: String,
    pub trust_proxy: bool,
    pub metrics_token: Option<String>,
    pub limits: Limits,
    pub metrics: Metrics,
    pub watching: Watching,
    /// Whom to log in as, by company; only a demo has any.
    pub shown: Arc<BTreeMap<String, Vec<Shown>>>,
    /// Becomes true when the server stops: open streams end then.
    pub stopping: watch::Receiver<bool>,
}

impl Shared {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// Counts one use of something dear.
    pub fn limit(&self, dear: Dear, who: &str) -> Result<(), Failure> {
        self.0.limits.take(dear, who, self.now()).map_err(Failure::too_many)
    }
}

impl std::ops::Deref for Shared {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
