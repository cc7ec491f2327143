//! Backups: one moment of the data, on to either database.

use std::path::Path;

use zhupi_domain::FileId;
use zhupi_store::*;

use crate::files::{attach, uploaded};
use crate::support::{self, *};

on_both![
    a_backup_under_load_is_one_moment,
    a_backup_is_only_restored_into_an_empty_store,
    a_changed_backup_is_refused_and_leaves_no_half_store,
];

async fn empty(dir: &Path) -> Vec<Config> {
    let mut configs = vec![Config::sqlite(dir.join("restored"))];
    configs.extend(support::postgres::database().map(Config::postgres));
    configs
}

async fn a_backup_under_load_is_one_moment(fixture: Fixture) {
    let store = fixture.store.clone();
    for number in 0..20 {
        committed(store.commit(start(&instance_id(number), "person:wang")).await);
    }
    uploaded(&store, "attached", &[7; 300_000]).await;
    committed(store.commit(attach("attached")).await);
    store.seal(at(10)).await.unwrap();
    let writing = {
        let store = store.clone();
        tokio::spawn(async move {
            for number in 20.. {
                committed(store.commit(start(&instance_id(number), "person:wang")).await);
                if number % 10 == 0 {
                    store.seal(at(10)).await.unwrap();
                }
            }
        })
    };
    let dir = tempfile::tempdir_in(support::postgres::scratch()).unwrap();
    let mut events = 0;
    for round in 0..3 {
        while store.open_tasks(&scope("person:wang"), at(0)).await.unwrap().open * 2 <= events as i64 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        let folder = dir.path().join(format!("backup{round}"));
        let manifest = store.backup(&folder).await.unwrap();
        let rows = |name: &str| manifest.tables.iter().find(|table| table.name == name).unwrap().rows;
        assert_eq!(rows("tasks"), rows("instances"), "each has one task, and none is cut in two");
        assert!(rows("events") > events, "others went on working");
        events = rows("events");
    }
    writing.abort();

    for config in empty(dir.path()).await {
        let (restored, report) =
            Store::restore(config.clone(), counted_salts(), &dir.path().join("backup2")).await.unwrap();
        assert!(report.is_sound(), "{report:#?}");
        assert_eq!(report.companies[0].events, events);
        let id = FileId::new("attached");
        let mut download = restored.download(&pharma(), &id).await.unwrap().unwrap();
        assert_eq!(download.next().await.unwrap().map(|chunk| chunk[0]), Some(7));
        // It is a store like any other: it opens, and work goes on where the backup stood.
        restored.close().await;
        drop(restored);
        let restored = Store::open(config, counted_salts()).await.unwrap();
        committed(restored.commit(approve(&instance_id(3), 2, 1, "person:zhao")).await);
        assert!(restored.verify(None).await.unwrap().is_sound());
    }
}

/// Opens a store as soon as the one that failed has let go of it.
async fn until_free(config: Config) -> Result<(), StoreError> {
    for _ in 0..200 {
        match Store::open(config.clone(), counted_salts()).await {
            Err(StoreError::InUse(_)) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            other => return other.map(drop),
        }
    }
    panic!("the store is still held");
}

async fn a_backup_is_only_restored_into_an_empty_store(fixture: Fixture) {
    let dir = tempfile::tempdir_in(support::postgres::scratch()).unwrap();
    let folder = dir.path().join("backup");
    fixture.store.backup(&folder).await.unwrap();
    assert!(matches!(fixture.store.backup(&folder).await, Err(StoreError::NotEmpty)), "nor over another backup");
    for config in empty(dir.path()).await {
        drop(Store::restore(config.clone(), counted_salts(), &folder).await.unwrap().0);
        let again = Store::restore(config, counted_salts(), &folder).await;
        assert!(matches!(again, Err(StoreError::NotEmpty | StoreError::InUse(_))));
    }
}

async fn a_changed_backup_is_refused_and_leaves_no_half_store(fixture: Fixture) {
    let dir = tempfile::tempdir_in(support::postgres::scratch()).unwrap();
    let folder = dir.path().join("backup");
    committed(fixture.store.commit(start(&instance_id(1), "person:wang")).await);
    fixture.store.backup(&folder).await.unwrap();
    let tasks = folder.join("tasks.jsonl");
    let text = std::fs::read_to_string(&tasks).unwrap();
    std::fs::write(&tasks, text.replace("person:wang", "person:evil")).unwrap();
    for config in empty(dir.path()).await {
        let failed = Store::restore(config.clone(), counted_salts(), &folder).await;
        assert!(matches!(failed, Err(StoreError::Damaged(_))));
        assert!(matches!(until_free(config).await, Err(StoreError::HalfRestored)));
    }
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    let no_backup = Store::restore(Config::sqlite(dir.path().join("else")), counted_salts(), &folder).await;
    assert!(matches!(no_backup, Err(StoreError::Io { .. })));
}
