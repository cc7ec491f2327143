//! Figures and words that stand nowhere else, and everything that the product shows one person, to look for them in.

use zhupi_app::{BalancesQuery, InboxQuery, InstancesQuery, Which};

use super::Firm;

/// What somebody is paid, as no other figure of these tests.
pub const PAY: [&str; 2] = ["91827364.55", "91,827,364.55"];
/// A form with pay at the top, in rows and in a file.
pub const FORM: &str = r#"{
  "title": "调薪", "type": "object", "required": ["name"],
  "properties": {
    "name": { "type": "string", "title": "事由" },
    "who": { "type": "string", "format": "person", "title": "员工" },
    "secret": { "type": "string", "title": "内部意见" },
    "opinion": { "type": "string", "format": "textarea", "title": "审批意见" },
    "base": { "type": "string", "format": "money", "title": "基本工资", "x-class": "pay" },
    "proof": { "type": "string", "format": "file", "title": "工资证明", "x-class": "pay" },
    "note": { "type": "string", "format": "file", "title": "内部附件" },
    "lines": { "type": "array", "title": "明细", "items": { "type": "object", "properties": {
      "what": { "type": "string", "title": "事项" },
      "pay": { "type": "string", "format": "money", "title": "工资", "x-class": "pay" } } } }
  } }"#;

/// Everything that the product shows one person of an instance, in one text.
pub async fn everything(firm: &Firm, who: &str, id: &str) -> String {
    let viewer = firm.viewer(who).await;
    let (app, now) = (&firm.app, firm.now());
    let mut seen = vec![];
    for done in [false, true] {
        let inbox = app.inbox(&viewer, InboxQuery { done, ..InboxQuery::default() }, now).await.unwrap();
        seen.push(serde_json::to_string(&inbox).unwrap());
    }
    for which in [Which::Readable, Which::Mine, Which::Handled] {
        let list = app.instances(&viewer, InstancesQuery { which, ..InstancesQuery::default() }).await.unwrap();
        seen.push(serde_json::to_string(&list).unwrap());
    }
    if let Ok(view) = app.instance(&viewer, id, now).await {
        seen.push(serde_json::to_string(&view).unwrap());
    }
    if let Ok(page) = app.timeline(&viewer, id, None, None).await {
        seen.push(serde_json::to_string(&page).unwrap());
    }
    for visit in 1..10 {
        if let Ok(explanation) = app.explanation(&viewer, id, visit).await {
            seen.push(serde_json::to_string(&explanation).unwrap());
        }
    }
    if let Ok(incidents) = app.incidents(&viewer, None).await {
        seen.push(serde_json::to_string(&incidents).unwrap());
    }
    let balances = app.balances(&viewer, BalancesQuery::default()).await.unwrap();
    seen.push(serde_json::to_string(&balances).unwrap());
    for balance in balances.items {
        let entries = app.balance_entries(&viewer, &balance.account, &balance.key, None).await.unwrap();
        seen.push(serde_json::to_string(&entries).unwrap());
    }
    seen.join("\n")
}

pub fn finds(seen: &str, canaries: &[&str]) -> bool {
    canaries.iter().any(|canary| seen.contains(canary))
}

/// The good pack with this flow over [`FORM`], and some people more.
pub async fn firm(flow: &str, more: &[(&str, &str)]) -> Firm {
    let firm = Firm::open().await;
    let files: Vec<_> =
        [("forms/raise.json", FORM), ("flows/raise.yaml", flow)].into_iter().chain(more.to_vec()).collect();
    firm.deploy(&files).await;
    firm.hire("id,name,login,roles,department\nroot,管理员,root,admin,firm\nsun,孙二,sun,salesperson,sales\n").await;
    firm
}
