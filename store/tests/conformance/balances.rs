//! Balances: who sees which, and how a list of them comes in pages.

use std::collections::BTreeSet;

use zhupi_domain::CompanyId;
use zhupi_store::*;

use crate::support::*;

on_both![
    a_balance_is_for_who_reads_every_request_behind_it,
    an_open_account_is_read_whole,
    balances_are_found_by_account_and_key_in_pages,
    nothing_of_another_company_is_summed_up,
    what_was_looked_at_on_an_account_still_holds_or_nothing_is_written,
];

const NONE: OpenAccounts = OpenAccounts::These(BTreeSet::new());

/// A request of li that `by` may read as well, and what it moved.
async fn moved(store: &Store, number: u64, by: &str, moves: &[(&str, &str, i64)]) {
    let id = instance_id(number);
    let mut commit = start(&id, by);
    commit.changes.extend(moves.iter().map(|(account, key, posted)| {
        Change::MoveBalance(BalanceMove {
            account: name(account),
            key: (*key).into(),
            posted: *posted,
            reserved: 0,
            floor: None,
            instance: id.clone(),
            at: at(5),
            by: by.into(),
        })
    }));
    committed(store.commit(commit).await);
}

/// Three balances: a budget that wang and zhao moved, wang's plan, zhao's fine.
async fn furnish(store: &Store) {
    moved(store, 1, "person:wang", &[("budget", "north", 500), ("plan", "P_1", 200)]).await;
    moved(store, 2, "person:zhao", &[("budget", "north", 300), ("fine", "P%2", 70)]).await;
}

async fn seen(store: &Store, scope: Scope, open: &OpenAccounts) -> Vec<String> {
    let page = store.balances(&scope, open, &BalanceFilter::default(), None, 50).await.unwrap();
    page.items.into_iter().map(|((account, key), balance)| format!("{account} {key} {}", balance.posted)).collect()
}

async fn a_balance_is_for_who_reads_every_request_behind_it(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    assert_eq!(seen(store, scope("person:wang"), &NONE).await, ["plan P_1 200"], "half of the budget is zhao's");
    assert_eq!(seen(store, scope("person:zhao"), &NONE).await, ["fine P%2 70"]);
    let both = scope("person:wang").reader("person:zhao");
    assert_eq!(seen(store, both, &NONE).await, ["budget north 800", "fine P%2 70", "plan P_1 200"]);
    assert_eq!(seen(store, scope("person:nobody"), &NONE).await, [""; 0]);
    assert_eq!(seen(store, Scope::of(pharma()), &NONE).await, [""; 0]);
    for (who, account, key, expected) in [
        ("person:wang", "plan", "P_1", true),
        ("person:wang", "budget", "north", false),
        ("person:li", "budget", "north", true),
        ("person:li", "budget", "south", false),
        ("person:nobody", "plan", "P_1", false),
    ] {
        assert_eq!(store.may_read_balance(&scope(who), &name(account), key).await.unwrap(), expected, "{who} {key}");
    }
    assert!(!store.may_read_balance(&Scope::of(pharma()), &name("plan"), "P_1").await.unwrap());
}

async fn an_open_account_is_read_whole(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let budget = OpenAccounts::These([name("budget")].into());
    assert_eq!(seen(store, scope("person:wang"), &budget).await, ["budget north 800", "plan P_1 200"]);
    assert_eq!(seen(store, Scope::of(pharma()), &budget).await, ["budget north 800"]);
    assert_eq!(seen(store, Scope::of(pharma()), &OpenAccounts::All).await.len(), 3);
}

async fn balances_are_found_by_account_and_key_in_pages(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    for (who, open) in [(scope("person:li"), &NONE), (Scope::of(pharma()), &OpenAccounts::All)] {
        let list = async |filter: &BalanceFilter, after: Option<&BalanceAt>| {
            let page = store.balances(&who, open, filter, after, 2).await.unwrap();
            (page.items.into_iter().map(|((account, _), _)| account).collect::<Vec<_>>(), page.next)
        };
        let (first, next) = list(&BalanceFilter::default(), None).await;
        assert_eq!(first, ["budget", "fine"]);
        assert_eq!(list(&BalanceFilter::default(), next.as_ref()).await, (vec!["plan".to_owned()], None));
        let of = |account: Option<&str>, key: Option<&str>| BalanceFilter {
            account: account.map(str::to_owned),
            key: key.map(str::to_owned),
        };
        assert_eq!(list(&of(Some("plan"), None), None).await.0, ["plan"]);
        assert_eq!(list(&of(None, Some("p_1")), None).await.0, ["plan"], "neither case nor patterns count");
        assert_eq!(list(&of(Some("budget"), Some("p")), None).await.0, [""; 0]);
    }
}

async fn nothing_of_another_company_is_summed_up(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let foreign = Scope { company: CompanyId::new("pharma2"), ..scope("person:li") };
    assert_eq!(seen(store, foreign.clone(), &OpenAccounts::All).await, [""; 0]);
    assert_eq!(seen(store, foreign.clone(), &OpenAccounts::These([name("budget")].into())).await, [""; 0]);
    assert!(!store.may_read_balance(&foreign, &name("plan"), "P_1").await.unwrap());
    assert_eq!(store.opened(&foreign, &[instance_id(1)].into()).await.unwrap().len(), 0);
    assert_eq!(store.opened(&scope("person:wang"), &[instance_id(1), instance_id(2)].into()).await.unwrap().len(), 1);
}

async fn what_was_looked_at_on_an_account_still_holds_or_nothing_is_written(fixture: Fixture) {
    let store = &fixture.store;
    let looked = |number: u64, version| {
        let mut commit = start(&instance_id(number), "person:wang");
        commit.guards.push(Guard::Balance { account: name("budget"), key: "north".into(), version });
        commit
    };
    let moved_since =
        |expected, current| Conflict::BalanceMoved { account: name("budget"), key: "north".into(), expected, current };
    committed(store.commit(looked(11, 0)).await);
    assert_eq!(conflict(store.commit(looked(12, 1)).await), moved_since(1, 0));
    furnish(store).await;
    assert_eq!(conflict(store.commit(looked(12, 0)).await), moved_since(0, 2));
    assert_eq!(conflict(store.commit(looked(12, 1)).await), moved_since(1, 2));
    let ours = store.balance(&pharma(), &name("budget"), "north").await.unwrap();
    committed(store.commit(looked(12, ours.version)).await);
    let theirs = store.balance(&CompanyId::new("pharma2"), &name("budget"), "north").await.unwrap();
    assert_eq!((ours.version, theirs.version), (2, 0));
}
