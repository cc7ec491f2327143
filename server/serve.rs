//! The server itself: listens, answers, and ends without losing anything.

use std::future::{Future, IntoFuture as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
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
use crate::{api, http, ui};

/// Requests that are under way may take so long to finish when the server stops.
const PATIENCE: Duration = Duration::from_secs(20);

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
    let told = async move {
        stop.await;
        tracing::info!("stopping: requests under way are finished, no new ones are taken");
        // Open event streams and workers listen to this.
        let _ = stopper.send(true);
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(told).into_future();
    tokio::pin!(serving);
    let mut stopped = stopping;
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = patience(&mut stopped) => {
            tracing::warn!("some clients did not end in time");
            Ok(())
        }
    };
    workers.stop().await;
    house.store.close().await;
    ended.context("the server ended")
}

/// Over a while after the server was told to stop.
async fn patience(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_ok() {
        tokio::time::sleep(PATIENCE).await;
    } else {
        std::future::pending::<()>().await;
    }
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
