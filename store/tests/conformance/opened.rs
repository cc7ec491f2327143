//! Tasks of others that are opened to a viewer for a time.

use zhupi_store::*;

use crate::support::*;

on_both![
    what_is_opened_is_listed_counted_and_read_and_nothing_else_of_that_assignee,
    what_was_done_for_others_is_found,
    where_the_viewer_has_a_voice_nothing_of_others_is_listed,
    who_waits_for_their_turn_is_shown_nothing_of_others_before,
];

fn opened(assignee: &str, flow: Option<&str>, not_of: &str) -> Opened {
    Opened {
        assignee: assignee.into(),
        flow: flow.map(str::to_owned),
        not_kind: "resubmit".into(),
        not_of: not_of.into(),
        acted_by: "person:zhao".into(),
    }
}

fn numbers(page: Page<InboxItem, InboxCursor>) -> Vec<(String, i64)> {
    page.items.into_iter().map(|item| (item.task.instance.to_string(), item.task.number)).collect()
}

async fn what_is_opened_is_listed_counted_and_read_and_nothing_else_of_that_assignee(fixture: Fixture) {
    let store = &fixture.store;
    let (one, two, three) = (instance_id(1), instance_id(2), instance_id(3));
    let mut commit = start(&one, "person:wang");
    commit.changes.push(Change::OpenTask(task(&one, 2, "person:wang", Some(at(50)))));
    commit.changes.push(Change::OpenTask(Task { kind: "resubmit".into(), ..task(&one, 3, "person:wang", None) }));
    committed(store.commit(commit).await);
    let mut commit = start(&two, "person:zhao");
    commit.changes.push(Change::OpenTask(Task { flow: "leave".into(), ..task(&two, 2, "person:wang", Some(at(70))) }));
    committed(store.commit(commit).await);
    committed(store.commit(start(&three, "person:wang")).await);
    let mut ended = Commit::new(pharma());
    ended.changes.push(Change::CloseTask {
        instance: three.clone(),
        task: 1,
        version: 2,
        outcome: "approved".into(),
        at: at(2),
        acted_by: None,
    });
    committed(store.commit(ended).await);

    let zhao = scope("person:zhao").opening(opened("person:wang", None, "zhao"));
    let at_two = |number| (two.to_string(), number);
    let at_one = |number| (one.to_string(), number);
    let all = store.inbox(&zhao, None, None, 50).await.unwrap();
    assert_eq!(
        numbers(all),
        [at_one(2), at_two(2), at_one(1), at_two(1)],
        "in one order, without what is for wang alone"
    );
    assert_eq!(store.open_tasks(&zhao, at(60)).await.unwrap(), OpenTasks { open: 4, overdue: 1 });
    let (mut joined, mut after) = (Vec::new(), None);
    for _ in 0..4 {
        let page = store.inbox(&zhao, None, after.as_ref(), 1).await.unwrap();
        after.clone_from(&page.next);
        joined.extend(numbers(page));
    }
    assert_eq!((joined, after), (vec![at_one(2), at_two(2), at_one(1), at_two(1)], None));

    assert!(store.may_read(&zhao, &one).await.unwrap());
    assert!(!store.may_read(&zhao, &three).await.unwrap(), "wang has nothing to do there any more");
    assert!(!store.may_read(&scope("person:zhao"), &one).await.unwrap(), "at once, when it is not opened any more");
    let list = store.instances(&zhao, &InstanceFilter::default(), None, 50).await.unwrap();
    assert_eq!(list.items.len(), 1, "lists show what one may read oneself");

    let leave = scope("person:zhao").opening(opened("person:wang", Some("leave"), "zhao"));
    assert_eq!(numbers(store.inbox(&leave, None, None, 50).await.unwrap()), [at_two(2), at_two(1)]);
    assert_eq!(numbers(store.inbox(&leave, Some("bad-debt"), None, 50).await.unwrap()), [at_two(1)]);
    assert_eq!(numbers(store.inbox(&leave, Some("leave"), None, 50).await.unwrap()), [at_two(2)]);
    assert_eq!(store.open_tasks(&leave, at(60)).await.unwrap(), OpenTasks { open: 2, overdue: 0 });
    assert!(!store.may_read(&leave, &one).await.unwrap());

    let own = scope("person:zhao").opening(opened("person:wang", None, "li"));
    assert_eq!(numbers(store.inbox(&own, None, None, 50).await.unwrap()), [at_two(1)], "all of them are of li");
    assert_eq!(store.open_tasks(&own, at(60)).await.unwrap(), OpenTasks { open: 1, overdue: 0 });
    assert!(!store.may_read(&own, &one).await.unwrap());
    let foreign = Scope { company: zhupi_domain::CompanyId::new("pharma2"), ..zhao };
    assert_eq!(store.inbox(&foreign, None, None, 50).await.unwrap().items, []);
    assert!(!store.may_read(&foreign, &one).await.unwrap());
}

