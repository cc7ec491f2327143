//! Instances and the work that is open on them.

use zhupi_domain::{CompanyId, ContentHash, InstanceId, Instant, ReleaseHash};

use super::words;
use crate::{StoreError, database::Row};

/// What lists show of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceSummary {
    pub id: InstanceId,
    pub flow: String,
    pub release: ReleaseHash,
    /// The document number from a register, where the flow takes one.
    pub number: Option<String>,
    pub title: String,
    pub status: String,
    pub initiator: String,
    pub subject: Option<String>,
    pub period: Option<String>,
    pub started_at: Instant,
    pub ended_at: Option<Instant>,
    /// Number of the last event of the instance's stream. The store sets it with every commit.
    pub version: i64,
}

impl InstanceSummary {
    /// Whether a person is who it is about: its subject, or its initiator where it names none.
    pub fn is_about(&self, person: &str) -> bool {
        self.subject.as_deref().unwrap_or(&self.initiator) == person
    }
}

/// An instance with its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub summary: InstanceSummary,
    /// How the state is written; a reader that finds another number than its own folds the events again.
    pub format: i64,
    /// A cache folded from the events, as JSON.
    pub state: String,
}

/// Whether a task is still to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskStatus {
    Open,
    Closed,
}
words!(TaskStatus { Open = "open", Closed = "closed" });

/// One person's (or one group's) work on a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub instance: InstanceId,
    /// Counted inside the instance.
    pub number: i64,
    pub visit: i64,
    pub step: String,
    pub flow: String,
    pub kind: String,
    /// An opaque key, such as `person:li`.
    pub assignee: String,
    pub status: TaskStatus,
    /// What people hold: an action on another version is refused.
    pub version: i64,
    pub opened_at: Instant,
    pub due_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub outcome: Option<String>,
    /// Who did it, where it was not the assignee.
    pub acted_by: Option<String>,
    /// Keys, without spaces, of those who wait for their turn at the visit: nobody does two things there.
    pub queued: Vec<String>,
}

/// Something that becomes due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    pub company: CompanyId,
    pub instance: InstanceId,
    /// Counted inside the instance.
    pub number: i64,
    /// The visit it dies with; 0 for the instance itself.
    pub visit: i64,
    pub kind: String,
    pub due_at: Instant,
}

/// Whether a message is still tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutboxState {
    Pending,
    Parked,
}
words!(OutboxState { Pending = "pending", Parked = "parked" });

/// Something to be done after a commit: sent out, or done as a command of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    pub company: CompanyId,
    /// Unique in the company; ids of one instance sort in the order they were made (`outbox_id`).
    pub id: String,
    pub topic: String,
    pub instance: Option<InstanceId>,
    pub body: String,
    pub attempts: i64,
    pub due_at: Instant,
    pub state: OutboxState,
    pub last_error: Option<String>,
}

/// An id for the `index`-th message that goes with event `number` of an instance; such ids sort as they were made.
pub fn outbox_id(instance: &InstanceId, number: i64, index: usize) -> String {
    format!("{instance}/{number:012}/{index:04}")
}

/// Something that a person must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    pub instance: InstanceId,
    /// Counted inside the instance.
    pub number: i64,
    pub kind: String,
    pub visit: i64,
    /// JSON.
    pub body: String,
    pub opened_at: Instant,
    pub closed_at: Option<Instant>,
}

/// Number of shards that timers, outbox and sealing are dealt out to.
pub const SHARDS: i64 = 16;

/// The shard of an instance; one worker at a time works on a shard.
pub fn shard_of(company: &CompanyId, instance: &str) -> i64 {
    let hash = ContentHash::of(&[company.as_str().as_bytes(), b"/", instance.as_bytes()]);
    hash.as_bytes().first().map_or(0, |byte| i64::from(*byte) % SHARDS)
}

/// The largest number stands for "not due", so that one index pages through all tasks.
pub(crate) const NEVER: i64 = i64::MAX;

impl InstanceSummary {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: InstanceId::new(row.text()?),
            flow: row.text()?,
            release: ReleaseHash(row.hash()?),
            number: row.optional_text()?,
            title: row.text()?,
            status: row.text()?,
            initiator: row.text()?,
            subject: row.optional_text()?,
            period: row.optional_text()?,
            started_at: row.instant()?,
            ended_at: row.optional_instant()?,
            version: row.integer()?,
        })
    }
}

impl Instance {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self { summary: InstanceSummary::read(row)?, format: row.integer()?, state: row.text()? })
    }
}

impl Task {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            instance: InstanceId::new(row.text()?),
            number: row.integer()?,
            visit: row.integer()?,
            step: row.text()?,
            flow: row.text()?,
            kind: row.text()?,
            assignee: row.text()?,
            status: TaskStatus::parse(&row.text()?)?,
            version: row.integer()?,
            opened_at: row.instant()?,
            due_at: due(row)?,
            closed_at: row.optional_instant()?,
            outcome: row.optional_text()?,
            acted_by: row.optional_text()?,
            queued: queued(row)?,
        })
    }
}

/// Keys as a column keeps them: each between spaces, so that a statement finds one.
pub(crate) fn spaced(keys: &[String]) -> Option<String> {
    (!keys.is_empty()).then(|| format!(" {} ", keys.join(" ")))
}

fn queued(row: &mut Row) -> Result<Vec<String>, StoreError> {
    let keys = row.optional_text()?.unwrap_or_default();
    Ok(keys.split_whitespace().map(str::to_owned).collect())
}

fn due(row: &mut Row) -> Result<Option<Instant>, StoreError> {
    match row.integer()? {
        NEVER => Ok(None),
        micros => {
            Instant::from_micros(micros).map(Some).ok_or_else(|| StoreError::Damaged(format!("{micros} is not a time")))
        }
    }
}

impl Timer {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            company: CompanyId::new(row.text()?),
            instance: InstanceId::new(row.text()?),
            number: row.integer()?,
            visit: row.integer()?,
            kind: row.text()?,
            due_at: row.instant()?,
        })
    }
}

impl OutboxMessage {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            company: CompanyId::new(row.text()?),
            id: row.text()?,
            topic: row.text()?,
            instance: row.optional_text()?.map(InstanceId::new),
            body: row.text()?,
            attempts: row.integer()?,
            due_at: row.instant()?,
            state: OutboxState::parse(&row.text()?)?,
            last_error: row.optional_text()?,
        })
    }
}

impl Incident {
    pub(crate) fn read(row: &mut Row) -> Result<Self, StoreError> {
        Ok(Self {
            instance: InstanceId::new(row.text()?),
            number: row.integer()?,
            kind: row.text()?,
            visit: row.integer()?,
            body: row.text()?,
            opened_at: row.instant()?,
            closed_at: row.optional_instant()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outbox_ids_of_an_instance_sort_as_they_were_made() {
        let id = InstanceId::new("x");
        let made = [outbox_id(&id, 9, 0), outbox_id(&id, 9, 10), outbox_id(&id, 10, 2), outbox_id(&id, 1_000_000, 0)];
        assert!(made.is_sorted());
    }

    #[test]
    fn every_shard_is_used() {
        let company = CompanyId::new("pharma");
        let used: std::collections::BTreeSet<_> = (0..500).map(|i| shard_of(&company, &i.to_string())).collect();
        assert_eq!(used, (0..SHARDS).collect());
    }
}
