//! The write port: what `app` hands over, and what it is told.

use std::collections::BTreeMap;
use std::future::Future;

use zhupi_domain::{CompanyId, ContentHash, FileId, InstanceId, Instant, Name, PersonId};

use crate::records::{
    Calendar, DepartmentRecord, Fact, Incident, Instance, NewEvent, OutboxMessage, PersonRecord, Release, Task, Timer,
};
use crate::{StoreError, Stream};

/// Takes commits. The store is one; a simulator is another.
pub trait WritePort: Send + Sync {
    /// Writes everything that a commit holds, or nothing. Answers only after it is durable.
    ///
    /// The caller may go away while it waits: the commit is then still written wholly or not at all.
    fn commit(&self, commit: Commit) -> impl Future<Output = CommitOutcome> + Send;
}

/// One action's writes: conditions, events, and the changes of rows that go with them.
#[derive(Debug, Clone)]
pub struct Commit {
    pub company: CompanyId,
    /// What must still hold. Changes that name a row have their own guards besides; see `Change`.
    pub guards: Vec<Guard>,
    pub events: Vec<NewEvent>,
    pub changes: Vec<Change>,
    pub idempotency: Option<Idempotency>,
}

impl Commit {
    /// An empty commit of a company.
    pub fn new(company: CompanyId) -> Self {
        Self { company, guards: Vec::new(), events: Vec::new(), changes: Vec::new(), idempotency: None }
    }
}

/// A condition of a commit, checked inside its transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// The stream's last event has this number; 0 while the stream does not exist, as for a new instance.
    Stream { stream: Stream, number: i64 },
    /// The directory is still the one that the answers came from.
    Directory { version: i64 },
    /// The task is open and has this version.
    Task { instance: InstanceId, task: i64, version: i64 },
    /// The draft has this version.
    Draft { person: PersonId, key: String, version: i64 },
    /// The balance's last entry has this number; 0 where nothing was ever moved.
    Balance { account: Name, key: String, version: i64 },
}

/// One change of one row (or of the rows of one thing).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The company of the commit, which must not exist yet.
    CreateCompany {
        name: String,
        at: Instant,
    },
    /// A new instance, or the new state of one. Its `version` is set by the store.
    PutInstance(Box<Instance>),
    /// Lets these keys read an instance.
    AddReaders {
        instance: InstanceId,
        readers: Vec<String>,
    },
    OpenTask(Task),
    /// A transfer, a new date: the open task becomes this one.
    UpdateTask {
        instance: InstanceId,
        task: i64,
        version: i64,
        assignee: String,
        due_at: Option<Instant>,
        queued: Vec<String>,
    },
    CloseTask {
        instance: InstanceId,
        task: i64,
        version: i64,
        outcome: String,
        at: Instant,
        /// Who did it, where it was not the assignee.
        acted_by: Option<String>,
    },
    /// The timer's company must be the commit's.
    ArmTimer(Timer),
    /// Deletes one timer, which must be there: a due timer is a command that happens once.
    DropTimer {
        instance: InstanceId,
        timer: i64,
    },
    /// Deletes the timers of a visit, as many as there are.
    DropTimers {
        instance: InstanceId,
        visit: i64,
    },
    /// Deletes all timers of an instance that ended.
    DropAllTimers {
        instance: InstanceId,
    },
    /// The message's company must be the commit's.
    Enqueue(OutboxMessage),
    /// Deletes a pending message, which must be there: a message that is a command happens once.
    FinishMessage {
        id: String,
    },
    OpenIncident(Incident),
    CloseIncident {
        instance: InstanceId,
        incident: i64,
        at: Instant,
    },
    /// The fact that it replaces must be there and not be replaced yet.
    RecordFact {
        fact: Fact,
        keys: BTreeMap<String, String>,
    },
    /// The balance must not fall below the floor, unless the change only gives back.
    MoveBalance(BalanceMove),
    /// The file must be pending.
    AttachFile {
        file: FileId,
        instance: InstanceId,
    },
    /// Its content goes with the next sweep; the record stays.
    EraseFile {
        file: FileId,
        at: Instant,
        by: String,
        rule: String,
    },
    /// The number must be taken and neither used nor void.
    UseNumber {
        register: String,
        seq: i64,
        instance: InstanceId,
    },
    VoidNumber {
        register: String,
        seq: i64,
        reason: String,
    },
    /// The login must not be another person's.
    PutPerson(PersonRecord),
    PutDepartment(DepartmentRecord),
    RemoveDepartment {
        id: String,
    },
    PutCalendar(Calendar),
    RemoveCalendar {
        name: String,
    },
    /// The hash must be that of the body. A release that is there already stays as it is.
    PutRelease(Box<Release>),
    /// The release must be there, or be put by the same commit.
    SetCurrentRelease {
        hash: ContentHash,
        at: Instant,
        by: String,
    },
    DeleteDraft {
        person: PersonId,
        key: String,
    },
    /// Removes what an event said; that it happened, and who erased it under which rule, stays.
    ErasePayload {
        stream: Stream,
        number: i64,
        at: Instant,
        by: String,
        rule: String,
    },
    PutCredential {
        person: PersonId,
        hash: String,
        at: Instant,
    },
    /// Ends all sessions of a person: who left, was disabled, or changed the password.
    EndSessions {
        person: PersonId,
    },
}

