//! A form as one reader may see it.

use serde_json::{Map, Value};
use zhupi_forms::{Form, Kind, View};

use super::sight::Sight;
use super::values::Wording;
use crate::view::{FigureKind, FormView, Highlight};

/// A form's schema and data, cut down to what a view may know.
pub(crate) fn form_view(form: &Form, data: &Map<String, Value>, view: &View<'_>) -> FormView {
    let data = Value::Object(data.clone());
    let schema = form.for_client(view, &data);
    let redacted = form.redact(&data, view);
    FormView { schema, data: redacted.data, masked: redacted.masked.iter().map(ToString::to_string).collect() }
}

/// Some fields of a form as lines of text, as far as a reader sees them; what is masked is left out.
pub(crate) fn highlights<'a>(
    wording: Wording<'_>,
    sight: &Sight,
    form: &Form,
    data: &Map<String, Value>,
    names: impl Iterator<Item = &'a str>,
) -> Vec<Highlight> {
    let shown = sight.redact(form, data).data;
    let line = |name: &str| {
        let field = form.field(name)?;
        let value = shown.get(name).filter(|value| !value.is_null())?;
        let kind = if matches!(field.kind(), Kind::Money) { FigureKind::Money } else { FigureKind::Plain };
        Some(Highlight { title: field.title().clone().into(), value: wording.field(field, value), kind })
    };
    names.filter_map(line).filter(|line| !line.value.is_empty()).collect()
}
