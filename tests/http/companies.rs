//! Nothing of one company is ever visible to another: what is there and what is not are answered alike.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser, bad_debt};
use crate::house::{Place, free_port};

const CANARY: &str = "丹顶鹤连锁药房";

#[tokio::test]
async fn another_companys_ids_are_answered_like_ids_that_do_not_exist() {
    let place = Place::sqlite();
    for (company, people) in [("pharma", ["zhou", "li"]), ("hospital", ["sun", "admin"])] {
        place.found(company);
        people.iter().for_each(|login| place.let_in(company, login));
    }
    let server = place.serve(free_port());
    let url = server.url();
    let zhou = Browser::of(&url, "pharma", "zhou").await;
    let request = zhou.request(Method::POST, "/files?name=loan.pdf").header("Content-Type", "application/pdf");
    let file = zhou.send(request.body("a file of pharma")).await.expect(201).json();
    let file = file["id"].as_str().unwrap().to_owned();
    let mut sent = bad_debt(CANARY, "zhou");
    sent["form"]["attachments"] = json!([file]);
    let id = zhou.post("/instances", sent).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    zhou.get(&format!("/files/{file}")).await.expect(200);

    let nothing = "01a1cd64-d5a0-7912-935f-8fa457bdb074";
    for login in ["sun", "admin"] {
        let stranger = Browser::of(&url, "hospital", login).await;
        for (method, path, body) in probes() {
            let ask = async |id: &str, file: &str| {
                let path = path.replace("{id}", id).replace("{file}", file);
                let request = stranger.wish(method.clone(), &path);
                let request = if body.is_null() { request } else { request.json(&body) };
                stranger.send(request).await
            };
            let (foreign, missing) = (ask(&id, &file).await, ask(nothing, nothing).await);
            assert!(foreign.status == 404 || foreign.status == 403, "{login} {path}: {}", foreign.text);
            assert_eq!(same(&foreign), same(&missing), "{login} {method} {path}");
        }
        for list in [
            "/instances?view=readable",
            "/instances?view=handled",
            "/tasks",
            "/tasks?state=done",
            "/flows",
            "/people",
            "/departments",
        ] {
            let answer = stranger.get(list).await.expect(200);
            for foreign in [CANARY, "周敏", id.as_str(), "bad-debt"] {
                assert!(!answer.text.contains(foreign), "{login} {list}: {foreign}");
            }
        }
        let found = stranger.get(&format!("/instances?view=readable&q={CANARY}")).await.expect(200).json();
        assert_eq!(found["items"], json!([]));
    }
    stranger_cannot_attach(&url, &file).await;
}

/// Everything that names an instance or a file.
fn probes() -> Vec<(Method, &'static str, Value)> {
    let (get, post) = (Method::GET, Method::POST);
    vec![
        (get.clone(), "/instances/{id}", Value::Null),
        (get.clone(), "/instances/{id}/explanations/1", Value::Null),
        (get.clone(), "/files/{file}", Value::Null),
        (get, "/files/{file}/info", Value::Null),
        (post.clone(), "/instances/{id}/comments", json!({ "text": "x" })),
        (post.clone(), "/instances/{id}/withdraw", json!({})),
        (post.clone(), "/instances/{id}/cancel", json!({ "reason": "x" })),
        (post.clone(), "/instances/{id}/incidents/1/retry", json!({})),
        (post.clone(), "/instances/{id}/tasks/1/approve", json!({ "version": 1 })),
        (post.clone(), "/instances/{id}/tasks/1/fill", json!({ "version": 1, "data": {} })),
        (post.clone(), "/instances/{id}/tasks/1/resubmit", json!({ "version": 1, "form": {} })),
        (post.clone(), "/instances/{id}/tasks/1/reject", json!({ "version": 1, "comment": "x" })),
        (
            post.clone(),
            "/instances/{id}/tasks/1/return",
            json!({ "version": 1, "to": "initiator", "then": "direct", "comment": "x" }),
        ),
        (post, "/instances/{id}/tasks/1/transfer", json!({ "version": 1, "to": "sun" })),
    ]
}

/// What a stranger could tell two answers apart by.
fn same(answer: &Answer) -> (u16, &str, Vec<&str>) {
    let told = ["x-request-id", "date"];
    let headers = answer.headers.iter().filter(|(name, _)| !told.contains(&name.as_str()));
    (answer.status, &answer.text, headers.map(|(_, value)| value.as_str()).collect())
}

/// A file of another company cannot be carried into one's own request.
async fn stranger_cannot_attach(url: &str, file: &str) {
    let li = Browser::of(url, "pharma", "li").await;
    let mut sent = bad_debt("乙医药公司", "li");
    sent["form"]["attachments"] = json!([file]);
    let refused = li.post("/instances", sent).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
}
