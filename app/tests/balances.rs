//! Nobody learns from the balances of accounts what is not theirs to know.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::canaries::{PAY, everything, finds, firm};
use support::{Firm, files};
use zhupi_app::{AppError, BalancesQuery};

/// Puts an amount on a budget that several share, and another on an account of pay.
const FLOW: &str = "
flow: raise
title: 调薪
form: raise
start: [ { by: [ role:salesperson ] } ]
subject: form.who
visible: [ role:auditor, role:general-manager ]
steps:
  - step: allot
    title: 记入
    post: { account: budget, of: form.name, amount: '1234567.50' }
  - step: pay
    title: 记入工资
    post: { account: paid, of: form.who, amount: form.base }
  - step: head
    title: 核准
    approve: { by: role:sales-head }
";

/// The accounts of the firm: finance reads all of the budget, and sees no pay.
async fn budgeted() -> Firm {
    let accounts = "accounts:\n  budget: { title: { zh: 预算, en: Budget }, of: { zh: 部门, en: Department }, floor: '0.00', \
                    visible: [role:finance] }\n  paid: { title: { zh: 已付, en: Paid }, of: { zh: 人员, en: Person }, class: pay }\n\
                    cases:";
    let company = files()["company.yaml"].replace("cases:", accounts);
    firm(FLOW, &[("company.yaml", &company)]).await
}

async fn raise(firm: &Firm, who: &str, of: &str) -> String {
    firm.start(who, "raise", json!({ "name": of, "who": who, "base": PAY[0] })).await
}

/// Account, key and what is free, as somebody sees it.
async fn seen(firm: &Firm, who: &str) -> Vec<(String, String, String)> {
    let view = firm.app.balances(&firm.viewer(who).await, BalancesQuery::default()).await.unwrap();
    view.items.into_iter().map(|one| (one.account, one.key, one.free)).collect()
}

async fn entries(firm: &Firm, who: &str, account: &str, key: &str) -> Result<Value, AppError> {
    let view = firm.app.balance_entries(&firm.viewer(who).await, account, key, None).await?;
    Ok(serde_json::to_value(view).unwrap())
}

fn line(account: &str, key: &str, free: &str) -> (String, String, String) {
    (account.into(), key.into(), free.into())
}

#[tokio::test]
async fn a_balance_is_seen_by_who_may_read_all_that_moved_it() {
    let firm = budgeted().await;
    raise(&firm, "li", "sales").await;
    let own = [line("budget", "sales", "1234567.50"), line("paid", "li", "＊＊＊")];
    assert_eq!(seen(&firm, "li").await, own, "li asked for both; what is paid is masked in every list");
    assert_eq!(seen(&firm, "sun").await, [], "a colleague has no part in it");
    raise(&firm, "sun", "sales").await;
    assert_eq!(seen(&firm, "li").await, [line("paid", "li", "＊＊＊")], "half of the budget is a colleague's now");
    assert_eq!(entries(&firm, "li", "budget", "sales").await.unwrap_err().problem().status, 404);
    assert_eq!(entries(&firm, "sun", "paid", "li").await.unwrap_err().problem().status, 404);
    for (who, account, key) in [("shen", "budget", "north"), ("fin", "budget", "north"), ("shen", "Budget", "sales")] {
        let nothing = entries(&firm, who, account, key).await.unwrap_err();
        assert_eq!(nothing.problem().status, 404, "{who} {account} {key}");
    }
}

#[tokio::test]
async fn who_the_account_names_reads_its_balances_but_not_the_requests() {
    let firm = budgeted().await;
    let id = raise(&firm, "li", "sales").await;
    assert_eq!(seen(&firm, "fin").await, [line("budget", "sales", "1234567.50")]);
    let of_finance = entries(&firm, "fin", "budget", "sales").await.unwrap();
    let entry = &of_finance["entries"]["items"][0];
    assert_eq!((&entry["posted"], &entry["free"]), (&json!("1234567.50"), &json!("1234567.50")));
    assert_eq!((&entry["request"], &entry["by"]), (&Value::Null, &Value::Null), "whose request it was is not said");
    assert_eq!((&of_finance["account"]["floor"], &of_finance["balance"]["label"]), (&json!("0.00"), &json!("销售部")));
    let of_auditor = entries(&firm, "shen", "budget", "sales").await.unwrap();
    let entry = &of_auditor["entries"]["items"][0];
    assert_eq!((&entry["request"]["id"], &entry["by"]["name"]), (&json!(id), &json!("李一")));
    assert_eq!(seen(&firm, "shen").await[1], line("paid", "li", PAY[0]), "an auditor sees pay");
}

#[tokio::test]
async fn amounts_of_an_account_of_pay_are_masked_wherever_they_are_told() {
    let firm = budgeted().await;
    let id = raise(&firm, "li", "sales").await;
    for who in ["gm", "fin", "root", "sun"] {
        assert!(!finds(&everything(&firm, who, &id).await, &PAY), "{who} may not know what li is paid");
    }
    // Who has to decide sees what they decide about.
    for who in ["li", "zhao", "shen"] {
        let said = everything(&firm, who, &id).await;
        assert!(said.contains("记入「已付」li 91,827,364.55 元"), "{who} is paid, or audits: {said}");
        assert!(said.contains("记入「预算」sales 1,234,567.50 元"), "{who}");
    }
    let gm = everything(&firm, "gm", &id).await;
    assert!(gm.contains("记入「已付」li ＊＊＊ 元") && gm.contains("记入「预算」sales 1,234,567.50 元"), "{gm}");
}

#[tokio::test]
async fn whoever_opens_what_is_kept_under_their_own_name_sees_it() {
    let firm = budgeted().await;
    raise(&firm, "li", "sales").await;
    let own = entries(&firm, "li", "paid", "li").await.unwrap();
    let entry = &own["entries"]["items"][0];
    assert_eq!((&own["balance"]["free"], &entry["posted"]), (&json!(PAY[0]), &json!(PAY[0])));
    // Who asked for somebody else's pay may read the request, but not what is kept under that name.
    firm.start("li", "raise", json!({ "name": "sales", "who": "sun", "base": PAY[0] })).await;
    let of_another = entries(&firm, "li", "paid", "sun").await.unwrap();
    assert!(!finds(&of_another.to_string(), &PAY), "{of_another}");
}

#[tokio::test]
async fn an_account_that_the_company_gave_up_keeps_its_secrets() {
    let firm = budgeted().await;
    raise(&firm, "li", "sales").await;
    firm.deploy(&[]).await;
    assert_eq!(seen(&firm, "li").await, [line("budget", "sales", "＊＊＊"), line("paid", "li", "＊＊＊")]);
    assert_eq!(seen(&firm, "fin").await, [], "nobody is named any more");
    assert_eq!(seen(&firm, "shen").await, [line("budget", "sales", "1234567.50"), line("paid", "li", PAY[0])]);
}
