//! Records as the rows of their statements, in the order of the statements' columns.

use zhupi_domain::CompanyId;

use crate::database::{Value, values};
use crate::port::BalanceMove;
use crate::records::{
    BalanceRecord, Erasure, Fact, FileRecord, Incident, Instance, NEVER, OutboxMessage, PersonRecord, Release, Task,
    Timer, shard_of, spaced,
};
use crate::{Stream, digest};

pub(super) fn new_instance(company: &str, instance: &Instance, version: i64) -> Vec<Value> {
    let Instance { summary, format, state } = instance;
    values![
        company,
        summary.id.as_str(),
        summary.flow.as_str(),
        summary.release.0,
        summary.number.as_deref(),
        summary.title.as_str(),
        summary.status.as_str(),
        summary.initiator.as_str(),
        summary.subject.as_deref(),
        summary.period.as_deref(),
        summary.started_at,
        summary.ended_at,
        version,
        *format,
        state.as_str()
    ]
}

/// What may change of an instance.
pub(super) fn instance(company: &str, instance: &Instance, version: i64) -> Vec<Value> {
    let Instance { summary, format, state } = instance;
    values![
        company,
        summary.id.as_str(),
        summary.release.0,
        summary.number.as_deref(),
        summary.title.as_str(),
        summary.status.as_str(),
        summary.subject.as_deref(),
        summary.period.as_deref(),
        summary.ended_at,
        version,
        *format,
        state.as_str()
    ]
}

pub(super) fn task(company: &str, task: &Task) -> Vec<Value> {
    values![
        company,
        task.instance.as_str(),
        task.number,
        task.visit,
        task.step.as_str(),
        task.flow.as_str(),
        task.kind.as_str(),
        task.assignee.as_str(),
        task.status.as_str(),
        task.version,
        task.opened_at,
        task.due_at.map_or(NEVER, |at| at.micros()),
        task.closed_at,
        task.outcome.as_deref(),
        spaced(&task.queued)
    ]
}

pub(super) fn timer(timer: &Timer) -> Vec<Value> {
    let instance = timer.instance.as_str();
    let shard = shard_of(&timer.company, instance);
    values![timer.company.as_str(), instance, timer.number, timer.visit, timer.kind.as_str(), timer.due_at, shard]
}

/// Messages of one instance share a shard, and so a worker, which keeps their order.
pub(super) fn message(message: &OutboxMessage) -> Vec<Value> {
    let instance = message.instance.as_ref().map(|id| id.as_str());
    values![
        message.company.as_str(),
        message.id.as_str(),
        message.topic.as_str(),
        instance,
        message.body.as_str(),
        message.attempts,
        message.due_at,
        shard_of(&message.company, instance.unwrap_or(&message.id)),
        message.state.as_str(),
        message.last_error.as_deref()
    ]
}

pub(super) fn incident(company: &str, incident: &Incident) -> Vec<Value> {
    values![
        company,
        incident.instance.as_str(),
        incident.number,
        incident.kind.as_str(),
        incident.visit,
        incident.body.as_str(),
        incident.opened_at,
        incident.closed_at
    ]
}

pub(super) fn fact(company: &str, fact: &Fact) -> Vec<Value> {
    values![
        company,
        fact.kind.as_str(),
        fact.id.as_str(),
        fact.body.as_str(),
        fact.recorded_at,
        fact.recorded_by.as_str(),
        fact.instance.as_ref().map(|id| id.as_str()),
        fact.replaces.as_deref()
    ]
}

pub(super) fn account_entry(company: &str, moved: &BalanceMove, after: BalanceRecord) -> Vec<Value> {
    values![
        company,
        moved.account.as_str(),
        moved.key.as_str(),
        after.version,
        moved.instance.as_str(),
        moved.at,
        moved.by.as_str(),
        moved.posted,
        moved.reserved,
        after.posted,
        after.reserved
    ]
}

pub(super) fn person(company: &str, person: &PersonRecord) -> Vec<Value> {
    let (id, body, name) = (person.id.as_str(), person.body.as_str(), person.name.as_str());
    values![company, id, body, name, person.login.as_deref(), person.active]
}

pub(super) fn release(company: &CompanyId, release: &Release) -> Vec<Value> {
    values![
        company.as_str(),
        release.hash.0,
        release.body.as_str(),
        release.summary.as_str(),
        release.deployed_at,
        release.deployed_by.as_str(),
        digest::release(company, release)
    ]
}

/// What a commit may change of a file.
pub(super) fn file(company: &CompanyId, file: &FileRecord) -> Vec<Value> {
    let erased = file.erased.as_ref();
    values![
        company.as_str(),
        file.id.as_str(),
        file.state.as_str(),
        file.instance.as_ref().map(|id| id.as_str()),
        erased.map(|e| e.at),
        erased.map(|e| e.by.as_str()),
        erased.map(|e| e.rule.as_str()),
        digest::file(company, file)
    ]
}

pub(super) fn erasure(company: &CompanyId, stream: &Stream, number: i64, erasure: &Erasure) -> Vec<Value> {
    let stream = stream.to_string();
    let digest = digest::erasure(company, &stream, number, erasure);
    values![company.as_str(), stream, number, erasure.at, erasure.by.as_str(), erasure.rule.as_str(), digest]
}
