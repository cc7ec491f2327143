//! What starts and ends requests beside people who want to.

use std::collections::BTreeSet;

use zhupi_domain::expr::{Field, Type};
use zhupi_domain::time::PeriodKind;
use zhupi_engine::{PersonRef, Selector};
use zhupi_forms::Form;

use super::Offer;
use super::expressions::Here;
use super::people::{Place, selectors, unknown_field};
use super::scope::{Known, period_type};
use crate::read::flow::FlowSource;
use crate::read::scalars::Expression;
use crate::read::step::Assignment;
use crate::read::{Log, Placed};

/// Checks what starts and ends requests of a flow by itself, or about a record.
pub fn starts(flow: &FlowSource, form: &Form, offer: &Offer, log: &Log<'_>) {
    let (known, results) = (Known::default(), BTreeSet::new());
    let here = |fact, period| Here { scope: scope_type(period, fact), known: &known, results: &results, log };
    for rule in &flow.starts {
        let fact = rule.of.as_ref().and_then(|fact| offer.fact(&fact.value, fact.span, log));
        if let Some(who) = &rule.who {
            whose(who, fact, form, offer, log);
        }
        if rule.of.is_some() && fact.is_none() {
            continue;
        }
        let here = here(fact, flow.period);
        condition(rule.when.as_ref(), &here);
        let several = rule.once.len() > 1;
        for once in &rule.once {
            // A number tells one of several apart; it says nothing of what it is about, so alone it is a mistake.
            match here.infer(once) {
                Some(Type::Number) if several => {}
                Some(found) => here.fits(&Type::Text, &found, once),
                None => {}
            }
        }
        filled(&rule.form, form, &here);
    }
    for about in &flow.about {
        let fact = about.of.as_ref().and_then(|fact| offer.fact(&fact.value, fact.span, log));
        let named = about.by.iter().filter(|who| who.value != Selector::Anyone);
        named.for_each(|who| whose(who, fact, form, offer, log));
        let Some(fact) = fact else { continue };
        let here = here(Some(fact), None);
        condition(about.when.as_ref(), &here);
        filled(&about.form, form, &here);
    }
    stops(flow, form, offer, log);
}

fn stops(flow: &FlowSource, form: &Form, offer: &Offer, log: &Log<'_>) {
    let Some(company) = &offer.company else { return };
    let results = BTreeSet::new();
    for stop in &flow.stops {
        let fact = stop.of.as_ref().and_then(|fact| offer.fact(&fact.value, fact.span, log));
        let Some(fact) = fact else { continue };
        let known = Known::default().with_item(Some(fact.record_type()));
        let scope = super::scope::scope_type(company, &form.record_type(), flow.period, &known);
        condition(stop.when.as_ref(), &Here { scope, known: &known, results: &results, log });
    }
}

/// What the expressions of such a rule see: today, the record, and the period.
fn scope_type(period: Option<PeriodKind>, fact: Option<&Form>) -> Type {
    let item = fact.map(|form| ("item", form.record_type()));
    let period = period.map(|_| ("period", period_type()));
    let members = [("today", Type::Date)].into_iter().chain(item).chain(period);
    Type::Record(members.map(|(name, ty)| (name.to_owned(), Field::required(ty))).collect())
}

fn condition(when: Option<&Expression>, here: &Here<'_>) {
    if let Some(when) = when {
        here.expect(&Type::Bool, when);
    }
}

fn filled(lines: &[Assignment], form: &Form, here: &Here<'_>) {
    for line in lines {
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
