//! Plain records: what the rows of the store say, without knowing what it means.

mod access;
mod accounts;
mod company;
mod data;
mod evidence;
mod pilots;
mod work;

pub use access::{Credential, OneTimeToken, Session};
pub use accounts::{AccountEntry, BalanceRecord, MovedBy};
pub use company::{
    Company, CurrentRelease, DepartmentRecord, DirectoryRecord, PersonRecord, Release, ReleaseSummary, Standing,
};
pub use data::{Calendar, Draft, Fact, FileRecord, FileState, NumberState, RegisterNumber};
pub use evidence::{Erasure, NewEvent, Payload, StoredEvent};
pub use pilots::{NewPilot, Pilot, PilotPayee, PilotRow};
pub use work::{
    Incident, Instance, InstanceSummary, OutboxMessage, OutboxState, SHARDS, Task, TaskStatus, Timer, outbox_id,
    shard_of,
};

pub(crate) use data::name;
pub(crate) use work::{NEVER, spaced};

/// Writes an enum of states as the words that its column holds.
macro_rules! words {
    ($kind:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $kind {
            /// The word under which it is stored and shown to machines.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(crate) fn parse(word: &str) -> Result<Self, $crate::StoreError> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::StoreError::Damaged(format!("`{other}` is no {}", stringify!($kind)))),
                }
            }
        }
    };
}
pub(crate) use words;
