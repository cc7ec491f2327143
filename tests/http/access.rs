//! Coming in, staying in, and being put out.

use reqwest::Method;
use serde_json::json;

use crate::browser::{Browser, token};
use crate::house::{PASSWORD, Place, free_port};
use crate::running::Running;

const SECOND: &str = "a second vermilion seal";

fn place() -> Place {
    let place = Place::sqlite();
    place.found("pharma");
    for login in ["li", "admin", "wang"] {
        place.let_in("pharma", login);
    }
    place
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    let place = place();
    let server = place.serve(free_port());
    let browser = Browser::new(&server.url());
    browser.put_cookie("zhupi", "planted-before-the-log-in");
    let answer = browser.log_in("pharma", "li", PASSWORD).await.expect(200);
    let session = &answer.cookies[0];
    for part in ["zhupi=", "; Path=/", "; HttpOnly", "; SameSite=Lax"] {
        assert!(session.contains(part), "{session}");
    }
    assert_ne!(browser.cookie("zhupi").as_deref(), Some("planted-before-the-log-in"));
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(browser.get("/session").await.expect(200).json()["person"]["id"], "li");

    let kept = browser.cookie("zhupi").unwrap();
    browser.delete("/session").await.expect(204);
    assert_eq!(browser.cookie("zhupi"), None);
    browser.put_cookie("zhupi", &kept);
    assert_eq!(browser.get("/session").await.expect(401).code(), "not_logged_in");
    browser.delete("/session").await.expect(204);
}

