//! Records, the write port and all SQL: one store on SQLite or PostgreSQL.
//!
//! The store knows rows, not what they mean: kinds are texts, states are JSON, people are opaque keys. What must happen
//! together comes as one `Commit`; what can be read has a function of its own, and lists take a `Scope`.

mod access;
mod backup;
mod chain;
mod database;
mod delivery;
mod digest;
mod drafts;
mod error;
mod files;
mod numbers;
mod pilots;
mod port;
mod reads;
mod records;
mod scope;
mod sealer;
mod sql;
mod store;
mod stream;
mod verify;
mod writer;

pub use backup::{BackedUpTable, Manifest};
pub use chain::{Envelope, Salts, commitment};
pub use database::{Config, slow_commits_down, watch_statements};
pub use delivery::Lane;
pub use drafts::SaveDraft;
pub use error::StoreError;
pub use files::{Download, NewFile, Upload};
pub use pilots::PayeesAfter;
pub use port::{BalanceMove, Change, Commit, CommitOutcome, Conflict, Guard, Idempotency, Response, WritePort};
pub use reads::{BalanceAt, BalanceFilter, InboxCursor, InboxItem, InstanceFilter, OpenAccounts, OpenTasks};
pub use records::*;
pub use scope::{MAX_PAGE, Opened, Page, Scope};
pub use sealer::Checkpoint;
pub use store::Store;
pub use stream::Stream;
pub use verify::{CompanyReport, Finding, Problem, Report, UnsealedWindow};
