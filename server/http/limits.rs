//! How often somebody may ask for what is dear: a bucket of tokens a person or address, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use zhupi_domain::Instant;

/// A bucket that fills steadily up to a size.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// How many may come at once.
    pub burst: i64,
    /// And then one every so many milliseconds.
    pub every_millis: i64,
}

/// What is limited, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dear {
    /// Passwords checked, by address.
    Password,
    /// Requests submitted and acted on, by person.
    Write,
    /// Routes and explanations computed, by person.
    Compute,
    /// Files taken in, by person.
    Upload,
    /// Releases made, by person.
    Deploy,
    /// Releases compared, by person.
    Pilot,
}

impl Dear {
    fn rate(self) -> Rate {
        match self {
            Self::Password => Rate { burst: 30, every_millis: 2_000 },
            Self::Write => Rate { burst: 120, every_millis: 250 },
            Self::Compute => Rate { burst: 60, every_millis: 250 },
            Self::Upload => Rate { burst: 60, every_millis: 1_000 },
            Self::Deploy => Rate { burst: 10, every_millis: 10_000 },
            Self::Pilot => Rate { burst: 20, every_millis: 5_000 },
        }
    }
}

/// More buckets than that are not kept: the fullest ones are forgotten, which costs nothing.
const MAX_BUCKETS: usize = 50_000;

/// All buckets.
#[derive(Debug, Default)]
pub struct Limits {
    /// When the bucket will be full again, in milliseconds since 1970.
    buckets: Mutex<BTreeMap<(Dear, String), i64>>,
}

impl Limits {
    /// Takes one; else says after how many seconds there is one again.
    pub fn take(&self, dear: Dear, who: &str, now: Instant) -> Result<(), u32> {
        let rate = dear.rate();
        let now = now.micros().div_euclid(1000);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let full_at = buckets.entry((dear, who.to_owned())).or_insert(now);
        let whole = rate.burst * rate.every_millis;
        // A clock set back must not leave anybody waiting for longer than an empty bucket would.
        *full_at = (*full_at).clamp(now, now + whole);
        let after = *full_at + rate.every_millis;
        if after - now > whole {
            let millis = after - now - whole;
            return Err(u32::try_from(millis.div_euclid(1000) + 1).unwrap_or(u32::MAX));
        }
        *full_at = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Instant {
        Instant::from_micros(1_800_000_000_000_000 + millis * 1000).unwrap()
    }

    #[test]
    fn a_burst_is_free_then_it_drips() {
        let limits = Limits::default();
        for _ in 0..30 {
            assert_eq!(limits.take(Dear::Password, "10.0.0.1", at(0)), Ok(()));
        }
        assert_eq!(limits.take(Dear::Password, "10.0.0.1", at(0)), Err(3));
        assert_eq!(limits.take(Dear::Password, "10.0.0.2", at(0)), Ok(()), "others have their own");
        assert_eq!(limits.take(Dear::Write, "10.0.0.1", at(0)), Ok(()), "and so has everything else");
        assert_eq!(limits.take(Dear::Password, "10.0.0.1", at(2_000)), Ok(()));
        assert!(limits.take(Dear::Password, "10.0.0.1", at(2_000)).is_err());
    }

    #[test]
    fn a_clock_set_back_does_not_lock_anybody_out() {
        let limits = Limits::default();
        limits.take(Dear::Password, "a", at(1_000_000_000)).unwrap();
        assert!(limits.take(Dear::Password, "a", at(0)).is_err_and(|seconds| seconds <= 3));
        assert_eq!(limits.take(Dear::Password, "a", at(3_000)), Ok(()));
    }
}
