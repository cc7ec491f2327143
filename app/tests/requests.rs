//! Requests from submission to archive, through every use case, on a real store.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::{Firm, form};
use zhupi_app::{AppError, InboxQuery, InstancesQuery, TaskAct, Which};
use zhupi_domain::InstanceId;
use zhupi_engine::Then;
use zhupi_store::{Change, Commit, Stream, Timer, WritePort as _};

fn code(result: Result<zhupi_app::Answer, AppError>) -> &'static str {
    result.err().map_or("ok", |error| error.problem().code)
}

#[tokio::test]
async fn a_request_is_carried_to_the_archive_and_everything_about_it_can_be_read() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.approve("zhao", &id).await.unwrap();
    firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
    firm.machines().await;

    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["status"], "archived");
    assert_eq!(seen["number"], "HZ-202603-0001");
    assert_eq!(seen["archive"]["copies"], json!(["业务部", "财务部", "存档"]));
    assert_eq!(seen["archive"]["keep_until"], "2036-03-04");
    let deduction = seen["results"].as_array().unwrap().iter().find(|result| result["name"] == "deduction").unwrap();
    let figures: Vec<(&str, &str)> = deduction["output"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (o["name"].as_str().unwrap(), o["value"].as_str().unwrap()))
        .collect();
    assert_eq!(figures, [("deducted", "0.00"), ("commission_paid", "0.00"), ("carried_forward", "2,400.00")]);

    let visit = u32::try_from(deduction["visit"].as_u64().unwrap()).unwrap();
    let explanation = firm.app.explanation(&firm.viewer("li").await, &id, visit).await.unwrap();
    let told = serde_json::to_string(&explanation.tree).unwrap();
    let sources = ["申请表「金额」", "「提成」记录没有记载，取默认值"];
    for part in ["bad-debt-rate", "D1 142", "2026-01-01", "\"line\":"].into_iter().chain(sources) {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    assert!(explanation.script.source.contains("fn main"));
}

#[tokio::test]
async fn the_inbox_says_what_it_is_about_and_why_me() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let inbox = firm.app.inbox(&firm.viewer("zhao").await, InboxQuery::default(), firm.now()).await.unwrap();
    let task = &inbox.items[0];
    assert_eq!((task.instance.as_str(), task.step.as_str(), inbox.counts.open), (id.as_str(), "sales-head", 1));
    assert_eq!(task.reason.as_ref().unwrap().zh, "担任主管销售经理");
    let highlights: Vec<_> = task.highlights.iter().map(|line| line.value.as_str()).collect();
    assert_eq!(highlights, ["甲医药公司", "8,000.00"]);
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let firm = Firm::open().await;
    let key = firm.key();
    let first = firm.try_submit("li", form("8000.00"), key.clone()).await.unwrap();
    let again = firm.try_submit("li", form("8000.00"), key.clone()).await.unwrap();
    assert_eq!(first, again);
    let mine = InstancesQuery { which: Which::Mine, ..InstancesQuery::default() };
    assert_eq!(firm.app.instances(&firm.viewer("li").await, mine).await.unwrap().items.len(), 1);

    let id = first.body["id"].as_str().unwrap().to_owned();
    let (task, version) = firm.task("zhao", &id).await;
    let zhao = firm.viewer("zhao").await;
    let act = || TaskAct::Approve {
        version,
        comment: None,
        form: Some([("opinion".to_owned(), json!("属实"))].into_iter().collect()),
    };
    let key = firm.key();
    let done = firm.app.act(&zhao, &id, task, act(), key.clone(), firm.now()).await.unwrap();
    let told = firm.app.act(&zhao, &id, task, act(), key.clone(), firm.now()).await.unwrap();
    assert_eq!(done, told, "a retry is told the same");
    let other = zhupi_app::RequestKey { request: zhupi_domain::ContentHash::ZERO, ..key };
    assert_eq!(code(firm.app.act(&zhao, &id, task, act(), other, firm.now()).await), "idempotency_key_reused");
    let late = firm.app.act(&zhao, &id, task, act(), firm.key(), firm.now()).await;
    let problem = late.err().unwrap().problem();
    assert_eq!(problem.code, "task_closed");
    assert!(problem.detail.zh.contains("赵二") && problem.detail.zh.contains("已同意"), "{}", problem.detail.zh);
}

