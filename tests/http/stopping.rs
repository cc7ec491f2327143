//! Stopping, in time, and starting again.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::browser::{Browser, bad_debt, token};
use crate::house::{Place, free_port};
use crate::running::Running;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_told_to_stop_finishes_what_it_began() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let port = free_port();
    let mut server = Running::start_on(&place, port, |_| {});
    let url = format!("http://127.0.0.1:{port}");
    let zhou = std::sync::Arc::new(Browser::of(&url, "pharma", "zhou").await);
    let mut open_page = zhou.request(Method::GET, "/events").send().await.unwrap();
    let writer = tokio::spawn({
        let zhou = zhou.clone();
        async move {
            let mut acknowledged = 0;
            loop {
                let request = zhou.wish(Method::POST, "/instances").json(&bad_debt("甲医药公司", "zhou"));
                match request.send().await {
                    Ok(response) if response.status() == 201 => acknowledged += 1,
                    Ok(response) => panic!("{}", response.status()),
                    Err(_) => return acknowledged,
                }
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    let began = Instant::now();
    let code = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(code, Some(0));
    assert!(began.elapsed() < Duration::from_secs(5), "an open page does not hold it up: {:?}", began.elapsed());
    while let Ok(Some(_)) = open_page.chunk().await {}
    let acknowledged = writer.await.unwrap();
    assert!(acknowledged > 0);

    let mut server = Running::start_on(&place, port, |_| {});
    let zhou = Browser::of(&url, "pharma", "zhou").await;
    let mut found = 0;
    let mut after = String::new();
    loop {
        let page = zhou.get(&format!("/instances?limit=200{after}")).await.expect(200).json();
        found += page["items"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(found, acknowledged, "what was acknowledged is there, and nothing else");
    assert_eq!(server.terminate(), Some(0));
    place.console(&["verify"]);
}

/// What operators are promised, and a moment for the process to go.
const IN_TIME: Duration = Duration::from_millis(11_500);

#[test]
fn a_client_that_never_finishes_its_request_holds_a_stop_up_for_ten_seconds_at_most() {
    let place = Place::sqlite();
    let port = free_port();
    let mut server = Running::start_on(&place, port, |_| {});
    let mut slow = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let head = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"company\":"
    );
    slow.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    assert_eq!(server.terminate(), Some(0));
    assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_cannot_be_interrupted_does_not_outlive_a_stop() {
    let place = Place::sqlite();
    place.found("pharma");
    let admin = token(&place, "pharma", "admin");
    let mut server = Running::start(&place, |_| {});
    let program = Browser::program(&server.url, &admin);
    let request = program.request(Method::POST, "/admin/releases").json(&json!({ "files": endless() }));
    let reading = tokio::spawn(async move { request.send().await.is_ok() });
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!reading.is_finished(), "it is being read");
    let began = Instant::now();
    let code = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert_eq!(code, Some(0));
    assert!(began.elapsed() < IN_TIME, "{:?}", began.elapsed());
    place.console(&["verify"]);
}

/// A pack that takes long to be read: many large params.
fn endless() -> serde_json::Map<String, serde_json::Value> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/pharma");
    let mut files = serde_json::Map::new();
    let company = std::fs::read_to_string(folder.join("company.yaml")).unwrap();
    files.insert("company.yaml".into(), company.into());
    for file in 0..60 {
        let mut text = "params:\n".to_owned();
        for param in 0..2_400 {
            text += &format!(
                "  p{file}-{param}: {{ title: 参, type: rate, clause: D1, values: [ {{ from: 2020-01-01, value: 0.1 }} ] }}\n"
            );
        }
        files.insert(format!("params/p{file}.yaml"), text.into());
    }
    files
}