#[tokio::test]
async fn a_failed_log_in_says_nothing_and_repeated_ones_wait() {
    let place = place();
    let server = place.serve(free_port());
    let browser = Browser::new(&server.url());
    let mut told = Vec::new();
    for (company, login) in [("pharma", "li"), ("pharma", "nobody"), ("hospital", "li"), ("../etc", "li")] {
        told.push(browser.log_in(company, login, "not-the-password").await.expect(401).text);
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{told:?}");
    for _ in 0..4 {
        browser.log_in("pharma", "wang", "not-the-password").await.expect(401);
    }
    browser.log_in("pharma", "wang", "not-the-password").await.expect(401);
    let waits = browser.log_in("pharma", "wang", PASSWORD).await.expect(429);
    assert_eq!(waits.code(), "too_many_attempts");
    let seconds: u64 = waits.headers["retry-after"].parse().unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    browser.log_in("pharma", "wang", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_changed_password_puts_other_browsers_out() {
    let place = place();
    let server = place.serve(free_port());
    let (here, there) =
        (Browser::of(&server.url(), "pharma", "li").await, Browser::of(&server.url(), "pharma", "li").await);
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    for (old, new, code) in [
        ("wrong", SECOND, "password_wrong"),
        (PASSWORD, "short", "password_too_short"),
        (PASSWORD, "password123", "password_too_common"),
    ] {
        assert_eq!(here.put("/session/password", change(old, new)).await.expect(422).code(), code);
    }
    here.put("/session/password", change(PASSWORD, SECOND)).await.expect(204);
    here.get("/session").await.expect(200);
    there.get("/session").await.expect(401);
    Browser::new(&server.url()).log_in("pharma", "li", PASSWORD).await.expect(401);
}

#[tokio::test]
async fn a_link_from_an_administrator_works_once() {
    let place = place();
    let server = place.serve(free_port());
    let admin = Browser::of(&server.url(), "pharma", "admin").await;
    let link = admin.post("/admin/people/zhou/password-reset", json!({})).await.expect(200).json();
    let link = link["link"].as_str().unwrap();
    let secret = link.strip_prefix(&format!("{}/reset#", server.url())).expect("a link to this server");

    let zhou = Browser::new(&server.url());
    let path = format!("/password-resets/{secret}");
    let target = zhou.get(&path).await.expect(200).json();
    assert_eq!((&target["person"]["name"], &target["login"]), (&json!("周敏"), &json!("zhou")));
    assert_eq!(zhou.post(&path, json!({ "password": "12345678" })).await.expect(422).code(), "password_too_common");
    zhou.post(&path, json!({ "password": SECOND })).await.expect(200);
    assert_eq!(zhou.get("/session").await.expect(200).json()["person"]["id"], "zhou");
    for spent in [path.as_str(), "/password-resets/guessed"] {
        assert_eq!(zhou.get(spent).await.expect(410).code(), "link_expired");
        assert_eq!(zhou.post(spent, json!({ "password": PASSWORD })).await.expect(410).code(), "link_expired");
    }
    let li = Browser::of(&server.url(), "pharma", "li").await;
    li.post("/admin/people/zhou/password-reset", json!({})).await.expect(403);
    admin.post("/admin/people/nobody/password-reset", json!({})).await.expect(404);
}

#[tokio::test]
async fn who_is_deactivated_is_out_at_once() {
    let place = place();
    let program = token(&place, "pharma", "li");
    let server = place.serve(free_port());
    let (admin, li) =
        (Browser::of(&server.url(), "pharma", "admin").await, Browser::of(&server.url(), "pharma", "li").await);
    let program = Browser::program(&server.url(), &program);
    program.get("/session").await.expect(200);
    assert_eq!(
        admin.post("/admin/people/li/deactivate", json!({ "reason": " " })).await.expect(422).code(),
        "reason_required"
    );
    admin.post("/admin/people/li/deactivate", json!({ "reason": "离职" })).await.expect(204);
    li.get("/session").await.expect(401);
    program.get("/session").await.expect(401);
    Browser::new(&server.url()).log_in("pharma", "li", PASSWORD).await.expect(401);
    admin.post("/admin/people/li/activate", json!({})).await.expect(204);
    Browser::of(&server.url(), "pharma", "li").await;
}

#[tokio::test]
async fn tokens_of_programs_and_of_browsers_are_not_exchanged() {
    let place = place();
    let program = token(&place, "pharma", "li");
    let server = place.serve(free_port());
    let browser = Browser::of(&server.url(), "pharma", "li").await;
    let session = browser.cookie("zhupi").unwrap();
    Browser::program(&server.url(), &session).get("/session").await.expect(401);
    let thief = Browser::new(&server.url());
    thief.put_cookie("zhupi", &program);
    thief.get("/session").await.expect(401);
    for header in ["Bearer", "Bearer ", "Basic bGk6bGk=", "Bearer zhupi_guessed"] {
        let request = thief.request(Method::GET, "/session").header("Authorization", header);
        thief.send(request).await.expect(401);
    }
}

#[tokio::test]
async fn behind_https_cookies_are_for_this_host_alone() {
    let place = place();
    let server = Running::start(&place, |command| {
        command.arg("--secure");
    });
    let browser = Browser::new(&server.url);
    let answer = browser.log_in("pharma", "li", PASSWORD).await.expect(200);
    for cookie in &answer.cookies {
        assert!(
            cookie.starts_with("__Host-") && cookie.contains("; Secure") && cookie.contains("; Path=/"),
            "{cookie}"
        );
    }
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
    browser.get("/session").await.expect(200);
}

#[tokio::test]
async fn a_language_is_remembered() {
    let place = place();
    let server = place.serve(free_port());
    let li = Browser::of(&server.url(), "pharma", "li").await;
    li.put("/session/language", json!({ "language": "en" })).await.expect(204);
    assert_eq!(li.get("/session").await.json()["language"], "en");
    li.put("/session/language", json!({ "language": "fr" })).await.expect(422);
}

#[tokio::test]
async fn who_is_deactivated_from_the_console_hands_over_when_a_server_runs() {
    let place = place();
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let zhou = Browser::of(&server.url(), "pharma", "zhou").await;
    let sent = zhou.post("/instances", crate::browser::bad_debt("甲医药公司", "zhou")).await.expect(201).json();
    let path = format!("/instances/{}", sent["id"].as_str().unwrap());
    assert_eq!(zhou.get(&path).await.json()["waiting"][0]["people"][0]["id"], "li");
    drop(server);
    place.console(&["user", "deactivate", "li", "--company", "pharma", "--reason", "离职"]);

    let server = place.serve(free_port());
    Browser::new(&server.url()).log_in("pharma", "li", PASSWORD).await.expect(401);
    let zhou = Browser::of(&server.url(), "pharma", "zhou").await;
    let began = std::time::Instant::now();
    while zhou.get(&path).await.json()["waiting"][0]["people"][0]["id"] != "zhao" {
        assert!(began.elapsed().as_secs() < 10, "the deputy has it now");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
