//! The rows of each change.

use std::collections::BTreeMap;

use super::current::{Current, Found};
use super::plan::{Plan, Step};
use super::things::Thing;
use crate::database::values;
use crate::digest;
use crate::port::{Change, Commit};
use crate::records::{Erasure, FileRecord, FileState, Instance, NumberState, OutboxMessage, Release, Task};
use crate::records::{NEVER, shard_of};
use crate::{StoreError, Stream};

impl Plan {
    /// Adds the rows of one change of an accepted commit.
    pub(super) fn add_change(
        &mut self,
        commit: &Commit,
        change: &Change,
        current: &Current,
        numbers: &BTreeMap<Stream, i64>,
    ) -> Result<(), StoreError> {
        let company = commit.company.as_str();
        match change {
            Change::CreateCompany { name, at } => self.add(Step::Companies, values![company, name.as_str(), *at]),
            Change::PutInstance(instance) => {
                let stream = Stream::from(&instance.summary.id);
                let before = || current.head(&commit.company, &stream).0;
                let version = numbers.get(&stream).copied().unwrap_or_else(before);
                self.put_instance(company, instance, version);
            }
            Change::AddReaders { instance, readers } => {
                for reader in readers {
                    self.add(Step::Readers, values![company, reader.as_str(), instance.as_str()]);
                }
            }
            Change::OpenTask(task) => self.open_task(company, task),
            Change::UpdateTask { instance, task, version, assignee, due_at } => {
                let due = due_at.map_or(NEVER, |at| at.micros());
                self.add(
                    Step::UpdatedTasks,
                    values![company, instance.as_str(), *task, *version, assignee.as_str(), due],
                );
            }
            Change::CloseTask { instance, task, version, outcome, at } => {
                self.add(Step::ClosedTasks, values![company, instance.as_str(), *task, *version, outcome.as_str(), *at])
            }
            Change::ArmTimer(timer) => {
                let instance = timer.instance.as_str();
                let shard = shard_of(&commit.company, instance);
                self.add(
                    Step::NewTimers,
                    values![company, instance, timer.number, timer.visit, timer.kind.as_str(), timer.due_at, shard],
                );
            }
            Change::DropTimer { instance, timer } => {
                self.add(Step::DroppedTimers, values![company, instance.as_str(), *timer]);
            }
            Change::DropTimers { instance, visit } => {
                self.add(Step::DroppedVisits, values![company, instance.as_str(), *visit]);
            }
            Change::DropAllTimers { instance } => self.add(Step::DroppedInstances, values![company, instance.as_str()]),
            Change::Enqueue(message) => self.enqueue(commit, message),
            Change::FinishMessage { id } => self.add(Step::FinishedMessages, values![company, id.as_str()]),
            Change::OpenIncident(incident) => self.add(
                Step::NewIncidents,
                values![
                    company,
                    incident.instance.as_str(),
                    incident.number,
                    incident.kind.as_str(),
                    incident.visit,
                    incident.body.as_str(),
                    incident.opened_at,
                    incident.closed_at
                ],
            ),
            Change::CloseIncident { instance, incident, at } => {
                self.add(Step::ClosedIncidents, values![company, instance.as_str(), *incident, *at]);
            }
            Change::DeleteDraft { person, key } => {
                self.add(Step::DeletedDrafts, values![company, person.as_str(), key.as_str()]);
            }
            Change::ErasePayload { stream, number, at, by, rule } => {
                self.add(Step::Erasures, values![company, stream.to_string(), *number, *at, by.as_str(), rule.as_str()])
            }
            other => self.add_company_change(commit, other, current)?,
        }
        Ok(())
    }

