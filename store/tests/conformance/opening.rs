//! Opening a store: schema versions, one process at a time, looking without changing.

use sqlx::{Connection, PgConnection, SqliteConnection};
use zhupi_store::*;

use crate::support::{self, *};

on_both![
    a_store_opens_again_with_what_it_held,
    a_newer_schema_is_refused,
    a_changed_migration_is_refused,
    a_migration_that_was_cut_short_is_finished,
    messages_of_an_older_install_go_out_in_order,
    who_waits_for_their_turn_is_told_of_an_older_install,
    who_only_reads_changes_nothing,
    a_closed_store_says_so,
];

pub async fn run(config: &Config, sql: &'static str) {
    match config {
        Config::Sqlite { dir, .. } => {
            let url = format!("sqlite://{}", dir.join("zhupi.db").display());
            let mut connection = SqliteConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        }
        Config::Postgres { url, .. } => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        }
    }
}

async fn a_store_opens_again_with_what_it_held(mut fixture: Fixture) {
    committed(fixture.store.commit(start(&instance_id(1), "person:wang")).await);
    fixture.store.close().await;
    fixture = fixture.reopen().await.unwrap();
    committed(fixture.store.commit(approve(&instance_id(1), 2, 1, "person:zhao")).await);
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

async fn a_newer_schema_is_refused(fixture: Fixture) {
    run(&fixture.config, "INSERT INTO schema_versions (version, hash) VALUES (999, 'x')").await;
    // The hash of a migration that this program does not know cannot be judged.
    run(
        &fixture.config,
        "UPDATE schema_versions SET hash = (SELECT min(hash) FROM schema_versions) WHERE version = 999",
    )
    .await;
    let refused = fixture.reopen().await.map(drop);
    assert!(matches!(refused, Err(StoreError::NewerSchema { found: 999, .. })), "{refused:?}");
}

async fn a_changed_migration_is_refused(fixture: Fixture) {
    let other =
        "UPDATE schema_versions SET hash = (SELECT hash FROM schema_versions WHERE version = 2) WHERE version = 3";
    run(&fixture.config, other).await;
    let refused = fixture.reopen().await.map(drop);
    assert!(matches!(refused, Err(StoreError::ChangedMigration(3))), "{refused:?}");
}

/// The last migration is undone whole, as a killed server leaves it: each is one transaction.
async fn a_migration_that_was_cut_short_is_finished(fixture: Fixture) {
    run(
        &fixture.config,
        "DROP INDEX tasks_acted; ALTER TABLE tasks DROP COLUMN acted_by; \
         DELETE FROM schema_versions WHERE version = 10",
    )
    .await;
    let looked = Store::open_read_only(fixture.config.clone()).await.map(drop);
    assert!(matches!(looked, Err(StoreError::OlderSchema { found, known }) if found + 1 == known), "{looked:?}");
    let fixture = fixture.reopen().await.unwrap();
    assert_eq!(fixture.store.tasks_of(&pharma(), &instance_id(1)).await.unwrap(), []);
}

/// What an install of before holds is there after its migrations: the index by which messages were put in order is not needed.
async fn messages_of_an_older_install_go_out_in_order(fixture: Fixture) {
    for number in 1..=2 {
        committed(fixture.store.commit(start(&instance_id(number), "person:wang")).await);
        committed(fixture.store.commit(approve(&instance_id(number), 2, 1, "person:zhao")).await);
    }
    run(
        &fixture.config,
        "CREATE INDEX outbox_order ON outbox (company, instance, topic, id) WHERE state = 'pending'; \
         DELETE FROM schema_versions WHERE version = 9",
    )
    .await;
    let fixture = fixture.reopen().await.unwrap();
    let firsts = [outbox_id(&instance_id(1), 2, 0), outbox_id(&instance_id(2), 2, 0)];
    assert_eq!(due(&fixture.store).await, firsts, "each instance's first message, and no later one");
}

/// The state of a request says who waits behind a task; a task that is done, and one that nobody waits behind, name nobody.
async fn who_waits_for_their_turn_is_told_of_an_older_install(fixture: Fixture) {
    let queue = r#"{"visits":{"1":{"queue":[{"person":"zhou"},{"person":"an"}]},"2":{"queue":[]},"3":{}}}"#;
    for number in 1..=3 {
        let mut commit = start(&instance_id(number), "person:wang");
        for change in &mut commit.changes {
            match change {
                Change::PutInstance(instance) => instance.state = queue.into(),
                Change::OpenTask(task) => task.visit = i64::try_from(number).unwrap(),
                _ => {}
            }
        }
        committed(fixture.store.commit(commit).await);
    }
    let mut closed = start(&instance_id(4), "person:wang");
    for change in &mut closed.changes {
        if let Change::PutInstance(instance) = change {
            instance.state = queue.into();
        }
    }
    committed(fixture.store.commit(closed).await);
    committed(fixture.store.commit(approve(&instance_id(4), 2, 1, "person:zhao")).await);
    run(&fixture.config, "ALTER TABLE tasks DROP COLUMN queued; DELETE FROM schema_versions WHERE version = 12").await;
    let fixture = fixture.reopen().await.unwrap();
    for (number, waiting) in [(1, vec!["person:zhou", "person:an"]), (2, vec![]), (3, vec![]), (4, vec![])] {
        let task = fixture.store.task(&pharma(), &instance_id(number), 1).await.unwrap().unwrap();
        assert_eq!(task.queued, waiting, "{number}");
    }
}

/// The messages that may go out now, in the order of their ids.
async fn due(store: &Store) -> Vec<String> {
    let mut due = Vec::new();
    for shard in 0..16 {
        due.extend(store.due_messages(shard, at(1), 100).await.unwrap().into_iter().map(|message| message.id));
    }
    due.sort();
    due
}

async fn who_only_reads_changes_nothing(fixture: Fixture) {
    committed(fixture.store.commit(start(&instance_id(1), "person:wang")).await);
    let looking = Store::open_read_only(fixture.config.clone()).await.unwrap();
    assert!(looking.verify(None).await.unwrap().is_sound());
    let refused = looking.commit(start(&instance_id(2), "person:wang")).await;
    assert!(matches!(refused, CommitOutcome::Unavailable(StoreError::ReadOnly)));
    assert!(matches!(looking.seal(at(1)).await, Err(StoreError::ReadOnly)));
    committed(fixture.store.commit(start(&instance_id(2), "person:wang")).await);
    assert_eq!(looking.inbox(&scope("person:wang"), None, None, 50).await.unwrap().items.len(), 2);
}

async fn a_closed_store_says_so(fixture: Fixture) {
    fixture.store.ping().await.unwrap();
    fixture.store.close().await;
    let outcome = fixture.store.commit(start(&instance_id(1), "person:wang")).await;
    assert!(matches!(outcome, CommitOutcome::Unavailable(StoreError::Unreachable(_))), "{outcome:?}");
    assert!(fixture.store.ping().await.is_err());
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let fixture = support::sqlite().await;
    let second = Store::open(fixture.config.clone(), counted_salts()).await.map(drop);
    assert!(matches!(second, Err(StoreError::InUse(_))), "{second:?}");
    Store::open_read_only(fixture.config.clone()).await.unwrap();
    let fixture = fixture.reopen().await.unwrap();
    fixture.store.ping().await.unwrap();
}

#[tokio::test]
async fn two_servers_may_share_one_postgresql() {
    let Some(fixture) = support::postgres().await else { return };
    let second = Store::open(fixture.config.clone(), Salts::random()).await.unwrap();
    committed(fixture.store.commit(start(&instance_id(1), "person:wang")).await);
    committed(second.commit(approve(&instance_id(1), 2, 1, "person:zhao")).await);
    assert_eq!(
        conflict(fixture.store.commit(approve(&instance_id(1), 2, 1, "person:zhao")).await),
        Conflict::Stream { stream: (&instance_id(1)).into(), expected: 2, current: 4 }
    );
    assert!(fixture.store.verify(None).await.unwrap().is_sound());
}

#[tokio::test]
async fn servers_that_start_together_migrate_once() {
    let Some(url) = support::postgres::database() else { return };
    let opening = (0..4).map(|_| tokio::spawn(Store::open(Config::postgres(url.clone()), Salts::random())));
    for store in opening.collect::<Vec<_>>() {
        store.await.unwrap().unwrap().ping().await.unwrap();
    }
}
