//! Nobody learns from the answers of policies what is not theirs to know.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::Firm;
use support::canaries::{FORM, PAY, everything, finds, firm};
use zhupi_domain::Name;
use zhupi_store::{Change, Commit, Fact, NewEvent, Stream, WritePort as _};

/// A step computes with the pay of the form, handed on under a harmless name.
const COMPUTED: &str = "
flow: raise
title: 调薪
form: raise
start: [ { by: [ role:salesperson ] } ]
subject: form.who
visible: [ role:finance ]
steps:
  - step: compute
    title: 计算
    policy: { run: credit.raise, into: raise, with: { figure: form.base } }
  - step: head
    title: 核准
    approve: { by: role:sales-head }
  - step: manager
    title: 总经理审批
    approve: { by: role:general-manager }
";

const CONTRACT: &str = "
policy: credit.raise
kind: decision
clause: D1 1
inputs:
  figure: money
outputs:
  doubled: { type: money, title: 两倍 }
  rank: { type: text, title: 级别, class: pay }
  fixed: { type: money, title: 固定 }
";

const SCRIPT: &str = r#"fn main(figure) {
    note("figure", figure);
    #{ doubled: yuan(figure * 2), rank: if figure > 1 { "A" } else { "B" }, fixed: yuan(1) }
}
"#;

const POLICY: [(&str, &str); 2] = [("policies/credit/raise.yaml", CONTRACT), ("policies/credit/raise.rhai", SCRIPT)];

#[tokio::test]
async fn figures_made_of_pay_are_withheld_however_the_pay_was_handed_on() {
    let firm = firm(COMPUTED, &POLICY).await;
    let form = json!({ "name": "一", "who": "sun", "base": PAY[0] });
    let id = firm.start("li", "raise", form).await;
    firm.machines().await;
    firm.approve_with("zhao", &id, json!({})).await;
    let doubled = ["183654729.10", "183,654,729.10"];
    let secret: Vec<&str> = PAY.into_iter().chain(doubled).collect();
    for who in ["zhao", "fin", "root"] {
        assert!(!finds(&everything(&firm, who, &id).await, &secret), "{who} may not know what sun is paid");
    }
    for who in ["sun", "gm", "shen"] {
        assert!(finds(&everything(&firm, who, &id).await, &doubled), "{who} is paid, decides or audits");
    }
    let li = firm.seen("li", &id).await;
    let figures = li["results"][0]["output"].as_array().unwrap();
    let masked: Vec<_> = figures.iter().map(|o| (o["name"].as_str().unwrap(), o["masked"] == true)).collect();
    assert_eq!(masked, [("doubled", true), ("rank", true), ("fixed", false)], "li typed the pay; the result is sun's");
}

#[tokio::test]
async fn an_explanation_leaves_out_what_a_withheld_figure_is_made_of() {
    let firm = Firm::open().await;
    pay_commission(&firm, PAY[0]).await;
    let id = firm.submit("li").await;
    firm.approve("zhao", &id).await.unwrap();
    firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
    firm.machines().await;
    // 2,400.00 is what is deducted: with it, and the commission paid, the commission is known.
    let secret: Vec<&str> = PAY.into_iter().chain(["2400", "2,400", "91824964.55", "91,824,964.55"]).collect();
    for who in ["zhao", "fin"] {
        let seen = everything(&firm, who, &id).await;
        assert!(!finds(&seen, &secret), "{who}: {seen}");
        assert!(seen.contains("本月扣款"), "what the figure is called stays");
    }
    for who in ["li", "shen"] {
        let seen = everything(&firm, who, &id).await;
        assert!(PAY.iter().any(|pay| seen.contains(pay)) && seen.contains("2,400.00"), "{who}");
    }
}

/// Records the commission of li for March.
async fn pay_commission(firm: &Firm, amount: &str) {
    let body = json!({ "salesperson": "li", "month": "2026-03", "amount": amount });
    let fact = Fact {
        kind: Name::new("commission").unwrap(),
        id: "march".into(),
        body: body.to_string(),
        recorded_at: firm.now(),
        recorded_by: "console".into(),
        instance: None,
        replaces: None,
    };
    let keys = [("salesperson".to_owned(), "li".to_owned()), ("month".to_owned(), "2026-03".to_owned())].into();
    let mut commit = Commit::new(firm.company.clone());
    commit.changes.push(Change::RecordFact { fact, keys });
    commit.events.push(NewEvent {
        stream: Stream::Facts,
        kind: "facts_imported".into(),
        version: 1,
        actor: "console".into(),
        at: firm.now(),
        payload: "{}".into(),
    });
    firm.app.store().commit(commit).await;
}

