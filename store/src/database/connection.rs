//! One connection to either database, and the four things that are done with it.

use futures::TryStreamExt;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgDatabaseError, PgRow, PgSeverity};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Column, Connection as _, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection, TypeInfo, ValueRef};

use super::native::Native;
use super::{Row, Rows, Value, watch};
use crate::StoreError;
use crate::sql::Sql;
use crate::sql::together::Together;

/// A connection of its own, or one lent by a pool.
pub(crate) enum Connection {
    /// The writer's of SQLite.
    Native(Native),
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    PooledSqlite(PoolConnection<Sqlite>),
    PooledPostgres(PoolConnection<Postgres>),
}

/// Runs the same words on the connection of either driver, and tells who watches before and after.
macro_rules! on {
    ($connection:expr, native $n:ident => $native:expr, sqlite $s:ident => $sqlite:expr, postgres $p:ident => $postgres:expr) => {{
        watch::tell();
        let answer = match $connection {
            Connection::Native($n) => $native,
            Connection::Sqlite(inner) => {
                let $s = &mut *inner;
                $sqlite
            }
            Connection::PooledSqlite(inner) => {
                let $s = &mut **inner;
                $sqlite
            }
            Connection::Postgres(inner) => {
                let $p = &mut *inner;
                $postgres
            }
            Connection::PooledPostgres(inner) => {
                let $p = &mut **inner;
                $postgres
            }
        };
        watch::tell();
        answer
    }};
}

