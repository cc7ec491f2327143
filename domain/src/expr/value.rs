//! Values, and how they come from JSON and go back.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::Type;
use super::fixed::Fixed;
use crate::Instant;
use crate::money::parse_decimal;

/// A value that an expression reads or yields.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Nothing was filled in.
    #[default]
    Absent,
    Bool(bool),
    Text(String),
    Number(Decimal),
    Date(NaiveDate),
    Instant(Instant),
    List(Vec<Value>),
    Record(BTreeMap<String, Value>),
}

/// Why JSON does not hold a value of a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: expected {}", expected.en.as_deref().unwrap_or(&expected.zh))]
pub struct ValueError {
    /// JSON pointer to the value.
    pub pointer: String,
    /// What should be there, in words.
    pub expected: crate::Text,
}

impl Value {
    /// Reads JSON as a type says.
    ///
    /// Numbers are decimal strings or whole JSON numbers (a JSON number with a point may have lost digits already), rounded
    /// to twelve digits after the point; dates are `2026-03-01`; instants RFC 3339. `null` and missing members are absent,
    /// members that the type does not know are left out. A text outside a type's known values is still that text.
    pub fn from_json(json: &Json, ty: &Type) -> Result<Self, ValueError> {
        read(json, ty, &mut String::new())
    }

    /// Writes JSON: numbers as plain decimal strings, absent members left out.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Absent => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Text(text) => Json::String(text.clone()),
            Self::Number(number) => Json::String(plain(*number)),
            Self::Date(date) => Json::String(date.format("%Y-%m-%d").to_string()),
            Self::Instant(instant) => Json::String(instant.to_string()),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Record(fields) => Json::Object(
                fields
                    .iter()
                    .filter(|(_, value)| **value != Self::Absent)
                    .map(|(name, value)| (name.clone(), value.to_json()))
                    .collect(),
            ),
        }
    }

    pub fn is_absent(&self) -> bool {
        *self == Self::Absent
    }

    /// The value as a condition: only `true` is true, absent is not.
    pub fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }
}

/// A number without exponent, without zeros at its end, and with one zero only.
fn plain(number: Decimal) -> String {
    let mut number = number.normalize();
    if number.is_zero() {
        number.set_sign_positive(true);
    }
    number.to_string()
}

fn read(json: &Json, ty: &Type, pointer: &mut String) -> Result<Value, ValueError> {
    let value = match (ty, json) {
        (_, Json::Null) => Some(Value::Absent),
        (Type::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
        (Type::Text | Type::Enum(_), Json::String(text)) => Some(Value::Text(text.clone())),
        (Type::Number, json) => number(json).map(Value::Number),
        (Type::Date, Json::String(text)) => parse_date(text).map(Value::Date),
        (Type::Instant, Json::String(text)) => parse_instant(text).map(Value::Instant),
        (Type::List(of), Json::Array(items)) => return read_list(items, of, pointer),
        (Type::Record(fields), Json::Object(members)) => {
            let mut record = BTreeMap::new();
            for (name, field) in fields {
                let member = members.get(name).unwrap_or(&Json::Null);
                record.insert(name.clone(), within(pointer, name, |pointer| read(member, &field.ty, pointer))?);
            }
            Some(Value::Record(record))
        }
        _ => None,
    };
    value.ok_or_else(|| ValueError { pointer: pointer.clone(), expected: ty.describe() })
}

fn read_list(items: &[Json], of: &Type, pointer: &mut String) -> Result<Value, ValueError> {
    let items = items.iter().enumerate();
    let read_item = |(at, item): (usize, &Json)| within(pointer, &at.to_string(), |pointer| read(item, of, pointer));
    items.map(read_item).collect::<Result<_, _>>().map(Value::List)
}

/// Does something one member further down, with the pointer saying so meanwhile.
fn within<T>(pointer: &mut String, member: &str, act: impl FnOnce(&mut String) -> T) -> T {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(&member.replace('~', "~0").replace('/', "~1"));
    let result = act(pointer);
    pointer.truncate(length);
    result
}

fn number(json: &Json) -> Option<Decimal> {
    let read = match json {
        Json::String(text) => parse_decimal(text)?,
        Json::Number(number) => Decimal::from(whole(number)?),
        _ => return None,
    };
    Fixed::new(read).map(Fixed::decimal)
}

/// A JSON number without a fraction; browsers cannot tell `5` from `5.0`, so neither is told apart here.
fn whole(number: &serde_json::Number) -> Option<i64> {
    let exact = |value: f64| (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64);
    number.as_i64().or_else(|| number.as_f64().and_then(exact))
}

/// Reads `2026-03-01`, years 1 to 9999.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    has_shape(text, "0000-00-00").then(|| text.parse().ok())?.filter(|date: &NaiveDate| date.year() >= 1)
}

