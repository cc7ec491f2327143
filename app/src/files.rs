//! Files that belong to requests.

use zhupi_domain::{FileId, Instant};
use zhupi_store::{Download, FileRecord, FileState, NewFile, Upload};

use crate::history::person_key;
use crate::permit::{Denied, Viewer};
use crate::view::FileView;
use crate::{App, AppError};

/// The largest file, in bytes.
pub const MAX_FILE: u64 = 50 * 1024 * 1024;
/// The longest name of a file, in bytes.
const MAX_NAME: usize = 200;

impl App {
    /// Begins to take a file. It belongs to nobody's request until one names it, and is swept after a day.
    pub async fn upload(
        &self,
        viewer: &Viewer,
        name: &str,
        media_type: &str,
        now: Instant,
    ) -> Result<Upload, AppError> {
        let name = name.trim();
        if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) || name.contains(['/', '\\'])
        {
            return Err(AppError::bad("file_name_invalid", "文件名无效", "This cannot be the name of a file"));
        }
        let new = NewFile {
            id: FileId::new(self.new_id(now)),
            name: name.to_owned(),
            media_type: media_type.chars().filter(|c| c.is_ascii_graphic()).take(100).collect(),
            uploaded_by: person_key(viewer.person()),
            at: now,
            max_bytes: MAX_FILE,
        };
        Ok(self.store().upload(viewer.company(), new).await?)
    }

    /// What is known of a file that this person may open.
    pub async fn file(&self, viewer: &Viewer, id: &str) -> Result<FileView, AppError> {
        self.open_file(viewer, id).await.map(|record| file_view(&record))
    }

    /// The content of a file that this person may open.
    pub async fn download(&self, viewer: &Viewer, id: &str) -> Result<(FileView, Download), AppError> {
        let record = self.open_file(viewer, id).await?;
        let content = self.store().download(viewer.company(), &record.id).await?.ok_or(Denied::NotFound)?;
        Ok((file_view(&record), content))
    }

    /// Who sees the field that a file is in may open it; a file of no request yet only its uploader.
    async fn open_file(&self, viewer: &Viewer, id: &str) -> Result<FileRecord, AppError> {
        let record = self.store().file(viewer.company(), &FileId::new(id)).await?.ok_or(Denied::NotFound)?;
        let open = match (&record.state, &record.instance) {
            (FileState::Attached, Some(instance)) => self.shows_file(viewer, instance, &record.id).await?,
            (FileState::Pending, None) => record.uploaded_by == person_key(viewer.person()),
            _ => false,
        };
        if open { Ok(record) } else { Err(Denied::NotFound.into()) }
    }
}

/// A file as the API shows it.
pub fn file_view(record: &FileRecord) -> FileView {
    FileView {
        id: record.id.to_string(),
        name: record.name.clone(),
        size: record.size,
        media_type: record.media_type.clone(),
        sha256: record.sha256.to_string(),
    }
}
