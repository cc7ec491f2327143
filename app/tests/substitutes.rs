//! Substitutes 代理: named, acting beside whom they stand for, and gone the day it is over.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::{Firm, form};
use zhupi_app::{AppError, Deployer, InboxQuery, InstancesQuery, NOTICE, PeopleFiles, SubstituteWish, TaskAct, Which};
use zhupi_domain::{InstanceId, PersonId};
use zhupi_store::{Change, Commit, CommitOutcome, WritePort};

const ROOT: &str = "id,name,login,roles\nroot,管理员,root,admin\n";
const DAY: i64 = 24;

/// `gm 2026-03-03 2026-03-04 bad-debt`; `-` leaves a date open.
fn wish(text: &str) -> SubstituteWish {
    let mut words = text.split(' ');
    let person = words.next().unwrap().to_owned();
    let mut date = || words.next().filter(|word| *word != "-").map(|word| word.parse().unwrap());
    let (from, until) = (date(), date());
    SubstituteWish { person, from, until, flows: words.map(str::to_owned).collect() }
}

async fn name(firm: &Firm, who: &str, wished: &str) -> Result<(), AppError> {
    firm.app.name_substitute(&firm.viewer(who).await, None, &wish(wished), firm.now()).await
}

async fn code(firm: &Firm, who: &str, wished: &str) -> &'static str {
    name(firm, who, wished).await.unwrap_err().problem().code
}

/// What somebody's inbox holds, and how many it says there are.
async fn inbox(firm: &Firm, who: &str) -> (Vec<Value>, i64) {
    let view = firm.app.inbox(&firm.viewer(who).await, InboxQuery::default(), firm.now()).await.unwrap();
    let items = view.items.iter().map(|item| serde_json::to_value(item).unwrap());
    (items.collect(), view.counts.open)
}

async fn may_read(firm: &Firm, who: &str, id: &str) -> bool {
    firm.app.instance(&firm.viewer(who).await, id, firm.now()).await.is_ok()
}

#[tokio::test]
async fn a_substitute_sees_and_does_what_waits_for_whom_they_stand_for_and_both_are_told() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    assert!(!may_read(&firm, "gm", &id).await);
    name(&firm, "zhao", "gm - -").await.unwrap();

    let (items, open) = inbox(&firm, "gm").await;
    assert_eq!((items.len(), open), (1, 1));
    assert_eq!(items[0]["acts_for"]["name"], "赵二");
    assert_eq!(inbox(&firm, "zhao").await.1, 1, "it stays their own task");
    let seen = firm.seen("gm", &id).await;
    assert_eq!(seen["my_tasks"][0]["acts_for"]["id"], "zhao");
    assert!(seen["my_tasks"][0]["actions"].as_array().unwrap().contains(&json!("approve")));

    let (task, version) = firm.task("zhao", &id).await;
    firm.approve("gm", &id).await.unwrap();
    let seen = firm.seen("gm", &id).await;
    let done = seen["timeline"].as_array().unwrap().iter().find(|entry| entry["kind"] == "approved").unwrap();
    assert_eq!((&done["actor"]["person"]["id"], &done["acts_for"]["name"]), (&json!("gm"), &json!("赵二")));
    assert_eq!((inbox(&firm, "gm").await.1, inbox(&firm, "zhao").await.1), (0, 0));
    let act = TaskAct::Approve { version, comment: None, form: Some(form("1")) };
    let late = firm.app.act(&firm.viewer("zhao").await, &id, task, act, firm.key(), firm.now()).await;
    let problem = late.unwrap_err().problem();
    assert_eq!(problem.code, "task_closed");
    assert!(problem.detail.zh.contains("郭总"), "who was first is named: {}", problem.detail.zh);

    let done = InboxQuery { done: true, ..InboxQuery::default() };
    for (who, field, whose) in [("gm", "acts_for", "赵二"), ("zhao", "acted_by", "郭总")] {
        let view = firm.app.inbox(&firm.viewer(who).await, done.clone(), firm.now()).await.unwrap();
        assert_eq!(serde_json::to_value(&view.items[0]).unwrap()[field]["name"], whose);
        let handled = InstancesQuery { which: Which::Handled, ..InstancesQuery::default() };
        assert_eq!(firm.app.instances(&firm.viewer(who).await, handled).await.unwrap().items.len(), 1);
    }
    assert!(firm.app.store().verify(None).await.unwrap().is_sound());
    assert_eq!(firm.app.verify(&firm.company).await.unwrap().unlike, []);
}

