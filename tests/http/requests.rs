//! Requests on their way: sent twice, raced for, and changed in the other window.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, bad_debt};
use crate::house::{Place, Server, free_port};

/// Runs a story on both databases.
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(&crate::house::Place::sqlite()).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(place) = crate::house::Place::postgres() {
                    super::$story(&place).await;
                }
            })+
        }
    };
}

pub(crate) use on_both;

on_both!(one_wish_happens_once, only_one_of_two_decides, a_request_goes_to_its_archive, drafts_know_their_version);

fn founded(place: &Place) -> Server {
    place.found("pharma");
    for login in ["zhou", "li", "wang", "chen", "huang"] {
        place.let_in("pharma", login);
    }
    place.serve(free_port())
}

fn keyed(browser: &Browser, path: &str, key: &str, body: &Value) -> reqwest::RequestBuilder {
    browser.request(Method::POST, path).header("Idempotency-Key", key).json(body)
}

async fn submitted(browser: &Browser, customer: &str) -> String {
    let answer = browser.post("/instances", bad_debt(customer, "zhou")).await.expect(201);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// The number and version of the task that a person holds.
async fn task(browser: &Browser, id: &str) -> Option<(u64, u64)> {
    let page = browser.get(&format!("/instances/{id}")).await.expect(200).json();
    let task = page["my_tasks"].get(0)?;
    Some((task["task"].as_u64()?, task["version"].as_u64()?))
}

async fn one_wish_happens_once(place: &Place) {
    let server = founded(place);
    let zhou = Arc::new(Browser::of(&server.url(), "pharma", "zhou").await);
    let clicks: Vec<_> = (0..20)
        .map(|_| {
            let zhou = zhou.clone();
            tokio::spawn(async move {
                zhou.send(keyed(&zhou, "/instances", "one-click", &bad_debt("甲医药公司", "zhou"))).await
            })
        })
        .collect();
    let mut told = Vec::new();
    for click in clicks {
        told.push(click.await.unwrap().expect(201).text);
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "all are told the same");
    assert_eq!(zhou.get("/instances").await.json()["items"].as_array().unwrap().len(), 1);

    let other = keyed(&zhou, "/instances", "one-click", &bad_debt("乙医药公司", "zhou"));
    assert_eq!(zhou.send(other).await.expect(422).code(), "idempotency_key_reused");
    let keyless = zhou.request(Method::POST, "/instances").json(&bad_debt("甲医药公司", "zhou"));
    assert_eq!(zhou.send(keyless).await.expect(400).code(), "idempotency_key_required");

    let li = Browser::of(&server.url(), "pharma", "li").await;
    li.send(keyed(&li, "/instances", "one-click", &bad_debt("丙医药公司", "li"))).await.expect(201);
}

async fn only_one_of_two_decides(place: &Place) {
    let server = founded(place);
    let log_in = async |login| Browser::of(&server.url(), "pharma", login).await;
    let (zhou, li, wang) = (log_in("zhou").await, log_in("li").await, log_in("wang").await);
    let (chen, huang) = (log_in("chen").await, log_in("huang").await);
    let id = submitted(&zhou, "甲医药公司").await;
    for (person, form) in [(&li, json!({ "opinion": "属实" })), (&wang, Value::Null)] {
        let (number, version) = task(person, &id).await.unwrap();
        let body = json!({ "version": version, "form": form });
        person.post(&format!("/instances/{id}/tasks/{number}/approve"), body).await.expect(200);
    }
    let fill = async |person: &Browser| {
        let (number, version) = task(person, &id).await.unwrap();
        let data = json!({ "cause": "customer_bankrupt", "voucher_no": "记-1", "booked_on": "2026-03-20" });
        (format!("/instances/{id}/tasks/{number}/fill"), json!({ "version": version, "data": data }))
    };
    let ((one, first), (other, second)) = (fill(&chen).await, fill(&huang).await);
    let (left, right) = tokio::join!(chen.post(&one, first.clone()), huang.post(&other, second));
    let mut statuses = [left.status, right.status];
    statuses.sort();
    assert_eq!(statuses, [200, 409], "{} {}", left.text, right.text);
    let (loser, winner) = if left.status == 409 { (left, "黄海燕") } else { (right, "陈慧") };
    assert_eq!(loser.code(), "task_closed");
    assert!(loser.detail().contains(winner), "{}", loser.detail());
    let late = chen.post(&one, first).await;
    assert_eq!(late.expect(409).code(), "task_closed");
}

async fn a_request_goes_to_its_archive(place: &Place) {
    let server = founded(place);
    let log_in = async |login| Browser::of(&server.url(), "pharma", login).await;
    let (zhou, li, wang, chen) = (log_in("zhou").await, log_in("li").await, log_in("wang").await, log_in("chen").await);
    let invalid = json!({ "flow": "bad-debt", "period": "2026-03", "form": { "amount": "-1", "customer_no": "17" } });
    let refused = zhou.post("/instances", invalid).await.expect(422);
    assert_eq!(refused.code(), "form_invalid");
    let pointers: Vec<Value> =
        refused.json()["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    for pointer in ["/amount", "/customer_no", "/customer_name"] {
        assert!(pointers.contains(&pointer.into()), "{pointer}: {}", refused.text);
    }

    let id = submitted(&zhou, "甲医药公司").await;
    let at = |number: u64, act: &str| format!("/instances/{id}/tasks/{number}/{act}");
    let (number, version) = task(&li, &id).await.unwrap();
    let stale = json!({ "version": version + 7, "form": { "opinion": "属实" } });
    assert_eq!(li.post(&at(number, "approve"), stale).await.expect(409).code(), "task_changed");
    let others = json!({ "version": version, "form": { "opinion": "我来" } });
    assert_eq!(zhou.post(&at(number, "approve"), others).await.expect(403).code(), "not_yours");
    assert_eq!(
        li.post(&at(number, "reject"), json!({ "version": version })).await.expect(422).code(),
        "comment_required"
    );
    li.post(&at(number, "approve"), json!({ "version": version, "form": { "opinion": "属实" } })).await.expect(200);
    let (number, version) = task(&wang, &id).await.unwrap();
    wang.post(&at(number, "approve"), json!({ "version": version })).await.expect(200);
    let (number, version) = task(&chen, &id).await.unwrap();
    let data = json!({ "cause": "customer_bankrupt", "voucher_no": "记-1", "booked_on": "2026-03-20" });
    chen.post(&at(number, "fill"), json!({ "version": version, "data": data })).await.expect(200);

    let began = std::time::Instant::now();
    let archived = loop {
        let page = zhou.get(&format!("/instances/{id}")).await.expect(200).json();
        if page["status"] == "archived" {
            break page;
        }
        assert!(began.elapsed().as_secs() < 20, "machine steps are not done: {page}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(archived["archive"]["copies"].as_array().unwrap().len(), 3);
    let done = li.get("/tasks?state=done").await.expect(200).json();
    assert_eq!(done["items"][0]["instance"], id.as_str());
}

async fn drafts_know_their_version(place: &Place) {
    let server = founded(place);
    let zhou = Browser::of(&server.url(), "pharma", "zhou").await;
    let save = async |guard: (&str, &str), text: &str| {
        let request = zhou.request(Method::PUT, "/drafts/start:bad-debt").header(guard.0, guard.1);
        zhou.send(request.json(&json!({ "body": { "form": { "facts": text } } }))).await
    };
    let first = save(("If-None-Match", "*"), "一").await.expect(200);
    let etag = first.headers["etag"].clone();
    assert_eq!(format!("\"{}\"", first.json()["version"].as_str().unwrap()), etag);
    assert_eq!(save(("If-None-Match", "*"), "二").await.expect(412).code(), "changed");
    save(("If-Match", &etag), "三").await.expect(200);
    assert_eq!(save(("If-Match", &etag), "四").await.expect(412).code(), "changed");
    assert_eq!(zhou.put("/drafts/start:bad-debt", json!({ "body": {} })).await.expect(428).code(), "version_required");
    assert_eq!(zhou.get("/drafts/start:bad-debt").await.expect(200).json()["body"]["form"]["facts"], "三");
    let li = Browser::of(&server.url(), "pharma", "li").await;
    li.get("/drafts/start:bad-debt").await.expect(404);
    zhou.delete("/drafts/start:bad-debt").await.expect(204);
    zhou.get("/drafts/start:bad-debt").await.expect(404);
}
