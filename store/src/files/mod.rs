//! Uploaded files: hashed while they arrive, pending until a commit names them.

mod content;

use sha2::{Digest, Sha256};
use zhupi_domain::{CompanyId, ContentHash, FileId, InstanceId, Instant};

use crate::database::{BoxFuture, Connection, Database, values};
use crate::digest;
use crate::records::{FileRecord, FileState};
use crate::sql::data as sql;
use crate::{Store, StoreError};
pub(crate) use content::{ContentReader, ContentWriter, content_name};
use content::{path_of, remove_file};

/// What an uploader says of a file before it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub id: FileId,
    /// As the person calls it. Kept and shown, never part of a path.
    pub name: String,
    pub media_type: String,
    pub uploaded_by: String,
    pub at: Instant,
    /// Anything longer is refused while it arrives.
    pub max_bytes: u64,
}

/// A file on its way in. Dropping it leaves it to the next sweep.
pub struct Upload {
    store: Store,
    company: CompanyId,
    record: FileRecord,
    max_bytes: u64,
    hasher: Sha256,
    content: ContentWriter,
}

impl Upload {
    /// Takes the next bytes; refuses those beyond the largest size.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let size = self.record.size.saturating_add(bytes.len() as u64);
        if size > self.max_bytes {
            return Err(StoreError::TooLarge { max: self.max_bytes });
        }
        self.content.write(bytes).await?;
        self.hasher.update(bytes);
        self.record.size = size;
        Ok(())
    }

    /// Makes the file durable; it is then pending.
    pub async fn finish(self) -> Result<FileRecord, StoreError> {
        let Self { store, company, mut record, hasher, content, .. } = self;
        content.finish().await?;
        record.sha256 = digest_of(hasher)?;
        record.state = FileState::Pending;
        let size = i64::try_from(record.size).map_err(|_| StoreError::TooLarge { max: i64::MAX as u64 })?;
        let values =
            values![company.as_str(), record.id.as_str(), size, record.sha256, digest::file(&company, &record)];
        match store.execute(&sql::FILE_FINISH, values).await? {
            0 => Err(StoreError::Refused("the file was swept away while it arrived".into())),
            _ => Ok(record),
        }
    }
}

pub(crate) fn digest_of(hasher: Sha256) -> Result<ContentHash, StoreError> {
    let text: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    ContentHash::parse(&text).ok_or_else(|| StoreError::Damaged(format!("`{text}` is not a hash")))
}

/// The content of a file on its way out.
pub struct Download {
    store: Store,
    content: ContentReader,
}

impl Download {
    /// The next bytes; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut connection = self.store.database.reader().await?;
        self.content.next_from(&mut connection).await
    }
}

impl Store {
    /// Begins to take a file. Its id must be new.
    pub async fn upload(&self, company: &CompanyId, new: NewFile) -> Result<Upload, StoreError> {
        let record = FileRecord {
            id: new.id,
            name: new.name,
            media_type: new.media_type,
            size: 0,
            sha256: ContentHash::ZERO,
            state: FileState::Uploading,
            instance: None,
            uploaded_by: new.uploaded_by,
            uploaded_at: new.at,
            erased: None,
            content: true,
        };
        let values = values![
            company.as_str(),
            record.id.as_str(),
            record.name.as_str(),
            record.media_type.as_str(),
            record.sha256,
            record.uploaded_by.as_str(),
            record.uploaded_at,
            digest::file(company, &record)
        ];
        self.execute(&sql::FILE_START, values).await?;
        let content = ContentWriter::create(self, company, &record.id).await?;
        let (store, company) = (self.clone(), company.clone());
        Ok(Upload { store, company, record, max_bytes: new.max_bytes, hasher: Sha256::new(), content })
    }

    /// What is known of a file.
    pub async fn file(&self, company: &CompanyId, id: &FileId) -> Result<Option<FileRecord>, StoreError> {
        self.find(&sql::FILE, values![company.as_str(), id.as_str()], FileRecord::read).await
    }

    /// The files of an instance.
    pub async fn files_of(&self, company: &CompanyId, instance: &InstanceId) -> Result<Vec<FileRecord>, StoreError> {
        self.list(&sql::FILES_OF_INSTANCE, values![company.as_str(), instance.as_str()], FileRecord::read).await
    }

    /// Opens the content of a file that is complete and not erased.
    pub async fn download(&self, company: &CompanyId, id: &FileId) -> Result<Option<Download>, StoreError> {
        let readable = |file: &FileRecord| matches!(file.state, FileState::Pending | FileState::Attached);
        match self.file(company, id).await?.filter(readable) {
            Some(_) => {
                let content = ContentReader::open(&self.database, company, id).await?;
                Ok(Some(Download { store: self.clone(), content }))
            }
            None => Ok(None),
        }
    }

    /// Removes files that no commit named since a moment, and the content of erased ones; answers how many.
    pub async fn sweep_files(&self, before: Instant, most: i64) -> Result<u64, StoreError> {
        let swept = self.list(&sql::FILES_TO_SWEEP, values![before, most], |row| {
            Ok((CompanyId::new(row.text()?), FileId::new(row.text()?), FileState::parse(&row.text()?)?))
        });
        let mut count = 0;
        for (company, id, state) in swept.await? {
            if self.sweep_file(company, id, state).await? {
                count += 1;
            }
        }
        Ok(count)
    }

    /// The row goes before the content of a file that was never named: a commit that names it meanwhile then finds no row.
    /// The content goes before the mark of one that was erased: a crash between the two repeats the sweep.
    async fn sweep_file(&self, company: CompanyId, id: FileId, state: FileState) -> Result<bool, StoreError> {
        let path = path_of(&self.database, &company, &id);
        // A backup that runs copies content that its snapshot names; it must not vanish meanwhile.
        let _alone = self.sweeping.write().await;
        if let (FileState::Erased, Some(path)) = (state, &path) {
            remove_file(path).await?;
        }
        let rows = matches!(*self.database, Database::Postgres { .. });
        let swept = self
            .write(move |connection| -> BoxFuture<'_, _> { Box::pin(forget(connection, company, id, state, rows)) })
            .await?;
        if let (true, FileState::Uploading | FileState::Pending, Some(path)) = (swept, state, &path) {
            remove_file(path).await?;
        }
        Ok(swept)
    }
}

async fn forget(
    connection: &mut Connection,
    company: CompanyId,
    id: FileId,
    state: FileState,
    rows: bool,
) -> Result<bool, StoreError> {
    let statement = if state == FileState::Erased { &sql::FILE_EMPTIED } else { &sql::FILE_FORGET };
    let key = || values![company.as_str(), id.as_str()];
    let touched = connection.execute(statement, key()).await?;
    if rows && touched > 0 {
        connection.execute(&sql::FILE_CHUNKS_DELETE, key()).await?;
    }
    Ok(touched > 0)
}
