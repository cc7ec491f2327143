//! What proves the data, and that nothing can be changed unseen.

use sqlx::{Connection, PgConnection, SqliteConnection};
use zhupi_domain::{ContentHash, FileId, InstanceId, ReleaseHash};
use zhupi_store::*;

use crate::files::{attach, uploaded};
use crate::opening::run;
use crate::pilots::pilot;
use crate::support::*;

on_both![
    a_sound_store_is_found_sound,
    the_sealer_takes_in_what_is_new,
    an_erased_payload_verifies_and_says_why,
    what_an_older_install_kept_is_proved,
    every_changed_column_is_found,
    what_is_missing_is_found,
    a_balance_that_is_not_the_sum_of_its_entries_is_named,
    changed_content_of_a_file_is_found,
];

/// A store with something in every table that is proved: sealed and unsealed, kept and erased.
async fn furnish(store: &Store) {
    let id = instance_id(1);
    committed(store.commit(start(&id, "person:wang")).await);
    let body = r#"{"company.yaml":"name: x"}"#;
    let hash = ContentHash::of(&[body.as_bytes()]);
    let (summary, deployed_by) = ("第一版".to_owned(), "person:li".to_owned());
    let release = Release { hash: ReleaseHash(hash), body: body.into(), summary, deployed_at: at(5), deployed_by };
    let mut deploy = Commit::new(pharma());
    deploy.events.push(event(Stream::Releases, "deployed", "{}"));
    deploy.changes.push(Change::PutRelease(Box::new(release)));
    deploy.changes.push(Change::SetCurrentRelease { hash, at: at(5), by: "person:li".into() });
    committed(store.commit(deploy).await);
    uploaded(store, "attached", b"content").await;
    committed(store.commit(attach("attached")).await);
    uploaded(store, "pending", b"more").await;
    for posted in [500_000, -120_000] {
        committed(store.commit(moving(&id, posted, 0)).await);
    }
    assert!(store.add_pilot(&pharma(), pilot("p1", "k1")).await.unwrap());
    store.seal(at(10)).await.unwrap();
    committed(store.commit(approve(&id, 3, 1, "person:zhao")).await);
    store.seal(at(11)).await.unwrap();
    let mut erase = Commit::new(pharma());
    erase.events.push(event(Stream::Security, "erased", "{}"));
    let (by, rule) = ("person:dpo".to_owned(), "本人申请".to_owned());
    erase.changes.push(Change::ErasePayload { stream: (&id).into(), number: 1, at: at(12), by, rule });
    committed(store.commit(erase).await);
}

/// Moves a balance for an instance.
fn moving(id: &InstanceId, posted: i64, reserved: i64) -> Commit {
    let (account, by) = (name("plan-budget"), "person:li".to_owned());
    let mut commit = Commit::new(pharma());
    commit.changes.push(Change::MoveBalance(BalanceMove {
        account,
        key: "R-1".into(),
        posted,
        reserved,
        floor: None,
        instance: id.clone(),
        at: at(4),
        by,
    }));
    commit
}

async fn a_sound_store_is_found_sound(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let report = store.verify(Some(&pharma())).await.unwrap();
    assert!(report.is_sound(), "{report:#?}");
    let company = &report.companies[0];
    assert_eq!((company.streams, company.events, company.checkpoints), (3, 7, 2));
    assert_eq!((company.releases, company.files, company.balances, company.pilots), (1, 2, 1, 1));
    assert_eq!(company.unsealed, Some(UnsealedWindow { events: 1, since: Some(at(1)) }));
}

async fn the_sealer_takes_in_what_is_new(fixture: Fixture) {
    let store = &fixture.store;
    assert_eq!(store.seal(at(1)).await.unwrap(), 0, "nothing is new");
    committed(store.commit(start(&instance_id(1), "person:wang")).await);
    committed(store.commit(start(&instance_id(2), "person:wang")).await);
    assert_eq!(store.seal(at(2)).await.unwrap(), 1);
    assert_eq!(store.seal(at(3)).await.unwrap(), 0);
    committed(store.commit(approve(&instance_id(1), 2, 1, "person:zhao")).await);
    assert_eq!(store.seal(at(4)).await.unwrap(), 1);
    let checkpoints = store.checkpoints(&Scope::of(pharma()), 0, 50).await.unwrap().items;
    assert_eq!(checkpoints.iter().map(|c| (c.number, c.seals)).collect::<Vec<_>>(), [(1, 2), (2, 1)]);
    assert_eq!(checkpoints[1].previous, checkpoints[0].hash);
    assert_eq!(store.last_checkpoint(&pharma()).await.unwrap().as_ref(), checkpoints.last());
    assert_eq!(store.verify(None).await.unwrap().companies[0].unsealed, None);
}

