//! Which statement each change goes into, and with which row.

use std::collections::BTreeMap;

use zhupi_domain::FileId;

use super::current::{Current, Found};
use super::plan::{Plan, Step};
use super::table_rows as row;
use super::things::Thing;
use crate::database::values;
use crate::port::{Change, Commit};
use crate::records::{Erasure, FileRecord, FileState, NEVER, NumberState, spaced};
use crate::{StoreError, Stream};

impl Plan {
    /// Adds the rows of one change of an accepted commit, whose events end at the given numbers.
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
                let before = current.head(&commit.company, &stream).0;
                let version = numbers.get(&stream).copied().unwrap_or(before);
                match before {
                    0 => self.add(Step::NewInstances, row::new_instance(company, instance, version)),
                    _ => self.add(Step::Instances, row::instance(company, instance, version)),
                }
            }
            Change::AddReaders { instance, readers } => {
                for reader in readers {
                    self.add(Step::Readers, values![company, reader.as_str(), instance.as_str()]);
                }
            }
            Change::OpenTask(task) => self.add(Step::NewTasks, row::task(company, task)),
            Change::UpdateTask { instance, task, version, assignee, due_at, queued } => {
                let due = due_at.map_or(NEVER, |at| at.micros());
                let (assignee, queued) = (assignee.as_str(), spaced(queued));
                let values = values![company, instance.as_str(), *task, *version, assignee, due, queued];
                self.add(Step::UpdatedTasks, values);
            }
            Change::CloseTask { instance, task, version, outcome, at, acted_by } => {
                let values =
                    values![company, instance.as_str(), *task, *version, outcome.as_str(), *at, acted_by.as_deref()];
                self.add(Step::ClosedTasks, values);
            }
            Change::ArmTimer(timer) => self.add(Step::NewTimers, row::timer(timer)),
            Change::DropTimer { instance, timer } => {
                self.add(Step::DroppedTimers, values![company, instance.as_str(), *timer]);
            }
            Change::DropTimers { instance, visit } => {
                self.add(Step::DroppedVisits, values![company, instance.as_str(), *visit]);
            }
            Change::DropAllTimers { instance } => self.add(Step::DroppedInstances, values![company, instance.as_str()]),
            Change::Enqueue(message) => self.add(Step::NewMessages, row::message(message)),
            Change::FinishMessage { id } => self.add(Step::FinishedMessages, values![company, id.as_str()]),
            Change::OpenIncident(incident) => self.add(Step::NewIncidents, row::incident(company, incident)),
            Change::CloseIncident { instance, incident, at } => {
                self.add(Step::ClosedIncidents, values![company, instance.as_str(), *incident, *at]);
            }
            Change::RecordFact { fact, keys } => {
                self.add(Step::Facts, row::fact(company, fact));
                for (field, value) in keys {
                    let (kind, id) = (fact.kind.as_str(), fact.id.as_str());
                    self.add(Step::FactKeys, values![company, kind, field.as_str(), value.as_str(), id]);
                }
            }
            Change::MoveBalance(moved) => {
                let (account, key) = (moved.account.as_str(), moved.key.as_str());
                let before = current.balance(&commit.company, account, key);
                let after = before.unwrap_or_default().moved(moved.posted, moved.reserved);
                match before {
                    None => self.add(
                        Step::NewBalances,
                        values![company, account, key, after.posted, after.reserved, after.version],
                    ),
                    Some(before) => self.add(
                        Step::Balances,
                        values![company, account, key, before.version, after.posted, after.reserved, after.version],
                    ),
                }
                self.add(Step::AccountEntries, row::account_entry(company, moved, after));
            }
            Change::AttachFile { file, instance } => {
                let mut record = found_file(commit, file, current)?;
                record.state = FileState::Attached;
                record.instance = Some(instance.clone());
                self.add(Step::Files, row::file(&commit.company, &record));
            }
            Change::EraseFile { file, at, by, rule } => {
                let mut record = found_file(commit, file, current)?;
                record.state = FileState::Erased;
                record.erased = Some(Erasure { at: *at, by: by.clone(), rule: rule.clone() });
                self.add(Step::Files, row::file(&commit.company, &record));
            }
            Change::UseNumber { register, seq, instance } => {
                let (used, why) = (NumberState::Used.as_str(), None::<&str>);
                self.add(Step::Numbers, values![company, register.as_str(), *seq, used, instance.as_str(), why]);
            }
            Change::VoidNumber { register, seq, reason } => {
                let (void, instance) = (NumberState::Void.as_str(), None::<&str>);
                self.add(Step::Numbers, values![company, register.as_str(), *seq, void, instance, reason.as_str()]);
            }
            Change::PutPerson(person) => self.add(Step::People, row::person(company, person)),
            Change::PutDepartment(department) => {
                self.add(Step::Departments, values![company, department.id.as_str(), department.body.as_str()]);
            }
            Change::RemoveDepartment { id } => self.add(Step::RemovedDepartments, values![company, id.as_str()]),
            Change::PutCalendar(calendar) => {
                self.add(Step::Calendars, values![company, calendar.name.as_str(), calendar.body.as_str()]);
            }
            Change::RemoveCalendar { name } => self.add(Step::RemovedCalendars, values![company, name.as_str()]),
            Change::PutRelease(release) => {
                // Immutable: what is there stays as it is.
                if current.get(&commit.company, Thing::Release(release.hash.to_string())).is_none() {
                    self.add(Step::Releases, row::release(&commit.company, release));
                }
            }
            Change::SetCurrentRelease { hash, at, by } => {
                self.add(Step::ReleaseHistory, values![company, *hash, *at, by.as_str()]);
                self.add(Step::CurrentReleases, values![company, *hash]);
            }
            Change::DeleteDraft { person, key } => {
                self.add(Step::DeletedDrafts, values![company, person.as_str(), key.as_str()]);
            }
            Change::ErasePayload { stream, number, at, by, rule } => {
                let erasure = Erasure { at: *at, by: by.clone(), rule: rule.clone() };
                self.add(Step::ErasedPayloads, values![company, stream.to_string(), *number]);
                self.add(Step::Erasures, row::erasure(&commit.company, stream, *number, &erasure));
            }
            Change::PutCredential { person, hash, at } => {
                self.add(Step::Credentials, values![company, person.as_str(), hash.as_str(), *at]);
            }
            Change::EndSessions { person } => self.add(Step::EndedSessions, values![company, person.as_str()]),
        }
        Ok(())
    }
}

/// The file as it is now; a commit that names one that is missing was refused before.
fn found_file(commit: &Commit, id: &FileId, current: &Current) -> Result<FileRecord, StoreError> {
    match current.get(&commit.company, Thing::File(id.to_string())) {
        Some(Found::File(record)) => Ok(record.as_ref().clone()),
        _ => Err(StoreError::Refused(format!("file {id} is not there"))),
    }
}
