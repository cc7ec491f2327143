//! Who works in a company: people, departments and roles, as they are at one version.
//!
//! The directory is live data outside every release. What an instance asked of it is written into that instance's events,
//! so a later change never rewrites an earlier decision.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use crate::substitute::{NotNamed, Substitute};
use crate::{Locale, Name, PersonId};

/// A role held by a person, everywhere or in one department.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleGrant {
    pub role: Name,
    /// Only for matters of this department and those below it; everywhere where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Name>,
}

impl fmt::Display for RoleGrant {
    /// As spreadsheets write it: `role` or `role@department`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.department {
            Some(department) => write!(f, "{}@{department}", self.role),
            None => self.role.fmt(f),
        }
    }
}

/// One person of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: PersonId,
    /// The name that colleagues see.
    pub name: String,
    /// What the person types to log in; unique in the company. Without it the person cannot log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Name>,
    /// Job title, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<RoleGrant>,
    /// The direct superior, where it is not the head of the department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonId>,
    /// What `company.yaml` declares under `people: attributes:`, such as a base pay; texts as they were entered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<Name, String>,
    #[serde(default)]
    pub language: Locale,
    /// Who acts for them, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitutes: Vec<Substitute>,
    /// A person who has left is deactivated, never deleted.
    #[serde(default = "active")]
    pub active: bool,
}

fn active() -> bool {
    true
}

/// One department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub id: Name,
    /// The name that people see.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<PersonId>,
}

/// A company's people and departments at one version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// Grows with every change; a commit guards the version that its answers came from.
    pub version: i64,
    pub people: BTreeMap<PersonId, Person>,
    pub departments: BTreeMap<Name, Department>,
}

impl Directory {
    /// The deepest chain of superiors or departments that is followed; longer ones are a loop in the data.
    pub const MAX_DEPTH: usize = 64;

    /// A person who still works here.
    pub fn active(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id).filter(|person| person.active)
    }

    /// A department and all above it, nearest first.
    pub fn departments_up(&self, from: &Name) -> impl Iterator<Item = &Department> {
        let mut next = self.departments.get(from);
        std::iter::from_fn(move || {
            let here = next?;
            next = here.parent.as_ref().and_then(|parent| self.departments.get(parent));
            Some(here)
        })
        .take(Self::MAX_DEPTH)
    }

    /// Active people who hold a role for matters of a department (none: of the whole company), in order of their ids.
    ///
    /// A grant for one department counts for that department and all below it.
    pub fn holders(&self, role: &Name, department: Option<&Name>) -> Vec<&Person> {
        let within: BTreeSet<&Name> =
            department.map(|d| self.departments_up(d).map(|d| &d.id).collect()).unwrap_or_default();
        self.people
            .values()
            .filter(|person| person.active)
            .filter(|person| {
                person
                    .roles
                    .iter()
                    .any(|grant| grant.role == *role && grant.department.as_ref().is_none_or(|d| within.contains(d)))
            })
            .collect()
    }

    /// Whether a person holds a role, everywhere or anywhere.
    pub fn holds(&self, person: &PersonId, role: &Name) -> bool {
        self.active(person).is_some_and(|person| person.roles.iter().any(|grant| grant.role == *role))
    }

    /// The active head of a department.
    pub fn head_of(&self, department: &Name) -> Option<&Person> {
        self.departments.get(department)?.head.as_ref().and_then(|head| self.active(head))
    }

    /// The direct superior: the named manager, else the head of the nearest department up whose head is somebody else.
    pub fn manager_of(&self, person: &PersonId) -> Option<&Person> {
        let person = self.people.get(person)?;
        if let Some(manager) = &person.manager {
            return self.active(manager);
        }
        self.departments_up(person.department.as_ref()?)
            .filter_map(|department| self.active(department.head.as_ref()?))
            .find(|head| head.id != person.id)
    }

    /// Superiors from the direct one upwards, each once.
    pub fn managers_up(&self, person: &PersonId) -> Vec<&Person> {
        let mut chain: Vec<&Person> = Vec::new();
        let mut at = person.clone();
        while let Some(manager) = self.manager_of(&at) {
            if manager.id == *person || chain.iter().any(|m| m.id == manager.id) || chain.len() >= Self::MAX_DEPTH {
                break;
            }
            at = manager.id.clone();
            chain.push(manager);
        }
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn person(id: &str, department: &str, roles: &[(&str, Option<&str>)]) -> Person {
        Person {
            id: PersonId::new(id),
            name: id.into(),
            login: None,
            email: None,
            department: Some(name(department)),
            post: None,
            roles: roles.iter().map(|(role, d)| RoleGrant { role: name(role), department: d.map(name) }).collect(),
            manager: None,
            attributes: BTreeMap::new(),
            language: Locale::Zh,
            substitutes: Vec::new(),
            active: true,
        }
    }

    fn firm() -> Directory {
        let departments =
            [("firm", None, Some("gm")), ("sales", Some("firm"), Some("head")), ("north", Some("sales"), None)];
        Directory {
            version: 1,
            people: [
                person("gm", "firm", &[("boss", None)]),
                person("head", "sales", &[("checker", Some("sales"))]),
                person("li", "north", &[]),
            ]
            .into_iter()
            .map(|p| (p.id.clone(), p))
            .collect(),
            departments: departments
                .into_iter()
                .map(|(id, parent, head)| {
                    let department = Department {
                        id: name(id),
                        name: id.into(),
                        parent: parent.map(name),
                        head: head.map(PersonId::new),
                    };
                    (department.id.clone(), department)
                })
                .collect(),
        }
    }

    fn ids(people: &[&Person]) -> Vec<String> {
        people.iter().map(|p| p.id.to_string()).collect()
    }

    #[test]
    fn superiors_are_found_through_departments_without_a_head() {
        let firm = firm();
        assert_eq!(ids(&firm.managers_up(&PersonId::new("li"))), ["head", "gm"]);
        assert_eq!(ids(&firm.managers_up(&PersonId::new("gm"))), [""; 0]);
    }

    #[test]
    fn a_named_manager_wins_and_a_loop_ends() {
        let mut firm = firm();
        for (who, manager) in [("li", "gm"), ("gm", "li")] {
            firm.people.entry(PersonId::new(who)).and_modify(|p| p.manager = Some(PersonId::new(manager)));
        }
        assert_eq!(ids(&firm.managers_up(&PersonId::new("li"))), ["gm"]);
    }

    #[test]
    fn a_role_in_a_department_counts_below_it_only() {
        let firm = firm();
        assert_eq!(ids(&firm.holders(&name("checker"), Some(&name("north")))), ["head"]);
        assert_eq!(ids(&firm.holders(&name("checker"), Some(&name("firm")))), [""; 0]);
        assert_eq!(ids(&firm.holders(&name("checker"), None)), [""; 0]);
        assert_eq!(ids(&firm.holders(&name("boss"), Some(&name("north")))), ["gm"]);
    }

    #[test]
    fn who_has_left_is_nobody() {
        let mut firm = firm();
        firm.people.entry(PersonId::new("head")).and_modify(|p| p.active = false);
        assert_eq!(ids(&firm.holders(&name("checker"), Some(&name("north")))), [""; 0]);
        assert_eq!(firm.head_of(&name("sales")), None);
        assert_eq!(ids(&firm.managers_up(&PersonId::new("li"))), ["gm"]);
    }
}
