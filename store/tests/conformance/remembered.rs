//! What a writer remembers of streams is only a guess: another server may have written meanwhile.

use zhupi_store::*;

use crate::support::*;

/// An approval as the product commits it: the stream and the directory are what it relies on.
fn approval(number: u64, head: i64, directory: i64) -> Commit {
    let id = instance_id(number);
    let mut commit = approve(&id, head, head / 2, "person:wang");
    commit.guards.retain(|guard| matches!(guard, Guard::Stream { .. }));
    commit.guards.push(Guard::Directory { version: directory });
    commit
}

fn change_the_directory() -> Commit {
    let mut commit = Commit::new(pharma());
    commit.events.push(event(Stream::Directory, "person_changed", "{}"));
    commit
}

/// Two servers on one database, both with a directory and an instance whose head is 4 and was last written by the first.
async fn two_servers() -> Option<(Fixture, Store)> {
    let fixture = postgres().await?;
    let other = Store::open(fixture.config.clone(), Salts::random()).await.unwrap();
    committed(fixture.store.commit(change_the_directory()).await);
    committed(fixture.store.commit(start(&instance_id(1), "person:wang")).await);
    committed(fixture.store.commit(approval(1, 2, 1)).await);
    Some((fixture, other))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_server_wrote_is_seen() {
    let Some((fixture, other)) = two_servers().await else { return };
    committed(other.commit(approval(1, 4, 1)).await);
    let late = conflict(fixture.store.commit(approval(1, 4, 1)).await);
    let stream = Stream::Instance(instance_id(1));
    assert_eq!(late, Conflict::Stream { stream: stream.clone(), expected: 4, current: 6 });
    // Now the first remembers nothing and reads; then it remembers again.
    assert_eq!(committed(fixture.store.commit(approval(1, 6, 1)).await)[&stream], 8);
    assert_eq!(committed(fixture.store.commit(approval(1, 8, 1)).await)[&stream], 10);
    // The other has its own memory, of 6.
    assert_eq!(committed(other.commit(approval(1, 10, 1)).await)[&stream], 12);
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_that_another_server_changed_stops_an_action() {
    let Some((fixture, other)) = two_servers().await else { return };
    committed(other.commit(change_the_directory()).await);
    let late = conflict(fixture.store.commit(approval(1, 4, 1)).await);
    assert_eq!(late, Conflict::Directory { expected: 1, current: 2 });
    committed(fixture.store.commit(approval(1, 4, 2)).await);
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_does_not_hold_takes_nothing_from_the_others_of_its_batch() {
    let Some((fixture, other)) = two_servers().await else { return };
    for number in 2..=20 {
        committed(fixture.store.commit(start(&instance_id(number), "person:wang")).await);
    }
    committed(other.commit(approval(7, 2, 1)).await);
    let sent = (2..=20).map(|number| {
        let store = fixture.store.clone();
        tokio::spawn(async move { (number, store.commit(approval(number, 2, 1)).await) })
    });
    for sent in sent.collect::<Vec<_>>() {
        match sent.await.unwrap() {
            (7, outcome) => assert!(matches!(conflict(outcome), Conflict::Stream { expected: 2, current: 4, .. })),
            (_, outcome) => drop(committed(outcome)),
        }
    }
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

/// The same request sent to both: the second finds the first's answer, whether its guards hold or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_another_server_answered_is_a_duplicate() {
    let Some((fixture, other)) = two_servers().await else { return };
    committed(other.commit(keyed(approval(1, 4, 1), "k", "body")).await);
    for again in [approval(1, 4, 1), approval(1, 6, 1)] {
        let told = fixture.store.commit(keyed(again, "k", "body")).await;
        assert!(matches!(&told, CommitOutcome::Duplicate(response) if response.status == 201), "{told:?}");
    }
    committed(fixture.store.commit(approval(1, 6, 1)).await);
    let told = fixture.store.commit(keyed(approval(1, 8, 1), "k", "body")).await;
    assert!(matches!(told, CommitOutcome::Duplicate(_)), "{told:?}");
    let told = fixture.store.commit(keyed(approval(1, 8, 1), "k", "other")).await;
    assert!(matches!(told, CommitOutcome::KeyReused), "{told:?}");
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}
