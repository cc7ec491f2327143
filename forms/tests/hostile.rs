//! Forms and data made to harm: every one is answered quickly, with a finding or with the right answer, never with a panic.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use zhupi_domain::expr::Context;
use zhupi_forms::{FieldError, Form, LookedUp, Purpose, Rights, Submission, View};

/// Generous for an unoptimised build on a busy machine; what is meant to hang takes minutes.
const SOON: Duration = Duration::from_secs(10);

fn codes(source: &str) -> Vec<&'static str> {
    let begun = Instant::now();
    let found = Form::read(source).err().unwrap_or_default();
    assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
    let codes: BTreeSet<&str> = found.iter().map(|finding| finding.code).collect();
    assert!(found.len() <= 500, "{} findings", found.len());
    codes.into_iter().collect()
}

/// A form with these fields.
fn with(fields: &str) -> String {
    format!("{{\"type\": \"object\", \"properties\": {{{fields}}}}}")
}

fn text(rest: &str) -> String {
    with(&format!("\"a\": {{\"title\": \"A\", \"type\": \"string\"{rest}}}"))
}

fn accept(form: &Form, data: &Json) -> Result<Json, Vec<FieldError>> {
    let (rights, classes) = (Rights::editable(), BTreeSet::new());
    let context = Context { today: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), calendar: None };
    let view = View { rights: &rights, classes: &classes };
    let begun = Instant::now();
    let accepted = form.accept(&Submission {
        before: None,
        data,
        view,
        purpose: Purpose::Submit,
        context,
        found: LookedUp::default(),
    });
    assert!(begun.elapsed() < SOON, "took {:?}", begun.elapsed());
    accepted.map(|accepted| accepted.data)
}

#[test]
fn references_go_nowhere_but_the_form_itself() {
    for target in [
        "file:///etc/passwd",
        "http://127.0.0.1:9/internal",
        "https://json-schema.org/draft/2020-12/schema",
        "other.json#/$defs/a",
        "lib:money",
        "#",
        "#/properties/a",
        "#/$defs/a/properties/b",
        "#/$defs/%61",
        "#anchor",
        "",
    ] {
        let source = with(&format!("\"a\": {{\"title\": \"A\", \"$ref\": {}}}", json!(target)));
        assert_eq!(codes(&source), ["form.ref"], "{target}");
    }
    assert!(codes("{\"$id\": \"http://127.0.0.1/\", \"type\": \"object\"}").contains(&"form.unknown-keyword"));
    assert!(codes("{\"$schema\": \"http://127.0.0.1/s\", \"type\": \"object\"}").contains(&"form.keyword-value"));
}

#[test]
fn references_in_a_circle_are_named() {
    let own =
        r##"{"type": "object", "$defs": {"a": {"$ref": "#/$defs/a"}}, "properties": {"x": {"$ref": "#/$defs/a"}}}"##;
    assert_eq!(codes(own), ["form.ref-circle"]);
    let mutual = r##"{"type": "object", "$defs": {
        "a": {"type": "object", "properties": {"b": {"$ref": "#/$defs/b"}}},
        "b": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}}}}"##;
    assert_eq!(codes(mutual), ["form.ref-circle"]);
}

#[test]
fn a_long_chain_of_references_is_not_followed_to_its_end() {
    let mut definitions = String::from("\"d0\": {\"type\": \"string\"}");
    for level in 1..6_000 {
        write!(definitions, ", \"d{level}\": {{\"$ref\": \"#/$defs/d{}\"}}", level - 1).unwrap();
    }
    assert_eq!(codes(&format!("{{\"type\": \"object\", \"$defs\": {{{definitions}}}}}")), ["form.too-deep"]);
    let mut nested = String::from("{\"type\": \"string\"}");
    for _ in 0..15 {
        nested = with(&format!("\"a\": {nested}"));
    }
    assert!(codes(&nested).contains(&"form.too-deep"), "deep, yet not too deep for JSON");
    let unknown = |index: usize| format!("\"f{index}\":{{\"$ref\":\"#/$defs/nothing{index}\"}}");
    let fields: Vec<String> = (0..6_000).map(unknown).collect();
    assert!(codes(&with(&fields.join(","))).contains(&"form.ref"));
}

