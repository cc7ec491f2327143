//! What a new release means for requests that are on their way.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use std::collections::BTreeMap;

use support::Firm;
use zhupi_app::Deployer;

fn with_rate(value: &str, from: &str) -> BTreeMap<String, String> {
    let mut files = support::files();
    let params = files.get_mut("params/credit.yaml").unwrap();
    *params = params.replace("{ from: 2026-01-01, value: 0.30 }", &format!("{{ from: {from}, value: {value} }}"));
    assert!(params.contains(value));
    files
}

#[tokio::test]
async fn a_request_that_waits_for_a_blank_value_goes_on_when_a_release_brings_it() {
    let firm = Firm::open().await;
    firm.app.deploy(Deployer::Console, with_rate("blank", "2026-01-01"), firm.now()).await.unwrap();
    let id = firm.submit("li").await;
    firm.approve("zhao", &id).await.unwrap();
    firm.fill("fin", &id, "handler_irresponsible").await.unwrap();
    firm.machines().await;
    let seen = firm.seen("li", &id).await;
    assert_eq!((seen["status"].as_str(), seen["incidents"].as_array().map(Vec::len)), (Some("running"), Some(1)));

    firm.pass_hours(1);
    let deployed = firm.app.deploy(Deployer::Console, with_rate("0.50", "2026-01-01"), firm.now()).await.unwrap();
    let concerned = firm.app.concerned(&deployed).await.unwrap();
    assert!(concerned.is_empty(), "the value starts before the request: {concerned:?}");
    let ids = [zhupi_domain::InstanceId::new(id.as_str())];
    let migrated = firm.app.migrate(&Deployer::Console, &firm.company, &ids, firm.now()).await.unwrap();
    assert!(migrated[0].refused.is_none(), "{migrated:?}");
    firm.machines().await;
    let seen = firm.seen("li", &id).await;
    assert_eq!(seen["status"], "archived");
    assert_eq!(seen["release"].as_str().unwrap(), deployed.hash.to_string());
}

#[tokio::test]
async fn a_deploy_names_the_running_requests_whose_life_a_new_value_falls_into() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    firm.pass_hours(24);
    let mut files = support::files();
    let params = files.get_mut("params/credit.yaml").unwrap();
    params.push_str("      - { from: 2026-03-05, value: 0.40 }\n");
    let deployed = firm.app.deploy(Deployer::Console, files, firm.now()).await.unwrap();
    let concerned = firm.app.concerned(&deployed).await.unwrap();
    assert_eq!(concerned.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    assert_eq!(concerned[0].params.keys().map(ToString::to_string).collect::<Vec<_>>(), ["bad-debt-rate"]);
}