    /// Changes of what is not one instance's: data, directory, releases, access.
    fn add_company_change(&mut self, commit: &Commit, change: &Change, current: &Current) -> Result<(), StoreError> {
        let company = commit.company.as_str();
        match change {
            Change::RecordFact { fact, keys } => {
                let (kind, id) = (fact.kind.as_str(), fact.id.as_str());
                let instance = fact.instance.as_ref().map(|id| id.as_str());
                self.add(
                    Step::Facts,
                    values![
                        company,
                        kind,
                        id,
                        fact.body.as_str(),
                        fact.recorded_at,
                        fact.recorded_by.as_str(),
                        instance,
                        fact.replaces.as_deref()
                    ],
                );
                for (field, value) in keys {
                    self.add(Step::FactKeys, values![company, kind, field.as_str(), value.as_str(), id]);
                }
            }
            Change::AttachFile { file, instance } => {
                let mut record = found_file(commit, file.as_str(), current)?;
                record.state = FileState::Attached;
                record.instance = Some(instance.clone());
                self.update_file(commit, &record);
            }
            Change::EraseFile { file, at, by, rule } => {
                let mut record = found_file(commit, file.as_str(), current)?;
                record.state = FileState::Erased;
                record.erased = Some(Erasure { at: *at, by: by.clone(), rule: rule.clone() });
                self.update_file(commit, &record);
            }
            Change::UseNumber { register, seq, instance } => {
                let used = NumberState::Used.as_str();
                self.add(
                    Step::Numbers,
                    values![company, register.as_str(), *seq, used, instance.as_str(), None::<&str>],
                );
            }
            Change::VoidNumber { register, seq, reason } => {
                let void = NumberState::Void.as_str();
                self.add(Step::Numbers, values![company, register.as_str(), *seq, void, None::<&str>, reason.as_str()]);
            }
            Change::PutPerson(person) => {
                let (id, body, name) = (person.id.as_str(), person.body.as_str(), person.name.as_str());
                self.add(Step::People, values![company, id, body, name, person.login.as_deref(), person.active]);
            }
            Change::PutDepartment(department) => {
                self.add(Step::Departments, values![company, department.id.as_str(), department.body.as_str()]);
            }
            Change::RemoveDepartment { id } => self.add(Step::RemovedDepartments, values![company, id.as_str()]),
            Change::PutCalendar(calendar) => {
                self.add(Step::Calendars, values![company, calendar.name.as_str(), calendar.body.as_str()]);
            }
            Change::RemoveCalendar { name } => self.add(Step::RemovedCalendars, values![company, name.as_str()]),
            Change::PutRelease(release) => self.put_release(commit, release, current),
            Change::SetCurrentRelease { hash, at, by } => {
                self.add(Step::ReleaseHistory, values![company, *hash, *at, by.as_str()]);
                self.add(Step::CurrentReleases, values![company, *hash]);
            }
            Change::PutCredential { person, hash, at } => {
                self.add(Step::Credentials, values![company, person.as_str(), hash.as_str(), *at]);
            }
            Change::EndSessions { person } => self.add(Step::EndedSessions, values![company, person.as_str()]),
            other => return Err(StoreError::Refused(format!("no rows for {other:?}"))),
        }
        Ok(())
    }

    fn put_instance(&mut self, company: &str, instance: &Instance, version: i64) {
        let Instance { summary, format, state } = instance;
        self.add(
            Step::Instances,
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
            ],
        );
    }

    fn open_task(&mut self, company: &str, task: &Task) {
        self.add(
            Step::NewTasks,
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
                task.outcome.as_deref()
            ],
        );
    }

    fn enqueue(&mut self, commit: &Commit, message: &OutboxMessage) {
        // Messages of one instance share a worker, so that they go out in order.
        let instance = message.instance.as_ref().map(|id| id.as_str());
        let shard = shard_of(&commit.company, instance.unwrap_or(&message.id));
        self.add(
            Step::NewMessages,
            values![
                commit.company.as_str(),
                message.id.as_str(),
                message.topic.as_str(),
                instance,
                message.body.as_str(),
                message.attempts,
                message.due_at,
                shard,
                message.state.as_str(),
                message.last_error.as_deref()
            ],
        );
    }

    fn put_release(&mut self, commit: &Commit, release: &Release, current: &Current) {
        if current.get(&commit.company, Thing::Release(release.hash.to_string())).is_some() {
            return;
        }
        self.add(
            Step::Releases,
            values![
                commit.company.as_str(),
                release.hash.0,
                release.body.as_str(),
                release.summary.as_str(),
                release.deployed_at,
                release.deployed_by.as_str(),
                digest::release(&commit.company, release)
            ],
        );
    }

    fn update_file(&mut self, commit: &Commit, file: &FileRecord) {
        let erased = file.erased.as_ref();
        self.add(
            Step::Files,
            values![
                commit.company.as_str(),
                file.id.as_str(),
                file.state.as_str(),
                file.instance.as_ref().map(|id| id.as_str()),
                erased.map(|e| e.at),
                erased.map(|e| e.by.as_str()),
                erased.map(|e| e.rule.as_str()),
                digest::file(&commit.company, file)
            ],
        );
    }
}

fn found_file(commit: &Commit, id: &str, current: &Current) -> Result<FileRecord, StoreError> {
    match current.get(&commit.company, Thing::File(id.to_owned())) {
        Some(Found::File(record)) => Ok(record.as_ref().clone()),
        _ => Err(StoreError::Refused(format!("file {id} is not there"))),
    }
}
