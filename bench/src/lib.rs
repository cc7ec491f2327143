//! Measures approval actions: what the databases allow, what we reach, and the ratio of the two inside a round.
//!
//! The raw limits have tables and statements of their own and know nothing of ours. Only the `zhupi bench` command uses
//! this crate; nothing in the product depends on it.

pub mod cluster;
pub mod cpu;
mod dice;
pub mod figure;
pub mod ours;
pub mod raw;
pub mod window;
