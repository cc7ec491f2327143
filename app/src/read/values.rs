//! A field's value as one line of text.

use serde_json::Value;
use zhupi_domain::PersonId;
use zhupi_domain::directory::Directory;
use zhupi_forms::{Field, Kind};

/// The value of a form's field, as a person reads it in a list.
pub(crate) fn field_text(directory: &Directory, field: &Field, value: &Value) -> String {
    match (field.kind(), value) {
        (_, Value::Null) => String::new(),
        (Kind::Person, Value::String(id)) => super::person_view(directory, &PersonId::new(id.as_str())).name,
        (Kind::Department, Value::String(id)) => {
            directory.departments.get(id.as_str()).map_or_else(|| id.clone(), |department| department.name.clone())
        }
        (Kind::Money, Value::String(amount)) => grouped(amount),
        (_, value) => plain(value),
    }
}

/// Any value as one line.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "✓".into(),
        Value::Bool(false) => "✗".into(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("、"),
        Value::Object(members) => {
            members.iter().map(|(name, value)| format!("{name} {}", plain(value))).collect::<Vec<_>>().join("，")
        }
    }
}

/// An amount with thousands marks.
pub(crate) fn grouped(amount: &str) -> String {
    let (sign, digits) = amount.strip_prefix('-').map_or(("", amount), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut marked = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{marked}.{fraction}"),
        None => format!("{sign}{marked}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_marked() {
        for (plain, marked) in [
            ("0.00", "0.00"),
            ("999.99", "999.99"),
            ("1000.00", "1,000.00"),
            ("-1234567.80", "-1,234,567.80"),
            ("12", "12"),
        ] {
            assert_eq!(grouped(plain), marked);
        }
    }
}
