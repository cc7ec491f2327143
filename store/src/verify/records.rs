//! Releases and files against their hashes.

use sha2::{Digest, Sha256};
use zhupi_domain::{ContentHash, FileId};

use super::{Check, PAGE, Problem};
use crate::StoreError;
use crate::database::{Row, values};
use crate::digest;
use crate::files::{ContentReader, digest_of};
use crate::records::{FileRecord, FileState, Release};
use crate::sql::verify as sql;

impl Check<'_> {
    pub(super) async fn check_releases(&mut self) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            // Releases are long texts: few at a time.
            let rows = self.rows(&sql::RELEASES, values![after.as_str(), 20]).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                after = self.check_release(row)?;
            }
        }
        for mut row in self.rows(&sql::RELEASES_MISSING, Vec::new()).await? {
            let place = format!("release {}", row.text()?);
            self.find(place, Problem::Missing);
        }
        Ok(())
    }

    fn check_release(&mut self, row: Row) -> Result<String, StoreError> {
        self.report.releases += 1;
        let mut key = row.clone();
        let (mut row, id) = (row, key.text()?);
        let here = format!("release {id}");
        let read = Release::read(&mut row).and_then(|release| Ok((release, row.text()?)));
        if let Some((release, digest)) = self.readable(&here, read)? {
            if ContentHash::of(&[release.body.as_bytes()]) != release.hash.0 {
                self.find(&here, Problem::WrongContent);
            }
            if digest::release(&self.company, &release).to_string() != digest {
                self.find(here, Problem::WrongRecord);
            }
        }
        Ok(id)
    }

    pub(super) async fn check_files(&mut self) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            let rows = self.rows(&sql::FILES, values![after.as_str(), PAGE]).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                after = self.check_file(row).await?;
            }
        }
    }

    async fn check_file(&mut self, row: Row) -> Result<String, StoreError> {
        self.report.files += 1;
        let mut key = row.clone();
        let (mut row, id) = (row, key.text()?);
        let here = format!("file {id}");
        let read = FileRecord::read(&mut row).and_then(|file| Ok((file, row.text()?)));
        let Some((file, digest)) = self.readable(&here, read)? else { return Ok(id) };
        if digest::file(&self.company, &file).to_string() != digest || (!file.content && file.erased.is_none()) {
            self.find(&here, Problem::WrongRecord);
        }
        if matches!(file.state, FileState::Pending | FileState::Attached) && !self.content_fits(&file).await? {
            self.find(here, Problem::WrongContent);
        }
        Ok(id)
    }

    /// Whether the content has the file's size and hash. A file that was erased after the snapshot has none, rightly.
    async fn content_fits(&mut self, file: &FileRecord) -> Result<bool, StoreError> {
        let fits = match self.hash_content(&file.id).await {
            Ok((hash, size)) => hash == file.sha256 && size == file.size,
            Err(StoreError::Io { .. }) => false,
            Err(error) => return Err(error),
        };
        let gone = || async {
            let now = self.store.file(&self.company, &file.id).await?;
            Ok::<_, StoreError>(now.is_none_or(|now| now.state == FileState::Erased))
        };
        Ok(fits || gone().await?)
    }

    async fn hash_content(&mut self, id: &FileId) -> Result<(ContentHash, u64), StoreError> {
        let mut content = ContentReader::open(&self.store.database, &self.company, id).await?;
        let (mut hasher, mut size) = (Sha256::new(), 0_u64);
        while let Some(chunk) = content.next_from(self.connection).await? {
            size = size.saturating_add(chunk.len() as u64);
            hasher.update(&chunk);
        }
        Ok((digest_of(hasher)?, size))
    }
}
