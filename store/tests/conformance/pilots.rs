//! Pilots: kept whole or not at all, found by their key, and seen by nobody else.

use zhupi_domain::{CompanyId, ContentHash, ReleaseHash};
use zhupi_store::*;

use crate::support::{self, *};

on_both![
    a_pilot_is_kept_whole_and_read_in_parts,
    the_same_key_keeps_one_pilot,
    nothing_of_a_pilot_is_seen_by_another_company,
    a_backup_brings_pilots_back,
];

const BASE: &str = r#"{"company.yaml":"name: x"}"#;
const CANDIDATE: &str = r#"{"company.yaml":"name: y"}"#;

fn hash(body: &str) -> ReleaseHash {
    ReleaseHash(ContentHash::of(&[body.as_bytes()]))
}

/// A pilot of two rows and three payees; its base is the release of the tests of `verify`.
pub fn pilot(id: &str, key: &str) -> NewPilot {
    let body = |text: String| format!(r#"{{"of":"{text}"}}"#);
    NewPilot {
        pilot: Pilot {
            id: id.into(),
            policy: "credit.bad_debt_deduction".into(),
            base: hash(BASE),
            candidate: hash(CANDIDATE),
            summary: "{}".into(),
            created_at: at(3),
            created_by: "person:li".into(),
        },
        key: key.into(),
        request: ContentHash::of(&[key.as_bytes(), id.as_bytes()]),
        candidate: Some(CANDIDATE.into()),
        rows: (1..=2).map(|number| PilotRow { number, body: body(format!("行{number}")) }).collect(),
        payees: [(1, "wang"), (2, "li"), (3, "李_x%")]
            .map(|(place, payee)| PilotPayee { place, payee: payee.into(), body: body(payee.into()) })
            .into(),
    }
}

async fn names(store: &Store, named: Option<&str>, after: PayeesAfter) -> (Vec<String>, Option<PayeesAfter>) {
    let page = store.pilot_payees(&Scope::of(pharma()), "p1", named, &after, 2).await.unwrap();
    (page.items.into_iter().map(|one| one.payee).collect(), page.next)
}

async fn a_pilot_is_kept_whole_and_read_in_parts(fixture: Fixture) {
    let store = &fixture.store;
    let new = pilot("p1", "k1");
    assert!(store.add_pilot(&pharma(), new.clone()).await.unwrap());
    assert!(store.add_pilot(&pharma(), pilot("p2", "k2")).await.unwrap(), "the same candidate again");
    assert_eq!(store.pilot(&pharma(), "p1").await.unwrap(), Some(new.pilot.clone()));
    let page = store.pilots(&Scope::of(pharma()), None, 1).await.unwrap();
    assert_eq!((page.items[0].id.as_str(), page.next.as_deref()), ("p2", Some("p2")), "the newest first");
    assert_eq!(store.pilots(&Scope::of(pharma()), page.next.as_deref(), 1).await.unwrap().items, [new.pilot]);
    assert_eq!(store.pilot_release(&pharma(), &hash(CANDIDATE)).await.unwrap().as_deref(), Some(CANDIDATE));
    assert_eq!(store.pilot_rows(&pharma(), "p1", &[2, 9]).await.unwrap(), [new.rows[1].clone()]);
    assert_eq!(store.pilot_rows(&pharma(), "p1", &[]).await.unwrap(), []);
    assert_eq!(store.pilot_payee(&pharma(), "p1", "li").await.unwrap(), Some(new.payees[1].clone()));

    let (first, next) = names(store, None, PayeesAfter::Place(0)).await;
    assert_eq!((first, next.clone()), (vec!["wang".into(), "li".into()], Some(PayeesAfter::Place(2))));
    assert_eq!(names(store, None, next.unwrap()).await, (vec!["李_x%".into()], None));
    let (first, next) = names(store, None, PayeesAfter::Name(String::new())).await;
    assert_eq!((first, next), (vec!["li".into(), "wang".into()], Some(PayeesAfter::Name("wang".into()))));
    assert_eq!(names(store, Some("_x%"), PayeesAfter::Place(0)).await.0, ["李_x%"]);
    assert_eq!(names(store, Some("%"), PayeesAfter::Place(0)).await.0, ["李_x%"], "any text is text");
}

async fn the_same_key_keeps_one_pilot(fixture: Fixture) {
    let store = &fixture.store;
    assert!(store.add_pilot(&pharma(), pilot("p1", "k1")).await.unwrap());
    assert!(!store.add_pilot(&pharma(), pilot("p2", "k1")).await.unwrap());
    assert_eq!(store.pilot(&pharma(), "p2").await.unwrap(), None);
    assert_eq!(store.pilot_rows(&pharma(), "p2", &[1]).await.unwrap(), []);
    let (id, request) = store.pilot_of_key(&pharma(), "person:li", "k1").await.unwrap().unwrap();
    assert_eq!((id.as_str(), request), ("p1", pilot("p1", "k1").request));
    assert_eq!(store.pilot_of_key(&pharma(), "person:wang", "k1").await.unwrap(), None);
}

async fn nothing_of_a_pilot_is_seen_by_another_company(fixture: Fixture) {
    let store = &fixture.store;
    assert!(store.add_pilot(&pharma(), pilot("p1", "k1")).await.unwrap());
    let other = CompanyId::new("pharma2");
    assert_eq!(store.pilot(&other, "p1").await.unwrap(), None);
    assert_eq!(store.pilots(&Scope::of(other.clone()), None, 9).await.unwrap().items, []);
    let payees = store.pilot_payees(&Scope::of(other.clone()), "p1", None, &PayeesAfter::Place(0), 9).await.unwrap();
    assert_eq!(payees.items, []);
    assert_eq!(store.pilot_payee(&other, "p1", "li").await.unwrap(), None);
    assert_eq!(store.pilot_rows(&other, "p1", &[1]).await.unwrap(), []);
    assert_eq!(store.pilot_release(&other, &hash(CANDIDATE)).await.unwrap(), None);
    assert_eq!(store.pilot_of_key(&other, "person:li", "k1").await.unwrap(), None);
}

async fn a_backup_brings_pilots_back(fixture: Fixture) {
    let dir = tempfile::tempdir_in(support::postgres::scratch()).unwrap();
    let mut new = pilot("p1", "k1");
    new.pilot.base = new.pilot.candidate;
    assert!(fixture.store.add_pilot(&pharma(), new.clone()).await.unwrap());
    let folder = dir.path().join("backup");
    fixture.store.backup(&folder).await.unwrap();
    let config = Config::sqlite(dir.path().join("restored"));
    let (restored, report) = Store::restore(config, counted_salts(), &folder).await.unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert_eq!(report.companies[0].pilots, 1);
    assert_eq!(restored.pilot_rows(&pharma(), "p1", &[1, 2]).await.unwrap(), new.rows);
    assert_eq!(restored.pilot_payee(&pharma(), "p1", "wang").await.unwrap(), Some(new.payees[0].clone()));
}