async fn an_erased_payload_verifies_and_says_why(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let events = store.timeline(&pharma(), &(&instance_id(1)).into(), 0, 50).await.unwrap().items;
    let expected = Erasure { at: at(12), by: "person:dpo".into(), rule: "本人申请".into() };
    assert_eq!(events[0].payload, Payload::Erased(expected));
    assert!(events[1].payload.body().is_some());
    let report = store.verify(None).await.unwrap();
    let erasures: Vec<_> = report.companies[0].erasures.iter().collect();
    assert_eq!(erasures, [(&("person:dpo".to_owned(), "本人申请".to_owned()), &1)]);
}

/// What was kept in a table of its own before its events took it in, erased or not, is proved after the migration.
async fn what_an_older_install_kept_is_proved(fixture: Fixture) {
    furnish(&fixture.store).await;
    let before = fixture.store.timeline(&pharma(), &(&instance_id(1)).into(), 0, 50).await.unwrap().items;
    run(
        &fixture.config,
        "CREATE TABLE payloads AS SELECT e.company, e.stream, e.number, e.salt, e.body, x.at AS erased_at, \
                x.by AS erased_by, x.rule AS erased_rule, x.digest AS erased_digest \
         FROM events e LEFT JOIN erasures x ON x.company = e.company AND x.stream = e.stream AND x.number = e.number; \
         ALTER TABLE events DROP COLUMN salt; ALTER TABLE events DROP COLUMN body; DROP TABLE erasures; \
         DELETE FROM schema_versions WHERE version = 11",
    )
    .await;
    let fixture = fixture.reopen().await.unwrap();
    let after = fixture.store.timeline(&pharma(), &(&instance_id(1)).into(), 0, 50).await.unwrap().items;
    assert_eq!(after, before);
    let report = fixture.store.verify(None).await.unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert_eq!(report.companies[0].erasures.len(), 1);
}

/// Tables whose every column is proved, and how one of their rows is named.
const PROVED: [(&str, &str); 14] = [
    ("events", "stream LIKE 'instance/%' AND number = 2"),
    ("events", "stream LIKE 'instance/%' AND number = 1"),
    ("erasures", "stream LIKE 'instance/%' AND number = 1"),
    ("releases", "summary <> ''"),
    ("pilots", "id = 'p1'"),
    ("pilot_releases", "hash <> ''"),
    ("pilot_rows", "number = 1"),
    ("pilot_payees", "place = 2"),
    ("files", "id = 'attached'"),
    ("balances", "key = 'R-1'"),
    ("account_entries", "number = 2"),
    ("streams", "stream LIKE 'instance/%'"),
    ("seals", "stream LIKE 'instance/%' AND checkpoint = 2"),
    ("checkpoints", "number = 1"),
];

