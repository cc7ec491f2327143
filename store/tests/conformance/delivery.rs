//! Leases, and messages on their way out.

use zhupi_store::*;

use crate::support::*;

on_both![
    a_lease_has_one_holder_at_a_time,
    messages_of_an_instance_keep_their_order,
    a_parked_message_holds_nobody_up_and_can_be_sent_again,
    answers_are_forgotten_after_their_time,
];

async fn a_lease_has_one_holder_at_a_time(fixture: Fixture) {
    let store = &fixture.store;
    let take = |holder: &'static str, now, until| store.take_lease("timers", 3, holder, at(now), at(until));
    assert!(take("a", 0, 10).await.unwrap());
    assert!(!take("b", 5, 15).await.unwrap());
    assert!(take("a", 5, 20).await.unwrap(), "renewed");
    assert!(!take("b", 19, 30).await.unwrap());
    assert!(take("b", 20, 30).await.unwrap(), "its time was over");
    assert!(!take("a", 21, 40).await.unwrap());
    store.release_lease("timers", 3, "a").await.unwrap();
    assert!(!take("c", 22, 40).await.unwrap(), "only its holder gives it back");
    store.release_lease("timers", 3, "b").await.unwrap();
    assert!(take("c", 22, 40).await.unwrap());
    assert!(store.take_lease("timers", 4, "a", at(0), at(10)).await.unwrap(), "another shard");
}

async fn due(store: &Store, now: i64) -> Vec<String> {
    let mut ids = Vec::new();
    for shard in 0..SHARDS {
        ids.extend(store.due_messages(shard, at(now), 50).await.unwrap().into_iter().map(|message| message.id));
    }
    ids
}

async fn messages_of_an_instance_keep_their_order(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let mut commit = start(&id, "person:wang");
    commit.changes.push(Change::Enqueue(message(&id, 2, 1)));
    commit.changes.push(Change::Enqueue(OutboxMessage { topic: "other".into(), ..message(&id, 2, 2) }));
    committed(store.commit(commit).await);
    let [first, second, other] = [0, 1, 2].map(|index| outbox_id(&id, 2, index));
    assert_eq!(due(store, 0).await, [""; 0]);
    assert_eq!(due(store, 1).await, [first.clone(), other.clone()]);
    store.retry_message(&pharma(), &first, at(60), "503").await.unwrap();
    assert_eq!(due(store, 1).await, std::slice::from_ref(&other), "the second waits while the first backs off");
    let waiting = store.due_messages(shard_of(&pharma(), id.as_str()), at(60), 50).await.unwrap();
    assert_eq!(waiting.last().map(|m| (m.attempts, m.last_error.as_deref())), Some((1, Some("503"))));
    store.finish_message(&pharma(), &first).await.unwrap();
    assert_eq!(due(store, 1).await, [second, other]);
}

async fn a_parked_message_holds_nobody_up_and_can_be_sent_again(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let mut commit = start(&id, "person:wang");
    commit.changes.push(Change::Enqueue(message(&id, 2, 1)));
    committed(store.commit(commit).await);
    let [first, second] = [0, 1].map(|index| outbox_id(&id, 2, index));
    store.park_message(&pharma(), &first, "410 Gone").await.unwrap();
    assert_eq!(due(store, 1).await, [second]);
    let parked = store.parked_messages(&Scope::of(pharma()), None, 50).await.unwrap().items;
    assert_eq!(
        parked.iter().map(|m| (m.state, m.last_error.as_deref())).collect::<Vec<_>>(),
        [(OutboxState::Parked, Some("410 Gone"))]
    );
    assert!(store.replay_message(&pharma(), &first, at(2)).await.unwrap());
    assert!(!store.replay_message(&pharma(), &first, at(2)).await.unwrap());
    assert_eq!(due(store, 2).await, [first]);
}

async fn answers_are_forgotten_after_their_time(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(keyed(start(&instance_id(1), "person:wang"), "k", "body")).await);
    assert!(store.response(&pharma(), "person:li", "k").await.unwrap().is_some());
    assert_eq!(store.sweep_responses(at(1)).await.unwrap(), 0);
    assert_eq!(store.sweep_responses(at(2)).await.unwrap(), 1);
    assert_eq!(store.response(&pharma(), "person:li", "k").await.unwrap(), None);
}
