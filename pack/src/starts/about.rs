//! Requests that people start about a record: an appeal against a score, a change of a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::{Calendar, CalendarError, Span};
use zhupi_domain::directory::Directory;
use zhupi_domain::expr::{EvalError, Expr, Value};
use zhupi_domain::{Instant, Name, PersonId};
use zhupi_engine::{PersonRef, Selector};

use super::{Item, Occasion, fields, said};

/// Which records of a kind people may start a request about.
#[derive(Debug, Clone, PartialEq)]
pub struct AboutRule {
    pub of: Name,
    /// Who may: roles, people, or whom the record itself names.
    pub by: Vec<Selector>,
    pub when: Option<Expr>,
    /// How long after it was recorded; none: at any time.
    pub within: Option<Span>,
    /// What the record fills in; whoever starts does not change it.
    pub form: BTreeMap<Name, Expr>,
}

impl AboutRule {
    /// Whether a person may start something about a record; with none, whether there may be a record for them at all.
    pub fn may(&self, person: &PersonId, item: Option<&Item>, directory: &Directory) -> bool {
        directory.active(person).is_some() && self.by.iter().any(|by| names(by, person, item, directory))
    }

    /// The lookup field by which a person's records are found, where only the record can name them.
    pub fn own_key(&self, person: &PersonId, key: &[String], directory: &Directory) -> BTreeMap<String, String> {
        let field = |by: &Selector| match by {
            Selector::Is(PersonRef::Item(Some(field))) => Some(field.to_string()),
            _ => None,
        };
        let others = self.by.iter().any(|by| field(by).is_none() && names(by, person, None, directory));
        let fields: BTreeSet<String> = self.by.iter().filter_map(field).collect();
        match fields.into_iter().next() {
            Some(only) if !others && self.by.len() == 1 && key.contains(&only) => {
                BTreeMap::from([(only, person.to_string())])
            }
            _ => BTreeMap::new(),
        }
    }

    /// Whether the record is one of those.
    pub fn holds(&self, occasion: &Occasion<'_>, item: &Item) -> Result<bool, EvalError> {
        match &self.when {
            Some(when) => Ok(occasion.eval(when, Some(&self.of), Some(item), None)? == Value::Bool(true)),
            None => Ok(true),
        }
    }

    /// Until when; none: at any time.
    pub fn until(&self, calendar: &Calendar, item: &Item) -> Result<Option<Instant>, CalendarError> {
        self.within.map(|within| calendar.deadline(item.recorded_at, within)).transpose()
    }

    /// What the record fills in.
    pub fn filled(&self, occasion: &Occasion<'_>, item: &Item) -> Result<Map<String, Json>, EvalError> {
        occasion.filled(&self.form, Some(&self.of), Some(item), None)
    }
}

fn names(by: &Selector, person: &PersonId, item: Option<&Item>, directory: &Directory) -> bool {
    match by {
        Selector::Anyone => true,
        Selector::Person(named) => named == person,
        Selector::Role { role, within: None } => directory.holds(person, role),
        Selector::Is(PersonRef::Item(Some(field))) => match item {
            None => true,
            Some(item) => match item.body.get(field.as_str()) {
                Some(Json::String(id)) => id == person.as_str(),
                Some(Json::Array(ids)) => ids.iter().any(|id| id.as_str() == Some(person.as_str())),
                _ => false,
            },
        },
        _ => false,
    }
}

impl fmt::Display for AboutRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "about fact:{}", self.of)?;
        said(f, "if", self.when.as_ref())?;
        if let Some(within) = &self.within {
            write!(f, " within {within}")?;
        }
        let by: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        write!(f, " by {}", by.join(", "))?;
        fields(f, &self.form)
    }
}
