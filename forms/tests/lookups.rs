//! Fields that are looked up in business records.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};
use zhupi_domain::expr::Context;
use zhupi_forms::{Accepted, Class, FieldError, Form, LookedUp, Purpose, Rights, Submission, View, Wanted};

const FORM: &str = r#"{
  "title": "开票", "type": "object", "required": ["customer", "limit", "goods"],
  "properties": {
    "customer": { "type": "string", "title": "客户" },
    "limit": { "type": "string", "format": "money", "title": "额度",
      "x-lookup": { "fact": "credit-limit", "match": { "customer_no": "customer" }, "value": "limit" } },
    "left": { "type": "string", "format": "money", "title": "余额", "x-computed": "limit - sum(goods.price)" },
    "goods": { "type": "array", "title": "货物", "items": { "type": "object", "properties": {
      "name": { "type": "string", "title": "品名" },
      "price": { "type": "string", "format": "money", "title": "单价",
        "x-lookup": { "fact": "price", "match": { "name": "name" }, "value": "price" } }
    } } }
  }
}"#;

fn form() -> Form {
    Form::read(FORM).unwrap()
}

/// Accepts with these prices and limits; tells what was looked up.
fn accept(before: Option<&Json>, data: Json, anew: bool, limit: &str) -> (Result<Accepted, Vec<FieldError>>, usize) {
    let (rights, classes): (Rights, BTreeSet<Class>) = (Rights::editable(), Class::ALL.into_iter().collect());
    let context = Context { today: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), calendar: None };
    let view = View { rights: &rights, classes: &classes };
    let submission =
        Submission { before, data: &data, view, purpose: Purpose::Submit, context, found: LookedUp::default() };
    let mut asked = 0;
    let find = |wanted: &Wanted| {
        asked += 1;
        match (wanted.fact.as_str(), wanted.matching.values().next()?.as_str()) {
            ("credit-limit", "K-1") => Some(json!(limit)),
            ("price", "药") => Some(json!("30.00")),
            _ => None,
        }
    };
    (form().accept_with(&submission, anew, find), asked)
}

fn data(accepted: (Result<Accepted, Vec<FieldError>>, usize)) -> Json {
    accepted.0.unwrap().data
}

#[test]
fn a_value_comes_from_the_record_whatever_is_sent_and_computed_fields_see_it() {
    let sent = json!({ "customer": "K-1", "limit": "999999.00", "goods": [{ "name": "药", "price": "0.01" }, { "name": "?" }] });
    let kept = data(accept(None, sent, true, "100.00"));
    assert_eq!(kept["limit"], "100.00");
    assert_eq!(kept["left"], "70.00");
    assert_eq!(
        kept["goods"],
        json!([{ "name": "药", "price": "30.00" }, { "name": "?" }]),
        "what is not found is empty"
    );
}

#[test]
fn what_is_required_and_not_found_says_so() {
    let (refused, _) = accept(None, json!({ "customer": "K-9", "goods": [{ "name": "药" }] }), true, "1.00");
    let errors = refused.unwrap_err();
    let limit = errors.iter().find(|error| error.pointer.as_str() == "/limit").unwrap();
    assert_eq!(limit.message.zh, "没有查到额度，请核对查询它的内容");
}

#[test]
fn what_was_submitted_is_frozen_until_it_is_submitted_again_or_found_by_something_else() {
    let first = data(accept(None, json!({ "customer": "K-1", "goods": [{ "name": "药" }] }), true, "100.00"));
    let edit = json!({ "goods": [{ "name": "药" }, { "name": "药" }] });
    let (later, asked) = accept(Some(&first), edit.clone(), false, "50.00");
    assert_eq!((later.unwrap().data["limit"].clone(), asked), (json!("100.00"), 0));
    let (again, asked) = accept(Some(&first), edit, true, "50.00");
    assert_eq!((again.unwrap().data["limit"].clone(), asked), (json!("50.00"), 2));
    let (other, asked) = accept(Some(&first), json!({ "customer": "K-9" }), false, "50.00");
    assert!(
        other.unwrap_err().iter().any(|error| error.pointer.as_str() == "/limit"),
        "of another customer nothing is kept"
    );
    assert_eq!(asked, 1);
}

#[test]
fn accepting_without_looking_up_trusts_nobody() {
    let (rights, classes): (Rights, BTreeSet<Class>) = (Rights::editable(), BTreeSet::new());
    let data = json!({ "customer": "K-1", "limit": "999999.00", "goods": [] });
    let context = Context { today: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), calendar: None };
    let view = View { rights: &rights, classes: &classes };
    let submission =
        Submission { before: None, data: &data, view, purpose: Purpose::Draft, context, found: LookedUp::default() };
    assert_eq!(form().accept(&submission).unwrap().data.get("limit"), None);
}

#[test]
fn the_browser_is_not_told_where_it_is_looked_up() {
    let (rights, classes): (Rights, BTreeSet<Class>) = (Rights::editable(), BTreeSet::new());
    let schema = form().for_client(&View { rights: &rights, classes: &classes }, &json!({}));
    assert_eq!(schema["properties"]["limit"]["x-access"], "readonly");
    assert_eq!(schema["properties"]["limit"]["x-lookup"], true);
    assert!(!schema.to_string().contains("credit-limit"), "{schema}");
}

#[test]
fn a_lookup_is_found_by_single_fields_that_people_fill() {
    let codes = |from: &str, to: &str| -> Vec<&'static str> {
        let source = FORM.replace(from, to);
        assert_ne!(source, FORM);
        Form::read(&source).map(|_| Vec::new()).unwrap_or_else(|found| found.iter().map(|it| it.code).collect())
    };
    assert_eq!(codes(r#""customer_no": "customer""#, r#""customer_no": "left""#), ["form.circle", "form.lookup"]);
    assert_eq!(codes(r#""customer_no": "customer""#, r#""customer_no": "goods""#), ["form.lookup"]);
    assert_eq!(codes(r#""customer_no": "customer""#, r#""customer_no": "custmer""#), ["form.unknown-field"]);
    assert_eq!(codes(r#""value": "limit""#, r#""valeu": "limit""#).len(), 2, "told by the profile");
}
