//! From a place in the data to its field: what it is called, and where it stands in the form.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use zhupi_domain::Text;

use crate::error::{Fault, FieldError, Keyword};
use crate::messages::{Called, fill, sentence};
use crate::model::{Field, Form, Kind};
use crate::{Pointer, Reference};

/// A place in the data, as the form knows it.
pub(crate) struct Place<'a> {
    /// The innermost field; none for the whole form and for what it does not know.
    pub field: Option<&'a Field>,
    called: Called,
    /// The rows around it and the number of the row, from 1.
    row: Option<(Called, usize)>,
    /// Sorts places as they stand in the form.
    pub order: Vec<usize>,
}

impl Form {
    pub(crate) fn place(&self, pointer: &Pointer) -> Place<'_> {
        let mut place = Place { field: None, called: Called::new(&Text::same("")), row: None, order: Vec::new() };
        let mut fields = self.fields();
        for segment in pointer.segments() {
            match (segment.parse::<usize>(), place.field.map(|field| &field.kind)) {
                (Ok(index), Some(Kind::Rows(_))) => {
                    place.row = Some((place.called.clone(), index.saturating_add(1)));
                    place.order.push(index);
                }
                (Ok(index), Some(Kind::List(_))) => {
                    place.called = place.called.item(index.saturating_add(1));
                    place.order.push(index);
                }
                _ => match fields.iter().position(|field| field.name == segment) {
                    Some(index) => {
                        place.enter(fields.get(index));
                        place.order.push(index);
                        fields = place.field.map_or(&[], Field::children);
                    }
                    // What nobody knows comes last.
                    None => place.order.push(usize::MAX),
                },
            }
        }
        place
    }

    /// The error of a fault at a place, in the form's own words where it has some.
    pub(crate) fn error(&self, pointer: Pointer, fault: Fault) -> FieldError {
        let place = self.place(&pointer);
        let message = place.message(&fault);
        FieldError { pointer, keyword: fault.keyword, params: fault.params, message }
    }

    /// The error for a person, department or file that a value names and that does not exist.
    pub fn no_such(&self, pointer: &Pointer, reference: &Reference) -> FieldError {
        self.error(pointer.clone(), Fault::special(Keyword::Reference, reference.word()))
    }
}

impl<'a> Place<'a> {
    fn enter(&mut self, field: Option<&'a Field>) {
        let Some(field) = field else { return };
        let called = Called::new(&field.title);
        self.called = match &self.row {
            Some((rows, row)) => called.in_row(rows, *row),
            None => called,
        };
        self.field = Some(field);
    }

    fn message(&self, fault: &Fault) -> Text {
        match self.field.and_then(|field| field.messages.get(fault.keyword.as_str())) {
            Some(own) => self.authors(own, fault),
            None => self.worded(&sentence(&self.key(fault)), fault),
        }
    }

    /// An author's sentence, with the row in front of it.
    fn authors(&self, own: &Text, fault: &Fault) -> Text {
        let said = self.worded(own, fault);
        let Some((rows, row)) = &self.row else { return said };
        let frame = sentence("place.message");
        let put = |frame: &str, rows: &str, message: &str| {
            fill(frame, |name| match name {
                "rows" => Some(rows.to_owned()),
                "row" => Some(row.to_string()),
                "message" => Some(message.to_owned()),
                _ => None,
            })
        };
        Text {
            zh: put(&frame.zh, &rows.zh, &said.zh),
            en: said.en.zip(frame.en).map(|(said, frame)| put(&frame, &rows.within, &said)),
        }
    }

    fn worded(&self, sentence: &Text, fault: &Fault) -> Text {
        let put = |template: &str, title: &str, start: &str, reason: Option<&str>| {
            fill(template, |name| match name {
                "title" => Some(title.to_owned()),
                "Title" => Some(start.to_owned()),
                "reason" => reason.map(ToOwned::to_owned),
                _ => fault.params.get(name).map(plain),
            })
        };
        let reason = fault.reason.as_ref();
        Text {
            zh: put(&sentence.zh, &self.called.zh, &self.called.zh, reason.map(|reason| reason.zh.as_str())),
            en: sentence.en.as_ref().map(|en| {
                let reason = reason.map(|reason| reason.get(zhupi_domain::Locale::En));
                put(en, &self.called.within, &self.called.start, reason)
            }),
        }
    }

    /// The sentence's key: some are worded by the kind of field.
    fn key(&self, fault: &Fault) -> String {
        let kind = self.field.map(|field| &field.kind);
        let variant = match (fault.keyword, kind) {
            (Keyword::Required, Some(kind)) => required(kind),
            (Keyword::MinItems | Keyword::MaxItems, Some(Kind::Rows(_))) => Some("rows"),
            (Keyword::MinItems | Keyword::MaxItems, Some(Kind::List(item))) if matches!(item.kind, Kind::File) => {
                Some("upload")
            }
            (Keyword::Const, Some(Kind::Boolean)) => {
                fault.params.get("limit").is_some_and(|limit| *limit == Json::Bool(true)).then_some("true")
            }
            _ => None,
        };
        variant.map_or_else(|| fault.key(), |variant| format!("{}.{variant}", fault.keyword))
    }
}

/// Whether a missing value is filled in, chosen or uploaded.
fn required(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Rows(_) => Some("rows"),
        Kind::File => Some("upload"),
        Kind::List(item) => required(&item.kind),
        Kind::Choice(_) | Kind::Boolean | Kind::Date | Kind::DateTime | Kind::Period(_) => Some("choose"),
        Kind::Person | Kind::Department => Some("choose"),
        _ => None,
    }
}

/// A figure as people read it: texts without quotes.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// Sorts errors as their fields stand in the form, and keeps each once.
pub(crate) fn in_form_order(form: &Form, errors: Vec<FieldError>) -> Vec<FieldError> {
    let mut sorted: BTreeMap<_, FieldError> = BTreeMap::new();
    for error in errors {
        let mut order = form.place(&error.pointer).order;
        if let Some(last) = order.last_mut().filter(|_| error.keyword == Keyword::Unknown) {
            // Where a hidden field stands is not told either.
            *last = usize::MAX;
        }
        let key = (order, error.pointer.clone(), error.keyword);
        sorted.entry(key).or_insert(error);
    }
    sorted.into_values().collect()
}
