//! Fields that are looked up, against the facts that they are looked up in.

use zhupi_domain::{Diagnostic, Text};
use zhupi_forms::{Field, Form, Lookup};

use super::Offer;
use super::people::unknown_field;
use crate::read::Log;

/// Checks the lookups of a form; `is_fact`: the form is that of a kind of fact, which has none.
pub fn lookups(form: &Form, is_fact: bool, offer: &Offer, log: &Log<'_>) {
    for (field, lookup) in form.all_fields().filter_map(|field| Some((field, field.lookup()?))) {
        if is_fact {
            let message =
                Text::new("业务事实是登记下来的，不能再查询", "a fact says what was recorded, and looks nothing up");
            log.push(Diagnostic::error("form.lookup", lookup.span, message));
        } else if let Some(fact) = offer.fact(&lookup.fact, lookup.span, log) {
            one(field, lookup, fact, form, log);
        }
    }
}

fn one(field: &Field, lookup: &Lookup, fact: &Form, form: &Form, log: &Log<'_>) {
    let span = lookup.span;
    for (key, own) in &lookup.matching {
        if fact.field(key.as_str()).is_none() {
            unknown_field(key.as_str(), span, fact, log);
        } else if !fact.key().iter().any(|known| known == key.as_str()) {
            let known = fact.key().join(", ");
            let message = Text::new(
                format!("`{key}` 不在业务事实的 x-key 里（{known}），不能用来查询"),
                format!("`{key}` is not in the fact's x-key ({known}) and cannot be looked up by"),
            );
            log.push(Diagnostic::error("form.lookup-key", span, message));
        } else if let (Some(theirs), Some(ours)) = (fact.field(key.as_str()), beside(form, field, own)) {
            comparable(ours, theirs, lookup, log);
        }
    }
    match fact.field(lookup.value.as_str()) {
        None => unknown_field(lookup.value.as_str(), span, fact, log),
        Some(value) => {
            comparable(field, value, lookup, log);
            if value.class().is_masked() && !field.class().is_masked() {
                lowered(field, value, lookup, log);
            }
        }
    }
}

/// A field of the same level.
fn beside<'f>(form: &'f Form, field: &Field, name: &str) -> Option<&'f Field> {
    match field.path().rsplit_once('.') {
        Some((around, _)) => form.field(&format!("{around}.{name}")),
        None => form.field(name),
    }
}

fn comparable(ours: &Field, theirs: &Field, lookup: &Lookup, log: &Log<'_>) {
    let (wanted, found) = (ours.value_type(), theirs.value_type());
    if !wanted.accepts(&found) {
        let (wanted, found) = (wanted.describe(), found.describe());
        let message = Text::new(
            format!("`{}` 是{}，业务事实的 `{}` 是{}", ours.name(), wanted.zh, theirs.name(), found.zh),
            format!(
                "`{}` is {}, and `{}` of the fact is {}",
                ours.name(),
                wanted.en.unwrap_or(wanted.zh),
                theirs.name(),
                found.en.unwrap_or(found.zh)
            ),
        );
        log.push(Diagnostic::error("form.lookup-type", lookup.span, message));
    }
}

fn lowered(field: &Field, value: &Field, lookup: &Lookup, log: &Log<'_>) {
    let (class, own) = (value.class(), field.class());
    let message = Text::new(
        format!("查到的是 {class} 类的值，字段自己却是 {own}"),
        format!("what is looked up is of class {class}, but the field is {own}"),
    );
    log.push(Diagnostic::warning("form.class-lowered", lookup.span, message).hint(Text::new(
        format!("加上 \"x-class\": \"{class}\"，除非确实人人可看"),
        format!("add \"x-class\": \"{class}\", unless everybody may see it"),
    )));
}
