//! What an expression can see and what it can yield.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Text;

/// The type of a value.
///
/// As JSON: `"number"`, `{"enum": ["a", "b"]}`, `{"list": "text"}`,
/// `{"record": {"amount": {"type": "number", "optional": true}}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    Bool,
    Text,
    /// A text with known values; comparing it with any other text is an error.
    Enum(Vec<String>),
    Number,
    /// A local date of the company.
    Date,
    Instant,
    List(Box<Type>),
    Record(BTreeMap<String, Field>),
}

/// One member of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether it may be missing. The language copes with missing values everywhere; [`Type::accepts`] looks at this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

impl Field {
    pub fn required(ty: Type) -> Self {
        Self { ty, optional: false }
    }

    pub fn optional(ty: Type) -> Self {
        Self { ty, optional: true }
    }
}

/// Types whose values can be compared with one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Bool,
    Text,
    Number,
    Date,
    Instant,
    List,
    Record,
}

impl Type {
    /// A record whose members are all there.
    pub fn record<N: Into<String>>(fields: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self::Record(fields.into_iter().map(|(name, ty)| (name.into(), Field::required(ty))).collect())
    }

    pub fn list(of: Type) -> Self {
        Self::List(Box::new(of))
    }

    /// Whether every value of the other type may stand where this type is wanted, such as in a `set`.
    pub fn accepts(&self, given: &Type) -> bool {
        match (self, given) {
            (Self::Text, Self::Enum(_)) => true,
            (Self::Enum(known), Self::Enum(given)) => given.iter().all(|value| known.contains(value)),
            (Self::List(of), Self::List(given)) => of.accepts(given),
            (Self::Record(fields), Self::Record(given)) => fields.iter().all(|(name, field)| match given.get(name) {
                Some(given) => field.ty.accepts(&given.ty) && (field.optional || !given.optional),
                None => field.optional,
            }),
            _ => self == given,
        }
    }

    /// What people call values of this type, such as 数字 / a number.
    pub fn describe(&self) -> Text {
        match self {
            Self::Bool => Text::new("是/否值", "a yes-or-no value"),
            Self::Text => Text::new("文本", "a text"),
            Self::Enum(values) => match values.as_slice() {
                [only] => Text::new(format!("文本“{only}”"), format!("the text `{only}`")),
                _ => Text::new("选项", "a choice"),
            },
            Self::Number => Text::new("数字", "a number"),
            Self::Date => Text::new("日期", "a date"),
            Self::Instant => Text::new("时刻", "a point in time"),
            Self::List(of) => match of.family() {
                Family::Bool => Text::new("是/否值列表", "a list of yes-or-no values"),
                Family::Text => Text::new("文本列表", "a list of texts"),
                Family::Number => Text::new("数字列表", "a list of numbers"),
                Family::Date => Text::new("日期列表", "a list of dates"),
                Family::Instant => Text::new("时刻列表", "a list of points in time"),
                Family::List => Text::new("多层列表", "a list of lists"),
                Family::Record => Text::new("明细行", "a list of rows"),
            },
            Self::Record(_) => Text::new("一组字段", "a group of fields"),
        }
    }

    pub(super) fn family(&self) -> Family {
        match self {
            Self::Bool => Family::Bool,
            Self::Text | Self::Enum(_) => Family::Text,
            Self::Number => Family::Number,
            Self::Date => Family::Date,
            Self::Instant => Family::Instant,
            Self::List(_) => Family::List,
            Self::Record(_) => Family::Record,
        }
    }

    /// The type of something that is either this or the other; none where they have nothing in common.
    pub(super) fn united(self, other: Type) -> Option<Type> {
        match (self, other) {
            (Self::Enum(mut one), Self::Enum(other)) => {
                for value in other {
                    if !one.contains(&value) {
                        one.push(value);
                    }
                }
                Some(Self::Enum(one))
            }
            (Self::Text | Self::Enum(_), Self::Text | Self::Enum(_)) => Some(Self::Text),
            (Self::List(one), Self::List(other)) => one.united(*other).map(Self::list),
            (one, other) => (one == other).then_some(one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(values: &[&str]) -> Type {
        Type::Enum(values.iter().map(|v| (*v).to_owned()).collect())
    }

    #[test]
    fn a_narrower_value_may_stand_where_a_wider_one_is_wanted() {
        assert!(Type::Text.accepts(&choice(&["a"])));
        assert!(!choice(&["a"]).accepts(&Type::Text));
        assert!(choice(&["a", "b"]).accepts(&choice(&["b"])));
        assert!(!choice(&["a"]).accepts(&choice(&["a", "b"])));
        assert!(!Type::Text.accepts(&Type::Number));
        let wanted = Type::Record(BTreeMap::from([
            ("a".into(), Field::required(Type::Number)),
            ("b".into(), Field::optional(Type::Text)),
        ]));
        assert!(wanted.accepts(&Type::record([("a", Type::Number), ("c", Type::Bool)])));
        assert!(!wanted.accepts(&Type::record([("b", Type::Text)])), "a is missing");
        assert!(!wanted.accepts(&Type::Record(BTreeMap::from([("a".into(), Field::optional(Type::Number))]))));
    }

    #[test]
    fn types_are_written_as_small_json() {
        let text = r#"{"record":{"rows":{"type":{"list":{"enum":["a"]}},"optional":true},"when":{"type":"date"}}}"#;
        let ty: Type = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&ty).unwrap(), text);
    }
}