/// What a commit moves on one balance, in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceMove {
    pub account: Name,
    pub key: String,
    /// By how much more is posted.
    pub posted: i64,
    /// By how much more is held.
    pub reserved: i64,
    /// What must be left that is neither spent nor held; none: anything may be left.
    pub floor: Option<i64>,
    pub instance: InstanceId,
    pub at: Instant,
    pub by: String,
}

/// Makes a commit happen once, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    pub actor: String,
    pub key: String,
    /// Hash of the whole request: the same key with another request is refused.
    pub request: ContentHash,
    /// What the caller is told, now and when the request comes again.
    pub response: Response,
    pub at: Instant,
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: i64,
    pub body: String,
}

/// What became of a commit.
#[derive(Debug)]
pub enum CommitOutcome {
    /// Durable. The number of the last event of each stream that it wrote.
    Committed(BTreeMap<Stream, i64>),
    /// Nothing was written: something had changed meanwhile.
    Conflict(Conflict),
    /// The same request was committed before; this is what it was told.
    Duplicate(Response),
    /// The key was used for another request.
    KeyReused,
    /// Nothing was written, and nothing is wrong with the commit unless the error says so.
    Unavailable(StoreError),
    /// The connection broke while committing. Sending the same commit with its idempotency key again tells.
    Unknown,
}

/// The first condition that did not hold, and what is there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    Stream {
        stream: Stream,
        expected: i64,
        current: i64,
    },
    Directory {
        expected: i64,
        current: i64,
    },
    /// The task has another version, is closed (`open` is false), or is not there (`current` is none).
    Task {
        instance: InstanceId,
        task: i64,
        open: bool,
        current: Option<i64>,
    },
    Draft {
        person: PersonId,
        key: String,
        current: Option<i64>,
    },
    CompanyExists,
    /// Less would be left than the floor; `free` is what there is now.
    Balance {
        account: Name,
        key: String,
        free: i64,
    },
    /// The balance was moved since it was looked at.
    BalanceMoved {
        account: Name,
        key: String,
        expected: i64,
        current: i64,
    },
    TimerGone {
        instance: InstanceId,
        timer: i64,
    },
    MessageGone {
        id: String,
    },
    NumberNotFree {
        register: String,
        seq: i64,
    },
    FileNotPending {
        file: FileId,
    },
    FileMissing {
        file: FileId,
    },
    FactExists {
        id: String,
    },
    /// The fact that should be replaced is missing, or was replaced by another one.
    FactReplaced {
        id: String,
    },
    LoginTaken {
        login: String,
    },
    ReleaseMissing {
        hash: ContentHash,
    },
}