async fn what_was_done_for_others_is_found(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    let mut commit = Commit::new(pharma());
    commit.changes.push(Change::CloseTask {
        instance: id.clone(),
        task: 1,
        version: 2,
        outcome: "approved".into(),
        at: at(2),
        acted_by: Some("person:zhao".into()),
    });
    committed(store.commit(commit).await);
    let zhao = scope("person:zhao").opening(opened("person:wang", None, "zhao"));
    let done = store.done(&zhao, None, None, 50).await.unwrap();
    assert_eq!(done.items[0].task.acted_by.as_deref(), Some("person:zhao"));
    assert!(store.may_read(&zhao, &id).await.unwrap(), "what one did oneself stays open as long");
    assert_eq!(store.done(&scope("person:wang"), None, None, 50).await.unwrap().items.len(), 1, "it was wang's");
    assert_eq!(store.done(&scope("person:zhao"), None, None, 50).await.unwrap().items, [], "it is over");
    assert!(!store.may_read(&scope("person:zhao"), &id).await.unwrap());
    let chen = Opened { acted_by: "person:chen".into(), ..opened("person:wang", None, "chen") };
    let chen = scope("person:chen").opening(chen);
    assert!(!store.may_read(&chen, &id).await.unwrap(), "another substitute did nothing there");
}

async fn where_the_viewer_has_a_voice_nothing_of_others_is_listed(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let mut commit = start(&id, "person:li");
    for (number, assignee) in [(2, "person:wang"), (3, "person:zhao"), (4, "person:wang"), (5, "person:wang")] {
        let visit = if number < 4 { 7 } else { number };
        commit.changes.push(Change::OpenTask(Task { visit, ..task(&id, number, assignee, None) }));
    }
    committed(store.commit(commit).await);
    let close = |task, outcome: &str, acted_by: Option<&str>| {
        let mut commit = Commit::new(pharma());
        let (instance, outcome, acted_by) = (id.clone(), outcome.to_owned(), acted_by.map(str::to_owned));
        commit.changes.push(Change::CloseTask { instance, task, version: 2, outcome, at: at(2), acted_by });
        commit
    };
    let zhao = scope("person:zhao").opening(opened("person:wang", None, "zhao"));
    let listed = async || {
        let page = numbers(store.inbox(&zhao, None, None, 50).await.unwrap());
        assert_eq!(store.open_tasks(&zhao, at(0)).await.unwrap().open, page.len() as i64);
        page.into_iter().map(|(_, number)| number).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [3, 4, 5], "their own of that visit, and wang's of others");
    committed(store.commit(close(3, "approved", None)).await);
    assert_eq!(listed().await, [4, 5], "they have decided there");
    let mut again = Commit::new(pharma());
    again.changes.push(Change::OpenTask(Task { visit: 4, ..task(&id, 6, "person:chen", None) }));
    committed(store.commit(again).await);
    committed(store.commit(close(6, "approved", Some("person:zhao"))).await);
    assert_eq!(listed().await, [5], "nor for two");
    let mut handed_over = Commit::new(pharma());
    handed_over.changes.push(Change::OpenTask(Task { visit: 5, ..task(&id, 8, "person:zhao", None) }));
    committed(store.commit(handed_over).await);
    committed(store.commit(close(8, "transferred", None)).await);
    assert_eq!(listed().await, [5], "what was handed over was not decided");
    let mut taken_away = Commit::new(pharma());
    taken_away.changes.push(Change::OpenTask(Task { visit: 5, ..task(&id, 9, "person:zhao", None) }));
    committed(store.commit(taken_away).await);
    assert_eq!(listed().await, [9]);
    committed(store.commit(close(9, "role-revoked", None)).await);
    assert_eq!(listed().await, [5], "nor what was taken away with the role");
}

async fn who_waits_for_their_turn_is_shown_nothing_of_others_before(fixture: Fixture) {
    let store = &fixture.store;
    let id = instance_id(1);
    let line = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let mut commit = start(&id, "person:li");
    for (number, queued) in [
        (2, line(&["person:chen", "person:zhao"])),
        (3, line(&["person:zhao_", "person:zhao2", "person:azhao"])),
        (4, line(&[])),
    ] {
        commit.changes.push(Change::OpenTask(Task { queued, ..task(&id, number, "person:wang", None) }));
    }
    committed(store.commit(commit).await);
    assert_eq!(store.task(&pharma(), &id, 2).await.unwrap().unwrap().queued, ["person:chen", "person:zhao"]);
    let zhao = scope("person:zhao").opening(opened("person:wang", None, "zhao"));
    let listed = async || {
        let page = numbers(store.inbox(&zhao, None, None, 50).await.unwrap());
        assert_eq!(store.open_tasks(&zhao, at(0)).await.unwrap().open, page.len() as i64);
        page.into_iter().map(|(_, number)| number).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, [3, 4], "names that look alike are somebody else's");
    let queue = |task, queued| {
        let mut commit = Commit::new(pharma());
        let (instance, assignee) = (id.clone(), "person:wang".to_owned());
        commit.changes.push(Change::UpdateTask { instance, task, version: 1, assignee, due_at: None, queued });
        commit
    };
    committed(store.commit(queue(2, line(&["person:chen"]))).await);
    committed(store.commit(queue(4, line(&["person:zhao"]))).await);
    assert_eq!(listed().await, [2, 3], "as the line becomes another one");
}
