//! Turns what the engine decided into one commit: events, state, tasks, timers, outbox.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zhupi_domain::{CompanyId, InstanceId, Instant, Money, Name};
use zhupi_engine::{
    Actor, Deadline, Effect, Event, Instance, Notice, Place, Status, TaskId, Visit, VisitId, Why, Work, effects,
};
use zhupi_pack::answers;
use zhupi_store::{
    BalanceMove, Change, Commit, Guard, Incident, InstanceSummary, OutboxMessage, OutboxState, Stream, Task,
};
use zhupi_store::{TaskStatus, Timer, outbox_id};

use crate::find::hundredths;
use crate::history::{self, person_key};
use crate::load::{Around, FORMAT};
use crate::permit::AUDIT_KEY;
use crate::{AppError, words};

/// Topic of the messages that ask for a machine step.
pub const MACHINE: &str = "machine";
/// Topic of the messages that tell a person something.
pub const NOTICE: &str = "notice";

/// What was decided about one instance.
pub struct Decision<'a> {
    pub company: &'a CompanyId,
    pub id: &'a InstanceId,
    pub around: &'a Around,
    pub before: Option<&'a Instance>,
    /// Number of the last event before it; 0 for a new instance.
    pub version: i64,
    pub started_at: Instant,
    pub after: &'a Instance,
    pub events: &'a [Event],
    pub now: Instant,
}

