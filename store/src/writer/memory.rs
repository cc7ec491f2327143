//! Heads of streams that this writer wrote or asked for last, so that it need not ask again.
//!
//! What is remembered may be out of date, because another server wrote meanwhile. Nothing relies on it: the statement that
//! writes compares, and writes nothing where it does not hold.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zhupi_domain::{CompanyId, ContentHash};

use crate::Stream;

/// Number and hash of a stream's last event.
pub(crate) type Head = (i64, ContentHash);

/// How many heads one of the two generations holds.
const GENERATION: usize = 32_768;

/// The heads that all lines of the writer remember. No two of them ask for the same stream at once.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Heads>);

/// The younger generation, and the one before it, which is forgotten as a whole.
#[derive(Debug, Default)]
struct Heads {
    young: HashMap<(CompanyId, Stream), Head>,
    old: HashMap<(CompanyId, Stream), Head>,
}

impl Memory {
    pub(crate) fn head(&self, key: &(CompanyId, Stream)) -> Option<Head> {
        let heads = self.heads();
        heads.young.get(key).or_else(|| heads.old.get(key)).copied()
    }

    pub(crate) fn remember(&self, remembered: impl IntoIterator<Item = ((CompanyId, Stream), Head)>) {
        let mut heads = self.heads();
        for (key, head) in remembered {
            if heads.young.len() >= GENERATION {
                heads.old = std::mem::take(&mut heads.young);
            }
            heads.young.insert(key, head);
        }
    }

    pub(crate) fn forget(&self, key: &(CompanyId, Stream)) {
        let mut heads = self.heads();
        heads.young.remove(key);
        heads.old.remove(key);
    }

    /// A poisoned lock only means that another thread panicked between two whole values.
    fn heads(&self) -> MutexGuard<'_, Heads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use zhupi_domain::InstanceId;

    use super::*;

    fn key(number: usize) -> (CompanyId, Stream) {
        (CompanyId::new("pharma"), Stream::Instance(InstanceId::new(format!("{number:08}"))))
    }

    #[test]
    fn the_last_heads_are_remembered_and_the_first_are_forgotten() {
        let memory = Memory::default();
        memory.remember((0..GENERATION * 2 + 1).map(|number| (key(number), (1, ContentHash::ZERO))));
        assert!(memory.head(&key(0)).is_none());
        assert!(memory.head(&key(GENERATION)).is_some() && memory.head(&key(GENERATION * 2)).is_some());
        let heads = memory.heads();
        assert!(heads.young.len() + heads.old.len() <= 2 * GENERATION);
    }

    #[test]
    fn a_head_that_is_remembered_anew_is_the_later_one() {
        let memory = Memory::default();
        memory.remember([(key(1), (2, ContentHash::ZERO))]);
        let young = std::mem::take(&mut memory.heads().young);
        memory.heads().old = young;
        memory.remember([(key(1), (4, ContentHash::ZERO))]);
        assert_eq!(memory.head(&key(1)), Some((4, ContentHash::ZERO)));
        memory.forget(&key(1));
        assert_eq!(memory.head(&key(1)), None);
    }
}
