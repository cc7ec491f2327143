//! Bodies and addresses that are not what they must be.

use reqwest::Method;
use serde_json::json;

use crate::browser::Browser;
use crate::house::{Place, free_port};

#[tokio::test]
async fn every_malformed_body_is_refused_with_its_place_and_the_server_lives() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "zhou").await;
    let deep = format!("{{\"flow\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let many = format!("{{\"flow\": \"bad-debt\", \"form\": {{\"amount\": {}}}}}", "9".repeat(10_000));
    let corpus: Vec<(Vec<u8>, u16)> = vec![
        (b"".to_vec(), 400),
        (b"{".to_vec(), 400),
        (b"{\"flow\": \"bad-debt\"".to_vec(), 400),
        (b"{\"flow\": \"bad-debt\", \"form\": {}} trailing".to_vec(), 400),
        (b"{\"flow\": \"a\", \"flow\": \"b\", \"form\": {}}".to_vec(), 400),
        (b"{\"flow\": \"bad-debt\", \"form\": {\"amount\": \"1\", \"amount\": \"2\"}}".to_vec(), 400),
        (b"{'flow': 'bad-debt'}".to_vec(), 400),
        (b"{\"flow\": \"bad-debt\", \"form\": {\"amount\": NaN}}".to_vec(), 400),
        (b"{\"flow\": \"\xff\xfe\", \"form\": {}}".to_vec(), 400),
        (b"\xef\xbb\xbf{}".to_vec(), 400),
        (b"{\"flow\": \"\\ud800\", \"form\": {}}".to_vec(), 400),
        (deep.into_bytes(), 400),
        (many.into_bytes(), 400),
        (b"{\"flow\": \"bad-debt\", \"form\": {\"facts\": \"a\\u0000b\"}}".to_vec(), 400),
        (b"null".to_vec(), 422),
        (b"[]".to_vec(), 422),
        (b"\"bad-debt\"".to_vec(), 422),
        (b"{}".to_vec(), 422),
        (b"{\"flow\": 7, \"form\": {}}".to_vec(), 422),
        (b"{\"flow\": \"bad-debt\", \"form\": []}".to_vec(), 422),
        (b"{\"flow\": \"bad-debt\", \"form\": {}, \"initiator\": \"wang\"}".to_vec(), 422),
        (b"{\"flow\": \"bad-debt\", \"form\": {}, \"period\": 3}".to_vec(), 422),
        (b"{\"flow\": \"bad-debt\", \"form\": {}, \"period\": \"2026-13\"}".to_vec(), 422),
        (b"{\"flow\": \"bad-debt\", \"form\": {\"amount\": 1e400}}".to_vec(), 400),
        (b"{\"flow\": \"../../etc/passwd\", \"form\": {}}".to_vec(), 404),
        (b"{\"flow\": \"bad-debt'; DROP TABLE instances; --\", \"form\": {}}".to_vec(), 404),
    ];
    for (body, status) in corpus {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let request = browser.wish(Method::POST, "/instances").header("Content-Type", "application/json").body(body);
        let answer = browser.send(request).await;
        assert_eq!(answer.status, status, "{shown}: {}", answer.text);
        assert!(!answer.detail().is_empty(), "{shown}");
    }
    assert_eq!(browser.get("/instances").await.expect(200).json()["items"], json!([]));
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "zhou").await;
    let body = json!({ "flow": "bad-debt", "form": { "facts": "长".repeat(400_000) } });
    assert_eq!(browser.post("/instances", body).await.expect(413).code(), "too_large");
    let file = vec![0_u8; 50 * 1024 * 1024 + 1];
    let request = browser.request(Method::POST, "/files?name=big.bin").body(file);
    assert_eq!(browser.send(request).await.expect(413).code(), "too_large");
    for key in ["", "with space", &"k".repeat(129)] {
        let request = browser.request(Method::POST, "/instances").json(&json!({})).header("Idempotency-Key", key);
        browser.send(request).await.expect(400);
    }
}

#[tokio::test]
async fn odd_queries_are_refused_or_harmless() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "zhou").await;
    for query in ["limit=-1", "limit=x", "state=all", "overdue=maybe", "sort=name", "after[]=1", "limit=1&limit=2"] {
        let answer = browser.get(&format!("/tasks?{query}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"), "{query}");
    }
    for query in ["q=%27%20OR%201=1--", "q=%25", "q=_", "q=%00", "after=%27", "status=x", "flow=%F0%9F%92%A9"] {
        let answer = browser.get(&format!("/instances?view=readable&{query}")).await;
        assert!(matches!(answer.status, 200 | 400 | 422), "{query}: {} {}", answer.status, answer.text);
        if answer.status == 200 {
            assert_eq!(answer.json()["items"], json!([]), "{query}");
        }
    }
    for after in ["x", "9999999999999999999:a:1", "%27"] {
        let status = browser.get(&format!("/tasks?after={after}")).await.status;
        assert!(matches!(status, 200 | 400 | 422), "{after}: {status}");
    }
}
