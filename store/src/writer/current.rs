//! What is there now of the things that a batch of commits touches, read (and on PostgreSQL locked) inside its transaction.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{CompanyId, ContentHash};

use super::memory::Memory;
use super::things::{Thing, things};
use crate::database::{Connection, Row, Rows, Value, values};
use crate::port::{Commit, Guard, Response};
use crate::records::{BalanceRecord, FileRecord, TaskStatus};
use crate::sql::{Sql, guards, together};
use crate::{StoreError, Stream};

/// What is there of one thing.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// It is there, and that is all there is to say.
    Present,
    Head {
        number: i64,
        hash: ContentHash,
    },
    Version(i64),
    Request {
        hash: String,
        response: Response,
    },
    Task {
        status: TaskStatus,
        version: i64,
    },
    /// The person, the state or the replacing fact, by the kind of thing.
    Word(String),
    File(Box<FileRecord>),
    Balance(BalanceRecord),
}

/// Everything found, by company and thing; what is not there is not in it.
#[derive(Debug, Default)]
pub(crate) struct Current(BTreeMap<(CompanyId, Thing), Found>);

impl Current {
    pub(crate) fn get(&self, company: &CompanyId, thing: Thing) -> Option<&Found> {
        self.0.get(&(company.clone(), thing))
    }

    /// A balance; nothing was moved on one that is not there.
    pub(crate) fn balance(&self, company: &CompanyId, account: &str, key: &str) -> Option<BalanceRecord> {
        let thing = Thing::Balance { account: account.to_owned(), key: key.to_owned() };
        match self.get(company, thing) {
            Some(Found::Balance(balance)) => Some(*balance),
            _ => None,
        }
    }

    /// Number and hash of a stream's last event; zeros while it has none.
    pub(crate) fn head(&self, company: &CompanyId, stream: &Stream) -> (i64, ContentHash) {
        match self.get(company, Thing::Stream(stream.clone())) {
            Some(Found::Head { number, hash }) => (*number, *hash),
            _ => (0, ContentHash::ZERO),
        }
    }

    /// What commits rely on, by what is remembered of the streams that they write; what is not remembered is asked for first.
    ///
    /// None where more than streams would have to be looked up. Directories are taken to have the versions that the commits
    /// rely on, requests not to have been answered before.
    pub(crate) async fn remembered(
        connection: &mut Connection,
        commits: &[&Commit],
        memory: &Memory,
    ) -> Result<Option<(Self, BTreeMap<CompanyId, i64>)>, StoreError> {
        let Some(directories) = directories(commits) else { return Ok(None) };
        let mut streams = BTreeSet::new();
        for commit in commits {
            for (company, thing) in relied_on(commit) {
                match thing {
                    Thing::Stream(stream) if is_advanced(commit, &stream) => drop(streams.insert((company, stream))),
                    Thing::Directory | Thing::Request { .. } => {}
                    _ => return Ok(None),
                }
            }
        }
        let mut rows = Rows::of(&guards::HEADS_SEEN);
        for (company, stream) in streams.iter().filter(|key| memory.head(key).is_none()) {
            rows.push(values![company.as_str(), stream.to_string()]);
        }
        for mut row in connection.rows_set(&guards::HEADS_SEEN, &rows).await? {
            let key = (CompanyId::new(row.text()?), Stream::parse(&row.text()?)?);
            memory.remember([(key, (row.integer()?, row.hash()?))]);
        }
        let mut current = Self::default();
        for key in streams {
            let Some((number, hash)) = memory.head(&key) else { return Ok(None) };
            current.0.insert((key.0, Thing::Stream(key.1)), Found::Head { number, hash });
        }
        for (company, version) in &directories {
            current.0.insert((company.clone(), Thing::Directory), Found::Version(*version));
        }
        Ok(Some((current, directories)))
    }

    /// Reads all that the commits touch, one statement a kind of thing, in an order that is the same everywhere.
    pub(crate) async fn load(connection: &mut Connection, commits: &[&Commit]) -> Result<Self, StoreError> {
        let wanted: BTreeSet<(CompanyId, Thing)> = commits.iter().flat_map(|commit| relied_on(commit)).collect();
        let mut current = Self::default();
        let together = current.look_together(connection, &wanted).await?;
        for lookup in LOOKUPS.iter().skip(if together { TOGETHER } else { 0 }) {
            current.look(connection, lookup, &wanted).await?;
        }
        Ok(current)
    }

