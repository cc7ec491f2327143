//! A people's step against forms, fields, roles and other steps.

use zhupi_domain::expr::Type;
use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_engine::{Decide, Late, Selector, Sheet};
use zhupi_forms::{Form, Right, RightEntry};

use super::Offer;
use super::flow::{Walk, is_later, steps_of};
use super::people::{self, Place};
use super::scope::result_type;
use crate::read::flow::{FieldRight, FlowSource};
use crate::read::people::{OnEmptySource, OnSelfSource};
use crate::read::step::{Doing, HumanSource, KindSource, OnRejectSource, StepSource};
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
        let fills = matches!(human.does, Doing::Fill { form: None, .. });
        let others = if fills { Right::Editable } else { Right::Readonly };
        rights(form, others, &human.fields, log);
    }
    if let Some(own) = own_form(human) {
        offer.form(&own.value, own.span, log);
    }
    decide(human, log);
    votes(human, offer, log);
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

/// The form of its own that a step fills.
pub fn own_form(human: &HumanSource) -> Option<&Placed<Name>> {
    match &human.does {
        Doing::Fill { form, .. } => form.as_ref(),
        Doing::Approve | Doing::Vote(_) => None,
    }
}

/// Sheets of their own are for several people; a sheet needs a name to be read.
fn decide(human: &HumanSource, log: &Log<'_>) {
    let Doing::Fill { form, sheet: Sheet::Own { .. } } = &human.does else { return };
    let several = human.assign.decide.is_some_and(|decide| decide.value != Decide::Any);
    let span = human.assign.by.first().map(|by| by.span).unwrap_or_default();
    if !several {
        log.push(
            Diagnostic::error(
                "flow.own-sheet",
                span,
                Text::new(
                    "`sheet: own` 要几个人各填一份，这里一个人填了就结束",
                    "`sheet: own` is for several people, and here the first one ends the step",
                ),
            )
            .hint(Text::new("加上 decide: all 或 in-order", "add `decide: all` or `in-order`")),
        );
    }
    if form.is_none() {
        log.error("flow.own-sheet", span, "`sheet: own` 要有自己的表单 form", "`sheet: own` needs a form of its own");
    }
}

/// A committee is asked as a whole: nobody is told to decide for it.
fn votes(human: &HumanSource, offer: &Offer, log: &Log<'_>) {
    let Doing::Vote(vote) = &human.does else { return };
    for rule in human.overdue.iter().filter_map(|rule| rule.escalate_to.as_ref()).flatten() {
        log.error(
            "flow.vote-escalated",
            rule.span,
            "票决不能升级给别人代为决定",
            "nobody decides a vote for the committee: it cannot be escalated",
        );
    }
    let Some(company) = &offer.company else { return };
    let chaired = human.assign.by.iter().any(|by| match &by.value {
        Selector::Committee(name) => company.committees.get(name).is_some_and(|known| known.chair.is_some()),
        _ => false,
    });
    if vote.minutes && !chaired {
        let span = human.assign.by.first().map(|by| by.span).unwrap_or_default();
        log.push(
            Diagnostic::warning(
                "flow.minutes-without-chair",
                span,
                Text::new(
                    "要有会议纪要，却没有主席：最后一票必须附上",
                    "minutes are required and there is no chair: the last ballot has to carry them",
                ),
            )
            .hint(Text::new("在 committees 里写 chair", "name a `chair` under `committees`")),
        );
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

/// What a people's step hands on, and whether it may be missing.
pub fn result(human: &HumanSource, walk: &Walk<'_>) -> Option<(Type, bool)> {
    let skipped =
        matches!(human.assign.on_self, OnSelfSource::Skip) || matches!(human.assign.on_empty, OnEmptySource::Skip);
    let (ty, _) = match &human.does {
        Doing::Approve => result_type::approval(walk.company),
        Doing::Vote(_) => result_type::vote(),
        Doing::Fill { form, sheet } => {
            let form = walk.offer.forms.get(&form.as_ref()?.value)?.as_ref()?;
            result_type::fill(walk.company, form, matches!(sheet, Sheet::Own { .. }))
        }
    };
    // What closes at its deadline may have nobody's answer.
    Some((ty, skipped || human.late == Late::Close))
}
