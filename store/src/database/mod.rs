//! The two databases behind one face.

mod connection;
mod migrate;
mod native;
mod rows;
mod value;
mod watch;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, PgConnection, SqliteConnection};

pub(crate) use connection::Connection;
pub(crate) use migrate::schema_version;
pub(crate) use rows::Rows;
pub(crate) use value::{Row, Value, values};
pub use watch::{slow_commits_down, watch_statements};

use crate::StoreError;

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where a store keeps its data.
#[derive(Clone)]
pub enum Config {
    /// A folder of our own: one file of SQLite, and the uploaded files beside it. One process at a time.
    Sqlite {
        dir: PathBuf,
        /// How large the database file may grow, in bytes; writes that need more find the disk full.
        max_bytes: Option<u64>,
    },
    /// A database of PostgreSQL 15 or later, reached by a `postgres://` address.
    Postgres {
        url: String,
        /// The most connections that reads and small writes share; the writer has one more.
        pool: u32,
    },
}

impl Config {
    /// SQLite in a folder, without a limit.
    pub fn sqlite(dir: impl Into<PathBuf>) -> Self {
        Self::Sqlite { dir: dir.into(), max_bytes: None }
    }

    /// PostgreSQL with a pool of ordinary size.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::Postgres { url: url.into(), pool: 8 }
    }
}

/// Whether a store is opened to work with, or only to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Full,
    ReadOnly,
}

/// The open database.
pub(crate) enum Database {
    Sqlite {
        dir: PathBuf,
        file: SqliteFile,
        options: SqliteConnectOptions,
        readers: SqlitePool,
        /// Held until the store is closed; none when it is only read.
        lock: Mutex<Option<File>>,
    },
    Postgres {
        options: PgConnectOptions,
        pool: PgPool,
    },
}

/// Every statement finds its rows by an index, with one plan for all values.
///
/// Left to itself, PostgreSQL plans a set-based statement anew each time, because few rows look cheaper than the ten that it
/// assumes; and what it plans while tables are small reads whole tables, and so becomes slower with every row.
const ALWAYS_BY_INDEX: [(&str, &str); 5] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("jit", "off"),
];
/// What reads everything may read whole tables.
const WHOLE_TABLES: [(&str, &str); 4] =
    [("plan_cache_mode", "auto"), ("enable_seqscan", "on"), ("enable_hashjoin", "on"), ("enable_mergejoin", "on")];

/// The file of SQLite, as its writer opens it.
#[derive(Debug, Clone)]
pub(crate) struct SqliteFile {
    path: PathBuf,
    /// How large it may grow.
    max_pages: Option<u64>,
    /// How long a lock of another process is waited for.
    patience: Duration,
}

const DATABASE_FILE: &str = "zhupi.db";
const PAGE_SIZE: u64 = 4096;
const SQLITE_READERS: u32 = 4;
const SQLITE_PATIENCE: Duration = Duration::from_secs(5);

impl Database {
    /// Opens the database and brings its schema up to date.
    pub(crate) async fn open(config: Config, access: Access) -> Result<Self, StoreError> {
        let database = match config {
            Config::Sqlite { dir, max_bytes } => Self::open_sqlite(dir, max_bytes, access)?,
            Config::Postgres { url, pool } => Self::open_postgres(&url, pool, access)?,
        };
        match access {
            Access::Full => {
                let mut connection = database.open_writer().await?;
                migrate::migrate(&mut connection).await?;
            }
            Access::ReadOnly => migrate::check(&mut database.reader().await?).await?,
        }
        Ok(database)
    }

    fn open_sqlite(dir: PathBuf, max_bytes: Option<u64>, access: Access) -> Result<Self, StoreError> {
        let lock = match access {
            Access::Full => {
                std::fs::create_dir_all(&dir).map_err(StoreError::io(&dir))?;
                Some(lock(&dir)?)
            }
            Access::ReadOnly if !dir.join(DATABASE_FILE).exists() => return Err(StoreError::NoData(dir)),
            Access::ReadOnly => None,
        };
        let mut options = SqliteConnectOptions::new()
            .filename(dir.join(DATABASE_FILE))
            .create_if_missing(access == Access::Full)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(SQLITE_PATIENCE)
            .foreign_keys(false)
            .page_size(PAGE_SIZE as u32)
            .pragma("cache_size", "-8000")
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let max_pages = max_bytes.map(|bytes| (bytes / PAGE_SIZE).max(1));
        if let Some(pages) = max_pages {
            options = options.pragma("max_page_count", pages.to_string());
        }
        let file = SqliteFile { path: dir.join(DATABASE_FILE), max_pages, patience: SQLITE_PATIENCE };
        let readers = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().pragma("query_only", "on"));
        Ok(Self::Sqlite { dir, file, options, readers, lock: Mutex::new(lock) })
    }

    fn open_postgres(url: &str, pool: u32, access: Access) -> Result<Self, StoreError> {
        let mut options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Unreachable("not a PostgreSQL address".into()))?
            .application_name("zhupi")
            .options(ALWAYS_BY_INDEX)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        if access == Access::ReadOnly {
            options = options.options([("default_transaction_read_only", "on")]);
        }
        let pool = PgPoolOptions::new()
            .max_connections(pool)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                // A lent connection is only asked whether it lives when it lay idle: asking costs a round trip.
                Box::pin(async move {
                    if meta.idle_for > Duration::from_secs(1) {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options.clone());
        Ok(Self::Postgres { options, pool })
    }

    /// Opens a connection of its own to write with. That of SQLite blocks whoever uses it: one thread, the writer's.
    pub(crate) async fn open_writer(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { file, .. } => Connection::Native(native::Native::open(file)?),
            Self::Postgres { options, .. } => Connection::Postgres(PgConnection::connect_with(options).await?),
        })
    }

    /// Lends a connection to read with.
    pub(crate) async fn reader(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Connection::PooledSqlite(readers.acquire().await?),
            Self::Postgres { pool, .. } => Connection::PooledPostgres(pool.acquire().await?),
        })
    }

    /// Opens a connection of its own that sees one moment of the data, until it is dropped.
    ///
    /// Not lent by the pool: who goes away in the middle would give it back with the transaction open.
    pub(crate) async fn open_snapshot(&self) -> Result<Connection, StoreError> {
        let mut connection = match self {
            Self::Sqlite { options, .. } => {
                let options = options.clone().pragma("query_only", "on");
                Connection::Sqlite(SqliteConnection::connect_with(&options).await?)
            }
            Self::Postgres { options, .. } => {
                Connection::Postgres(PgConnection::connect_with(&options.clone().options(WHOLE_TABLES)).await?)
            }
        };
        connection.begin_snapshot().await?;
        Ok(connection)
    }

    /// The folder of the data, where there is one.
    pub(crate) fn dir(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { dir, .. } => Some(dir),
            Self::Postgres { .. } => None,
        }
    }

    /// Closes what is lent out, and lets another process have the folder. The writer has closed its own before.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { readers, lock, .. } => {
                readers.close().await;
                drop(lock.lock().unwrap_or_else(PoisonError::into_inner).take());
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// Takes the folder for this process. The lock is the system's: it goes with the process, however that ends.
fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("zhupi.lock");
    let file = File::create(&path).map_err(StoreError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse(dir.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(StoreError::io(path)(error)),
    }
}
