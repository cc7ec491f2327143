//! Types and fields of contracts.
//!
//! ```text
//! TYPE  = money | rate | score | number | count | days | date | datetime | period | bool | text | person | dept
//!       | [ TYPE ]                     a list
//!       | { NAME: FIELD, … }           a record
//!       | { enum: [ … ] } | { list: TYPE } | { map: TYPE } | { record: { NAME: FIELD, … } }
//! FIELD = TYPE | { type: TYPE, optional: true, … }
//! ```
//! A map with one of the keys `type enum list map record` describes a field; any other map is a record.

use zhupi_domain::{Diagnostic, Rounding, Text};
use zhupi_policies::{Field, Presence, Type};

use super::scalars::{boolean, decimal, list, named, string, whole, without_hyphen, word};
use super::{Fields, Log, Placed};
use crate::yaml::{Entry, Node, Value};

const WORDS: [&str; 13] = [
    "money", "rate", "score", "number", "count", "days", "date", "datetime", "period", "bool", "text", "person", "dept",
];
const ROUNDING: [(&str, Rounding); 3] = [("half-up", Rounding::HalfUp), ("down", Rounding::Down), ("up", Rounding::Up)];

/// Reads a rounding rule.
pub fn rounding(node: &Node, log: &Log<'_>) -> Option<Rounding> {
    word(&ROUNDING)(node, log)
}

/// Reads a type.
pub fn ty(node: &Node, log: &Log<'_>) -> Option<Type> {
    match &node.value {
        Value::Refused => None,
        Value::Scalar(_) => simple(node, log),
        Value::Seq(items) => match items.as_slice() {
            [item] => ty(item, log).map(Type::list),
            _ => {
                log.error(
                    "contract.type",
                    node.span,
                    "列表只写一个元素类型，如 [ text ]",
                    "a list names one type, such as [ text ]",
                );
                None
            }
        },
        Value::Map(_) if describes(node) => {
            let fields = Fields::of(node, log)?;
            let ty = composed(&fields);
            fields.finish();
            ty
        }
        Value::Map(_) => fields_of(node, log).map(Type::Record),
    }
}

fn simple(node: &Node, log: &Log<'_>) -> Option<Type> {
    let written = string(node, log)?;
    let found = Type::from_word(&written);
    if found.is_none() {
        let message = Text::new(format!("不认识的类型 `{written}`"), format!("unknown type `{written}`"));
        log.push(log.hints(Diagnostic::error("contract.type", node.span, message), &written, &WORDS));
    }
    found
}

/// Whether a map describes a field, and is no record.
fn describes(node: &Node) -> bool {
    let entries = node.entries().unwrap_or_default();
    entries.iter().any(|entry| matches!(entry.key.as_str(), "type" | "enum" | "list" | "map" | "record"))
}

/// The type that one of the keys `type enum list map record` gives.
fn composed(fields: &Fields<'_>) -> Option<Type> {
    if fields.has("enum") {
        return fields.required("enum", list(string)).map(Type::Enum);
    }
    if fields.has("list") {
        return fields.required("list", ty).map(Type::list);
    }
    if fields.has("map") {
        return fields.required("map", ty).map(Type::map);
    }
    if fields.has("record") {
        return fields.required("record", fields_of).map(Type::Record);
    }
    fields.required("type", ty)
}

/// The fields of a record, in the order they are written.
pub fn fields_of(node: &Node, log: &Log<'_>) -> Option<Vec<Field>> {
    let entries = Fields::of(node, log)?.rest();
    Some(entries.into_iter().filter_map(|entry| field(entry, log)).collect())
}

fn field(entry: &Entry, log: &Log<'_>) -> Option<Field> {
    described(entry, log, |_| ()).map(|(field, ())| field)
}

/// Reads one named field; `more` reads further keys of its description.
pub fn described<T: Default>(entry: &Entry, log: &Log<'_>, more: impl FnOnce(&Fields<'_>) -> T) -> Option<(Field, T)> {
    let name = Placed::new(named(&entry.key, entry.key_span, log)?, entry.key_span);
    if !without_hyphen(&name, log) {
        return None;
    }
    if !(entry.node.entries().is_some() && describes(&entry.node)) {
        let ty = ty(&entry.node, log)?;
        return Some((Field::new(name.value, ty).at(entry.key_span), T::default()));
    }
    let fields = Fields::of(&entry.node, log)?;
    let ty = composed(&fields);
    let presence = presence(&fields);
    let (rounding, digits) = (fields.optional("rounding", rounding), fields.optional("digits", whole));
    let (min, max) = (fields.optional("min", decimal), fields.optional("max", decimal));
    let more = more(&fields);
    fields.finish();
    let field = Field { rounding, digits, min, max, ..Field::new(name.value, ty?) };
    Some((field.presence(presence).at(entry.key_span), more))
}

fn presence(fields: &Fields<'_>) -> Presence {
    let optional = fields.optional("optional", boolean).unwrap_or_default();
    let nullable = fields.optional("nullable", boolean).unwrap_or_default();
    let default = fields.optional("default", |node, _| Some(node.to_json()));
    let said = [optional, nullable, default.is_some()].into_iter().filter(|said| *said).count();
    if said > 1 {
        fields.log().error(
            "contract.presence",
            fields.head(),
            "optional、nullable、default 只能写一个",
            "only one of optional, nullable and default can be said",
        );
    }
    match default {
        Some(default) => Presence::Default(default),
        None if nullable => Presence::Nullable,
        None if optional => Presence::Optional,
        None => Presence::Required,
    }
}
