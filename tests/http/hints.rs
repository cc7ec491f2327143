//! Open pages hear that something changed, and only those whom it concerns.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::json;

use crate::browser::{Browser, bad_debt};
use crate::house::{Place, free_port};

/// Everything that comes within a while.
async fn heard(stream: &mut Response, within: Duration) -> String {
    let mut text = String::new();
    let deadline = tokio::time::Instant::now() + within;
    while let Ok(Ok(Some(piece))) = tokio::time::timeout_at(deadline, stream.chunk()).await {
        text.push_str(&String::from_utf8_lossy(&piece));
        if text.contains("\"tasks\"") && text.contains("\"instance\"") {
            break;
        }
    }
    text
}

#[tokio::test]
async fn a_change_is_told_to_whom_it_concerns() {
    let place = Place::sqlite();
    place.found("pharma");
    place.found("hospital");
    for (company, login) in [("pharma", "zhou"), ("pharma", "li"), ("pharma", "liu"), ("hospital", "sun")] {
        place.let_in(company, login);
    }
    let server = place.serve(free_port());
    let listen = async |company, login| {
        let browser = Browser::of(&server.url(), company, login).await;
        let stream = browser.request(Method::GET, "/events").send().await.unwrap();
        assert_eq!(
            (stream.status().as_u16(), &stream.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
        stream
    };
    let (mut li, mut liu, mut sun) =
        (listen("pharma", "li").await, listen("pharma", "liu").await, listen("hospital", "sun").await);
    let zhou = Browser::of(&server.url(), "pharma", "zhou").await;
    let submitted = zhou.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201).json();
    let id = submitted["id"].as_str().unwrap();

    let told = heard(&mut li, Duration::from_secs(5)).await;
    assert!(told.contains("event: changed") && told.contains(r#"{"what":"tasks"}"#), "{told}");
    assert!(told.contains(&json!({ "what": "instance", "id": id }).to_string()), "{told}");
    for stranger in [&mut liu, &mut sun] {
        assert_eq!(heard(stranger, Duration::from_millis(300)).await, "");
    }

    let mut zhou_hears = listen("pharma", "zhou").await;
    zhou.get(&format!("/instances/{id}")).await.expect(200);
    let li = Browser::of(&server.url(), "pharma", "li").await;
    li.post(&format!("/instances/{id}/comments"), json!({ "text": "请补充材料" })).await.expect(200);
    let told = heard(&mut zhou_hears, Duration::from_secs(2)).await;
    assert!(told.contains(id), "who looks at a request hears that it changed: {told}");
}

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let place = Place::sqlite();
    let server = place.serve(free_port());
    Browser::new(&server.url()).get("/events").await.expect(401);
}
