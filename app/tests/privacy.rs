//! Nobody sees what is not theirs: canaries are looked for in every view of everybody who has no right to them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::Firm;
use support::canaries::{FORM, PAY, everything, finds, firm};
use zhupi_app::TaskAct;
use zhupi_domain::PersonId;

const CHANGED_PAY: [&str; 2] = ["91827364.56", "91,827,364.56"];
/// What a step hides.
const SECRET: [&str; 2] = ["CANARY-ONE", "CANARY-TWO"];

/// The head sees no `secret`; the initiator sees no `opinion`; finance reads by `visible`; the general manager decides last.
const FLOW: &str = "
flow: raise
title: 调薪
form: raise
start: [ { by: [ role:salesperson ] } ]
start_fields: { opinion: hidden }
visible: [ role:finance ]
highlights: [ name, secret, base, lines ]
steps:
  - step: head
    title: 核准
    approve: { by: role:sales-head }
    fields: { secret: hidden, note: hidden, opinion: required, lines: editable }
  - step: manager
    title: 总经理审批
    approve: { by: role:general-manager }
";

#[tokio::test]
async fn pay_inside_rows_is_masked_for_who_reads_and_for_who_decided_before() {
    let firm = firm(FLOW, &[]).await;
    let lines = |pay: &str| json!([{ "what": "一月", "pay": pay }]);
    let id = firm.start("li", "raise", json!({ "name": "一", "base": PAY[0], "lines": lines(PAY[0]) })).await;
    assert!(finds(&everything(&firm, "zhao", &id).await, &PAY), "who is asked to decide sees what they decide about");
    firm.send_back("zhao", &id).await;
    firm.resubmit_with("li", &id, json!({ "base": CHANGED_PAY[0], "lines": lines(CHANGED_PAY[0]) })).await;
    firm.approve_with("zhao", &id, json!({ "opinion": "好" })).await;
    let all: Vec<&str> = PAY.into_iter().chain(CHANGED_PAY).collect();
    for who in ["fin", "zhao", "root", "sun"] {
        assert!(!finds(&everything(&firm, who, &id).await, &all), "{who} has no right to see pay");
    }
    for who in ["li", "gm", "shen"] {
        assert!(finds(&everything(&firm, who, &id).await, &all), "{who} submitted it, decides about it or audits");
    }
    let fin = firm.seen("fin", &id).await;
    assert_eq!(fin["form"]["masked"], json!(["/base", "/lines/0/pay"]));
    let entries = fin["timeline"].as_array().unwrap();
    let changed = entries.iter().flat_map(|entry| entry["changes"].as_array().into_iter().flatten());
    let pointers: Vec<&str> = changed.map(|change| change["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/opinion"], "that only the pay changed is nothing that fin can see");
}

#[tokio::test]
async fn a_change_of_rows_is_told_by_column_and_without_what_is_masked() {
    let firm = firm(FLOW, &[]).await;
    let lines = |what: &str, pay: &str| json!([{ "what": what, "pay": pay }]);
    let id = firm.start("li", "raise", json!({ "name": "一", "lines": lines("一月", PAY[0]) })).await;
    firm.send_back("zhao", &id).await;
    firm.resubmit_with("li", &id, json!({ "lines": lines("二月", CHANGED_PAY[0]) })).await;
    let change = |seen: Value| {
        let entries = seen["timeline"].as_array().unwrap().clone();
        entries.iter().find_map(|entry| entry.get("changes").cloned()).unwrap()[0].clone()
    };
    let fin = change(firm.seen("fin", &id).await);
    assert_eq!(
        (&fin["before"], &fin["after"]),
        (&json!("事项：一月，工资：＊＊＊"), &json!("事项：二月，工资：＊＊＊"))
    );
    let li = change(firm.seen("li", &id).await);
    assert_eq!(li["after"], "事项：二月，工资：91,827,364.56");
}

#[tokio::test]
async fn what_a_step_hides_stays_hidden_from_who_acts_there_also_afterwards() {
    let firm = firm(FLOW, &[]).await;
    let id = firm.start("li", "raise", json!({ "name": "一", "secret": SECRET[0] })).await;
    let hidden = async |when: &str| {
        assert!(!finds(&everything(&firm, "zhao", &id).await, &SECRET), "{when}");
    };
    hidden("while the task is open").await;
    firm.send_back("zhao", &id).await;
    firm.resubmit_with("li", &id, json!({ "secret": SECRET[1] })).await;
    hidden("after it was changed").await;
    firm.approve_with("zhao", &id, json!({ "opinion": "好" })).await;
    hidden("after the task is closed").await;
    firm.approve_with("gm", &id, json!({})).await;
    hidden("after the end").await;
    for who in ["fin", "li", "gm", "shen"] {
        assert!(finds(&everything(&firm, who, &id).await, &SECRET), "nothing hides it from {who}");
    }
}