    /// Reads the answers to earlier requests once more, now that the locks are held.
    ///
    /// What is read together was seen before another server's lock was waited for, and with it that server's answers.
    pub(crate) async fn look_for_answers(
        &mut self,
        connection: &mut Connection,
        commits: &[&Commit],
    ) -> Result<(), StoreError> {
        let wanted: BTreeSet<(CompanyId, Thing)> = commits.iter().flat_map(|commit| relied_on(commit)).collect();
        match LOOKUPS.get(TOGETHER - 1) {
            Some(answers) => self.look(connection, answers, &wanted).await,
            None => Ok(()),
        }
    }

    async fn look(
        &mut self,
        connection: &mut Connection,
        lookup: &Lookup,
        wanted: &BTreeSet<(CompanyId, Thing)>,
    ) -> Result<(), StoreError> {
        for mut row in connection.rows_set(lookup.sql, &lookup.rows(wanted)).await? {
            self.add(lookup, &mut row)?;
        }
        Ok(())
    }

    /// The first lookups in one statement, where the database takes that; false where it does not.
    async fn look_together(
        &mut self,
        connection: &mut Connection,
        wanted: &BTreeSet<(CompanyId, Thing)>,
    ) -> Result<bool, StoreError> {
        let rows: Vec<Rows> = LOOKUPS.iter().take(TOGETHER).map(|lookup| lookup.rows(wanted)).collect();
        if rows.iter().all(Rows::is_empty) {
            return Ok(true);
        }
        let given: Vec<&Rows> = rows.iter().collect();
        let Some(found) = connection.together(&together::LOOKS, &given).await? else { return Ok(false) };
        for mut row in found {
            let part = usize::try_from(row.integer()?).unwrap_or_default();
            let lookup = LOOKUPS.get(part).ok_or_else(|| StoreError::Damaged(format!("{part} is no lookup")))?;
            row.leave_out_nulls();
            self.add(lookup, &mut row)?;
        }
        Ok(true)
    }

    fn add(&mut self, lookup: &Lookup, row: &mut Row) -> Result<(), StoreError> {
        let company = CompanyId::new(row.text()?);
        let (thing, found) = (lookup.read)(row)?;
        self.0.insert((company, thing), found);
        Ok(())
    }
}

/// The version of each directory that commits rely on; none where they do not agree, or one has no directory.
fn directories(commits: &[&Commit]) -> Option<BTreeMap<CompanyId, i64>> {
    let mut directories = BTreeMap::new();
    for commit in commits {
        for guard in &commit.guards {
            let Guard::Directory { version } = guard else { continue };
            let before = directories.insert(commit.company.clone(), *version);
            if *version == 0 || before.is_some_and(|before| before != *version) {
                return None;
            }
        }
    }
    Some(directories)
}

/// Whether a commit goes on with the stream of an instance that is there. Only what is written is compared by the statement
/// that writes it.
fn is_advanced(commit: &Commit, stream: &Stream) -> bool {
    let there = |guard: &Guard| matches!(guard, Guard::Stream { stream: of, number: 1.. } if of == stream);
    matches!(stream, Stream::Instance(_))
        && commit.events.iter().any(|event| event.stream == *stream)
        && commit.guards.iter().any(there)
}

/// What must be known of a commit's things. A draft that is only deleted may be there or not.
fn relied_on(commit: &Commit) -> impl Iterator<Item = (CompanyId, Thing)> {
    let drafts = commit.guards.iter().any(|guard| matches!(guard, Guard::Draft { .. }));
    let things = things(commit).into_iter().filter(move |thing| drafts || !matches!(thing, Thing::Draft { .. }));
    things.map(|thing| (commit.company.clone(), thing))
}

/// How one kind of thing is looked up: the statement, the key of a thing of this kind, and how to read a row.
struct Lookup {
    sql: &'static Sql,
    key: fn(&Thing) -> Option<Vec<Value>>,
    read: fn(&mut Row) -> Result<(Thing, Found), StoreError>,
}

impl Lookup {
    /// The keys of all things of this kind.
    fn rows(&self, wanted: &BTreeSet<(CompanyId, Thing)>) -> Rows {
        let mut rows = Rows::of(self.sql);
        for (company, thing) in wanted {
            if let Some(key) = (self.key)(thing) {
                let mut values = values![company.as_str()];
                values.extend(key);
                rows.push(values);
            }
        }
        rows
    }
}

/// So many of the lookups, the first, are the parts of `together::LOOKS`; the last of them is for answers.
const TOGETHER: usize = 3;

