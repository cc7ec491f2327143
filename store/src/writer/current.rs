//! What is there now of the things that a batch of commits touches, read (and on PostgreSQL locked) inside its transaction.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{CompanyId, ContentHash};

use super::things::{Thing, things};
use crate::database::{Connection, Row, Rows, Value, values};
use crate::port::{Commit, Response};
use crate::records::{BalanceRecord, FileRecord, TaskStatus};
use crate::sql::{Sql, guards};
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

    /// Reads all that the commits touch, one statement a kind of thing, in an order that is the same everywhere.
    pub(crate) async fn load(connection: &mut Connection, commits: &[&Commit]) -> Result<Self, StoreError> {
        let wanted: BTreeSet<(CompanyId, Thing)> = commits
            .iter()
            .flat_map(|commit| things(commit).into_iter().map(|thing| (commit.company.clone(), thing)))
            .collect();
        let mut current = Self::default();
        for lookup in LOOKUPS {
            let mut rows = Rows::of(lookup.sql);
            for (company, thing) in &wanted {
                if let Some(key) = (lookup.key)(thing) {
                    let mut values = values![company.as_str()];
                    values.extend(key);
                    rows.push(values);
                }
            }
            for mut row in connection.rows_set(lookup.sql, &rows).await? {
                let company = CompanyId::new(row.text()?);
                let (thing, found) = (lookup.read)(&mut row)?;
                current.0.insert((company, thing), found);
            }
        }
        Ok(current)
    }
}

/// How one kind of thing is looked up: the statement, the key of a thing of this kind, and how to read a row.
struct Lookup {
    sql: &'static Sql,
    key: fn(&Thing) -> Option<Vec<Value>>,
    read: fn(&mut Row) -> Result<(Thing, Found), StoreError>,
}

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
            let hash = row.text()?;
            let response = Response { status: row.integer()?, body: row.text()? };
            Ok((thing, Found::Request { hash, response }))
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
