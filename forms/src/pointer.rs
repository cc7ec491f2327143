//! Places inside a form's data, as JSON pointers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place inside a form's data: `""` is the whole, `/rows/1/amount` a cell of the second row (RFC 6901).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The whole data.
    pub fn root() -> Self {
        Self::default()
    }

    /// A member of the object that stands here.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        Self(format!("{}/{}", self.0, name.replace('~', "~0").replace('/', "~1")))
    }

    /// An item of the list that stands here, counted from 0.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes, unescaped.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"))
    }

    /// Whether `other` is this place or lies inside it.
    pub fn holds(&self, other: &Pointer) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl From<&str> for Pointer {
    /// Takes a pointer as it was written.
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_and_holds_what_lies_inside() {
        let cell = Pointer::root().field("行/表").item(1).field("a~b");
        assert_eq!(cell.as_str(), "/行~1表/1/a~0b");
        assert_eq!(cell.segments().collect::<Vec<_>>(), ["行/表", "1", "a~b"]);
        assert!(Pointer::root().holds(&cell));
        assert!(cell.holds(&cell));
        assert!(!Pointer::root().field("行").holds(&cell), "a longer name is another place");
    }
}
