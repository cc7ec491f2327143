//! What requests move on accounts, from the act that moves it to the proof that it was moved.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::json;
use support::{Firm, files};
use zhupi_app::{AppError, TaskAct};
use zhupi_domain::{InstanceId, Name};
use zhupi_store::{BalanceMove, Change, Commit, CommitOutcome, WritePort as _};

const FORM: &str = r#"{
  "title": "用款", "type": "object", "x-order": ["amount"], "required": ["amount"],
  "properties": { "amount": { "type": "string", "format": "money", "title": "金额", "x-min": "0.01" } }
}"#;
const FUND: &str = "
flow: fund
title: { zh: 下达预算, en: A budget is given }
form: spend
start: [ { by: [ role:salesperson ] } ]
steps: [ { step: give, title: { zh: 下达, en: Given }, post: { account: budget, of: '\"R-1\"', amount: form.amount } } ]
";
const SPEND: &str = "
flow: spend
title: { zh: 用款, en: Spending }
form: spend
start: [ { by: [ role:salesperson ] } ]
steps:
  - { step: hold, title: { zh: 占用, en: Held }, reserve: { account: budget, of: '\"R-1\"', amount: form.amount } }
  - { step: head, title: { zh: 审批, en: Head }, approve: { by: role:sales-head }, on_reject: end }
  - { step: spend, title: { zh: 支出, en: Spent }, post: { account: budget, of: '\"R-1\"', amount: 0 - form.amount } }
";

/// A firm with a budget line of 1,000.00.
async fn firm() -> Firm {
    firm_with("internal").await
}

/// The same, where the figures of the account are of a class.
async fn firm_with(class: &str) -> Firm {
    let firm = Firm::open().await;
    let accounts = format!(
        "accounts: {{ budget: {{ title: {{ zh: 预算, en: Budget }}, of: {{ zh: 预算行, en: Line }}, floor: '0.00', class: {class} }} }}\n"
    );
    let company = format!("{}{accounts}", files()["company.yaml"]);
    let changed = [
        ("company.yaml", &*company),
        ("forms/spend.json", FORM),
        ("flows/fund.yaml", FUND),
        ("flows/spend.yaml", SPEND),
    ];
    firm.deploy(&changed).await;
    firm.start("li", "fund", json!({ "amount": "1000.00" })).await;
    firm
}

async fn balance(firm: &Firm) -> (i64, i64) {
    let account = Name::new("budget").unwrap();
    let balance = firm.app.store().balance(&firm.company, &account, "R-1").await.unwrap();
    (balance.posted, balance.reserved)
}

/// What verify says of requests and of what is stored.
async fn findings(firm: &Firm) -> Vec<String> {
    let replayed = firm.app.verify(&firm.company).await.unwrap();
    let stored = firm.app.store().verify(Some(&firm.company)).await.unwrap().companies.remove(0);
    let unlike = replayed
        .unlike
        .iter()
        .map(|unlike| format!("{} {}", unlike.place, unlike.what.text().get(zhupi_domain::Locale::En)));
    unlike.chain(stored.findings.iter().map(|found| format!("{} {}", found.place, found.problem))).collect()
}

async fn write(firm: &Firm, change: Change) {
    let mut commit = Commit::new(firm.company.clone());
    commit.changes.push(change);
    assert!(matches!(firm.app.store().commit(commit).await, CommitOutcome::Committed(_)));
}

#[tokio::test]
async fn what_was_held_is_spent_or_given_back_and_all_of_it_is_proved() {
    let firm = firm().await;
    let held = firm.start("li", "spend", json!({ "amount": "600.00" })).await;
    assert_eq!(balance(&firm).await, (100_000, 60_000));
    firm.act("zhao", &held, |version| TaskAct::Approve { version, comment: None, form: None }).await.unwrap();
    assert_eq!(balance(&firm).await, (40_000, 0), "posting spends what was held");
    let refused = firm.start("li", "spend", json!({ "amount": "400.00" })).await;
    let reject = |version| TaskAct::Reject { version, comment: "不同意".into() };
    firm.act("zhao", &refused, reject).await.unwrap();
    let withdrawn = firm.start("li", "spend", json!({ "amount": "300.00" })).await;
    firm.pass_hours(1);
    firm.app.withdraw(&firm.viewer("li").await, &withdrawn, None, firm.key(), firm.now()).await.unwrap();
    assert_eq!(balance(&firm).await, (40_000, 0), "a rejected or withdrawn request holds nothing");
    assert_eq!(findings(&firm).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_no_event_moved_is_found() {
    let firm = firm().await;
    let id = firm.start("li", "spend", json!({ "amount": "600.00" })).await;
    let moved = |instance: &str, at, by: &str| {
        Change::MoveBalance(BalanceMove {
            account: Name::new("budget").unwrap(),
            key: "R-1".into(),
            posted: 0,
            reserved: 5,
            floor: None,
            instance: InstanceId::new(instance),
            at,
            by: by.into(),
        })
    };
    let unlike = format!("instance {id} what it moved on the balance budget/R-1 is not what its events say");
    write(&firm, moved(&id, firm.now(), "person:li")).await;
    assert_eq!(findings(&firm).await, std::slice::from_ref(&unlike));
    write(&firm, moved("nobodys", firm.now(), "person:li")).await;
    assert_eq!(findings(&firm).await, [unlike, "instance nobodys has no events".to_owned()]);
}

#[tokio::test]
async fn whoever_comes_second_for_the_last_of_a_budget_is_told_what_is_missing() {
    let firm = firm().await;
    firm.start("li", "spend", json!({ "amount": "600.00" })).await;
    let problem = second(&firm).await;
    assert_eq!((problem.status, problem.code), (409, "balance_short"));
    assert!(problem.detail.zh.contains("可用 400.00 元"), "{:?}", problem.detail);
    assert_eq!(balance(&firm).await, (100_000, 60_000));
    assert_eq!(findings(&firm).await, Vec::<String>::new());
}

/// Who asks for money need not be one who may see what others have taken of it.
#[tokio::test]
async fn what_is_left_of_an_account_of_pay_is_not_told_to_whoever_comes_second() {
    let firm = firm_with("pay").await;
    firm.start("li", "spend", json!({ "amount": "600.00" })).await;
    let problem = second(&firm).await;
    assert_eq!((problem.status, problem.code), (409, "balance_short"));
    assert_eq!(problem.detail, zhupi_domain::Text::new("「预算」余额不足", "“Budget” does not suffice"));
}

/// Asks for 600.00 where 400.00 is left.
async fn second(firm: &Firm) -> zhupi_app::Problem {
    let request = zhupi_app::NewRequest {
        flow: "spend".into(),
        form: json!({ "amount": "600.00" }).as_object().cloned().unwrap(),
        period: None,
        about: None,
    };
    let second: Result<_, AppError> = firm.app.submit(&firm.viewer("li").await, request, firm.key(), firm.now()).await;
    second.unwrap_err().problem()
}
