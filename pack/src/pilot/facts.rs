//! Facts that were handed in beside the rows, found again by the fields that a contract matches.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use zhupi_domain::expr::Context;
use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_forms::{Class, Field, Form, Kind, LookedUp, Pointer, Purpose, Rights, Submission, View};

use super::source::{Found, Raw, Record, Records, Source};
use crate::answers::FactQuery;
use crate::convert::text_of;
use crate::read::Log;

/// The most facts of one kind.
pub const MAX_FACTS: usize = 100_000;

/// Numbers of facts by the texts of some of their fields.
type Index = BTreeMap<Vec<String>, Vec<usize>>;

/// The facts of every kind that was handed in, in their normal form and in the order of their files.
#[derive(Default)]
pub struct Facts {
    kinds: BTreeMap<Name, Vec<Json>>,
    /// Numbers of facts by the texts of the fields that were asked for.
    found: RefCell<BTreeMap<(Name, Vec<String>), Index>>,
}

impl Facts {
    pub fn has(&self, kind: &Name) -> bool {
        self.kinds.contains_key(kind)
    }

    /// Reads the facts of one kind as its form accepts them; whom they name need not work here any more.
    pub fn read(&mut self, kind: &Name, form: &Form, source: &Source, context: Context<'_>, log: &Log<'_>) {
        let records = Records::read(source, log, MAX_FACTS);
        let (rights, classes): (Rights, BTreeSet<Class>) = (Rights::editable(), Class::ALL.into_iter().collect());
        let view = View { rights: &rights, classes: &classes };
        let mut bodies = Vec::new();
        for record in &records.rows {
            let data = body(form, &records, record, log);
            match form.accept(&Submission {
                before: None,
                data: &data,
                view,
                purpose: Purpose::Submit,
                context,
                found: LookedUp::default(),
            }) {
                Ok(accepted) => bodies.push(accepted.data),
                Err(errors) => {
                    let placed = |error: zhupi_forms::FieldError| {
                        Diagnostic::error("pilot.fact", place(&records, record, &error.pointer), error.message)
                    };
                    log.extend(errors.into_iter().map(placed));
                }
            }
        }
        self.kinds.insert(kind.clone(), bodies);
    }

    /// The facts that a question matches, in their order.
    pub fn find(&self, query: &FactQuery) -> Vec<Json> {
        let Some(bodies) = self.kinds.get(&query.kind) else { return Vec::new() };
        let fields: Vec<String> = query.matching.keys().cloned().collect();
        let wanted: Vec<String> = query.matching.values().cloned().collect();
        let mut found = self.found.borrow_mut();
        let index = found.entry((query.kind.clone(), fields.clone())).or_insert_with(|| {
            let mut index = Index::new();
            for (number, body) in bodies.iter().enumerate() {
                let text = |field: &String| body.get(field).and_then(text_of);
                if let Some(key) = fields.iter().map(text).collect::<Option<Vec<String>>>() {
                    index.entry(key).or_default().push(number);
                }
            }
            index
        });
        let numbers = index.get(&wanted).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| bodies.get(*number).cloned()).collect()
    }
}

/// What a record says, as its form wants it. A name of its own is not part of what it says.
fn body(form: &Form, records: &Records, record: &Record, log: &Log<'_>) -> Json {
    let mut data = Map::new();
    for (column, found) in &record.cells {
        let Some((name, _)) = records.columns.get(*column) else { continue };
        let field = form.field(name);
        if field.is_none() && name == "id" {
            continue;
        }
        if let Some(value) = value(found, field, log) {
            data.insert(name.clone(), value);
        }
    }
    Json::Object(data)
}

fn value(found: &Found, field: Option<&Field>, log: &Log<'_>) -> Option<Json> {
    let text = match &found.raw {
        Raw::Json(json) => return Some(json.clone()),
        Raw::Cell(text) => text,
    };
    match field.map(Field::kind) {
        Some(Kind::Integer) => Some(text.parse::<i64>().map_or_else(|_| text.as_str().into(), Json::from)),
        Some(Kind::Boolean) => Some(text.parse::<bool>().map_or_else(|_| text.as_str().into(), Json::from)),
        Some(Kind::Rows(_) | Kind::Group(_) | Kind::List(_)) => match zhupi_domain::json::parse(text) {
            Ok(json) => Some(json),
            Err(error) => {
                let en = error.message.get(zhupi_domain::Locale::En);
                let message = Text::new(
                    format!("这一格应为 JSON：{}", error.message.zh),
                    format!("this cell should hold JSON: {en}"),
                );
                log.push(Diagnostic::error("pilot.json", found.span, message));
                None
            }
        },
        _ => Some(text.as_str().into()),
    }
}

/// The cell of the field that an error is about; the row where there is none.
fn place(records: &Records, record: &Record, pointer: &Pointer) -> zhupi_domain::Span {
    let text = pointer.to_string();
    let field = text.split('/').nth(1).unwrap_or_default();
    let cell = records.column(field).and_then(|column| record.cells.get(&column));
    cell.map_or(record.span, |found| found.span)
}
