//! Forms: a written profile of JSON Schema 2020-12, and the data people fill in.
//!
//! [`Form::read`] checks a form and names every problem with its place. [`Form::accept`] alone decides what a submission
//! changes: who may write which field ([`Rights`]), how values are written, what is computed, what is missing; its errors
//! are sentences a clerk understands. [`Form::redact`] and [`Form::for_client`] give a view no more than it may see.
//!
//! Text and data in, data out: this crate knows no flows, users or storage, reads no files and no clock.

mod accept;
mod error;
mod expression;
mod limits;
mod locate;
mod lookup;
mod messages;
mod model;
mod pointer;
mod profile;
mod read;
mod redact;
mod references;
mod rights;
mod schema;
mod tree;
mod typed;
mod validator;

pub use accept::{Accepted, Purpose, ROW, Submission};
pub use error::{FieldError, Keyword};
pub use lookup::{LookedUp, Lookup, Wanted, Wants};
pub use messages::catalogue;
pub use model::{Class, Columns, Field, Form, Item, Kind};
pub use pointer::Pointer;
pub use profile::PROFILE;
pub use redact::Redacted;
pub use references::Reference;
pub use rights::{Right, RightEntry, Rights, View};
