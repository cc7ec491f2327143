//! A committee over HTTP: ballots in the words of packs, minutes by its chair, each ballot once, and what a check refuses.

use std::fs;
use std::path::PathBuf;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::house::{Place, Server, free_port};

/// A council: two members with one vote each and a chair with two, who decides ties.
const PACK: [(&str, &str); 7] = [
    (
        "company.yaml",
        r#"company: council
name: { zh: 评审公司, en: Council }
time_zone: Asia/Shanghai
roles:
  asker: { title: { zh: 申请人, en: Asker } }
  judge: { title: { zh: 评委, en: Judge } }
  chief: { title: { zh: 主任, en: Chief } }
committees:
  board:
    title: { zh: 评审委员会, en: Board }
    members: [ role:judge, { by: role:chief, weight: 2 } ]
    chair: role:chief
    casting: true
"#,
    ),
    (
        "flows/grant.yaml",
        r#"flow: grant
title: { zh: 经费申请, en: Grant }
form: grant
start: [ { by: role:asker } ]
check: { run: board.limit, with: { amount: form.amount } }
steps:
  - step: board
    title: { zh: 委员会表决, en: Board }
    vote: { by: committee:board, pass: more-than 1/2, minutes: required, into: ruling }
    on_reject: continue
"#,
    ),
    (
        "forms/grant.json",
        r#"{ "title": "经费", "x-en": { "title": "Grant" }, "type": "object", "required": [ "amount" ], "properties": {
  "amount": { "type": "string", "format": "money", "title": "金额", "x-en": { "title": "Amount" } } } }"#,
    ),
    (
        "policies/board/limit.yaml",
        r#"policy: board.limit
kind: decision
title: { zh: 上限, en: Limit }
inputs: { amount: { type: money, title: { zh: 金额, en: Amount } } }
outputs: { within: { type: bool, title: { zh: 未超上限, en: Within } } }
refusals: [ { code: above_limit, text: { zh: 单笔不得超过一百元, en: "No grant may exceed 100" } } ]
"#,
    ),
    (
        "policies/board/limit.rhai",
        "fn main(amount) {\n    if amount > 100 { refuse(\"above_limit\"); }\n    #{ within: true }\n}\n",
    ),
    (
        "people.csv",
        "id,name,login,email,department,post,roles,manager,language\n\
         an,安然,an,,office,职员,asker,,zh\nbo,薄一鸣,bo,,office,评委,judge,,zh\n\
         du,杜若,du,,office,评委,judge,,zh\ngu,顾小满,gu,,office,主任,chief,,zh\n",
    ),
    ("departments.csv", "id,name,parent,head\noffice,公司,,gu\n"),
];

