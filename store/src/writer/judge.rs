//! Whether a commit may be written, given what is there now.

use zhupi_domain::{CompanyId, ContentHash};

use super::current::{Current, Found};
use super::things::Thing;
use crate::port::{Change, Commit, CommitOutcome, Conflict, Guard, Idempotency};
use crate::records::{FileState, NumberState, OutboxState, TaskStatus};
use crate::{StoreError, Stream};

/// Answers a commit that cannot be written; none when it can.
///
/// A request that was committed before is answered first: its own guards no longer hold, and that is no conflict.
pub(crate) fn refusal(commit: &Commit, current: &Current) -> Option<CommitOutcome> {
    let company = &commit.company;
    if let Some(answer) = commit.idempotency.as_ref().and_then(|request| answered(company, request, current)) {
        return Some(answer);
    }
    if let Some(reason) = malformed(commit) {
        return Some(CommitOutcome::Unavailable(StoreError::Refused(reason.to_owned())));
    }
    let guards = commit.guards.iter().find_map(|guard| guard_conflict(company, guard, current));
    guards
        .or_else(|| commit.changes.iter().find_map(|change| change_conflict(commit, change, current)))
        .map(CommitOutcome::Conflict)
}

fn answered(company: &CompanyId, request: &Idempotency, current: &Current) -> Option<CommitOutcome> {
    let thing = Thing::Request { actor: request.actor.clone(), key: request.key.clone() };
    match current.get(company, thing)? {
        Found::Request { hash, response } if *hash == request.request.to_string() => {
            Some(CommitOutcome::Duplicate(response.clone()))
        }
        _ => Some(CommitOutcome::KeyReused),
    }
}

/// What no database state could make right.
fn malformed(commit: &Commit) -> Option<&'static str> {
    let foreign = |change: &Change| match change {
        Change::ArmTimer(timer) => timer.company != commit.company,
        Change::Enqueue(message) => message.company != commit.company,
        _ => false,
    };
    let wrong_hash = |change: &Change| match change {
        Change::PutRelease(release) => release.hash.0 != ContentHash::of(&[release.body.as_bytes()]),
        _ => false,
    };
    let of_days = |change: &Change| matches!(change, Change::PutCalendar(_) | Change::RemoveCalendar { .. });
    let told = |stream: Stream| commit.events.iter().any(|event| event.stream == stream);
    if commit.changes.iter().any(of_days) && !told(Stream::Calendars) {
        // Calendars are kept in memory by the version of their stream.
        return Some("a calendar changed without an event in its stream");
    }
    if commit.changes.iter().any(foreign) {
        Some("a change of another company")
    } else if commit.changes.iter().any(wrong_hash) {
        Some("a release whose hash is not that of its body")
    } else {
        None
    }
}

fn guard_conflict(company: &CompanyId, guard: &Guard, current: &Current) -> Option<Conflict> {
    match guard {
        Guard::Stream { stream, number } => {
            let (head, _) = current.head(company, stream);
            (head != *number).then(|| Conflict::Stream { stream: stream.clone(), expected: *number, current: head })
        }
        Guard::Directory { version } => {
            let found = directory_version(company, current);
            (found != *version).then_some(Conflict::Directory { expected: *version, current: found })
        }
        Guard::Task { instance, task, version } => {
            let thing = Thing::Task { instance: instance.to_string(), number: *task };
            let (open, found) = match current.get(company, thing) {
                Some(Found::Task { status, version }) => (*status == TaskStatus::Open, Some(*version)),
                _ => (false, None),
            };
            (!open || found != Some(*version)).then(|| Conflict::Task {
                instance: instance.clone(),
                task: *task,
                open,
                current: found,
            })
        }
        Guard::Draft { person, key, version } => {
            let thing = Thing::Draft { person: person.to_string(), key: key.clone() };
            let found = match current.get(company, thing) {
                Some(Found::Version(version)) => Some(*version),
                _ => None,
            };
            (found != Some(*version)).then(|| Conflict::Draft {
                person: person.clone(),
                key: key.clone(),
                current: found,
            })
        }
        Guard::Balance { account, key, version } => {
            let found = current.balance(company, account.as_str(), key).unwrap_or_default().version;
            (found != *version).then(|| Conflict::BalanceMoved {
                account: account.clone(),
                key: key.clone(),
                expected: *version,
                current: found,
            })
        }
    }
}

