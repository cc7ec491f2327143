//! What the store promises, on both databases alike.

mod support;

use support::*;
use zhupi_domain::ContentHash;
use zhupi_store::*;

on_both![
    an_action_is_written_whole,
    a_stale_guard_writes_nothing,
    a_request_happens_once,
    the_chain_holds_from_event_to_event,
];

async fn an_action_is_written_whole(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    let numbers = committed(store.commit(approve(&id, 2, 1, "person:zhao")).await);
    assert_eq!(numbers.get(&Stream::from(&id)), Some(&4));

    let stored = store.instance(&pharma(), &id).await.unwrap().unwrap();
    assert_eq!(stored.summary.version, 4, "the state is that of the last event");
    assert_eq!(stored.state, r#"{"amount":"12800.50"}"#);
    assert_eq!(store.inbox(&scope("person:wang"), None, None, 20).await.unwrap().items, []);
    let inbox = store.inbox(&scope("person:zhao"), None, None, 20).await.unwrap().items;
    assert_eq!(
        inbox.iter().map(|item| (item.task.number, item.instance.title.as_str())).collect::<Vec<_>>(),
        [(2, "坏账申请")]
    );
    let done = store.done(&scope("person:wang"), None, None, 20).await.unwrap().items;
    assert_eq!(done.iter().map(|item| item.task.outcome.as_deref()).collect::<Vec<_>>(), [Some("approved")]);
}

async fn a_stale_guard_writes_nothing(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    assert_eq!(
        conflict(store.commit(approve(&id, 1, 1, "person:zhao")).await),
        Conflict::Stream { stream: (&id).into(), expected: 1, current: 2 }
    );
    let mut commit = approve(&id, 2, 1, "person:zhao");
    commit.guards.push(Guard::Directory { version: 3 });
    assert_eq!(conflict(store.commit(commit).await), Conflict::Directory { expected: 3, current: 0 });
    assert_eq!(store.head(&pharma(), &(&id).into()).await.unwrap().0, 2);
    assert_eq!(store.inbox(&scope("person:wang"), None, None, 20).await.unwrap().items.len(), 1);
}

async fn a_request_happens_once(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(keyed(start(&instance_id(1), "person:wang"), "k1", "body")).await);
    let again = store.commit(keyed(start(&instance_id(2), "person:wang"), "k1", "body")).await;
    assert!(matches!(again, CommitOutcome::Duplicate(response) if response.body == r#"{"key":"k1"}"#));
    let other = store.commit(keyed(start(&instance_id(2), "person:wang"), "k1", "another body")).await;
    assert!(matches!(other, CommitOutcome::KeyReused));
    assert_eq!(store.instance(&pharma(), &instance_id(2)).await.unwrap(), None);
}

async fn the_chain_holds_from_event_to_event(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    committed(store.commit(approve(&id, 2, 1, "person:zhao")).await);
    let events = store.timeline(&pharma(), &(&id).into(), 0, 50).await.unwrap().items;
    let mut previous = ContentHash::ZERO;
    for (event, number) in events.iter().zip(1..) {
        let Payload::Kept { salt, body } = &event.payload else { panic!("erased") };
        assert_eq!(event.commitment, commitment(salt, body));
        let stream = event.stream.to_string();
        let envelope = Envelope {
            company: &pharma(),
            stream: &stream,
            number,
            kind: &event.kind,
            version: event.version,
            actor: &event.actor,
            at: event.at,
            previous,
            commitment: event.commitment,
        };
        assert_eq!(event.hash, envelope.hash());
        previous = event.hash;
    }
    assert_eq!(store.head(&pharma(), &(&id).into()).await.unwrap(), (4, previous));
}
