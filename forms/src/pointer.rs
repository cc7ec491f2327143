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

    /// This place and those around it, innermost first; the whole data is left out.
    pub fn upwards(&self) -> impl Iterator<Item = &str> {
        let at = Some(self.as_str()).filter(|at| !at.is_empty());
        std::iter::successors(at, |at| at.rsplit_once('/').map(|(around, _)| around).filter(|at| !at.is_empty()))
    }
}

impl std::borrow::Borrow<str> for Pointer {
    fn borrow(&self) -> &str {
        &self.0
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
    fn a_pointer_escapes_and_knows_what_is_around_it() {
        let cell = Pointer::root().field("行/表").item(1).field("a~b");
        assert_eq!(cell.as_str(), "/行~1表/1/a~0b");
        assert_eq!(cell.segments().collect::<Vec<_>>(), ["行/表", "1", "a~b"]);
        assert_eq!(cell.upwards().collect::<Vec<_>>(), ["/行~1表/1/a~0b", "/行~1表/1", "/行~1表"]);
        assert_eq!(Pointer::root().upwards().count(), 0);
    }
}
