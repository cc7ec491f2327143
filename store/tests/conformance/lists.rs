//! Lists: what a viewer sees, and how it comes in pages.

use zhupi_domain::{CompanyId, InstanceId};
use zhupi_store::*;

use crate::support::*;

on_both![
    a_viewer_sees_what_their_keys_open,
    nothing_of_another_company_is_seen,
    pages_join_without_gap_or_repetition,
    the_inbox_shows_what_is_due_first,
    filters_narrow_a_list,
    a_search_takes_any_text_as_text,
    incidents_are_seen_by_readers_and_by_who_looks_after_them,
];

async fn started(store: &Store, numbers: impl IntoIterator<Item = u64>, assignee: &str) -> Vec<InstanceId> {
    let mut ids = Vec::new();
    for number in numbers {
        let id = instance_id(number);
        committed(store.commit(start(&id, assignee)).await);
        ids.push(id);
    }
    ids
}

async fn a_viewer_sees_what_their_keys_open(fixture: Fixture) {
    let store = &fixture.store;
    let ids = started(store, 1..=2, "person:wang").await;
    started(store, 3..=3, "person:zhao").await;
    let seen = |scope: Scope| async move {
        let page = store.instances(&scope, &InstanceFilter::default(), None, 50).await.unwrap();
        page.items.into_iter().map(|instance| instance.id).collect::<Vec<_>>()
    };
    assert_eq!(seen(scope("person:wang")).await, [ids[1].clone(), ids[0].clone()], "newest first");
    assert_eq!(seen(scope("person:wang").reader("person:zhao")).await.len(), 3, "each once, by any key");
    assert_eq!(seen(scope("person:nobody")).await, []);
    assert_eq!(seen(Scope::of(pharma())).await, []);
    assert!(store.may_read(&scope("person:wang"), &ids[0]).await.unwrap());
    assert!(!store.may_read(&scope("person:zhao"), &ids[0]).await.unwrap());
    assert!(!store.may_read(&Scope::of(pharma()), &ids[0]).await.unwrap());
}

async fn nothing_of_another_company_is_seen(fixture: Fixture) {
    let store = &fixture.store;
    let ids = started(store, 1..=1, "person:wang").await;
    let other = CompanyId::new("pharma2");
    let mut create = Commit::new(other.clone());
    create.changes.push(Change::CreateCompany { name: "另一家".into(), at: at(0) });
    committed(store.commit(create).await);
    let foreign = Scope { company: other.clone(), ..scope("person:wang").with_all_incidents() };

    assert_eq!(store.instances(&foreign, &InstanceFilter::default(), None, 50).await.unwrap().items, []);
    assert_eq!(store.inbox(&foreign, None, None, 50).await.unwrap().items, []);
    assert!(!store.may_read(&foreign, &ids[0]).await.unwrap());
    assert_eq!(store.instance(&other, &ids[0]).await.unwrap(), None);
    assert_eq!(store.timeline(&other, &(&ids[0]).into(), 0, 50).await.unwrap().items, []);
    assert_eq!(store.open_tasks(&foreign, at(1_000)).await.unwrap(), OpenTasks::default());
    assert_eq!(store.parked_messages(&foreign, None, 50).await.unwrap().items, []);
    // The same id in the other company is another instance.
    let mut same = start(&ids[0], "person:wang");
    same.company = other.clone();
    same.changes.retain(|change| !matches!(change, Change::Enqueue(_)));
    committed(store.commit(same).await);
    assert_eq!(store.inbox(&foreign, None, None, 50).await.unwrap().items.len(), 1);
    assert_eq!(store.inbox(&scope("person:wang"), None, None, 50).await.unwrap().items.len(), 1);
}