#[tokio::test]
async fn what_is_missing_is_said_field_by_field_and_takes_no_number_for_nothing() {
    let firm = Firm::open().await;
    let wrong =
        [("customer_no".to_owned(), json!("K-1")), ("amount".to_owned(), json!("１００"))].into_iter().collect();
    let error = firm.try_submit("li", wrong, firm.key()).await.err().unwrap();
    let problem = error.problem();
    let places: Vec<_> = problem.errors.iter().map(|e| (e.pointer.as_str(), e.keyword.as_str())).collect();
    assert_eq!(places, [("/customer_name", "required"), ("/amount", "format")]);
    assert_eq!(problem.errors[0].message.zh, "请填写客户名称");
    let id = firm.submit("li").await;
    assert_eq!(firm.seen("li", &id).await["number"], "HZ-202603-0001");
}

#[tokio::test]
async fn rights_of_a_step_hold_on_the_server() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let approve = |form: Value| {
        let form = form.as_object().cloned();
        move |version| TaskAct::Approve { version, comment: None, form }
    };
    let missing = firm.act("zhao", &id, approve(json!({}))).await.err().unwrap().problem();
    assert_eq!((missing.code, missing.errors[0].pointer.as_str()), ("form_invalid", "/opinion"));
    let foreign = firm.act("zhao", &id, approve(json!({ "opinion": "好", "amount": "1.00" }))).await.err().unwrap();
    assert_eq!(foreign.problem().errors[0].pointer, "/amount");
    firm.act("zhao", &id, approve(json!({ "opinion": "好", "customer_no": "K-18" }))).await.unwrap();
    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["form"]["data"]["customer_no"], "K-18");
    let changed: Vec<&Value> = seen["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|e| e["changes"].as_array().into_iter().flatten())
        .collect();
    assert!(changed.iter().any(|change| change["before"] == "K-0017" && change["after"] == "K-18"));
}

#[tokio::test]
async fn who_has_no_part_in_it_learns_nothing_not_even_that_it_exists() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let fin = firm.viewer("fin").await;
    let not_yours = firm.app.instance(&fin, &id, firm.now()).await.err().unwrap().problem();
    let missing = "01890000-0000-7000-8000-000000000000";
    let not_there = firm.app.instance(&fin, missing, firm.now()).await.err().unwrap().problem();
    assert_eq!(not_yours, not_there);
    assert_eq!(not_yours.code, "not_found");
    assert!(firm.app.instances(&fin, InstancesQuery::default()).await.unwrap().items.is_empty());
    assert_eq!(firm.seen("shen", &id).await["status"], "running", "the auditor reads it");
    assert_eq!(firm.seen("zhao", &id).await["status"], "running", "and so does the head of the department");
}

#[tokio::test]
async fn sent_back_and_mended_it_comes_straight_back() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.approve("zhao", &id).await.unwrap();
    let back =
        |version| TaskAct::Return { version, to: "initiator".into(), then: Then::Direct, comment: "附证据".into() };
    firm.act("fin", &id, back).await.unwrap();
    firm.resubmit_with("li", &id, json!({ "facts": "附法院文书" })).await;
    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["waiting"][0]["people"][0]["name"], "方会计");

    // The amount decides whom it goes to on the way: what was decided by the old one is decided again.
    firm.act("fin", &id, back).await.unwrap();
    firm.resubmit_with("li", &id, json!({ "amount": "9000.00" })).await;
    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["waiting"][0]["people"][0]["name"], "赵二");
    let kinds = seen["timeline"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap());
    assert!(kinds.into_iter().any(|kind| kind == "walked_again"), "and the timeline says why");
}

#[tokio::test]
async fn a_condition_sends_large_amounts_past_the_general_manager() {
    let firm = Firm::open().await;
    let answer = firm.try_submit("li", form("50000.01"), firm.key()).await.unwrap();
    let id = answer.body["id"].as_str().unwrap().to_owned();
    firm.approve("zhao", &id).await.unwrap();
    assert_eq!(firm.seen("li", &id).await["waiting"][0]["people"][0]["name"], "郭总");
}

#[tokio::test]
async fn an_overdue_step_is_escalated_once() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.pass_hours(24 * 7);
    firm.timers().await;
    firm.timers().await;
    let seen = firm.seen("li", &id).await;
    let kinds: Vec<&str> = seen["timeline"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    for kind in ["overdue", "reminded", "escalated"] {
        assert_eq!(kinds.iter().filter(|k| **k == kind).count(), 1, "{kind} in {kinds:?}");
    }
    firm.act("gm", &id, |version| TaskAct::Approve {
        version,
        comment: None,
        form: Some([("opinion".to_owned(), json!("同意"))].into_iter().collect()),
    })
    .await
    .unwrap();
    assert_eq!(firm.seen("li", &id).await["waiting"][0]["people"][0]["name"], "方会计");
}

