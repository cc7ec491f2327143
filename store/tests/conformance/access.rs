//! Sessions, passwords, one-time tokens and back-off.

use zhupi_domain::{ContentHash, PersonId};
use zhupi_store::*;

use crate::support::*;

on_both![
    a_session_ends_when_it_is_over_ended_or_its_person_leaves,
    a_password_change_ends_all_sessions,
    a_one_time_token_works_once,
    failed_logins_are_counted_until_one_succeeds,
];

fn token(text: &str) -> ContentHash {
    ContentHash::of(&[text.as_bytes()])
}

fn put(id: &str, active: bool) -> Commit {
    let mut commit = Commit::new(pharma());
    commit.events.push(event(Stream::Directory, "person-put", "{}"));
    let id = PersonId::new(id);
    commit.changes.push(Change::PutPerson(PersonRecord {
        id,
        body: "{}".into(),
        name: "李".into(),
        login: None,
        active,
    }));
    commit
}

async fn login(store: &Store, id: &str, secret: &str) {
    let session = Session {
        token: token(secret),
        company: pharma(),
        person: PersonId::new(id),
        created_at: at(0),
        seen_at: at(0),
        expires_at: at(100),
        client: "测试".into(),
    };
    store.add_session(&session).await.unwrap();
}

async fn alive(store: &Store, secret: &str, now: i64) -> bool {
    store.session(&token(secret), at(now)).await.unwrap().is_some()
}

async fn a_session_ends_when_it_is_over_ended_or_its_person_leaves(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(put("li", true)).await);
    for secret in ["a", "b"] {
        login(store, "li", secret).await;
    }
    assert!(alive(store, "a", 99).await && !alive(store, "a", 100).await && !alive(store, "c", 1).await);
    store.touch_session(&token("a"), at(50), at(150)).await.unwrap();
    assert!(alive(store, "a", 149).await);
    store.end_session(&token("b")).await.unwrap();
    assert!(!alive(store, "b", 1).await);
    assert_eq!(store.sessions_of(&pharma(), &PersonId::new("li"), at(1)).await.unwrap().len(), 1);
    committed(store.commit(put("li", false)).await);
    assert!(!alive(store, "a", 1).await, "who has left has no session, even before it is deleted");
    store.sweep_access(at(150), at(0)).await.unwrap();
    assert_eq!(store.sessions_of(&pharma(), &PersonId::new("li"), at(0)).await.unwrap(), []);
}

async fn a_password_change_ends_all_sessions(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(put("li", true)).await);
    committed(store.commit(put("wang", true)).await);
    login(store, "li", "a").await;
    login(store, "wang", "w").await;
    assert!(!store.has_credentials().await.unwrap());
    let li = PersonId::new("li");
    let mut change = Commit::new(pharma());
    change.events.push(event(Stream::Security, "password-changed", "{}"));
    change.changes.push(Change::PutCredential { person: li.clone(), hash: "$argon2id$…".into(), at: at(3) });
    change.changes.push(Change::EndSessions { person: li.clone() });
    committed(store.commit(change).await);
    assert!(!alive(store, "a", 1).await && alive(store, "w", 1).await);
    assert!(store.has_credentials().await.unwrap());
    assert_eq!(
        store.credential(&pharma(), &li).await.unwrap().map(|c| (c.hash, c.at)),
        Some(("$argon2id$…".into(), at(3)))
    );
}

async fn a_one_time_token_works_once(fixture: Fixture) {
    let store = &fixture.store;
    let setup =
        OneTimeToken { token: token("t"), purpose: "setup".into(), company: None, person: None, expires_at: at(10) };
    store.add_one_time_token(&setup).await.unwrap();
    assert_eq!(store.one_time_token(&token("t"), "setup", at(9)).await.unwrap(), Some(setup.clone()));
    assert_eq!(store.use_one_time_token(&token("t"), "reset", at(1)).await.unwrap(), None, "another purpose");
    assert_eq!(store.use_one_time_token(&token("t"), "setup", at(10)).await.unwrap(), None, "too late");
    assert_eq!(store.use_one_time_token(&token("t"), "setup", at(9)).await.unwrap(), Some(setup));
    assert_eq!(store.use_one_time_token(&token("t"), "setup", at(9)).await.unwrap(), None);
    assert_eq!(store.one_time_token(&token("t"), "setup", at(9)).await.unwrap(), None);
}

async fn failed_logins_are_counted_until_one_succeeds(fixture: Fixture) {
    let (store, company) = (&fixture.store, pharma());
    assert_eq!(store.login_failures(&company, "login:li").await.unwrap(), None);
    for n in 1..=3 {
        assert_eq!(store.add_login_failure(&company, "login:li", at(n)).await.unwrap(), n);
    }
    assert_eq!(store.login_failures(&company, "login:li").await.unwrap(), Some((3, at(3))));
    assert_eq!(store.login_failures(&company, "address:::1").await.unwrap(), None);
    store.clear_login_failures(&company, "login:li").await.unwrap();
    assert_eq!(store.login_failures(&company, "login:li").await.unwrap(), None);
}
