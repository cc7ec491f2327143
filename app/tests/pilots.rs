//! Pilots: who may run one and see what, and that nothing but the pilot is written.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use support::Firm;
use zhupi_app::{Answer, AppError, Candidate, PilotRequest, RequestKey};
use zhupi_domain::{CompanyId, PersonId};
use zhupi_pack::pilot::Source;

const POLICY: &str = "credit.bad_debt_deduction";
const ROWS: &str =
    "payee,commission,bad_debt,cause\nli,5000.00,8000.00,handler_irresponsible\nqian,900.00,100.00,customer_bankrupt\n";

/// The good pack with a consultant who sees pay, and one who does not.
async fn firm() -> Firm {
    let firm = Firm::open().await;
    firm.deploy(&[("company.yaml", &company())]).await;
    let people = "id,name,roles\ngu,顾问,consultant\nlin,旁观,observer\n";
    firm.hire(people).await;
    firm
}

fn company() -> String {
    let roles = "  consultant: { title: { zh: 顾问, en: Consultant }, can: [pilot], sees: [pay, identity] }\n  \
                 observer: { title: { zh: 旁观, en: Observer }, can: [pilot] }\n  admin:";
    support::files()["company.yaml"].replace("  admin:", roles)
}

/// The pack as it is deployed, with another share.
fn candidate(share: &str) -> BTreeMap<String, String> {
    let mut files = support::files();
    files.insert("company.yaml".into(), company());
    let params = files.get_mut("params/credit.yaml").unwrap();
    *params = params.replace("value: 0.30", &format!("value: {share}"));
    files.retain(|path, _| !path.starts_with("cases/"));
    files
}

fn request(rows: &str) -> PilotRequest {
    PilotRequest {
        candidate: Candidate::Files(candidate("0.50")),
        current: None,
        policy: POLICY.into(),
        as_of: None,
        rows: Source::new("rows.csv", rows),
        facts: BTreeMap::new(),
    }
}

async fn run(firm: &Firm, who: &str, request: PilotRequest, key: &RequestKey) -> Result<Answer, AppError> {
    firm.app.pilot(&firm.viewer(who).await, request, key, firm.now()).await
}

async fn done(firm: &Firm, who: &str) -> Value {
    run(firm, who, request(ROWS), &firm.key()).await.map_err(|error| error.problem()).unwrap().body
}

#[tokio::test]
async fn a_pilot_is_run_and_read_again() {
    let firm = firm().await;
    let made = done(&firm, "gu").await;
    let deducted = &made["totals"][0];
    assert_eq!((&deducted["name"], &deducted["difference"]), (&"deducted".into(), &"1600.00".into()));
    assert_eq!((&made["counts"]["payees"], &made["payees"]["items"][0]["payee"]), (&2.into(), &"li".into()));
    assert_eq!(made["payees"]["items"][0]["name"], "李一");
    let viewer = firm.viewer("gu").await;
    let id = made["id"].as_str().unwrap();
    let read = serde_json::to_value(firm.app.pilot_view(&viewer, id, None, None).await.unwrap()).unwrap();
    assert_eq!(read, made);
    let listed = firm.app.pilots(&viewer, None).await.unwrap().items;
    assert_eq!((listed.len(), listed[0].id.as_str()), (1, id));
    let named = firm.app.pilot_view(&viewer, id, Some("QIA"), None).await.unwrap().payees.items;
    assert_eq!(named.iter().map(|one| one.payee.as_str()).collect::<Vec<_>>(), ["qian"]);

    let explained = firm.app.pilot_payee(&viewer, id, "li").await.unwrap();
    let explained = serde_json::to_value(explained).unwrap();
    let [old, new] = ["current", "candidate"].map(|side| explained["explained"][0][side].clone());
    let figure = |side: &Value| side["output"][0]["value"].as_str().unwrap().to_owned();
    assert_eq!((figure(&old), figure(&new)), ("2,400.00".into(), "4,000.00".into()));
    assert!(old["tree"].to_string().contains("0.30") && new["tree"].to_string().contains("0.50"), "{old}");
    let missing = firm.app.pilot_payee(&viewer, id, "nobody").await.unwrap_err();
    assert_eq!(missing.problem().status, 404);
}