#[tokio::test]
async fn a_fault_tells_its_words_only_to_who_may_see_all_that_it_looked_at() {
    let firm = firm(COMPUTED, &POLICY).await;
    let script = r#"fn main(figure) { if figure > 0 { fail("pay is " + figure); } #{ doubled: yuan(figure), rank: "A", fixed: yuan(1) } }"#;
    let company = support::files()["company.yaml"].replace("can: [audit]", "can: [audit, incidents]");
    let files = [
        ("forms/raise.json", FORM),
        ("flows/raise.yaml", COMPUTED),
        ("policies/credit/raise.yaml", CONTRACT),
        ("policies/credit/raise.rhai", script),
        ("company.yaml", &company),
    ];
    firm.deploy(&files).await;
    let id = firm.start("li", "raise", json!({ "name": "一", "who": "sun", "base": PAY[0] })).await;
    firm.machines().await;
    for who in ["fin", "root"] {
        let seen = everything(&firm, who, &id).await;
        assert!(!finds(&seen, &PAY), "{who}: {seen}");
        assert!(seen.contains("自动步骤出错，等待管理员处理"), "{who} learns that it stopped");
    }
    assert!(finds(&everything(&firm, "shen", &id).await, &PAY), "who mends incidents and may see pay reads the words");
}

#[tokio::test]
async fn a_preview_does_not_find_out_what_others_are_paid() {
    let flow = COMPUTED.replace(
        "steps:\n",
        "steps:
  - choose:
      - when: subject.base_pay > 10000
        title: 高薪
        steps: [ { step: extra, title: 加签, approve: { by: role:general-manager } } ]
      - otherwise: []
",
    );
    let firm = firm(&flow, &POLICY).await;
    let taken = async |who: &str| {
        let form = json!({ "name": "一", "who": who }).as_object().cloned().unwrap();
        let route = firm.app.preview(&firm.viewer("li").await, "raise", form, None, firm.now()).await.unwrap();
        let choose = route.route.iter().find(|node| node["type"] == "choose").unwrap().clone();
        choose["branches"][0]["taken"].clone()
    };
    assert_eq!(taken("zhao").await, Value::Null, "zhao's pay is not li's to know");
    assert_eq!(taken("li").await, false, "li's own is");
}

/// A raise beyond 10,000 is refused before anybody sees it, with the figures that everybody may know.
const CAPPED: &str = "
policy: credit.cap
kind: decision
clause: D1 1
inputs:
  figure: money
outputs:
  left: money
refusals:
  - code: over
    data: { over_by: money }
    text: { zh: 超过上限, en: Beyond the cap }
    detail: { zh: \"超出 {over_by} 元\", en: \"{over_by} yuan too much\" }
";

#[tokio::test]
async fn a_refusal_tells_its_figures_unless_they_are_made_of_pay() {
    let flow = |with: &str| {
        format!(
            "flow: raise\ntitle: 调薪\nform: raise\nstart: [ {{ by: [ role:salesperson ] }} ]\n\
             check: {{ run: credit.cap, with: {{ figure: {with} }} }}\nsteps:\n  \
             - {{ step: gm, title: 总经理审批, approve: {{ by: role:general-manager }} }}\n"
        )
    };
    let script = "fn main(figure) { if figure > 10000 { refuse(\"over\", #{ over_by: yuan(figure - 10000) }); } #{ left: yuan(10000 - figure) } }";
    let policy = [("policies/credit/cap.yaml", CAPPED), ("policies/credit/cap.rhai", script)];
    for (with, told) in [
        ("20000", "超过上限：超出 10,000.00 元 / Beyond the cap: 10,000.00 yuan too much"),
        ("form.base", "超过上限 / Beyond the cap"),
        ("max(form.lines.pay)", "超过上限 / Beyond the cap"),
    ] {
        let firm = firm(&flow(with), &policy).await;
        let base = json!({ "name": "一", "base": PAY[0], "lines": [ { "what": "a", "pay": PAY[0] } ] });
        let form = base.as_object().cloned().unwrap();
        let request = zhupi_app::NewRequest { flow: "raise".into(), form, period: None, about: None };
        let refused = firm.app.submit(&firm.viewer("li").await, request, firm.key(), firm.now()).await;
        let problem = refused.unwrap_err().problem();
        assert_eq!((problem.status, problem.code), (422, "check_refused"));
        assert_eq!(format!("{} / {}", problem.detail.zh, problem.detail.en.unwrap()), told, "{with}");
    }
}
