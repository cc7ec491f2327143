//! What pages and lists show, and that they keep showing it: long histories, damaged neighbours, both languages.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::{Firm, form};
use zhupi_app::{InboxQuery, InstancesQuery, TaskAct, Which};
use zhupi_domain::InstanceId;
use zhupi_engine::Then;
use zhupi_store::{Change, Commit, CommitOutcome, NewEvent, Stream, WritePort as _};

async fn handled(firm: &Firm, who: &str, query: InstancesQuery) -> (Vec<String>, Option<String>) {
    let query = InstancesQuery { which: Which::Handled, ..query };
    let page = firm.app.instances(&firm.viewer(who).await, query).await.unwrap();
    (page.items.into_iter().map(|item| item.id).collect(), page.next)
}

#[tokio::test]
async fn handled_requests_are_those_that_i_decided_each_once() {
    let firm = Firm::open().await;
    let (one, two, open) = (firm.submit("li").await, firm.submit("li").await, firm.submit("li").await);
    firm.send_back("zhao", &one).await;
    firm.pass_hours(1);
    firm.approve("zhao", &two).await.unwrap();
    firm.pass_hours(1);
    let mended = form("9000.00");
    firm.act("li", &one, |version| TaskAct::Resubmit { version, comment: None, form: mended }).await.unwrap();
    firm.approve("zhao", &one).await.unwrap();
    firm.app.withdraw(&firm.viewer("li").await, &open, None, firm.key(), firm.now()).await.unwrap();

    assert_eq!(handled(&firm, "zhao", InstancesQuery::default()).await.0, [one.clone(), two.clone()]);
    assert_eq!(
        handled(&firm, "li", InstancesQuery::default()).await.0,
        [one.as_str()],
        "a task sent back to me counts"
    );
    assert!(handled(&firm, "fin", InstancesQuery::default()).await.0.is_empty(), "an open task is not done");
    let first = InstancesQuery { limit: Some(1), ..InstancesQuery::default() };
    let (page, next) = handled(&firm, "zhao", first.clone()).await;
    assert_eq!(page, [one.as_str()]);
    let (page, next) = handled(&firm, "zhao", InstancesQuery { after: next, ..first.clone() }).await;
    assert_eq!(page, [two.as_str()]);
    assert!(handled(&firm, "zhao", InstancesQuery { after: next, ..first }).await.0.is_empty());
    let number = firm.seen("zhao", &two).await["number"].as_str().unwrap().to_lowercase();
    let named = InstancesQuery { text: Some(number), ..InstancesQuery::default() };
    assert_eq!(handled(&firm, "zhao", named).await.0, [two.as_str()]);
    let ended = InstancesQuery { status: Some("withdrawn".into()), ..InstancesQuery::default() };
    assert!(handled(&firm, "zhao", ended).await.0.is_empty(), "what was taken back before I decided is not mine");
}

#[tokio::test]
async fn a_long_history_is_read_in_pages_and_hides_nothing_that_matters() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let li = firm.viewer("li").await;
    for number in 0..250 {
        firm.app.comment(&li, &id, format!("第 {number} 条"), firm.key(), firm.now()).await.unwrap();
    }
    firm.approve("zhao", &id).await.unwrap();
    firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
    firm.machines().await;
    let seen = firm.seen("li", &id).await;
    let shown = seen["timeline"].as_array().unwrap();
    assert_eq!((shown.len(), &shown[199]["kind"]), (200, &json!("ended")), "the last 200, oldest first");
    assert_eq!(seen["archive"]["copies"].as_array().unwrap().len(), 3);
    assert!(seen["results"].as_array().unwrap().iter().any(|result| result["name"] == "deduction"));
    let states: Vec<&Value> = seen["route"].as_array().unwrap().iter().map(|node| &node["state"]).collect();
    assert_eq!(states.iter().filter(|state| **state == "done").count(), 6, "{states:?}");

    let mut numbers: Vec<i64> = Vec::new();
    let mut before = None;
    loop {
        let page = firm.app.timeline(&li, &id, before, None).await.unwrap();
        let earlier: Vec<i64> = page.items.iter().map(|entry| entry.number).collect();
        numbers.splice(0..0, earlier);
        match page.next {
            Some(next) => before = Some(next.parse().unwrap()),
            None => break,
        }
    }
    assert!(numbers.is_sorted_by(|one, other| one < other) && numbers.len() > 250, "all of it, each once, in order");
    assert_eq!(numbers.first(), Some(&1));
    let few = firm.app.timeline(&li, &id, Some(10), Some(3)).await.unwrap();
    assert_eq!(few.items.iter().map(|entry| entry.number).collect::<Vec<_>>(), [7, 8, 9]);
}

