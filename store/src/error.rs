//! What can go wrong between the product and its database.

use std::path::PathBuf;

use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room is left; reads go on, and writes work again as soon as there is room.
    #[error("no room is left on the disk of the database")]
    DiskFull,
    /// The database cannot be reached, or ended the conversation.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database refused a statement: a broken rule of the data, or a fault of ours.
    #[error("the database refused: {0}")]
    Refused(String),
    /// A stored value is not what it must be; `zhupi verify` says more.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The data was written by a later version of the program.
    #[error("the data has schema {found}, this program knows up to {known}: use the newer program")]
    NewerSchema { found: i64, known: i64 },
    /// The data was written by an earlier version of the program, and may not be changed by one that only reads.
    #[error("the data has schema {found}, this program needs {known}: start the server once to bring it up to date")]
    OlderSchema { found: i64, known: i64 },
    /// A migration that was applied differs from the one in this program.
    #[error("migration {0} was applied in another wording than this program has")]
    ChangedMigration(i64),
    /// Another process works on this folder.
    #[error("another zhupi works on {} (its lock is held)", .0.display())]
    InUse(PathBuf),
    /// The data was opened for reading only, or is being restored.
    #[error("the data is open for reading only")]
    ReadOnly,
    /// A restore into this store was begun and never finished.
    #[error("a restore into this store was not finished: empty it and restore again")]
    HalfRestored,
    /// The store holds data already, so nothing can be restored into it.
    #[error("the store is not empty")]
    NotEmpty,
    /// A file is larger than it may be.
    #[error("the file is larger than {max} bytes")]
    TooLarge { max: u64 },
    /// A file or folder could not be read or written.
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl StoreError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io { path, source },
        }
    }
}

/// SQLite's code for a full disk or a reached page limit, and PostgreSQL's for a full disk.
const FULL: [&str; 2] = ["13", "53100"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                if FULL.contains(&code.as_ref()) {
                    return Self::DiskFull;
                }
                // PostgreSQL: connection faults (08), too many connections or no memory (53), shut down (57), and whatever
                // ends the conversation.
                let gone = code.len() == 5 && ["08", "53", "57"].iter().any(|class| code.starts_with(class));
                let fatal = database
                    .try_downcast_ref::<PgDatabaseError>()
                    .is_some_and(|error| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic));
                if gone || fatal { Self::Unreachable(error.to_string()) } else { Self::Refused(error.to_string()) }
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Unreachable(error.to_string()),
        }
    }
}
