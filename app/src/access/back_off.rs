//! How long to wait after failed log-ins: longer with every one, but never for ever.

use zhupi_domain::Instant;

/// A rule of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackOff {
    /// Failures in a row that cost nothing.
    pub free: i64,
    /// The longest wait, in seconds.
    pub longest: i64,
    /// After so many quiet seconds all is forgotten.
    pub memory: i64,
}

/// Tries at one account, from devices that never logged in to it.
pub(super) const ACCOUNT: BackOff = BackOff { free: 5, longest: 300, memory: 3600 };
/// Tries from one device that has logged in to the account before: not held up by what others try.
pub(super) const DEVICE: BackOff = BackOff { free: 5, longest: 300, memory: 3600 };
/// Tries from one address: a whole office may share one.
pub(super) const ADDRESS: BackOff = BackOff { free: 30, longest: 300, memory: 3600 };

impl BackOff {
    /// Seconds to wait before another try, 1 and more; none when it may be tried now.
    ///
    /// One second after the first failure that is not free, twice as long after each further one.
    pub fn wait(&self, failures: i64, last: Instant, now: Instant) -> Option<u32> {
        let counted = failures.checked_sub(self.free).filter(|over| *over >= 0)?;
        let seconds = 1i64 << counted.min(32);
        // A clock set back must not hold anybody up for longer than the rule says.
        let passed = (now.micros() - last.micros()).max(0) / 1_000_000;
        let left = seconds.min(self.longest) - passed;
        u32::try_from(left).ok().filter(|left| *left > 0)
    }

    /// Whether the last failure is so long ago that it no longer counts.
    pub fn forgets(&self, last: Instant, now: Instant) -> bool {
        last.plus_seconds(self.memory) < now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000).unwrap()
    }

    #[test]
    fn waits_double_up_to_a_bound() {
        let waits = [4, 5, 6, 7, 13, 14, 62, 70, i64::MAX].map(|failures| ACCOUNT.wait(failures, at(100), at(100)));
        let bound = Some(300);
        assert_eq!(waits, [None, Some(1), Some(2), Some(4), Some(256), bound, bound, bound, bound]);
    }

    #[test]
    fn a_wait_passes() {
        assert_eq!(ACCOUNT.wait(7, at(100), at(103)), Some(1));
        assert_eq!(ACCOUNT.wait(7, at(100), at(104)), None);
        assert_eq!(ACCOUNT.wait(7, at(100), at(50)), Some(4), "a clock set back");
        assert!(ACCOUNT.forgets(at(100), at(3701)));
        assert!(!ACCOUNT.forgets(at(100), at(3700)));
    }
}
