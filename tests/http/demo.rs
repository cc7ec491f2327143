//! The demo: all example companies, weeks of history, and log-ins that work.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::browser::Browser;
use crate::house::free_port;

struct Demo {
    child: Child,
    url: String,
    /// Company, login and password of each line of the table.
    logins: Vec<[String; 3]>,
    took: Duration,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a demo and reads its table.
fn start(data: &std::path::Path) -> Demo {
    let began = Instant::now();
    let listen = format!("127.0.0.1:{}", free_port());
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhupi"));
    command.args(["demo", "--lang", "en", "--listen", &listen, "--data"]).arg(data);
    command.arg("--companies").arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("companies"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
    let mut logins = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        match words.as_slice() {
            [open, ..] if open == "open" => break,
            [company, login, password, ..] if company != "company" => {
                logins.push([company.clone(), login.clone(), password.clone()]);
            }
            _ => {}
        }
    }
    let url = format!("http://{listen}");
    while std::net::TcpStream::connect(&listen).is_err() {
        std::thread::sleep(Duration::from_millis(5));
    }
    Demo { child, url, logins, took: began.elapsed() }
}

#[tokio::test]
async fn a_demo_has_weeks_of_history_and_starts_at_once_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let demo = start(folder.path());
    assert!(demo.logins.len() >= 10, "{:?}", demo.logins);
    let mut open = 0;
    let mut people = BTreeMap::new();
    for [company, login, password] in &demo.logins {
        let browser = Browser::new(&demo.url);
        log_in(&browser, company, login, password).await;
        open += browser.get("/tasks").await.expect(200).json()["counts"]["open"].as_i64().unwrap();
        people.insert((company.as_str(), login.as_str()), browser);
    }
    assert!(open >= 5, "there is something to do: {open}");
    let auditor = &people[&("pharma", "shen")];
    let page = auditor.get("/instances?view=readable&limit=200").await.expect(200).json();
    let items = page["items"].as_array().unwrap();
    let mut statuses: Vec<&str> = items.iter().map(|item| item["status"].as_str().unwrap()).collect();
    statuses.sort();
    statuses.dedup();
    assert!(statuses.len() >= 4, "{statuses:?}");
    let days: BTreeSet<&str> = items.iter().map(|item| &item["started_at"].as_str().unwrap()[..10]).collect();
    assert!(days.len() >= 5, "{days:?}");
    let shows = auditor.get("/shows").await.expect(200).json();
    let flow =
        |name: &str| shows["flows"].as_array().unwrap().iter().find(|flow| flow["flow"] == name).unwrap().clone();
    let plans = flow("expense-plan");
    assert!(plans["examples"].as_array().unwrap().len() >= 3, "finished, running and rejected: {plans}");
    assert!(!shows["policies"].as_array().unwrap().is_empty());
    let accounts: Vec<_> = shows["accounts"].as_array().unwrap().iter().map(|of| of["account"].clone()).collect();
    assert!(
        accounts.contains(&"expense-budget".into()) && accounts.contains(&"credit-on-the-way".into()),
        "{accounts:?}"
    );
    let han = shows["logins"].as_array().unwrap().iter().find(|login| login["login"] == "han").unwrap();
    assert!(han["flows"].as_array().unwrap().contains(&"expense-claim".into()), "{han}");
    shows_what_only_some_may_do(&people).await;
    assert_eq!(auditor.get("/session").await.expect(200).json()["demo"], true);
    drop(demo);

    let again = start(folder.path());
    assert!(again.took < Duration::from_secs(5), "{:?}", again.took);
}

/// There are more people than passwords that one address may try at once: the rest wait as they are told.
async fn log_in(browser: &Browser, company: &str, login: &str, password: &str) {
    loop {
        let answer = browser.log_in(company, login, password).await;
        if answer.status != 429 {
            answer.expect(200);
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Fines on record, a pilot to open, and the firm's own days on its calendar.
async fn shows_what_only_some_may_do(people: &BTreeMap<(&str, &str), Browser>) {
    for (company, login, fined) in [("hospital", "wu", "gao"), ("pharma", "zheng", "sun"), ("logistics", "fan", "kong")]
    {
        let browser = &people[&(company, login)];
        let pilots = browser.get("/admin/pilots").await.expect(200).json();
        let pilot = &pilots["items"][0];
        assert_eq!(
            (pilot["masked"].as_bool(), pilot["created_by"]["id"].as_str()),
            (Some(false), Some(login)),
            "{pilots}"
        );
        let fines = browser.get("/balances?account=fines").await.expect(200).json();
        let mut rows = fines["items"].as_array().unwrap().iter();
        assert!(rows.any(|row| row["key"] == fined && row["posted"] != "0.00"), "{company}: {fines}");
    }
    let calendar = people[&("logistics", "fan")].get("/calendar?year=2026").await.expect(200).json();
    let own = calendar["days"].as_array().unwrap().iter().find(|day| day["own"] == true).cloned();
    assert_eq!(own.unwrap_or_default()["date"], "2026-11-08", "{calendar}");
}
