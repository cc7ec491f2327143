//! The rows that a batch writes, gathered by statement.

use std::collections::BTreeMap;

use zhupi_domain::{CompanyId, ContentHash};

use super::current::Current;
use super::memory::Head;
use crate::chain::{Envelope, Salts, commitment};
use crate::database::{Connection, Rows, Value, values};
use crate::port::Commit;
use crate::sql::together::PartKind;
use crate::sql::{Sql, commit as sql, guards, together};
use crate::{StoreError, Stream};

/// The statements of a batch in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Companies,
    NewStreams,
    Streams,
    Events,
    Unsealed,
    ErasedPayloads,
    Erasures,
    Releases,
    ReleaseHistory,
    CurrentReleases,
    People,
    Departments,
    RemovedDepartments,
    Calendars,
    RemovedCalendars,
    Credentials,
    EndedSessions,
    NewInstances,
    Instances,
    Readers,
    UpdatedTasks,
    ClosedTasks,
    NewTasks,
    DroppedTimers,
    DroppedVisits,
    DroppedInstances,
    NewTimers,
    NewIncidents,
    ClosedIncidents,
    DeletedDrafts,
    FinishedMessages,
    NewMessages,
    Facts,
    FactKeys,
    NewBalances,
    Balances,
    AccountEntries,
    Files,
    Numbers,
    Responses,
}

impl Step {
    fn sql(self) -> &'static Sql {
        match self {
            Self::Companies => &sql::INSERT_COMPANIES,
            Self::NewStreams => &sql::INSERT_STREAMS,
            Self::Streams => &sql::UPDATE_STREAMS,
            Self::Events => &sql::INSERT_EVENTS,
            Self::Unsealed => &sql::INSERT_UNSEALED,
            Self::ErasedPayloads => &sql::ERASE_PAYLOADS,
            Self::Erasures => &sql::UPSERT_ERASURES,
            Self::Releases => &sql::INSERT_RELEASES,
            Self::ReleaseHistory => &sql::INSERT_RELEASE_HISTORY,
            Self::CurrentReleases => &sql::UPDATE_CURRENT_RELEASES,
            Self::People => &sql::UPSERT_PEOPLE,
            Self::Departments => &sql::UPSERT_DEPARTMENTS,
            Self::RemovedDepartments => &sql::DELETE_DEPARTMENTS,
            Self::Calendars => &sql::UPSERT_CALENDARS,
            Self::RemovedCalendars => &sql::DELETE_CALENDARS,
            Self::Credentials => &sql::UPSERT_CREDENTIALS,
            Self::EndedSessions => &sql::DELETE_SESSIONS,
            Self::NewInstances => &sql::UPSERT_INSTANCES,
            Self::Instances => &sql::UPDATE_INSTANCES,
            Self::Readers => &sql::INSERT_READERS,
            Self::UpdatedTasks => &sql::UPDATE_TASKS,
            Self::ClosedTasks => &sql::CLOSE_TASKS,
            Self::NewTasks => &sql::INSERT_TASKS,
            Self::DroppedTimers => &sql::DELETE_TIMERS,
            Self::DroppedVisits => &sql::DELETE_TIMERS_OF_VISITS,
            Self::DroppedInstances => &sql::DELETE_TIMERS_OF_INSTANCES,
            Self::NewTimers => &sql::INSERT_TIMERS,
            Self::NewIncidents => &sql::INSERT_INCIDENTS,
            Self::ClosedIncidents => &sql::CLOSE_INCIDENTS,
            Self::DeletedDrafts => &sql::DELETE_DRAFTS,
            Self::FinishedMessages => &sql::DELETE_MESSAGES,
            Self::NewMessages => &sql::INSERT_MESSAGES,
            Self::Facts => &sql::INSERT_FACTS,
            Self::FactKeys => &sql::INSERT_FACT_KEYS,
            Self::NewBalances => &sql::INSERT_BALANCES,
            Self::Balances => &sql::UPDATE_BALANCES,
            Self::AccountEntries => &sql::INSERT_ACCOUNT_ENTRIES,
            Self::Files => &sql::UPDATE_FILES,
            Self::Numbers => &sql::UPDATE_NUMBERS,
            Self::Responses => &sql::INSERT_RESPONSES,
        }
    }

    /// Whether each given row must touch exactly one stored row; otherwise the batch fails as a whole.
    fn exact(self) -> bool {
        !matches!(
            self,
            Self::Readers
                | Self::EndedSessions
                | Self::RemovedDepartments
                | Self::RemovedCalendars
                | Self::DroppedVisits
                | Self::DroppedInstances
                | Self::DeletedDrafts
        )
    }

    fn is_of_actions(self) -> bool {
        ACTIONS.contains(&self)
    }

    /// Fails where a row that must be there was not.
    fn expect(self, touched: u64, rows: &Rows) -> Result<(), StoreError> {
        if self.exact() && touched != rows.len() as u64 {
            return Err(StoreError::Refused(format!("{self:?}: {touched} of {} rows were there", rows.len())));
        }
        Ok(())
    }
}

