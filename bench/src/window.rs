//! Clients that act as fast as they are answered, for a stretch of time, and what came of it.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::cpu::Meter;

/// Somebody who acts, waits for the answer, and acts again.
pub trait Client: Send + 'static {
    /// Acts once; answers how many actions that were, and 0 when nothing is left to act on.
    fn act(&mut self) -> impl Future<Output = anyhow::Result<u64>> + Send;
}

/// What was done in one stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    pub actions: u64,
    pub took: Duration,
    /// CPU time of this process, and of the database's where it can be seen; none where it cannot.
    pub cpu: Option<Duration>,
    /// CPU time of this process alone.
    own: Option<Duration>,
    /// How long each answer took, in microseconds, sorted.
    waits: Vec<u32>,
}

impl Window {
    pub(crate) fn new(actions: u64, took: Duration, cpu: Option<Duration>, mut waits: Vec<u32>) -> Self {
        waits.sort_unstable();
        Self { actions, took, cpu, own: None, waits }
    }

    /// Actions a second.
    pub fn rate(&self) -> f64 {
        self.actions as f64 / self.took.as_secs_f64().max(1e-9)
    }

    /// Microseconds of CPU an action.
    pub fn cpu_micros(&self) -> Option<f64> {
        Some(self.cpu?.as_secs_f64() * 1e6 / self.actions.max(1) as f64)
    }

    /// Microseconds of CPU an action that the database's own processes took: what is left when this one costs nothing.
    pub fn database_micros(&self) -> Option<f64> {
        Some(self.cpu?.saturating_sub(self.own?).as_secs_f64() * 1e6 / self.actions.max(1) as f64)
    }

    /// The wait in microseconds that a share of the answers did not exceed.
    pub fn wait(&self, share: f64) -> f64 {
        let last = self.waits.len().saturating_sub(1) as f64;
        self.waits.get((last * share) as usize).copied().unwrap_or_default().into()
    }
}

/// Has all clients act at once until the time is over; gives them back for the next round.
pub async fn window<C: Client>(clients: Vec<C>, lasting: Duration, meter: &Meter) -> anyhow::Result<(Window, Vec<C>)> {
    let mine = Meter::of_this_process();
    let (cpu, own, began) = (meter.read(), mine.read(), Instant::now());
    let running: Vec<_> = clients.into_iter().map(|client| tokio::spawn(busy(client, began + lasting))).collect();
    let (mut back, mut actions, mut waits) = (Vec::new(), 0, Vec::new());
    for client in running {
        let (client, did, waited) = client.await??;
        back.push(client);
        actions += did;
        waits.extend(waited);
    }
    let window = Window::new(actions, began.elapsed(), meter.since(cpu), waits);
    Ok((Window { own: mine.since(own), ..window }, back))
}

async fn busy<C: Client>(mut client: C, end: Instant) -> anyhow::Result<(C, u64, Vec<u32>)> {
    let (mut actions, mut waits) = (0, Vec::new());
    let mut now = Instant::now();
    while now < end {
        let did = client.act().await?;
        if did == 0 {
            break;
        }
        actions += did;
        let after = Instant::now();
        waits.push(micros(after - now));
        now = after;
    }
    Ok((client, actions, waits))
}

pub(crate) fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Three(u64);

    impl Client for Three {
        async fn act(&mut self) -> anyhow::Result<u64> {
            self.0 = self.0.saturating_sub(1);
            Ok(u64::from(self.0 > 0))
        }
    }

    #[tokio::test]
    async fn who_has_nothing_left_stops() {
        let clients = vec![Three(4), Three(1)];
        let (window, clients) = window(clients, Duration::from_secs(5), &Meter::of_this_process()).await.unwrap();
        assert_eq!((window.actions, clients.len()), (3, 2));
        assert!(window.took < Duration::from_secs(5));
    }

    #[test]
    fn waits_are_told_by_their_share() {
        let window = Window::new(4, Duration::from_secs(2), Some(Duration::from_millis(1)), vec![40, 10, 20, 30]);
        assert_eq!((window.wait(0.0), window.wait(0.5), window.wait(1.0)), (10.0, 20.0, 40.0));
        assert_eq!((window.rate(), window.cpu_micros(), window.database_micros()), (2.0, Some(250.0), None));
        let window = Window { own: Some(Duration::from_micros(400)), ..window };
        assert_eq!(window.database_micros(), Some(150.0));
    }
}
