//! Facts that arrive: what they start, what they end, and what people may start about them.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "support/chase.rs"]
mod chase;
mod support;

use chase::{FORM, RECEIVABLE};
use serde_json::{Map, Value, json};
use support::Firm;
use zhupi_app::{About, Answer, AppError, Deployer, InstancesQuery, NewRequest};
use zhupi_domain::PersonId;

const RULES: &str = r#"flow: chase
title: { zh: 催收, en: Chase }
form: chase
start:
  - when: fact:receivable
    if: item.open > 0
    as: item.salesperson
    form: { customer: item.customer, amount: item.open }
stop:
  - when: fact:receivable
    if: item.customer == form.customer and item.open <= 0
    reason: { zh: 款已收回, en: Paid }
steps:
  - step: head
    title: { zh: 主管, en: Head }
    approve: { by: role:sales-head, on_self: allow }
"#;
const APPEAL: &str = r#"flow: appeal
title: { zh: 申诉, en: Appeal }
form: appeal
start:
  - about: fact:score
    by: item.employee
    if: item.points < 60
    within: 3 workdays
    form: { month: item.month, points: item.points }
steps:
  - step: head
    title: { zh: 主管, en: Head }
    approve: { by: role:sales-head, on_self: allow }
"#;
const APPEAL_FORM: &str = r#"{
  "type": "object", "title": "申诉",
  "properties": {
    "month": { "type": "string", "title": "月份" },
    "points": { "type": "integer", "title": "得分" },
    "why": { "type": "string", "title": "理由" }
  },
  "required": [ "month", "points", "why" ]
}"#;
const SCORE: &str = r#"{
  "type": "object", "title": "月度得分", "x-key": [ "employee", "month" ],
  "properties": {
    "employee": { "type": "string", "format": "person", "title": "员工" },
    "month": { "type": "string", "title": "月份" },
    "points": { "type": "integer", "title": "得分", "x-class": "pay" }
  },
  "required": [ "employee", "month", "points" ]
}"#;

async fn firm() -> Firm {
    let firm = Firm::open().await;
    firm.deploy(&[
        ("flows/chase.yaml", RULES),
        ("forms/chase.json", FORM),
        ("facts/receivable.json", RECEIVABLE),
        ("flows/appeal.yaml", APPEAL),
        ("forms/appeal.json", APPEAL_FORM),
        ("facts/score.json", SCORE),
    ])
    .await;
    firm
}

async fn record(firm: &Firm, kind: &str, fact: Value) {
    let rows: Vec<Map<String, Value>> = vec![fact.as_object().cloned().unwrap()];
    firm.app.import_facts(Deployer::Console, &firm.company, kind, rows, firm.now()).await.unwrap();
}

async fn open(firm: &Firm, customer: &str, open: &str) {
    record(firm, "receivable", json!({ "customer": customer, "salesperson": "li", "open": open })).await;
    firm.machines().await;
}

async fn score(firm: &Firm, employee: &str, month: &str, points: i64) {
    record(firm, "score", json!({ "employee": employee, "month": month, "points": points })).await;
}

/// What each request of a flow is, by its status.
async fn statuses(firm: &Firm, flow: &str) -> Vec<String> {
    let query = InstancesQuery { flow: Some(flow.into()), ..Default::default() };
    let page = firm.app.instances(&firm.viewer("li").await, query).await.unwrap();
    let status = |item: &zhupi_app::view::InstanceSummary| serde_json::to_value(item).unwrap()["status"].clone();
    page.items.iter().map(|item| status(item).as_str().unwrap().to_owned()).collect()
}

/// The records that somebody may appeal about.
async fn offered(firm: &Firm, who: &str) -> Value {
    let viewer = firm.viewer(who).await;
    serde_json::to_value(firm.app.start_form(&viewer, "appeal", None, firm.now()).await.unwrap()).unwrap()["about"]
        .clone()
}

async fn appeal(firm: &Firm, who: &str, about: Option<About>, form: Value) -> Result<Answer, AppError> {
    let form = form.as_object().cloned().unwrap();
    let request = NewRequest { flow: "appeal".into(), form, period: None, about };
    firm.app.submit(&firm.viewer(who).await, request, firm.key(), firm.now()).await
}

