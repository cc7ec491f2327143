//! What the databases allow: one approval action with nothing of ours around it.
//!
//! The action: read the instance's version, update it if it is unchanged, insert two events, delete the open task, insert
//! the next one, insert a message, commit.

pub mod postgres;
pub mod sqlite;

/// People that tasks belong to, and companies.
const PEOPLE: u64 = 20_000;
const COMPANIES: u64 = 200;
