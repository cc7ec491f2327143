//! Where the bytes of files are: on disk beside SQLite, in rows of PostgreSQL.

use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zhupi_domain::{CompanyId, FileId};

use crate::chain::framed;
use crate::database::{Connection, Database, values};
use crate::sql::data as sql;
use crate::{Store, StoreError};

/// How many bytes one row or one read holds.
const CHUNK: usize = 256 * 1024;

/// Where a file's content is on disk; none where the database keeps it.
///
/// The path is made from a hash of company and id: nothing that anybody typed is ever part of it.
pub(crate) fn path_of(database: &Database, company: &CompanyId, id: &FileId) -> Option<PathBuf> {
    let name = content_name(company, id);
    let (folder, rest) = name.split_at_checked(2)?;
    Some(database.dir()?.join("files").join(folder).join(rest))
}

/// The name of a file's content, here and in backups.
pub(crate) fn content_name(company: &CompanyId, id: &FileId) -> String {
    framed("zhupi content 1", &[company.as_str().as_bytes(), id.as_str().as_bytes()]).to_string()
}

/// Takes content as it comes.
pub(crate) enum ContentWriter {
    Disk { path: PathBuf, file: File },
    Rows { store: Store, company: CompanyId, id: FileId, number: i64, buffer: Vec<u8> },
}

impl ContentWriter {
    pub(crate) async fn create(store: &Store, company: &CompanyId, id: &FileId) -> Result<Self, StoreError> {
        match path_of(&store.database, company, id) {
            Some(path) => {
                if let Some(folder) = path.parent() {
                    tokio::fs::create_dir_all(folder).await.map_err(StoreError::io(folder))?;
                }
                let file = File::create(&path).await.map_err(StoreError::io(&path))?;
                Ok(Self::Disk { path, file })
            }
            None => Ok(Self::Rows {
                store: store.clone(),
                company: company.clone(),
                id: id.clone(),
                number: 0,
                buffer: Vec::with_capacity(CHUNK),
            }),
        }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        match self {
            Self::Disk { path, file } => file.write_all(bytes).await.map_err(StoreError::io(&*path)),
            Self::Rows { store, company, id, number, buffer } => {
                for part in bytes.chunks(CHUNK) {
                    buffer.extend_from_slice(part);
                    while buffer.len() >= CHUNK {
                        let rest = buffer.split_off(CHUNK);
                        let chunk = std::mem::replace(buffer, rest);
                        add_chunk(store, company, id, number, chunk).await?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Makes the content durable, and the folder that names it.
    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        match self {
            Self::Disk { path, mut file } => {
                file.flush().await.map_err(StoreError::io(&path))?;
                file.sync_all().await.map_err(StoreError::io(&path))?;
                for folder in path.ancestors().skip(1).take(3) {
                    sync_folder(folder).await?;
                }
                Ok(())
            }
            Self::Rows { store, company, id, mut number, buffer } => {
                if buffer.is_empty() {
                    Ok(())
                } else {
                    add_chunk(&store, &company, &id, &mut number, buffer).await
                }
            }
        }
    }
}

async fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let open = File::open(folder).await.map_err(StoreError::io(folder))?;
    open.sync_all().await.map_err(StoreError::io(folder))
}

async fn add_chunk(
    store: &Store,
    company: &CompanyId,
    id: &FileId,
    number: &mut i64,
    chunk: Vec<u8>,
) -> Result<(), StoreError> {
    let values = values![company.as_str(), id.as_str(), *number, chunk];
    *number += 1;
    store.execute(&sql::FILE_CHUNK_ADD, values).await.map(drop)
}

/// Gives content chunk by chunk.
pub(crate) enum ContentReader {
    Disk { path: PathBuf, file: File },
    Rows { company: CompanyId, id: FileId, number: i64 },
}

impl ContentReader {
    pub(crate) async fn open(database: &Database, company: &CompanyId, id: &FileId) -> Result<Self, StoreError> {
        match path_of(database, company, id) {
            Some(path) => {
                let file = File::open(&path).await.map_err(StoreError::io(&path))?;
                Ok(Self::Disk { path, file })
            }
            None => Ok(Self::Rows { company: company.clone(), id: id.clone(), number: 0 }),
        }
    }

    /// The next bytes, read through a connection that sees one moment of the data.
    pub(crate) async fn next_from(&mut self, connection: &mut Connection) -> Result<Option<Vec<u8>>, StoreError> {
        match self {
            Self::Disk { path, file } => {
                let mut chunk = vec![0; CHUNK];
                let length = file.read(&mut chunk).await.map_err(StoreError::io(&*path))?;
                chunk.truncate(length);
                Ok(Some(chunk).filter(|chunk| !chunk.is_empty()))
            }
            Self::Rows { company, id, number } => {
                let values = values![company.as_str(), id.as_str(), *number];
                *number += 1;
                connection.row(&sql::FILE_CHUNK, values).await?.map(|mut row| row.bytes()).transpose()
            }
        }
    }
}

/// Removes a file that may be gone already.
pub(crate) async fn remove_file(path: &Path) -> Result<(), StoreError> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path)(error)),
        _ => Ok(()),
    }
}