impl Decision<'_> {
    /// The commit that makes it true.
    pub fn commit(&self) -> Result<Commit, AppError> {
        let internal = |error: serde_json::Error| AppError::Internal(error.to_string());
        let mut commit = Commit::new(self.company.clone());
        commit.guards.push(Guard::Stream { stream: Stream::Instance(self.id.clone()), number: self.version });
        commit.guards.push(Guard::Directory { version: self.around.directory.version });
        for event in self.events {
            commit.events.push(history::write(self.id, event).map_err(internal)?);
        }
        let state = serde_json::to_string(self.after).map_err(internal)?;
        if state.len() > MAX_STATE {
            return Err(AppError::bad(
                "instance_too_large",
                "申请内容超过 256 kB，请减少明细或附件",
                "The request is larger than 256 kB: use fewer rows or put them into a file",
            ));
        }
        let instance = zhupi_store::Instance { summary: self.summary(), format: FORMAT, state };
        commit.changes.push(Change::PutInstance(Box::new(instance)));
        self.readers(&mut commit);
        for (index, effect) in effects(self.before, self.after, self.events).iter().enumerate() {
            if let Effect::MoveBalance { account, key, posted, reserved } = effect {
                commit.changes.push(self.balance(account, key, *posted, *reserved)?);
            }
            commit.changes.extend(self.change(index, effect));
        }
        commit.changes.extend(self.queues());
        Ok(commit)
    }

    fn summary(&self) -> InstanceSummary {
        let state = self.after;
        InstanceSummary {
            id: self.id.clone(),
            flow: state.flow.to_string(),
            release: state.release,
            number: Some(state.number.clone()),
            title: self.around.flow.title.zh.clone(),
            status: status_code(&state.status).into(),
            initiator: state.initiator.to_string(),
            subject: (state.subject != state.initiator).then(|| state.subject.to_string()),
            period: state.period.map(|period| period.to_string()),
            started_at: self.started_at,
            ended_at: state.ended_at,
            version: 0,
        }
    }

    /// Who may read it: by the flow's rule, and whoever is asked. Nobody's right is ever taken away, so that only who is new is
    /// named.
    fn readers(&self, commit: &mut Commit) {
        let around = self.around;
        let about_others = self.before.is_none_or(|before| before.subject != self.after.subject);
        let mut readers: Vec<String> = match about_others {
            true => answers::reader_keys(&around.release, self.after, &around.directory),
            false => {
                let asked = |state: &Instance| -> BTreeSet<String> {
                    state.tasks().map(|(_, _, _, task)| person_key(&task.person)).collect()
                };
                let known = self.before.map(asked).unwrap_or_default();
                asked(self.after).into_iter().filter(|key| !known.contains(key)).collect()
            }
        };
        if self.before.is_none() {
            readers.push(AUDIT_KEY.to_owned());
        }
        readers.sort();
        readers.dedup();
        if !readers.is_empty() {
            commit.changes.push(Change::AddReaders { instance: self.id.clone(), readers });
        }
    }

    fn change(&self, index: usize, effect: &Effect) -> Option<Change> {
        let instance = self.id.clone();
        Some(match effect {
            Effect::OpenTask { visit, task } => Change::OpenTask(self.task(*visit, *task)?),
            Effect::RenewTask { task, version } => {
                let (_, of, held) = self.after.task(*task)?;
                self.update(*task, *version, of, held)
            }
            Effect::CloseTask { task, outcome, by } => {
                let (_, _, held) = self.before?.task(*task)?;
                let outcome = words::task_outcome_code(outcome);
                let substitute = by.as_ref().filter(|by| words::is_own_act(Some(outcome)) && **by != held.person);
                Change::CloseTask {
                    instance,
                    task: i64::from(task.0),
                    version: i64::from(held.version),
                    outcome: outcome.into(),
                    at: self.now,
                    acted_by: substitute.map(person_key),
                }
            }
            Effect::ArmTimer { visit, timer, at } => Change::ArmTimer(Timer {
                company: self.company.clone(),
                instance,
                number: timer_number(*visit, *timer),
                visit: i64::from(visit.0),
                kind: "overdue".into(),
                due_at: *at,
            }),
            Effect::DropTimer { visit, timer } => Change::DropTimer { instance, timer: timer_number(*visit, *timer) },
            Effect::RunMachine { visit, attempt } => {
                self.message(index, MACHINE, json!({ "visit": visit, "attempt": attempt }))
            }
            Effect::OpenIncident { incident } => {
                let opened = self.after.incidents.get(incident)?;
                Change::OpenIncident(Incident {
                    instance,
                    number: i64::from(incident.0),
                    kind: problem_code(&opened.problem),
                    visit: opened.visit.map_or(0, |visit| i64::from(visit.0)),
                    body: json!({ "place": opened.place, "problem": opened.problem }).to_string(),
                    opened_at: self.now,
                    closed_at: None,
                })
            }
            Effect::CloseIncident { incident } => {
                Change::CloseIncident { instance, incident: i64::from(incident.0), at: self.now }
            }
            Effect::Notify(notice) => self.notify(index, notice)?,
            // It can fail, and is dealt with before.
            Effect::MoveBalance { .. } => return None,
        })
    }

    /// What is moved on an account, with the floor of the release under which it was decided.
    fn balance(&self, account: &Name, key: &str, posted: Money, reserved: Money) -> Result<Change, AppError> {
        let known = self.around.release.company().accounts.get(account);
        let floor = known.and_then(|account| account.floor).map(hundredths).transpose()?;
        Ok(Change::MoveBalance(BalanceMove {
            account: account.clone(),
            key: key.to_owned(),
            posted: hundredths(posted)?,
            reserved: hundredths(reserved)?,
            floor,
            instance: self.id.clone(),
            at: self.now,
            by: self.events.last().map_or_else(String::new, |event| history::write_actor(&event.by)),
        }))
    }

    fn task(&self, visit: VisitId, task: TaskId) -> Option<Task> {
        let (_, of, held) = self.after.task(task)?;
        Some(Task {
            instance: self.id.clone(),
            number: i64::from(task.0),
            visit: i64::from(visit.0),
            step: place_code(&of.place),
            flow: self.after.flow.to_string(),
            kind: task_kind(of.work).into(),
            assignee: person_key(&held.person),
            status: TaskStatus::Open,
            version: i64::from(held.version),
            opened_at: self.now,
            due_at: due(of.deadline.as_ref()),
            closed_at: None,
            outcome: None,
            acted_by: None,
            queued: queued(of),
        })
    }

    /// Open tasks behind which the queue became another one.
    fn queues(&self) -> Vec<Change> {
        let was =
            |task: TaskId| self.before.and_then(|before| before.task(task)).map(|(_, of, held)| (of, held.version));
        let renewed = self.after.tasks().filter(|(_, id, of, held)| {
            was(*id).is_some_and(|(before, version)| before.queue != of.queue && version == held.version)
        });
        renewed.map(|(_, task, of, held)| self.update(task, held.version, of, held)).collect()
    }

    /// An open task as it stands now.
    fn update(&self, task: TaskId, version: u32, of: &Visit, held: &zhupi_engine::Task) -> Change {
        Change::UpdateTask {
            instance: self.id.clone(),
            task: i64::from(task.0),
            version: i64::from(version),
            assignee: person_key(&held.person),
            due_at: due(of.deadline.as_ref()),
            queued: queued(of),
        }
    }

    fn notify(&self, index: usize, notice: &Notice) -> Option<Change> {
        let body = match notice {
            Notice::NewTask { task } => {
                let (_, _, held) = self.after.task(*task)?;
                let escalated = matches!(held.why, Why::Escalated { .. });
                json!({ "tell": "task", "to": [held.person], "task": task, "escalated": escalated })
            }
            Notice::Overdue { task } => {
                json!({ "tell": "overdue", "to": [self.after.task(*task)?.2.person], "task": task })
            }
            Notice::Ended { status } => {
                let mut to = vec![&self.after.initiator, &self.after.subject];
                to.dedup();
                // Whoever ended it knows.
                to.retain(|person| self.events.iter().all(|event| event.by != Actor::Person((*person).clone())));
                if to.is_empty() {
                    return None;
                }
                json!({ "tell": "ended", "to": to, "status": status })
            }
        };
        Some(self.message(index, NOTICE, body))
    }

    fn message(&self, index: usize, topic: &str, body: Value) -> Change {
        let last = self.version + i64::try_from(self.events.len()).unwrap_or(i64::MAX - self.version);
        Change::Enqueue(OutboxMessage {
            company: self.company.clone(),
            id: outbox_id(self.id, last, index),
            topic: topic.into(),
            instance: Some(self.id.clone()),
            body: body.to_string(),
            attempts: 0,
            due_at: self.now,
            state: OutboxState::Pending,
            last_error: None,
        })
    }
}

