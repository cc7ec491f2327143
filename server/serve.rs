//! The server itself: listens, answers, and ends in time without losing anything.

use std::future::Future;
use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::house::House;
use crate::http::cookies::Cookies;
use crate::http::limits::Limits;
use crate::http::metrics::Metrics;
use crate::http::state::{Parts, Shared};
use crate::http::watching::Watching;
use crate::workers::Workers;
use crate::{api, http, listen, ui};

/// Everything that answers requests on a house.
pub fn router(house: &House, config: &Config, stopping: watch::Receiver<bool>) -> Router {
    let shared = Shared::new(Parts {
        app: house.app.clone(),
        access: house.access.clone(),
        clock: house.clock.clone(),
        cookies: Cookies { secure: config.secure },
        public_url: config.public_url.clone(),
        trust_proxy: config.trust_proxy,
        metrics_token: config.metrics_token.clone(),
        limits: Limits::default(),
        metrics: Metrics::default(),
        watching: Watching::default(),
        shown: house.shown.clone(),
        stopping,
    });
    let (endpoints, document) = api::routes();
    let described = Router::new().route(&format!("{}/openapi.json", api::BASE), get(|| async { Json(document) }));
    let anything_else = format!("{}/{{*rest}}", api::BASE);
    let routes = endpoints
        .merge(described)
        .merge(api::operations())
        .route(&anything_else, axum::routing::any(api::nothing_here))
        .fallback(ui::serve);
    http::wrap(routes, shared)
}

/// So long after it was told to stop the process is gone, whatever still works inside it.
///
/// Requests have most of it (`listen`), workers what they need for a round (`Workers::stop`).
const GRACE: Duration = Duration::from_secs(10);

/// Serves until told to stop; then finishes what is under way and closes the house.
pub async fn serve(
    house: House,
    config: &Config,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let (stopper, stopping) = watch::channel(false);
    let router = router(&house, config, stopping.clone());
    let workers = Workers::start(&house.tools(config)?);
    tokio::spawn(async move {
        stop.await;
        tracing::info!("stopping: requests under way are finished, no new ones are taken");
        end_in_time();
        // Open event streams listen to this as well.
        let _ = stopper.send(true);
    });
    listen::listen(listener, router, stopping).await;
    workers.stop().await;
    house.store.close().await;
    Ok(())
}

/// Ends the process when its grace is over. A script or a pack that is being read cannot be interrupted; what was not
/// answered by then was not promised to anybody, and what was answered is durable.
fn end_in_time() {
    // A thread of its own: the runtime's may all be busy with just that.
    std::thread::spawn(|| {
        std::thread::sleep(GRACE);
        tracing::warn!(seconds = GRACE.as_secs(), "something does not end: the process ends without it");
        std::process::exit(0);
    });
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
