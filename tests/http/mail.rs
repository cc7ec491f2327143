//! Notices by e-mail: sent to whom they concern, without a figure; and a mail server that hangs holds nobody up.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::json;

use crate::browser::{Browser, bad_debt};
use crate::house::Place;
use crate::running::Running;

/// Mails that came, as they were written.
type Mails = Arc<Mutex<Vec<String>>>;

/// A mail server that takes everything.
fn post_office() -> (u16, Mails) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mails = Mails::default();
    let kept = mails.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = kept.clone();
            std::thread::spawn(move || take(stream, &kept));
        }
    });
    (port, mails)
}

fn take(mut stream: TcpStream, mails: &Mails) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    stream.write_all(b"220 office ESMTP\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let answer: &[u8] = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => b"250-office\r\n250 8BITMIME\r\n",
            "QUIT" => b"221 bye\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").ok()?;
                let mail: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                mails.lock().ok()?.push(mail.join("\n"));
                b"250 taken\r\n"
            }
            _ => b"250 ok\r\n",
        };
        stream.write_all(answer).ok()?;
    }
    Some(())
}

/// A mail server that takes connections and never says a word.
fn silent_office() -> (u16, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (listener.local_addr().unwrap().port(), listener)
}

fn start(place: &Place, port: u16) -> Running {
    Running::start(place, |command| {
        command.env("ZHUPI_SMTP__HOST", "127.0.0.1").env("ZHUPI_SMTP__PORT", port.to_string());
        command.env("ZHUPI_SMTP__TLS", "none").env("ZHUPI_SMTP__FROM", "朱批 <oa@huakang.example>");
    })
}

fn founded() -> Place {
    let place = Place::sqlite();
    place.found("pharma");
    for login in ["zhou", "li", "wang", "chen"] {
        place.let_in("pharma", login);
    }
    place
}

/// Waits until something is so.
async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !so().await {
        assert!(began.elapsed() < Duration::from_secs(15), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_a_task_gets_a_notice() {
    let place = founded();
    let (port, mails) = post_office();
    let server = start(&place, port);
    let zhou = Browser::of(&server.url, "pharma", "zhou").await;
    let submitted = zhou.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201).json();
    until("a notice comes", async || !mails.lock().unwrap().is_empty()).await;
    let mail = mails.lock().unwrap()[0].clone();
    let (head, body) = mail.split_once("\n\n").unwrap();
    assert!(head.contains("To: li@huakang.example") && head.contains("Message-ID: <"), "{head}");
    let body = base64::engine::general_purpose::STANDARD.decode(body.replace('\n', "")).unwrap();
    let body = String::from_utf8(body).unwrap();
    let link = format!("{}/requests/{}", server.url, submitted["id"].as_str().unwrap());
    for part in ["李建国", "坏账申请", "周敏", &link] {
        assert!(body.contains(part), "{part} is not in\n{body}");
    }
    for figure in ["8000", "8,000", "甲医药公司", "138 0000"] {
        assert!(!body.contains(figure), "{figure} is in\n{body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_hangs_holds_no_request_up() {
    let place = founded();
    let (port, _silent) = silent_office();
    let server = start(&place, port);
    let log_in = async |login| Browser::of(&server.url, "pharma", login).await;
    let (zhou, li, wang, chen) = (log_in("zhou").await, log_in("li").await, log_in("wang").await, log_in("chen").await);
    let id = zhou.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let data = json!({ "cause": "customer_bankrupt", "voucher_no": "记-1", "booked_on": "2026-03-20" });
    for (person, act, body) in [
        (&li, "approve", json!({ "form": { "opinion": "属实" } })),
        (&wang, "approve", json!({})),
        (&chen, "fill", json!({ "data": data })),
    ] {
        let task = person.get(&format!("/instances/{id}")).await.expect(200).json()["my_tasks"][0].clone();
        let mut body = body;
        body["version"] = task["version"].clone();
        person.post(&format!("/instances/{id}/tasks/{}/{act}", task["task"]), body).await.expect(200);
    }
    let began = Instant::now();
    until("machine steps are done", async || {
        zhou.get(&format!("/instances/{id}")).await.expect(200).json()["status"] == "archived"
    })
    .await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
