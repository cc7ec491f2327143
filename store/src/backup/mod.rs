//! Backups that both databases can read: one JSON line a row, the files beside them, and a manifest that proves them.

mod restore;

use std::io::{BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use zhupi_domain::{CompanyId, ContentHash, FileId};

use crate::database::{Connection, Row, Value, schema_version, values};
use crate::files::{ContentReader, content_name, digest_of};
use crate::sql::dump::{self, TABLES, Table};
use crate::{Store, StoreError};

/// How a backup is laid out; another number is another layout.
const FORMAT: i64 = 1;
const MANIFEST: &str = "manifest.json";
/// How many files are listed at once.
const PAGE: i64 = 500;

/// What a backup holds. It is written last: a folder without it is no backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: i64,
    /// Version of the schema that the rows have.
    pub schema: i64,
    pub tables: Vec<BackedUpTable>,
    /// How many files' contents there are; their hashes are in their rows.
    pub files: u64,
}

/// One table of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackedUpTable {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: u64,
    pub sha256: ContentHash,
}

impl Store {
    /// Writes all data, as it is at one moment, into a new folder, while others go on working.
    ///
    /// Sessions, links and leases are left out: a restored server begins without them.
    pub async fn backup(&self, to: &Path) -> Result<Manifest, StoreError> {
        create_new_folder(to)?;
        // What the snapshot names stays there until it is copied.
        let _no_sweep = self.sweeping.read().await;
        let mut snapshot = self.database.open_snapshot().await?;
        let mut manifest = Manifest { format: FORMAT, schema: schema_version(), tables: Vec::new(), files: 0 };
        for table in TABLES {
            manifest.tables.push(write_table(&mut snapshot, table, to).await?);
        }
        manifest.files = self.copy_files(&mut snapshot, to).await?;
        let text = serde_json::to_string_pretty(&manifest).map_err(|error| StoreError::Damaged(error.to_string()))?;
        write_durably(&to.join(MANIFEST), text.as_bytes()).await?;
        Ok(manifest)
    }

    async fn copy_files(&self, snapshot: &mut Connection, to: &Path) -> Result<u64, StoreError> {
        let folder = to.join("files");
        std::fs::create_dir_all(&folder).map_err(StoreError::io(&folder))?;
        let mut after = (CompanyId::new(""), FileId::new(""));
        let mut count = 0;
        loop {
            let files = files_after(snapshot, &after).await?;
            let Some(last) = files.last().cloned() else { return Ok(count) };
            for (company, id) in files {
                let content = ContentReader::open(&self.database, &company, &id).await?;
                copy_content(snapshot, content, &folder.join(content_name(&company, &id))).await?;
                count += 1;
            }
            after = last;
        }
    }
}

fn create_new_folder(folder: &Path) -> Result<(), StoreError> {
    std::fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    let mut entries = std::fs::read_dir(folder).map_err(StoreError::io(folder))?;
    if entries.next().is_some() {
        return Err(StoreError::NotEmpty);
    }
    Ok(())
}

async fn files_after(
    connection: &mut Connection,
    after: &(CompanyId, FileId),
) -> Result<Vec<(CompanyId, FileId)>, StoreError> {
    let values = values![after.0.as_str(), after.1.as_str(), PAGE];
    let rows = connection.rows(&dump::FILES_WITH_CONTENT, values).await?;
    rows.into_iter().map(|mut row| Ok((CompanyId::new(row.text()?), FileId::new(row.text()?)))).collect()
}

async fn copy_content(snapshot: &mut Connection, mut content: ContentReader, to: &Path) -> Result<(), StoreError> {
    let mut file = tokio::fs::File::create(to).await.map_err(StoreError::io(to))?;
    while let Some(chunk) = content.next_from(snapshot).await? {
        file.write_all(&chunk).await.map_err(StoreError::io(to))?;
    }
    file.flush().await.map_err(StoreError::io(to))?;
    file.sync_all().await.map_err(StoreError::io(to))
}

async fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = tokio::fs::File::create(path).await.map_err(StoreError::io(path))?;
    file.write_all(bytes).await.map_err(StoreError::io(path))?;
    file.flush().await.map_err(StoreError::io(path))?;
    file.sync_all().await.map_err(StoreError::io(path))
}

async fn write_table(snapshot: &mut Connection, table: &Table, to: &Path) -> Result<BackedUpTable, StoreError> {
    let path = to.join(format!("{}.jsonl", table.name));
    let file = std::fs::File::create(&path).map_err(StoreError::io(&path))?;
    let (mut out, mut hasher, mut rows) = (BufWriter::new(file), Sha256::new(), 0_u64);
    snapshot
        .each_row(&table.read, Vec::new(), |row| {
            let line = line(row, table.columns.len())?;
            hasher.update(line.as_bytes());
            rows += 1;
            out.write_all(line.as_bytes()).map_err(StoreError::io(&path))
        })
        .await?;
    let file = out.into_inner().map_err(|error| StoreError::io(&path)(error.into_error()))?;
    file.sync_all().map_err(StoreError::io(&path))?;
    Ok(BackedUpTable {
        name: table.name.to_owned(),
        columns: table.columns.iter().map(|&column| column.to_owned()).collect(),
        rows,
        sha256: digest_of(hasher)?,
    })
}

/// One row as a JSON array in one line.
fn line(mut row: Row, columns: usize) -> Result<String, StoreError> {
    let mut cells = Vec::with_capacity(columns);
    for _ in 0..columns {
        cells.push(match row.value()? {
            Value::Text(text) => text.into(),
            Value::Integer(number) => number.into(),
            Value::Bytes(_) => return Err(StoreError::Damaged("bytes where a backup has text".into())),
        });
    }
    Ok(format!("{}\n", serde_json::Value::Array(cells)))
}
