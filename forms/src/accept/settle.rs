//! What follows from what was written: fields that come and go with a condition, and fields that are computed.

use serde_json::Value as Json;
use zhupi_domain::expr::{Context, Type};

use super::{Findings, Purpose, Submission};
use crate::Pointer;
use crate::lookup::{LookedUp, Lookup};
use crate::model::{Field, Form, Kind, Level};

/// Drops conditional fields whose condition is off, and computes computed fields, innermost levels first.
pub(super) fn settle(form: &Form, data: &mut Json, submission: &Submission<'_>, findings: &mut Findings<'_>) {
    let Submission { context, purpose, found, .. } = *submission;
    let mut settle = Settle { context, purpose, found, findings };
    settle.level(&form.root, &form.record_type(), data, &Pointer::root());
}

struct Settle<'a, 'f> {
    context: Context<'a>,
    purpose: Purpose,
    found: LookedUp<'a>,
    findings: &'a mut Findings<'f>,
}

impl Settle<'_, '_> {
    fn level(&mut self, level: &Level, scope: &Type, data: &mut Json, at: &Pointer) {
        for field in &level.fields {
            self.inside(field, data, &at.field(&field.name));
        }
        for field in level.settling.iter().filter_map(|position| level.fields.get(*position)) {
            if !level.shows(field, data) {
                remove(data, field);
                self.findings.off.insert(at.field(&field.name));
            } else if let Some(lookup) = &field.lookup {
                self.look_up(field, lookup, data);
            } else if field.is_computed() {
                self.compute(field, scope, data, &at.field(&field.name));
            }
        }
        in_form_order(level, data);
    }

    fn inside(&mut self, field: &Field, data: &mut Json, at: &Pointer) {
        let Some(value) = data.get_mut(&field.name) else { return };
        match &field.kind {
            Kind::Group(columns) => self.level(&columns.level, &columns.level.record_type(), value, at),
            Kind::Rows(columns) => {
                let scope = columns.level.record_type();
                for (index, row) in value.as_array_mut().into_iter().flatten().enumerate() {
                    self.level(&columns.level, &scope, row, &at.item(index));
                }
            }
            _ => {}
        }
    }

    /// What is not found is left out; where it is required, that is told.
    fn look_up(&mut self, field: &Field, lookup: &Lookup, data: &mut Json) {
        match lookup.wanted(data).and_then(|wanted| self.found.get(&wanted)) {
            Some(value) => {
                if let Some(members) = data.as_object_mut() {
                    members.insert(field.name.clone(), value.clone());
                }
            }
            None => remove(data, field),
        }
    }

    fn compute(&mut self, field: &Field, scope: &Type, data: &mut Json, at: &Pointer) {
        let Some(computed) = &field.computed else { return };
        match computed.value(field, scope, data, &self.context) {
            Ok(Some(value)) => {
                if let Some(members) = data.as_object_mut() {
                    members.insert(field.name.clone(), value);
                }
            }
            Ok(None) => remove(data, field),
            Err(_) if self.purpose == Purpose::Draft => remove(data, field),
            Err(fault) => {
                remove(data, field);
                self.findings.unread(at.clone(), fault);
            }
        }
    }
}

/// Computed values were put at the end; the same data is always written in the same order.
fn in_form_order(level: &Level, data: &mut Json) {
    if level.settling.is_empty() {
        return;
    }
    if let Some(members) = data.as_object_mut() {
        let mut unordered = std::mem::take(members);
        let ordered = level.fields.iter().filter_map(|field| unordered.swap_remove_entry(&field.name));
        *members = ordered.collect();
    }
}

fn remove(data: &mut Json, field: &Field) {
    if let Some(members) = data.as_object_mut() {
        members.shift_remove(&field.name);
    }
}
