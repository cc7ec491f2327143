//! Texts from elsewhere as values of a form.

use serde_json::{Map, Value as Json};

use crate::model::{Field, Form, Kind};

impl Form {
    /// Cells of a spreadsheet and values of expressions are texts; counts and truth values become what the form means by them.
    /// Empty ones are left out.
    pub fn typed(&self, data: Map<String, Json>) -> Map<String, Json> {
        let cell = |(name, value): (String, Json)| {
            let kind = self.field(&name).map(Field::kind);
            let value = match (kind, &value) {
                (_, Json::String(text)) if text.trim().is_empty() => Json::Null,
                (Some(Kind::Integer), Json::String(text)) => text.trim().parse::<i64>().map_or(value, Json::from),
                (Some(Kind::Boolean), Json::String(text)) => match text.trim() {
                    "true" => Json::Bool(true),
                    "false" => Json::Bool(false),
                    _ => value,
                },
                _ => value,
            };
            (name, value)
        };
        data.into_iter().map(cell).filter(|(_, value)| !value.is_null()).collect()
    }
}
