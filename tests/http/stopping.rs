//! Stopping, starting again, and deploying while people work.

use std::process::Command;
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

#[tokio::test]
async fn a_pack_is_deployed_while_people_work() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let admin = token(&place, "pharma", "admin");
    let server = place.serve(free_port());
    let zhou = Browser::of(&server.url(), "pharma", "zhou").await;
    let before = zhou.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201).json();
    let release = async |id: &serde_json::Value| {
        zhou.get(&format!("/instances/{}", id.as_str().unwrap())).await.expect(200).json()["release"].clone()
    };
    let first = release(&before["id"]).await;

    let pack = place.folder().join("pharma");
    copy(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/pharma"), &pack);
    let deploy = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhupi"));
        command.args(["deploy", "--format", "json", "--server", &server.url()]).arg(&pack);
        let output = command.env("ZHUPI_TOKEN", &admin).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, out, _) = deploy();
    assert_eq!(code, Some(0));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["changed"], json!(false));

    let flow = std::fs::read_to_string(pack.join("flows/bad-debt.yaml")).unwrap();
    std::fs::write(pack.join("flows/bad-debt.yaml"), flow.replace("due: 2 workdays", "due: 4 workdays")).unwrap();
    let (code, out, err) = deploy();
    assert_eq!(code, Some(0), "{err}");
    let deployed: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(deployed["changed"], true);
    let after = zhou.post("/instances", bad_debt("乙医药公司", "zhou")).await.expect(201).json();
    assert_eq!(release(&after["id"]).await, deployed["release"]);
    assert_eq!(release(&before["id"]).await, first, "what is on its way keeps its release");

    std::fs::write(pack.join("flows/bad-debt.yaml"), "flow: [").unwrap();
    let (code, _, err) = deploy();
    assert_eq!(code, Some(1), "{err}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
