//! Heads of streams that this writer wrote or asked for last, so that it need not ask again.
//!
//! What is remembered may be out of date, because another server wrote meanwhile. Nothing relies on it: the statement that
//! writes compares, and writes nothing where it does not hold.

use std::collections::BTreeMap;

use zhupi_domain::{CompanyId, ContentHash};

use crate::Stream;

/// Number and hash of a stream's last event.
pub(crate) type Head = (i64, ContentHash);

/// How many heads one of the two generations holds.
const GENERATION: usize = 32_768;

/// The younger generation, and the one before it, which is forgotten as a whole.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    young: BTreeMap<(CompanyId, Stream), Head>,
    old: BTreeMap<(CompanyId, Stream), Head>,
}

impl Memory {
    pub(crate) fn head(&self, key: &(CompanyId, Stream)) -> Option<Head> {
        self.young.get(key).or_else(|| self.old.get(key)).copied()
    }

    pub(crate) fn remember(&mut self, heads: impl IntoIterator<Item = ((CompanyId, Stream), Head)>) {
        for (key, head) in heads {
            if self.young.len() >= GENERATION {
                self.old = std::mem::take(&mut self.young);
            }
            self.young.insert(key, head);
        }
    }

    pub(crate) fn forget(&mut self, key: &(CompanyId, Stream)) {
        self.young.remove(key);
        self.old.remove(key);
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
        let mut memory = Memory::default();
        memory.remember((0..GENERATION * 2 + 1).map(|number| (key(number), (1, ContentHash::ZERO))));
        assert!(memory.head(&key(0)).is_none());
        assert!(memory.head(&key(GENERATION)).is_some() && memory.head(&key(GENERATION * 2)).is_some());
        assert!(memory.young.len() + memory.old.len() <= 2 * GENERATION);
    }

    #[test]
    fn a_head_that_is_remembered_anew_is_the_later_one() {
        let mut memory = Memory::default();
        memory.remember([(key(1), (2, ContentHash::ZERO))]);
        memory.old = std::mem::take(&mut memory.young);
        memory.remember([(key(1), (4, ContentHash::ZERO))]);
        assert_eq!(memory.head(&key(1)), Some((4, ContentHash::ZERO)));
        memory.forget(&key(1));
        assert_eq!(memory.head(&key(1)), None);
    }
}
