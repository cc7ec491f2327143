//! What holds for every form, submission and view.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};
use zhupi_domain::expr::{Context, Value};
use zhupi_forms::{
    Accepted, Class, Field, FieldError, Form, Kind, LookedUp, Purpose, Right, RightEntry, Rights, Submission, View,
};

const FORMS: [&str; 5] = ["bad-debt", "classes", "conditions", "keywords", "month-plan"];

static SOURCES: LazyLock<Vec<Json>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let read = |name: &&str| std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    FORMS.iter().map(|name| serde_json::from_str::<Json>(&read(name)).unwrap()["form"].clone()).collect()
});

static READ: LazyLock<Vec<Form>> =
    LazyLock::new(|| SOURCES.iter().map(|source| Form::read(&source.to_string()).unwrap()).collect());

fn context() -> Context<'static> {
    Context { today: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), calendar: None }
}

fn accept(form: &Form, before: Option<&Json>, data: &Json, view: View<'_>) -> Result<Accepted, Vec<FieldError>> {
    form.accept(&Submission {
        before,
        data,
        view,
        purpose: Purpose::Draft,
        context: context(),
        found: LookedUp::default(),
    })
}

fn submit(form: &Form, before: Option<&Json>, data: &Json, view: View<'_>) -> Result<Accepted, Vec<FieldError>> {
    form.accept(&Submission {
        before,
        data,
        view,
        purpose: Purpose::Submit,
        context: context(),
        found: LookedUp::default(),
    })
}

/// Values that fit often, and do not now and then.
fn value(kind: &Kind) -> BoxedStrategy<Json> {
    let texts = |texts: &[&str]| select(texts.iter().map(|text| json!(text)).collect::<Vec<_>>()).boxed();
    match kind {
        Kind::Choice(values) => select(values.iter().map(|value| json!(value)).collect::<Vec<_>>()).boxed(),
        Kind::Integer => (0i64..7).prop_map(|number| json!(number)).boxed(),
        Kind::Boolean => any::<bool>().prop_map(|flag| json!(flag)).boxed(),
        Kind::Money => texts(&["1", "20.5", "0.03", "", "1,000"]),
        Kind::Decimal { .. } => texts(&["0", "0.5", "1.00", "０"]),
        Kind::Date => texts(&["2026-03-01", "2024-02-29", "2023-02-29"]),
        Kind::DateTime => texts(&["2026-03-01T09:00:00+08:00", "2026-03-01T01:00:00.5Z"]),
        Kind::Period(_) => texts(&["2026-03", "2026-W05", "2026-Q2", "2026"]),
        Kind::Email => texts(&["li@example.com", "li"]),
        Kind::Person | Kind::Department | Kind::File => texts(&["li", "zhao", "qian-1"]),
        Kind::Line | Kind::Paragraphs => {
            texts(&[" 甲 ", "KH0001", "AB1", "同意", "上海", "a\r\nb", "110101199003071234"])
        }
        Kind::List(_) => prop_oneof![Just(json!([])), Just(json!(["x", "y"])), Just(json!([1, 2]))].boxed(),
        Kind::Rows(_) | Kind::Group(_) => Just(json!(null)).boxed(),
    }
}

/// An object with some of these fields.
fn object(fields: &'static [Field]) -> BoxedStrategy<Json> {
    let member = |field: &'static Field| {
        let inside = match field.kind() {
            Kind::Rows(_) => prop::collection::vec(object(field.children()), 0..4).prop_map(Json::Array).boxed(),
            Kind::Group(_) => object(field.children()),
            kind => value(kind),
        };
        let name = field.name().to_owned();
        prop::option::weighted(0.7, inside).prop_map(move |value| value.map(|value| (name.clone(), value)))
    };
    let members: Vec<_> = fields.iter().map(member).collect();
    members.prop_map(|members| Json::Object(members.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

/// Rights that a flow could give on these fields: none that `Form::rights` refuses.
fn rights(form: &'static Form) -> BoxedStrategy<Rights> {
    let paths: Vec<&str> = form.all_fields().map(Field::path).collect();
    let right = || select(Right::ALL.to_vec());
    let named = prop::collection::btree_map(select(paths), right(), 0..6);
    (right(), named)
        .prop_map(move |(others, named)| {
            let mut kept: Vec<(&str, Right)> = Vec::new();
            for entry in named {
                let tried =
                    kept.iter().copied().chain([entry]).map(|(field, right)| RightEntry { field, right, span: None });
                if form.rights(others, tried).is_ok() {
                    kept.push(entry);
                }
            }
            let entries = kept.into_iter().map(|(field, right)| RightEntry { field, right, span: None });
            form.rights(others, entries).unwrap()
        })
        .boxed()
}

fn classes() -> impl Strategy<Value = BTreeSet<Class>> {
    prop::collection::btree_set(select(vec![Class::Pay, Class::Identity]), 0..3)
}

/// A form of the corpus; a failing test tells its name.
#[derive(Clone, Copy)]
struct Shipped(usize);

impl std::fmt::Debug for Shipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(FORMS[self.0])
    }
}

