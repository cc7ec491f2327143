//! What the log says of a change of the directory: of whom, and every field before and after.
//!
//! Each person and each department has an event of its own, so that what it says can be erased without the others.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zhupi_domain::directory::{Department, Person, Substitute};
use zhupi_domain::{Instant, Name, PersonId};
use zhupi_store::{NewEvent, Stream};

use crate::history::person_key;

/// What an event of a person or department says. Fields that are not known to have changed are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Name>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// By the name of the field; attributes as `attributes.NAME`, roles as `role@department`,
    /// substitutes as `zhao 2026-08-01/2026-08-15 bad-debt`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub changes: BTreeMap<String, BeforeAfter>,
    /// Whether people gave themselves roles, or changed their own attributes, such as their pay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
}

/// A field before and after; null where it was or is empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BeforeAfter {
    pub before: Value,
    pub after: Value,
}

/// Who changes the directory, and when.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    /// As envelopes name them.
    pub actor: String,
    pub at: Instant,
}

impl Signed {
    /// An event of the directory, signed.
    pub fn event(&self, kind: &str, payload: &impl Serialize) -> Result<NewEvent, serde_json::Error> {
        Ok(NewEvent {
            stream: Stream::Directory,
            kind: kind.to_owned(),
            version: 1,
            actor: self.actor.clone(),
            at: self.at,
            payload: serde_json::to_string(payload)?,
        })
    }

    /// A person who is new (`person_added`) or was changed (`person_changed`).
    pub fn person(&self, before: Option<&Person>, after: &Person) -> Result<NewEvent, serde_json::Error> {
        let kind = if before.is_some() { "person_changed" } else { "person_added" };
        self.event(kind, &self.told_of(before, after, "")?)
    }

    /// What is to be told of a changed person.
    pub fn told_of(&self, before: Option<&Person>, after: &Person, reason: &str) -> Result<Told, serde_json::Error> {
        let changes = differences(before.map(person_fields).transpose()?.unwrap_or_default(), person_fields(after)?);
        Ok(Told {
            person: Some(after.id.clone()),
            reason: reason.to_owned(),
            changes,
            own: self.is_own_gain(before, after),
            ..Told::default()
        })
    }

    /// A department that is new (`department_added`) or was changed (`department_changed`).
    pub fn department(&self, before: Option<&Department>, after: &Department) -> Result<NewEvent, serde_json::Error> {
        let kind = if before.is_some() { "department_changed" } else { "department_added" };
        let changes = differences(before.map(fields).transpose()?.unwrap_or_default(), fields(after)?);
        self.event(kind, &Told { department: Some(after.id.clone()), changes, ..Told::default() })
    }

    /// Whether somebody makes themselves the substitute of another one.
    pub fn names_itself(&self, before: Option<&Person>, after: &Person) -> bool {
        let was = |one: &Substitute| before.is_some_and(|before| before.substitutes.contains(one));
        let own = |one: &&Substitute| self.actor == person_key(&one.person) && self.actor != person_key(&after.id);
        after.substitutes.iter().filter(own).any(|one| !was(one))
    }

    /// Whether somebody gives themselves a role, or changes their own attributes.
    pub fn is_own_gain(&self, before: Option<&Person>, after: &Person) -> bool {
        let nobody = (BTreeSet::new(), BTreeMap::new());
        let (roles, attributes) = before.map_or((&nobody.0, &nobody.1), |before| (&before.roles, &before.attributes));
        self.actor == person_key(&after.id) && (!after.roles.is_subset(roles) || after.attributes != *attributes)
    }
}

/// The fields of a person, flat, as people write them.
fn person_fields(person: &Person) -> Result<Map<String, Value>, serde_json::Error> {
    let mut flat = fields(person)?;
    let roles: Vec<String> = person.roles.iter().map(ToString::to_string).collect();
    flat.shift_remove("attributes");
    flat.shift_remove("roles");
    flat.shift_remove("substitutes");
    if !person.substitutes.is_empty() {
        let named: Vec<String> = person.substitutes.iter().map(ToString::to_string).collect();
        flat.insert("substitutes".into(), named.into());
    }
    if !roles.is_empty() {
        flat.insert("roles".into(), roles.into());
    }
    let attributes = person.attributes.iter().map(|(name, value)| (format!("attributes.{name}"), value.clone().into()));
    flat.extend(attributes);
    Ok(flat)
}

/// The fields besides the id, which is said anyway.
fn fields(of: &impl Serialize) -> Result<Map<String, Value>, serde_json::Error> {
    let Value::Object(mut fields) = serde_json::to_value(of)? else { return Ok(Map::new()) };
    fields.shift_remove("id");
    Ok(fields)
}

fn differences(before: Map<String, Value>, after: Map<String, Value>) -> BTreeMap<String, BeforeAfter> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or(Value::Null);
    let all = names
        .into_iter()
        .map(|name| (name.clone(), BeforeAfter { before: value(&before, name), after: value(&after, name) }));
    all.filter(|(_, change)| change.before != change.after).collect()
}
