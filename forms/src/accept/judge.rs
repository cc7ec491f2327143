//! The demands of the form and of the step on the settled data.

use std::collections::BTreeSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value as Json;

use super::{Findings, Purpose, Submission};
use crate::Pointer;
use crate::error::{Fault, Keyword};
use crate::model::{Field, Form, Kind, Level};
use crate::rights::{Access, View};

/// Adds what the data fails, as far as this view can mend it or has just broken it. A draft is not judged.
pub(super) fn judge(form: &Form, data: &Json, submission: &Submission<'_>, findings: &mut Findings<'_>) {
    if submission.purpose == Purpose::Draft {
        return;
    }
    let mut failed: Vec<(Pointer, Fault)> =
        form.validator.iter_errors(data).filter_map(|error| fault(&error)).collect();
    demanded_by_step(&form.root, data, &submission.view, &Pointer::root(), &mut failed);
    let mut empty = BTreeSet::new();
    empty_lists(&form.root, data, &Pointer::root(), &mut empty);
    // Not enough items is what it is, but “fill it in” says it better.
    failed.retain(|(at, fault)| fault.keyword != Keyword::MinItems || !empty.contains(at));
    failed.extend(empty.into_iter().map(|at| (at, Fault::new(Keyword::Required))));
    for (at, fault) in failed {
        if findings.is_unread(&at) {
            continue;
        }
        match concerns(form, &at, data, submission) {
            Concern::Shown => findings.add(at.clone(), fault_at(form, &at, fault)),
            Concern::Hidden => findings.add(Pointer::root(), Fault::new(Keyword::Check)),
            Concern::None => {}
        }
    }
}

enum Concern {
    Shown,
    /// It fails, and whoever sent it may not know of the field.
    Hidden,
    /// It was so before, and this view cannot mend it.
    None,
}

/// Whether a failing value is this submission's business: it could write it, or it changed it by way of a computation.
fn concerns(form: &Form, at: &Pointer, data: &Json, submission: &Submission<'_>) -> Concern {
    let Some(field) = form.place(at).field else { return Concern::Shown };
    let access = submission.view.access(field);
    if access.writes() || could_look_up(form, field, submission) && access.reads() {
        return Concern::Shown;
    }
    let before = submission.before.and_then(|before| before.pointer(at.as_str()));
    let touched = field.is_computed() && before != data.pointer(at.as_str());
    match access {
        Access::Hidden | Access::Masked if touched => Concern::Hidden,
        _ if touched => Concern::Shown,
        _ => Concern::None,
    }
}

/// Whether the submission could write what a field is looked up by.
fn could_look_up(form: &Form, field: &Field, submission: &Submission<'_>) -> bool {
    let beside = |name: &String| match field.path.rsplit_once('.') {
        Some((around, _)) => form.field(&format!("{around}.{name}")),
        None => form.field(name),
    };
    let found_by = field.lookup.iter().flat_map(|lookup| lookup.matching.values()).filter_map(beside);
    found_by.into_iter().any(|by| submission.view.access(by).writes())
}

/// A computed value that is missing cannot be filled in: something it depends on is.
fn fault_at(form: &Form, at: &Pointer, fault: Fault) -> Fault {
    let field = form.place(at).field;
    match fault.keyword {
        Keyword::Required if field.is_some_and(|field| field.lookup.is_some()) => {
            Fault::special(Keyword::Computed, "lookup")
        }
        Keyword::Required if field.is_some_and(Field::is_computed) => Fault::special(Keyword::Computed, "empty"),
        _ => fault,
    }
}

