//! Facts, document numbers and drafts.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::PersonId;
use zhupi_store::*;

use crate::support::*;

on_both![
    facts_are_found_by_their_keys,
    a_fact_is_replaced_once,
    numbers_are_never_given_twice,
    a_number_is_used_or_void_and_stays_so,
    a_draft_is_saved_over_the_version_it_was_made_from,
];

fn fact(id: &str, replaces: Option<&str>, keys: &[(&str, &str)]) -> Commit {
    let mut commit = Commit::new(pharma());
    commit.events.push(event(Stream::Facts, "recorded", "{}"));
    let fact = Fact {
        kind: name("receivable"),
        id: id.into(),
        body: format!(r#"{{"id":"{id}"}}"#),
        recorded_at: at(1),
        recorded_by: "person:li".into(),
        instance: None,
        replaces: replaces.map(str::to_owned),
    };
    let keys = keys.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>();
    commit.changes.push(Change::RecordFact { fact, keys });
    commit
}

async fn found(store: &Store, keys: &[(&str, &str)]) -> Vec<String> {
    let page = store.facts(&pharma(), &name("receivable"), keys, None, 50).await.unwrap();
    page.items.into_iter().map(|fact| fact.id).collect()
}

async fn facts_are_found_by_their_keys(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(fact("f1", None, &[("customer", "c1"), ("month", "2026-01")])).await);
    committed(store.commit(fact("f2", None, &[("customer", "c1"), ("month", "2026-02")])).await);
    committed(store.commit(fact("f3", None, &[("customer", "c2"), ("month", "2026-01")])).await);
    assert_eq!(found(store, &[]).await, ["f1", "f2", "f3"]);
    assert_eq!(found(store, &[("customer", "c1")]).await, ["f1", "f2"]);
    assert_eq!(found(store, &[("customer", "c1"), ("month", "2026-02")]).await, ["f2"]);
    assert_eq!(found(store, &[("month", "2026-02"), ("customer", "c2")]).await, [""; 0]);
    let page = store.facts(&pharma(), &name("receivable"), &[("month", "2026-01")], None, 1).await.unwrap();
    assert_eq!(page.next.as_deref(), Some("f1"));
    let five = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"), ("e", "1")];
    assert!(store.facts(&pharma(), &name("receivable"), &five, None, 1).await.is_err());
}

async fn a_fact_is_replaced_once(fixture: Fixture) {
    let store = &fixture.store;
    let keys = [("customer", "c1")];
    committed(store.commit(fact("f1", None, &keys)).await);
    committed(store.commit(fact("f2", Some("f1"), &keys)).await);
    assert_eq!(found(store, &keys).await, ["f2"]);
    assert_eq!(store.fact(&pharma(), &name("receivable"), "f1").await.unwrap().map(|fact| fact.id), Some("f1".into()));
    let conflicts = [
        (fact("f3", Some("f1"), &keys), Conflict::FactReplaced { id: "f1".into() }),
        (fact("f3", Some("missing"), &keys), Conflict::FactReplaced { id: "missing".into() }),
        (fact("f2", None, &keys), Conflict::FactExists { id: "f2".into() }),
    ];
    for (commit, expected) in conflicts {
        assert_eq!(conflict(store.commit(commit).await), expected);
    }
    committed(store.commit(fact("f3", Some("f2"), &keys)).await);
    assert_eq!(found(store, &keys).await, ["f3"]);
}

async fn numbers_are_never_given_twice(fixture: Fixture) {
    let takers = (0..30).map(|_| {
        let store = fixture.store.clone();
        tokio::spawn(async move { store.take_number(&pharma(), "HZ-202601", "person:li", at(1)).await.unwrap() })
    });
    let mut taken = BTreeSet::new();
    for taker in takers.collect::<Vec<_>>() {
        taken.insert(taker.await.unwrap());
    }
    assert_eq!(taken, (1..=30).collect());
    assert_eq!(fixture.store.take_number(&pharma(), "HZ-202602", "person:li", at(1)).await.unwrap(), 1);
}

async fn a_number_is_used_or_void_and_stays_so(fixture: Fixture) {
    let store = &fixture.store;
    let register = || "HZ".to_owned();
    for second in 1..=3 {
        store.take_number(&pharma(), "HZ", "person:li", at(second)).await.unwrap();
    }
    let mut uses = start(&instance_id(1), "person:wang");
    uses.changes.push(Change::UseNumber { register: register(), seq: 1, instance: instance_id(1) });
    committed(store.commit(uses).await);
    let mut voids = Commit::new(pharma());
    voids.changes.push(Change::VoidNumber { register: register(), seq: 1, reason: "填错".into() });
    assert_eq!(conflict(store.commit(voids).await), Conflict::NumberNotFree { register: register(), seq: 1 });
    let mut voids = Commit::new(pharma());
    voids.changes.push(Change::VoidNumber { register: register(), seq: 2, reason: "填错".into() });
    committed(store.commit(voids).await);
    assert_eq!(store.void_stale_numbers(at(3), "提交未完成").await.unwrap(), 0, "the third was taken just now");
    assert_eq!(store.void_stale_numbers(at(4), "提交未完成").await.unwrap(), 1);

    let numbers = store.register_numbers(&Scope::of(pharma()), "HZ", 0, 50).await.unwrap().items;
    let states: Vec<_> = numbers.iter().map(|n| (n.seq, n.state, n.reason.as_deref())).collect();
    assert_eq!(
        states,
        [
            (1, NumberState::Used, None),
            (2, NumberState::Void, Some("填错")),
            (3, NumberState::Void, Some("提交未完成"))
        ]
    );
}

async fn a_draft_is_saved_over_the_version_it_was_made_from(fixture: Fixture) {
    let store = &fixture.store;
    let (company, li) = (pharma(), PersonId::new("li"));
    let save = |body: &'static str, version| store.save_draft(&company, &li, "bad-debt", body, version, at(1));
    assert_eq!(save("a", None).await.unwrap(), SaveDraft::Saved(1));
    assert_eq!(save("b", None).await.unwrap(), SaveDraft::Conflict, "another window");
    assert_eq!(save("b", Some(1)).await.unwrap(), SaveDraft::Saved(2));
    assert_eq!(save("c", Some(1)).await.unwrap(), SaveDraft::Conflict);

    let mut submit = start(&instance_id(1), "person:wang");
    submit.guards.push(Guard::Draft { person: li.clone(), key: "bad-debt".into(), version: 1 });
    submit.changes.push(Change::DeleteDraft { person: li.clone(), key: "bad-debt".into() });
    let stale = Conflict::Draft { person: li.clone(), key: "bad-debt".into(), current: Some(2) };
    assert_eq!(conflict(store.commit(submit.clone()).await), stale);
    assert_eq!(store.draft(&company, &li, "bad-debt").await.unwrap().map(|draft| draft.body), Some("b".into()));
    submit.guards[1] = Guard::Draft { person: li.clone(), key: "bad-debt".into(), version: 2 };
    committed(store.commit(submit).await);
    assert_eq!(store.drafts(&company, &li).await.unwrap(), []);
    assert_eq!(save("c", Some(2)).await.unwrap(), SaveDraft::Conflict, "it was sent");
}
