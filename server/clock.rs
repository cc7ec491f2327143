//! The one place where the time of day is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use zhupi_domain::Instant;

/// Tells the time: the system's, or, while the demo writes its history, the moment that the script has come to.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    /// Microseconds since 1970; 0 stands for the system's time.
    told: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        match self.told.load(Ordering::SeqCst) {
            0 => system_now(),
            micros => Instant::from_micros(micros).unwrap_or_else(system_now),
        }
    }

    /// Stands still at a moment. Only the demo does this, before anybody else can ask.
    pub fn stand_at(&self, moment: Instant) {
        self.told.store(moment.micros(), Ordering::SeqCst);
    }

    /// Follows the system's time again.
    pub fn run_on(&self) {
        self.told.store(0, Ordering::SeqCst);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn system_now() -> Instant {
    Instant::new(chrono::Utc::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_stands_until_it_runs_on() {
        let clock = Clock::system();
        let moment = Instant::from_micros(1_000_000).unwrap();
        clock.stand_at(moment);
        assert_eq!(clock.clone().now(), moment);
        clock.run_on();
        assert!(clock.now() > moment);
    }
}
