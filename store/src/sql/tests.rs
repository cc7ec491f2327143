//! That both databases understand every statement, and that both have the same tables.

use std::collections::BTreeSet;

use super::dump::TABLES;
use super::{Kind, Sql, access, commit, data, dump, evidence, guards, pilots, together, verify, work};
use crate::database::{Connection, Row, Rows, values};
use crate::{Config, Salts, Store};

#[path = "../../tests/support/postgres.rs"]
#[allow(dead_code, reason = "the integration tests use the rest")]
mod postgres;

/// Both stores, or SQLite alone where there is no PostgreSQL.
async fn stores() -> Vec<(tempfile::TempDir, Store)> {
    let dir = || tempfile::tempdir_in(postgres::scratch()).unwrap();
    let sqlite = dir();
    let mut stores = vec![(Config::sqlite(sqlite.path()), sqlite)];
    stores.extend(postgres::database().map(|url| (Config::postgres(url), dir())));
    let mut open = Vec::new();
    for (config, dir) in stores {
        open.push((dir, Store::open(config, Salts::random()).await.unwrap()));
    }
    open
}

fn all() -> impl Iterator<Item = (String, &'static Sql)> {
    let named = [
        ("access", access::ALL),
        ("commit", commit::ALL),
        ("data", data::ALL),
        ("dump", dump::ALL),
        ("evidence", evidence::ALL),
        ("guards", guards::ALL),
        ("pilots", pilots::ALL),
        ("verify", verify::ALL),
        ("work", work::ALL),
    ]
    .into_iter()
    .flat_map(|(module, all)| all.iter().map(move |(name, sql)| (format!("{module}::{name}"), *sql)));
    let tables = TABLES
        .iter()
        .flat_map(|table| [(format!("read {}", table.name), &table.read), (format!("add {}", table.name), &table.add)]);
    named.chain(tables)
}

#[tokio::test]
async fn both_databases_understand_every_statement() {
    for (_dir, store) in stores().await {
        let mut connection = store.database.open_writer().await.unwrap();
        for (name, sql) in all() {
            connection.prepare(sql).await.unwrap_or_else(|error| panic!("{name}: {error}\n{sql:?}"));
        }
    }
}

/// A text too long or a count that went wrong would otherwise be found only by whoever runs that statement.
#[test]
fn a_set_based_statement_names_each_column_once() {
    for (name, sql) in all().filter(|(_, sql)| !sql.columns.is_empty()) {
        assert_eq!(sql.postgres.matches("[]").count(), sql.columns.len(), "{name}");
        assert_eq!(sql.sqlite.matches("value->>").count(), sql.columns.len(), "{name}");
    }
}

#[tokio::test]
async fn text_comes_back_as_it_was_given() {
    for (_dir, store) in stores().await {
        let mut connection = store.database.open_writer().await.unwrap();
        let texts = [
            "",
            "坏账申请 𠮷野家",
            "\"\\/\u{8}\u{c}\n\r\t\u{1f}\u{7f}\u{2028}\u{FFFF}",
            "{\"a\": [1,  2.50]}",
            "'--;$1",
        ];
        let mut rows = Rows::of(&commit::UPSERT_CALENDARS);
        for (i, text) in texts.iter().enumerate() {
            rows.push(values!["pharma", format!("{i}"), *text]);
        }
        connection.execute_set(&commit::UPSERT_CALENDARS, &rows).await.unwrap();
        let read = store.calendars(&zhupi_domain::CompanyId::new("pharma")).await.unwrap();
        assert_eq!(read.iter().map(|calendar| calendar.body.as_str()).collect::<Vec<_>>(), texts);
    }
}

