//! Notices by e-mail: to whom they concern, once, in their language, without a figure; and a mail server that hangs holds
//! nobody up.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, bad_debt, token};
use crate::house::{Place, free_port};
use crate::past::Past;
use crate::post::{Mail, PostOffice, silent_office, start};

fn founded() -> Place {
    let place = Place::sqlite();
    place.found("pharma");
    for login in ["zhou", "li", "wang", "chen"] {
        place.let_in("pharma", login);
    }
    place
}

/// What a request holds that no mail may carry.
const FIGURES: [&str; 5] = ["8000", "8,000", "甲医药公司", "138 0000", "下落不明"];

#[track_caller]
fn carries_no_figure(mails: &[Mail]) {
    for mail in mails {
        // An id is made of digits that may come out as any figure.
        let head: String = mail.head.lines().filter(|line| !line.to_lowercase().starts_with("message-id:")).collect();
        for figure in FIGURES {
            assert!(!mail.text.contains(figure) && !head.contains(figure), "{figure} is in\n{mail:#?}");
        }
    }
}

async fn submitted(by: &Browser) -> String {
    let answer = by.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Acts on the task that somebody holds.
async fn act(person: &Browser, id: &str, act: &str, mut body: Value) {
    let task = person.get(&format!("/instances/{id}")).await.expect(200).json()["my_tasks"][0].clone();
    body["version"] = task["version"].clone();
    person.post(&format!("/instances/{id}/tasks/{}/{act}", task["task"]), body).await.expect(200);
}

/// Lets everybody agree; the rest is done by the server.
async fn agree(url: &str, id: &str) {
    let finding = json!({ "cause": "customer_bankrupt", "voucher_no": "记-1", "booked_on": "2026-03-20" });
    for (login, word, body) in [
        ("li", "approve", json!({ "form": { "opinion": "属实" } })),
        ("wang", "approve", json!({})),
        ("chen", "fill", json!({ "data": finding })),
    ] {
        act(&Browser::of(url, "pharma", login).await, id, word, body).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_a_task_gets_a_notice() {
    let (place, post) = (founded(), PostOffice::open());
    let server = post.serve(&place);
    let id = submitted(&Browser::of(&server.url, "pharma", "zhou").await).await;
    let mail = post.until("li", "新待办").await;
    assert!(mail.head.contains("Message-ID: <"), "{}", mail.head);
    for part in ["李建国", "坏账申请", "周敏", &format!("{}/requests/{id}", server.url)] {
        assert!(mail.text.contains(part), "{part} is not in\n{}", mail.text);
    }
    carries_no_figure(&post.mails());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asked_hears_how_it_went_and_not_of_every_step() {
    let (place, post) = (founded(), PostOffice::open());
    let server = post.serve(&place);
    let zhou = Browser::of(&server.url, "pharma", "zhou").await;
    let li = Browser::of(&server.url, "pharma", "li").await;

    agree(&server.url, &submitted(&zhou).await).await;
    post.until("zhou", "申请已归档").await;
    assert_eq!(post.mails_to("zhou").len(), 1, "no step before was told");

    let sent_back = submitted(&zhou).await;
    act(&li, &sent_back, "return", json!({ "to": "initiator", "then": "direct", "comment": "金额 8000 有误" })).await;
    post.until("zhou", "您的申请被退回").await;
    act(&zhou, &sent_back, "resubmit", json!({ "form": { "facts": "已补充" } })).await;
    act(&li, &sent_back, "reject", json!({ "comment": "甲医药公司尚可追索" })).await;
    post.until("zhou", "申请已驳回（主管销售经理核准）").await;

    let withdrawn = submitted(&zhou).await;
    zhou.post(&format!("/instances/{withdrawn}/withdraw"), json!({})).await.expect(200);
    let last = submitted(&zhou).await;
    until_told_of(&post, &server.url, &last).await;
    assert_eq!(post.mails_to("zhou").len(), 3, "who withdraws knows: {:#?}", post.mails_to("zhou"));
    carries_no_figure(&post.mails());
}

/// Notices go out in order: what came before this request's has come.
async fn until_told_of(post: &PostOffice, url: &str, id: &str) {
    post.until("li", &format!("{url}/requests/{id}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reads_their_own_language() {
    let (place, post) = (founded(), PostOffice::open());
    speaks_english(&place, &["zhou", "li"]);
    let server = post.serve(&place);
    let zhou = Browser::of(&server.url, "pharma", "zhou").await;
    agree(&server.url, &submitted(&zhou).await).await;
    let told = post.until("zhou", "Request: Archived").await;
    assert!(told.text.contains("Flow: Bad-debt request"), "{}", told.text);
    post.until("li", "A new task for you").await;
    post.until("wang", "有一项新待办").await;
    carries_no_figure(&post.mails());
}

fn speaks_english(place: &Place, logins: &[&str]) {
    let pack = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/pharma");
    let people = std::fs::read_to_string(pack.join("people.csv")).unwrap();
    let line = |line: &str| match logins.iter().any(|login| line.starts_with(&format!("{login},"))) {
        true => line.strip_suffix(",zh").unwrap().to_owned() + ",en\n",
        false => format!("{line}\n"),
    };
    let file = place.folder().join("people.csv");
    std::fs::write(&file, people.lines().map(line).collect::<String>()).unwrap();
    place.console(&["import", "people", "--company", "pharma", &file.display().to_string()]);
}

/// A request of which the first step has been overdue for weeks; no server has seen it yet.
async fn overdue(place: &Place) -> String {
    let past = Past::open(place).await;
    let id = past.submit(30, "pharma", "zhou", &bad_debt("甲医药公司", "zhou")).await;
    past.close().await;
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_late_is_reminded_once_and_then_another_is_asked() {
    let (place, post) = (founded(), PostOffice::open());
    overdue(&place).await;
    let mut server = post.serve(&place);
    post.until("li", "有一项待办已逾期").await;
    post.until("zhao", "有一项逾期待办转请您处理").await;
    // Neither the next rounds of the worker nor the next start tell it again.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(tokio::task::spawn_blocking(move || server.terminate()).await.unwrap(), Some(0));
    let _again = post.serve(&place);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let count = |login: &str, says: &str| post.mails_to(login).iter().filter(|mail| mail.text.contains(says)).count();
    assert_eq!((count("li", "新待办"), count("li", "已逾期"), count("zhao", "转请您处理")), (1, 1, 1));
    assert_eq!(post.mails().len(), 3, "nobody else is told: {:#?}", post.mails());
    carries_no_figure(&post.mails());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_left_gets_no_mail_any_more() {
    let (place, post) = (founded(), PostOffice::open());
    overdue(&place).await;
    place.console(&["user", "deactivate", "li", "--company", "pharma", "--reason", "离职"]);
    let _server = post.serve(&place);
    post.until("zhao", "待办").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(post.mails_to("li"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_hangs_holds_no_request_up() {
    let place = founded();
    let (port, _silent) = silent_office();
    let server = start(&place, port);
    let zhou = Browser::of(&server.url, "pharma", "zhou").await;
    let id = submitted(&zhou).await;
    agree(&server.url, &id).await;
    let began = Instant::now();
    while zhou.get(&format!("/instances/{id}")).await.expect(200).json()["status"] != "archived" {
        assert!(began.elapsed() < Duration::from_secs(5), "machine steps wait for the mail server");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_was_given_up_on_is_listed_and_tried_again() {
    let place = founded();
    let admin = token(&place, "pharma", "admin");
    let past = Past::open(&place).await;
    let id = past.submit(0, "pharma", "zhou", &bad_debt("甲医药公司", "zhou")).await;
    past.give_up("connection refused").await;
    past.close().await;
    let mut server = place.serve(free_port());
    let admin = Browser::program(&server.url(), &admin);
    let parked = admin.get("/admin/messages").await.expect(200).json()["items"].as_array().unwrap().clone();
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert!(parked[0]["id"].as_str().unwrap().starts_with(&id), "it names its request");
    assert_eq!(
        (&parked[0]["what"]["zh"], &parked[0]["last_error"], &parked[0]["attempts"]),
        (&json!("邮件通知没有送达"), &json!("connection refused"), &json!(1))
    );
    let again = format!("/admin/messages/{}/retry", parked[0]["id"].as_str().unwrap().replace('/', "%2F"));
    admin.post(&again, json!({})).await.expect(204);
    assert_eq!(admin.get("/admin/messages").await.expect(200).json()["items"], json!([]));
    admin.post(&again, json!({})).await.expect(404);
    server.stop();
}
