//! Every checkpoint against the one before it, its seals, and the events that they name.

use zhupi_domain::{ContentHash, Instant};

use super::{Check, PAGE, Problem, UnsealedWindow};
use crate::StoreError;
use crate::database::{Row, values};
use crate::sealer::{Checkpoint, Seal, merkle_root};
use crate::sql::verify as sql;

impl Check<'_> {
    pub(super) async fn check_seals(&mut self) -> Result<(), StoreError> {
        let (mut number, mut hash) = (0, ContentHash::ZERO);
        loop {
            let rows = self.rows(&sql::CHECKPOINTS, values![number, PAGE]).await?;
            let last = (rows.len() as i64) < PAGE;
            for mut row in rows {
                let expected = number.saturating_add(1);
                number = row.integer()?;
                let here = format!("checkpoint {number}");
                self.report.checkpoints += 1;
                let read = read_checkpoint(number, &mut row);
                let Some(checkpoint) = self.readable(&here, read)? else { continue };
                let follows = number == expected && checkpoint.previous == hash;
                if !follows || checkpoint.compute_hash(&self.company) != checkpoint.hash {
                    self.find(&here, Problem::WrongCheckpoint);
                }
                hash = checkpoint.hash;
                self.check_root(&checkpoint).await?;
            }
            if last {
                break;
            }
        }
        self.find_all(&sql::SEALS_WITHOUT_CHECKPOINT, "seal", Problem::CheckpointMissing).await?;
        self.read_window().await
    }

    async fn check_root(&mut self, checkpoint: &Checkpoint) -> Result<(), StoreError> {
        let mut leaves = Vec::new();
        for mut row in self.rows(&sql::SEALS, values![checkpoint.number]).await? {
            let (stream, number) = (row.text()?, row.integer()?);
            let here = format!("seal {stream}/{number}");
            let (first, hash, event, before) =
                (row.integer()?, row.hash(), row.optional_text()?, row.optional_integer()?);
            let Some(hash) = self.readable(&here, hash)? else { continue };
            if first != before.unwrap_or(0).saturating_add(1) || number < first {
                self.find(&here, Problem::SealGap);
            }
            if event != Some(hash.to_string()) {
                self.find(&here, Problem::WrongSeal);
            }
            leaves.push(Seal { stream, first, number, hash }.leaf());
        }
        let complete = i64::try_from(leaves.len()) == Ok(checkpoint.seals);
        if !complete || merkle_root(leaves) != checkpoint.root {
            self.find(format!("checkpoint {}", checkpoint.number), Problem::WrongRoot);
        }
        Ok(())
    }

    async fn read_window(&mut self) -> Result<(), StoreError> {
        if let Some(row) = self.rows(&sql::UNSEALED_WINDOW, Vec::new()).await?.first_mut() {
            let (events, since) = (row.integer()?, row.optional_integer()?);
            if events > 0 {
                self.report.unsealed = Some(UnsealedWindow { events, since: since.and_then(Instant::from_micros) });
            }
        }
        Ok(())
    }
}

fn read_checkpoint(number: i64, row: &mut Row) -> Result<Checkpoint, StoreError> {
    Ok(Checkpoint {
        number,
        at: row.instant()?,
        root: row.hash()?,
        seals: row.integer()?,
        previous: row.hash()?,
        hash: row.hash()?,
    })
}