#[tokio::test]
async fn who_writes_a_substitute_into_a_row_is_found() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let mut forged = Commit::new(firm.company.clone());
    forged.changes.push(Change::CloseTask {
        instance: InstanceId::new(id),
        task: 1,
        version: 1,
        outcome: "approved".into(),
        at: firm.now(),
        acted_by: Some("person:gm".into()),
    });
    assert!(matches!(firm.app.store().commit(forged).await, CommitOutcome::Committed(_)));
    let unlike = firm.app.verify(&firm.company).await.unwrap().unlike;
    assert!(unlike.iter().any(|unlike| unlike.what.text().zh == "代办人与事件不符"), "{unlike:?}");
}

#[tokio::test]
async fn it_begins_and_ends_by_the_date_alone() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    assert_eq!(firm.app.substitutes(&firm.viewer("li").await, None, firm.now()).await.unwrap().mine.len(), 0);
    name(&firm, "zhao", "gm 2026-03-05 2026-03-06").await.unwrap();
    assert!(!may_read(&firm, "gm", &id).await, "today is the 4th");
    firm.pass_hours(DAY);
    assert!(may_read(&firm, "gm", &id).await);
    firm.pass_hours(DAY);
    let (task, version) = firm.task("gm", &id).await;
    firm.pass_hours(DAY);
    assert!(!may_read(&firm, "gm", &id).await);
    assert_eq!(inbox(&firm, "gm").await, (vec![], 0));
    let act = TaskAct::Reject { version, comment: "晚了".into() };
    let late = firm.app.act(&firm.viewer("gm").await, &id, task, act, firm.key(), firm.now()).await;
    assert_eq!(late.unwrap_err().problem().status, 404);
}

#[tokio::test]
async fn ending_it_takes_the_sight_away_at_once_also_of_what_was_done() {
    let firm = Firm::open().await;
    let (first, second) = (firm.submit("li").await, firm.submit("li").await);
    name(&firm, "zhao", "gm - 2026-12-31").await.unwrap();
    firm.approve("gm", &first).await.unwrap();
    assert!(may_read(&firm, "gm", &first).await, "what they decided, while it lasts");
    let mine = firm.app.substitutes(&firm.viewer("zhao").await, None, firm.now()).await.unwrap().mine;
    let shown = wish(&format!("gm {} {}", mine[0].from.as_deref().unwrap(), mine[0].until.as_deref().unwrap()));
    firm.app.end_substitute(&firm.viewer("zhao").await, None, &shown, firm.now()).await.unwrap();
    assert!(!may_read(&firm, "gm", &first).await && !may_read(&firm, "gm", &second).await);
    assert_eq!(inbox(&firm, "gm").await.1, 0);
    firm.app.end_substitute(&firm.viewer("zhao").await, None, &shown, firm.now()).await.unwrap();
}

#[tokio::test]
async fn a_flow_that_was_not_named_stays_closed() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    assert_eq!(code(&firm, "zhao", "gm - - no-such-flow").await, "unknown_flow");
    name(&firm, "zhao", "gm - - plain").await.unwrap_err();
    firm.deploy(&[(
        "flows/other.yaml",
        &support::files()["flows/bad-debt.yaml"].replace("flow: bad-debt", "flow: other"),
    )])
    .await;
    name(&firm, "zhao", "gm - - other").await.unwrap();
    assert!(!may_read(&firm, "gm", &id).await);
    assert_eq!(inbox(&firm, "gm").await.1, 0);
    name(&firm, "zhao", "gm - - bad-debt").await.unwrap();
    assert_eq!(inbox(&firm, "gm").await.1, 1, "each once, whatever is named for it");
    let shown = firm.app.substitutes(&firm.viewer("gm").await, None, firm.now()).await.unwrap();
    assert_eq!(shown.for_others.len(), 2);
    assert_eq!(shown.for_others[0].person.name, "赵二");
}

