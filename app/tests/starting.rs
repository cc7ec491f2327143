//! What the calendar starts: on its day, for each record, once, whatever happened meanwhile.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

#[path = "support/chase.rs"]
mod chase;
mod support;

use chase::{FORM, RECEIVABLE};
use serde_json::{Value, json};
use support::Firm;
use zhupi_app::{CalendarFile, Deployer, Started};
use zhupi_domain::Instant;

/// On the 5th of a month at nine, moved off free days; the pack's clock stands on Wednesday, 4 March 2026, 10:00.
const FLOW: &str = r#"flow: chase
title: { zh: 催收, en: Chase }
form: chase
start:
  - by: [ role:salesperson ]
  - every: { day: 5, at: "09:00" }
    as: item.salesperson
    for: fact:receivable
    when: item.open > 0
    form: { customer: item.customer, amount: item.open }
steps:
  - step: head
    title: { zh: 主管, en: Head }
    approve: { by: role:sales-head, on_self: allow }
"#;
async fn firm(flow: &str) -> Firm {
    let firm = Firm::open().await;
    firm.deploy(&[("flows/chase.yaml", flow), ("forms/chase.json", FORM), ("facts/receivable.json", RECEIVABLE)]).await;
    for (customer, open) in [("甲", "100.00"), ("乙", "0.00"), ("丙", "300.00")] {
        let row = json!({ "customer": customer, "salesperson": "li", "open": open });
        let rows = vec![row.as_object().cloned().unwrap()];
        firm.app.import_facts(Deployer::Console, &firm.company, "receivable", rows, firm.now()).await.unwrap();
    }
    firm
}

async fn look(firm: &Firm, after: Option<Instant>) -> usize {
    let Started { started, failed, .. } = firm.app.start_due(&firm.company, after, firm.now()).await.unwrap();
    assert_eq!(failed, 0);
    started
}

/// Requests of the flow: what each is called, and where it stands.
async fn requests(firm: &Firm) -> Vec<Value> {
    let viewer = firm.viewer("li").await;
    let query = zhupi_app::InstancesQuery { flow: Some("chase".into()), ..Default::default() };
    let page = firm.app.instances(&viewer, query).await.unwrap();
    page.items.iter().map(|item| serde_json::to_value(item).unwrap()).collect()
}

#[tokio::test]
async fn each_record_that_needs_it_starts_one_request_on_the_day() {
    let firm = firm(FLOW).await;
    assert_eq!(look(&firm, None).await, 0, "the day has not come, and days before the release do not count");
    firm.pass_hours(23);
    assert_eq!(look(&firm, None).await, 2);
    assert_eq!(look(&firm, None).await, 0, "looked at again, nothing more");
    let all = requests(&firm).await;
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|request| request["initiator"]["id"] == "li" && request["status"] == "running"), "{all:#?}");
}

#[tokio::test]
async fn what_came_round_while_nothing_ran_is_made_up_for_once_each() {
    let firm = firm(FLOW).await;
    firm.pass_hours(24 * 40);
    assert_eq!(look(&firm, None).await, 4, "5 March and 5 April");
    assert_eq!(look(&firm, None).await, 0);
}

#[tokio::test]
async fn many_servers_start_it_once() {
    let firm = firm(FLOW).await;
    firm.pass_hours(24);
    let looks = (0..4).map(|_| firm.app.start_due(&firm.company, None, firm.now()));
    let started: usize = futures::future::join_all(looks).await.into_iter().map(|done| done.unwrap().started).sum();
    assert_eq!(started, 2);
    assert_eq!(requests(&firm).await.len(), 2);
}

#[tokio::test]
async fn what_was_recorded_last_about_something_holds() {
    let firm = firm(FLOW).await;
    let settled = json!({ "customer": "甲", "salesperson": "li", "open": "0.00" });
    let rows = vec![settled.as_object().cloned().unwrap()];
    firm.pass_hours(1);
    firm.app.import_facts(Deployer::Console, &firm.company, "receivable", rows, firm.now()).await.unwrap();
    firm.pass_hours(23);
    assert_eq!(look(&firm, None).await, 1, "甲 has paid meanwhile");
}

