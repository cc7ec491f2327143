//! What the store promises, on SQLite and on PostgreSQL alike: one suite, run on both.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and says what it skips")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod actions;
mod backup;
mod balances;
mod data;
mod delivery;
mod disk;
mod files;
mod kills;
mod lists;
mod opened;
mod opening;
mod pilots;
mod races;
mod remembered;
mod verify;
