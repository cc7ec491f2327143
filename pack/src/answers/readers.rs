//! Who may start a flow and who may read its requests.

use std::collections::BTreeSet;

use zhupi_domain::directory::Directory;
use zhupi_domain::{Name, PersonId};
use zhupi_engine::{Flow, Instance, Selector};

use super::people::{Sight, ids};
use crate::{Company, Release};

/// Whether somebody may start a flow.
pub fn may_start(flow: &Flow, person: &PersonId, directory: &Directory) -> bool {
    let Some(active) = directory.active(person) else { return false };
    flow.start_by.iter().any(|selector| match selector {
        Selector::Person(named) => named == person,
        // A grant for one department counts here: whoever holds the role anywhere may start.
        Selector::Role { role, .. } => active.roles.iter().any(|grant| grant.role == *role),
        Selector::Anyone => true,
        Selector::Committee(_) | Selector::HeadOf(_) | Selector::ManagerOf { .. } | Selector::Is(_) => false,
    })
}

/// Opaque keys of those who may read an instance: whoever has one of them among their [`viewer_keys`].
///
/// Its initiator, its subject, everybody who holds or held work on it as far as the state knows, and those whom the flow
/// makes visible to. Roles and heads of departments are kept as such, so that whoever takes over a post reads what their
/// predecessor could; superiors are people, as they are now. Whoever once held a task keeps reading, so callers add these
/// keys to those of before and never take any away.
pub fn reader_keys(release: &Release, instance: &Instance, directory: &Directory) -> Vec<String> {
    let mut keys = BTreeSet::from([person_key(&instance.initiator), person_key(&instance.subject)]);
    keys.extend(instance.tasks().map(|(_, _, _, task)| person_key(&task.person)));
    keys.extend(instance.visits.values().flat_map(|visit| &visit.agreed).map(person_key));
    keys.extend(instance.visits.values().flat_map(|visit| &visit.ballots).map(|cast| person_key(&cast.member)));
    keys.extend(instance.passed.iter().flat_map(|passed| &passed.people).map(person_key));
    keys.extend(visible_keys(release, instance, directory));
    keys.into_iter().collect()
}

/// The keys among them that the flow's `visible` gives: who reads without taking part.
pub fn visible_keys(release: &Release, instance: &Instance, directory: &Directory) -> BTreeSet<String> {
    let visible = release.flow(&instance.flow).map(|flow| flow.visible.as_slice()).unwrap_or_default();
    let sight = Sight { company: release.company(), instance, directory, item: None };
    visible.iter().flat_map(|selector| selector_keys(selector, sight)).collect()
}

fn selector_keys(selector: &Selector, sight: Sight<'_>) -> Vec<String> {
    let Sight { instance, directory, .. } = sight;
    let departments = |of| -> Vec<&Name> {
        let people = ids(of, instance, None).into_iter().filter_map(|id| directory.people.get(&id));
        people.filter_map(|person| person.department.as_ref()).collect()
    };
    match selector {
        Selector::Person(person) => vec![person_key(person)],
        Selector::Role { role, within: None } => vec![format!("role:{role}")],
        Selector::Role { role, within: Some(of) } => {
            let departments = departments(of);
            let everywhere = (!departments.is_empty()).then(|| format!("role:{role}"));
            let up = departments.into_iter().flat_map(|department| directory.departments_up(department));
            up.map(|department| format!("role:{role}@{}", department.id)).chain(everywhere).collect()
        }
        Selector::HeadOf(of) => departments(of).into_iter().map(|department| format!("head:{department}")).collect(),
        Selector::Committee(committee) => {
            let members = sight.company.committees.get(committee).into_iter().flat_map(|known| &known.members);
            let members = members.filter(|(member, _)| !matches!(member.value, Selector::Committee(_)));
            members.flat_map(|(member, _)| selector_keys(&member.value, sight)).collect()
        }
        Selector::ManagerOf { .. } => {
            let managers = super::people(std::slice::from_ref(selector), sight);
            managers.into_iter().map(|(person, _)| person_key(&person)).collect()
        }
        Selector::Is(of) => ids(of, instance, None).iter().map(person_key).collect(),
        Selector::Anyone => vec!["everyone".to_owned()],
    }
}

/// The accounts of which somebody with these keys reads every balance.
pub fn open_accounts(company: &Company, keys: &BTreeSet<String>) -> BTreeSet<Name> {
    let opens = |selector: &Selector| match selector {
        Selector::Person(person) => keys.contains(&person_key(person)),
        Selector::Role { role, within: None } => keys.contains(&format!("role:{role}")),
        _ => false,
    };
    let open = company.accounts.iter().filter(|(_, account)| account.visible.iter().any(|by| opens(&by.value)));
    open.map(|(name, _)| name.clone()).collect()
}

/// The keys that somebody has: themselves, their roles, the departments they head, and everyone's. None after they left.
pub fn viewer_keys(person: &PersonId, directory: &Directory) -> Vec<String> {
    let Some(active) = directory.active(person) else { return Vec::new() };
    let roles = active.roles.iter().map(|grant| match &grant.department {
        None => format!("role:{}", grant.role),
        Some(department) => format!("role:{}@{department}", grant.role),
    });
    let headed = directory.departments.values().filter(|department| department.head.as_ref() == Some(person));
    let headed = headed.map(|department| format!("head:{}", department.id));
    let keys: BTreeSet<String> = roles.chain(headed).chain([person_key(person), "everyone".to_owned()]).collect();
    keys.into_iter().collect()
}

fn person_key(person: &PersonId) -> String {
    format!("person:{person}")
}
