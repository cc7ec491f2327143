//! People, departments and files that a form's data names.

use serde_json::Value as Json;
use zhupi_domain::{FileId, Name, PersonId};

use crate::Pointer;
use crate::model::{Form, Kind, Level};

/// Something outside the form that a value names; the caller knows whether it exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    Person(PersonId),
    Department(Name),
    File(FileId),
}

impl Reference {
    /// The word that catalogues know it by.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Department(_) => "department",
            Self::File(_) => "file",
        }
    }
}

impl Form {
    /// Every person, department and file that accepted data names, in the order of the form.
    pub fn references(&self, data: &Json) -> Vec<(Pointer, Reference)> {
        let mut found = Vec::new();
        level(&self.root, data, &Pointer::root(), &mut found);
        found
    }
}

fn level(level: &Level, data: &Json, at: &Pointer, found: &mut Vec<(Pointer, Reference)>) {
    for field in &level.fields {
        if let Some(json) = data.get(&field.name) {
            value(&field.kind, json, &at.field(&field.name), found);
        }
    }
}

fn value(kind: &Kind, json: &Json, at: &Pointer, found: &mut Vec<(Pointer, Reference)>) {
    let items = || json.as_array().into_iter().flatten().enumerate();
    match kind {
        Kind::Group(columns) => level(&columns.level, json, at, found),
        Kind::Rows(columns) => items().for_each(|(index, row)| level(&columns.level, row, &at.item(index), found)),
        Kind::List(item) => items().for_each(|(index, json)| value(&item.kind, json, &at.item(index), found)),
        single => found.extend(json.as_str().and_then(|id| reference(single, id)).map(|it| (at.clone(), it))),
    }
}

fn reference(kind: &Kind, id: &str) -> Option<Reference> {
    match kind {
        Kind::Person => Some(Reference::Person(PersonId::new(id))),
        Kind::Department => Name::new(id).ok().map(Reference::Department),
        Kind::File => Some(Reference::File(FileId::new(id))),
        _ => None,
    }
}