#[test]
fn doubling_definitions_do_not_double_the_work() {
    let mut definitions = String::from("\"d0\": {\"type\": \"string\"}");
    for level in 1..30 {
        let below = level - 1;
        let twice = format!("{{\"$ref\": \"#/$defs/d{below}\"}}, {{\"$ref\": \"#/$defs/d{below}\"}}");
        write!(definitions, ", \"d{level}\": {{\"anyOf\": [{twice}]}}").unwrap();
    }
    let source = format!(
        "{{\"type\": \"object\", \"$defs\": {{{definitions}}}, \"properties\": {{\"a\": {{\"$ref\": \"#/$defs/d29\"}}}}}}"
    );
    assert!(codes(&source).contains(&"form.unknown-keyword"));

    let mut groups = String::from("\"d0\": {\"type\": \"string\"}");
    for level in 1..30 {
        let below = level - 1;
        let twice = format!("\"a\": {{\"$ref\": \"#/$defs/d{below}\"}}, \"b\": {{\"$ref\": \"#/$defs/d{below}\"}}");
        write!(groups, ", \"d{level}\": {{\"type\": \"object\", \"properties\": {{{twice}}}}}").unwrap();
    }
    let source = format!(
        "{{\"type\": \"object\", \"$defs\": {{{groups}}}, \"properties\": {{\"a\": {{\"$ref\": \"#/$defs/d29\"}}}}}}"
    );
    assert!(codes(&source).contains(&"form.too-deep"));
}

#[test]
fn many_uses_of_a_large_definition_are_counted() {
    let mut columns = String::new();
    for column in 0..200 {
        write!(columns, "{}\"c{column}\": {{\"type\": \"string\"}}", if column == 0 { "" } else { ", " }).unwrap();
    }
    let mut fields = String::new();
    for field in 0..250 {
        write!(fields, "{}\"f{field}\": {{\"$ref\": \"#/$defs/d\"}}", if field == 0 { "" } else { ", " }).unwrap();
    }
    let source = format!(
        "{{\"type\": \"object\", \"$defs\": {{\"d\": {{\"type\": \"object\", \"properties\": {{{columns}}}}}}}, \"properties\": {{{fields}}}}}"
    );
    assert!(codes(&source).contains(&"form.too-large"));
}

#[test]
fn patterns_that_take_for_ever_are_refused() {
    for pattern in
        ["(a*)*\\1b", "(?:(x+x+)+y)\\1", "^(a+)+$", "((a+)+)+", "(a|a+)*", "(?=a)b", "a{1,100000}", "(", "[z-a]"]
    {
        assert_eq!(codes(&text(&format!(", \"pattern\": {}", json!(pattern)))), ["form.pattern"], "{pattern}");
    }
    let nested = "(?:(?:a{1000}){1000}){1000}";
    assert_eq!(codes(&text(&format!(", \"pattern\": {}", json!(nested)))), ["form.pattern"]);
    // Allowed, and fast whatever is sent.
    let form = Form::read(&text(", \"pattern\": \"^a*a*a*a*a*a*b$\", \"maxLength\": 20000")).unwrap();
    assert!(accept(&form, &json!({"a": "a".repeat(20_000)})).is_err());
}