/// All rows that a batch writes.
#[derive(Debug, Default)]
pub(super) struct Plan {
    rows: BTreeMap<Step, Rows>,
    /// The last event of each stream, once the batch is written.
    pub(super) heads: Vec<((CompanyId, Stream), Head)>,
}

impl Plan {
    /// Adds one row to a statement.
    pub(super) fn add(&mut self, step: Step, values: Vec<Value>) {
        self.rows.entry(step).or_insert_with(|| Rows::of(step.sql())).push(values);
    }

    /// Adds a whole commit; answers the number of the last event of each stream that it writes.
    pub(super) fn add_commit(
        &mut self,
        commit: &Commit,
        current: &Current,
        salts: &Salts,
    ) -> Result<BTreeMap<Stream, i64>, StoreError> {
        let numbers = self.add_events(commit, current, salts)?;
        for change in &commit.changes {
            self.add_change(commit, change, current, &numbers)?;
        }
        if let Some(request) = &commit.idempotency {
            let hash = request.request.to_string();
            let (actor, key, response) = (request.actor.as_str(), request.key.as_str(), &request.response);
            self.add(
                Step::Responses,
                values![commit.company.as_str(), actor, key, hash, response.status, response.body.as_str(), request.at],
            );
        }
        Ok(numbers)
    }

    fn add_events(
        &mut self,
        commit: &Commit,
        current: &Current,
        salts: &Salts,
    ) -> Result<BTreeMap<Stream, i64>, StoreError> {
        let company = commit.company.as_str();
        let mut heads: BTreeMap<Stream, (i64, ContentHash)> = BTreeMap::new();
        for event in &commit.events {
            let head =
                heads.entry(event.stream.clone()).or_insert_with(|| current.head(&commit.company, &event.stream));
            let stream = event.stream.to_string();
            let salt = salts.draw()?;
            let envelope = Envelope {
                company: &commit.company,
                stream: &stream,
                number: head.0.saturating_add(1),
                kind: &event.kind,
                version: event.version,
                actor: &event.actor,
                at: event.at,
                previous: head.1,
                commitment: commitment(&salt, &event.payload),
            };
            *head = (envelope.number, envelope.hash());
            let Envelope { number, previous, commitment, .. } = envelope;
            let (kind, actor, body) = (event.kind.as_str(), event.actor.as_str(), event.payload.as_str());
            let (version, at, hash) = (event.version, event.at, head.1);
            self.add(
                Step::Events,
                values![company, stream, number, kind, version, actor, at, previous, commitment, hash, salt, body],
            );
        }
        for (stream, (number, hash)) in &heads {
            let (before, _) = current.head(&commit.company, stream);
            let name = stream.to_string();
            self.add(Step::Unsealed, values![company, name.as_str(), *number, before.saturating_add(1), *hash]);
            if before == 0 {
                self.add(Step::NewStreams, values![company, name, *number, *hash]);
            } else {
                self.add(Step::Streams, values![company, name, before, *number, *hash]);
            }
        }
        self.heads.extend(heads.iter().map(|(stream, head)| ((commit.company.clone(), stream.clone()), *head)));
        Ok(heads.into_iter().map(|(stream, (number, _))| (stream, number)).collect())
    }

    /// Runs all statements.
    pub(super) async fn run(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let together = self.run_together(connection).await?;
        for (step, rows) in self.rows.iter().filter(|(step, _)| !together || !step.is_of_actions()) {
            let touched = connection.execute_set(step.sql(), rows).await?;
            step.expect(touched, rows)?;
        }
        Ok(())
    }

