//! A full disk: writers are told so, readers read on, and work goes on as soon as there is room.

use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{Connection, PgConnection};
use zhupi_domain::{ContentHash, PersonId};
use zhupi_store::*;

use crate::files::new_file;
use crate::support::{self, *};

/// Starts instances until the disk is full; answers how many were acknowledged.
async fn fill(store: &Store, first: u64) -> u64 {
    for number in first..first + 20_000 {
        let mut commit = keyed(start(&instance_id(number), "person:wang"), &number.to_string(), "body");
        commit.events.push(event((&instance_id(number)).into(), "commented", &long_text(number)));
        if let Some(request) = &mut commit.idempotency {
            request.response.body = long_text(number);
        }
        match store.commit(commit).await {
            CommitOutcome::Committed(_) => {}
            CommitOutcome::Unavailable(StoreError::DiskFull | StoreError::Unreachable(_)) => return number - first,
            other => panic!("instance {number}: {other:?}"),
        }
    }
    panic!("the disk never became full");
}

/// A text that no database can make shorter.
fn long_text(seed: u64) -> String {
    let hash = |part: u64| ContentHash::of(&[&seed.to_be_bytes(), &part.to_be_bytes()]).to_string();
    format!(r#""{}""#, (0..200).map(hash).collect::<String>())
}

async fn is_intact(store: &Store, acknowledged: u64) {
    let report = store.verify(None).await.unwrap();
    assert!(report.is_sound(), "{report:#?}");
    let open = store.open_tasks(&scope("person:wang"), at(0)).await.unwrap().open;
    assert_eq!(open, acknowledged as i64, "all that was acknowledged, and nothing else");
}

#[tokio::test]
async fn a_full_sqlite_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir_in(support::postgres::scratch()).unwrap();
    let config = Config::Sqlite { dir: dir.path().to_owned(), max_bytes: Some(2 << 20) };
    let store = support::open(config, None).await.store;
    let acknowledged = fill(&store, 0).await;
    assert!(acknowledged > 5, "there was room at first");
    is_intact(&store, acknowledged).await;
    let long = "x".repeat(50_000);
    let saved = store.save_draft(&pharma(), &PersonId::new("li"), "k", &long, None, at(1)).await;
    assert!(matches!(saved, Err(StoreError::DiskFull)), "{saved:?}");

    assert!(store.sweep_responses(at(2)).await.unwrap() > 0, "room is made without a restart");
    committed(store.commit(start(&instance_id(100_000), "person:wang")).await);
    is_intact(&store, acknowledged + 1).await;
}

#[tokio::test]
async fn a_full_file_system_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount("sqlite", 8) else { return };
    let store = support::open(Config::sqlite(disk.0.join("data")), None).await.store;
    let ballast = disk.0.join("ballast");
    let mut acknowledged = 0;
    for round in 0..3 {
        let _ = std::fs::write(&ballast, vec![0; 2 << 20]);
        acknowledged += fill(&store, round * 100_000).await;
        is_intact(&store, acknowledged).await;
        assert!(half_uploaded(&store, &format!("f{round}")).await, "no room for a file either");
        std::fs::remove_file(&ballast).unwrap();
        committed(store.commit(start(&instance_id(round * 100_000 + 99_999), "person:wang")).await);
        acknowledged += 1;
        is_intact(&store, acknowledged).await;
        store.sweep_responses(at(2)).await.unwrap();
        store.sweep_files(at(2), 100).await.unwrap();
    }
    store.close().await;
}

/// Whether an upload is refused for want of room.
async fn half_uploaded(store: &Store, id: &str) -> bool {
    let Ok(mut upload) = store.upload(&pharma(), new_file(id, 100 << 20)).await else { return true };
    for _ in 0..100 {
        if upload.write(&[0; 1 << 20]).await.is_err() {
            return true;
        }
    }
    upload.finish().await.is_err()
}

/// The tables are on the small disk and the log is not: PostgreSQL stops itself when its log finds no room.
#[tokio::test]
async fn a_full_postgres_goes_on_when_there_is_room() {
    let Some(url) = support::postgres::database() else { return };
    let Some(disk) = SmallDisk::mount("postgres", 32) else { return };
    let location = disk.0.join("tables");
    std::fs::create_dir(&location).unwrap();
    std::os::unix::fs::chown(&location, Some(65534), Some(65534)).unwrap();
    let mut admin = PgConnection::connect(&url).await.unwrap();
    let create = format!("CREATE TABLESPACE small LOCATION '{}'", location.display());
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut admin).await.unwrap();
    sqlx::raw_sql("CREATE DATABASE small TABLESPACE small").execute(&mut admin).await.unwrap();
    let (server, socket) =
        url.split_once("/test_").map(|(server, name)| (server, name.split_once('?').unwrap().1)).unwrap();
    let store = support::open(Config::postgres(format!("{server}/small?{socket}")), None).await.store;

    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![0; 18 << 20]).unwrap();
    let acknowledged = fill(&store, 0).await;
    let open = store.open_tasks(&scope("person:wang"), at(0)).await.unwrap().open;
    assert_eq!(open, acknowledged as i64, "reads go on");
    std::fs::remove_file(&ballast).unwrap();
    committed(store.commit(start(&instance_id(100_000), "person:wang")).await);
    is_intact(&store, acknowledged + 1).await;

    store.close().await;
    sqlx::raw_sql("DROP DATABASE small WITH (FORCE)").execute(&mut admin).await.unwrap();
    sqlx::raw_sql("DROP TABLESPACE small").execute(&mut admin).await.unwrap();
}

/// A file system in memory of a few megabytes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Only a privileged user may mount; others skip the test.
    fn mount(name: &str, megabytes: u32) -> Option<Self> {
        let path = std::env::temp_dir().join(format!("zhupi-disk-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        let size = format!("size={megabytes}m,mode=755");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(path)),
            other => {
                println!("SKIPPED: no small disk can be mounted: {other:?}");
                let _ = std::fs::remove_dir(&path);
                None
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(Path::new(&self.0)).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}
