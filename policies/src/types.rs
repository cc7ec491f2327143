//! The types that a contract can give to an input or an output.

use serde_json::Value as Json;
use zhupi_domain::{Decimal, Name, Rounding, Span};

/// What a value is, for the form, the script and the statement alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Yuan with at most two digits after the point; `Decimal` in scripts, a string in JSON.
    Money,
    /// A share such as 0.30; `Decimal` in scripts, a string in JSON.
    Rate,
    /// Points; `Decimal` in scripts, a string in JSON.
    Score,
    /// Any other decimal number; a string in JSON.
    Number,
    /// A whole number of things.
    Count,
    /// A whole number of days.
    Days,
    /// A local date, `2026-03-10`.
    Date,
    /// A local date and time without a zone, `2026-03-10T09:00`.
    DateTime,
    /// A week, month, quarter or year, `2026-03`.
    Period,
    Bool,
    Text,
    /// The id of a person.
    Person,
    /// The id of a department.
    Department,
    /// One of the texts listed.
    Enum(Vec<String>),
    List(Box<Type>),
    Record(Vec<Field>),
    /// Any texts as keys, values of one type.
    Map(Box<Type>),
}

impl Type {
    /// Whether a value of this type may be a text that people call something.
    pub(crate) fn is_called(&self, text: &str) -> bool {
        match self {
            Self::Enum(values) => values.iter().any(|value| value == text),
            ty => *ty == Self::Text,
        }
    }

    /// Whether a value of this type may be or hold such a text, or has a part of that name.
    pub(crate) fn holds_called(&self, text: &str) -> bool {
        match self {
            Self::List(item) => item.holds_called(text),
            Self::Map(_) => true,
            Self::Record(fields) => {
                fields.iter().any(|field| field.name.as_str() == text || field.ty.holds_called(text))
            }
            ty => ty.is_called(text),
        }
    }

    /// The type that one word of a contract names; `list`, `map`, `enum` and records are composed by the reader.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "money" => Self::Money,
            "rate" => Self::Rate,
            "score" => Self::Score,
            "number" => Self::Number,
            "count" => Self::Count,
            "days" => Self::Days,
            "date" => Self::Date,
            "datetime" => Self::DateTime,
            "period" => Self::Period,
            "bool" => Self::Bool,
            "text" => Self::Text,
            "person" => Self::Person,
            "dept" => Self::Department,
            _ => return None,
        })
    }

    /// The word that a message shows for the type.
    pub fn word(&self) -> String {
        match self {
            Self::Money => "money".into(),
            Self::Rate => "rate".into(),
            Self::Score => "score".into(),
            Self::Number => "number".into(),
            Self::Count => "count".into(),
            Self::Days => "days".into(),
            Self::Date => "date".into(),
            Self::DateTime => "datetime".into(),
            Self::Period => "period".into(),
            Self::Bool => "bool".into(),
            Self::Text => "text".into(),
            Self::Person => "person".into(),
            Self::Department => "dept".into(),
            Self::Enum(values) => format!("enum [{}]", values.join(", ")),
            Self::List(item) => format!("list of {}", item.word()),
            Self::Record(fields) => {
                let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
                format!("record {{{}}}", names.join(", "))
            }
            Self::Map(item) => format!("map of text to {}", item.word()),
        }
    }

    /// Whether scripts see it as a `Decimal`.
    pub fn is_decimal(&self) -> bool {
        matches!(self, Self::Money | Self::Rate | Self::Score | Self::Number)
    }

    /// Whether scripts see it as a number at all.
    pub fn is_number(&self) -> bool {
        self.is_decimal() || matches!(self, Self::Count | Self::Days)
    }

    /// A list of this type.
    pub fn list(self) -> Self {
        Self::List(Box::new(self))
    }

    /// A map from any text to this type.
    pub fn map(self) -> Self {
        Self::Map(Box::new(self))
    }
}

/// What may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Presence {
    #[default]
    Required,
    /// May be absent or null; `()` in scripts, absent in answers.
    Optional,
    /// Is always there but may be null; `()` in scripts, null in answers.
    Nullable,
    /// Where absent, this value is taken.
    Default(Json),
}

/// One named and typed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Scripts use it as a variable or property, so it has no hyphen.
    pub name: Name,
    pub ty: Type,
    pub presence: Presence,
    /// How an output figure is rounded; the contract's rule where absent.
    pub rounding: Option<Rounding>,
    /// Digits after the point of a rate, score or number in an answer; two where absent. Money always has two.
    pub digits: Option<u32>,
    /// The smallest value allowed.
    pub min: Option<Decimal>,
    /// The largest value allowed.
    pub max: Option<Decimal>,
    /// Where the contract declares it.
    pub span: Option<Span>,
}

impl Field {
    /// A required field without bounds.
    pub fn new(name: Name, ty: Type) -> Self {
        Self { name, ty, presence: Presence::Required, rounding: None, digits: None, min: None, max: None, span: None }
    }

    pub fn presence(self, presence: Presence) -> Self {
        Self { presence, ..self }
    }

    pub fn optional(self) -> Self {
        self.presence(Presence::Optional)
    }

    pub fn nullable(self) -> Self {
        self.presence(Presence::Nullable)
    }

    pub fn rounded(self, rounding: Rounding) -> Self {
        Self { rounding: Some(rounding), ..self }
    }

    pub fn at(self, span: Span) -> Self {
        Self { span: Some(span), ..self }
    }

    /// Digits after the point that an answer shows for a decimal field.
    pub(crate) fn shown_digits(&self) -> u32 {
        match self.ty {
            Type::Money => 2,
            _ => self.digits.unwrap_or(2),
        }
    }
}
