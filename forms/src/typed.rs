//! Texts from elsewhere as values of a form.

use serde_json::{Map, Value as Json};
use zhupi_domain::expr::Context;

use crate::accept::{Purpose, Submission};
use crate::lookup::LookedUp;
use crate::model::{Class, Field, Form, Kind};
use crate::rights::{Rights, View};

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

    /// What was filled in by expressions, as the form keeps it: in normal form, and no other fields. What the form does not take
    /// is left as it is, and told when it is sent.
    pub fn filled_in(&self, data: Map<String, Json>, context: Context<'_>) -> Map<String, Json> {
        let data = self.typed(data);
        let (rights, classes) = (Rights::editable(), Class::ALL.into_iter().collect());
        let accepted = self.accept(&Submission {
            before: None,
            data: &Json::Object(data.clone()),
            view: View { rights: &rights, classes: &classes },
            purpose: Purpose::Draft,
            context,
            found: LookedUp::default(),
        });
        match accepted.map(|accepted| accepted.data) {
            Ok(Json::Object(kept)) => kept.into_iter().filter(|(field, _)| data.contains_key(field)).collect(),
            _ => data,
        }
    }
}