/// The place and the fault of an error of the engine.
fn fault(error: &ValidationError<'_>) -> Option<(Pointer, Fault)> {
    let at = Pointer::from(error.instance_path().as_str());
    let fault = match error.kind() {
        ValidationErrorKind::Required { property } => {
            return Some((at.field(property.as_str()?), Fault::new(Keyword::Required)));
        }
        ValidationErrorKind::Enum { .. } => Fault::new(Keyword::Enum),
        ValidationErrorKind::Constant { expected_value } => Fault::limit(Keyword::Const, (**expected_value).clone()),
        ValidationErrorKind::MinLength { limit } => Fault::limit(Keyword::MinLength, *limit),
        ValidationErrorKind::MaxLength { limit } => Fault::limit(Keyword::MaxLength, *limit),
        ValidationErrorKind::Pattern { .. } => Fault::new(Keyword::Pattern),
        ValidationErrorKind::Minimum { limit } => Fault::limit(Keyword::Minimum, limit.clone()),
        ValidationErrorKind::Maximum { limit } => Fault::limit(Keyword::Maximum, limit.clone()),
        ValidationErrorKind::ExclusiveMinimum { limit } => Fault::limit(Keyword::ExclusiveMinimum, limit.clone()),
        ValidationErrorKind::ExclusiveMaximum { limit } => Fault::limit(Keyword::ExclusiveMaximum, limit.clone()),
        ValidationErrorKind::MinItems { limit } => Fault::limit(Keyword::MinItems, *limit),
        ValidationErrorKind::MaxItems { limit } => Fault::limit(Keyword::MaxItems, *limit),
        ValidationErrorKind::Format { format } => Fault::new(Keyword::Format).with("format", format.as_str()),
        ValidationErrorKind::Custom { keyword, message } => {
            Fault::limit(if keyword == "x-min" { Keyword::Min } else { Keyword::Max }, message.as_str())
        }
        _ => Fault::new(Keyword::Type),
    };
    Some((at, fault))
}

/// Fields that the step, not the form, wants filled.
fn demanded_by_step(level: &Level, data: &Json, view: &View<'_>, at: &Pointer, failed: &mut Vec<(Pointer, Fault)>) {
    for field in &level.fields {
        let here = at.field(&field.name);
        let value = data.get(&field.name);
        let wanted = view.access(field) == Access::Required && level.shows(field, data);
        if wanted && value.is_none_or(is_empty_list) {
            failed.push((here.clone(), Fault::new(Keyword::Required)));
        }
        each_inside(field, value, &here, |level, data, at| demanded_by_step(level, data, view, at, failed));
    }
}

/// Rows and lists that must be filled and hold nothing: to JSON Schema `[]` is something.
fn empty_lists(level: &Level, data: &Json, at: &Pointer, empty: &mut BTreeSet<Pointer>) {
    let is_empty = |field: &Field| data.get(&field.name).is_some_and(is_empty_list);
    if level.fields.iter().any(is_empty) {
        let wanted = wanted(level, data);
        let missing = level.fields.iter().filter(|field| is_empty(field) && wanted.contains(field.name.as_str()));
        empty.extend(missing.map(|field| at.field(&field.name)));
    }
    for field in &level.fields {
        let here = at.field(&field.name);
        each_inside(field, data.get(&field.name), &here, |level, data, at| empty_lists(level, data, at, empty));
    }
}

/// The fields of a level that the form wants filled, its conditions being as they are.
fn wanted<'a>(level: &'a Level, data: &Json) -> BTreeSet<&'a str> {
    let always = level.fields.iter().filter(|field| field.required).map(Field::name);
    let branches = level.conditions.iter().map(|it| it.branch(it.validator.is_valid(data)));
    let dependent = level.dependents.iter().filter(|(key, _)| data.get(key).is_some()).flat_map(|(_, names)| names);
    always.chain(branches.flat_map(|it| &it.required).chain(dependent).map(String::as_str)).collect()
}

/// Visits the level of a group, or that of each row.
fn each_inside(field: &Field, value: Option<&Json>, at: &Pointer, mut visit: impl FnMut(&Level, &Json, &Pointer)) {
    match (&field.kind, value) {
        (Kind::Group(columns), Some(data)) => visit(&columns.level, data, at),
        (Kind::Rows(columns), Some(Json::Array(rows))) => {
            rows.iter().enumerate().for_each(|(index, row)| visit(&columns.level, row, &at.item(index)));
        }
        _ => {}
    }
}

fn is_empty_list(value: &Json) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}
