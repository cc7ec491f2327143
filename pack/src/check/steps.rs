//! A people's step against forms, fields, roles and other steps.

use zhupi_domain::expr::Type;
use zhupi_domain::{Diagnostic, Text};
use zhupi_engine::Decide;
use zhupi_forms::{Form, Right, RightEntry};

use super::Offer;
use super::flow::{Walk, is_later, steps_of};
use super::people::{self, Place};
use super::scope::fill_type;
use crate::read::flow::{FieldRight, FlowSource};
use crate::read::people::{OnEmptySource, OnSelfSource};
use crate::read::step::{HumanSource, KindSource, OnRejectSource, StepSource};
use crate::read::{Log, Placed};

/// Checks what a people's step names.
pub fn names(step: &StepSource, flow: &FlowSource, form: Option<&Form>, offer: &Offer, log: &Log<'_>) {
    let Some(KindSource::Human(human)) = &step.kind else { return };
    let mut lists = vec![&human.assign.by];
    if let OnSelfSource::Instead(selectors) = &human.assign.on_self {
        lists.push(selectors);
    }
    if let OnEmptySource::Instead(selectors) = &human.assign.on_empty {
        lists.push(selectors);
    }
    lists.extend(human.overdue.iter().filter_map(|rule| rule.escalate_to.as_ref()));
    for list in lists {
        people::selectors(list, Place::Step, form, offer, log);
    }
    if let Some(form) = form {
        let others = if human.fills && human.form.is_none() { Right::Editable } else { Right::Readonly };
        rights(form, others, &human.fields, log);
    }
    if let Some(own) = &human.form {
        offer.form(&own.value, own.span, log);
    }
    decide(human, log);
    overdue(step, human, log);
    on_reject(step, human, flow, log);
}

/// Checks a step's rights against the form.
pub fn rights(form: &Form, others: Right, fields: &[FieldRight], log: &Log<'_>) {
    let entries = fields.iter().map(|line| RightEntry {
        field: &line.field.value,
        right: line.right,
        span: Some(line.field.span),
    });
    if let Err(findings) = form.rights(others, entries) {
        log.extend(findings);
    }
}

fn decide(human: &HumanSource, log: &Log<'_>) {
    if let Some(Placed { value, span }) =
        human.assign.decide.filter(|decide| human.fills && decide.value != Decide::Any)
    {
        let word = if value == Decide::All { "decide: all" } else { "decide: in-order" };
        log.not_yet(&format!("fill … {word}"), span);
    }
}

fn overdue(step: &StepSource, human: &HumanSource, log: &Log<'_>) {
    if !human.due_said && !human.overdue.is_empty() {
        log.push(
            Diagnostic::error(
                "flow.overdue-without-due",
                step.name.span,
                Text::new("写了 `overdue`，却没有期限 `due`", "`overdue` is said, but there is no `due`"),
            )
            .hint(Text::new("例如 due: 2 workdays", "for example due: 2 workdays")),
        );
    }
}

fn on_reject(step: &StepSource, human: &HumanSource, flow: &FlowSource, log: &Log<'_>) {
    let Some(OnRejectSource::Return { to, .. }) = &human.on_reject else { return };
    if matches!(to.value.as_str(), "initiator" | "previous") {
        return;
    }
    let before: Vec<&str> = steps_of(&flow.blocks)
        .into_iter()
        .take_while(|other| other.name.value != step.name.value)
        .filter(|other| matches!(other.kind, Some(KindSource::Human(_))))
        .map(|other| other.name.value.as_str())
        .collect();
    if !before.contains(&to.value.as_str()) && !is_later(&flow.blocks, &to.value) {
        let known: Vec<&str> = ["initiator", "previous"].into_iter().chain(before).collect();
        let message = Text::new(
            format!("前面没有由人办理的步骤 `{}`", to.value),
            format!("there is no people's step `{}` before this one", to.value),
        );
        log.push(log.hints(Diagnostic::error("flow.return-target", to.span, message), &to.value, &known));
    }
}

/// What a fill step hands on, and whether it may be missing.
pub fn result(human: &HumanSource, walk: &Walk<'_>) -> Option<(Type, bool)> {
    let form = walk.offer.forms.get(&human.form.as_ref()?.value)?.as_ref()?;
    let skipped =
        matches!(human.assign.on_self, OnSelfSource::Skip) || matches!(human.assign.on_empty, OnEmptySource::Skip);
    Some((fill_type(walk.company, form), skipped))
}
