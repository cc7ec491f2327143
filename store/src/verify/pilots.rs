//! Pilots against their digests, and candidates against their hashes.

use zhupi_domain::ContentHash;

use super::{Check, PAGE, Problem};
use crate::StoreError;
use crate::database::{Row, values};
use crate::digest::{self, PilotContent};
use crate::records::{Pilot, PilotPayee, PilotRow};
use crate::sql::pilots as sql;

impl Check<'_> {
    pub(super) async fn check_pilots(&mut self) -> Result<(), StoreError> {
        self.check_candidates().await?;
        let mut after = String::new();
        loop {
            let rows = self.rows(&sql::VERIFY_PILOTS, values![after.as_str(), PAGE]).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in rows {
                after = self.check_pilot(row).await?;
            }
        }
    }

    async fn check_pilot(&mut self, row: Row) -> Result<String, StoreError> {
        self.report.pilots += 1;
        let mut key = row.clone();
        let (mut row, id) = (row, key.text()?);
        let here = format!("pilot {id}");
        let content = self.content(&id).await;
        let Some(content) = self.readable(&here, content)? else { return Ok(id) };
        let read = Pilot::read(&mut row).and_then(|pilot| {
            let (key, request, digest) = (row.text()?, row.hash()?, row.text()?);
            let fits = digest::pilot(&self.company, &pilot, &key, &request, &content).to_string() == digest;
            Ok((fits, row.integer()? > 0 && row.integer()? > 0))
        });
        if let Some((fits, complete)) = self.readable(&here, read)? {
            if !fits {
                self.find(&here, Problem::WrongRecord);
            }
            if !complete {
                self.find(here, Problem::Missing);
            }
        }
        Ok(id)
    }

    /// The digest of the rows and payees that are there.
    async fn content(&mut self, pilot: &str) -> Result<ContentHash, StoreError> {
        let (mut content, mut after) = (PilotContent::default(), i64::MIN);
        loop {
            let rows = self.rows(&sql::VERIFY_ROWS, values![pilot, after, PAGE]).await?;
            if rows.is_empty() {
                break;
            }
            for mut row in rows {
                let row = PilotRow::read(&mut row)?;
                after = row.number;
                content.row(&row);
            }
        }
        after = i64::MIN;
        loop {
            let payees = self.rows(&sql::VERIFY_PAYEES, values![pilot, after, PAGE]).await?;
            if payees.is_empty() {
                return Ok(content.finish());
            }
            for mut payee in payees {
                let payee = PilotPayee::read(&mut payee)?;
                after = payee.place;
                content.payee(&payee);
            }
        }
    }

    async fn check_candidates(&mut self) -> Result<(), StoreError> {
        let mut after = String::new();
        loop {
            // Releases are long texts: few at a time.
            let rows = self.rows(&sql::VERIFY_RELEASES, values![after.as_str(), 20]).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for mut row in rows {
                let (hash, body) = (row.text()?, row.text()?);
                if ContentHash::of(&[body.as_bytes()]).to_string() != hash {
                    self.find(format!("candidate {hash}"), Problem::WrongContent);
                }
                after = hash;
            }
        }
    }
}
