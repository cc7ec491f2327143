//! Substitutes 代理 over HTTP, on both databases: named, acting, ended.

use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::{Browser, bad_debt};
use crate::house::{Place, Server, free_port};

crate::requests::on_both!(
    a_substitute_is_named_acts_and_is_out_when_it_ends,
    who_is_first_has_acted,
    a_spreadsheet_names_them
);

fn founded(place: &Place) -> Server {
    place.found("pharma");
    for login in ["zhou", "li", "sun", "chen"] {
        place.let_in("pharma", login);
    }
    place.serve(free_port())
}

async fn counts(browser: &Browser) -> i64 {
    browser.get("/tasks?state=open").await.expect(200).json()["counts"]["open"].as_i64().unwrap()
}

async fn submitted(browser: &Browser) -> String {
    let answer = browser.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201);
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn approval(task: &Value) -> Value {
    json!({ "version": task["version"], "comment": "同意", "form": { "opinion": "情况属实" } })
}

async fn a_substitute_is_named_acts_and_is_out_when_it_ends(place: &Place) {
    let server = founded(place);
    let (zhou, li, chen) = (
        Browser::of(&server.url(), "pharma", "zhou").await,
        Browser::of(&server.url(), "pharma", "li").await,
        Browser::of(&server.url(), "pharma", "chen").await,
    );
    let (id, other) = (submitted(&zhou).await, submitted(&zhou).await);
    chen.get(&format!("/instances/{id}")).await.expect(404);
    assert_eq!(counts(&chen).await, 0);

    let named = li.post("/substitutes", json!({ "person": "chen", "flows": ["bad-debt"] })).await.expect(200).json();
    assert_eq!((&named["mine"][0]["person"]["id"], &named["mine"][0]["active"]), (&json!("chen"), &json!(true)));
    assert_eq!(li.post("/substitutes", json!({ "person": "li" })).await.expect(422).code(), "substitute_self");
    assert_eq!(chen.post("/substitutes", json!({ "person": "li" })).await.expect(422).code(), "substitute_circle");
    assert_eq!(chen.get("/substitutes").await.expect(200).json()["for_others"][0]["person"]["id"], "li");

    assert_eq!((counts(&chen).await, counts(&li).await), (2, 2));
    let page = chen.get("/tasks?state=open").await.expect(200).json();
    assert_eq!(page["items"][0]["acts_for"]["name"], "李建国");
    let seen = chen.get(&format!("/instances/{id}")).await.expect(200).json();
    let task = &seen["my_tasks"][0];
    chen.post(&format!("/instances/{id}/tasks/{}/approve", task["task"]), approval(task)).await.expect(200);
    assert_eq!((counts(&chen).await, counts(&li).await), (1, 1));
    let timeline = zhou.get(&format!("/instances/{id}")).await.expect(200).json()["timeline"].clone();
    let done = timeline.as_array().unwrap().iter().find(|entry| entry["kind"] == "approved").unwrap();
    assert_eq!((&done["actor"]["person"]["name"], &done["acts_for"]["name"]), (&json!("陈慧"), &json!("李建国")));

    let mine = &named["mine"][0];
    let end = json!({ "person": "chen", "from": mine["from"], "flows": ["bad-debt"] });
    assert_eq!(li.post("/substitutes/end", end).await.expect(200).json()["mine"], json!([]));
    chen.get(&format!("/instances/{other}")).await.expect(404);
    assert_eq!(counts(&chen).await, 0);
    let reject = json!({ "version": 1, "comment": "不同意" });
    chen.post(&format!("/instances/{other}/tasks/1/reject"), reject).await.expect(404);
    assert_eq!(counts(&li).await, 1, "it was theirs all the time");
    drop(server);
    let told = place.console(&["verify", "--lang", "en"]);
    assert!(!told.contains("not those"), "{told}");
    let told = place.console(&["user", "history", "li", "--company", "pharma", "--lang", "zh"]);
    assert!(told.contains("指定代理人") && told.contains("结束代理") && told.contains("chen "), "{told}");
}

async fn who_is_first_has_acted(place: &Place) {
    let server = founded(place);
    let (zhou, sun) =
        (Browser::of(&server.url(), "pharma", "zhou").await, Browser::of(&server.url(), "pharma", "sun").await);
    let (li, chen) =
        (Browser::of(&server.url(), "pharma", "li").await, Browser::of(&server.url(), "pharma", "chen").await);
    li.post("/substitutes", json!({ "person": "chen" })).await.expect(200);
    for _ in 0..10 {
        let id = submitted(&zhou).await;
        let task = li.get(&format!("/instances/{id}")).await.expect(200).json()["my_tasks"][0].clone();
        let path = format!("/instances/{id}/tasks/{}/approve", task["task"]);
        let (one, two) = tokio::join!(li.post(&path, approval(&task)), chen.post(&path, approval(&task)));
        let told = [one.status, two.status];
        assert!([[200, 409], [409, 200]].contains(&told), "{told:?}: {} {}", one.text, two.text);
        let late = if one.status == 409 { &one } else { &two };
        assert_eq!(late.code(), "task_closed");
        let first = if one.status == 409 { "陈慧" } else { "李建国" };
        assert!(late.text.contains(first), "who decided is named: {}", late.text);
        // Once more, by who can no longer read the request; and by somebody it was never open to.
        assert_eq!(chen.post(&path, approval(&task)).await.expect(409).code(), "task_closed");
        sun.post(&path, approval(&task)).await.expect(404);
        let timeline = zhou.get(&format!("/instances/{id}")).await.expect(200).json()["timeline"].clone();
        let approvals = timeline.as_array().unwrap().iter().filter(|entry| entry["kind"] == "approved").count();
        assert_eq!(approvals, 1, "one acknowledged act a task");
    }
    tokio::time::sleep(Duration::from_millis(10)).await;
    drop(server);
    place.console(&["verify"]);
}

async fn a_spreadsheet_names_them(place: &Place) {
    place.found("pharma");
    let sheet = place.folder().join("substitutes.csv");
    let import = || {
        let mut command = place.zhupi();
        command.args(["import", "people", "--company", "pharma", "--lang", "zh", "--substitutes"]).arg(&sheet);
        let out = command.output().unwrap();
        let said = [&out.stdout[..], &out.stderr[..]].concat();
        (out.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    std::fs::write(&sheet, "person,substitute,from,until\nli,zhou,2026-13-01,\nli,li,,\n").unwrap();
    let (code, said) = import();
    assert!(code == Some(1) && said.contains("substitutes.csv:2:9") && said.contains("不是日期"), "{said}");
    assert!(said.contains("substitutes.csv:3:4") && said.contains("不能代理自己"), "{said}");
    std::fs::write(&sheet, "person,substitute,from,until\nli,chen,2026-01-01,2099-12-31\n").unwrap();
    assert_eq!(import().0, Some(0));
    for login in ["zhou", "chen"] {
        place.let_in("pharma", login);
    }
    let server = place.serve(free_port());
    submitted(&Browser::of(&server.url(), "pharma", "zhou").await).await;
    assert_eq!(counts(&Browser::of(&server.url(), "pharma", "chen").await).await, 1);
}