fn first(offered: &Value) -> About {
    let record = &offered["records"][0];
    About { fact: record["fact"].as_str().unwrap().into(), id: record["id"].as_str().unwrap().into() }
}

fn code(refused: Result<Answer, AppError>) -> &'static str {
    refused.err().unwrap().problem().code
}

#[tokio::test]
async fn a_fact_that_arrives_starts_its_request_once() {
    let firm = firm().await;
    open(&firm, "甲", "100.00").await;
    open(&firm, "乙", "0.00").await;
    assert_eq!(statuses(&firm, "chase").await, ["running"], "what does not hold starts nothing");
    open(&firm, "甲", "100.00").await;
    assert_eq!(statuses(&firm, "chase").await.len(), 1, "the same record is the same fact");
    open(&firm, "甲", "80.00").await;
    assert_eq!(statuses(&firm, "chase").await.len(), 2, "another record starts another");
}

#[tokio::test]
async fn with_once_all_records_of_a_customer_start_one() {
    let firm = firm().await;
    let once = RULES.replace("    if: item.open > 0\n", "    if: item.open > 0\n    once: item.customer\n");
    firm.deploy(&[("flows/chase.yaml", &once), ("forms/chase.json", FORM), ("facts/receivable.json", RECEIVABLE)])
        .await;
    open(&firm, "甲", "100.00").await;
    firm.pass_hours(5);
    open(&firm, "甲", "80.00").await;
    open(&firm, "丙", "1.00").await;
    assert_eq!(statuses(&firm, "chase").await.len(), 2);
}

#[tokio::test]
async fn what_was_there_before_the_rule_starts_nothing() {
    let firm = Firm::open().await;
    firm.deploy(&[("facts/receivable.json", RECEIVABLE)]).await;
    open(&firm, "甲", "100.00").await;
    firm.deploy(&[("flows/chase.yaml", RULES), ("forms/chase.json", FORM), ("facts/receivable.json", RECEIVABLE)])
        .await;
    open(&firm, "乙", "100.00").await;
    assert_eq!(statuses(&firm, "chase").await.len(), 1);
}

#[tokio::test]
async fn a_fact_ends_what_it_is_about_and_nothing_else() {
    let firm = firm().await;
    open(&firm, "甲", "100.00").await;
    firm.pass_hours(1);
    open(&firm, "乙", "50.00").await;
    open(&firm, "甲", "0.00").await;
    assert_eq!(statuses(&firm, "chase").await, ["running", "cancelled"], "newest first");
    let query = InstancesQuery { flow: Some("chase".into()), status: Some("cancelled".into()), ..Default::default() };
    let page = firm.app.instances(&firm.viewer("li").await, query).await.unwrap();
    let seen = firm.seen("li", &page.items[0].id).await["timeline"].to_string();
    assert!(seen.contains("款已收回（Paid）"), "{seen}");
}

#[tokio::test]
async fn what_cannot_be_started_keeps_nothing_from_ending() {
    let firm = firm().await;
    open(&firm, "甲", "100.00").await;
    // From now on every record starts something for a role that nobody holds.
    let nobody = RULES.replace("    if: item.open > 0\n    as: item.salesperson", "    as: role:auditor");
    assert_ne!(nobody, RULES);
    firm.deploy(&[("flows/chase.yaml", &nobody), ("forms/chase.json", FORM), ("facts/receivable.json", RECEIVABLE)])
        .await;
    firm.app.deactivate_at_console(&firm.company, &PersonId::new("shen"), "离职", firm.now()).await.unwrap();
    record(&firm, "receivable", json!({ "customer": "甲", "salesperson": "li", "open": "0.00" })).await;
    let refused = firm.errands().await;
    assert!(refused.iter().any(|error| error.contains("role:auditor")), "{refused:?}");
    assert_eq!(statuses(&firm, "chase").await, ["cancelled"]);
}

#[tokio::test]
async fn many_requests_are_ended_in_slices() {
    let firm = firm().await;
    let rows = (0..130).map(|number| {
        json!({ "customer": "甲", "salesperson": "li", "open": format!("{}.00", number + 1) })
            .as_object()
            .cloned()
            .unwrap()
    });
    let company = &firm.company;
    firm.app.import_facts(Deployer::Console, company, "receivable", rows.collect(), firm.now()).await.unwrap();
    firm.machines().await;
    open(&firm, "甲", "0.00").await;
    let query = InstancesQuery { flow: Some("chase".into()), status: Some("running".into()), ..Default::default() };
    let page = firm.app.instances(&firm.viewer("li").await, query).await.unwrap();
    assert!(page.items.is_empty(), "{}", page.items.len());
}

