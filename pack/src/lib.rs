//! One company's pack: read, checked, hashed, and asked.
//!
//! [`Pack::read`] takes the files of a pack and gives back every problem with its place and, where there is none, a
//! [`Release`]: an immutable snapshot, named by the hash of its content. A release answers what the engine asks while a
//! request travels; the answers are computed from what the caller hands in, so nothing here reads a disk (but for
//! [`Folder::open`]), a clock, a database or the network.

pub mod answers;
pub mod cases;
mod check;
mod company;
mod convert;
pub mod diff;
mod folder;
mod libraries;
mod lower;
mod number;
mod pack;
mod paths;
pub mod pilot;
mod read;
mod release;
pub mod render;
pub mod seeds;
pub mod sheet;
mod sources;
mod starts;
mod yaml;

pub use answers::World;
pub use company::{Attribute, AttributeType, Can, Claim, Company, Role};
pub use diff::Diff;
pub use folder::{Folder, FolderError};
pub use number::{NumberFormat, NumberFormatError};
pub use pack::{Checked, Pack};
pub use read::accounts::Account;
pub use release::Release;
pub use starts::{AboutRule, Item, Occasion, Start, StartError, StartRule, Starts, StopRule, Trigger};
