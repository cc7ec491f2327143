//! Brings the schema up to date, one migration a transaction.

use zhupi_domain::ContentHash;

use super::{Connection, values};
use crate::StoreError;
use crate::sql::Sql;

struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal $file:literal),+ $(,)?) => {
        &[$(Migration {
            version: $version,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../../migrations/postgres/", $file)),
        }),+]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    1 "0001_company.sql",
    2 "0002_evidence.sql",
    3 "0003_instances.sql",
    4 "0004_delivery.sql",
    5 "0005_data.sql",
    6 "0006_access.sql",
    7 "0007_accounts.sql",
    8 "0008_pilots.sql",
    9 "0009_outbox.sql",
    10 "0010_substitutes.sql",
    11 "0011_payloads.sql",
    12 "0012_queued.sql",
];

/// Exists before the first migration, and so is no migration itself.
const CREATE_VERSIONS: Sql = Sql::plain(
    "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY NOT NULL, hash TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY NOT NULL, hash TEXT NOT NULL)",
);
/// Two servers that start together take turns; SQLite's write lock does the same.
const TAKE_TURNS: Sql =
    Sql::plain("SELECT 'the write lock is held'", "SELECT CAST(pg_advisory_xact_lock(8807265) AS TEXT)");
const READ_VERSIONS: Sql = Sql::plain(
    "SELECT version, hash FROM schema_versions ORDER BY version",
    "SELECT version, hash FROM schema_versions ORDER BY version",
);
const ADD_VERSION: Sql = Sql::plain(
    "INSERT INTO schema_versions (version, hash) VALUES ($1, $2)",
    "INSERT INTO schema_versions (version, hash) VALUES ($1, $2)",
);

/// The version of the schema that this program has.
pub(crate) fn schema_version() -> i64 {
    MIGRATIONS.last().map_or(0, |last| last.version)
}

impl Migration {
    fn text(&self, connection: &Connection) -> &'static str {
        if connection.is_sqlite() { self.sqlite } else { self.postgres }
    }
}

/// Applies the migrations that are missing.
pub(super) async fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    connection.begin().await?;
    connection.rows(&TAKE_TURNS, Vec::new()).await?;
    connection.execute(&CREATE_VERSIONS, Vec::new()).await?;
    connection.commit().await?;
    for migration in MIGRATIONS {
        connection.begin().await?;
        connection.rows(&TAKE_TURNS, Vec::new()).await?;
        if applied(connection).await?.contains(&migration.version) {
            connection.rollback().await?;
            continue;
        }
        let text = migration.text(connection);
        connection.script(text).await?;
        let hash = ContentHash::of(&[text.as_bytes()]);
        connection.execute(&ADD_VERSION, values![migration.version, hash]).await?;
        connection.commit().await?;
    }
    Ok(())
}

/// Checks that the schema is the one that this program knows, without changing it.
pub(super) async fn check(connection: &mut Connection) -> Result<(), StoreError> {
    let known = MIGRATIONS.len();
    let found = match applied(connection).await {
        Ok(versions) => versions.len(),
        // There is no table of versions yet.
        Err(StoreError::Refused(_)) => 0,
        Err(error) => return Err(error),
    };
    if found < known {
        return Err(StoreError::OlderSchema { found: found as i64, known: known as i64 });
    }
    Ok(())
}

/// The versions that were applied, each compared with what this program has.
async fn applied(connection: &mut Connection) -> Result<Vec<i64>, StoreError> {
    let known = schema_version();
    let mut versions = Vec::new();
    for mut row in connection.rows(&READ_VERSIONS, Vec::new()).await? {
        let (version, hash) = (row.integer()?, row.hash()?);
        if version > known {
            return Err(StoreError::NewerSchema { found: version, known });
        }
        let ours = MIGRATIONS.iter().find(|migration| migration.version == version);
        if ours.is_none_or(|ours| ContentHash::of(&[ours.text(connection).as_bytes()]) != hash) {
            return Err(StoreError::ChangedMigration(version));
        }
        versions.push(version);
    }
    Ok(versions)
}
