//! What runs beside the requests: each worker is a loop of bounded rounds under leases, and ends when it is told to.

mod lease;
mod mail;
mod outbox;
mod sealer;
mod starts;
mod sweeps;
mod timers;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use zhupi_app::App;

use crate::clock::Clock;
pub use lease::Holder;
pub use mail::Mailer;
pub use outbox::{Lane, Outbox};
pub use timers::Timers;

/// What workers work with.
#[derive(Clone)]
pub struct Tools {
    pub app: App,
    pub clock: Clock,
    /// What this process is to the others that share the data.
    pub holder: Holder,
    pub mailer: Option<Mailer>,
    pub public_url: String,
}

/// The workers of a running server.
pub struct Workers {
    running: JoinSet<()>,
    stop: watch::Sender<bool>,
}

/// How long workers may take to finish their round when the server stops; a script has less time than that.
const PATIENCE: Duration = Duration::from_millis(2_500);

impl Workers {
    /// Starts all of them.
    pub fn start(tools: &Tools) -> Self {
        let (stop, stopping) = watch::channel(false);
        let mut running = JoinSet::new();
        running.spawn(outbox::run(tools.clone(), Lane::Steps, stopping.clone()));
        running.spawn(outbox::run(tools.clone(), Lane::Notices, stopping.clone()));
        running.spawn(timers::run(tools.clone(), stopping.clone()));
        running.spawn(sealer::run(tools.clone(), stopping.clone()));
        running.spawn(starts::run(tools.clone(), stopping.clone()));
        running.spawn(sweeps::run(tools.clone(), stopping));
        Self { running, stop }
    }

    /// Lets them finish what they are at, and ends them.
    pub async fn stop(mut self) {
        // Nobody listening means that all have ended already.
        let _ = self.stop.send(true);
        let ended = tokio::time::timeout(PATIENCE, async { while self.running.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!("workers did not end in time: what they were at is done again by the next start");
            self.running.abort_all();
        }
    }
}

/// Waits for a while, or until the server stops; whether it stops.
async fn rest(stopping: &mut watch::Receiver<bool>, pause: Duration) -> bool {
    let stopped = tokio::time::timeout(pause, stopping.wait_for(|stopping| *stopping)).await;
    stopped.is_ok()
}
