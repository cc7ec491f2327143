//! Checkpoints: one hash over the heads of all streams of a company that moved since the last one.

use std::collections::BTreeMap;

use zhupi_domain::{CompanyId, ContentHash, Instant};

use crate::chain::framed;
use crate::database::{BoxFuture, Connection, Row, Rows, values};
use crate::scope::{Page, Scope, page_limit};
use crate::sql::evidence as sql;
use crate::{Store, StoreError};

/// The most rows that one checkpoint takes in; what is left over goes into the next.
const MOST: i64 = 10_000;

/// One checkpoint of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Counted from 1.
    pub number: i64,
    pub at: Instant,
    /// Merkle root over the seals, in the order of their streams.
    pub root: ContentHash,
    /// How many streams it covers.
    pub seals: i64,
    /// Hash of the checkpoint before; zero for the first.
    pub previous: ContentHash,
    pub hash: ContentHash,
}

/// How far one stream had come at a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    pub(crate) stream: String,
    /// The first and the last event that this seal adds.
    pub(crate) first: i64,
    pub(crate) number: i64,
    /// Hash of the last event, which chains to all before it.
    pub(crate) hash: ContentHash,
}

impl Seal {
    pub(crate) fn leaf(&self) -> ContentHash {
        let fields: [&[u8]; 4] =
            [self.stream.as_bytes(), &self.first.to_be_bytes(), &self.number.to_be_bytes(), self.hash.as_bytes()];
        framed("zhupi seal 1", &fields)
    }
}

/// The root of a binary tree over leaves in their order; a leaf without a partner moves up as it is.
pub(crate) fn merkle_root(mut level: Vec<ContentHash>) -> ContentHash {
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => framed("zhupi node 1", &[left.as_bytes(), right.as_bytes()]),
                rest => rest.first().copied().unwrap_or(ContentHash::ZERO),
            })
            .collect();
    }
    level.pop().unwrap_or(ContentHash::ZERO)
}

impl Checkpoint {
    /// The hash of its fields: what the next one names, and what is published.
    pub(crate) fn compute_hash(&self, company: &CompanyId) -> ContentHash {
        framed(
            "zhupi checkpoint 1",
            &[
                company.as_str().as_bytes(),
                &self.number.to_be_bytes(),
                &self.at.micros().to_be_bytes(),
                self.root.as_bytes(),
                &self.seals.to_be_bytes(),
                self.previous.as_bytes(),
            ],
        )
    }

    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            number: row.integer()?,
            at: row.instant()?,
            root: row.hash()?,
            seals: row.integer()?,
            previous: row.hash()?,
            hash: row.hash()?,
        })
    }
}

impl Store {
    /// Seals what is new in all companies; answers how many checkpoints were made.
    ///
    /// Called under a lease, about once a second. Two that run at once do no harm: one of them fails.
    pub async fn seal(&self, at: Instant) -> Result<usize, StoreError> {
        let mut made = 0;
        let companies = self.list(&sql::UNSEALED_COMPANIES, Vec::new(), |row| Ok(CompanyId::new(row.text()?))).await?;
        for company in companies {
            while self.seal_company(&company, at).await?.is_some() {
                made += 1;
            }
        }
        Ok(made)
    }

    /// Seals what is new in one company; none when nothing is.
    pub async fn seal_company(&self, company: &CompanyId, at: Instant) -> Result<Option<Checkpoint>, StoreError> {
        let company = company.clone();
        self.write(move |connection| -> BoxFuture<'_, _> { Box::pin(append_checkpoint(connection, company, at)) }).await
    }

    /// The last checkpoint of a company: the head to print on what leaves the house.
    pub async fn last_checkpoint(&self, company: &CompanyId) -> Result<Option<Checkpoint>, StoreError> {
        self.find(&sql::LAST_CHECKPOINT, values![company.as_str()], Checkpoint::read).await
    }

    /// Checkpoints of a company in their order; the next page begins after the number named.
    pub async fn checkpoints(
        &self,
        scope: &Scope,
        after: i64,
        limit: usize,
    ) -> Result<Page<Checkpoint, i64>, StoreError> {
        let limit = page_limit(limit);
        let values = values![scope.company.as_str(), after, limit as i64 + 1];
        let checkpoints = self.list(&sql::CHECKPOINTS, values, Checkpoint::read).await?;
        Ok(Page::cut(checkpoints, limit, |last| last.number))
    }
}

async fn append_checkpoint(
    connection: &mut Connection,
    company: CompanyId,
    at: Instant,
) -> Result<Option<Checkpoint>, StoreError> {
    let unsealed = connection.rows(&sql::UNSEALED, values![company.as_str(), MOST]).await?;
    let mut seals: BTreeMap<String, Seal> = BTreeMap::new();
    let mut taken = Rows::of(&sql::DELETE_UNSEALED);
    for mut row in unsealed {
        let new = Seal { stream: row.text()?, number: row.integer()?, first: row.integer()?, hash: row.hash()? };
        taken.push(values![company.as_str(), new.stream.as_str(), new.number]);
        match seals.get_mut(&new.stream) {
            Some(seal) => *seal = Seal { first: seal.first, ..new },
            None => {
                seals.insert(new.stream.clone(), new);
            }
        }
    }
    if seals.is_empty() {
        return Ok(None);
    }
    let before = connection.row(&sql::LAST_CHECKPOINT, values![company.as_str()]).await?;
    let before = before.map(|mut row| Checkpoint::read(&mut row)).transpose()?;
    let mut checkpoint = Checkpoint {
        number: before.as_ref().map_or(1, |before| before.number.saturating_add(1)),
        at,
        root: merkle_root(seals.values().map(Seal::leaf).collect()),
        seals: i64::try_from(seals.len()).unwrap_or(i64::MAX),
        previous: before.map_or(ContentHash::ZERO, |before| before.hash),
        hash: ContentHash::ZERO,
    };
    checkpoint.hash = checkpoint.compute_hash(&company);
    let mut rows = Rows::of(&sql::INSERT_SEALS);
    for seal in seals.into_values() {
        rows.push(values![company.as_str(), seal.stream, seal.number, seal.first, seal.hash, checkpoint.number]);
    }
    let Checkpoint { number, at, root, seals, previous, hash } = checkpoint;
    let values = values![company.as_str(), number, at, root, seals, previous, hash];
    connection.execute(&sql::INSERT_CHECKPOINT, values).await?;
    connection.execute_set(&sql::INSERT_SEALS, &rows).await?;
    connection.execute_set(&sql::DELETE_UNSEALED, &taken).await?;
    Ok(Some(checkpoint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(text: &str) -> ContentHash {
        ContentHash::of(&[text.as_bytes()])
    }

    #[test]
    fn a_root_depends_on_every_leaf_and_on_their_order() {
        let leaves: Vec<_> = ["a", "b", "c", "d", "e"].map(leaf).to_vec();
        let root = merkle_root(leaves.clone());
        for i in 0..leaves.len() {
            let mut changed = leaves.clone();
            changed[i] = leaf("x");
            assert_ne!(merkle_root(changed), root);
        }
        let mut swapped = leaves.clone();
        swapped.swap(0, 4);
        assert_ne!(merkle_root(swapped), root);
        assert_ne!(merkle_root(leaves[..4].to_vec()), root);
    }

    #[test]
    fn one_leaf_is_its_own_root() {
        assert_eq!(merkle_root(vec![leaf("a")]), leaf("a"));
        assert_eq!(merkle_root(Vec::new()), ContentHash::ZERO);
    }
}
