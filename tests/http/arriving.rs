//! What arrives from elsewhere while requests run: next year's holidays, and records that start, end or explain something.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::house::{Place, Server, free_port};

/// Nobody has entered 2031 yet, wherever this test runs before it.
const PACK: [(&str, &str); 8] = [
    (
        "company.yaml",
        r#"company: agency
name: { zh: 代办公司, en: Agency }
time_zone: Asia/Shanghai
roles:
  clerk: { title: { zh: 职员, en: Clerk } }
  head: { title: { zh: 主管, en: Head } }
  admin: { title: { zh: 管理员, en: Administrator }, can: [ people, deploy, incidents ] }
"#,
    ),
    (
        "flows/leave.yaml",
        r#"flow: leave
title: { zh: 请假, en: Leave }
form: leave
start: [ { by: role:clerk } ]
steps:
  - step: head
    title: { zh: 主管, en: Head }
    approve: { by: role:head }
    due: 1500 workdays
"#,
    ),
    (
        "forms/leave.json",
        r#"{ "title": "请假", "type": "object", "required": [ "why" ], "properties": { "why": { "type": "string", "title": "事由" } } }"#,
    ),
    (
        "flows/chase.yaml",
        r#"flow: chase
title: { zh: 催收, en: Chase }
form: chase
start:
  - when: fact:invoice
    if: item.open > 0
    as: item.clerk
    form: { invoice: item.invoice }
  - about: fact:invoice
    by: item.clerk
    within: 3 days
    form: { invoice: item.invoice }
stop:
  - when: fact:invoice
    if: item.invoice == form.invoice and item.open <= 0
    reason: { zh: 已付清, en: Paid }
steps:
  - step: head
    title: { zh: 主管, en: Head }
    approve: { by: role:head }
"#,
    ),
    (
        "forms/chase.json",
        r#"{ "title": "催收", "type": "object", "required": [ "invoice", "open" ], "properties": {
  "invoice": { "type": "string", "title": "发票号" },
  "open": { "type": "string", "format": "money", "title": "未付",
    "x-lookup": { "fact": "invoice", "match": { "invoice": "invoice" }, "value": "open" } } } }"#,
    ),
    (
        "facts/invoice.json",
        r#"{ "title": "发票", "type": "object", "x-key": [ "invoice" ], "required": [ "invoice", "clerk", "open" ], "properties": {
  "invoice": { "type": "string", "title": "发票号" },
  "clerk": { "type": "string", "format": "person", "title": "职员" },
  "open": { "type": "string", "format": "money", "title": "未付" } } }"#,
    ),
    (
        "people.csv",
        "id,name,login,email,department,post,roles,manager,language\n\
         an,安然,an,,office,职员,clerk,,zh\nbo,薄一鸣,bo,,office,主管,head,,zh\nadmin,管理员,admin,,office,,admin,,zh\n",
    ),
    ("departments.csv", "id,name,parent,head\noffice,公司,,bo\n"),
];

