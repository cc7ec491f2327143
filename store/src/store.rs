//! The store itself: opened once, shared by everybody.

use std::sync::Arc;

use tokio::sync::{RwLock, oneshot};

use crate::StoreError;
use crate::chain::Salts;
use crate::database::{Access, BoxFuture, Config, Connection, Database, Row, Value};
use crate::port::{Commit, CommitOutcome, WritePort};
use crate::sql::Sql;
use crate::writer::{SmallWrite, Tell, Writer, run_small};

/// All records of all companies. Cheap to clone; the clones share one writer and one pool.
#[derive(Clone)]
pub struct Store {
    pub(crate) database: Arc<Database>,
    /// None when the data was opened for reading only.
    writer: Option<Writer>,
    /// Taken alone by who removes the content of files, and shared by backups.
    pub(crate) sweeping: Arc<RwLock<()>>,
}

impl Store {
    /// Opens a store to work with, and brings its schema up to date.
    pub async fn open(config: Config, salts: Salts) -> Result<Self, StoreError> {
        let store = Self::open_unchecked(config, salts).await?;
        store.refuse_half_restored().await?;
        Ok(store)
    }

    /// Opens a store that may be in the middle of a restore.
    pub(crate) async fn open_unchecked(config: Config, salts: Salts) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open(config, Access::Full).await?);
        let writer = Writer::start(database.clone(), salts)?;
        Ok(Self { database, writer: Some(writer), sweeping: Arc::default() })
    }

    /// Opens a store only to look at, also while a server works on it. All writes are refused.
    pub async fn open_read_only(config: Config) -> Result<Self, StoreError> {
        let database = Arc::new(Database::open(config, Access::ReadOnly).await?);
        Ok(Self { database, writer: None, sweeping: Arc::default() })
    }

    /// Finishes what waits, then closes all connections. Whoever commits afterwards is told `Unavailable`.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
        self.database.close().await;
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.rows(&crate::sql::access::PING, Vec::new()).await.map(drop)
    }

    pub(crate) async fn rows(&self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.database.reader().await?.rows(sql, values).await
    }

    pub(crate) async fn row(&self, sql: &Sql, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        self.database.reader().await?.row(sql, values).await
    }

    /// Reads a list of records.
    pub(crate) async fn list<T>(
        &self,
        sql: &Sql,
        values: Vec<Value>,
        read: fn(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(sql, values).await?.iter_mut().map(read).collect()
    }

    /// Reads a record that is there at most once.
    pub(crate) async fn find<T>(
        &self,
        sql: &Sql,
        values: Vec<Value>,
        read: fn(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.row(sql, values).await?.as_mut().map(read).transpose()
    }

    /// Writes something small in a transaction of its own, and answers once it is durable.
    ///
    /// It runs in a task that a caller who goes away cannot interrupt: with SQLite in the writer's, which has the one
    /// connection that writes, with PostgreSQL beside it.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let writer = self.writer.as_ref().ok_or(StoreError::ReadOnly)?;
        let (sender, answer) = oneshot::channel();
        let small: SmallWrite = Box::new(move |connection| {
            let working = work(connection);
            Box::pin(async move {
                let (result, value) = match working.await {
                    Ok(value) => (Ok(()), Some(value)),
                    Err(error) => (Err(error), None),
                };
                let tell: Tell = Box::new(move |written: Result<(), StoreError>| {
                    let lost = || StoreError::Unreachable("a small write was lost".into());
                    let _ = sender.send(written.and_then(|()| value.ok_or_else(lost)));
                });
                (result, tell)
            })
        });
        match self.database.as_ref() {
            Database::Sqlite { .. } => writer.small(small).await?,
            Database::Postgres { .. } => {
                let database = self.database.clone();
                tokio::spawn(async move {
                    match database.reader().await {
                        Ok(mut connection) => {
                            if !run_small(&mut connection, small).await {
                                connection.discard();
                            }
                        }
                        Err(error) => tracing::warn!(%error, "no connection to write with"),
                    }
                });
            }
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Unreachable("the database did not take the write".into())))
    }

    /// Runs one statement that writes; answers how many rows it touched.
    pub(crate) async fn execute(&self, sql: &'static Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        self.write(move |connection| Box::pin(async move { connection.execute(sql, values).await })).await
    }

    /// Runs one statement that writes and answers with the rows it touched.
    pub(crate) async fn execute_returning(
        &self,
        sql: &'static Sql,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        self.write(move |connection| Box::pin(async move { connection.rows(sql, values).await })).await
    }
}

impl WritePort for Store {
    async fn commit(&self, commit: Commit) -> CommitOutcome {
        match &self.writer {
            Some(writer) => writer.commit(commit).await,
            None => CommitOutcome::Unavailable(StoreError::ReadOnly),
        }
    }
}
