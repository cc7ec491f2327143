//! The corpus shared with the browser: forms, submissions, and what becomes of them.
//!
//! `corpus/README.md` describes the format. The browser's validator runs the same files.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value as Json;
use zhupi_domain::Text;
use zhupi_domain::expr::Context;
use zhupi_forms::{Class, Form, LookedUp, Purpose, Right, RightEntry, Rights, Submission, View};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "title")]
    _title: String,
    form: Json,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    rights: StepRights,
    #[serde(default)]
    classes: BTreeSet<Class>,
    #[serde(default)]
    purpose: Sent,
    before: Option<Json>,
    data: Json,
    /// Pointer and keyword, in the order of the form; nothing else may be wrong.
    errors: Option<Vec<(String, String)>>,
    /// Some of the sentences.
    #[serde(default)]
    messages: BTreeMap<String, Text>,
    accepted: Option<Json>,
    changed: Option<Vec<String>>,
    /// Paths of the fields in the schema for the browser, in its order.
    visible: Option<Vec<String>>,
    masked_fields: Option<Vec<String>>,
    /// What the view is shown of `before`, and what is masked in it.
    shown: Option<Json>,
    masked: Option<Vec<String>>,
    /// Places in the schema for the browser and what stands there; `null` for nothing.
    #[serde(default)]
    client: BTreeMap<String, Json>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StepRights {
    default: Right,
    #[serde(default)]
    fields: BTreeMap<String, Right>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sent {
    #[default]
    Submit,
    Draft,
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|it| it == "json") && !path.ends_with("messages.json"))
        .collect();
    files.sort();
    files
}

fn form(json: &Json) -> Form {
    let source = serde_json::to_string_pretty(json).unwrap();
    Form::read(&source).unwrap_or_else(|found| {
        let place = |d: &zhupi_domain::Diagnostic| d.span.map(|span| span.line_column(&source));
        panic!("{:#?}", found.iter().map(|d| (place(d), d.to_string())).collect::<Vec<_>>())
    })
}

fn rights(form: &Form, step: &StepRights) -> Rights {
    let entries = step.fields.iter().map(|(field, right)| RightEntry { field, right: *right, span: None });
    form.rights(step.default, entries).unwrap()
}

/// Fields of a schema for the browser by path, with what may be done; conditional fields are found in their branches.
fn accesses(schema: &Json, around: &str) -> BTreeMap<String, (String, Json)> {
    let mut found = BTreeMap::new();
    let conditions = schema["allOf"].as_array().into_iter().flatten();
    let branches = conditions.flat_map(|it| [&it["then"], &it["else"], it]);
    for level in std::iter::once(schema).chain(branches) {
        for (name, field) in level["properties"].as_object().into_iter().flatten() {
            let path = if around.is_empty() { name.clone() } else { format!("{around}.{name}") };
            let Some(access) = field["x-access"].as_str() else { continue };
            found.extend(accesses(field, &path));
            found.extend(accesses(&field["items"], &path));
            found.insert(path, (access.to_owned(), field.clone()));
        }
    }
    found
}

/// The same paths in the order in which the form shows them.
fn in_order(schema: &Json, around: &str, accesses: &BTreeMap<String, (String, Json)>) -> Vec<String> {
    let names = schema["x-order"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let paths = names.map(|name| if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") });
    paths
        .filter(|path| accesses.contains_key(path))
        .flat_map(|path| {
            let field = &accesses[&path].1;
            let inside = [field, &field["items"]].into_iter().flat_map(|it| in_order(it, &path, accesses));
            let inside: Vec<_> = inside.collect();
            std::iter::once(path).chain(inside)
        })
        .collect()
}

fn run(form: &Form, case: &Case) {
    let rights = rights(form, &case.rights);
    let view = View { rights: &rights, classes: &case.classes };
    let context = Context { today: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), calendar: None };
    let purpose = match case.purpose {
        Sent::Submit => Purpose::Submit,
        Sent::Draft => Purpose::Draft,
    };
    let submission = Submission {
        before: case.before.as_ref(),
        data: &case.data,
        view,
        purpose,
        context,
        found: LookedUp::default(),
    };
    let expected: Vec<(String, String)> = case.errors.clone().unwrap_or_default();
    match form.accept(&submission) {
        Err(errors) => {
            let found: Vec<_> = errors.iter().map(|it| (it.pointer.to_string(), it.keyword.to_string())).collect();
            assert_eq!(found, expected, "{:#?}", errors);
            for (pointer, message) in &case.messages {
                let said = errors.iter().find(|error| error.pointer.as_str() == pointer).map(|error| &error.message);
                assert_eq!(said, Some(message), "{pointer}");
            }
        }
        Ok(accepted) => {
            assert_eq!(expected, [], "accepted {:#}", accepted.data);
            if let Some(expected) = &case.accepted {
                // As text: the members stand in the order of the form.
                assert_eq!(accepted.data.to_string(), expected.to_string());
            }
            if let Some(expected) = &case.changed {
                let changed: Vec<_> = accepted.changed.iter().map(ToString::to_string).collect();
                assert_eq!(&changed, expected);
            }
        }
    }
    look(form, case, &view);
}

/// What the browser is given.
fn look(form: &Form, case: &Case, view: &View<'_>) {
    let before = case.before.clone().unwrap_or_else(|| form.blank());
    let client = form.for_client(view, &before);
    let accesses = accesses(&client, "");
    if let Some(expected) = &case.visible {
        assert_eq!(&in_order(&client, "", &accesses), expected, "{client:#}");
    }
    if let Some(expected) = &case.masked_fields {
        let masked: Vec<_> =
            accesses.iter().filter(|(_, (access, _))| access == "masked").map(|(path, _)| path.clone()).collect();
        assert_eq!(&masked, expected);
    }
    for (pointer, expected) in &case.client {
        assert_eq!(client.pointer(pointer).unwrap_or(&Json::Null), expected, "{pointer} in {client:#}");
    }
    let redacted = form.redact(&before, view);
    if let Some(expected) = &case.shown {
        assert_eq!(&redacted.data, expected, "{:#}", redacted.data);
    }
    if let Some(expected) = &case.masked {
        let masked: Vec<_> = redacted.masked.iter().map(ToString::to_string).collect();
        assert_eq!(&masked, expected);
    }
}

#[test]
fn the_corpus_holds() {
    let mut ran = 0;
    let mut failed = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let file: File = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let form = form(&file.form);
        for case in &file.cases {
            ran += 1;
            assert!(case.errors.is_some() != case.accepted.is_some(), "{}: errors or accepted", case.name);
            if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&form, case))).is_err() {
                failed.push(format!("{}: {}", path.file_name().unwrap().display(), case.name));
            }
        }
    }
    assert_eq!(failed, [""; 0], "of {ran} cases");
    assert!(ran >= 60, "only {ran} cases");
}