fn founded(place: &Place) -> Server {
    let pack: PathBuf = place.folder().join("council");
    for (path, text) in PACK {
        let path = pack.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    place.found_with("council", &pack);
    ["an", "bo", "du", "gu"].iter().for_each(|login| place.let_in("council", login));
    place.serve(free_port())
}

/// Where a person's ballot goes, and what the vote shows them.
async fn ballot(person: &Browser, id: &str) -> (String, Value) {
    let page = person.get(&format!("/instances/{id}")).await.expect(200).json();
    let task = page["my_tasks"][0].clone();
    assert_eq!(task["actions"], json!(["vote"]), "{page}");
    (format!("/instances/{id}/tasks/{}/vote", task["task"]), task)
}

async fn cast(person: &Browser, id: &str, mut body: Value) -> Answer {
    let (path, task) = ballot(person, id).await;
    body["version"] = task["version"].clone();
    person.post(&path, body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_committee_votes_and_its_chair_keeps_the_minutes() {
    let place = Place::sqlite();
    let server = founded(&place);
    let log_in = async |login| Browser::of(&server.url(), "council", login).await;
    let (an, bo, du, gu) = (log_in("an").await, log_in("bo").await, log_in("du").await, log_in("gu").await);
    let wish = |amount: &str| json!({ "flow": "grant", "form": { "amount": amount } });
    let refused = an.post("/instances", wish("101.00")).await.expect(422);
    assert_eq!((refused.code().as_str(), refused.detail().as_str()), ("check_refused", "单笔不得超过一百元"));
    let id = an.post("/instances", wish("80.00")).await.expect(201).json()["id"].as_str().unwrap().to_owned();

    let (path, task) = ballot(&bo, &id).await;
    let open = json!({
        "rule": { "zh": "同意票超过 1/2 才通过", "en": "Passes with more than 1/2 of the votes" },
        "weight": 1, "cast": 0, "open": 4, "minutes": true, "leads": false, "chair": [{ "id": "gu", "name": "顾小满" }],
    });
    assert_eq!(task["vote"], open);
    let unknown = json!({ "version": task["version"], "ballot": "yes" });
    assert_eq!(bo.post(&path, unknown).await.expect(422).code(), "body_invalid");
    let stale = json!({ "version": 99, "ballot": "agree" });
    assert_eq!(bo.post(&path, stale).await.expect(409).code(), "task_changed");
    let others = json!({ "version": task["version"], "ballot": "agree" });
    assert_eq!(du.post(&path, others).await.expect(403).code(), "not_yours");
    let approval = path.replace("/vote", "/approve");
    let approved = bo.post(&approval, json!({ "version": task["version"] })).await.expect(409);
    assert_eq!(approved.code(), "not_at_this_step");

    // The same click twice is one ballot.
    let agreed = json!({ "version": task["version"], "ballot": "agree", "comment": "资料齐全" });
    let click = || bo.request(Method::POST, &path).header("Idempotency-Key", "one-click").json(&agreed);
    let (first, again) = (bo.send(click()).await.expect(200), bo.send(click()).await.expect(200));
    assert_eq!(first.text, again.text);
    let late = json!({ "version": task["version"], "ballot": "against" });
    assert_eq!(bo.post(&path, late).await.expect(409).code(), "task_closed");

    assert_eq!(cast(&gu, &id, json!({ "ballot": "agree" })).await.expect(422).code(), "minutes_required");
    let (_, task) = ballot(&gu, &id).await;
    assert_eq!((&task["vote"]["weight"], &task["vote"]["cast"]), (&json!(2), &json!(1)));
    assert_eq!(task["vote"]["leads"], json!(true), "the chair is told so");
    let ended = cast(&gu, &id, json!({ "ballot": "agree", "minutes": "全体委员讨论，同意。" })).await.expect(200);
    assert_eq!(ended.json()["status"], "completed");

    let page = an.get(&format!("/instances/{id}")).await.expect(200).json();
    let tally = json!({
        "passed": true, "unanimous": true, "yes": 3, "no": 0, "abstain": 0, "not_cast": 1, "members": 3,
    });
    assert_eq!((&page["results"][0]["kind"], &page["results"][0]["tally"]), (&json!("vote"), &tally));
    let minutes = json!([{ "by": { "id": "gu", "name": "顾小满" }, "text": "全体委员讨论，同意。" }]);
    assert_eq!(page["results"][0]["minutes"], minutes);
    let kept: Vec<&Value> =
        page["timeline"].as_array().unwrap().iter().filter_map(|entry| entry.get("minutes")).collect();
    assert_eq!(kept, [&json!("全体委员讨论，同意。")]);
    let board = &page["route"][1];
    assert_eq!(board["state"], "done");
    let mut states: Vec<&str> =
        board["people"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!((board["kind"].as_str(), states), (Some("vote"), vec!["cancelled", "voted_yes", "voted_yes"]));
    let said: Vec<&str> = page["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| ["voted", "decided"].contains(&entry["kind"].as_str().unwrap()))
        .map(|entry| entry["text"]["zh"].as_str().unwrap())
        .collect();
    assert_eq!(said, ["投赞成票", "投赞成票（2 票）", "票决通过（3 : 0 : 0）"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vote_that_fails_is_told_as_such() {
    let place = Place::sqlite();
    let server = founded(&place);
    let log_in = async |login| Browser::of(&server.url(), "council", login).await;
    let (an, bo, du, gu) = (log_in("an").await, log_in("bo").await, log_in("du").await, log_in("gu").await);
    let wish = json!({ "flow": "grant", "form": { "amount": "80.00" } });
    let id = an.post("/instances", wish).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    cast(&bo, &id, json!({ "ballot": "abstain" })).await.expect(200);
    cast(&gu, &id, json!({ "ballot": "against", "minutes": "风险过高。" })).await.expect(200);
    let page = an.get(&format!("/instances/{id}")).await.expect(200).json();
    let tally = &page["results"][0]["tally"];
    assert_eq!((&tally["passed"], &tally["no"], &tally["abstain"]), (&json!(false), &json!(2), &json!(1)), "{page}");
    // The flow goes on all the same, and who had not voted is asked no more.
    assert_eq!((&page["status"], &page["route"][1]["state"]), (&json!("completed"), &json!("declined")));
    let done = du.get("/tasks?state=done").await.expect(200).json();
    assert_eq!(done["items"][0]["outcome"]["zh"], "他人已处理");
}
