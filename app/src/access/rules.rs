//! What a new password must be: long enough, and not one that everybody tries first. No rules of composition.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// In characters.
pub const SHORTEST_PASSWORD: usize = 8;
/// In characters: enough for any phrase, and a bound on the work of hashing.
pub const LONGEST_PASSWORD: usize = 256;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeakPassword {
    TooShort,
    TooLong,
    /// On the list of common ones, one character over and over, or the login itself.
    TooCommon,
}

/// Checks a new password. Spaces and all other characters count, and nothing is cut or changed.
pub fn check(password: &str, login: &str) -> Result<(), WeakPassword> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(WeakPassword::TooShort);
    }
    if length > LONGEST_PASSWORD {
        return Err(WeakPassword::TooLong);
    }
    let folded = password.to_lowercase();
    let first = folded.chars().next();
    let one_character = folded.chars().all(|c| Some(c) == first);
    if one_character || folded == login.to_lowercase() || COMMON.contains(folded.as_str()) {
        return Err(WeakPassword::TooCommon);
    }
    Ok(())
}

/// In lower case, one a line; those below the shortest length are left out of the file.
static COMMON: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("../../data/common-passwords.txt").lines().collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check("1a2b3c4", "li"), Err(WeakPassword::TooShort));
        assert_eq!(check("床前明月光疑是地", "li"), Ok(()));
        assert_eq!(check(&"ab".repeat(129), "li"), Err(WeakPassword::TooLong));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in ["password1", "PassWord123", "woaini1314", "11111111", "88888888", "qwertyuiop", "Zhao.Wei1"] {
            assert_eq!(check(common, "zhao.wei1"), Err(WeakPassword::TooCommon), "{common}");
        }
        assert_eq!(check("correct horse battery", "li"), Ok(()));
    }

    #[test]
    fn the_list_is_as_its_file_says() {
        assert!(COMMON.len() >= 300, "{}", COMMON.len());
        for password in COMMON.iter() {
            assert!(password.chars().count() >= SHORTEST_PASSWORD, "{password} is refused for its length already");
            assert_eq!(*password, password.to_lowercase());
        }
    }
}
