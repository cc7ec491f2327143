//! The words that every room of Zhupi shares, as types.
//!
//! Identity, money, time, people, texts, diagnostics, and the closed expression language. Nothing here knows another
//! crate of the workspace, and nothing here does I/O, reads a clock or draws a random number.

pub mod calendar;
pub mod diagnostic;
pub mod directory;
pub mod email;
pub mod expr;
pub mod ids;
pub mod json;
pub mod login;
pub mod money;
pub mod nearest;
mod substitute;
pub mod text;
pub mod time;

pub use diagnostic::{Diagnostic, Diagnostics, Severity, Span};
pub use ids::{CompanyId, ContentHash, FileId, InstanceId, Name, NameError, PersonId, ReleaseHash, hexadecimal};
pub use money::{Money, Rounding};
pub use rust_decimal::Decimal;
pub use text::{Locale, Text};
pub use time::Instant;
