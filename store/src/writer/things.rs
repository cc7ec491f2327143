//! What a commit relies on or changes: the units that are locked, looked up, and never shared inside a batch.

use std::collections::BTreeSet;

use zhupi_domain::CompanyId;

use crate::Stream;
use crate::port::{Change, Commit, Guard};
use crate::records::Instance;

/// One such unit of a company.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    Company,
    /// The version of the directory, relied on but not changed: the only unit that commits of a batch share.
    Directory,
    /// A stream, and with it all rows of its instance.
    Stream(Stream),
    Request {
        actor: String,
        key: String,
    },
    Task {
        instance: String,
        number: i64,
    },
    Draft {
        person: String,
        key: String,
    },
    Timer {
        instance: String,
        number: i64,
    },
    Message(String),
    Number {
        register: String,
        seq: i64,
    },
    File(String),
    Fact {
        kind: String,
        id: String,
    },
    Balance {
        account: String,
        key: String,
    },
    Login(String),
    Release(String),
    Person(String),
}

/// All units of a commit.
pub(crate) fn things(commit: &Commit) -> BTreeSet<Thing> {
    let mut things: BTreeSet<Thing> = commit.events.iter().map(|event| Thing::Stream(event.stream.clone())).collect();
    for guard in &commit.guards {
        of_guard(guard, &mut things);
    }
    for change in &commit.changes {
        of_change(change, &mut things);
    }
    if let Some(request) = &commit.idempotency {
        things.insert(Thing::Request { actor: request.actor.clone(), key: request.key.clone() });
    }
    if things.contains(&Thing::Stream(Stream::Directory)) {
        things.remove(&Thing::Directory);
    }
    things
}

/// The units that no two commits of a batch may have in common.
pub(crate) fn footprint(commit: &Commit) -> BTreeSet<(CompanyId, Thing)> {
    things(commit)
        .into_iter()
        .filter(|thing| *thing != Thing::Directory)
        .map(|thing| (commit.company.clone(), thing))
        .collect()
}

/// Whether a commit changes what others only rely on, and so is written in a transaction of its own.
pub(crate) fn goes_alone(commit: &Commit) -> bool {
    things(commit).contains(&Thing::Stream(Stream::Directory))
}

fn of_guard(guard: &Guard, things: &mut BTreeSet<Thing>) {
    let thing = match guard {
        Guard::Stream { stream, .. } => Thing::Stream(stream.clone()),
        Guard::Directory { .. } => Thing::Directory,
        Guard::Task { instance, task, .. } => {
            things.insert(Thing::Stream(instance.into()));
            Thing::Task { instance: instance.to_string(), number: *task }
        }
        Guard::Draft { person, key, .. } => Thing::Draft { person: person.to_string(), key: key.clone() },
        Guard::Balance { account, key, .. } => Thing::Balance { account: account.to_string(), key: key.clone() },
    };
    things.insert(thing);
}

fn of_change(change: &Change, things: &mut BTreeSet<Thing>) {
    let thing = match change {
        Change::CreateCompany { .. } => Thing::Company,
        Change::PutInstance(instance) => Thing::Stream(stream_of(instance)),
        Change::AddReaders { instance, .. }
        | Change::UpdateTask { instance, .. }
        | Change::CloseTask { instance, .. }
        | Change::DropTimers { instance, .. }
        | Change::DropAllTimers { instance }
        | Change::CloseIncident { instance, .. } => Thing::Stream(instance.into()),
        Change::OpenTask(task) => Thing::Stream((&task.instance).into()),
        Change::ArmTimer(timer) => Thing::Stream((&timer.instance).into()),
        Change::OpenIncident(incident) => Thing::Stream((&incident.instance).into()),
        Change::DropTimer { instance, timer } => {
            things.insert(Thing::Stream(instance.into()));
            Thing::Timer { instance: instance.to_string(), number: *timer }
        }
        // A new message has an id of its own.
        Change::Enqueue(_) => return,
        Change::FinishMessage { id } => Thing::Message(id.clone()),
        Change::RecordFact { fact, .. } => {
            let kind = fact.kind.to_string();
            things.extend(fact.replaces.iter().map(|id| Thing::Fact { kind: kind.clone(), id: id.clone() }));
            Thing::Fact { kind, id: fact.id.clone() }
        }
        Change::MoveBalance(moved) => {
            things.insert(Thing::Stream((&moved.instance).into()));
            Thing::Balance { account: moved.account.to_string(), key: moved.key.clone() }
        }
        Change::AttachFile { file, .. } | Change::EraseFile { file, .. } => Thing::File(file.to_string()),
        Change::UseNumber { register, seq, .. } | Change::VoidNumber { register, seq, .. } => {
            Thing::Number { register: register.clone(), seq: *seq }
        }
        Change::PutPerson(person) => {
            things.extend(person.login.clone().map(Thing::Login));
            Thing::Stream(Stream::Directory)
        }
        Change::PutDepartment(_) | Change::RemoveDepartment { .. } => Thing::Stream(Stream::Directory),
        Change::PutCalendar(_) | Change::RemoveCalendar { .. } => Thing::Stream(Stream::Calendars),
        Change::PutRelease(release) => {
            things.insert(Thing::Stream(Stream::Releases));
            Thing::Release(release.hash.to_string())
        }
        Change::SetCurrentRelease { hash, .. } => {
            things.insert(Thing::Stream(Stream::Releases));
            Thing::Release(hash.to_string())
        }
        Change::DeleteDraft { person, key } => Thing::Draft { person: person.to_string(), key: key.clone() },
        Change::ErasePayload { stream, .. } => Thing::Stream(stream.clone()),
        Change::PutCredential { person, .. } | Change::EndSessions { person } => Thing::Person(person.to_string()),
    };
    things.insert(thing);
}

fn stream_of(instance: &Instance) -> Stream {
    (&instance.summary.id).into()
}
