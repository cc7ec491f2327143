//! Selectors against roles, form fields and the seeds of the directory.

use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_engine::{PersonRef, Selector};
use zhupi_forms::{Form, Kind};

use super::{Offer, unknown};
use crate::read::{Log, Placed};

/// Where a selector stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `start`: before there is a request.
    Start,
    /// Who acts.
    Step,
    /// `visible`: who may read.
    Readers,
    /// `visible` of an account: who reads all of its balances.
    Account,
}

/// Checks selectors; `form` is the request's, where it could be read.
pub fn selectors(list: &[Placed<Selector>], place: Place, form: Option<&Form>, offer: &Offer, log: &Log<'_>) {
    for selector in list {
        check(selector, place, form, offer, log);
    }
}

fn check(placed: &Placed<Selector>, place: Place, form: Option<&Form>, offer: &Offer, log: &Log<'_>) {
    let span = placed.span;
    let mut refs = Vec::new();
    match &placed.value {
        Selector::Person(person) => {
            let missing = offer.people.as_ref().filter(|people| people.active(person).is_none());
            if let Some(people) = missing {
                let known = people.people.keys().map(|id| id.as_str());
                let message =
                    Text::new(format!("people.csv 里没有 `{person}`"), format!("`{person}` is not in people.csv"));
                log.push(log.hints(Diagnostic::warning("pack.unknown-person", span, message), person.as_str(), known));
            }
        }
        Selector::Role { role, within } => {
            check_role(role, span, offer, log);
            refs.extend(within);
        }
        Selector::Committee(_) if matches!(place, Place::Start | Place::Account) => {}
        Selector::Committee(committee) => check_committee(committee, span, offer, log),
        Selector::HeadOf(of) | Selector::ManagerOf { of, .. } | Selector::Is(of) => refs.push(of),
        Selector::Anyone if place == Place::Step => misplaced(span, &placed.value, ANYONE_HINT, log),
        Selector::Anyone => {}
    }
    if place == Place::Account && !matches!(placed.value, Selector::Person(_) | Selector::Role { within: None, .. }) {
        misplaced(span, &placed.value, ACCOUNT_HINT, log);
        return;
    }
    if place == Place::Readers && refs.iter().any(|of| matches!(of, PersonRef::Item(_))) {
        misplaced(span, &placed.value, ITEM_HINT, log);
        return;
    }
    if place == Place::Start && (!refs.is_empty() || matches!(placed.value, Selector::Committee(_))) {
        misplaced(span, &placed.value, START_HINT, log);
        return;
    }
    for field in refs.into_iter().filter_map(|of| if let PersonRef::Field(field) = of { Some(field) } else { None }) {
        person_field(field, span, form, log);
    }
}

const ITEM_HINT: (&str, &str) = ("`item` 只在 each 里面才有", "`item` exists inside an `each` only");
const ANYONE_HINT: (&str, &str) = ("请写明由谁办理，例如 role:finance", "say who acts, such as role:finance");
const ACCOUNT_HINT: (&str, &str) = (
    "谁看整本台账要点名：只能用 role: 或 person:",
    "who reads a whole account is named: only role: or person: can be said",
);
const START_HINT: (&str, &str) = (
    "发起时还没有申请人，只能用 role:、person: 或 anyone",
    "nobody has started yet: only role:, person: or anyone can be said",
);

fn misplaced(span: Span, selector: &Selector, hint: (&str, &str), log: &Log<'_>) {
    log.push(
        Diagnostic::error(
            "flow.selector-place",
            span,
            Text::new(format!("这里不能用 `{selector}`"), format!("`{selector}` cannot stand here")),
        )
        .hint(Text::new(hint.0, hint.1)),
    );
}

fn check_committee(committee: &Name, span: Span, offer: &Offer, log: &Log<'_>) {
    let Some(company) = &offer.company else { return };
    if !company.committees.contains_key(committee) {
        let known: Vec<&str> = company.committees.keys().map(Name::as_str).collect();
        let finding = unknown("pack.unknown-committee", span, "委员会", "committee", committee.as_str());
        log.push(log.hints(finding, committee.as_str(), &known));
    }
}

/// Checks what the company says of its committees, of who reads its accounts, and of duties that do not go together.
pub fn company(offer: &Offer, log: &Log<'_>) {
    let Some(company) = &offer.company else { return };
    for committee in company.committees.values() {
        for by in committee.members.iter().map(|(by, _)| by).chain(&committee.chair) {
            match &by.value {
                Selector::Committee(_) | Selector::Anyone => misplaced(by.span, &by.value, MEMBER_HINT, log),
                Selector::HeadOf(PersonRef::Item(_)) | Selector::Is(PersonRef::Item(_)) => {
                    misplaced(by.span, &by.value, ITEM_HINT, log);
                }
                Selector::Role { role, .. } => check_role(role, by.span, offer, log),
                _ => {}
            }
        }
    }
    for account in company.accounts.values() {
        selectors(&account.visible, Place::Account, None, offer, log);
    }
    for role in company.incompatible.iter().flatten() {
        check_role(&role.value, role.span, offer, log);
    }
}

const MEMBER_HINT: (&str, &str) = ("成员写成 role:角色 或 person:编号", "members are named as role:NAME or person:ID");

/// Checks that a role is defined.
pub fn check_role(role: &Name, span: Span, offer: &Offer, log: &Log<'_>) {
    let Some(company) = &offer.company else { return };
    if !company.roles.contains_key(role) {
        let known: Vec<&str> = company.roles.keys().map(Name::as_str).collect();
        log.push(log.hints(unknown("pack.unknown-role", span, "角色", "role", role.as_str()), role.as_str(), &known));
    }
}

/// Checks that a field of the request's form names people.
pub fn person_field(field: &Name, span: Span, form: Option<&Form>, log: &Log<'_>) {
    let Some(form) = form else { return };
    match form.field(field.as_str()) {
        None => unknown_field(field.as_str(), span, form, log),
        Some(found) if matches!(found.kind(), Kind::Person) => {}
        Some(_) => log.push(
            Diagnostic::error(
                "flow.not-a-person",
                span,
                Text::new(
                    format!("字段 `{field}` 不是人员字段"),
                    format!("the field `{field}` does not name a person"),
                ),
            )
            .hint(Text::new("在表单里给它写上 format: person", "give it the format `person` in the form")),
        ),
    }
}

/// Reports a field that the form does not have.
pub fn unknown_field(field: &str, span: Span, form: &Form, log: &Log<'_>) {
    let known: Vec<&str> = form.all_fields().map(zhupi_forms::Field::path).collect();
    let message = Text::new(format!("表单没有字段 `{field}`"), format!("the form has no field `{field}`"));
    log.push(log.hints(Diagnostic::error("form.unknown-field", span, message), field, &known));
}
