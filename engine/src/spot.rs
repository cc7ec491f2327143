//! Something of a flow, and in which lane of the repeated blocks around it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zhupi_domain::Name;

/// The lanes of the `each` blocks around something, the outermost first; empty outside of them. Lanes count from 0.
pub type Lanes = Vec<u32>;

/// Something that a flow writes once and that happens once in every lane around it. Written `review`, `review[2]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At<T> {
    pub what: T,
    pub lanes: Lanes,
}

/// A step or a result in its lane.
pub type Spot = At<Name>;

impl<T> At<T> {
    pub fn new(what: T, lanes: Lanes) -> Self {
        Self { what, lanes }
    }
}

impl<T> From<T> for At<T> {
    fn from(what: T) -> Self {
        Self { what, lanes: Lanes::new() }
    }
}

impl<T: fmt::Display> fmt::Display for At<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)?;
        self.lanes.iter().try_for_each(|lane| write!(f, "[{lane}]"))
    }
}

/// A text that is nothing in a lane.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a name with lanes, such as `review[2]`")]
pub struct NotAt(String);

impl<T: FromStr> FromStr for At<T> {
    type Err = NotAt;

    fn from_str(text: &str) -> Result<Self, NotAt> {
        let wrong = || NotAt(text.to_owned());
        let mut parts = text.split('[');
        let what = parts.next().and_then(|what| what.parse().ok()).ok_or_else(wrong)?;
        let lane = |part: &str| part.strip_suffix(']')?.parse().ok();
        let lanes = parts.map(lane).collect::<Option<Lanes>>().ok_or_else(wrong)?;
        Ok(Self { what, lanes })
    }
}

impl<T: fmt::Display> Serialize for At<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spots_read_back_what_they_write() {
        for text in ["review", "review[2]", "review[0][11]"] {
            assert_eq!(text.parse::<Spot>().map(|spot| spot.to_string()), Ok(text.to_owned()));
        }
        for text in ["review[", "review[]", "review[x]", "review]2[", "Review[0]", "[0]", "review[-1]"] {
            assert!(text.parse::<Spot>().is_err(), "{text}");
        }
        assert_eq!("7[1]".parse::<At<u32>>(), Ok(At::new(7, vec![1])));
    }
}
