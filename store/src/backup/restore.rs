//! Puts a backup into an empty store of either kind.

use std::io::{BufRead, BufReader};
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::io::AsyncReadExt;
use zhupi_domain::{CompanyId, FileId, json};

use super::{BackedUpTable, FORMAT, MANIFEST, Manifest, files_after};
use crate::chain::Salts;
use crate::database::{BoxFuture, Config, Rows, Value, schema_version, values};
use crate::files::{ContentWriter, content_name, digest_of};
use crate::sql::dump::{TABLES, Table};
use crate::sql::{Kind, access, verify};
use crate::verify::Report;
use crate::{Store, StoreError};

/// How many rows, and about how many bytes of them, are written in one transaction.
const MOST_ROWS: usize = 500;
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Stands in `meta` while a restore is under way, so that nobody works with half of the data.
const RESTORING: &str = "restoring";

impl Store {
    /// Restores a backup into an empty store, and checks what came of it.
    ///
    /// A store whose restore failed or was killed refuses to open; empty it and restore again.
    pub async fn restore(config: Config, salts: Salts, from: &Path) -> Result<(Self, Report), StoreError> {
        let manifest = read_manifest(from)?;
        let store = Self::open_unchecked(config, salts).await?;
        store.refuse_half_restored().await?;
        if !store.rows(&verify::COMPANIES_NAMED, Vec::new()).await?.is_empty() {
            return Err(StoreError::NotEmpty);
        }
        store.execute(&access::META_SET, values![RESTORING, "begun"]).await?;
        for table in TABLES {
            let entry = manifest.tables.iter().find(|entry| entry.name == table.name);
            let entry = entry.ok_or_else(|| StoreError::Damaged(format!("the backup has no table {}", table.name)))?;
            store.read_table(table, entry, from).await?;
        }
        store.read_files(&manifest, from).await?;
        store.execute(&access::META_DELETE, values![RESTORING]).await?;
        let report = store.verify(None).await?;
        Ok((store, report))
    }

    /// Refuses a store in which a restore was begun and not finished.
    pub(crate) async fn refuse_half_restored(&self) -> Result<(), StoreError> {
        match self.row(&access::META, values![RESTORING]).await? {
            Some(_) => Err(StoreError::HalfRestored),
            None => Ok(()),
        }
    }

    async fn read_table(&self, table: &'static Table, entry: &BackedUpTable, from: &Path) -> Result<(), StoreError> {
        let path = from.join(format!("{}.jsonl", table.name));
        let mut lines = BufReader::new(std::fs::File::open(&path).map_err(StoreError::io(&path))?);
        let (mut hasher, mut rows) = (Sha256::new(), 0);
        let (mut batch, mut bytes) = (Rows::of(&table.add), 0);
        let mut line = String::new();
        while lines.read_line(&mut line).map_err(StoreError::io(&path))? > 0 {
            hasher.update(line.as_bytes());
            batch.push(cells(table, &line)?);
            rows += 1;
            bytes += line.len();
            line.clear();
            if batch.len() >= MOST_ROWS || bytes >= MOST_BYTES {
                self.add_rows(table, std::mem::replace(&mut batch, Rows::of(&table.add))).await?;
                bytes = 0;
            }
        }
        self.add_rows(table, batch).await?;
        if rows != entry.rows || digest_of(hasher)? != entry.sha256 {
            return Err(StoreError::Damaged(format!("the backup's table {} is not what was backed up", table.name)));
        }
        Ok(())
    }

    async fn add_rows(&self, table: &'static Table, rows: Rows) -> Result<(), StoreError> {
        self.write(move |connection| -> BoxFuture<'_, _> {
            Box::pin(async move { connection.execute_set(&table.add, &rows).await.map(drop) })
        })
        .await
    }

    async fn read_files(&self, manifest: &Manifest, from: &Path) -> Result<(), StoreError> {
        let mut after = (CompanyId::new(""), FileId::new(""));
        let mut count = 0;
        loop {
            let files = files_after(&mut self.database.reader().await?, &after).await?;
            let Some(last) = files.last().cloned() else { break };
            for (company, id) in files {
                self.read_content(&company, &id, from).await?;
                count += 1;
            }
            after = last;
        }
        if count != manifest.files {
            return Err(StoreError::Damaged(format!("the backup has {} files, its rows {count}", manifest.files)));
        }
        Ok(())
    }

    async fn read_content(&self, company: &CompanyId, id: &FileId, from: &Path) -> Result<(), StoreError> {
        let path = from.join("files").join(content_name(company, id));
        let mut file = tokio::fs::File::open(&path).await.map_err(StoreError::io(&path))?;
        let mut content = ContentWriter::create(self, company, id).await?;
        let mut chunk = vec![0; 64 * 1024];
        loop {
            let length = file.read(&mut chunk).await.map_err(StoreError::io(&path))?;
            match chunk.get(..length) {
                Some([]) | None => return content.finish().await,
                Some(bytes) => content.write(bytes).await?,
            }
        }
    }
}

fn read_manifest(from: &Path) -> Result<Manifest, StoreError> {
    let path = from.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(StoreError::io(&path))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| StoreError::Damaged(format!("{MANIFEST}: {error}")))?;
    if manifest.format != FORMAT {
        return Err(StoreError::Damaged(format!(
            "a backup of format {}, this program reads {FORMAT}",
            manifest.format
        )));
    }
    let (found, known) = (manifest.schema, schema_version());
    match found.cmp(&known) {
        std::cmp::Ordering::Greater => Err(StoreError::NewerSchema { found, known }),
        std::cmp::Ordering::Less => Err(StoreError::OlderSchema { found, known }),
        std::cmp::Ordering::Equal => Ok(manifest),
    }
}

/// The values of one line, by the kinds of the table's columns.
fn cells(table: &Table, line: &str) -> Result<Vec<Value>, StoreError> {
    let damaged = || StoreError::Damaged(format!("a row of the backup's table {}", table.name));
    let row = json::parse(line).map_err(|_| damaged())?;
    let cells = row.as_array().filter(|cells| cells.len() == table.columns.len()).ok_or_else(damaged)?;
    let value = |(cell, kind): (&serde_json::Value, &Kind)| match (kind, cell) {
        (Kind::text, serde_json::Value::Null) => Ok(Value::Text(None)),
        (Kind::bigint, serde_json::Value::Null) => Ok(Value::Integer(None)),
        (Kind::text, serde_json::Value::String(text)) => Ok(Value::Text(Some(text.clone()))),
        (Kind::bigint, cell) => cell.as_i64().map(|number| Value::Integer(Some(number))).ok_or_else(damaged),
        _ => Err(damaged()),
    };
    cells.iter().zip(table.add.columns).map(value).collect()
}