fn founded(place: &Place) -> Server {
    let pack = place.folder().join("agency");
    for (path, text) in PACK {
        let path = pack.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    place.found_with("agency", &pack);
    ["an", "bo", "admin"].iter().for_each(|login| place.let_in("agency", login));
    place.serve(free_port())
}

crate::requests::on_both!(a_calendar_gives_running_work_its_date, records_start_end_and_explain);

/// Asks until the answer is what is waited for; the workers need a moment.
async fn until(person: &Browser, path: &str, good: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..120 {
        let seen = person.get(path).await.expect(200).json();
        if good(&seen) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("it did not come to that: {}", person.get(path).await.expect(200).json());
}

/// Every year until 2036, as an admin might invent them.
fn years() -> (String, Vec<i32>) {
    let days = (2027..=2036).flat_map(|year| (1..=13).map(move |day| format!("{year}-10-{day:02},holiday,\n")));
    (format!("date,day,name\n{}", days.collect::<String>()), (2027..=2036).collect())
}

async fn a_calendar_gives_running_work_its_date(place: &Place) {
    let server = founded(place);
    let log_in = async |login| Browser::of(&server.url(), "agency", login).await;
    let (an, bo, admin) = (log_in("an").await, log_in("bo").await, log_in("admin").await);
    let sent = json!({ "flow": "leave", "form": { "why": "家事" } });
    let id = an.post("/instances", sent).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let waiting = bo.get("/tasks").await.expect(200).json()["items"][0].clone();
    assert!(waiting["due_at"].is_null() && waiting["no_calendar_year"].is_number(), "{waiting}");
    let refused = admin.post("/admin/calendar/import", json!({ "days": "date,day\n2031-02-30,holiday\n" })).await;
    assert_eq!(refused.expect(422).code(), "sheets_invalid");
    let (days, complete) = years();
    let half = admin.post("/admin/calendar/import", json!({ "days": days })).await.expect(200).json();
    assert_eq!(half["warnings"][0]["code"], "calendar.not-complete", "{half}");
    let done = admin.post("/admin/calendar/import", json!({ "days": days, "complete": complete })).await.expect(200);
    assert_eq!(done.json()["years"][0], json!({ "year": 2027, "complete": true, "days": 13, "changed": 0 }));
    let known = until(&bo, "/tasks", |tasks| tasks["items"][0]["due_at"].is_string()).await;
    assert!(known["items"][0]["no_calendar_year"].is_null());
    let told = bo.get(&format!("/instances/{id}")).await.expect(200).json()["timeline"].to_string();
    assert!(told.contains("日历已更新"), "{told}");
    let year = an.get("/calendar?year=2030").await.expect(200).json();
    assert_eq!((year["complete"].as_bool(), year["days"].as_array().map(Vec::len)), (Some(true), Some(13)));
    for year in complete {
        admin.post(&format!("/admin/calendar/{year}/remove"), json!({})).await.expect(204);
    }
    until(&bo, "/tasks", |tasks| tasks["items"][0]["due_at"].is_null()).await;
}

async fn records_start_end_and_explain(place: &Place) {
    let server = founded(place);
    let log_in = async |login| Browser::of(&server.url(), "agency", login).await;
    let (an, bo, admin) = (log_in("an").await, log_in("bo").await, log_in("admin").await);
    let record = async |no: &str, open: &str| {
        let row = json!({ "invoice": no, "clerk": "an", "open": open });
        admin.post("/admin/facts/invoice/import", json!({ "rows": [row] })).await.expect(200)
    };
    record("F-1", "80.00").await;
    let tasks = until(&bo, "/tasks", |tasks| tasks["items"].as_array().is_some_and(|items| items.len() == 1)).await;
    let id =
        tasks["items"][0]["instance"]["id"].as_str().or(tasks["items"][0]["instance"].as_str()).unwrap().to_owned();
    let seen = an.get(&format!("/instances/{id}")).await.expect(200).json();
    assert_eq!(seen["form"]["data"], json!({ "invoice": "F-1", "open": "80.00" }));
    // The clerk asks about the same invoice, too: once.
    let start = an.get("/flows/chase/start").await.expect(200).json();
    let record_id = start["about"]["records"][0]["id"].as_str().unwrap().to_owned();
    let about = json!({ "fact": "invoice", "id": record_id });
    let page = an.get(&format!("/flows/chase/start?about=invoice&id={record_id}")).await.expect(200).json();
    assert_eq!(page["form"]["data"]["invoice"], "F-1", "{page}");
    let sent = json!({ "flow": "chase", "form": {}, "about": about });
    let own = an.post("/instances", sent.clone()).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(an.post("/instances", sent).await.expect(422).code(), "about_taken");
    let plain = json!({ "flow": "chase", "form": { "invoice": "F-1" } });
    assert_eq!(an.post("/instances", plain).await.expect(422).code(), "about_required");
    let preview = an.post("/flows/chase/preview", json!({ "form": { "invoice": "F-1" } })).await.expect(200).json();
    assert_eq!(preview["looked_up"], json!({ "/open": "80.00" }));
    record("F-1", "0.00").await;
    for request in [id, own] {
        let ended = until(&an, &format!("/instances/{request}"), |seen| seen["status"] == "cancelled").await;
        assert!(ended["timeline"].to_string().contains("已付清"), "{ended}");
    }
    until(&bo, "/tasks", |tasks| tasks["items"].as_array().is_some_and(Vec::is_empty)).await;
}
