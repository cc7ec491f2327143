//! What an author is told about a form: the finding, its place, and what to do.

#![allow(clippy::unwrap_used)]

use zhupi_domain::expr::{Field as Member, Type};
use zhupi_domain::{Diagnostic, Severity};
use zhupi_forms::{Class, Form, Kind, Right, RightEntry};

/// Code, the text it points at, the first hint: of every finding.
fn findings(source: &str) -> Vec<(&'static str, String, String)> {
    let found = Form::read(source).map_or_else(|found| found, |form| form.warnings().clone());
    let at = |d: &Diagnostic| d.span.map_or(String::new(), |span| source[span.start..span.end].to_owned());
    let hint = |d: &Diagnostic| d.hints.first().map_or(String::new(), |hint| hint.zh.clone());
    found.iter().map(|d| (d.code, at(d), hint(d))).collect()
}

/// The only finding about a form with these fields, and `rest` beside them.
fn finding_beside(fields: &str, rest: &str) -> (&'static str, String, String) {
    let mut found = findings(&format!(r#"{{"type": "object", "properties": {{{fields}}}{rest}}}"#));
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

fn finding(field: &str) -> (&'static str, String, String) {
    finding_beside(&format!(r#""a": {{"title": "甲", {field}}}"#), "")
}

fn is(found: (&'static str, String, String), code: &str, at: &str, hint: &str) {
    assert_eq!(found.0, code, "{found:?}");
    assert_eq!(found.1, at, "{found:?}");
    assert!(found.2.contains(hint) && (hint.is_empty() == found.2.is_empty()), "{found:?}");
}

#[test]
fn all_problems_are_found_at_once_in_their_order() {
    let source = r#"{
  "type": "object",
  "titel": "表",
  "required": ["a", "c"],
  "properties": {
    "a": { "type": "string", "title": "甲", "minimum": 1 },
    "b": { "type": "money", "title": "乙" },
    "b-c": { "type": "string", "title": "丙", "pattern": "(a+)+" }
  }
}"#;
    let found = Form::read(source).unwrap_err();
    let places: Vec<_> = found.iter().map(|d| (d.code, d.span.unwrap().line_column(source))).collect();
    assert_eq!(
        places,
        [
            ("form.unknown-keyword", (3, 3)),
            ("form.unknown-field", (4, 21)),
            ("form.keyword-not-here", (6, 44)),
            ("form.keyword-value", (7, 20)),
            ("form.field-name", (8, 5)),
            ("form.pattern", (8, 57)),
        ]
    );
}

#[test]
fn every_finding_is_worded_in_both_languages() {
    let source = r#"{"type": "object", "anyOf": [], "properties": {"a": {"type": "string", "x-lookup": {}}, "b": {"type": "x"}}}"#;
    for finding in Form::read(source).unwrap_err() {
        for text in std::iter::once(&finding.message).chain(&finding.hints) {
            assert!(text.zh.chars().any(|c| ('一'..='龥').contains(&c)) && !text.zh.contains("  "), "{text:?}");
        }
        assert!(finding.message.en.as_deref().is_some_and(str::is_ascii), "{finding:?}");
    }
}

#[test]
fn names_are_what_expressions_can_write() {
    let name = |name: &str| {
        findings(&format!(r#"{{"type": "object", "properties": {{"{name}": {{"title": "甲", "type": "string"}}}}}}"#))
    };
    for good in ["a", "amount_2", "金额", "金额_合计", "x金额"] {
        assert_eq!(name(good), [], "{good}");
    }
    for bad in ["A", "2a", "a b", "a.b", "and", "yes", "on", "_a", "é", "", "$row", "a/b"] {
        assert_eq!(name(bad).first().map(|it| it.0), Some("form.field-name"), "{bad}");
    }
    assert!(name("customer-no")[0].2.contains("减号"));
}

#[test]
fn keywords_fit_their_kind_of_field() {
    is(
        finding(r#""type": "string", "format": "money", "minimum": 1"#),
        "form.keyword-not-here",
        "\"minimum\"",
        "x-min",
    );
    is(finding(r#""type": "integer", "x-max": "1""#), "form.keyword-not-here", "\"x-max\"", "maximum");
    is(finding(r#""type": "integer", "format": "money""#), "form.keyword-not-here", "\"format\"", "string");
    is(finding(r#""type": "string", "x-digits": 1"#), "form.keyword-not-here", "\"x-digits\"", "");
    is(finding(r#""type": "string", "items": {"type": "string"}"#), "form.keyword-not-here", "\"items\"", "");
    is(finding(r#""type": "boolean", "enum": ["x"]"#), "form.keyword-not-here", "\"enum\"", "选项");
    is(
        finding(r#""type": "array", "items": {"type": "string"}, "format": "person""#),
        "form.keyword-not-here",
        "\"format\"",
        "items",
    );
    is(finding(r#""format": "money""#), "form.no-type", "\"a\"", "format");
    is(finding(r#""type": "array""#), "form.no-items", "\"a\"", "");
}

#[test]
fn values_that_authors_write_are_checked_like_those_of_clerks() {
    is(finding(r#""type": "string", "format": "money", "x-min": "1,000""#), "form.value", "\"1,000\"", "0.01");
    is(finding(r#""type": "string", "format": "money", "x-min": "2", "x-max": "1""#), "form.bounds", "\"2\"", "");
    is(finding(r#""type": "string", "minLength": 9, "maxLength": 3"#), "form.bounds", "9", "");
    is(finding(r#""type": "string", "enum": ["a", 1]"#), "form.value", "1", "");
    is(finding(r#""type": "integer", "const": "a""#), "form.value", "\"a\"", "");
    is(finding(r#""type": "string", "format": "money", "default": "1.234""#), "form.default", "\"1.234\"", "");
    is(finding(r#""type": "integer", "maximum": 3, "default": 4"#), "form.default", "4", "");
    is(
        finding(r#""type": "array", "items": {"type": "integer", "maximum": 3}, "default": [4]"#),
        "form.default",
        "[4]",
        "",
    );
    is(finding(r#""type": "string", "enum": ["a"], "x-labels": {"b": "乙"}"#), "form.label", "\"b\"", "");
    is(finding(r#""type": "string", "x-messages": {"require": "请填"}"#), "form.message", "\"require\"", "required");
}

#[test]
fn groups_and_rows_do_not_nest() {
    let rows = r#""type": "array", "items": {"type": "object", "properties": {"b": {"title": "乙", "type": "array", "items": {"type": "object"}}}}"#;
    assert_eq!(finding(rows).0, "form.too-deep");
    let group = r#""type": "object", "properties": {"b": {"title": "乙", "type": "object"}}"#;
    assert_eq!(finding(group).0, "form.too-deep");
    assert_eq!(
        finding(r#""type": "array", "items": {"type": "array", "items": {"type": "string"}}"#).0,
        "form.too-deep"
    );
}

#[test]
fn names_in_lists_exist() {
    let field = r#""amount": {"title": "金额", "type": "string"}"#;
    is(finding_beside(field, r#", "required": ["amuont"]"#), "form.unknown-field", "\"amuont\"", "amount");
    is(finding_beside(field, r#", "x-order": ["total"]"#), "form.unknown-field", "\"total\"", "");
    is(finding_beside(field, r#", "x-key": ["amounts"]"#), "form.unknown-field", "\"amounts\"", "amount");
    is(finding_beside(field, r#", "dependentRequired": {"amount": ["x"]}"#), "form.unknown-field", "\"x\"", "");
    is(
        finding(
            r#""type": "array", "x-columns": ["c"], "items": {"type": "object", "properties": {"bb": {"title": "乙", "type": "string"}}}"#,
        ),
        "form.unknown-field",
        "\"c\"",
        "",
    );
}

#[test]
fn conditions_are_closed() {
    let fields = r#""kind": {"title": "类", "type": "string", "enum": ["trip", "gift"]}, "note": {"title": "注", "type": "string"}"#;
    let condition = |test: &str, then: &str| finding_beside(fields, &format!(r#", "if": {test}, "then": {then}"#));
    let open = r#"{"properties": {"kind": {"const": "trip"}}}"#;
    is(condition(open, r#"{"required": ["note"]}"#), "form.condition-open", "\"kind\"", "required");
    let never = r#"{"required": ["kind"], "properties": {"kind": {"const": "trap"}}}"#;
    is(condition(never, r#"{"required": ["note"]}"#), "form.condition-never", "\"trap\"", "trip");
    let sound = r#"{"required": ["kind"], "properties": {"kind": {"const": "trip"}}}"#;
    is(condition(sound, r#"{"properties": {"place": {"title": "地"}}}"#), "form.no-type", "\"place\"", "type");
    is(condition(sound, r#"{"properties": {"note": {"title": "地"}}}"#), "form.keyword-not-here", "\"title\"", "");
    is(condition(sound, r#"{"properties": {"note": {"minimum": 1}}}"#), "form.keyword-not-here", "\"minimum\"", "");
    is(
        condition(sound, r#"{"properties": {"note": {"type": "string", "title": "地"}}}"#),
        "form.field-twice",
        "\"note\"",
        "一次",
    );
    is(condition("{}", r#"{"required": ["note"]}"#), "form.condition", "{}", "");
    is(finding_beside(fields, r#", "then": {"required": ["note"]}"#), "form.condition", "\"then\"", "");
    let always = finding_beside(
        fields,
        &format!(
            r#", "required": ["place"], "if": {sound}, "then": {{"properties": {{"place": {{"title": "地", "type": "string"}}}}}}"#
        ),
    );
    is(always, "form.condition", "\"place\"", "then");
}

#[test]
fn fields_that_wait_for_one_another_are_named() {
    let both = r#""a": {"title": "甲", "type": "integer", "x-computed": "b + 1"}, "b": {"title": "乙", "type": "integer", "x-computed": "a + 1"}"#;
    let source = format!(r#"{{"type": "object", "properties": {{{both}}}}}"#);
    let found = Form::read(&source).unwrap_err();
    assert_eq!(
        (found[0].code, found[0].message.en.as_deref()),
        ("form.circle", Some("these fields depend on one another: a, b"))
    );
    let own = finding(r#""type": "integer", "x-computed": "a + 1""#);
    assert_eq!(own.0, "form.circle");
    let shown = r#"{"required": ["b"]}"#;
    let through_conditions = format!(
        r#"{{"type": "object", "properties": {{"a": {{"title": "甲", "type": "integer", "x-computed": "b"}}}},
            "allOf": [{{"if": {{"required": ["a"]}}, "then": {{"properties": {{"b": {{"title": "乙", "type": "integer"}}}}}}}}, {{"if": {shown}}}]}}"#
    );
    assert_eq!(findings(&through_conditions)[0].0, "form.circle");
}

#[test]
fn expressions_are_checked_where_they_stand() {
    let fields = |expression: &str| {
        format!(
            r#""price": {{"title": "价", "type": "string", "format": "money"}}, "name": {{"title": "名", "type": "string"}},
               "cost": {{"title": "费", "type": "string", "format": "money", "x-computed": {expression}}}"#
        )
    };
    is(finding_beside(&fields(r#""price * name""#), ""), "expr.type", "name", "金额或数字");
    assert_eq!(finding_beside(&fields(r#""price * prise""#), "").1, "prise");
    assert_eq!(finding_beside(&fields(r#""price *""#), "").0.split('.').next(), Some("expr"));
    is(finding_beside(&fields(r#""name""#), ""), "form.computed", "name", "");
    // Written with an escape, places inside are not known: the whole text is meant.
    assert_eq!(finding_beside(&fields(r#""price * \u006eame""#), "").1, r#""price * \u006eame""#);
}

#[test]
fn warnings_do_not_stand_in_the_way() {
    let source = r#"{"type": "object", "properties": {"a": {"type": "string"}, "p": {"title": "薪", "type": "string", "format": "money", "x-class": "pay"},
        "t": {"title": "合", "type": "string", "format": "money", "x-computed": "p * 12"}}}"#;
    let form = Form::read(source).unwrap();
    let warned: Vec<_> = form.warnings().iter().map(|it| (it.code, it.severity)).collect();
    assert_eq!(warned, [("form.no-title", Severity::Warning), ("form.class-lowered", Severity::Warning)]);
}

#[test]
fn a_definition_is_used_with_texts_of_its_own() {
    let source = r##"{"type": "object", "$defs": {"money": {"type": "string", "format": "money", "title": "金额", "x-min": "1"}},
        "properties": {"a": {"$ref": "#/$defs/money", "title": "运费"}, "b": {"$ref": "#/$defs/money"}}}"##;
    let form = Form::read(source).unwrap();
    assert_eq!(form.field("a").unwrap().title().zh, "运费");
    assert_eq!(form.field("b").unwrap().title().zh, "金额");
    assert!(matches!(form.field("a").unwrap().kind(), Kind::Money));
    let twice = source.replace(r#""title": "运费""#, r#""title": "运费", "x-min": "2""#);
    is(findings(&twice).remove(0), "form.ref", "\"x-min\"", "标题");
    let misspelt = source.replace(r##""#/$defs/money"}}"##, r##""#/$defs/mony"}}"##);
    is(findings(&misspelt).remove(0), "form.ref", "\"#/$defs/mony\"", "#/$defs/money");
}

#[test]
fn choices_are_read_by_their_labels() {
    let source = r#"{"type": "object", "properties": {
        "one": {"title": "一", "type": "string", "enum": ["x", "y"], "x-labels": {"x": {"zh": "甲", "en": "X"}}},
        "many": {"title": "多", "type": "array", "items": {"type": "integer", "enum": [1, 2], "x-labels": {"1": "一级"}}}}}"#;
    let form = Form::read(source).unwrap();
    let label = |field: &str, value: serde_json::Value| form.field(field).unwrap().label(&value).map(|label| label.zh);
    assert_eq!(label("one", "x".into()), Some("甲".into()));
    assert_eq!(label("one", "y".into()), None);
    assert_eq!(label("many", 1.into()), Some("一级".into()));
}

#[test]
fn a_form_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Form>();
}

#[test]
fn a_form_has_the_type_of_its_data() {
    let source = r#"{"type": "object", "title": "表", "x-key": ["who"], "required": ["who"], "properties": {
        "who": {"title": "人", "type": "string", "format": "person", "x-class": "identity"},
        "rows": {"title": "行", "type": "array", "items": {"type": "object", "required": ["kind"], "properties": {
            "kind": {"title": "类", "type": "string", "enum": ["x", "y"]}, "m": {"title": "数", "type": "integer"}}}},
        "group": {"title": "组", "type": "object", "properties": {"at": {"title": "时", "type": "string", "format": "date-time"}}},
        "tags": {"title": "签", "type": "array", "items": {"type": "string", "format": "date"}}}}"#;
    let form = Form::read(source).unwrap();
    let kind = Type::Enum(vec!["x".into(), "y".into()]);
    let row =
        Type::Record([("kind".into(), Member::required(kind)), ("m".into(), Member::optional(Type::Number))].into());
    let expected = Type::Record(
        [
            ("who".into(), Member::required(Type::Text)),
            ("rows".into(), Member::optional(Type::list(row))),
            ("group".into(), Member::required(Type::Record([("at".into(), Member::optional(Type::Instant))].into()))),
            ("tags".into(), Member::optional(Type::list(Type::Date))),
        ]
        .into(),
    );
    assert_eq!(form.record_type(), expected);
    assert_eq!(form.key(), ["who"]);
    assert_eq!(form.title().unwrap().zh, "表");
    assert_eq!(form.field("who").unwrap().class(), Class::Identity);
    let paths: Vec<_> = form.all_fields().map(|field| field.path()).collect();
    assert_eq!(paths, ["who", "rows", "rows.kind", "rows.m", "group", "group.at", "tags"]);
}

#[test]
fn rights_name_fields_of_the_form() {
    let source = r#"{"type": "object", "properties": {
        "amount": {"title": "额", "type": "integer"}, "sum": {"title": "和", "type": "integer", "x-computed": "amount"},
        "rows": {"title": "行", "type": "array", "items": {"type": "object", "properties": {"m": {"title": "数", "type": "integer"}}}},
        "group": {"title": "组", "type": "object", "properties": {"m": {"title": "数", "type": "integer"}}}}}"#;
    let form = Form::read(source).unwrap();
    let rights = |entries: &[(&str, Right)]| {
        let entries = entries.iter().map(|(field, right)| RightEntry { field, right: *right, span: None });
        form.rights(Right::Readonly, entries)
    };
    let refused = |entries: &[(&str, Right)]| {
        let found = rights(entries).unwrap_err();
        (found[0].code, found[0].hints.first().map_or(String::new(), |hint| hint.zh.clone()))
    };
    assert_eq!(refused(&[("amuont", Right::Hidden)]), ("form.unknown-field", "是否指 `amount`？".into()));
    assert_eq!(refused(&[("rows.q", Right::Hidden)]).0, "form.unknown-field");
    assert_eq!(refused(&[("sum", Right::Required)]).0, "form.right");
    assert_eq!(refused(&[("group", Right::Required)]).0, "form.right");
    assert_eq!(refused(&[("rows", Right::Hidden), ("rows.m", Right::Editable)]).0, "form.right");
    let sound = rights(&[("rows", Right::Required), ("group.m", Right::Editable), ("sum", Right::Hidden)]).unwrap();
    let of = ["rows", "rows.m", "group", "group.m", "sum", "amount"].map(|path| sound.of(path).as_str());
    assert_eq!(of, ["required", "editable", "readonly", "editable", "hidden", "readonly"]);
    assert_eq!(Right::parse("editable"), Some(Right::Editable));
    assert_eq!(Right::parse("edit"), None);
}
