//! Which fields hold another value than before.

use serde_json::Value as Json;

use crate::Pointer;
use crate::model::{Form, Kind, Level};

/// The places of changed values, in the order of the form.
pub(super) fn changed(form: &Form, before: Option<&Json>, after: &Json) -> Vec<Pointer> {
    let mut places = Vec::new();
    level(&form.root, before.unwrap_or(&Json::Null), after, &Pointer::root(), &mut places);
    places
}

fn level(inside: &Level, before: &Json, after: &Json, at: &Pointer, places: &mut Vec<Pointer>) {
    for field in &inside.fields {
        let (old, new) = (before.get(&field.name), after.get(&field.name));
        let here = at.field(&field.name);
        if old == new {
            continue;
        }
        match (&field.kind, old, new) {
            (Kind::Group(columns), old, new) => {
                let (old, new) = (old.unwrap_or(&Json::Null), new.unwrap_or(&Json::Null));
                level(&columns.level, old, new, &here, places);
            }
            (Kind::Rows(columns), Some(Json::Array(old)), Some(Json::Array(new))) if old.len() == new.len() => {
                for (index, (old, new)) in old.iter().zip(new).enumerate() {
                    level(&columns.level, old, new, &here.item(index), places);
                }
            }
            _ => places.push(here),
        }
    }
}