#[test]
fn text_that_is_no_form_is_refused() {
    for source in
        ["", "null", "[]", "1", "\"a\"", "{", "{}", "\u{feff}", "{\"type\": \"array\"}", "{\"type\": \"objekt\"}"]
    {
        assert!(!codes(source).is_empty(), "{source:?}");
    }
    assert_eq!(codes(&"[".repeat(200_000)), ["form.too-deep"]);
    assert_eq!(codes(&"{\"a\":".repeat(40_000)), ["form.too-deep"]);
    assert_eq!(codes(&" ".repeat(256 * 1024 + 1)), ["form.too-large"]);
    assert_eq!(codes("{\"type\": \"object\", \"type\": \"object\"}"), ["form.duplicate-key"]);
    assert!(codes("{\"type\": \"object\", \"required\": \"a\"}").contains(&"form.keyword-value"));
}

#[test]
fn masses_of_keys_names_and_conditions_are_bounded() {
    let many = |each: &dyn Fn(usize) -> String, most: usize| {
        let mut text = String::new();
        let mut index = 0;
        while text.len() < most {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&each(index));
            index += 1;
        }
        text
    };
    let keys = many(&|index| format!("\"k{index}\":0"), 250_000);
    assert!(codes(&format!("{{\"type\": \"object\", {keys}}}")).contains(&"form.unknown-keyword"));
    let same = many(&|_| "\"k\":0".to_owned(), 20_000);
    assert_eq!(codes(&format!("{{{same}}}")), ["form.duplicate-key"]);
    let fields = many(&|index| format!("\"f{index}\":{{\"type\":\"string\"}}"), 250_000);
    assert!(codes(&with(&fields)).contains(&"form.too-large"));
    let names = many(&|index| format!("\"n{index}\""), 250_000);
    assert!(codes(&format!("{{\"type\": \"object\", \"required\": [{names}]}}")).contains(&"form.unknown-field"));
    let conditions = many(&|_| "{\"if\":{\"required\":[\"a\"]}}".to_owned(), 200_000);
    let source = format!(
        "{{\"type\": \"object\", \"properties\": {{\"a\": {{\"type\": \"string\"}}}}, \"allOf\": [{conditions}]}}"
    );
    assert!(codes(&source).contains(&"form.too-large"));
    let choices = many(&|index| format!("\"c{index}\""), 200_000);
    assert!(codes(&text(&format!(", \"enum\": [{choices}]"))).contains(&"form.keyword-value"));
    let chain =
        many(&|index| format!("\"f{index}\":{{\"type\":\"integer\",\"x-computed\":\"f{} + 1\"}}", index + 1), 200_000);
    assert!(codes(&with(&chain)).contains(&"form.too-large"));
}

#[test]
fn the_largest_form_allowed_is_read_soon() {
    let group = |name: usize| {
        let mut fields = String::new();
        for field in 0..290 {
            let comma = if field == 0 { "" } else { "," };
            write!(fields, "{comma}\"f{field}\":{{\"title\":\"F\",\"type\":\"integer\",\"default\":1}}").unwrap();
        }
        format!("\"g{name}\":{{\"title\":\"G\",\"type\":\"object\",\"properties\":{{{fields}}}}}")
    };
    let groups: Vec<String> = (0..13).map(group).collect();
    let source = with(&groups.join(","));
    assert!(source.len() < 256 * 1024);
    assert_eq!(codes(&source), [""; 0]);
}

#[test]
fn a_long_chain_of_computed_fields_settles() {
    let mut fields = String::from("\"f299\":{\"title\":\"F\",\"type\":\"integer\"}");
    for field in 0..299 {
        write!(fields, ",\"f{field}\":{{\"title\":\"F\",\"type\":\"integer\",\"x-computed\":\"f{} + 1\"}}", field + 1)
            .unwrap();
    }
    let form = Form::read(&with(&fields)).unwrap();
    assert_eq!(accept(&form, &json!({"f299": 1})).unwrap()["f0"], json!(300));
}

