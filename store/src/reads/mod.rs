//! What can be read. Lists take a `Scope` and come in pages.

mod accounts;
mod company;
mod directory;
mod facts;
mod inbox;
mod incidents;
mod instances;
mod timeline;

pub use accounts::{BalanceAt, BalanceFilter, OpenAccounts};
pub use inbox::{InboxCursor, InboxItem, OpenTasks};
pub use instances::InstanceFilter;

/// A pattern that finds a text anywhere, whatever it holds, without regard to the case of Latin letters.
pub(crate) fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// Sorts after every text that is a key.
pub(crate) const LAST: &str = "\u{10FFFF}";