#[tokio::test]
async fn a_change_before_the_page_is_still_what_a_later_change_is_compared_with() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.send_back("zhao", &id).await;
    let mended = form("9000.00");
    firm.act("li", &id, |version| TaskAct::Resubmit { version, comment: None, form: mended }).await.unwrap();
    firm.send_back("zhao", &id).await;
    let again = form("9500.00");
    firm.act("li", &id, |version| TaskAct::Resubmit { version, comment: None, form: again }).await.unwrap();
    let page = firm.app.timeline(&firm.viewer("li").await, &id, None, Some(4)).await.unwrap();
    let change = page.items.iter().find_map(|entry| entry.changes.first()).unwrap();
    assert_eq!((change.before.as_str(), change.after.as_str()), ("9,000.00", "9,500.00"));
}

/// Makes the state of an instance unreadable, and its events as well.
async fn damage(firm: &Firm, id: &str) {
    let store = firm.app.store();
    let instance = InstanceId::new(id);
    let mut stored = store.instance(&firm.company, &instance).await.unwrap().unwrap();
    stored.state = "?".into();
    let mut commit = Commit::new(firm.company.clone());
    commit.changes.push(Change::PutInstance(Box::new(stored)));
    commit.events.push(NewEvent {
        stream: Stream::Instance(instance),
        kind: "commented".into(),
        version: 99,
        actor: "person:li".into(),
        at: firm.now(),
        payload: "{}".into(),
    });
    let outcome = store.commit(commit).await;
    assert!(matches!(outcome, CommitOutcome::Committed(_)), "{outcome:?}");
}

#[tokio::test]
async fn one_damaged_request_does_not_take_the_lists_away() {
    let firm = Firm::open().await;
    firm.hire("id,name,login,roles\nroot,管理员,root,admin\n").await;
    firm.deploy(&[(
        "params/credit.yaml",
        &support::files()["params/credit.yaml"].replace("value: 0.30", "value: blank"),
    )])
    .await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = firm.submit("li").await;
        firm.approve("zhao", &id).await.unwrap();
        firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
        ids.push(id);
    }
    firm.machines().await;
    damage(&firm, &ids[1]).await;
    let root = firm.viewer("root").await;
    let incidents = firm.app.incidents(&root, None).await.unwrap().items;
    let texts: Vec<_> = incidents.iter().map(|incident| incident.text.zh.as_str()).collect();
    let waits = "政策参数尚未填写：坏账承担比例。填写参数、发布新版本并让在办申请改用新版本后，可以重试";
    assert_eq!(texts, [waits, "数据无法读取，请联系管理员", waits]);
    let list = firm.app.instances(&firm.viewer("li").await, InstancesQuery::default()).await.unwrap().items;
    assert_eq!(list.len(), 3);
    assert_eq!(list[1].status_text.zh, "数据无法读取，请联系管理员");
    let done = InboxQuery { done: true, ..InboxQuery::default() };
    assert_eq!(firm.app.inbox(&firm.viewer("fin").await, done, firm.now()).await.unwrap().items.len(), 3);
}

#[tokio::test]
async fn incidents_come_in_pages() {
    let firm = Firm::open().await;
    firm.hire("id,name,login,roles\nroot,管理员,root,admin\n").await;
    let company = support::files()["company.yaml"].clone();
    let flow =
        support::files()["flows/bad-debt.yaml"].replace(", on_self: manager, on_empty: role:general-manager", "");
    let nobody = flow.replace("by: role:sales-head, decide", "by: role:auditors, decide");
    let roles = company.replace("  auditor:", "  auditors: { title: 无人 }\n  auditor:");
    firm.deploy(&[("flows/bad-debt.yaml", &nobody), ("company.yaml", &roles)]).await;
    for _ in 0..53 {
        firm.submit("li").await;
    }
    let root = firm.viewer("root").await;
    let first = firm.app.incidents(&root, None).await.unwrap();
    let rest = firm.app.incidents(&root, first.next.as_deref()).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (50, 3, None));
    let nonsense = firm.app.incidents(&root, Some("nonsense")).await.err().unwrap().problem();
    assert_eq!(nonsense.code, "cursor_invalid");
}

