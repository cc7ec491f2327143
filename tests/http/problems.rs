//! What everybody is told when it goes wrong, and the headers around every answer.

use reqwest::Method;

use crate::browser::Browser;
use crate::house::{Place, free_port};
use crate::running::Running;

#[tokio::test]
async fn problems_are_told_in_the_language_of_who_asks() {
    let place = Place::sqlite();
    let server = place.serve(free_port());
    let browser = Browser::new(&server.url());
    let told = async |accept: Option<&str>, method: Method, path: &str| {
        let request = browser.bare(method, path);
        let request = accept.iter().fold(request, |request, accept| request.header("Accept-Language", *accept));
        let answer = browser.send(request).await;
        (
            answer.status,
            answer.code(),
            answer.json()["title"].as_str().unwrap().to_owned(),
            answer.headers["content-language"].clone(),
        )
    };
    let zh = |status, code: &str, title: &str| (status, code.to_owned(), title.to_owned(), "zh-CN".to_owned());
    let en = |status, code: &str, title: &str| (status, code.to_owned(), title.to_owned(), "en".to_owned());
    let (get, patch) = (Method::GET, Method::PATCH);
    assert_eq!(told(None, get.clone(), "/api/v1/session").await, zh(401, "not_logged_in", "请先登录"));
    assert_eq!(told(Some("en-GB"), get.clone(), "/api/v1/session").await, en(401, "not_logged_in", "Log in first"));
    assert_eq!(told(Some("fr"), get.clone(), "/api/v1/nowhere").await, zh(404, "not_found", "没有找到"));
    assert_eq!(told(Some("en"), get.clone(), "/api/v2/session").await, en(404, "not_found", "Not found"));
    assert_eq!(told(None, get, "/api/v1").await, zh(404, "not_found", "没有找到"));
    let refused = told(Some("en"), patch, "/api/v1/session").await;
    assert_eq!(refused, en(405, "method_not_allowed", "This method is not for here"));
}

#[tokio::test]
async fn answers_protect_whoever_reads_them() {
    let place = Place::sqlite();
    let server = place.serve(free_port());
    let browser = Browser::new(&server.url());
    let page = browser.send(browser.bare(Method::GET, "/inbox").header("Accept", "text/html")).await.expect(200);
    assert!(page.headers["content-type"].starts_with("text/html"));
    let api = browser.get("/setup").await.expect(200);
    for answer in [&page, &api] {
        let header = |name: &str| answer.headers[name].as_str();
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header("x-request-id").len(), 36);
        assert!(!answer.headers.contains_key("server"));
    }
    let policy = &page.headers["content-security-policy"];
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(api.headers["cache-control"], "no-store");
    for missing in ["/assets/gone.js", "/seal.png", "/..%2f..%2fCargo.toml", "/.env"] {
        let answer = browser.send(browser.bare(Method::GET, missing).header("Accept", "text/html")).await;
        assert_eq!(answer.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn an_operator_sees_whether_all_is_well() {
    let place = Place::sqlite();
    let server = place.serve(free_port());
    let browser = Browser::new(&server.url());
    for path in ["/healthz", "/readyz"] {
        browser.send(browser.bare(Method::GET, path)).await.expect(200);
    }
    browser.get("/session").await.expect(401);
    let metrics = browser.send(browser.bare(Method::GET, "/metrics")).await.expect(200).text;
    let line = "zhupi_requests_count{method=\"GET\",route=\"/api/v1/session\",status=\"401\"} 1";
    assert!(metrics.lines().any(|found| found == line), "{metrics}");
    let far = browser.bare(Method::GET, "/metrics").header("X-Forwarded-For", "10.0.0.7");
    browser.send(far).await.expect(404);
    let document = browser.get("/openapi.json").await.expect(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/instances"]["post"]["requestBody"].is_object());
}

#[tokio::test]
async fn a_log_line_has_no_names_forms_or_secrets() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let log = place.folder().join("log");
    let server = Running::start(&place, |command| {
        command.env("ZHUPI_LOG__FORMAT", "json").env("ZHUPI_LOG__LEVEL", "debug");
        command.stderr(std::fs::File::create(&log).unwrap());
    });
    let browser = Browser::of(&server.url, "pharma", "zhou").await;
    let mut request = crate::browser::bad_debt("画眉鸟大药房\n注入一行", "zhou");
    request["form"]["amount"] = "91827364.55".into();
    browser.post("/instances", request).await;
    browser.log_in("pharma", "zhou", "canary-password-7").await.expect(401);
    browser.get("/people?q=canary-question").await.expect(200);
    drop(server);
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("/api/v1/instances"), "{log}");
    let session = browser.cookie("zhupi").unwrap();
    for secret in ["画眉鸟", "91827364", "canary", "周敏", session.as_str(), crate::house::PASSWORD, "138 0000"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    for line in log.lines().filter(|line| line.starts_with('{')) {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}
