//! Who is meant: the words with which a flow names people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use zhupi_domain::{Name, NameError, PersonId};

/// A person whom the instance itself names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonRef {
    /// Who submitted the request.
    Initiator,
    /// Whom the request is about.
    Subject,
    /// A person field of the form, written `form.NAME`.
    Field(Name),
    /// The item of the innermost `each` around the step, written `item`, or a field of it, `item.NAME`.
    Item(Option<Name>),
}

/// One way to find people. Written and stored as text, such as `role:finance` or `manager-of:initiator`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Selector {
    /// `person:ID`
    Person(PersonId),
    /// `role:NAME`, everyone who holds the role for the whole company; `role:NAME@initiator`, for that person's department.
    Role { role: Name, within: Option<PersonRef> },
    /// `committee:NAME`, everybody who belongs to a committee of the company.
    Committee(Name),
    /// `head-of:initiator`: the head of that person's department.
    HeadOf(PersonRef),
    /// `manager-of:initiator`, the direct superior; `manager-of:initiator^2`, the superior of the superior.
    ManagerOf { of: PersonRef, levels: u8 },
    /// `initiator`, `subject` or `form.NAME`.
    Is(PersonRef),
    /// `anyone`: every active person; only where a flow says who may start or read it.
    Anyone,
}

/// Why a text names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    #[error("unknown way to name people: `{0}`")]
    Unknown(String),
    #[error("`{0}` is not yet supported")]
    NotYetSupported(String),
    #[error("`{text}`: {error}")]
    BadName { text: String, error: NameError },
    #[error("`{0}`: the number of levels is between 1 and 9")]
    BadLevels(String),
}

impl PersonRef {
    fn parse(text: &str) -> Result<Self, SelectorError> {
        match text {
            "initiator" => Ok(Self::Initiator),
            "subject" => Ok(Self::Subject),
            "item" => Ok(Self::Item(None)),
            _ => match text.split_once('.') {
                Some(("form", field)) => Ok(Self::Field(name(field)?)),
                Some(("item", field)) => Ok(Self::Item(Some(name(field)?))),
                _ => Err(SelectorError::Unknown(text.into())),
            },
        }
    }
}

fn name(text: &str) -> Result<Name, SelectorError> {
    Name::new(text).map_err(|error| SelectorError::BadName { text: text.into(), error })
}

impl FromStr for Selector {
    type Err = SelectorError;

    fn from_str(text: &str) -> Result<Self, SelectorError> {
        let Some((kind, rest)) = text.split_once(':') else {
            return if text == "anyone" { Ok(Self::Anyone) } else { PersonRef::parse(text).map(Self::Is) };
        };
        match kind {
            "person" if !rest.is_empty() => Ok(Self::Person(PersonId::new(rest))),
            "role" => {
                let (role, within) = match rest.split_once('@') {
                    Some((role, within)) => (role, Some(PersonRef::parse(within)?)),
                    None => (rest, None),
                };
                Ok(Self::Role { role: name(role)?, within })
            }
            "committee" => name(rest).map(Self::Committee),
            "head-of" => PersonRef::parse(rest).map(Self::HeadOf),
            "manager-of" => {
                let (of, levels) = match rest.split_once('^') {
                    Some((of, levels)) => {
                        let levels = levels.parse().ok().filter(|levels| (1..=9).contains(levels));
                        (of, levels.ok_or_else(|| SelectorError::BadLevels(text.into()))?)
                    }
                    None => (rest, 1),
                };
                Ok(Self::ManagerOf { of: PersonRef::parse(of)?, levels })
            }
            "pool" | "chain" | "decision" | "picked" | "department" => Err(SelectorError::NotYetSupported(kind.into())),
            _ => Err(SelectorError::Unknown(text.into())),
        }
    }
}

impl fmt::Display for PersonRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Initiator => f.write_str("initiator"),
            Self::Subject => f.write_str("subject"),
            Self::Field(field) => write!(f, "form.{field}"),
            Self::Item(None) => f.write_str("item"),
            Self::Item(Some(field)) => write!(f, "item.{field}"),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person:{person}"),
            Self::Role { role, within: None } => write!(f, "role:{role}"),
            Self::Role { role, within: Some(within) } => write!(f, "role:{role}@{within}"),
            Self::Committee(committee) => write!(f, "committee:{committee}"),
            Self::HeadOf(of) => write!(f, "head-of:{of}"),
            Self::ManagerOf { of, levels: 1 } => write!(f, "manager-of:{of}"),
            Self::ManagerOf { of, levels } => write!(f, "manager-of:{of}^{levels}"),
            Self::Is(person) => fmt::Display::fmt(person, f),
            Self::Anyone => f.write_str("anyone"),
        }
    }
}

impl Serialize for Selector {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_read_back_what_they_write() {
        for text in [
            "person:E-1001",
            "role:finance",
            "role:sales-head@initiator",
            "role:checker@form.salesperson",
            "head-of:subject",
            "manager-of:initiator",
            "manager-of:form.salesperson^2",
            "initiator",
            "subject",
            "form.salesperson",
            "item",
            "head-of:item.reviewer",
            "committee:credit",
            "anyone",
        ] {
            assert_eq!(text.parse::<Selector>().map(|s| s.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn unknown_words_are_told_from_words_to_come() {
        assert_eq!("pool:credit".parse::<Selector>(), Err(SelectorError::NotYetSupported("pool".into())));
        assert_eq!("boss".parse::<Selector>(), Err(SelectorError::Unknown("boss".into())));
        assert_eq!("rolle:x".parse::<Selector>(), Err(SelectorError::Unknown("rolle:x".into())));
        assert!(matches!("role:Finance".parse::<Selector>(), Err(SelectorError::BadName { .. })));
        assert!(matches!("manager-of:initiator^0".parse::<Selector>(), Err(SelectorError::BadLevels(_))));
    }
}
