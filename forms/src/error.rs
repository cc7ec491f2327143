//! What is wrong with one field, as a clerk reads it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use zhupi_domain::Text;

use crate::Pointer;

/// Which demand a value fails: the keyword of the form, or one of our own words. Stable, so that clients can rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keyword {
    /// Nothing is filled in, and something must be: by the form, a condition, or the step.
    Required,
    Type,
    Enum,
    Const,
    MinLength,
    MaxLength,
    Pattern,
    Minimum,
    Maximum,
    ExclusiveMinimum,
    ExclusiveMaximum,
    /// `x-min`, for money and decimals.
    Min,
    /// `x-max`, for money and decimals.
    Max,
    /// `x-digits`: more digits after the point than allowed.
    Digits,
    MinItems,
    MaxItems,
    Format,
    /// `x-period`: a period of another length.
    Period,
    /// Control characters, or line breaks in a single line.
    Characters,
    /// A person, department or file that does not exist; found by the caller.
    Reference,
    /// The form has no such field, or hides it from this view.
    Unknown,
    /// The field cannot be written at this step.
    Readonly,
    /// The computed value could not be found.
    Computed,
    /// Rows that do not fit those the server has.
    Rows,
    /// More data than a form may hold.
    Size,
    /// A field that this view hides failed.
    Check,
}

impl Keyword {
    pub const ALL: [Self; 26] = [
        Self::Required,
        Self::Type,
        Self::Enum,
        Self::Const,
        Self::MinLength,
        Self::MaxLength,
        Self::Pattern,
        Self::Minimum,
        Self::Maximum,
        Self::ExclusiveMinimum,
        Self::ExclusiveMaximum,
        Self::Min,
        Self::Max,
        Self::Digits,
        Self::MinItems,
        Self::MaxItems,
        Self::Format,
        Self::Period,
        Self::Characters,
        Self::Reference,
        Self::Unknown,
        Self::Readonly,
        Self::Computed,
        Self::Rows,
        Self::Size,
        Self::Check,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Type => "type",
            Self::Enum => "enum",
            Self::Const => "const",
            Self::MinLength => "minLength",
            Self::MaxLength => "maxLength",
            Self::Pattern => "pattern",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::ExclusiveMinimum => "exclusiveMinimum",
            Self::ExclusiveMaximum => "exclusiveMaximum",
            Self::Min => "x-min",
            Self::Max => "x-max",
            Self::Digits => "x-digits",
            Self::MinItems => "minItems",
            Self::MaxItems => "maxItems",
            Self::Format => "format",
            Self::Period => "x-period",
            Self::Characters => "characters",
            Self::Reference => "reference",
            Self::Unknown => "unknown",
            Self::Readonly => "readonly",
            Self::Computed => "computed",
            Self::Rows => "rows",
            Self::Size => "size",
            Self::Check => "check",
        }
    }

    /// Whether an author may word it anew in `x-messages`.
    pub(crate) fn is_authors(self) -> bool {
        !matches!(self, Self::Unknown | Self::Readonly | Self::Rows | Self::Size | Self::Check)
    }
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Keyword {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One thing that is wrong with a submission.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldError {
    /// Where in the data; of a missing value, where it should be.
    pub pointer: Pointer,
    pub keyword: Keyword,
    /// The figures of the demand, such as `limit`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Json>,
    pub message: Text,
}

/// What is wrong with a value, before it is known where it stands and what the field is called.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub keyword: Keyword,
    /// What makes it special: the rest of the sentence's key.
    pub special: Option<&'static str>,
    pub params: BTreeMap<String, Json>,
    /// Why, where a sentence tells it: words of the expression language.
    pub reason: Option<Text>,
}

impl Fault {
    pub fn new(keyword: Keyword) -> Self {
        Self { keyword, special: None, params: BTreeMap::new(), reason: None }
    }

    pub fn special(keyword: Keyword, special: &'static str) -> Self {
        Self { special: Some(special), ..Self::new(keyword) }
    }

    /// A value that is not of its format; `special` is the format's name, with the reason where there are several.
    pub fn format(special: &'static str) -> Self {
        let format = special.split('.').next().unwrap_or(special);
        Self::special(Keyword::Format, special).with("format", format)
    }

    pub fn limit(keyword: Keyword, limit: impl Into<Json>) -> Self {
        Self::new(keyword).with("limit", limit)
    }

    pub fn with(mut self, param: &str, value: impl Into<Json>) -> Self {
        self.params.insert(param.to_owned(), value.into());
        self
    }

    /// The key of its sentence in the catalogue.
    pub fn key(&self) -> String {
        match self.special {
            Some(special) => format!("{}.{special}", self.keyword),
            None => self.keyword.to_string(),
        }
    }
}
