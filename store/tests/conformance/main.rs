//! What the store promises, on SQLite and on PostgreSQL alike: one suite, run on both.

#[path = "../support/mod.rs"]
mod support;

mod actions;