#[tokio::test]
async fn nobody_decides_what_is_their_own_in_anothers_name() {
    let firm = Firm::open().await;
    firm.hire("id,name,department,roles\nli,李一,sales,salesperson\nsun,孙三,sales,salesperson\n").await;
    name(&firm, "zhao", "li - -").await.unwrap();
    let own = firm.submit("li").await;
    assert_eq!(inbox(&firm, "li").await, (vec![], 0), "it is not listed");
    assert_eq!(firm.seen("li", &own).await["my_tasks"], json!([]));
    let (task, version) = firm.task("zhao", &own).await;
    let opinion = || Some([("opinion".to_owned(), json!("属实"))].into_iter().collect());
    for act in [
        TaskAct::Approve { version, comment: None, form: opinion() },
        TaskAct::Reject { version, comment: "撤".into() },
        TaskAct::Transfer { version, to: "gm".into(), comment: None },
    ] {
        let refused = firm.app.act(&firm.viewer("li").await, &own, task, act, firm.key(), firm.now()).await;
        assert_eq!(refused.unwrap_err().problem().code, "own_request");
    }
    let others = firm.submit("sun").await;
    firm.approve("li", &others).await.unwrap();
}

const IN_ORDER: &str = "
flow: in-line
title: 依次审批
form: bad-debt
start: [ { by: role:salesperson } ]
steps:
  - step: heads
    title: 依次审批
    approve: { by: [ person:zhao, person:fin, person:gm ], decide: in-order }
    fields: { opinion: editable }
";

#[tokio::test]
async fn who_waits_for_their_own_turn_does_not_see_what_they_cannot_do_for_others() {
    let firm = Firm::open().await;
    firm.deploy(&[("flows/in-line.yaml", IN_ORDER)]).await;
    for substitute in ["gm", "cat"] {
        firm.hire(&format!("id,name\n{substitute},{substitute}\n")).await;
        name(&firm, "zhao", &format!("{substitute} - -")).await.unwrap();
    }
    name(&firm, "fin", "cat - -").await.unwrap();
    let submit = async || firm.start("li", "in-line", json!(form("8000.00"))).await;
    let id = submit().await;
    let (task, version) = firm.task("zhao", &id).await;
    let approve = || TaskAct::Approve { version, comment: None, form: None };
    let by =
        async |who: &str| firm.app.act(&firm.viewer(who).await, &id, task, approve(), firm.key(), firm.now()).await;
    assert_eq!(by("gm").await.unwrap_err().problem().code, "one_voice", "the third in line signs for themselves");
    assert_eq!(inbox(&firm, "gm").await, (vec![], 0), "so that it is not listed");
    assert_eq!(inbox(&firm, "cat").await.1, 1, "but for who is not in line");
    by("cat").await.unwrap();
    assert_eq!(inbox(&firm, "fin").await.1, 1);
    assert_eq!(inbox(&firm, "cat").await, (vec![], 0), "and who has signed for one does not for another");

    let other = submit().await;
    firm.hire(ROOT).await;
    firm.app.deactivate(&firm.viewer("root").await, "gm", "离职", firm.now()).await.unwrap();
    assert!(
        firm.app.verify(&firm.company).await.unwrap().unlike.is_empty(),
        "what is kept of the line is what the events say"
    );
    let agree = |version| TaskAct::Approve { version, comment: None, form: None };
    for who in ["zhao", "fin"] {
        firm.act(who, &other, agree).await.unwrap();
    }
    assert!(firm.app.verify(&firm.company).await.unwrap().unlike.is_empty());
}