/// A commit that changes the directory holds its stream instead of sharing its version.
fn directory_version(company: &CompanyId, current: &Current) -> i64 {
    match current.get(company, Thing::Directory) {
        Some(Found::Version(version)) => *version,
        _ => current.head(company, &crate::Stream::Directory).0,
    }
}

fn change_conflict(commit: &Commit, change: &Change, current: &Current) -> Option<Conflict> {
    let company = &commit.company;
    let there = |thing: Thing| current.get(company, thing).is_some();
    match change {
        Change::CreateCompany { .. } => there(Thing::Company).then_some(Conflict::CompanyExists),
        Change::DropTimer { instance, timer } => {
            let thing = Thing::Timer { instance: instance.to_string(), number: *timer };
            (!there(thing)).then(|| Conflict::TimerGone { instance: instance.clone(), timer: *timer })
        }
        Change::FinishMessage { id } => {
            let pending = matches!(current.get(company, Thing::Message(id.clone())),
                Some(Found::Word(state)) if state == OutboxState::Pending.as_str());
            (!pending).then(|| Conflict::MessageGone { id: id.clone() })
        }
        Change::UseNumber { register, seq, .. } | Change::VoidNumber { register, seq, .. } => {
            let thing = Thing::Number { register: register.clone(), seq: *seq };
            let free =
                matches!(current.get(company, thing), Some(Found::Word(word)) if word == NumberState::Taken.as_str());
            (!free).then(|| Conflict::NumberNotFree { register: register.clone(), seq: *seq })
        }
        Change::AttachFile { file, .. } => {
            let pending = matches!(current.get(company, Thing::File(file.to_string())),
                Some(Found::File(record)) if record.state == FileState::Pending);
            (!pending).then(|| Conflict::FileNotPending { file: file.clone() })
        }
        Change::EraseFile { file, .. } => {
            (!there(Thing::File(file.to_string()))).then(|| Conflict::FileMissing { file: file.clone() })
        }
        Change::RecordFact { fact, .. } => {
            let named = |id: &str| Thing::Fact { kind: fact.kind.to_string(), id: id.to_owned() };
            if there(named(&fact.id)) {
                return Some(Conflict::FactExists { id: fact.id.clone() });
            }
            let replaced = fact.replaces.as_ref()?;
            let free = matches!(current.get(company, named(replaced)), Some(Found::Present));
            (!free).then(|| Conflict::FactReplaced { id: replaced.clone() })
        }
        Change::MoveBalance(moved) => {
            let now = current.balance(company, moved.account.as_str(), &moved.key).unwrap_or_default();
            let change = moved.posted.saturating_sub(moved.reserved);
            let short = moved.floor.is_some_and(|floor| now.free().saturating_add(change) < floor);
            (change < 0 && short).then(|| Conflict::Balance {
                account: moved.account.clone(),
                key: moved.key.clone(),
                free: now.free(),
            })
        }
        Change::PutPerson(person) => {
            let login = person.login.as_ref()?;
            match current.get(company, Thing::Login(login.clone()))? {
                Found::Word(holder) if holder == person.id.as_str() => None,
                _ => Some(Conflict::LoginTaken { login: login.clone() }),
            }
        }
        Change::SetCurrentRelease { hash, .. } => {
            let put = |other: &Change| matches!(other, Change::PutRelease(release) if release.hash.0 == *hash);
            let known = there(Thing::Release(hash.to_string())) || commit.changes.iter().any(put);
            (!known).then_some(Conflict::ReleaseMissing { hash: *hash })
        }
        _ => None,
    }
}
