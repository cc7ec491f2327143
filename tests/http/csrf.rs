//! Writes that a foreign page makes a browser send.

use reqwest::Method;

use crate::browser::{Browser, bad_debt};
use crate::house::{Place, free_port};

#[tokio::test]
async fn what_a_foreign_page_sends_is_refused() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let url = server.url();
    let browser = Browser::of(&url, "pharma", "zhou").await;
    let own: [&[(&str, &str)]; 4] = [
        &[("Sec-Fetch-Site", "same-origin"), ("Origin", &url)],
        &[("Sec-Fetch-Site", "none")],
        &[("Origin", &url)],
        &[],
    ];
    let foreign: [&[(&str, &str)]; 7] = [
        &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "cross-site"), ("Origin", &url)],
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
        &[("Origin", "http://127.0.0.1.evil.example")],
    ];
    let submit = |headers: &[(&str, &str)]| {
        let request = browser.wish(Method::POST, "/instances").json(&bad_debt("甲医药公司", "zhou"));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    for headers in foreign {
        let answer = browser.send(submit(headers)).await.expect(403);
        assert_eq!(answer.code(), "cross_origin", "{headers:?}");
    }
    assert_eq!(browser.get("/instances").await.json()["items"].as_array().unwrap().len(), 0);
    for headers in own {
        browser.send(submit(headers)).await.expect(201);
    }
}

#[tokio::test]
async fn forms_of_foreign_pages_are_not_json() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "zhou").await;
    for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
        let body = bad_debt("甲医药公司", "zhou").to_string();
        let request = browser.request(Method::POST, "/instances").header("Content-Type", kind).body(body);
        assert_eq!(browser.send(request).await.expect(415).code(), "not_json");
    }
    browser.send(browser.request(Method::POST, "/instances")).await.expect(415);
}
