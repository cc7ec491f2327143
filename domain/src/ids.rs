//! Typed identities: what cannot be mixed up cannot leak.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name cannot be empty")]
    Empty,
    #[error("a name has at most {} characters", Name::MAX_LENGTH)]
    TooLong,
    #[error("a name starts with a letter a–z and goes on with a–z, 0–9, `-` and `_`")]
    BadCharacter,
    #[error("`{0}` is read as a truth value by many YAML readers and cannot be a name")]
    TruthWord(String),
}

/// A name that an author gives in a pack: a flow, step, form, field, param, role, …
///
/// One pattern for all of them: `[a-z][a-z0-9_-]*`, at most 64 characters, and never `yes`, `no`, `on`, `off`, `true`,
/// `false`, `null`, which several YAML readers turn into something else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const MAX_LENGTH: usize = 64;
    const TRUTH_WORDS: [&str; 9] = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"];

    /// Reads a name.
    pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
        let text = text.into();
        let mut characters = text.chars();
        match characters.next() {
            None => return Err(NameError::Empty),
            Some('a'..='z') => {}
            Some(_) => return Err(NameError::BadCharacter),
        }
        if !characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_') {
            return Err(NameError::BadCharacter);
        }
        if text.len() > Self::MAX_LENGTH {
            return Err(NameError::TooLong);
        }
        if Self::TRUTH_WORDS.contains(&text.as_str()) {
            return Err(NameError::TruthWord(text));
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Gives an id type the traits that every id has.
macro_rules! id {
    ($(#[$doc:meta])* $id:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $id(String);

        impl $id {
            /// Takes an id as it was given; ids are opaque, only the store tells whether it exists.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($id), self.0)
            }
        }
    };
}

id! {
    /// One tenant. Nothing of one company is ever visible to another.
    CompanyId
}
id! {
    /// One person of one company's directory. Never deleted, only deactivated.
    PersonId
}
id! {
    /// One request on its way: a UUID version 7, so that ids sort by the time they were made.
    InstanceId
}
id! {
    /// One uploaded file.
    FileId
}

impl std::str::FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::new(text)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Name::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash before the first of a chain.
    pub const ZERO: Self = Self([0; 32]);

    /// Digests the parts one after another. Callers that hash several variable parts frame them with their lengths.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(bytes))
    }
}

/// Bytes as small hexadecimal digits: every event has several hashes, so that this is done often.
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|half| DIGITS[usize::from(half)]));
    }
    text
}

/// The value of a small hexadecimal digit.
fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ContentHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ContentHash::parse(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 digest"))
    }
}

/// The content hash of a release: the only version there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReleaseHash(pub ContentHash);

impl ReleaseHash {
    /// The first twelve digits: enough to tell releases apart on a screen.
    pub fn short(&self) -> String {
        self.0.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for ReleaseHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_lower_case_identifier() {
        for good in ["a", "bad-debt", "bad_debt_2", "x9"] {
            assert_eq!(Name::new(good).map(|n| n.to_string()), Ok(good.to_owned()));
        }
        assert_eq!(Name::new(""), Err(NameError::Empty));
        for bad in ["Bad", "9x", "坏账", "a b", "a.b", "-a", "a/../b"] {
            assert_eq!(Name::new(bad), Err(NameError::BadCharacter), "{bad}");
        }
        assert_eq!(Name::new("no"), Err(NameError::TruthWord("no".into())));
        assert_eq!(Name::new("a".repeat(65)), Err(NameError::TooLong));
    }

    #[test]
    fn a_hash_reads_back_what_it_writes() {
        let hash = ContentHash::of(&[b"ab", b"c"]);
        assert_eq!(ContentHash::of(&[b"abc"]), hash);
        assert_eq!(ContentHash::parse(&hash.to_string()), Some(hash));
        assert_eq!(ContentHash::parse(&hash.to_string().to_uppercase()), None);
        assert_eq!(ContentHash::parse("12"), None);
    }
}
