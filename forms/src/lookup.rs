//! Fields that are looked up: their value is that of a business record, found by other fields of the same level.
//!
//! Forms know nothing of records. They say what is wanted, the caller finds it, and the value is kept with what was submitted.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use zhupi_domain::{Name, Span};

use crate::Pointer;
use crate::accept::{Accepted, Submission};
use crate::error::FieldError;
use crate::model::{Field, Form, Kind, Level};
use crate::rights::View;

/// Where the value of a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// The kind of record.
    pub fact: Name,
    /// Which field of the record must equal which field of the same level.
    pub matching: BTreeMap<Name, String>,
    /// The field of the record whose value it is.
    pub value: Name,
    /// Where it is written.
    pub span: Span,
}

/// One value that is wanted: of the newest record of a kind with these values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub fact: Name,
    pub matching: BTreeMap<Name, String>,
    pub value: Name,
}

/// What is known of looked-up fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct LookedUp<'a>(Option<&'a BTreeMap<Wanted, Json>>);

impl<'a> LookedUp<'a> {
    /// What was looked up; what is not in it was not found.
    pub fn these(values: &'a BTreeMap<Wanted, Json>) -> Self {
        Self(Some(values))
    }

    pub(crate) fn get(&self, wanted: &Wanted) -> Option<&'a Json> {
        self.0?.get(wanted)
    }
}

impl Lookup {
    /// What is wanted at a level with this data; none while a field that it is found by is empty.
    pub(crate) fn wanted(&self, data: &Json) -> Option<Wanted> {
        let text = |name: &String| match data.get(name)? {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            Json::Bool(truth) => Some(truth.to_string()),
            _ => None,
        };
        let matching = self.matching.iter().map(|(field, name)| Some((field.clone(), text(name)?)));
        Some(Wanted { fact: self.fact.clone(), matching: matching.collect::<Option<_>>()?, value: self.value.clone() })
    }
}

impl Form {
    /// Whether any field is looked up.
    pub fn has_lookups(&self) -> bool {
        self.all_fields().any(|field| field.lookup.is_some())
    }

    /// What accepted data wants, and what it holds of it.
    pub fn wanted(&self, data: &Json) -> BTreeMap<Wanted, Option<Json>> {
        let mut found = BTreeMap::new();
        each(&self.root, data, &Pointer::root(), &mut |_, wanted, value| {
            found.insert(wanted, value.cloned());
        });
        found
    }

    /// The looked-up fields that a view may know, by place: what was found, or null.
    pub fn looked_up(&self, data: &Json, view: &View<'_>) -> BTreeMap<Pointer, Json> {
        let mut places = Vec::new();
        each(&self.root, data, &Pointer::root(), &mut |at, _, value| {
            places.push((at, value.cloned().unwrap_or_default()));
        });
        let seen = |at: &Pointer| self.place(at).field.is_some_and(|field| view.sees(&field.path, field.class));
        places.into_iter().filter(|(at, _)| seen(at)).collect()
    }

    /// Accepts data as [`Form::accept`] does, looking up what its fields want. What was there before is looked up anew only where
    /// `anew` says so, or where it is found by other values now.
    pub fn accept_with(
        &self,
        submission: &Submission<'_>,
        anew: bool,
        mut find: impl FnMut(&Wanted) -> Option<Json>,
    ) -> Result<Accepted, Vec<FieldError>> {
        let Some(open) = self.open_wants(submission, anew) else { return self.accept(submission) };
        let Wants { mut known, missing } = open;
        known.extend(missing.into_iter().filter_map(|wanted| find(&wanted).map(|value| (wanted, value))));
        self.accept(&Submission { found: LookedUp::these(&known), ..*submission })
    }

    /// What has to be looked up before data can be accepted; none where nothing is.
    pub fn open_wants(&self, submission: &Submission<'_>, anew: bool) -> Option<Wants> {
        if !self.has_lookups() {
            return None;
        }
        let sent = self.merged(submission);
        let before = submission.before.filter(|_| !anew).map(|before| self.wanted(before)).unwrap_or_default();
        let mut wants = Wants::default();
        for (wanted, _) in self.wanted(&sent) {
            match before.get(&wanted) {
                Some(Some(value)) => drop(wants.known.insert(wanted, value.clone())),
                // It was not found then, either: what was submitted stays as it was.
                Some(None) => {}
                None => wants.missing.push(wanted),
            }
        }
        Some(wants)
    }
}

/// What is wanted of a submission.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wants {
    /// What was looked up before and stays.
    pub known: BTreeMap<Wanted, Json>,
    pub missing: Vec<Wanted>,
}

fn each<'d>(level: &Level, data: &'d Json, at: &Pointer, tell: &mut impl FnMut(Pointer, Wanted, Option<&'d Json>)) {
    for field in &level.fields {
        let (here, value) = (at.field(&field.name), data.get(&field.name));
        if let Some(wanted) = field.lookup.as_ref().and_then(|lookup| lookup.wanted(data)) {
            tell(here.clone(), wanted, value);
        }
        let Some(value) = value else { continue };
        match &field.kind {
            Kind::Group(columns) => each(&columns.level, value, &here, tell),
            Kind::Rows(columns) => {
                for (index, row) in value.as_array().into_iter().flatten().enumerate() {
                    each(&columns.level, row, &here.item(index), tell);
                }
            }
            _ => {}
        }
    }
}

impl Field {
    /// Where its value is looked up; none where it is not.
    pub fn lookup(&self) -> Option<&Lookup> {
        self.lookup.as_ref()
    }
}
