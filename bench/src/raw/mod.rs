//! What the databases allow: one approval action with nothing of ours around it.
//!
//! The action: read the instance's version, update it if it is unchanged, insert two events, delete the open task, insert
//! the next one, insert a message, commit.

pub mod postgres;
pub mod sqlite;

/// People that tasks belong to, and companies.
const PEOPLE: u64 = 20_000;
const COMPANIES: u64 = 200;

/// Numbers that look random and are the same in every run.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % limit.max(1)).unwrap_or_default()
    }
}