#[tokio::test]
async fn what_a_company_shows_tells_who_may_start_something_about_a_record() {
    let firm = firm().await;
    let shown = serde_json::to_value(firm.app.company_shows(&firm.viewer("li").await).await.unwrap()).unwrap();
    let flows = shown["flows"].as_array().unwrap();
    let appeal = flows.iter().find(|flow| flow["flow"] == "appeal").unwrap();
    assert_eq!(appeal["starters"], json!([{ "zh": "「月度得分」里的员工", "en": "员工 in “月度得分”" }]));
}

#[tokio::test]
async fn of_records_that_came_at_once_the_latest_month_is_offered_first() {
    let firm = firm().await;
    let months = ["2026-02", "2025-12", "2026-01"];
    let rows =
        months.map(|month| json!({ "employee": "li", "month": month, "points": 50 }).as_object().cloned().unwrap());
    firm.app.import_facts(Deployer::Console, &firm.company, "score", rows.into(), firm.now()).await.unwrap();
    let about = offered(&firm, "li").await;
    let offered = about["records"].as_array().unwrap().iter().map(|record| record["fields"][1]["value"].clone());
    assert_eq!(offered.collect::<Vec<_>>(), ["2026-02", "2026-01", "2025-12"]);
}

#[tokio::test]
async fn people_start_something_about_their_own_records_only() {
    let firm = firm().await;
    score(&firm, "li", "2026-02", 55).await;
    score(&firm, "li", "2026-01", 80).await;
    score(&firm, "zhao", "2026-02", 40).await;
    let about = offered(&firm, "li").await;
    assert_eq!(about["required"], true);
    assert_eq!(about["records"].as_array().unwrap().len(), 1, "{about:#}");
    let fields: Vec<&Value> = about["records"][0]["fields"].as_array().unwrap().iter().map(|f| &f["value"]).collect();
    assert_eq!(fields[1], "2026-02", "{about:#}");
    assert_eq!(code(appeal(&firm, "li", None, json!({ "why": "错了" })).await), "about_required");
    let own = first(&about);
    let of_another = first(&offered(&firm, "zhao").await);
    assert_eq!(code(appeal(&firm, "li", Some(of_another), json!({ "why": "错了" })).await), "about_gone");
    let form = firm.app.start_form(&firm.viewer("li").await, "appeal", Some(&own), firm.now()).await.unwrap();
    let form = serde_json::to_value(form).unwrap();
    assert_eq!(form["form"]["data"]["points"], 55);
    let answer = appeal(&firm, "li", Some(own.clone()), json!({ "why": "错了", "points": 99 })).await;
    let id = match answer {
        Ok(answer) => answer.body["id"].as_str().unwrap().to_owned(),
        Err(error) => panic!("{:?}", error.problem()),
    };
    let form = &firm.seen("li", &id).await["form"]["data"];
    assert_eq!(
        (&form["points"], &form["month"]),
        (&json!(55), &json!("2026-02")),
        "what is sent for it does not count"
    );
    assert_eq!(code(appeal(&firm, "li", Some(own), json!({ "why": "再来" })).await), "about_taken");
    assert_eq!(offered(&firm, "li").await["records"], json!([]));
}

#[tokio::test]
async fn an_appeal_has_its_time_and_may_be_taken_back_and_sent_again() {
    let firm = firm().await;
    score(&firm, "li", "2026-02", 55).await;
    let own = first(&offered(&firm, "li").await);
    let answer = appeal(&firm, "li", Some(own.clone()), json!({ "why": "错了" })).await.unwrap();
    let id = answer.body["id"].as_str().unwrap();
    firm.app.withdraw(&firm.viewer("li").await, id, None, firm.key(), firm.now()).await.unwrap();
    assert!(appeal(&firm, "li", Some(own.clone()), json!({ "why": "还是错了" })).await.is_ok());
    score(&firm, "li", "2026-03", 50).await;
    let own = first(&offered(&firm, "li").await);
    firm.pass_hours(24 * 7);
    assert_eq!(offered(&firm, "li").await["records"], json!([]));
    assert_eq!(code(appeal(&firm, "li", Some(own), json!({ "why": "晚了" })).await), "about_gone");
}