impl Connection {
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Native(_) | Self::Sqlite(_) | Self::PooledSqlite(_))
    }

    /// Runs an ordinary statement; answers how many rows it touched.
    pub(crate) async fn execute(&mut self, sql: &Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        refuse_nul(values.iter().any(Value::holds_nul))?;
        Ok(on!(self,
            native c => c.execute(sql.sqlite, &values)?,
            sqlite c => sqlite_query(sql.sqlite, values).execute(c).await?.rows_affected(),
            postgres c => postgres_query(sql.postgres, values).execute(c).await?.rows_affected()))
    }

    /// Runs a set-based statement over the given rows; nothing is sent when there are none.
    pub(crate) async fn execute_set(&mut self, sql: &Sql, rows: &Rows) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        refuse_nul(rows.holds_nul())?;
        Ok(on!(self,
            native c => c.execute_each(sql, rows)?,
            sqlite c => sqlx::query::<Sqlite>(sql.sqlite).bind(rows.json()).execute(c).await?.rows_affected(),
            postgres c => rows.bind(sqlx::query::<Postgres>(sql.postgres)).execute(c).await?.rows_affected()))
    }

    /// Runs several set-based statements as one and reads what they answer; none where the database does not take them so.
    pub(crate) async fn together(
        &mut self,
        together: &Together,
        rows: &[&Rows],
    ) -> Result<Option<Vec<Row>>, StoreError> {
        let connection = match self {
            Self::Postgres(connection) => connection,
            Self::PooledPostgres(connection) => &mut **connection,
            Self::Native(_) | Self::Sqlite(_) | Self::PooledSqlite(_) => return Ok(None),
        };
        refuse_nul(rows.iter().any(|rows| rows.holds_nul()))?;
        watch::tell();
        let query = rows.iter().fold(sqlx::query::<Postgres>(together.postgres), |query, rows| rows.bind(query));
        let found = query.fetch_all(connection).await?;
        watch::tell();
        found.iter().map(postgres_row).collect::<Result<_, _>>().map(Some)
    }

    /// Runs several statements as one that is a transaction of its own; none when the database said that it wrote nothing.
    ///
    /// An error means that no answer came, or none that says whether it was written.
    pub(crate) async fn at_once(&mut self, together: &Together, rows: &[&Rows]) -> Result<Option<()>, StoreError> {
        let connection = match self {
            Self::Postgres(connection) => connection,
            Self::PooledPostgres(connection) => &mut **connection,
            Self::Native(_) | Self::Sqlite(_) | Self::PooledSqlite(_) => return Ok(None),
        };
        if rows.iter().any(|rows| rows.holds_nul()) {
            return Ok(None);
        }
        watch::tell();
        let query = rows.iter().fold(sqlx::query::<Postgres>(together.postgres), |query, rows| rows.bind(query));
        let written = query.execute(connection).await;
        watch::tell();
        match written {
            Ok(_) => Ok(Some(())),
            Err(error) if is_plain_refusal(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads all rows of an ordinary statement.
    pub(crate) async fn rows(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        refuse_nul(values.iter().any(Value::holds_nul))?;
        on!(self,
            native c => c.rows(sql.sqlite, &values),
            sqlite c => sqlite_query(sql.sqlite, values).fetch_all(c).await?.iter().map(sqlite_row).collect(),
            postgres c => postgres_query(sql.postgres, values).fetch_all(c).await?.iter().map(postgres_row).collect())
    }

    /// Reads all rows of a set-based statement.
    pub(crate) async fn rows_set(&mut self, sql: &Sql, rows: &Rows) -> Result<Vec<Row>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        refuse_nul(rows.holds_nul())?;
        on!(self,
            native c => c.rows_each(sql, rows),
            sqlite c => sqlx::query::<Sqlite>(sql.sqlite).bind(rows.json()).fetch_all(c).await?
                .iter().map(sqlite_row).collect(),
            postgres c => rows.bind(sqlx::query::<Postgres>(sql.postgres)).fetch_all(c).await?
                .iter().map(postgres_row).collect())
    }

    /// Reads the one row of a statement that finds at most one.
    pub(crate) async fn row(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Gives the rows of an ordinary statement one by one, however many they are.
    pub(crate) async fn each_row(
        &mut self,
        sql: &Sql,
        values: Vec<Value>,
        mut take: impl FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        on!(self,
        native c => c.each_row(sql.sqlite, &values, take)?,
        sqlite c => {
            let mut rows = sqlite_query(sql.sqlite, values).fetch(c);
            while let Some(row) = rows.try_next().await? {
                take(sqlite_row(&row)?)?;
            }
        },
        postgres c => {
            let mut rows = postgres_query(sql.postgres, values).fetch(c);
            while let Some(row) = rows.try_next().await? {
                take(postgres_row(&row)?)?;
            }
        });
        Ok(())
    }

    /// Runs a whole script, such as a migration, which takes no values.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<(), StoreError> {
        on!(self,
            native c => c.script(text)?,
            sqlite c => sqlx::raw_sql(text).execute(c).await.map(drop)?,
            postgres c => sqlx::raw_sql(text).execute(c).await.map(drop)?);
        Ok(())
    }

    /// Closes a connection of one's own, and waits until it is closed.
    pub(crate) async fn close(self) {
        let closed = match self {
            Self::Native(connection) => connection.close(),
            Self::Sqlite(connection) => connection.close().await.map_err(StoreError::from),
            Self::Postgres(connection) => connection.close().await.map_err(StoreError::from),
            Self::PooledSqlite(_) | Self::PooledPostgres(_) => Ok(()),
        };
        if let Err(error) = closed {
            tracing::warn!(%error, "a connection did not close in order");
        }
    }

    /// Closes a connection that must not be used again, so that its pool opens another.
    pub(crate) fn discard(self) {
        match self {
            Self::PooledSqlite(connection) => drop(connection.detach()),
            Self::PooledPostgres(connection) => drop(connection.detach()),
            Self::Native(_) | Self::Sqlite(_) | Self::Postgres(_) => {}
        }
    }

    /// Has the database read a statement without running it.
    #[cfg(test)]
    pub(crate) async fn prepare(&mut self, sql: &Sql) -> Result<(), StoreError> {
        use sqlx::{Executor, SqlSafeStr};
        on!(self,
            native c => {
                c.understands(sql.sqlite)?;
                c.understands(sql.by_row)?;
            },
            sqlite c => c.prepare(sql.sqlite.into_sql_str()).await.map(drop)?,
            postgres c => c.prepare(sql.postgres.into_sql_str()).await.map(drop)?);
        Ok(())
    }

    /// Begins a transaction that will write; on SQLite it takes the write lock at once.
    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        self.execute(&BEGIN_WRITE, Vec::new()).await.map(drop)
    }

    /// Begins a transaction that sees one moment of the data and writes nothing.
    pub(crate) async fn begin_snapshot(&mut self) -> Result<(), StoreError> {
        self.execute(&BEGIN_SNAPSHOT, Vec::new()).await.map(drop)
    }

    pub(crate) async fn commit(&mut self) -> Result<(), StoreError> {
        self.execute(&COMMIT, Vec::new()).await?;
        if let Self::Native(_) = self {
            watch::wait_for_the_disk();
        }
        Ok(())
    }

    pub(crate) async fn rollback(&mut self) -> Result<(), StoreError> {
        self.execute(&ROLLBACK, Vec::new()).await.map(drop)
    }
}