#[tokio::test]
async fn a_new_release_holds_for_new_requests_and_a_running_one_keeps_its_own() {
    let firm = Firm::open().await;
    let old = firm.submit("li").await;
    let mut files = support::files();
    let params = files.get_mut("params/credit.yaml").unwrap();
    *params = params.replace("value: 0.30", "value: 0.50");
    let deployed = firm.app.deploy(zhupi_app::Deployer::Console, files.clone(), firm.now()).await.unwrap();
    assert!(deployed.changed);
    assert!(
        !firm.app.deploy(zhupi_app::Deployer::Console, files, firm.now()).await.unwrap().changed,
        "the same content"
    );
    let new = firm.submit("li").await;
    let mut owed = Vec::new();
    for id in [&old, &new] {
        firm.approve("zhao", id).await.unwrap();
        firm.fill("fin", id, "handler_irresponsible").await.unwrap();
        firm.machines().await;
        let seen = firm.seen("li", id).await;
        let results = seen["results"].as_array().unwrap().clone();
        let deduction = results.iter().find(|result| result["name"] == "deduction").unwrap().clone();
        owed.push(deduction["output"][2]["value"].as_str().unwrap().to_owned());
    }
    assert_eq!(owed, ["2,400.00", "4,000.00"]);
}

#[tokio::test]
async fn what_is_worked_with_is_what_the_events_say_or_it_is_found() {
    let firm = Firm::open().await;
    for amount in ["8000.00", "90000.00"] {
        let answer = firm.try_submit("li", form(amount), firm.key()).await.unwrap();
        firm.approve("zhao", answer.body["id"].as_str().unwrap()).await.unwrap();
    }
    let id = InstanceId::new(firm.submit("li").await);
    let (store, company) = (firm.app.store(), &firm.company);
    let sound = firm.app.verify(company).await.unwrap();
    assert_eq!((sound.instances, sound.unlike), (3, Vec::new()));

    let task = store.tasks_of(company, &id).await.unwrap().remove(0);
    let timer = store.timers_of(company, &id).await.unwrap().remove(0);
    let mut stored = store.instance(company, &id).await.unwrap().unwrap();
    stored.summary.status = "archived".into();
    stored.state = stored.state.replace("8000", "8001");
    let (number, version) = (task.number, task.version);
    for (what, change) in [
        (vec!["待办与事件不符"], {
            let assignee = "person:gm".to_owned();
            let queued = Vec::new();
            Change::UpdateTask { instance: id.clone(), task: number, version, assignee, due_at: None, queued }
        }),
        (vec!["待办与事件不符", "定时与事件不符"], Change::DropTimer { instance: id.clone(), timer: timer.number }),
        (
            vec!["状态与事件不符", "列表中的信息与事件不符", "待办与事件不符", "定时与事件不符"],
            Change::PutInstance(Box::new(stored)),
        ),
    ] {
        let mut commit = Commit::new(company.clone());
        commit.changes.push(change);
        store.commit(commit).await;
        let found = firm.app.verify(company).await.unwrap().unlike;
        assert!(found.iter().all(|unlike| unlike.place == format!("instance {id}")));
        assert_eq!(found.iter().map(|unlike| unlike.what.text().zh).collect::<Vec<_>>(), what);
    }
}

#[tokio::test]
async fn two_who_act_at_once_are_both_told_the_truth() {
    let firm = std::sync::Arc::new(Firm::open().await);
    for _ in 0..20 {
        let id = firm.submit("li").await;
        let (task, version) = firm.task("zhao", &id).await;
        let approve = {
            let (firm, id) = (firm.clone(), id.clone());
            tokio::spawn(async move {
                let form = Some([("opinion".to_owned(), json!("好"))].into_iter().collect());
                let act = TaskAct::Approve { version, comment: None, form };
                firm.app.act(&firm.viewer("zhao").await, &id, task, act, firm.key(), firm.now()).await
            })
        };
        let withdraw = {
            let (firm, id) = (firm.clone(), id.clone());
            tokio::spawn(
                async move { firm.app.withdraw(&firm.viewer("li").await, &id, None, firm.key(), firm.now()).await },
            )
        };
        let (approved, withdrawn) = (approve.await.unwrap(), withdraw.await.unwrap());
        assert!(withdrawn.is_ok(), "the initiator may withdraw before and after the approval");
        if let Err(error) = approved {
            assert!(["instance_ended", "task_closed"].contains(&error.problem().code), "{error}");
        }
        assert_eq!(firm.seen("li", &id).await["status"], "withdrawn");
    }
}