/// Directories come before streams: who changes one waits for those who rely on it before it locks anything else.
const LOOKUPS: &[Lookup] = &[
    Lookup {
        sql: &guards::DIRECTORIES,
        key: |thing| matches!(thing, Thing::Directory).then(Vec::new),
        read: |row| Ok((Thing::Directory, Found::Version(row.integer()?))),
    },
    Lookup {
        sql: &guards::HEADS,
        key: |thing| match thing {
            Thing::Stream(stream) => Some(values![stream.to_string()]),
            _ => None,
        },
        read: |row| {
            let stream = Stream::parse(&row.text()?)?;
            Ok((Thing::Stream(stream), Found::Head { number: row.integer()?, hash: row.hash()? }))
        },
    },
    Lookup {
        sql: &guards::RESPONSES,
        key: |thing| match thing {
            Thing::Request { actor, key } => Some(values![actor.as_str(), key.as_str()]),
            _ => None,
        },
        read: |row| {
            let thing = Thing::Request { actor: row.text()?, key: row.text()? };
            let status = row.integer()?;
            let hash = row.text()?;
            Ok((thing, Found::Request { hash, response: Response { status, body: row.text()? } }))
        },
    },
    Lookup {
        sql: &guards::TASKS,
        key: |thing| match thing {
            Thing::Task { instance, number } => Some(values![instance.as_str(), *number]),
            _ => None,
        },
        read: |row| {
            let thing = Thing::Task { instance: row.text()?, number: row.integer()? };
            Ok((thing, Found::Task { status: TaskStatus::parse(&row.text()?)?, version: row.integer()? }))
        },
    },
    Lookup {
        sql: &guards::DRAFTS,
        key: |thing| match thing {
            Thing::Draft { person, key } => Some(values![person.as_str(), key.as_str()]),
            _ => None,
        },
        read: |row| Ok((Thing::Draft { person: row.text()?, key: row.text()? }, Found::Version(row.integer()?))),
    },
    Lookup {
        sql: &guards::TIMERS,
        key: |thing| match thing {
            Thing::Timer { instance, number } => Some(values![instance.as_str(), *number]),
            _ => None,
        },
        read: |row| Ok((Thing::Timer { instance: row.text()?, number: row.integer()? }, Found::Present)),
    },
    Lookup {
        sql: &guards::MESSAGES,
        key: |thing| match thing {
            Thing::Message(id) => Some(values![id.as_str()]),
            _ => None,
        },
        read: |row| Ok((Thing::Message(row.text()?), Found::Word(row.text()?))),
    },
    Lookup {
        sql: &guards::NUMBERS,
        key: |thing| match thing {
            Thing::Number { register, seq } => Some(values![register.as_str(), *seq]),
            _ => None,
        },
        read: |row| Ok((Thing::Number { register: row.text()?, seq: row.integer()? }, Found::Word(row.text()?))),
    },
    Lookup {
        sql: &guards::FILES,
        key: |thing| match thing {
            Thing::File(id) => Some(values![id.as_str()]),
            _ => None,
        },
        read: |row| {
            let file = FileRecord::read(row)?;
            Ok((Thing::File(file.id.to_string()), Found::File(Box::new(file))))
        },
    },
    Lookup {
        sql: &guards::FACTS,
        key: |thing| match thing {
            Thing::Fact { kind, id } => Some(values![kind.as_str(), id.as_str()]),
            _ => None,
        },
        read: |row| {
            let thing = Thing::Fact { kind: row.text()?, id: row.text()? };
            Ok((thing, row.optional_text()?.map_or(Found::Present, Found::Word)))
        },
    },
    Lookup {
        sql: &guards::BALANCES,
        key: |thing| match thing {
            Thing::Balance { account, key } => Some(values![account.as_str(), key.as_str()]),
            _ => None,
        },
        read: |row| {
            let thing = Thing::Balance { account: row.text()?, key: row.text()? };
            Ok((thing, Found::Balance(BalanceRecord::read(row)?)))
        },
    },
    Lookup {
        sql: &guards::LOGINS,
        key: |thing| match thing {
            Thing::Login(login) => Some(values![login.as_str()]),
            _ => None,
        },
        read: |row| Ok((Thing::Login(row.text()?), Found::Word(row.text()?))),
    },
    Lookup {
        sql: &guards::RELEASES,
        key: |thing| match thing {
            Thing::Release(hash) => Some(values![hash.as_str()]),
            _ => None,
        },
        read: |row| Ok((Thing::Release(row.text()?), Found::Present)),
    },
    Lookup {
        sql: &guards::COMPANIES,
        key: |thing| matches!(thing, Thing::Company).then(Vec::new),
        read: |_| Ok((Thing::Company, Found::Present)),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lookups_are_those_that_go_together() {
        assert_eq!(together::LOOKS.parts.len(), TOGETHER);
        for (lookup, part) in LOOKUPS.iter().zip(together::LOOKS.parts) {
            assert_eq!(lookup.sql.postgres, part.sql.postgres);
        }
        assert!((LOOKUPS[TOGETHER - 1].key)(&Thing::Request { actor: "a".into(), key: "k".into() }).is_some());
    }
}
