//! SQLite without a thread in between: the connection of the writer, which has a thread of its own already.
//!
//! Every call here blocks until SQLite has answered. What only reads goes through a pool of connections that do not.

use rusqlite::types::{ToSqlOutput, Value as Cell, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};

use super::{Row, Rows, SqliteFile, Value};
use crate::StoreError;
use crate::sql::Sql;

/// Statements that stay prepared: more than there are.
const STATEMENTS: usize = 256;
/// Kibibytes of the file that the writer keeps at hand.
const CACHE: i64 = 65_536;

/// Pages of the write-ahead log after which they are brought into the file. SQLite's own thousand is less than two commits of
/// many actions write, each of which would then wait for the file as well.
const LOG_PAGES: i64 = 16_384;

/// One connection that writes.
pub(crate) struct Native(Connection);

impl Native {
    /// Opens the file, and makes it if it is not there. A commit is on the disk before it is answered.
    pub(super) fn open(file: &SqliteFile) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&file.path, flags)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.busy_timeout(file.patience)?;
        connection.pragma_update(None, "page_size", super::PAGE_SIZE as i64)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "OFF")?;
        connection.pragma_update(None, "cache_size", -CACHE)?;
        connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        if let Some(pages) = file.max_pages {
            connection.pragma_update(None, "max_page_count", i64::try_from(pages).unwrap_or(i64::MAX))?;
        }
        Ok(Self(connection))
    }

    /// Runs an ordinary statement; answers how many rows it touched.
    pub(super) fn execute(&self, text: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.prepare(text, values)?;
        Ok(statement.raw_execute()? as u64)
    }

    /// Runs a statement once for each of the rows given.
    pub(super) fn execute_each(&self, sql: &Sql, rows: &Rows) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(sql.by_row)?;
        let mut touched = 0;
        for row in rows.iter() {
            for (place, value) in row.enumerate() {
                statement.raw_bind_parameter(place + 1, ToSqlOutput::Borrowed(value))?;
            }
            touched += statement.raw_execute()? as u64;
        }
        Ok(touched)
    }

    /// Reads all rows of an ordinary statement.
    pub(super) fn rows(&self, text: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut found = Vec::new();
        self.each_row(text, values, |row| {
            found.push(row);
            Ok(())
        })?;
        Ok(found)
    }

    /// Reads all rows that a statement finds for each of the rows given.
    pub(super) fn rows_each(&self, sql: &Sql, rows: &Rows) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.0.prepare_cached(sql.by_row)?;
        let mut found = Vec::new();
        for row in rows.iter() {
            for (place, value) in row.enumerate() {
                statement.raw_bind_parameter(place + 1, ToSqlOutput::Borrowed(value))?;
            }
            each(&mut statement, |row| {
                found.push(row);
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// Gives the rows of an ordinary statement one by one.
    pub(super) fn each_row(
        &self,
        text: &str,
        values: &[Value],
        take: impl FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        each(&mut self.prepare(text, values)?, take)
    }

    /// Runs a whole script, which takes no values.
    pub(super) fn script(&self, text: &str) -> Result<(), StoreError> {
        Ok(self.0.execute_batch(text)?)
    }

    /// Has SQLite read a statement without running it.
    #[cfg(test)]
    pub(super) fn understands(&self, text: &str) -> Result<(), StoreError> {
        Ok(self.0.prepare(text).map(drop)?)
    }

    /// Closes it, and says what went wrong.
    pub(super) fn close(self) -> Result<(), StoreError> {
        self.0.close().map_err(|(_, error)| error.into())
    }

    /// The statement with its values in place. SQLite numbers `$1`, `$2` as they appear; here they mean what they say.
    fn prepare(&self, text: &str, values: &[Value]) -> Result<CachedStatement<'_>, StoreError> {
        let mut statement = self.0.prepare_cached(text)?;
        for place in 1..=statement.parameter_count() {
            let named = statement.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
            let number = named.unwrap_or(place);
            if let Some(value) = values.get(number.saturating_sub(1)) {
                statement.raw_bind_parameter(place, value)?;
            }
        }
        Ok(statement)
    }
}

fn each(
    statement: &mut CachedStatement<'_>,
    mut take: impl FnMut(Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|place| {
            Ok(match row.get_ref(place)? {
                ValueRef::Null => Value::Text(None),
                ValueRef::Integer(number) => Value::Integer(Some(number)),
                ValueRef::Text(text) => Value::Text(Some(read_text(text)?)),
                ValueRef::Blob(bytes) => Value::Bytes(Some(bytes.to_vec())),
                ValueRef::Real(_) => return Err(StoreError::Damaged(format!("column {place} holds REAL"))),
            })
        });
        take(Row::new(cells.collect::<Result<_, StoreError>>()?))?;
    }
    Ok(())
}

fn read_text(bytes: &[u8]) -> Result<String, StoreError> {
    let text = std::str::from_utf8(bytes);
    text.map(str::to_owned).map_err(|_| StoreError::Damaged("a text that is no UTF-8".into()))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(Some(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Integer(Some(number)) => ToSqlOutput::Owned(Cell::Integer(*number)),
            Self::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Text(None) | Self::Integer(None) | Self::Bytes(None) => ToSqlOutput::Owned(Cell::Null),
        })
    }
}