/// Changes every column of every proved table, one at a time, behind the store's back.
async fn every_changed_column_is_found(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let mut tampering = Tampering::begin(&fixture).await;
    for (table, row) in PROVED {
        for (column, kind) in tampering.columns(table).await {
            match (table, column.as_str()) {
                ("checkpoints", "signature") => continue, // nothing is signed yet
                // These the application compares with the events.
                ("account_entries", "instance" | "at" | "by") => continue,
                _ => {}
            }
            let value = match kind.as_str() {
                "text" => format!("coalesce({column}, '') || 'x'"),
                _ => format!("coalesce({column}, 0) + 1000"),
            };
            tampering.run(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await;
            tampering.run(&format!("UPDATE {table} SET {column} = {value} WHERE {row}")).await;
            let report = store.verify(None).await.unwrap();
            assert!(!report.is_sound(), "{table}.{column} was changed where {row}");
            tampering.run(&format!("DELETE FROM {table}")).await;
            tampering.run(&format!("INSERT INTO {table} SELECT * FROM kept")).await;
            tampering.run("DROP TABLE kept").await;
        }
    }
    assert!(store.verify(None).await.unwrap().is_sound(), "everything was put back");
}

async fn what_is_missing_is_found(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let mut tampering = Tampering::begin(&fixture).await;
    let rows = [
        ("events", "stream LIKE 'instance/%' AND number = 5"),
        ("events", "stream LIKE 'instance/%' AND number = 3"),
        ("events", "stream = 'releases'"),
        ("erasures", "stream LIKE 'instance/%' AND number = 1"),
        ("streams", "stream = 'releases'"),
        ("releases", "summary <> ''"),
        ("balances", "key = 'R-1'"),
        ("account_entries", "number = 1"),
        ("account_entries", "number = 2"),
        ("account_entries", "key = 'R-1'"),
        ("pilot_releases", "hash <> ''"),
        ("pilot_rows", "number = 2"),
        ("pilot_payees", "place = 1"),
        ("seals", "stream = 'releases'"),
        ("checkpoints", "number = 1"),
        ("checkpoints", "number = 2"),
        ("unsealed", "stream = 'security'"),
    ];
    for (table, row) in rows {
        tampering.run(&format!("CREATE TABLE kept AS SELECT * FROM {table} WHERE {row}")).await;
        tampering.run(&format!("DELETE FROM {table} WHERE {row}")).await;
        assert!(!store.verify(None).await.unwrap().is_sound(), "{table} where {row} is gone");
        tampering.run(&format!("INSERT INTO {table} SELECT * FROM kept")).await;
        tampering.run("DROP TABLE kept").await;
    }
    assert!(store.verify(None).await.unwrap().is_sound(), "everything was put back");
}

async fn a_balance_that_is_not_the_sum_of_its_entries_is_named(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    let mut tampering = Tampering::begin(&fixture).await;
    for (change, place, problem) in [
        ("UPDATE balances SET posted = posted + 1", "balance plan-budget/R-1", Problem::WrongSum),
        ("UPDATE balances SET posted = posted - 1, reserved = 7", "balance plan-budget/R-1", Problem::WrongSum),
        ("UPDATE balances SET reserved = 0, key = 'R-2'", "balance plan-budget/R-1", Problem::Missing),
    ] {
        tampering.run(change).await;
        let findings = store.verify(None).await.unwrap().companies.remove(0).findings;
        assert_eq!(findings[0], Finding { place: place.into(), problem }, "{change}");
    }
}

async fn changed_content_of_a_file_is_found(fixture: Fixture) {
    let store = &fixture.store;
    furnish(store).await;
    match &fixture.config {
        Config::Sqlite { dir, .. } => {
            let changed =
                files_below(&dir.join("files")).into_iter().filter(|file| std::fs::read(file).unwrap() == b"content");
            for file in changed {
                std::fs::write(file, b"Content").unwrap();
            }
        }
        Config::Postgres { .. } => {
            let mut tampering = Tampering::begin(&fixture).await;
            tampering.run("UPDATE file_chunks SET bytes = 'Content' WHERE id = 'attached'").await;
        }
    }
    let findings = store.verify(None).await.unwrap().companies.remove(0).findings;
    let place = format!("file {}", FileId::new("attached"));
    assert_eq!(findings, [Finding { place, problem: Problem::WrongContent }]);
}

fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// Somebody who writes into the database past the store.
enum Tampering {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Tampering {
    async fn begin(fixture: &Fixture) -> Self {
        match &fixture.config {
            Config::Sqlite { dir, .. } => {
                let url = format!("sqlite://{}", dir.join("zhupi.db").display());
                Self::Sqlite(SqliteConnection::connect(&url).await.unwrap())
            }
            Config::Postgres { url, .. } => Self::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    async fn run(&mut self, sql: &str) {
        let text = sqlx::AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => drop(sqlx::raw_sql(text).execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(sqlx::raw_sql(text).execute(connection).await.unwrap()),
        }
    }

    /// Names and kinds of a table's columns.
    async fn columns(&mut self, table: &str) -> Vec<(String, String)> {
        let table = table.to_owned();
        match self {
            Self::Sqlite(connection) => {
                sqlx::query_as("SELECT name, lower(type) FROM pragma_table_info($1)").bind(table).fetch_all(connection).await
            }
            Self::Postgres(connection) => {
                let columns = "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
                               WHERE table_schema = 'public' AND table_name = $1";
                sqlx::query_as(columns).bind(table).fetch_all(connection).await
            }
        }
        .unwrap()
    }
}