#[test]
fn data_too_large_or_too_deep_is_refused_whole() {
    let form = Form::read(&with(
        "\"rows\": {\"title\": \"R\", \"type\": \"array\", \"items\": {\"type\": \"object\", \"properties\": {\"a\": {\"title\": \"A\", \"type\": \"string\"}}}}",
    ))
    .unwrap();
    let keyword =
        |data: &Json| accept(&form, data).unwrap_err().iter().map(|it| it.keyword.as_str()).collect::<Vec<_>>();
    assert_eq!(keyword(&json!({"rows": vec![json!({"a": "x"}); 60_000]})), ["size"]);
    let deep = (0..50).fold(json!(1), |inside, _| json!([inside]));
    assert_eq!(keyword(&json!({"rows": deep})), ["size"]);
    assert_eq!(keyword(&json!({"rows": vec![json!({"a": "x"}); 2_001]})), ["maxItems"]);
    assert!(accept(&form, &json!({"rows": vec![json!({"a": "x"}); 2_000]})).is_ok());
    assert_eq!(keyword(&json!([])), ["type"]);
    assert_eq!(keyword(&json!("x")), ["type"]);
    let names: serde_json::Map<String, Json> =
        (0..49_000).map(|index| (format!("{index}{}", "x".repeat(60)), json!(1))).collect();
    assert_eq!(keyword(&Json::Object(names)).len(), 500);
    let wrong = vec![json!({"b": "x", "c": [], "d": {}}); 2_000];
    assert_eq!(keyword(&json!({"rows": wrong})).len(), 500, "the first of them are enough to mend");
}

#[test]
fn tens_of_thousands_of_faults_are_found_soon() {
    let mut columns = String::new();
    for column in 0..20 {
        write!(columns, "\"c{column}\": {{\"title\": \"C\", \"type\": \"integer\"}}, ").unwrap();
    }
    let row = format!(
        r#"{{"type": "object", "required": ["list", "missing"], "properties": {{{columns}
            "list": {{"title": "L", "type": "array", "minItems": 1, "items": {{"type": "integer"}}}},
            "missing": {{"title": "M", "type": "string"}}}},
           "if": {{"required": ["missing"]}}, "then": {{"properties": {{"extra": {{"title": "O", "type": "integer"}}}}}}}}"#
    );
    let form = Form::read(&with(&format!(r#""rows": {{"title": "R", "type": "array", "items": {row}}}"#))).unwrap();
    let mut wrong: serde_json::Map<String, Json> = (0..20).map(|column| (format!("c{column}"), json!("x"))).collect();
    wrong.extend([("list".to_owned(), json!([])), ("extra".to_owned(), json!("x"))]);
    let errors = accept(&form, &json!({"rows": vec![Json::Object(wrong); 2_000]})).unwrap_err();
    let first: Vec<_> = errors.iter().take(23).map(|it| (it.pointer.as_str(), it.keyword.as_str())).collect();
    assert_eq!(
        first[19..],
        [
            ("/rows/0/c19", "type"),
            ("/rows/0/list", "required"),
            ("/rows/0/missing", "required"),
            ("/rows/1/c0", "type"),
        ]
    );
}

#[test]
fn two_thousand_rows_with_conditions_and_sums_are_accepted_soon() {
    let form = Form::read(&with(
        r#""rows": {"title": "R", "type": "array", "items": {"type": "object",
            "properties": {
                "kind": {"title": "K", "type": "string", "enum": ["x", "y"]},
                "price": {"title": "P", "type": "string", "format": "money"},
                "count": {"title": "C", "type": "integer"},
                "cost": {"title": "S", "type": "string", "format": "money", "x-computed": "price * count"}},
            "if": {"required": ["kind"], "properties": {"kind": {"const": "x"}}},
            "then": {"required": ["why"], "properties": {"why": {"title": "W", "type": "string"}}}}},
           "total": {"title": "T", "type": "string", "format": "money", "x-computed": "sum(rows.cost)"}"#,
    ))
    .unwrap();
    let row = json!({"kind": "x", "price": "1.50", "count": 2, "why": "z"});
    assert_eq!(accept(&form, &json!({"rows": vec![row; 2_000]})).unwrap()["total"], json!("6000.00"));
}
