//! Who is meant by a selector.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use zhupi_domain::PersonId;
use zhupi_domain::directory::{Directory, Person};
use zhupi_engine::{Instance, PersonRef, Selector};

use crate::company::Company;

/// What selectors look at.
#[derive(Debug, Clone, Copy)]
pub struct Sight<'a> {
    pub company: &'a Company,
    pub instance: &'a Instance,
    pub directory: &'a Directory,
    /// The item of the lane from which they look.
    pub item: Option<&'a Json>,
}

/// The people whom selectors name, in the order of the selectors and then of the people's ids; nobody twice, and nobody
/// who has left.
pub fn people(selectors: &[Selector], sight: Sight<'_>) -> Vec<(PersonId, Selector)> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for selector in selectors {
        let mut named = named(selector, sight);
        named.sort_by(|one, other| one.id.cmp(&other.id));
        let fresh = named.into_iter().filter(|person| person.active && seen.insert(person.id.clone()));
        found.extend(fresh.map(|person| (person.id.clone(), selector.clone())));
    }
    found
}

fn named<'a>(selector: &Selector, sight: Sight<'a>) -> Vec<&'a Person> {
    let directory = sight.directory;
    match selector {
        Selector::Person(person) => directory.active(person).into_iter().collect(),
        Selector::Role { role, within: None } => directory.holders(role, None),
        Selector::Role { role, within: Some(of) } => referred(of, sight)
            .filter_map(|person| person.department.as_ref())
            .flat_map(|department| directory.holders(role, Some(department)))
            .collect(),
        Selector::Committee(committee) => {
            let members = sight.company.committees.get(committee).into_iter().flat_map(|known| &known.members);
            // Committees are made of people, never of committees.
            let members = members.filter(|(member, _)| !matches!(member.value, Selector::Committee(_)));
            members.flat_map(|(member, _)| named(&member.value, sight)).collect()
        }
        Selector::HeadOf(of) => {
            referred(of, sight).filter_map(|person| directory.head_of(person.department.as_ref()?)).collect()
        }
        Selector::ManagerOf { of, levels } => {
            referred(of, sight).filter_map(|person| manager(&person.id, *levels, directory)).collect()
        }
        Selector::Is(of) => referred(of, sight).collect(),
        Selector::Anyone => directory.people.values().collect(),
    }
}

fn manager<'a>(person: &PersonId, levels: u8, directory: &'a Directory) -> Option<&'a Person> {
    let above = usize::from(levels).checked_sub(1)?;
    directory.managers_up(person).get(above).copied()
}

/// The people whom the instance itself names; who has left still has a department and a superior.
fn referred<'a>(of: &PersonRef, sight: Sight<'a>) -> impl Iterator<Item = &'a Person> {
    ids(of, sight.instance, sight.item).into_iter().filter_map(|id| sight.directory.people.get(&id))
}

/// The ids that a reference stands for.
pub fn ids(of: &PersonRef, instance: &Instance, item: Option<&Json>) -> Vec<PersonId> {
    match of {
        PersonRef::Initiator => vec![instance.initiator.clone()],
        PersonRef::Subject => vec![instance.subject.clone()],
        PersonRef::Field(field) => instance.form.get(field.as_str()).map(texts).unwrap_or_default(),
        PersonRef::Item(None) => item.map(texts).unwrap_or_default(),
        PersonRef::Item(Some(field)) => item.and_then(|item| item.get(field.as_str())).map(texts).unwrap_or_default(),
    }
}

fn texts(value: &Json) -> Vec<PersonId> {
    match value {
        Json::String(id) => vec![PersonId::new(id.clone())],
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        // A person as expressions see them.
        Json::Object(person) => person.get("id").map(texts).unwrap_or_default(),
        _ => Vec::new(),
    }
}