#[tokio::test]
async fn what_came_back_to_its_initiator_is_not_their_substitutes_to_see() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    name(&firm, "li", "fin - -").await.unwrap();
    firm.send_back("zhao", &id).await;
    assert_eq!(inbox(&firm, "fin").await.1, 0);
    assert!(!may_read(&firm, "fin", &id).await);
}

#[tokio::test]
async fn who_cannot_be_named_is_told_why_and_nothing_changes() {
    let firm = Firm::open().await;
    firm.hire(ROOT).await;
    assert_eq!(code(&firm, "zhao", "zhao - -").await, "substitute_self");
    assert_eq!(code(&firm, "zhao", "nobody - -").await, "no_such_person");
    assert_eq!(code(&firm, "zhao", "gm - 2026-03-03").await, "substitute_over");
    assert_eq!(code(&firm, "zhao", "gm 2026-03-09 2026-03-08").await, "substitute_dates");
    name(&firm, "zhao", "gm - 2026-03-20").await.unwrap();
    name(&firm, "zhao", "gm 2026-03-04 2026-03-20").await.unwrap();
    assert_eq!(code(&firm, "zhao", "gm 2026-03-20 -").await, "substitute_twice");
    assert_eq!(code(&firm, "gm", "zhao 2026-03-20 -").await, "substitute_circle");
    name(&firm, "gm", "zhao 2026-03-21 -").await.unwrap();
    firm.app.deactivate(&firm.viewer("root").await, "fin", "离职", firm.now()).await.unwrap();
    assert_eq!(code(&firm, "zhao", "fin - -").await, "no_such_person");
    let shown = firm.app.substitutes(&firm.viewer("zhao").await, None, firm.now()).await.unwrap();
    assert_eq!((shown.mine.len(), shown.for_others.len()), (1, 1), "the same again is nothing new");
}

#[tokio::test]
async fn who_leaves_acts_for_nobody() {
    let firm = Firm::open().await;
    firm.hire(ROOT).await;
    let id = firm.submit("li").await;
    name(&firm, "zhao", "gm - -").await.unwrap();
    firm.app.deactivate(&firm.viewer("root").await, "gm", "离职", firm.now()).await.unwrap();
    let mine = firm.app.substitutes(&firm.viewer("zhao").await, None, firm.now()).await.unwrap().mine;
    assert!(!mine[0].active, "and whoever named them sees it");
    firm.approve("zhao", &id).await.unwrap();
}

#[tokio::test]
async fn administrators_name_for_others_but_never_themselves() {
    let firm = Firm::open().await;
    firm.hire(ROOT).await;
    let root = firm.viewer("root").await;
    let for_zhao = |person: &str| (Some("zhao"), wish(&format!("{person} - -")));
    let (of, own) = for_zhao("root");
    let refused = firm.app.name_substitute(&root, of, &own, firm.now()).await;
    assert_eq!(refused.unwrap_err().problem().code, "own_substitute");
    let (of, gm) = for_zhao("gm");
    firm.app.name_substitute(&root, of, &gm, firm.now()).await.unwrap();
    let foreign = firm.app.name_substitute(&firm.viewer("li").await, of, &gm, firm.now()).await;
    assert_eq!(foreign.unwrap_err().problem().status, 403);
    let files = PeopleFiles { substitutes: Some("person,substitute\nzhao,root\n".into()), ..PeopleFiles::default() };
    let refused = firm.app.import_people(Deployer::Person(&root), &firm.company, files, firm.now()).await;
    assert_eq!(refused.unwrap_err().problem().code, "own_substitute");

    let history = firm.app.person_history(&firm.company, &PersonId::new("zhao")).await.unwrap();
    let named = history.last().unwrap();
    assert_eq!((named.what.zh.as_str(), named.by.zh.as_str()), ("指定代理人", "管理员（root）"));
    let change = &named.changes[0];
    assert_eq!(
        (change.field.zh.as_str(), change.before.as_str(), change.after.as_str()),
        ("代理人", "", "gm 2026-03-04/..")
    );
    let theirs = firm.app.person_history(&firm.company, &PersonId::new("gm")).await.unwrap();
    assert_eq!(theirs.last().unwrap().what.zh, "指定代理人", "also in the history of who was named");
}

