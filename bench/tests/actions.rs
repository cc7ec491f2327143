//! That the measured actions are done and found again; how fast they are is nobody's matter here.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use zhupi_app::{App, Entropy};
use zhupi_bench::cpu::Meter;
use zhupi_bench::ours::Clock;
use zhupi_bench::ours::engine::Office;
use zhupi_bench::ours::port::Port;
use zhupi_bench::window::window;
use zhupi_domain::Instant;
use zhupi_store::{Config, Salts, Store};

const LASTING: Duration = Duration::from_millis(100);

/// A clock that goes on by a millisecond whenever it is looked at.
fn clock() -> Clock {
    let told = AtomicI64::new(1_800_000_000_000_000);
    Arc::new(move || Instant::from_micros(told.fetch_add(1000, Ordering::Relaxed)).unwrap())
}

async fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(Config::sqlite(folder.path()), Salts::random()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_write_port_acknowledged_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let port = Port::found(store.clone(), clock(), 40).await.unwrap();
    let (did, _) = window(port.actors(4, "run"), LASTING, &Meter::of_this_process()).await.unwrap();
    assert!(did.actions > 0);
    port.check().await.unwrap();
    assert!(store.verify(None).await.unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clerks_approve_until_nothing_waits() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let counter = AtomicI64::new(0);
    let entropy = Entropy::new(move |bytes| {
        let next = counter.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().zip(next.iter().rev().cycle()).for_each(|(byte, next)| *byte = *next);
    });
    let office = Office::found(App::new(store.clone(), entropy), clock()).await.unwrap();
    assert_eq!(office.provide(50, 0).await.unwrap(), 2);
    let (did, _) = window(office.clerks(2, "run"), Duration::from_secs(60), &Meter::of_this_process()).await.unwrap();
    assert_eq!(did.actions, 2 * 39);
    assert!(store.verify(None).await.unwrap().is_sound());
}