/// Every table of a backup but those of pilots.
async fn dump(firm: &Firm, folder: &Path) -> BTreeMap<String, String> {
    firm.app.store().backup(folder).await.unwrap();
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let others = named.filter(|(name, _)| name.ends_with(".jsonl") && !name.starts_with("pilot"));
    others.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap())).collect()
}

#[tokio::test]
async fn nothing_but_the_pilot_is_written() {
    let firm = firm().await;
    firm.submit("li").await;
    firm.app.store().seal(firm.now()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let before = dump(&firm, &folder.path().join("before")).await;
    assert!(
        before.len() > 20 && before["events.jsonl"].lines().count() > 3 && before.contains_key("idempotency.jsonl")
    );
    let made = done(&firm, "gu").await;
    let viewer = firm.viewer("gu").await;
    firm.app.pilot_payee(&viewer, made["id"].as_str().unwrap(), "li").await.unwrap();
    firm.app.pilot_choices(&viewer).await.unwrap();
    run(&firm, "gu", request("payee,commission,bad_debt,cause\nli,x,y,z\n"), &firm.key()).await.unwrap_err();
    let after = dump(&firm, &folder.path().join("after")).await;
    for (table, rows) in &before {
        assert_eq!(rows, &after[table], "{table}");
    }
    assert_eq!(before.len(), after.len());
    assert!(firm.app.store().verify(None).await.unwrap().is_sound());
}

#[tokio::test]
async fn the_same_request_again_finds_what_it_made() {
    let firm = firm().await;
    let key = firm.key();
    let first = run(&firm, "gu", request(ROWS), &key).await.unwrap();
    firm.pass_hours(1);
    assert_eq!(run(&firm, "gu", request(ROWS), &key).await.unwrap(), first);
    let other = RequestKey { request: firm.key().request, ..key };
    assert!(matches!(run(&firm, "gu", request(ROWS), &other).await, Err(AppError::KeyReused)));
    assert_eq!(firm.app.pilots(&firm.viewer("gu").await, None).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn who_may_not_is_refused_and_who_does_not_see_pay_sees_no_amount() {
    let firm = firm().await;
    let made = done(&firm, "gu").await;
    let id = made["id"].as_str().unwrap();
    for who in ["li", "zhao"] {
        let viewer = firm.viewer(who).await;
        let refused = [
            run(&firm, who, request(ROWS), &firm.key()).await.map(drop),
            firm.app.pilots(&viewer, None).await.map(drop),
            firm.app.pilot_view(&viewer, id, None, None).await.map(drop),
            firm.app.pilot_payee(&viewer, id, "li").await.map(drop),
            firm.app.pilot_choices(&viewer).await.map(drop),
        ];
        assert!(refused.into_iter().all(|one| one.unwrap_err().problem().status == 403), "{who}");
    }
    let lin = firm.viewer("lin").await;
    let own = done(&firm, "lin").await;
    for seen in [
        serde_json::to_value(firm.app.pilots(&lin, None).await.unwrap()).unwrap(),
        serde_json::to_value(firm.app.pilot_view(&lin, id, None, None).await.unwrap()).unwrap(),
        serde_json::to_value(firm.app.pilot_payee(&lin, id, "li").await.unwrap()).unwrap(),
        own,
    ] {
        let text = seen.to_string();
        for figure in ["2400", "2,400", "4000.00", "4,000", "1600", "5000.00", "5,000"] {
            assert!(!text.contains(figure), "{figure} in {text}");
        }
    }
    let view = firm.app.pilot_view(&lin, id, None, None).await.unwrap();
    assert!(view.summary.masked && view.summary.totals[0].spread.is_empty());
    let names: Vec<&str> = view.payees.items.iter().map(|one| one.payee.as_str()).collect();
    assert_eq!(names, ["li", "qian"], "by name: the order of amounts would tell");
}

#[tokio::test]
async fn a_candidate_becomes_no_release_and_can_be_tried_again() {
    let firm = firm().await;
    let made = done(&firm, "gu").await;
    let viewer = firm.viewer("gu").await;
    let hash =
        zhupi_domain::ContentHash::parse(made["candidate"].as_str().unwrap()).map(zhupi_domain::ReleaseHash).unwrap();
    assert!(firm.app.store().release(&firm.company, &hash).await.unwrap().is_none());
    assert!(
        firm.app.pilot_choices(&viewer).await.unwrap().releases.iter().all(|release| release.hash != hash.to_string())
    );
    let again = PilotRequest { candidate: Candidate::Release(hash), ..request(ROWS) };
    let again = run(&firm, "gu", again, &firm.key()).await.unwrap().body;
    assert_eq!((&again["candidate"], &again["totals"]), (&made["candidate"], &made["totals"]));
    let unknown = zhupi_domain::ReleaseHash(zhupi_domain::ContentHash::of(&[b"x"]));
    let unknown = PilotRequest { candidate: Candidate::Release(unknown), ..request(ROWS) };
    let refused = run(&firm, "gu", unknown, &firm.key()).await.unwrap_err().problem();
    assert_eq!((refused.status, refused.code), (422, "release_unknown"));
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_place_and_nothing_is_kept() {
    let firm = firm().await;
    let refused =
        run(&firm, "gu", request("payee,bad_debt,cuase\nli,1.00,x\n"), &firm.key()).await.unwrap_err().problem();
    assert_eq!((refused.status, refused.code), (422, "pilot_invalid"));
    let places: Vec<&str> = refused.errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(places, ["rows.csv:1:16", "rows.csv:1:1", "rows.csv:1:1"]);
    let broken = Candidate::Files(BTreeMap::from([("company.yaml".to_owned(), "company: [".to_owned())]));
    let refused = run(&firm, "gu", PilotRequest { candidate: broken, ..request(ROWS) }, &firm.key()).await.unwrap_err();
    assert_eq!(refused.problem().code, "pack_invalid");
    let mut foreign = candidate("0.50");
    foreign.entry("company.yaml".into()).and_modify(|text| *text = text.replace("company: good", "company: other"));
    let foreign = PilotRequest { candidate: Candidate::Files(foreign), ..request(ROWS) };
    assert_eq!(run(&firm, "gu", foreign, &firm.key()).await.unwrap_err().problem().code, "wrong_company");
    let missing = PilotRequest { policy: "credit.none".into(), ..request(ROWS) };
    assert_eq!(run(&firm, "gu", missing, &firm.key()).await.unwrap_err().problem().code, "policy_unknown");
    assert_eq!(firm.app.pilots(&firm.viewer("gu").await, None).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn another_company_finds_nothing_of_it() {
    let firm = firm().await;
    let made = done(&firm, "gu").await;
    let mut files = candidate("0.40");
    files.entry("company.yaml".into()).and_modify(|text| *text = text.replace("company: good", "company: other"));
    firm.app.deploy(zhupi_app::Deployer::Console, files, firm.now()).await.unwrap();
    let other = CompanyId::new("other");
    let people =
        zhupi_app::PeopleFiles { people: Some("id,name,roles\ngu,顾问,consultant\n".into()), ..Default::default() };
    firm.app.import_people(zhupi_app::Deployer::Console, &other, people, firm.now()).await.unwrap();
    let stranger = firm.app.viewer(&other, &PersonId::new("gu"), firm.now()).await.unwrap();
    let id = made["id"].as_str().unwrap();
    assert_eq!(firm.app.pilot_view(&stranger, id, None, None).await.unwrap_err().problem().status, 404);
    assert_eq!(firm.app.pilot_payee(&stranger, id, "li").await.unwrap_err().problem().status, 404);
    assert_eq!(firm.app.pilots(&stranger, None).await.unwrap().items.len(), 0);
    let hash =
        zhupi_domain::ContentHash::parse(made["candidate"].as_str().unwrap()).map(zhupi_domain::ReleaseHash).unwrap();
    let foreign = PilotRequest { candidate: Candidate::Release(hash), ..request(ROWS) };
    let refused = firm.app.pilot(&stranger, foreign, &firm.key(), firm.now()).await.unwrap_err();
    assert_eq!(refused.problem().code, "release_unknown");
}
