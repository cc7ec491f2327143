//! Proves what is stored: chains, payloads, checkpoints, releases, files, balances and pilots; or says what does not fit.

mod balances;
mod events;
mod pilots;
mod records;
mod seals;

use std::collections::BTreeMap;

use zhupi_domain::{CompanyId, Instant};

use crate::database::{Connection, Row, Value, values};
use crate::sql::{Sql, verify as sql};
use crate::{Store, StoreError};

/// How many rows are read at once.
const PAGE: i64 = 500;
/// The most findings that are kept of one company; the others are only counted.
const MOST_FINDINGS: usize = 1000;

/// What `verify` found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub companies: Vec<CompanyReport>,
}

impl Report {
    /// Whether nothing was found to be wrong.
    pub fn is_sound(&self) -> bool {
        self.companies.iter().all(|company| company.findings.is_empty())
    }
}

/// What was found of one company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyReport {
    pub company: CompanyId,
    pub streams: u64,
    pub events: u64,
    /// How many payloads were erased, by whom and under which rule. Their events still verify.
    pub erasures: BTreeMap<(String, String), u64>,
    pub checkpoints: u64,
    /// Events that no checkpoint covers yet, and since when.
    pub unsealed: Option<UnsealedWindow>,
    pub releases: u64,
    pub files: u64,
    /// Balances of which every entry was added up.
    pub balances: u64,
    pub pilots: u64,
    pub findings: Vec<Finding>,
    /// How many more findings there were than are listed.
    pub more_findings: u64,
}

/// What happened since the last checkpoint: changed by somebody who changes everything after it, it would not be noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsealedWindow {
    pub events: i64,
    pub since: Option<Instant>,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which row, such as `event directory/3` or `file 0190…`.
    pub place: String,
    pub problem: Problem,
}

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("cannot be read: {0}")]
    Unreadable(String),
    #[error("its company does not exist")]
    UnknownCompany,
    #[error("comes where event {0} must be")]
    NumberGap(i64),
    #[error("does not name the hash of the event before it")]
    BrokenChain,
    #[error("its hash is not that of its fields")]
    WrongHash,
    #[error("its payload is not the one that was committed to")]
    WrongPayload,
    #[error("its payload is missing")]
    PayloadMissing,
    #[error("has no event")]
    EventMissing,
    #[error("the record of its erasure was changed")]
    WrongErasure,
    #[error("the stream does not end as it says")]
    WrongHead,
    #[error("is not covered by seals without a gap")]
    SealGap,
    #[error("does not have the hash of its event")]
    WrongSeal,
    #[error("does not follow the checkpoint before it")]
    WrongCheckpoint,
    #[error("its root is not that of its seals")]
    WrongRoot,
    #[error("has no checkpoint")]
    CheckpointMissing,
    #[error("its content is not what its hash says")]
    WrongContent,
    #[error("its record was changed")]
    WrongRecord,
    #[error("is not the sum of its entries")]
    WrongSum,
    #[error("comes where entry {0} must be")]
    EntryGap(i64),
    #[error("is named and not there")]
    Missing,
}

impl Store {
    /// Checks one company, or all, from one snapshot of the data.
    pub async fn verify(&self, company: Option<&CompanyId>) -> Result<Report, StoreError> {
        // What the snapshot names stays there while it is read.
        let _no_sweep = self.sweeping.read().await;
        let mut connection = self.database.open_snapshot().await?;
        let known: Vec<CompanyId> = self.companies().await?.into_iter().map(|company| company.id).collect();
        let named = match company {
            Some(company) => vec![company.clone()],
            None => {
                let rows = connection.rows(&sql::COMPANIES_NAMED, Vec::new()).await?;
                rows.into_iter().map(|mut row| row.text().map(CompanyId::new)).collect::<Result<_, _>>()?
            }
        };
        let mut report = Report::default();
        for company in named {
            let mut check = Check::new(self, &mut connection, company.clone());
            if !known.contains(&company) {
                check.find(format!("company {company}"), Problem::UnknownCompany);
            }
            report.companies.push(check.run().await?);
        }
        Ok(report)
    }
}

/// The check of one company, and what it has found so far.
struct Check<'a> {
    store: &'a Store,
    connection: &'a mut Connection,
    company: CompanyId,
    report: CompanyReport,
}

impl<'a> Check<'a> {
    fn new(store: &'a Store, connection: &'a mut Connection, company: CompanyId) -> Self {
        let report = CompanyReport {
            company: company.clone(),
            streams: 0,
            events: 0,
            erasures: BTreeMap::new(),
            checkpoints: 0,
            unsealed: None,
            releases: 0,
            files: 0,
            balances: 0,
            pilots: 0,
            findings: Vec::new(),
            more_findings: 0,
        };
        Self { store, connection, company, report }
    }

    async fn run(mut self) -> Result<CompanyReport, StoreError> {
        self.check_events().await?;
        self.check_seals().await?;
        self.check_releases().await?;
        self.check_files().await?;
        self.check_balances().await?;
        self.check_pilots().await?;
        Ok(self.report)
    }

    fn find(&mut self, place: impl Into<String>, problem: Problem) {
        if self.report.findings.len() < MOST_FINDINGS {
            self.report.findings.push(Finding { place: place.into(), problem });
        } else {
            self.report.more_findings += 1;
        }
    }

    /// Reads a part of a row; what cannot be read is a finding, and the check goes on.
    fn readable<T>(&mut self, place: &str, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Damaged(what)) => {
                self.find(place, Problem::Unreadable(what));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    async fn rows(&mut self, sql: &Sql, more: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let mut values = values![self.company.as_str()];
        values.extend(more);
        self.connection.rows(sql, values).await
    }

    /// Names rows that must not be there, given as stream and number.
    async fn find_all(&mut self, sql: &Sql, kind: &str, problem: Problem) -> Result<(), StoreError> {
        for mut row in self.rows(sql, Vec::new()).await? {
            let place = format!("{kind} {}/{}", row.text()?, row.integer()?);
            self.find(place, problem.clone());
        }
        Ok(())
    }
}
