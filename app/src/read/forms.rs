//! A form as one reader may see it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use zhupi_forms::{Class, Form, Rights, View};

use crate::load::Loaded;
use crate::permit::Viewer;
use crate::view::FormView;

/// A form's schema and data, cut down to what a view may know.
pub(crate) fn form_view(
    form: &Form,
    data: &Map<String, Value>,
    rights: &Rights,
    classes: &BTreeSet<Class>,
) -> FormView {
    let view = View { rights, classes };
    let data = Value::Object(data.clone());
    let schema = form.for_client(&view, &data);
    let redacted = form.redact(&data, &view);
    FormView { schema, data: redacted.data, masked: redacted.masked.iter().map(ToString::to_string).collect() }
}

/// Which classes of an instance's data a reader sees.
///
/// Everybody sees what is about themselves, and who is asked to decide sees what they decide about; others see what their
/// roles open, and the rest is masked.
pub(crate) fn classes(viewer: &Viewer, loaded: &Loaded) -> BTreeSet<Class> {
    let own = loaded.state.is_own(viewer.person());
    let asked = loaded.state.tasks().any(|(_, _, _, task)| task.person == *viewer.person());
    if own || asked { Class::ALL.into_iter().collect() } else { viewer.sees().clone() }
}

/// Which classes of results a reader sees: pay is for the person it is paid to, whoever submitted the request.
pub(crate) fn result_classes(viewer: &Viewer, loaded: &Loaded) -> BTreeSet<Class> {
    let subject = loaded.state.subject == *viewer.person();
    let asked = loaded.state.tasks().any(|(_, _, _, task)| task.person == *viewer.person());
    if subject || asked { Class::ALL.into_iter().collect() } else { viewer.sees().clone() }
}
