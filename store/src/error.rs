//! What can go wrong between the product and its database.

use std::path::PathBuf;

use sqlx::postgres::{PgDatabaseError, PgSeverity};
use sqlx::sqlite::SqliteError;

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room is left; reads go on, and writes work again as soon as there is room.
    #[error("no room is left on the disk of the database")]
    DiskFull,
    /// The database cannot be reached, or ended the conversation.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database does not take this user, this password or this name of a database.
    #[error("the database does not let us in: {0}")]
    NotAdmitted(String),
    /// Nothing was ever stored in this folder.
    #[error("there is no data in {}", .0.display())]
    NoData(PathBuf),
    /// The file of the database cannot be opened: its rights, or something else lies in its place.
    #[error("the file of the database cannot be opened: {0}")]
    CannotOpen(String),
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

/// PostgreSQL's codes for a user or password that it does not know, and for a database that it does not have.
const NOT_ADMITTED: [&str; 3] = ["28000", "28P01", "3D000"];

impl StoreError {
    /// What SQLite's codes mean; the lower byte is the kind of error.
    fn of_sqlite(code: i32, said: String) -> Self {
        match code & 0xff {
            11 | 26 => Self::Damaged(said),
            13 => Self::DiskFull,
            14 => Self::CannotOpen(said),
            _ => Self::Refused(said),
        }
    }

    /// What PostgreSQL's codes mean: connection faults (08), too many connections or no memory (53), shut down (57), and
    /// whatever ends the conversation.
    fn of_postgres(code: &str, ended: bool, said: String) -> Self {
        let gone = ended || ["08", "53", "57"].iter().any(|class| code.starts_with(class));
        match code {
            "53100" => Self::DiskFull,
            code if NOT_ADMITTED.contains(&code) => Self::NotAdmitted(said),
            _ if gone => Self::Unreachable(said),
            _ => Self::Refused(said),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                let (code, said) = (database.code().unwrap_or_default(), error.to_string());
                if database.try_downcast_ref::<SqliteError>().is_some() {
                    return Self::of_sqlite(code.parse().unwrap_or_default(), said);
                }
                let postgres = database.try_downcast_ref::<PgDatabaseError>();
                let fatal = |error: &PgDatabaseError| matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic);
                Self::of_postgres(&code, postgres.is_some_and(fatal), said)
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Unreachable(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => Self::of_sqlite(failure.extended_code, said),
            _ => Self::Damaged(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_a_person_can_do_about_it() {
        let sqlite = |code| StoreError::of_sqlite(code, String::new());
        assert!(matches!(sqlite(13), StoreError::DiskFull));
        assert!(matches!(sqlite(526), StoreError::CannotOpen(_)), "a folder lies in its place");
        assert!(matches!(sqlite(26), StoreError::Damaged(_)));
        assert!(matches!(sqlite(2067), StoreError::Refused(_)), "a unique index");
        let postgres = |code, ended| StoreError::of_postgres(code, ended, String::new());
        assert!(matches!(postgres("53100", false), StoreError::DiskFull));
        assert!(matches!(postgres("28P01", true), StoreError::NotAdmitted(_)));
        assert!(matches!(postgres("57P01", true), StoreError::Unreachable(_)));
        assert!(matches!(postgres("23505", false), StoreError::Refused(_)));
    }
}
