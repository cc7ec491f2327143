//! A form's data as one view may see it.

use serde_json::{Map, Value as Json, json};

use crate::Pointer;
use crate::accept::{ROW, keeps_columns};
use crate::model::{Columns, Field, Form, Kind, Level};
use crate::rights::{Access, View};

/// Data without what a view may not see.
#[derive(Debug, Clone, PartialEq)]
pub struct Redacted {
    /// Hidden fields are gone, and so is whatever the form does not know; masked ones are `null`.
    pub data: Json,
    /// Where something stands that this view may not see.
    pub masked: Vec<Pointer>,
}

impl Form {
    /// Takes out of the data what a view may not see: hidden fields, and classes that it is not allowed.
    ///
    /// Rows that may be changed although some of their columns may not are marked with [`ROW`].
    pub fn redact(&self, data: &Json, view: &View<'_>) -> Redacted {
        let mut redaction = Redaction { view, masked: Vec::new() };
        let data = redaction.level(&self.root, data, &Pointer::root());
        Redacted { data: Json::Object(data), masked: redaction.masked }
    }
}

struct Redaction<'a> {
    view: &'a View<'a>,
    masked: Vec<Pointer>,
}

impl Redaction<'_> {
    fn level(&mut self, level: &Level, data: &Json, at: &Pointer) -> Map<String, Json> {
        let mut shown = Map::new();
        for field in &level.fields {
            let Some(value) = data.get(&field.name) else { continue };
            if let Some(value) = self.field(field, value, &at.field(&field.name)) {
                shown.insert(field.name.clone(), value);
            }
        }
        shown
    }

    fn field(&mut self, field: &Field, value: &Json, at: &Pointer) -> Option<Json> {
        let access = self.view.access(field);
        match (&field.kind, access) {
            (_, Access::Hidden) => None,
            (_, Access::Masked) => {
                self.masked.push(at.clone());
                Some(Json::Null)
            }
            (Kind::Group(columns), _) => Some(Json::Object(self.level(&columns.level, value, at))),
            (Kind::Rows(columns), _) => Some(self.rows(columns, access.writes(), value, at)),
            _ => Some(value.clone()),
        }
    }

    fn rows(&mut self, columns: &Columns, writes: bool, value: &Json, at: &Pointer) -> Json {
        let mark = writes && keeps_columns(self.view, &columns.level);
        let rows = value.as_array().into_iter().flatten().enumerate();
        rows.map(|(index, row)| {
            let mut row = self.level(&columns.level, row, &at.item(index));
            if mark {
                row.insert(ROW.to_owned(), json!(index));
            }
            Json::Object(row)
        })
        .collect()
    }
}