#[tokio::test]
async fn numbers_come_back_as_they_were_given() {
    for (_dir, store) in stores().await {
        let mut connection = store.database.open_writer().await.unwrap();
        let numbers = [i64::MIN, -1, 0, 1, 9_007_199_254_740_993, i64::MAX];
        let mut rows = Rows::of(&commit::INSERT_STREAMS);
        for (i, number) in numbers.iter().enumerate() {
            rows.push(values!["pharma", format!("{i}"), *number, "hash"]);
        }
        connection.execute_set(&commit::INSERT_STREAMS, &rows).await.unwrap();
        let streams = TABLES.iter().find(|table| table.name == "streams").unwrap();
        let mut read = Vec::new();
        connection
            .each_row(&streams.read, Vec::new(), |mut row| {
                let (_, _) = (row.text()?, row.text()?);
                read.push(row.integer()?);
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(read, numbers);
    }
}

/// Every statement of a commit must find its rows by a key, however many others there are.
#[tokio::test]
async fn no_statement_of_an_action_reads_a_whole_table() {
    let dir = tempfile::tempdir_in(postgres::scratch()).unwrap();
    let store = Store::open(Config::sqlite(dir.path()), Salts::random()).await.unwrap();
    let mut connection = store.database.open_writer().await.unwrap();
    let lists = [work::INBOX, work::DONE, work::INSTANCES_OF_READER, work::TIMERS_DUE, work::MESSAGES_DUE];
    let hot = commit::ALL
        .iter()
        .chain(guards::ALL)
        .flat_map(|(_, sql)| [sql.sqlite, sql.by_row])
        .chain(lists.iter().map(|sql| sql.sqlite));
    for text in hot {
        let plan = sqlite_plan(&mut connection, text).await;
        let scans: Vec<_> = plan.iter().filter(|step| is_scan(step)).collect();
        assert!(scans.is_empty(), "{text}\n{plan:#?}");
    }
}

fn is_scan(step: &str) -> bool {
    let given = ["SCAN r", "SCAN json_each VIRTUAL TABLE INDEX 1:", "SCAN CONSTANT ROW"];
    step.starts_with("SCAN") && !given.contains(&step)
}

async fn sqlite_plan(connection: &mut Connection, text: &'static str) -> Vec<String> {
    let explain = Sql::plain(format!("EXPLAIN QUERY PLAN {text}").leak(), "");
    let mut rows = connection.rows(&explain, Vec::new()).await.unwrap();
    let detail = |row: &mut Row| {
        let (_, _, _) = (row.integer().unwrap(), row.integer().unwrap(), row.integer().unwrap());
        row.text().unwrap()
    };
    rows.iter_mut().map(detail).collect()
}

/// Indexes beside the primary keys by which a statement of a commit may find its rows.
const OTHER_KEYS: [&str; 3] = ["people_login", "facts_replaces", "sessions_person"];

/// PostgreSQL chooses by statistics, which a new table has none of: whatever it holds, the plan must go by the keys.
#[tokio::test]
async fn no_statement_of_an_action_goes_by_an_index_for_lists() {
    let Some(url) = postgres::database() else { return };
    let store = Store::open(Config::postgres(url), Salts::random()).await.unwrap();
    let mut connection = store.database.open_writer().await.unwrap();
    for (name, sql) in commit::ALL.iter().chain(guards::ALL) {
        let plan = postgres_plan(&mut connection, sql).await;
        assert!(!plan.iter().any(|step| step.contains("Seq Scan")), "{name}\n{plan:#?}");
        let indexes =
            plan.iter().filter_map(|step| step.split_once("Scan using ").or(step.split_once("Index Scan on ")));
        for (_, index) in indexes {
            let index = index.split(' ').next().unwrap();
            assert!(index.ends_with("_pkey") || OTHER_KEYS.contains(&index), "{name} goes by {index}\n{plan:#?}");
        }
    }
}

/// What goes there and back once must be understood, and find its rows by the same keys.
#[tokio::test]
async fn statements_that_go_together_go_by_keys_as_well() {
    let Some(url) = postgres::database() else { return };
    let store = Store::open(Config::postgres(url), Salts::random()).await.unwrap();
    let Connection::Postgres(mut connection) = store.database.open_writer().await.unwrap() else {
        panic!("not PostgreSQL")
    };
    for together in [together::ACTIONS, together::LOOKS, together::AT_ONCE] {
        let rows: Vec<Rows> = together.parts.iter().map(|part| Rows::of(part.sql)).collect();
        let explain = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN {}", together.postgres)));
        let explain = rows.iter().fold(explain, |query, rows| rows.bind(query));
        let plan: Vec<String> =
            explain.fetch_all(&mut connection).await.unwrap().iter().map(|row| sqlx::Row::get(row, 0)).collect();
        assert!(!plan.iter().any(|step| step.contains("Seq Scan")), "{plan:#?}");
        let by_index = plan.iter().filter_map(|step| step.split_once("Scan using "));
        for (_, index) in by_index {
            assert!(index.split(' ').next().unwrap().ends_with("_pkey"), "{index}\n{plan:#?}");
        }
    }
}

async fn postgres_plan(connection: &mut Connection, sql: &Sql) -> Vec<String> {
    let Connection::Postgres(connection) = connection else { panic!("not PostgreSQL") };
    let mut rows = Rows::of(sql);
    let cell = |kind: &Kind| match kind {
        Kind::text => "x".into(),
        Kind::bigint => 1_i64.into(),
    };
    rows.push(sql.columns.iter().map(cell).collect());
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN {}", sql.postgres));
    let rows = rows.bind(sqlx::query(explain)).fetch_all(connection).await.unwrap();
    rows.iter().map(|row| sqlx::Row::get(row, 0)).collect()
}

/// The columns of all tables: table, column, type, whether it may be null.
const COLUMNS: Sql = Sql::plain(
    "SELECT m.name, c.name, lower(c.type), CASE WHEN c.\"notnull\" = 1 THEN 'NO' ELSE 'YES' END \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
    "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), \
                      CAST(is_nullable AS TEXT) \
               FROM information_schema.columns WHERE table_schema = 'public'",
);
/// The columns of all keys and unique indexes, in their order.
const INDEXES: Sql = Sql::plain(
    "SELECT m.name, i.origin, (SELECT group_concat(c.name, ',') FROM pragma_index_info(i.name) c) \
             FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table'",
    "SELECT CAST(t.relname AS TEXT), CASE WHEN i.indisprimary THEN 'pk' ELSE 'c' END, \
                      CAST((SELECT string_agg(a.attname, ',' ORDER BY k.place) \
                            FROM unnest(i.indkey) WITH ORDINALITY k(number, place) \
                            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS TEXT) \
               FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
               WHERE n.nspname = 'public'",
);

async fn texts(store: &Store, sql: &Sql, columns: usize) -> BTreeSet<Vec<String>> {
    let mut rows = BTreeSet::new();
    for mut row in store.rows(sql, Vec::new()).await.unwrap() {
        rows.insert((0..columns).map(|_| row.text().unwrap()).collect());
    }
    rows
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let stores = stores().await;
    let mut columns = Vec::new();
    let mut indexes = Vec::new();
    for (_dir, store) in &stores {
        let mut found = BTreeSet::new();
        for mut column in texts(store, &COLUMNS, 4).await {
            column[2] = column[2].replace("bytea", "blob");
            found.insert(column);
        }
        columns.push(found);
        indexes.push(texts(store, &INDEXES, 3).await);
    }
    assert!(columns[0].len() > 150 && indexes[0].len() > 30, "the catalogue was read");
    for other in 1..stores.len() {
        assert_eq!(columns[other], columns[0]);
        assert_eq!(indexes[other], indexes[0]);
    }
}

#[tokio::test]
async fn a_backup_knows_every_column_of_its_tables() {
    let left_out =
        ["meta", "schema_versions", "file_chunks", "leases", "sessions", "one_time_tokens", "login_attempts"];
    let (_dir, store) = stores().await.remove(0);
    let mut stored: BTreeSet<(String, String, String)> = texts(&store, &COLUMNS, 3)
        .await
        .into_iter()
        .map(|column| (column[0].clone(), column[1].clone(), column[2].clone()))
        .collect();
    stored.retain(|(table, _, _)| !left_out.contains(&table.as_str()));
    let mut known = BTreeSet::new();
    for table in TABLES {
        for (column, kind) in table.columns.iter().zip(table.add.columns) {
            let kind = match kind {
                Kind::text => "text",
                Kind::bigint => "bigint",
            };
            known.insert((table.name.to_owned(), (*column).to_owned(), kind.to_owned()));
        }
    }
    assert_eq!(known, stored);
}

#[test]
fn both_folders_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    let last = names("sqlite").pop_last().unwrap();
    assert!(last.starts_with(&format!("{:04}_", crate::database::schema_version())), "{last} is the last one");
}