#[tokio::test]
async fn an_explanation_says_how_its_policy_ended_and_what_was_assumed() {
    let firm = Firm::open().await;
    let file = "params/credit.yaml";
    let params = support::files()[file].clone();
    for (value, state, assumed) in [
        (
            "value: 0.30, status: assumed",
            "accepted",
            json!([{
                "param": "bad-debt-rate", "clause": "D1 142", "note": { "zh": "坏账承担比例", "en": "Share of a bad debt" },
            }]),
        ),
        ("value: blank", "incomplete", json!(null)),
    ] {
        firm.deploy(&[(file, &params.replace("value: 0.30", value))]).await;
        let id = firm.submit("li").await;
        firm.approve("zhao", &id).await.unwrap();
        firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
        firm.machines().await;
        let li = firm.viewer("li").await;
        let mut states = Vec::new();
        for visit in 1..6 {
            states.extend(firm.app.explanation(&li, &id, visit).await.ok().map(|explanation| explanation.state));
        }
        assert_eq!(states, [state]);
        let results = firm.seen("li", &id).await["results"].as_array().unwrap().clone();
        let deduction = results.iter().find(|result| result["name"] == "deduction");
        assert_eq!(deduction.map_or(&Value::Null, |result| &result["assumed"]), &assumed);
    }
}

#[tokio::test]
async fn dates_for_people_are_those_of_the_company() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let (task, version) = firm.task("zhao", &id).await;
    firm.approve("zhao", &id).await.unwrap();
    let act = TaskAct::Reject { version, comment: "否".into() };
    let late = firm.app.act(&firm.viewer("zhao").await, &id, task, act, firm.key(), firm.now()).await;
    assert_eq!(late.err().unwrap().problem().detail.zh, "赵二 · 已同意 · 2026-03-04 10:00");
    // 20:00 UTC is four in the morning of the next day in Shanghai.
    firm.pass_hours(18);
    firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
    firm.machines().await;
    assert_eq!(firm.seen("li", &id).await["archive"]["keep_until"], "2036-03-05");
}

#[tokio::test]
async fn a_year_without_calendar_is_said_where_it_is_waited_for() {
    let firm = Firm::open().await;
    firm.pass_hours(24 * 365 * 20);
    let id = firm.submit("li").await;
    let inbox = firm.app.inbox(&firm.viewer("zhao").await, InboxQuery::default(), firm.now()).await.unwrap();
    assert_eq!((inbox.items[0].due_at.as_ref(), inbox.items[0].no_calendar_year), (None, Some(2046)));
    let seen = firm.seen("zhao", &id).await;
    assert_eq!(seen["my_tasks"][0]["no_calendar_year"], 2046);
    assert_eq!(seen["route"][1]["no_calendar_year"], 2046);
}

const PLAIN: &str = r#"{
  "title": "试", "type": "object",
  "properties": {
    "salesperson": { "type": "string", "format": "person", "title": "经办业务员", "x-en": { "title": "Salesperson" } },
    "urgent": { "type": "boolean", "title": "加急" },
    "amount": { "type": "string", "format": "money", "title": "金额" },
    "parts": { "type": "integer", "title": "份数" },
    "cause": { "type": "string", "enum": ["a", "b"], "title": "原因",
               "x-labels": { "a": { "zh": "甲", "en": "Alpha" }, "b": { "zh": "乙", "en": "Beta" } } }
  } }"#;

const CHOICE: &str = "
flow: plain
title: 试
form: plain
start: [ { by: [ role:salesperson ] } ]
visible: [ role:auditor ]
highlights: [ urgent, cause, salesperson ]
steps:
  - step: head
    title: 核准
    approve: { by: head-of:form.salesperson, on_self: allow }
  - choose:
      - when: form.amount / form.parts > 1000
        title: 大额
        steps: [ { step: manager, title: 总经理审批, approve: { by: role:general-manager } } ]
      - otherwise: []
  - step: finance
    title: 财务
    approve: { by: role:finance }