    /// Writes everything in one statement that is a transaction of its own, if the directories have these versions.
    ///
    /// None where that cannot be done or something does not hold; then nothing was written.
    pub(super) async fn run_at_once(
        &self,
        connection: &mut Connection,
        directories: &BTreeMap<CompanyId, i64>,
    ) -> Result<Option<()>, StoreError> {
        if !self.rows.keys().all(|step| step.is_of_actions()) {
            return Ok(None);
        }
        let mut versions = Rows::of(&guards::DIRECTORIES_AT);
        for (company, version) in directories {
            versions.push(values![company.as_str(), *version]);
        }
        let none: Vec<Rows> = together::ACTIONS.parts.iter().map(|part| Rows::of(part.sql)).collect();
        let given: Vec<&Rows> =
            ACTIONS.iter().zip(&none).map(|(step, none)| self.rows.get(step).unwrap_or(none)).collect();
        let count = |rows: &Rows| Value::from(i64::try_from(rows.len()).unwrap_or(i64::MAX));
        let counted = counted_actions().zip(&given).filter_map(|(counted, rows)| counted.then_some(*rows));
        let mut counts = Rows::of(&guards::COUNTS);
        counts.push(std::iter::once(&versions).chain(counted).map(count).collect());
        let all: Vec<&Rows> = std::iter::once(&versions).chain(given).chain([&counts]).collect();
        connection.at_once(&together::AT_ONCE, &all).await
    }

    /// Writes what most commits write in one statement, where the database takes that; false where it does not.
    async fn run_together(&self, connection: &mut Connection) -> Result<bool, StoreError> {
        if self.rows.keys().filter(|step| step.is_of_actions()).count() < 2 {
            return Ok(false);
        }
        let none: Vec<Rows> = together::ACTIONS.parts.iter().map(|part| Rows::of(part.sql)).collect();
        let given: Vec<&Rows> =
            ACTIONS.iter().zip(&none).map(|(step, none)| self.rows.get(step).unwrap_or(none)).collect();
        let Some(mut counted) = connection.together(&together::ACTIONS, &given).await? else { return Ok(false) };
        let Some(counts) = counted.first_mut() else { return Err(StoreError::Damaged("no counts came".into())) };
        for ((step, rows), counted) in ACTIONS.iter().zip(given).zip(counted_actions()) {
            if counted {
                step.expect(u64::try_from(counts.integer()?).unwrap_or_default(), rows)?;
            }
        }
        Ok(true)
    }
}

/// Of each of the steps that run together, whether its rows are counted.
fn counted_actions() -> impl Iterator<Item = bool> {
    together::ACTIONS.parts.iter().map(|part| part.kind == PartKind::Counted)
}

/// The steps that `together::ACTIONS` takes, in its order.
const ACTIONS: [Step; 10] = [
    Step::Streams,
    Step::Events,
    Step::Unsealed,
    Step::Instances,
    Step::Readers,
    Step::ClosedTasks,
    Step::NewTasks,
    Step::DeletedDrafts,
    Step::NewMessages,
    Step::Responses,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_run_together_are_named_in_the_order_of_their_statements() {
        assert_eq!(ACTIONS.len(), together::ACTIONS.parts.len());
        for (step, part) in ACTIONS.iter().zip(together::ACTIONS.parts) {
            assert_eq!(step.sql().postgres, part.sql.postgres);
        }
        let at_once: Vec<&str> = together::AT_ONCE.parts.iter().map(|part| part.sql.postgres).collect();
        assert_eq!(at_once[1..=ACTIONS.len()], ACTIONS.map(|step| step.sql().postgres));
    }

    /// Only what is added cannot miss its row: it fails instead.
    #[test]
    fn what_must_find_its_rows_is_counted() {
        for (step, counted) in ACTIONS.iter().zip(counted_actions()) {
            let adds = step.sql().postgres.contains("INSERT INTO");
            assert_eq!(counted, step.exact() && !adds, "{step:?}");
        }
        let asked = |number: usize| together::AT_ONCE.postgres.contains(&format!("(SELECT count(*) FROM p{number})"));
        for (number, part) in together::AT_ONCE.parts.iter().enumerate() {
            assert_eq!(asked(number), number == 0 || part.kind == PartKind::Counted, "{number}");
        }
        assert_eq!(guards::COUNTS.columns.len(), 1 + counted_actions().filter(|counted| *counted).count());
    }
}
