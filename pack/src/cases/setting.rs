//! The stage of a flow case: who is there, what is known, and when it begins.

use chrono::NaiveDateTime;
use serde_json::Value as Json;
use zhupi_domain::directory::{Department, Person, RoleGrant};
use zhupi_domain::{Locale, Money, Name, PersonId, Span};

use super::source::answer;
use crate::answers::Balance;
use crate::read::scalars::{decimal, expected, list, name, string};
use crate::read::{Fields, Log, Placed};
use crate::yaml::Node;

/// Who is there, what is known, and when it begins.
#[derive(Debug, Clone)]
pub struct Setting {
    pub people: PeopleSource,
    pub people_span: Span,
    pub departments: Vec<Department>,
    pub clock: NaiveDateTime,
    /// Values instead of the pack's.
    pub params: Vec<(Placed<Name>, Json)>,
    pub facts: Vec<(Placed<Name>, Vec<Json>)>,
    /// What is on accounts, by key.
    pub balances: Vec<Balances>,
}

#[derive(Debug, Clone)]
pub enum PeopleSource {
    /// Those of people.csv and departments.csv.
    Pack,
    These(Vec<Person>),
}

/// An account, and what is on it by key.
pub type Balances = (Placed<Name>, Vec<(String, Balance)>);

/// Reads who is there, what is known, and when it begins.
pub fn setting(fields: &Fields<'_>) -> Option<Setting> {
    let people_span = fields.key_span("people").unwrap_or(fields.head());
    let people = fields.required("people", people);
    let departments = fields.optional("departments", list(department)).unwrap_or_default();
    let clock = fields.required("clock", moment);
    let params = fields.optional("params", named_values).unwrap_or_default();
    let facts = fields.optional("facts", facts).unwrap_or_default();
    let balances = fields.optional("balances", balances).unwrap_or_default();
    Some(Setting { people: people?, people_span, departments, clock: clock?, params, facts, balances })
}

fn people(node: &Node, log: &Log<'_>) -> Option<PeopleSource> {
    match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("pack") => Some(PeopleSource::Pack),
        Some(_) => {
            expected(node, log, "人员列表或 pack", "a list of people or `pack`");
            None
        }
        None => list(person)(node, log).map(PeopleSource::These),
    }
}

fn person(node: &Node, log: &Log<'_>) -> Option<Person> {
    let fields = Fields::of(node, log)?;
    let id = fields.required("id", string);
    let title = fields.optional("name", string);
    let roles = fields.optional("roles", list(grant)).unwrap_or_default();
    let attributes = fields.optional("attributes", named_values).unwrap_or_default();
    let text_of = |(name, value): (Placed<Name>, Json)| Some((name.value, crate::convert::text_of(&value)?));
    let person = Person {
        name: title.or_else(|| id.clone()).unwrap_or_default(),
        id: PersonId::new(id.clone().unwrap_or_default()),
        login: None,
        email: None,
        department: fields.optional("department", name),
        post: fields.optional("post", string),
        roles: roles.into_iter().collect(),
        manager: fields.optional("manager", string).map(PersonId::new),
        attributes: attributes.into_iter().filter_map(text_of).collect(),
        language: Locale::Zh,
        substitutes: Vec::new(),
        active: true,
    };
    fields.finish();
    id.map(|_| person)
}

fn grant(node: &Node, log: &Log<'_>) -> Option<RoleGrant> {
    let written = string(node, log)?;
    let (role, department) = match written.split_once('@') {
        Some((role, department)) => (role, Some(crate::read::scalars::named(department, node.span, log)?)),
        None => (written.as_str(), None),
    };
    Some(RoleGrant { role: crate::read::scalars::named(role, node.span, log)?, department })
}

fn department(node: &Node, log: &Log<'_>) -> Option<Department> {
    let fields = Fields::of(node, log)?;
    let id = fields.required("id", name);
    let title = fields.optional("name", string);
    let parent = fields.optional("parent", name);
    let head = fields.optional("head", string).map(PersonId::new);
    fields.finish();
    let id = id?;
    Some(Department { name: title.unwrap_or_else(|| id.to_string()), id, parent, head })
}

/// A local date and time such as `2026-03-02T09:00`.
pub fn moment(node: &Node, log: &Log<'_>) -> Option<NaiveDateTime> {
    let read = |text: &str| {
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    };
    let value = node.scalar().and_then(|scalar| read(&scalar.text));
    if value.is_none() {
        expected(node, log, "当地时间，如 2026-03-02T09:00", "a local time such as 2026-03-02T09:00");
    }
    value
}

fn named_values(node: &Node, log: &Log<'_>) -> Option<Vec<(Placed<Name>, Json)>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| {
        let name = crate::read::scalars::named(&entry.key, entry.key_span, log)?;
        Some((Placed::new(name, entry.key_span), entry.node.to_json()))
    });
    Some(read.collect())
}

fn facts(node: &Node, log: &Log<'_>) -> Option<Vec<(Placed<Name>, Vec<Json>)>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| {
        let name = crate::read::scalars::named(&entry.key, entry.key_span, log)?;
        let bodies = list(answer)(&entry.node, log)?;
        Some((Placed::new(name, entry.key_span), bodies))
    });
    Some(read.collect())
}

/// `{ plan-budget: { P-1: "30000.00", P-2: { posted: "500.00", reserved: "80.00" } } }`
fn balances(node: &Node, log: &Log<'_>) -> Option<Vec<Balances>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| {
        let name = crate::read::scalars::named(&entry.key, entry.key_span, log)?;
        let lines = Fields::of(&entry.node, log)?
            .rest()
            .into_iter()
            .filter_map(|line| Some((line.key.clone(), balance(&line.node, log)?)));
        Some((Placed::new(name, entry.key_span), lines.collect()))
    });
    Some(read.collect())
}

/// What is posted; or that, and what other requests hold.
fn balance(node: &Node, log: &Log<'_>) -> Option<Balance> {
    let amount = |node: &Node, log: &Log<'_>| decimal(node, log).and_then(|value| Money::exact(value).ok());
    if node.scalar().is_some() {
        return amount(node, log).map(|posted| Balance { posted, ..Balance::default() });
    }
    let fields = Fields::of(node, log)?;
    let of = |key| fields.optional(key, amount).unwrap_or_default();
    let balance = Balance { posted: of("posted"), reserved: of("reserved") };
    fields.finish();
    Some(balance)
}