impl std::ops::Deref for Shipped {
    type Target = Form;
    fn deref(&self) -> &Form {
        &READ[self.0]
    }
}

/// A form of the corpus with data for it.
fn filled() -> impl Strategy<Value = (Shipped, Json)> {
    (0..FORMS.len()).prop_flat_map(|index| (Just(Shipped(index)), object(READ[index].fields())))
}

/// The same with the rights of some step.
fn viewed() -> impl Strategy<Value = (Shipped, Json, Rights, BTreeSet<Class>)> {
    filled().prop_flat_map(|(form, data)| (Just(form), Just(data), rights(&READ[form.0]), classes()))
}

/// Data as the server would keep it: what was accepted of what somebody with all rights sent.
fn kept(form: &Form, data: &Json) -> Option<Json> {
    let (rights, classes) = (Rights::editable(), BTreeSet::new());
    let view = View { rights: &rights, classes: &classes };
    match accept(form, None, data, view) {
        Ok(accepted) => Some(accepted.data),
        Err(errors) => {
            // Once more without what was wrong.
            let mut data = data.clone();
            for error in errors {
                let name = error.pointer.segments().next().unwrap_or_default();
                data.as_object_mut()?.shift_remove(&name);
            }
            accept(form, None, &data, view).ok().map(|accepted| accepted.data)
        }
    }
}

/// What is accepted for good once everything that was wrong is left out.
fn submitted(form: &Form, before: Option<&Json>, data: &Json, view: View<'_>) -> Option<Json> {
    let mut data = data.clone();
    for _ in 0..3 {
        match submit(form, before, &data, view) {
            Ok(accepted) => return Some(accepted.data),
            Err(errors) => {
                for error in errors {
                    let name = error.pointer.segments().next().unwrap_or_default();
                    let members = data.as_object_mut()?;
                    if members.shift_remove(&name).is_none() {
                        members.insert(name, Json::Null);
                    }
                }
            }
        }
    }
    None
}

/// Any JSON, small.
fn anything() -> impl Strategy<Value = Json> {
    let words = [
        "", "a", "debts", "items", "amount", "$row", "1", "2026-03", "true", "九", "\u{0}", "kind", "object", "string",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        select(words.to_vec()).prop_map(Json::from),
        ".{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inside| {
        let key = prop_oneof![select(words.to_vec()).prop_map(ToOwned::to_owned), "[a-z_$]{0,6}"];
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(key, inside, 0..5).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Every place of some JSON.
fn places(json: &Json, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match json {
        Json::Object(members) => members.iter().for_each(|(key, value)| {
            places(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found)
        }),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), found))
        }
        _ => {}
    }
}