#[tokio::test]
async fn once_is_once_however_often_the_day_comes_round() {
    let flow = FLOW.replace("    form:", "    once: item.customer\n    form:");
    let firm = firm(&flow).await;
    firm.pass_hours(24 * 40);
    assert_eq!(look(&firm, None).await, 2);
}

#[tokio::test]
async fn what_is_said_together_starts_once_beside_what_is_said_alone() {
    let rule = "  - every: { day: 5, at: \"09:00\" }\n    as: item.salesperson\n    for: fact:receivable\n    when: item.open > 0\n";
    let form = "    form: { customer: item.customer, amount: item.open }\n";
    let first = FLOW.replace("    form:", "    once: item.customer\n    form:");
    let flow = first.replace("steps:\n", &format!("{rule}    once: [ item.customer, 2 ]\n{form}steps:\n"));
    let firm = firm(&first).await;
    firm.pass_hours(24);
    assert_eq!(look(&firm, None).await, 2);
    firm.deploy(&[("flows/chase.yaml", &flow), ("forms/chase.json", FORM), ("facts/receivable.json", RECEIVABLE)])
        .await;
    firm.pass_hours(24 * 62);
    assert_eq!(
        look(&firm, None).await,
        2,
        "the second of each on 5 April; the first was started, and in May both were"
    );
}

#[tokio::test]
async fn a_form_that_lacks_something_waits_for_its_initiator() {
    let flow = FLOW.replace(", amount: item.open", "");
    let firm = firm(&flow).await;
    firm.pass_hours(24);
    assert_eq!(look(&firm, None).await, 2);
    let id = requests(&firm).await[0]["id"].as_str().unwrap().to_owned();
    firm.resubmit_with("li", &id, json!({ "amount": "1.00" })).await;
    let all = requests(&firm).await;
    assert_eq!(all.iter().filter(|request| request["status"] == "running").count(), 2);
}

#[tokio::test]
async fn holidays_of_a_year_that_are_not_known_yet_hold_up_only_what_falls_into_it() {
    let flow = FLOW.replace("at: \"09:00\"", "at: \"09:00\", else: next-workday");
    let firm = firm(&flow).await;
    let weeks_to_christmas = 24 * 7 * 42;
    firm.pass_hours(weeks_to_christmas);
    assert_eq!(look(&firm, None).await, 4, "5 November and 7 December, moved off the weekend");
    firm.pass_hours(24 * 30);
    let done = firm.app.start_due(&firm.company, None, firm.now()).await.unwrap();
    assert_eq!(
        (done.started, done.unknown),
        (0, [2027].into()),
        "2027 says nothing yet: it is tried again, and said so"
    );
    let days: Vec<String> = (1..=13).map(|day| format!("2027-10-{day:02},holiday")).collect();
    let text = format!("date,day\n{}\n", days.join("\n"));
    let file = CalendarFile { name: "2027.csv".into(), text, complete: [2027].into() };
    firm.app.import_calendar(Deployer::Console, &firm.company, file, firm.now()).await.unwrap();
    assert_eq!(look(&firm, None).await, 2, "5 January is made up for once the year is known");
}

#[tokio::test]
async fn what_is_known_starts_although_the_rest_is_not() {
    let firm = firm(&FLOW.replace("at: \"09:00\"", "at: \"09:00\", else: next-workday")).await;
    firm.pass_hours(24 * (7 * 42 + 30));
    let done = firm.app.start_due(&firm.company, None, firm.now()).await.unwrap();
    assert_eq!((done.started, done.unknown), (2, [2027].into()), "7 December is made up for");
}

#[tokio::test]
async fn a_long_history_does_not_stand_in_the_way() {
    let firm = firm(&FLOW.replace("    form:", "    once: item.customer\n    form:")).await;
    for time in 0..3 {
        let row = |number: i32| json!({ "customer": format!("{time}-{number}"), "salesperson": "li", "open": "0.00" });
        let rows = (0..4_000).map(|number| row(number).as_object().cloned().unwrap()).collect();
        firm.app.import_facts(Deployer::Console, &firm.company, "receivable", rows, firm.now()).await.unwrap();
    }
    firm.pass_hours(23);
    assert_eq!(look(&firm, None).await, 2);
}
