//! What the calendar starts.

use std::collections::BTreeSet;

use zhupi_domain::expr::{Field, Type};
use zhupi_engine::{PersonRef, Selector};
use zhupi_forms::Form;

use super::Offer;
use super::expressions::Here;
use super::people::{Place, selectors, unknown_field};
use super::scope::{Known, period_type};
use crate::read::flow::FlowSource;
use crate::read::start::EverySource;
use crate::read::{Log, Placed};

/// Checks the days that start requests of a flow.
pub fn every(flow: &FlowSource, form: &Form, offer: &Offer, log: &Log<'_>) {
    for rule in &flow.starts {
        let fact = rule.of.as_ref().and_then(|fact| offer.fact(&fact.value, fact.span, log));
        if let Some(who) = &rule.who {
            whose(who, fact, form, offer, log);
        }
        if rule.of.is_some() && fact.is_none() {
            continue;
        }
        let (known, results) = (Known::default(), BTreeSet::new());
        let here = Here { scope: scope_type(flow, fact), known: &known, results: &results, log };
        expressions(rule, form, &here);
    }
}

/// What the expressions of such a rule see: today, the record, and the period.
fn scope_type(flow: &FlowSource, fact: Option<&Form>) -> Type {
    let item = fact.map(|form| ("item", form.record_type()));
    let period = flow.period.map(|_| ("period", period_type()));
    let members = [("today", Type::Date)].into_iter().chain(item).chain(period);
    Type::Record(members.map(|(name, ty)| (name.to_owned(), Field::required(ty))).collect())
}

fn expressions(rule: &EverySource, form: &Form, here: &Here<'_>) {
    if let Some(when) = &rule.when {
        here.expect(&Type::Bool, when);
    }
    if let Some(once) = &rule.once {
        here.expect(&Type::Text, once);
    }
    for line in &rule.form {
        match form.field(line.name.value.as_str()) {
            None => unknown_field(line.name.value.as_str(), line.name.span, form, here.log),
            Some(field) => here.expect(&field.value_type(), &line.value),
        }
    }
}

/// There is no initiator yet, so that only a person, a role or a field of the record names somebody.
fn whose(who: &Placed<Selector>, fact: Option<&Form>, form: &Form, offer: &Offer, log: &Log<'_>) {
    match &who.value {
        Selector::Is(PersonRef::Item(Some(field))) => {
            if let Some(fact) = fact.filter(|fact| fact.field(field.as_str()).is_none()) {
                unknown_field(field.as_str(), who.span, fact, log);
            }
        }
        Selector::Person(_) | Selector::Role { within: None, .. } => {
            selectors(std::slice::from_ref(who), Place::Start, Some(form), offer, log);
        }
        _ => log.error(
            "flow.start-as",
            who.span,
            "这里只能写 role:、person: 或 item.字段",
            "only role:, person: or item.FIELD can be named here",
        ),
    }
}