/// A form of the corpus with something in it replaced, or moved to where it does not belong.
fn damaged() -> impl Strategy<Value = Json> {
    let swap = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::option::of(anything()));
    (0..FORMS.len(), prop::collection::vec(swap, 1..4)).prop_map(|(index, swaps)| {
        let mut form = SOURCES[index].clone();
        for (to, from, other) in swaps {
            let mut found = Vec::new();
            places(&form, "", &mut found);
            let moved = form.pointer(from.get::<String>(&found)).cloned().unwrap_or_default();
            if let Some(place) = form.pointer_mut(to.get::<String>(&found)) {
                *place = other.unwrap_or(moved);
            }
        }
        form
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Accepting what was accepted changes nothing, as it is shown to whoever sent it.
    #[test]
    fn accepting_again_changes_nothing((form, data, rights, classes) in viewed()) {
        let Some(before) = kept(&form, &data) else { return Ok(()) };
        let view = View { rights: &rights, classes: &classes };
        for sent in [form.redact(&before, &view).data, json!({})] {
            match accept(&form, Some(&before), &sent, view) {
                Ok(again) => {
                    prop_assert_eq!(again.data.to_string(), before.to_string());
                    prop_assert_eq!(again.changed, []);
                }
                Err(errors) => prop_assert!(false, "{:?}", errors),
            }
        }
    }

    /// The same for what was submitted: what passed once passes again.
    #[test]
    fn submitting_again_changes_nothing((form, data, rights, classes) in viewed()) {
        let view = View { rights: &rights, classes: &classes };
        let before = kept(&form, &data);
        let Some(first) = submitted(&form, before.as_ref(), &data, view) else { return Ok(()) };
        let again = submit(&form, Some(&first), &form.redact(&first, &view).data, view);
        prop_assert_eq!(again.as_ref().map(|it| it.data.to_string()), Ok(first.to_string()), "{:?}", again);
    }

    /// Accepted data is of the form's type, and its references are found in it.
    #[test]
    fn accepted_data_can_be_computed_with((form, data) in filled()) {
        let Some(kept) = kept(&form, &data) else { return Ok(()) };
        prop_assert!(Value::from_json(&kept, &form.record_type()).is_ok());
        for (pointer, _) in form.references(&kept) {
            prop_assert!(kept.pointer(pointer.as_str()).is_some_and(Json::is_string));
        }
    }

    /// What a view may not write stays as it was, whatever is sent.
    #[test]
    fn nobody_writes_what_they_may_not((form, data, rights, classes) in viewed(), sent in anything()) {
        let Some(before) = kept(&form, &data) else { return Ok(()) };
        let view = View { rights: &rights, classes: &classes };
        let Ok(after) = accept(&form, Some(&before), &sent, view) else { return Ok(()) };
        for field in form.fields().iter().filter(|field| field.children().is_empty() && !field.is_computed()) {
            let (old, new) = (before.get(field.name()), after.data.get(field.name()));
            // A condition may take a field away.
            prop_assert!(rights.of(field.path()) >= Right::Editable || new == old || new.is_none(), "{}", field.path());
        }
    }

    /// Neither data nor schema nor errors show a hidden field or a masked value.
    #[test]
    fn nothing_leaks((form, data, rights, classes) in viewed(), sent in anything()) {
        let Some(mut before) = kept(&form, &data) else { return Ok(()) };
        let view = View { rights: &rights, classes: &classes };
        let hidden = |field: &&Field| rights.of(field.path()) == Right::Hidden;
        let masked = |field: &&Field| {
            rights.of(field.path()) == Right::Readonly && matches!(field.class(), Class::Pay | Class::Identity)
                && !classes.contains(&field.class())
        };
        for field in form.all_fields().filter(|field| hidden(field) || masked(field)) {
            mark(&mut before, field.path());
        }
        let shown = form.redact(&before, &view).data.to_string();
        prop_assert!(!shown.contains("91827364"), "{}", shown);
        let schema = form.for_client(&view, &before);
        prop_assert!(!schema.to_string().contains("91827364"));
        let names: BTreeSet<String> = names_in(&schema);
        // `items` is a keyword too.
        for field in form.all_fields().filter(hidden).filter(|field| field.name() != "items") {
            let alone = form.all_fields().filter(|other| other.name() == field.name()).count() == 1;
            prop_assert!(!alone || !names.contains(field.name()), "{} in {}", field.name(), schema);
        }
        if let Err(errors) = accept(&form, Some(&before), &sent, view) {
            prop_assert!(!serde_json::to_string(&errors).unwrap().contains("91827364"));
        }
    }

    #[test]
    fn a_damaged_form_is_read_or_refused(form in damaged()) {
        let source = serde_json::to_string_pretty(&form).unwrap();
        match Form::read(&source) {
            Ok(form) => {
                let (rights, classes) = (Rights::editable(), BTreeSet::new());
                let _ = accept(&form, None, &form.blank(), View { rights: &rights, classes: &classes });
            }
            Err(found) => {
                prop_assert!(!found.is_empty());
                for span in found.iter().filter_map(|finding| finding.span) {
                    prop_assert!(source.get(span.start..span.end).is_some(), "{:?}", span);
                }
            }
        }
    }

    #[test]
    fn any_json_is_a_form_or_refused(json in anything()) {
        let _ = Form::read(&json.to_string());
        let _ = Form::read(&json!({"type": "object", "properties": json}).to_string());
    }

    #[test]
    fn any_text_is_a_form_or_refused(text in "[{}\\[\\]:,\" a-z0-9金]{0,60}") {
        let _ = Form::read(&text);
    }

    #[test]
    fn any_json_is_accepted_or_refused((form, data, rights, classes) in viewed(), before in anything(), sent in anything()) {
        let view = View { rights: &rights, classes: &classes };
        let kept = kept(&form, &data);
        for before in [None, Some(&before), kept.as_ref()] {
            let _ = accept(&form, before, &sent, view);
            let _ = form.redact(&sent, &view);
            let _ = form.for_client(&view, &sent);
            let _ = form.references(&sent);
        }
    }
}

/// Writes a mark that can be searched for into every value at a path.
fn mark(data: &mut Json, path: &str) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let Some(value) = data.get_mut(name) else { return };
    match (rest, value) {
        (Some(rest), Json::Array(rows)) => rows.iter_mut().for_each(|row| mark(row, rest)),
        (Some(rest), group) => mark(group, rest),
        (None, Json::Array(items)) if items.iter().any(Json::is_object) => {}
        (None, value @ (Json::String(_) | Json::Number(_))) => *value = json!("91827364"),
        (None, _) => {}
    }
}

/// Every name of a field that a schema mentions: as a key, in a list, or in an expression.
fn names_in(schema: &Json) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(schema, &mut names);
    names
}

fn collect(json: &Json, names: &mut BTreeSet<String>) {
    match json {
        Json::Object(members) => {
            for (key, value) in members {
                // Texts for people, and the values of choices, may use the same word.
                if !matches!(
                    key.as_str(),
                    "title"
                        | "description"
                        | "x-en"
                        | "x-labels"
                        | "x-messages"
                        | "enum"
                        | "const"
                        | "default"
                        | "x-placeholder"
                        | "type"
                        | "format"
                        | "x-unit"
                        | "x-access"
                        | "x-class"
                        | "x-period"
                ) {
                    names.insert(key.clone());
                    collect(value, names);
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Json::String(text) => {
            names.extend(text.split(|c: char| !c.is_alphanumeric() && c != '_').map(ToOwned::to_owned))
        }
        _ => {}
    }
}