const BEGIN_WRITE: Sql = Sql::plain("BEGIN IMMEDIATE", "BEGIN");
const BEGIN_SNAPSHOT: Sql = Sql::plain("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
const COMMIT: Sql = Sql::plain("COMMIT", "COMMIT");
const ROLLBACK: Sql = Sql::plain("ROLLBACK", "ROLLBACK");

/// SQLite would take what PostgreSQL cannot keep; both refuse it.
fn refuse_nul(found: bool) -> Result<(), StoreError> {
    if found { Err(StoreError::Refused("a text with a NUL character".into())) } else { Ok(()) }
}

fn sqlite_query(text: &'static str, values: Vec<Value>) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    values.into_iter().fold(sqlx::query(text), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Integer(number) => query.bind(number),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

fn postgres_query(text: &'static str, values: Vec<Value>) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    values.into_iter().fold(sqlx::query(text), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Integer(number) => query.bind(number),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

fn sqlite_row(row: &SqliteRow) -> Result<Row, StoreError> {
    let cell = |i: usize| -> Result<Value, StoreError> {
        let raw = row.try_get_raw(i)?;
        if raw.is_null() {
            return Ok(Value::Text(None));
        }
        let kind = raw.type_info().name().to_owned();
        match kind.as_str() {
            "TEXT" => Ok(Value::Text(row.try_get(i)?)),
            "INTEGER" => Ok(Value::Integer(row.try_get(i)?)),
            "BLOB" => Ok(Value::Bytes(row.try_get(i)?)),
            other => Err(unreadable(row.column(i).name(), other)),
        }
    };
    Ok(Row::new((0..row.len()).map(cell).collect::<Result<_, _>>()?))
}

fn postgres_row(row: &PgRow) -> Result<Row, StoreError> {
    let cell = |i: usize| -> Result<Value, StoreError> {
        match row.column(i).type_info().name() {
            "TEXT" => Ok(Value::Text(row.try_get(i)?)),
            "INT8" => Ok(Value::Integer(row.try_get(i)?)),
            "BYTEA" => Ok(Value::Bytes(row.try_get(i)?)),
            other => Err(unreadable(row.column(i).name(), other)),
        }
    };
    Ok(Row::new((0..row.len()).map(cell).collect::<Result<_, _>>()?))
}

/// Whether the database refused one statement and goes on: whatever that statement did is undone.
///
/// Such a connection is kept, although that of a batch that failed half way is closed. The statement was a transaction
/// of its own: with its error PostgreSQL has ended it and says that none is open, so nothing of it is left, no lock
/// and no half-written row. It happens whenever two servers act on one request, and a new connection would cost each
/// of these a start of a process and every statement's plan. Any graver error, and none at all, still closes it.
fn is_plain_refusal(error: &sqlx::Error) -> bool {
    let refused = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    refused.is_some_and(|refused| refused.severity() == PgSeverity::Error)
}

fn unreadable(column: &str, kind: &str) -> StoreError {
    StoreError::Damaged(format!("column `{column}` holds {kind}"))
}