#[tokio::test]
async fn a_timer_that_cannot_go_off_is_put_off_and_one_of_the_past_goes() {
    let firm = Firm::open().await;
    let id = InstanceId::new(firm.submit("li").await);
    let (store, company) = (firm.app.store(), &firm.company);
    let real = store.timers_of(company, &id).await.unwrap().remove(0);
    firm.pass_hours(24 * 7);
    let lost = Timer { instance: InstanceId::new("lost"), ..real.clone() };
    let past = Timer { number: real.number + 1_000_000, ..real };
    let mut commit = Commit::new(company.clone());
    commit.changes.extend([&lost, &past].map(|timer| Change::ArmTimer(timer.clone())));
    store.commit(commit).await;

    firm.app.fire_timer(&lost, firm.now()).await.unwrap_err();
    let later = store.timers_of(company, &lost.instance).await.unwrap().remove(0);
    assert_eq!(later.due_at, firm.now().plus_seconds(3_600));

    firm.app.fire_timer(&past, firm.now()).await.unwrap();
    assert!(store.timers_of(company, &id).await.unwrap().iter().all(|timer| timer.number != past.number));
}

#[tokio::test]
async fn a_timer_that_goes_off_before_its_time_waits_on() {
    let firm = Firm::open().await;
    let id = InstanceId::new(firm.submit("li").await);
    let timers = async || firm.app.store().timers_of(&firm.company, &id).await.unwrap();
    let armed = timers().await;
    // As when the clock was set back after the row was read.
    firm.app.fire_timer(&armed[0], firm.now()).await.unwrap();
    assert_eq!(timers().await, armed);
    firm.approve("zhao", id.as_str()).await.unwrap();
    assert!(timers().await.iter().all(|timer| timer.visit != armed[0].visit), "they die with their visit");
}

#[tokio::test]
async fn facts_that_no_event_tells_of_are_found() {
    let firm = Firm::open().await;
    let now = firm.now();
    let row = json!({ "salesperson": "li", "month": "2026-03", "amount": "3000.00" });
    let rows = vec![row.as_object().cloned().unwrap()];
    firm.app.import_facts(zhupi_app::Deployer::Console, &firm.company, "commission", rows, now).await.unwrap();
    let id = firm.submit("li").await;
    firm.approve("zhao", &id).await.unwrap();
    firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
    firm.machines().await;
    let (store, company) = (firm.app.store(), &firm.company);
    let facts = store.facts_of_company(company, None, 10).await.unwrap().items;
    assert_eq!(facts.len(), 2, "the imported one and the one that the request recorded");
    assert_eq!(firm.app.verify(company).await.unwrap().unlike, Vec::new());

    for (count, there) in facts.into_iter().enumerate() {
        let body = there.body.replace("00", "99");
        let (id, replaces) = (format!("{}x", there.id), Some(there.id.clone()));
        let correction = zhupi_store::Fact { id, body, replaces, kind: there.kind.clone(), ..there };
        let mut commit = Commit::new(company.clone());
        commit.changes.push(Change::RecordFact { fact: correction, keys: Default::default() });
        assert!(matches!(store.commit(commit).await, zhupi_store::CommitOutcome::Committed(_)));
        let found = firm.app.verify(company).await.unwrap().unlike;
        assert!(found.iter().all(|unlike| unlike.what.text().zh == "业务记录与事件不符"));
        assert_eq!(found.len(), count + 1, "{found:?}");
    }
}

#[tokio::test]
async fn an_import_whose_event_was_erased_is_nobodys_fault() {
    let firm = Firm::open().await;
    let row = json!({ "salesperson": "li", "month": "2026-03", "amount": "3000.00" });
    let rows = vec![row.as_object().cloned().unwrap()];
    let by = zhupi_app::Deployer::Console;
    firm.app.import_facts(by, &firm.company, "commission", rows, firm.now()).await.unwrap();
    let mut commit = Commit::new(firm.company.clone());
    let (by, rule) = ("console".to_owned(), "retention".to_owned());
    commit.changes.push(Change::ErasePayload { stream: Stream::Facts, number: 1, at: firm.now(), by, rule });
    let erased = firm.app.store().commit(commit).await;
    assert!(matches!(erased, zhupi_store::CommitOutcome::Committed(_)), "{erased:?}");
    assert_eq!(firm.app.verify(&firm.company).await.unwrap().unlike, Vec::new());
}