#[tokio::test]
async fn the_initiator_does_not_see_what_the_start_hides_unless_a_step_of_theirs_shows_it() {
    let firm = firm(FLOW, &[]).await;
    let id = firm.start("li", "raise", json!({ "name": "一" })).await;
    firm.approve_with("zhao", &id, json!({ "opinion": "CANARY-OPINION" })).await;
    assert!(!finds(&everything(&firm, "li", &id).await, &["CANARY-OPINION"]));
    assert!(finds(&everything(&firm, "fin", &id).await, &["CANARY-OPINION"]), "who reads by `visible` sees it");

    // Somebody who has both: the step that is opened to the initiator shows them what they decide about.
    firm.deploy(&[
        ("forms/raise.json", FORM),
        ("flows/raise.yaml", &FLOW.replace("role:sales-head", "role:salesperson")),
    ])
    .await;
    let id = firm.start("li", "raise", json!({ "name": "二" })).await;
    firm.approve_with("sun", &id, json!({ "opinion": "CANARY-OPINION" })).await;
    assert!(finds(&everything(&firm, "sun", &id).await, &["CANARY-OPINION"]));
}

#[tokio::test]
async fn a_file_opens_for_who_sees_its_field() {
    let firm = firm(FLOW, &[]).await;
    let upload = async |name: &str| {
        let mut upload = firm.app.upload(&firm.viewer("li").await, name, "text/plain", firm.now()).await.unwrap();
        upload.write(b"91827364.55").await.unwrap();
        upload.finish().await.unwrap().id.to_string()
    };
    let opens = async |who: &str, file: &str| firm.app.file(&firm.viewer(who).await, file).await.is_ok();
    let (proof, note) = (upload("工资.txt").await, upload("附件.txt").await);
    assert!(opens("li", &proof).await && !opens("zhao", &proof).await, "a file of no request is its uploader's");
    let id = firm.start("li", "raise", json!({ "name": "一", "proof": proof, "note": note })).await;
    for (who, sees_proof, sees_note) in [
        ("li", true, true),
        ("zhao", true, false),
        ("fin", false, true),
        ("shen", true, true),
        ("sun", false, false),
        ("gm", false, false),
    ] {
        assert_eq!((opens(who, &proof).await, opens(who, &note).await), (sees_proof, sees_note), "{who}");
    }
    firm.approve_with("zhao", &id, json!({ "opinion": "好" })).await;
    assert!(!opens("zhao", &proof).await, "the task is closed, and pay is not open to the role");
    assert!(opens("gm", &proof).await);
}

#[tokio::test]
async fn drafts_are_for_what_their_writer_may_send() {
    let firm = firm(FLOW, &[]).await;
    let id = firm.start("li", "raise", json!({ "name": "一" })).await;
    let (task, _) = firm.task("zhao", &id).await;
    let put = async |who: &str, key: String| {
        let saved = firm.app.put_draft(&firm.viewer(who).await, &key, &json!({}), None, firm.now()).await;
        saved.err().map_or("saved", |error| error.problem().code)
    };
    assert_eq!(put("li", "start:raise".into()).await, "saved");
    assert_eq!(put("fin", "start:raise".into()).await, "not_found", "finance starts no raise");
    assert_eq!(put("zhao", format!("task:{id}:{task}")).await, "saved");
    assert_eq!(put("fin", format!("task:{id}:{task}")).await, "not_found");
    assert_eq!(put("zhao", format!("task:{id}:99")).await, "not_found");
    assert_eq!(put("zhao", format!("task:{id}:0{task}")).await, "not_found", "one key for one task");
    assert_eq!(put("li", "diary".into()).await, "not_found");
    firm.act("zhao", &id, |version| TaskAct::Reject { version, comment: "否".into() }).await.unwrap();
    assert_eq!(put("zhao", format!("task:{id}:{task}")).await, "not_found", "the task is closed");
}

#[tokio::test]
async fn a_person_keeps_at_most_a_hundred_drafts_of_what_can_still_be_sent() {
    let firm = Firm::open().await;
    let flow = |number: usize| FLOW.replace("flow: raise", &format!("flow: raise{number}"));
    let mut files = vec![("forms/raise.json".to_owned(), FORM.to_owned())];
    files.extend((0..=100).map(|number| (format!("flows/raise{number}.yaml"), flow(number))));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    firm.deploy(&files).await;
    let put = async |key: &str| {
        let saved = firm.app.put_draft(&firm.viewer("li").await, key, &json!({}), None, firm.now()).await;
        saved.err().map_or("saved", |error| error.problem().code)
    };
    for number in 0..100 {
        assert_eq!(put(&format!("start:raise{number}")).await, "saved");
    }
    assert_eq!(put("start:raise100").await, "too_many_drafts");
    firm.deploy(&[]).await;
    assert_eq!(put("start:bad-debt").await, "saved", "what can be sent no more makes room");
    let kept = firm.app.store().drafts(&firm.company, &PersonId::new("li")).await.unwrap();
    assert_eq!(kept.len(), 1);
}
