//! One action: written whole or not at all, once, and chained.

use zhupi_domain::{ContentHash, PersonId};
use zhupi_store::*;

use crate::support::*;

on_both![
    an_action_is_written_whole,
    a_stale_guard_writes_nothing,
    a_request_happens_once,
    a_task_guard_names_what_is_there,
    a_timer_fires_once,
    timers_of_one_moment_come_in_the_order_of_their_numbers,
    a_message_that_is_a_command_happens_once,
    a_login_belongs_to_one_person,
    people_change_under_a_version,
    a_release_is_put_once_and_becomes_current,
    what_is_malformed_is_refused_and_harms_nobody,
    one_bad_commit_does_not_take_others_with_it,
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

async fn a_task_guard_names_what_is_there(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    committed(store.commit(approve(&id, 2, 1, "person:zhao")).await);
    let guarded = |task, version| {
        let mut commit = Commit::new(pharma());
        commit.guards.push(Guard::Task { instance: id.clone(), task, version });
        commit.events.push(event((&id).into(), "commented", "{}"));
        commit
    };
    let found = |task, open, current| Conflict::Task { instance: id.clone(), task, open, current };
    assert_eq!(conflict(store.commit(guarded(1, 1)).await), found(1, false, Some(2)), "closed by another");
    assert_eq!(conflict(store.commit(guarded(2, 9)).await), found(2, true, Some(1)), "another version");
    assert_eq!(conflict(store.commit(guarded(7, 1)).await), found(7, false, None), "never there");
    committed(store.commit(guarded(2, 1)).await);
}

async fn a_timer_fires_once(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let mut arm = start(&id, "person:wang");
    for number in 1..=3 {
        arm.changes.push(Change::ArmTimer(Timer {
            company: pharma(),
            instance: id.clone(),
            number,
            visit: number.min(2),
            kind: "overdue".into(),
            due_at: at(100 * number),
        }));
    }
    committed(store.commit(arm).await);
    let shard = shard_of(&pharma(), id.as_str());
    let due = store.due_timers(shard, at(200), 10).await.unwrap();
    assert_eq!(due.iter().map(|timer| timer.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(store.next_timer(shard).await.unwrap(), Some(at(100)));

    let mut fire = Commit::new(pharma());
    fire.events.push(event((&id).into(), "reminded", "{}"));
    fire.changes.push(Change::DropTimer { instance: id.clone(), timer: 1 });
    committed(store.commit(fire.clone()).await);
    assert_eq!(conflict(store.commit(fire).await), Conflict::TimerGone { instance: id.clone(), timer: 1 });

    let mut end_visit = Commit::new(pharma());
    end_visit.changes.push(Change::DropTimers { instance: id.clone(), visit: 2 });
    committed(store.commit(end_visit).await);
    assert_eq!(store.timers_of(&pharma(), &id).await.unwrap(), []);
}

async fn timers_of_one_moment_come_in_the_order_of_their_numbers(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let mut arm = start(&id, "person:wang");
    for number in [3, 1, 2] {
        let (company, instance, kind) = (pharma(), id.clone(), "overdue".into());
        arm.changes.push(Change::ArmTimer(Timer { company, instance, number, visit: 1, kind, due_at: at(100) }));
    }
    committed(store.commit(arm).await);
    let due = store.due_timers(shard_of(&pharma(), id.as_str()), at(100), 10).await.unwrap();
    assert_eq!(due.iter().map(|timer| timer.number).collect::<Vec<_>>(), [1, 2, 3]);
}

async fn a_message_that_is_a_command_happens_once(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    let mut done = Commit::new(pharma());
    done.changes.push(Change::FinishMessage { id: outbox_id(&id, 2, 0) });
    committed(store.commit(done.clone()).await);
    assert_eq!(conflict(store.commit(done).await), Conflict::MessageGone { id: outbox_id(&id, 2, 0) });
}

fn person(id: &str, login: &str) -> Change {
    Change::PutPerson(PersonRecord {
        id: PersonId::new(id),
        body: format!(r#"{{"id":"{id}"}}"#),
        name: format!("员工{id}"),
        login: Some(login.into()),
        active: true,
    })
}

fn directory_change(change: Change) -> Commit {
    let mut commit = Commit::new(pharma());
    commit.events.push(event(Stream::Directory, "person-put", "{}"));
    commit.changes.push(change);
    commit
}

async fn a_login_belongs_to_one_person(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(directory_change(person("li", "li"))).await);
    committed(store.commit(directory_change(person("li", "li"))).await);
    let taken = store.commit(directory_change(person("wang", "li"))).await;
    assert_eq!(conflict(taken), Conflict::LoginTaken { login: "li".into() });
    let found = store.person_by_login(&pharma(), "li").await.unwrap().unwrap();
    assert_eq!(found.id, PersonId::new("li"));
}

async fn people_change_under_a_version(fixture: Fixture) {
    let store = &fixture.store;
    committed(store.commit(directory_change(person("li", "li"))).await);
    let mut leave = directory_change(Change::PutPerson(PersonRecord {
        active: false,
        ..store.directory(&pharma()).await.unwrap().people.remove(0)
    }));
    leave.guards.push(Guard::Directory { version: 1 });
    leave.changes.push(Change::PutDepartment(DepartmentRecord { id: name("sales"), body: "{}".into() }));
    committed(store.commit(leave.clone()).await);
    assert_eq!(conflict(store.commit(leave).await), Conflict::Directory { expected: 1, current: 2 });
    let directory = store.directory(&pharma()).await.unwrap();
    assert_eq!((directory.version, directory.people.len(), directory.departments.len()), (2, 1, 1));
    assert!(!directory.people[0].active);
}

async fn a_release_is_put_once_and_becomes_current(fixture: Fixture) {
    let store = &fixture.store;
    let body = r#"{"company.yaml":"name: x"}"#;
    let hash = ContentHash::of(&[body.as_bytes()]);
    let release = Release {
        hash: zhupi_domain::ReleaseHash(hash),
        body: body.into(),
        summary: "第一版".into(),
        deployed_at: at(5),
        deployed_by: "person:li".into(),
    };
    let mut deploy = Commit::new(pharma());
    deploy.events.push(event(Stream::Releases, "deployed", "{}"));
    deploy.changes.push(Change::PutRelease(Box::new(release.clone())));
    deploy.changes.push(Change::SetCurrentRelease { hash, at: at(5), by: "person:li".into() });
    committed(store.commit(deploy.clone()).await);
    let mut again = deploy.clone();
    again.changes[0] = Change::PutRelease(Box::new(Release { summary: "另一个说法".into(), ..release.clone() }));
    committed(store.commit(again).await);

    assert_eq!(store.company(&pharma()).await.unwrap().unwrap().release, Some(release.hash));
    assert_eq!(store.release(&pharma(), &release.hash).await.unwrap(), Some(release.clone()), "the first one stays");
    let history = store.release_history(&Scope::of(pharma()), None, 10).await.unwrap().items;
    assert_eq!(history.iter().map(|current| current.number).collect::<Vec<_>>(), [2, 1]);

    let mut unknown = Commit::new(pharma());
    let missing = ContentHash::of(&[b"missing"]);
    unknown.changes.push(Change::SetCurrentRelease { hash: missing, at: at(6), by: "person:li".into() });
    assert_eq!(conflict(store.commit(unknown).await), Conflict::ReleaseMissing { hash: missing });
    let mut forged = deploy;
    forged.changes[0] = Change::PutRelease(Box::new(Release { body: "{}".into(), ..release }));
    assert!(matches!(store.commit(forged).await, CommitOutcome::Unavailable(StoreError::Refused(_))));
}

async fn what_is_malformed_is_refused_and_harms_nobody(fixture: Fixture) {
    let store = &fixture.store;
    let other = zhupi_domain::CompanyId::new("other");
    let mut foreign = start(&instance_id(1), "person:wang");
    foreign.changes.push(Change::Enqueue(OutboxMessage { company: other, ..message(&instance_id(1), 9, 0) }));
    let mut nul = start(&instance_id(1), "person:wang");
    nul.events[0].payload = "\0".into();
    let mut nul_elsewhere = start(&instance_id(1), "person:wang");
    nul_elsewhere.changes.push(Change::AddReaders { instance: instance_id(1), readers: vec!["\0".into()] });
    let mut closes_nothing = start(&instance_id(1), "person:wang");
    closes_nothing.changes.push(Change::CloseTask {
        instance: instance_id(1),
        task: 9,
        version: 2,
        outcome: "approved".into(),
        at: at(2),
        acted_by: None,
    });
    for commit in [foreign, nul, nul_elsewhere, closes_nothing] {
        let outcome = store.commit(commit).await;
        assert!(matches!(outcome, CommitOutcome::Unavailable(StoreError::Refused(_))), "{outcome:?}");
    }
    assert_eq!(store.instance(&pharma(), &instance_id(1)).await.unwrap(), None);
    committed(store.commit(start(&instance_id(1), "person:wang")).await);
}

/// The batch as a whole fails; each of its commits is then tried alone.
async fn one_bad_commit_does_not_take_others_with_it(fixture: Fixture) {
    let commits = (0..40).map(|i| {
        let mut commit = start(&instance_id(i), "person:wang");
        if i % 8 == 3 {
            // The same task twice: no guard finds it, the key of the table does.
            commit.changes.push(Change::OpenTask(task(&instance_id(i), 1, "person:wang", None)));
        }
        let store = fixture.store.clone();
        tokio::spawn(async move { (i, store.commit(commit).await) })
    });
    for commit in commits.collect::<Vec<_>>() {
        let (i, outcome) = commit.await.unwrap();
        match outcome {
            CommitOutcome::Committed(_) => assert_ne!(i % 8, 3),
            CommitOutcome::Unavailable(StoreError::Refused(_)) => assert_eq!(i % 8, 3),
            other => panic!("{other:?}"),
        }
    }
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
    assert_eq!(fixture.store.inbox(&scope("person:wang"), None, None, 100).await.unwrap().items.len(), 35);
}