#[tokio::test]
async fn a_spreadsheet_says_who_acts_for_whom_or_is_refused_at_its_place() {
    let firm = Firm::open().await;
    let import = async |sheet: &str| {
        let files = PeopleFiles { substitutes: Some(sheet.to_owned()), ..PeopleFiles::default() };
        firm.app.import_people(Deployer::Console, &firm.company, files, firm.now()).await
    };
    let refused = async |rows: &str| match import(&format!("person,substitute,from,until,flows\n{rows}")).await {
        Err(AppError::SheetsInvalid(found)) => {
            found.iter().map(|one| format!("{} {}", one.place(), one.finding.code)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let wrong = "zhao,gmm,,,\nzhao,zhao,,,\nzhao,gm,3月2日,,\nzhao,gm,,,bad-dept\nzhao,,2026-03-02,,\n";
    let told = [
        "substitutes.csv:2:6 csv.unknown-person",
        "substitutes.csv:3:6 csv.own-substitute",
        "substitutes.csv:4:9 csv.date",
        "substitutes.csv:5:11 csv.unknown-flow",
        "substitutes.csv:6:1 csv.empty",
    ];
    assert_eq!(refused(wrong).await, told);
    assert_eq!(refused("zhao,gm,2026-03-05,2026-03-04,\n").await, ["substitutes.csv:2:20 csv.date-order"]);
    assert_eq!(refused("zhao,gm,,,\nzhao,gm,,,bad-debt\n").await, ["substitutes.csv:3:6 csv.twice"]);
    assert_eq!(refused("zhao,gm,,,\ngm,zhao,,,\n").await, ["substitutes.csv:3:4 csv.loop"]);

    import("person,substitute,until,flows\nzhao,gm,2026/12/31,bad-debt\nzhao,fin,,\nfin,gm,,\n").await.unwrap();
    let shown = async |who: &str| {
        let view = firm.app.substitutes(&firm.viewer(who).await, None, firm.now()).await.unwrap();
        view.mine.iter().map(|one| one.person.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(shown("zhao").await, ["fin", "gm"]);
    import("person,substitute\nzhao,gm\n").await.unwrap();
    assert_eq!(shown("zhao").await, ["gm"], "who is in the file has those of the file");
    assert_eq!(shown("fin").await, ["gm"], "and who is not keeps theirs");
    import("person,substitute\nzhao,\n").await.unwrap();
    assert_eq!(shown("zhao").await, [""; 0]);
    assert_eq!(import("person,substitute\nzhao,\n").await.unwrap().people, 0, "what holds already is no change");
}

#[tokio::test]
async fn mails_go_to_both_and_say_for_whom() {
    let firm = Firm::open().await;
    firm.hire("id,name,email\nzhao,赵二,zhao@example.com\ngm,郭总,gm@example.com\nli,李一,li@example.com\n").await;
    name(&firm, "zhao", "gm - 2026-03-04").await.unwrap();
    name(&firm, "zhao", "li - -").await.unwrap();
    firm.submit("li").await;
    let mails = async || {
        let mut mails = Vec::new();
        for shard in 0..16 {
            for message in firm.app.store().due_messages(shard, firm.now(), 100).await.unwrap() {
                if message.topic == NOTICE {
                    mails.extend(firm.app.notice(&message, "https://x/1", firm.now()).await.unwrap());
                }
            }
        }
        mails.into_iter().map(|mail| (mail.to, mail.subject)).collect::<Vec<_>>()
    };
    let subject = |what: &str| format!("[{what}] 坏账申请 HZ-202603-0001");
    let both = [
        ("zhao@example.com".to_owned(), subject("有一项新待办")),
        ("gm@example.com".to_owned(), subject("有一项新待办（代赵二）")),
    ];
    assert_eq!(mails().await, both, "and not to whom the request is of");
    firm.pass_hours(DAY);
    assert_eq!(mails().await, both[..1], "what is sent later goes to who acts then");
}