/// Reads `2026-03-01T09:00:00Z`, with up to nine digits of a second and with or without an offset in hours and minutes.
fn parse_instant(text: &str) -> Option<Instant> {
    let (date_and_time, rest) = text.split_at_checked(19)?;
    let fraction = rest.strip_prefix('.').map_or(0, |digits| digits.bytes().take_while(u8::is_ascii_digit).count());
    let zone = if rest.starts_with('.') { rest.get(1 + fraction..)? } else { rest };
    let shaped = has_shape(date_and_time, "0000-00-00T00:00:00")
        && !date_and_time.ends_with("60")
        && (!rest.starts_with('.') || (1..=9).contains(&fraction))
        && (zone == "Z" || has_shape(zone, "+00:00") || has_shape(zone, "-00:00"));
    let moment = DateTime::parse_from_rfc3339(text).ok().filter(|_| shaped)?.to_utc();
    (1..=9999).contains(&moment.year()).then(|| Instant::new(moment))
}

/// Whether a text has digits where the shape has zeros, and the shape's own characters elsewhere.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(b, s)| if s == b'0' { b.is_ascii_digit() } else { b == s })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order() -> Type {
        Type::record([
            ("amount", Type::Number),
            ("on", Type::Date),
            ("at", Type::Instant),
            ("items", Type::list(Type::record([("points", Type::Number)]))),
        ])
    }

    #[test]
    fn json_is_read_by_type_and_written_back_plainly() {
        let json = json!({
            "amount": "12800.50", "on": "2026-03-01", "at": "2026-03-01T09:00:00.1234567+08:00",
            "items": [{"points": 7, "unknown": 1}, null, {"points": null}], "other": [1.5]
        });
        let value = Value::from_json(&json, &order()).unwrap();
        assert_eq!(
            value.to_json(),
            json!({
                "amount": "12800.5", "at": "2026-03-01T01:00:00.123456Z",
                "items": [{"points": "7"}, null, {}], "on": "2026-03-01"
            })
        );
        assert_eq!(Value::from_json(&value.to_json(), &order()), Ok(value));
    }

    #[test]
    fn json_of_another_type_is_refused_with_its_place() {
        for (json, pointer) in [
            (json!([]), ""),
            (json!({"amount": "1e3"}), "/amount"),
            (json!({"amount": 0.5}), "/amount"),
            (json!({"amount": "1000000000000000"}), "/amount"),
            (json!({"items": [{"points": 1}, {"points": true}]}), "/items/1/points"),
            (json!({"on": "2026-02-29"}), "/on"),
            (json!({"on": "2026-3-1"}), "/on"),
            (json!({"on": "0000-01-01"}), "/on"),
            (json!({"at": "2026-03-01 09:00:00Z"}), "/at"),
            (json!({"at": "2026-03-01T09:00:00"}), "/at"),
            (json!({"at": "2026-03-01T09:00:00.Z"}), "/at"),
            (json!({"at": "2026-03-01T23:59:60Z"}), "/at"),
        ] {
            assert_eq!(Value::from_json(&json, &order()).map_err(|e| e.pointer), Err(pointer.to_owned()), "{json}");
        }
        let odd = Type::record([("a/b~c", Type::Bool)]);
        let error = Value::from_json(&json!({"a/b~c": 1}), &odd).unwrap_err();
        assert_eq!(error.to_string(), "/a~1b~0c: expected a yes-or-no value");
    }
}