#[tokio::test]
async fn two_who_appeal_about_the_same_at_once_are_one() {
    let firm = firm().await;
    score(&firm, "li", "2026-02", 55).await;
    let own = first(&offered(&firm, "li").await);
    let tries = (0..4).map(|_| appeal(&firm, "li", Some(own.clone()), json!({ "why": "错了" })));
    let done = futures::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(done.into_iter().filter(Result::is_err).all(|refused| code(refused) == "about_taken"));
}

/// A firm whose form looks an amount up by its customer, with these fields beside it.
async fn looking_up(beside: &str) -> Firm {
    let firm = Firm::open().await;
    let amount = r#""amount": { "type": "string", "format": "money", "title": "金额""#;
    let lookup = r#", "x-lookup": { "fact": "receivable", "match": { "customer": "customer" }, "value": "open" } }"#;
    let form = FORM.replace(&format!("{amount} }}"), &format!("{amount}{lookup}{beside}"));
    let by_hand = RULES.replace("start:\n", "start:\n  - by: role:salesperson\n");
    firm.deploy(&[("flows/chase.yaml", &by_hand), ("forms/chase.json", &form), ("facts/receivable.json", RECEIVABLE)])
        .await;
    firm
}

#[tokio::test]
async fn a_field_is_looked_up_and_stays_as_it_was_submitted() {
    let firm = looking_up("").await;
    record(&firm, "receivable", json!({ "customer": "甲", "salesperson": "li", "open": "100.00" })).await;
    let chase = |form: Value| NewRequest {
        flow: "chase".into(),
        form: form.as_object().cloned().unwrap(),
        period: None,
        about: None,
    };
    let viewer = firm.viewer("li").await;
    let preview = json!({ "customer": "甲" }).as_object().cloned().unwrap();
    let preview = firm.app.preview(&viewer, "chase", preview, None, firm.now()).await.unwrap();
    assert_eq!(serde_json::to_value(preview).unwrap()["looked_up"], json!({ "/amount": "100.00" }));
    let wrong =
        firm.app.submit(&viewer, chase(json!({ "customer": "丁", "amount": "1.00" })), firm.key(), firm.now()).await;
    let problem = wrong.err().unwrap().problem();
    assert_eq!(problem.errors[0].message.zh, "没有查到金额，请核对查询它的内容");
    let sent = chase(json!({ "customer": "甲", "amount": "1.00" }));
    let id =
        firm.app.submit(&viewer, sent, firm.key(), firm.now()).await.unwrap().body["id"].as_str().unwrap().to_owned();
    record(&firm, "receivable", json!({ "customer": "甲", "salesperson": "li", "open": "70.00" })).await;
    assert_eq!(firm.seen("li", &id).await["form"]["data"]["amount"], "100.00");
    firm.send_back("zhao", &id).await;
    firm.resubmit_with("li", &id, json!({})).await;
    assert_eq!(firm.seen("li", &id).await["form"]["data"]["amount"], "70.00", "submitted again, it is looked up again");
}

#[tokio::test]
async fn what_was_looked_up_is_left_unsaid_while_another_value_cannot_be_read() {
    let firm = looking_up(r#", "price": { "type": "string", "format": "money", "title": "价格" }"#).await;
    record(&firm, "receivable", json!({ "customer": "甲", "salesperson": "li", "open": "100.00" })).await;
    let looked_up = async |form: Value| {
        let form = form.as_object().cloned().unwrap();
        let preview = firm.app.preview(&firm.viewer("li").await, "chase", form, None, firm.now()).await.unwrap();
        serde_json::to_value(preview).unwrap().get("looked_up").cloned()
    };
    let found = json!({ "/amount": "100.00" });
    assert_eq!(looked_up(json!({ "customer": "甲", "price": "30.12" })).await, Some(found));
    assert_eq!(looked_up(json!({ "customer": "甲", "price": "30.123" })).await, None, "nothing is said of it");
    assert_eq!(looked_up(json!({ "price": "30.12" })).await, Some(json!({})), "nothing is asked for");
    let nothing = json!({ "/amount": null });
    assert_eq!(looked_up(json!({ "customer": "丁", "price": "30.12" })).await, Some(nothing));
}