fn due(deadline: Option<&Deadline>) -> Option<Instant> {
    match deadline {
        Some(Deadline::At(at)) => Some(*at),
        Some(Deadline::NoCalendarData { .. }) | None => None,
    }
}

/// The largest state that an instance may have, in bytes.
const MAX_STATE: usize = 256 * 1024;
/// More timers than one visit can have, so that visit and number make one.
const TIMERS_A_VISIT: i64 = 1000;

/// One number for a timer of a visit.
pub fn timer_number(visit: VisitId, timer: u32) -> i64 {
    i64::from(visit.0) * TIMERS_A_VISIT + i64::from(timer)
}

/// The visit and number of a stored timer.
pub fn timer_of(number: i64) -> Option<(VisitId, u32)> {
    let visit = u32::try_from(number.checked_div(TIMERS_A_VISIT)?).ok()?;
    Some((VisitId(visit), u32::try_from(number.checked_rem(TIMERS_A_VISIT)?).ok()?))
}

/// The word under which a status is stored and shown to machines.
pub fn status_code(status: &Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Completed => "completed",
        Status::Archived => "archived",
        Status::Rejected { .. } => "rejected",
        Status::Withdrawn => "withdrawn",
        Status::Cancelled => "cancelled",
    }
}

/// The word under which a place is stored; a step cannot be called `start`.
pub fn place_code(place: &Place) -> String {
    match place {
        Place::Start => "start".into(),
        Place::Step(name) => name.to_string(),
    }
}

/// The word of the API for a kind of people's work.
pub fn task_kind(work: Work) -> &'static str {
    match work {
        Work::Start => "resubmit",
        Work::Approve => "approve",
        Work::Fill | Work::FillOwn => "fill",
        Work::Vote => "vote",
        Work::Machine => "machine",
    }
}

fn problem_code(problem: &zhupi_engine::Problem) -> String {
    let tagged = serde_json::to_value(problem).unwrap_or_default();
    tagged.get("is").and_then(Value::as_str).unwrap_or("failed").to_owned()
}

/// Keys of those who wait for their turn at a visit.
pub(crate) fn queued(visit: &Visit) -> Vec<String> {
    visit.queue.iter().map(|candidate| person_key(&candidate.person)).collect()
}