async fn pages_join_without_gap_or_repetition(fixture: Fixture) {
    let store = &fixture.store;
    let ids = started(store, 1..=7, "person:wang").await;
    let viewer = scope("person:wang").reader("person:li");
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let page = store.instances(&viewer, &InstanceFilter::default(), after.as_ref(), 3).await.unwrap();
        listed.extend(page.items.into_iter().map(|instance| instance.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, ids.iter().rev().cloned().collect::<Vec<_>>());

    let (mut tasks, mut after) = (Vec::new(), None);
    loop {
        let page = store.inbox(&viewer, None, after.as_ref(), 3).await.unwrap();
        tasks.extend(page.items.into_iter().map(|item| item.task.instance));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(tasks, ids);

    let (mut numbers, mut after) = (Vec::new(), 0);
    for _ in 0..2 {
        let page = store.timeline(&pharma(), &(&ids[0]).into(), after, 1).await.unwrap();
        numbers.extend(page.items.iter().map(|event| event.number));
        after = page.next.unwrap_or(after);
    }
    assert_eq!(numbers, [1, 2]);
}

async fn the_inbox_shows_what_is_due_first(fixture: Fixture) {
    let store = &fixture.store;
    let mut commit = start(&instance_id(1), "person:wang");
    commit.changes.push(Change::OpenTask(task(&instance_id(1), 2, "person:wang", None)));
    commit.changes.push(Change::OpenTask(task(&instance_id(1), 3, "role:finance", Some(at(50)))));
    commit.changes.push(Change::OpenTask(task(&instance_id(1), 4, "person:wang", Some(at(70)))));
    committed(store.commit(commit).await);
    let viewer = scope("person:wang").assignee("role:finance");
    let order = |items: Vec<InboxItem>| items.into_iter().map(|item| item.task.number).collect::<Vec<_>>();
    assert_eq!(order(store.inbox(&viewer, None, None, 50).await.unwrap().items), [3, 4, 1, 2]);
    assert_eq!(store.inbox(&viewer, Some("another-flow"), None, 50).await.unwrap().items, []);
    assert_eq!(store.open_tasks(&viewer, at(100)).await.unwrap(), OpenTasks { open: 4, overdue: 2 });

    let mut transfer = Commit::new(pharma());
    transfer.events.push(event((&instance_id(1)).into(), "task-transferred", "{}"));
    let (instance, assignee) = (instance_id(1), "person:zhao".to_owned());
    transfer.changes.push(Change::UpdateTask {
        instance,
        task: 2,
        version: 2,
        assignee,
        due_at: Some(at(10)),
        queued: Vec::new(),
    });
    committed(store.commit(transfer).await);
    assert_eq!(order(store.inbox(&viewer, None, None, 50).await.unwrap().items), [3, 4, 1]);
    let moved = store.inbox(&scope("person:zhao"), None, None, 50).await.unwrap().items.remove(0).task;
    assert_eq!((moved.number, moved.version, moved.due_at), (2, 2, Some(at(10))));
}

async fn filters_narrow_a_list(fixture: Fixture) {
    let store = &fixture.store;
    for (number, title, document) in [(1, "坏账申请 100%", "HZ-202601-0001"), (2, "费用报销 AbC", "BX_1")] {
        let mut commit = start(&instance_id(number), "person:wang");
        let mut record = instance(&instance_id(number), if number == 1 { "open" } else { "ended" });
        record.summary.title = title.into();
        record.summary.number = Some(document.into());
        record.summary.initiator = format!("person{number}");
        record.summary.period = Some(format!("2026-0{number}"));
        commit.changes[0] = Change::PutInstance(Box::new(record));
        committed(store.commit(commit).await);
    }
    let found = |filter: InstanceFilter| async move {
        let page = store.instances(&scope("person:wang"), &filter, None, 50).await.unwrap();
        page.items.into_iter().map(|instance| instance.number.unwrap()).collect::<Vec<_>>()
    };
    let text = |text: &str| InstanceFilter { text: Some(text.into()), ..InstanceFilter::default() };
    assert_eq!(found(text("坏账")).await, ["HZ-202601-0001"]);
    assert_eq!(found(text("abc")).await, ["BX_1"]);
    assert_eq!(found(text("hz-2026")).await, ["HZ-202601-0001"]);
    let only = InstanceFilter::default;
    assert_eq!(found(InstanceFilter { status: Some("ended".into()), ..only() }).await, ["BX_1"]);
    assert_eq!(found(InstanceFilter { initiator: Some("person1".into()), ..only() }).await, ["HZ-202601-0001"]);
    assert_eq!(found(InstanceFilter { period: Some("2026-02".into()), ..only() }).await, ["BX_1"]);
    assert_eq!(found(InstanceFilter { flow: Some("bad-debt".into()), ..only() }).await.len(), 2);
    assert_eq!(found(InstanceFilter { subject: Some("nobody".into()), ..only() }).await, [""; 0]);
}

async fn a_search_takes_any_text_as_text(fixture: Fixture) {
    let store = &fixture.store;
    let mut commit = Commit::new(pharma());
    commit.events.push(event(Stream::Directory, "imported", "{}"));
    for (id, name) in [("p1", "张三"), ("p2", "100%_\\"), ("p3", "O'Brien; --")] {
        let id = zhupi_domain::PersonId::new(id);
        let login = Some(format!("login-{id}"));
        commit.changes.push(Change::PutPerson(PersonRecord {
            id,
            body: "{}".into(),
            name: name.into(),
            login,
            active: true,
        }));
    }
    committed(store.commit(commit).await);
    for (text, expected) in [
        ("张", vec!["p1"]),
        ("%", vec!["p2"]),
        ("_", vec!["p2"]),
        ("\\", vec!["p2"]),
        ("'", vec!["p3"]),
        ("LOGIN-", vec!["p1", "p2", "p3"]),
        ("", vec!["p1", "p2", "p3"]),
        ("%%", vec![]),
    ] {
        let found = store.search_people(&Scope::of(pharma()), text, None, 50).await.unwrap().items;
        assert_eq!(found.iter().map(|person| person.id.as_str()).collect::<Vec<_>>(), expected, "{text:?}");
    }
}

async fn incidents_are_seen_by_readers_and_by_who_looks_after_them(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let mut commit = start(&id, "person:wang");
    for number in 1..=2 {
        commit.changes.push(Change::OpenIncident(Incident {
            instance: id.clone(),
            number,
            kind: "nobody-to-ask".into(),
            visit: 1,
            body: "{}".into(),
            opened_at: at(1),
            closed_at: None,
        }));
    }
    committed(store.commit(commit).await);
    let numbers = |scope: Scope, after: Option<(InstanceId, i64)>| async move {
        let page = store.incidents(&scope, after.as_ref(), 50).await.unwrap();
        page.items.into_iter().map(|incident| incident.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(scope("person:wang"), None).await, [1, 2]);
    assert_eq!(numbers(scope("person:wang"), Some((id.clone(), 1))).await, [2]);
    assert_eq!(numbers(scope("person:else"), None).await, [0; 0]);
    assert_eq!(numbers(scope("person:else").with_all_incidents(), None).await, [1, 2]);

    let mut resolve = Commit::new(pharma());
    resolve.events.push(event((&id).into(), "incident-closed", "{}"));
    resolve.changes.push(Change::CloseIncident { instance: id.clone(), incident: 1, at: at(9) });
    committed(store.commit(resolve).await);
    assert_eq!(numbers(scope("person:wang"), None).await, [2]);
    assert_eq!(store.incidents_of(&pharma(), &id).await.unwrap().len(), 2);
}
