//! People who leave and roles that are lost, while requests wait for them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::json;
use support::Firm;
use zhupi_app::{AppError, Denied, HAND_OVER};

/// Somebody who may deactivate people.
const ROOT: &str = "id,name,login,roles\nroot,管理员,root,admin\n";

#[tokio::test]
async fn who_leaves_hands_over_and_is_out_at_once() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.hire(ROOT).await;
    let root = firm.viewer("root").await;
    firm.app.deactivate(&root, "zhao", "离职", firm.now()).await.unwrap();
    firm.machines().await;
    let gone = firm.app.viewer(&firm.company, &zhupi_domain::PersonId::new("zhao"), firm.now()).await;
    assert!(gone.is_err(), "who has left cannot come back in");
    assert_eq!(firm.seen("li", &id).await["waiting"][0]["people"][0]["name"], "郭总", "the step's rule for nobody");
    firm.app.deactivate(&firm.viewer("root").await, "gm", "离职", firm.now()).await.unwrap();
    firm.machines().await;
    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["waiting"], json!([]));
    assert_eq!(seen["incidents"][0]["step_title"]["zh"], "主管销售经理核准", "nothing is approved by itself");
    let root = firm.viewer("root").await;
    assert_eq!(firm.app.incidents(&root, None).await.unwrap().items.len(), 1);
    firm.app.cancel(&root, &id, "无人处理，线下办结".into(), firm.key(), firm.now()).await.unwrap();
    assert_eq!(firm.seen("li", &id).await["status"], "cancelled");
    firm.hire("id,name,department,roles\nsun,孙三,sales,sales-head\n").await;
    let refused = firm.app.cancel(&root, &firm.submit("li").await, "好奇".into(), firm.key(), firm.now()).await;
    assert_eq!(
        refused.unwrap_err().problem().status,
        404,
        "what runs and is not theirs to read does not exist for them"
    );
}

#[tokio::test]
async fn who_is_back_before_their_tasks_were_handed_over_keeps_them() {
    let firm = Firm::open().await;
    firm.hire(ROOT).await;
    firm.app.deactivate(&firm.viewer("root").await, "zhao", "误操作", firm.now()).await.unwrap();
    firm.app.activate(&firm.viewer("root").await, "zhao", firm.now()).await.unwrap();
    let id = firm.submit("li").await;
    firm.machines().await;
    assert_eq!(firm.seen("li", &id).await["waiting"][0]["people"][0]["id"], "zhao");
    firm.approve("zhao", &id).await.unwrap();
}

#[tokio::test]
async fn who_has_left_stays_named_in_a_request_that_others_decide() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.hire(ROOT).await;
    firm.app.deactivate(&firm.viewer("root").await, "li", "离职", firm.now()).await.unwrap();
    firm.machines().await;
    firm.approve("zhao", &id).await.unwrap();
    assert_eq!(firm.seen("shen", &id).await["waiting"][0]["people"][0]["name"], "方会计");
}

#[tokio::test]
async fn who_loses_a_role_is_refused_at_once_and_the_new_holder_takes_over() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.hire("id,name,department,roles\nzhao,赵二,sales,\nsun,孙三,sales,sales-head\n").await;
    let refused = firm.approve("zhao", &id).await.unwrap_err().problem();
    assert_eq!((refused.status, refused.code), (403, "role_revoked"));
    firm.machines().await;
    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["waiting"][0]["people"][0]["name"], "孙三");
    let told: Vec<&str> =
        seen["timeline"].as_array().unwrap().iter().filter_map(|e| e["text"]["zh"].as_str()).collect();
    assert!(told.contains(&"处理人不再担任这一角色，待办收回"), "{told:?}");
    firm.approve("sun", &id).await.unwrap();
}

#[tokio::test]
async fn a_role_of_one_department_follows_who_moves() {
    let firm = Firm::open().await;
    let flow =
        support::files()["flows/bad-debt.yaml"].replace("by: role:sales-head,", "by: role:sales-head@initiator,");
    firm.deploy(&[("flows/bad-debt.yaml", &flow)]).await;
    firm.hire("id,name,department,roles\nzhao,赵二,sales,sales-head@sales\nsun,孙三,firm,sales-head@firm\n").await;
    let id = firm.submit("li").await;
    let waits_for = async || {
        let seen = firm.seen("li", &id).await;
        let people = seen["waiting"][0]["people"].as_array().unwrap().clone();
        people.iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(waits_for().await, ["孙三", "赵二"], "the department's own, and the one of those above it");
    firm.hire("id,name,department,roles,base_pay\nli,李一,firm,salesperson,8000.00\n").await;
    firm.machines().await;
    assert_eq!(waits_for().await, ["孙三"]);
}

#[tokio::test]
async fn what_was_given_up_on_is_seen_and_tried_again() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.hire(ROOT).await;
    let root = firm.viewer("root").await;
    firm.app.deactivate(&root, "zhao", "离职", firm.now()).await.unwrap();
    for shard in 0..16 {
        for message in firm.app.store().due_messages(shard, firm.now(), 100).await.unwrap() {
            if message.topic == HAND_OVER {
                firm.app.store().park_message(&firm.company, &message.id, "no room").await.unwrap();
            }
        }
    }
    firm.machines().await;
    assert_eq!(firm.seen("li", &id).await["waiting"][0]["people"][0]["id"], "zhao", "nobody took over");

    let parked = firm.app.parked(&root, None).await.unwrap().items;
    let told: Vec<_> = parked.iter().map(|one| (one.what.zh.as_str(), one.attempts, one.last_error.as_str())).collect();
    assert_eq!(told, [("赵二 手上的待办没有交接", 1, "no room")]);
    let li = firm.viewer("li").await;
    let refused = [
        firm.app.parked(&li, None).await.map(drop).unwrap_err(),
        firm.app.try_again(&li, &parked[0].id, firm.now()).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| matches!(error, AppError::Denied(Denied::Forbidden))), "{refused:?}");

    firm.app.try_again(&root, &parked[0].id, firm.now()).await.unwrap();
    let again = firm.app.try_again(&root, &parked[0].id, firm.now()).await;
    assert!(matches!(again, Err(AppError::Denied(Denied::NotFound))), "it is on its way: {again:?}");
    firm.machines().await;
    assert_eq!(firm.seen("li", &id).await["waiting"][0]["people"][0]["name"], "郭总");
    assert!(firm.app.parked(&root, None).await.unwrap().items.is_empty());
}
