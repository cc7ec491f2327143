//! Every route by every role, as it is written down beside this file, against what the server really answers.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, bad_debt, token};
use crate::house::{Place, free_port};

/// Written and reviewed by hand: a route without a line fails the test, and so does an answer that differs.
const MATRIX: &str = include_str!("matrix.txt");
/// `zhou` submitted the request, `li` holds its task, `liu` is a colleague without part in it, `shen` audits, `admin` looks
/// after people, releases and incidents, `sun` is of another company.
const ROLES: [&str; 7] = ["nobody", "zhou", "li", "liu", "shen", "admin", "sun"];

struct Row {
    method: String,
    path: String,
    statuses: Vec<String>,
}

fn rows() -> Vec<Row> {
    let lines = MATRIX.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let row = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Row { method: words.next().unwrap(), path: words.next().unwrap(), statuses: words.collect() }
    };
    lines.map(row).collect()
}

/// A body that asks for something that can be refused but, where it is not, does no harm to the rows after it.
fn body(method: &str, path: &str) -> Option<Value> {
    if method == "GET" || method == "DELETE" {
        return None;
    }
    Some(match path.rsplit('/').next().unwrap_or_default() {
        "session" => json!({ "company": "pharma" }),
        "setup" => json!({
            "token": "x", "company": { "id": "x", "name": "x" },
            "person": { "name": "x", "login": "x", "password": "a long enough one" },
        }),
        "language" => json!({ "language": "zh" }),
        "password" => json!({ "old": "not-the-password", "new": "a long enough one" }),
        "{token}" => json!({ "password": "a long enough one" }),
        "preview" => json!({ "form": {} }),
        "{key}" => json!({ "body": {} }),
        "instances" => json!({ "flow": "bad-debt", "form": {}, "period": "2026-03" }),
        "comments" => json!({ "text": "x" }),
        "withdraw" | "retry" | "password-reset" | "activate" => json!({}),
        "cancel" => json!({ "reason": "x" }),
        "substitutes" | "end" => json!({ "person": "nobody" }),
        "deactivate" => json!({ "reason": "" }),
        "approve" => json!({ "version": 99 }),
        "fill" => json!({ "version": 99, "data": {} }),
        "resubmit" => json!({ "version": 99, "form": {} }),
        "vote" => json!({ "version": 99, "ballot": "agree" }),
        "reject" => json!({ "version": 99, "comment": "x" }),
        "return" => json!({ "version": 99, "to": "initiator", "then": "direct", "comment": "x" }),
        "transfer" => json!({ "version": 99, "to": "wang" }),
        "import" if path.contains("facts") => json!({ "rows": [{ "salesperson": "" }] }),
        "import" if path.contains("calendar") => json!({ "days": "" }),
        "remove" => json!({}),
        "import" => json!({ "people": "id,name\n" }),
        "pilots" => json!({ "policy": "x", "candidate": { "files": {} }, "rows": { "csv": "" } }),
        "releases" => json!({ "files": {} }),
        _ => Value::Null,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_every_role_as_it_is_written() {
    let place = Place::sqlite();
    place.found("pharma");
    place.found("hospital");
    let tokens: Vec<(&str, String)> = ROLES[1..]
        .iter()
        .map(|role| (*role, token(&place, if *role == "sun" { "hospital" } else { "pharma" }, role)))
        .collect();
    let server = place.serve(free_port());
    let mut people = vec![Browser::new(&server.url())];
    people.extend(tokens.iter().map(|(_, token)| Browser::program(&server.url(), token)));
    let zhou = &people[1];
    let upload = zhou.request(Method::POST, "/files?name=a.txt").body("a");
    let file = zhou.send(upload).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let mut request = bad_debt("甲医药公司", "zhou");
    request["form"]["attachments"] = json!([file]);
    let id = zhou.post("/instances", request).await.expect(201).json()["id"].as_str().unwrap().to_owned();

    let mut differences = Vec::new();
    for Row { method, path, statuses } in rows() {
        let named = if path.starts_with("/files") {
            &file
        } else if path.contains("people") {
            "wu"
        } else {
            &id
        };
        let real =
            path.replace("{id}", named).replace("{task}", "1").replace("{visit}", "1").replace("{incident}", "1");
        let real = real.replace("{flow}", "bad-debt").replace("{key}", "start:bad-debt").replace("{token}", "guessed");
        let real = real.replace("{kind}", "commission").replace("{year}", "2027");
        let real = real.replace("{account}/entries", "fines/entries?key=zhou");
        let real = if path == "/files" { "/files?name=b.txt".to_owned() } else { real };
        let mut found = Vec::new();
        for person in &people {
            let request = person.wish(method.parse().unwrap(), &real);
            let request = if path.starts_with("/drafts") { request.header("If-Match", "\"77\"") } else { request };
            let request = match body(&method, &path) {
                Some(Value::Null) => request.body("b"),
                Some(body) => request.json(&body),
                None => request,
            };
            // A stream of events has no end to wait for.
            found.push(request.send().await.unwrap().status().as_u16().to_string());
        }
        if found != statuses {
            differences.push(format!("{method:<6} {path:<48} {}", found.join(" ")));
        }
    }
    assert!(differences.is_empty(), "these differ from matrix.txt (roles: {ROLES:?}):\n{}", differences.join("\n"));
}

#[tokio::test]
async fn every_route_of_the_description_has_a_line() {
    let place = Place::sqlite();
    let server = place.serve(free_port());
    let document = Browser::new(&server.url()).get("/openapi.json").await.expect(200).json();
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "post", "put", "delete"].contains(&key.as_str()))
        {
            described.insert(format!("{} {}", method.to_uppercase(), path.strip_prefix("/api/v1").unwrap()));
        }
    }
    let written: BTreeSet<String> = rows().iter().map(|row| format!("{} {}", row.method, row.path)).collect();
    assert_eq!(described.difference(&written).collect::<Vec<_>>(), [""; 0], "routes without a line in matrix.txt");
    assert_eq!(written.difference(&described).collect::<Vec<_>>(), [""; 0], "lines without a route");
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let row = rows()
                .into_iter()
                .find(|row| format!("/api/v1{}", row.path) == *path && row.method.to_lowercase() == *method);
            let open = row.is_some_and(|row| row.statuses.first().is_some_and(|status| status != "401"));
            assert_eq!(operation.get("security").is_none(), open, "{method} {path}: says whether it needs a session");
        }
    }
}