";

#[tokio::test]
async fn values_and_reasons_are_words_that_people_use() {
    let firm = Firm::open().await;
    firm.deploy(&[("forms/plain.json", PLAIN), ("flows/plain.yaml", CHOICE)]).await;
    firm.hire("id,name,login,department,roles,language\nann,安,ann,sales,sales-head,en\n").await;
    let form = json!({ "salesperson": "li", "urgent": true, "cause": "b", "amount": "10.00", "parts": 1 });
    let id = firm.start("li", "plain", form).await;
    let shown = async |who: &str| {
        let inbox = firm.app.inbox(&firm.viewer(who).await, InboxQuery::default(), firm.now()).await.unwrap();
        let task = inbox.items.into_iter().find(|task| task.instance == id).unwrap();
        let values: Vec<String> = task.highlights.into_iter().map(|line| line.value).collect();
        (values, task.reason.unwrap())
    };
    let (values, reason) = shown("zhao").await;
    assert_eq!(values, ["是", "乙", "李一"]);
    assert_eq!(reason.zh, "是「经办业务员」（表单所填）的部门负责人");
    assert_eq!(reason.en.unwrap(), "Is the head of department of the person under “Salesperson” in the form");
    let to = "ann".to_owned();
    firm.act("zhao", &id, |version| TaskAct::Transfer { version, to, comment: None }).await.unwrap();
    assert_eq!(shown("ann").await.0, ["Yes", "Beta", "李一"], "in the language of the reader");
}

#[tokio::test]
async fn a_preview_shows_the_branch_that_the_form_decides() {
    let firm = Firm::open().await;
    firm.deploy(&[("forms/plain.json", PLAIN), ("flows/plain.yaml", CHOICE)]).await;
    let taken = async |form: Value| {
        let form = form.as_object().cloned().unwrap();
        let route = firm.app.preview(&firm.viewer("li").await, "plain", form, None, firm.now()).await.unwrap();
        let choose = route.route.iter().find(|node| node["type"] == "choose").unwrap();
        let branches = choose["branches"].as_array().unwrap().iter();
        branches.map(|branch| branch["taken"].as_bool()).collect::<Vec<_>>()
    };
    assert_eq!(taken(json!({ "amount": "5000.00", "parts": 2 })).await, [Some(true), Some(false)]);
    assert_eq!(taken(json!({ "amount": "500.00", "parts": 2 })).await, [Some(false), Some(true)]);
    assert_eq!(taken(json!({ "parts": 2 })).await, [None, None], "the amount is not filled in yet");
    assert_eq!(taken(json!({ "amount": "5.00", "parts": 0 })).await, [None, None], "nobody can say");
}

#[tokio::test]
async fn a_condition_that_cannot_be_evaluated_is_drawn_at_the_choice() {
    let firm = Firm::open().await;
    firm.deploy(&[("forms/plain.json", PLAIN), ("flows/plain.yaml", CHOICE)]).await;
    let id = firm.start("li", "plain", json!({ "salesperson": "li", "amount": "77.70", "parts": 0 })).await;
    firm.approve_with("zhao", &id, json!({})).await;
    let seen = firm.seen("zhao", &id).await;
    let route = seen["route"].as_array().unwrap();
    assert_eq!((&route[1]["state"], &route[2]["state"]), (&json!("done"), &json!("failed")));
    assert_eq!(route[2]["reason"]["zh"], "分支条件无法计算，等待管理员处理");
    assert_eq!(seen["incidents"][0]["step_title"]["zh"], "「核准」之后的条件分支");
}

#[tokio::test]
async fn a_comment_afterwards_does_not_move_the_end() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let back = |version| TaskAct::Return { version, to: "initiator".into(), then: Then::Direct, comment: "改".into() };
    firm.act("zhao", &id, back).await.unwrap();
    firm.app.withdraw(&firm.viewer("li").await, &id, None, firm.key(), firm.now()).await.unwrap();
    let ended = firm.seen("li", &id).await["ended_at"].clone();
    firm.pass_hours(24);
    firm.app.comment(&firm.viewer("li").await, &id, "谢谢".into(), firm.key(), firm.now()).await.unwrap();
    assert_eq!(firm.seen("li", &id).await["ended_at"], ended);
}
