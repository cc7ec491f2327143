//! What people do to a running instance.

use serde_json::{Map, Value};
use zhupi_domain::{Instant, PersonId};
use zhupi_engine::{Actor, Ballot, Command, HumanKind, IncidentId, Place, Refusal, TaskId, Then, previous};
use zhupi_store::Change;

use crate::carry::{Answer, RequestKey};
use crate::forms::Sent;
use crate::history::person_of;
use crate::load::Loaded;
use crate::permit::Viewer;
use crate::{App, AppError, Denied, words};

/// What the holder of a task does with it. `version` is the one they have seen.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskAct {
    Approve {
        version: u32,
        comment: Option<String>,
        form: Option<Map<String, Value>>,
    },
    Fill {
        version: u32,
        comment: Option<String>,
        form: Option<Map<String, Value>>,
        data: Option<Map<String, Value>>,
    },
    Resubmit {
        version: u32,
        comment: Option<String>,
        form: Map<String, Value>,
    },
    /// A ballot of a committee.
    Vote {
        version: u32,
        ballot: Ballot,
        comment: Option<String>,
        minutes: Option<String>,
    },
    Reject {
        version: u32,
        comment: String,
    },
    /// `to` is `initiator`, `previous` or `step:NAME`, `step:NAME[LANE]`.
    Return {
        version: u32,
        to: String,
        then: Then,
        comment: String,
    },
    Transfer {
        version: u32,
        to: String,
        comment: Option<String>,
    },
}

impl TaskAct {
    fn version(&self) -> u32 {
        match self {
            Self::Approve { version, .. }
            | Self::Fill { version, .. }
            | Self::Vote { version, .. }
            | Self::Resubmit { version, .. }
            | Self::Reject { version, .. }
            | Self::Return { version, .. }
            | Self::Transfer { version, .. } => *version,
        }
    }
}

impl App {
    /// Acts on a task.
    pub async fn act(
        &self,
        viewer: &Viewer,
        instance: &str,
        task: u32,
        act: TaskAct,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let task = TaskId(task);
        let permit = match self.permit_act(viewer, instance).await {
            Err(AppError::Denied(Denied::NotFound)) => return Err(self.too_late(viewer, instance, task, now).await?),
            permit => permit?,
        };
        let actor = Actor::Person(viewer.person().clone());
        let loaded = permit.act().0.clone();
        let carried = self.carry(loaded.clone(), &actor, Some(&key), now, |loaded| {
            let act = act.clone();
            async move { self.command(viewer.person(), &loaded, task, act, now).await }
        });
        match carried.await {
            Err(AppError::Refused(Refusal::NoSuchTask)) => Err(self.who_closed(&loaded, task).await?),
            other => other,
        }
    }

    /// Says something to everybody who may read the request.
    pub async fn comment(
        &self,
        viewer: &Viewer,
        instance: &str,
        text: String,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let permit = self.permit_act(viewer, instance).await?;
        let loaded = permit.act().0.clone();
        self.simply(viewer, loaded, Command::Comment { text }, key, now).await
    }

    /// Takes a request back: its initiator only, until it ends.
    pub async fn withdraw(
        &self,
        viewer: &Viewer,
        instance: &str,
        reason: Option<String>,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let permit = self.permit_act(viewer, instance).await?;
        let loaded = permit.act().0.clone();
        self.simply(viewer, loaded, Command::Withdraw { reason }, key, now).await
    }

    /// Ends a request for everybody: by somebody with that right.
    pub async fn cancel(
        &self,
        viewer: &Viewer,
        instance: &str,
        reason: String,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let permit = self.permit_cancel(viewer, instance).await?;
        let loaded = permit.act().0.clone();
        self.simply(viewer, loaded, Command::Cancel { reason }, key, now).await
    }

    /// Tries again what an incident stopped.
    pub async fn retry(
        &self,
        viewer: &Viewer,
        instance: &str,
        incident: u32,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let permit = self.permit_mend(viewer, instance).await?;
        let loaded = permit.act().0.clone();
        self.simply(viewer, loaded, Command::Retry { incident: IncidentId(incident) }, key, now).await
    }

    async fn simply(
        &self,
        viewer: &Viewer,
        loaded: Loaded,
        command: Command,
        key: RequestKey,
        now: Instant,
    ) -> Result<Answer, AppError> {
        let actor = Actor::Person(viewer.person().clone());
        self.carry(loaded, &actor, Some(&key), now, |_| {
            let command = command.clone();
            async move { Ok((command, Vec::new())) }
        })
        .await
    }

    /// The engine's command for what a person does, with forms accepted.
    async fn command(
        &self,
        person: &PersonId,
        loaded: &Loaded,
        task: TaskId,
        act: TaskAct,
        now: Instant,
    ) -> Result<(Command, Vec<Change>), AppError> {
        let mut changes =
            vec![Change::DeleteDraft { person: person.clone(), key: crate::drafts::task_key(&loaded.id, task) }];
        self.may_hold(person, loaded, task, act.version(), now)?;
        let command = match act {
            TaskAct::Reject { version, comment } => Command::Reject { task, version, comment },
            TaskAct::Vote { version, ballot, comment, minutes } => {
                Command::Vote { task, version, ballot, comment, minutes }
            }
            TaskAct::Return { version, to, then, comment } => {
                let to = self.target(loaded, task, &to)?;
                Command::Return { task, version, to, then, comment }
            }
            TaskAct::Transfer { version, to, comment } => {
                let to = PersonId::new(to);
                if loaded.around.directory.active(&to).is_none() {
                    return Err(AppError::bad(
                        "no_such_person",
                        "没有这个人，或已离职",
                        "There is no such person, or they have left",
                    ));
                }
                Command::Transfer { task, version, to, comment }
            }
            TaskAct::Approve { version, comment, form } => {
                let form = self.changed_form(person, loaded, task, form, now, &mut changes).await?;
                Command::Approve { task, version, comment, form }
            }
            TaskAct::Resubmit { version, comment, form } => {
                let form = self.changed_form(person, loaded, task, Some(form), now, &mut changes).await?;
                Command::Resubmit { task, version, comment, form: form.unwrap_or_default() }
            }
            TaskAct::Fill { version, comment, form, data } => {
                let form = self.changed_form(person, loaded, task, form, now, &mut changes).await?;
                let value = self.own_form(person, loaded, task, data, now, &mut changes).await?;
                Command::Fill { task, version, comment, form, value }
            }
        };
        Ok((command, changes))
    }

    /// Whether the task is this person's as they have seen it: told before their form is looked at. The engine asks again.
    fn may_hold(
        &self,
        person: &PersonId,
        loaded: &Loaded,
        task: TaskId,
        version: u32,
        now: Instant,
    ) -> Result<(), Refusal> {
        let today = loaded.around.calendar.local_date(now);
        let stands_in =
            |holder: &PersonId| loaded.around.directory.stands_in(person, holder, &loaded.state.flow, today);
        match loaded.state.task(task) {
            Some((_, _, held)) if held.person != *person && !stands_in(&held.person) => Err(Refusal::NotYours),
            Some((_, _, held)) if held.version != version => Err(Refusal::Stale { version: held.version }),
            _ => Ok(()),
        }
    }

    /// The request's form as the holder of a task leaves it; none where nothing was sent and nothing must be.
    async fn changed_form(
        &self,
        person: &PersonId,
        loaded: &Loaded,
        task: TaskId,
        sent: Option<Map<String, Value>>,
        now: Instant,
        changes: &mut Vec<Change>,
    ) -> Result<Option<Map<String, Value>>, AppError> {
        let Some((_, visit, _)) = loaded.state.task(task) else { return Ok(None) };
        let around = &loaded.around;
        let rights = around.rights(&visit.place);
        if sent.is_none() && !around.demands(&visit.place) {
            return Ok(None);
        }
        let form = around.form()?;
        let data = sent.unwrap_or_default();
        let anew = visit.place == Place::Start;
        let sent = Sent { form, before: Some(&loaded.state.form), data: &data, rights: &rights, anew };
        let accepted = self.accept(&loaded.company, person, around, sent, now).await?;
        changes.extend(accepted.attach(&loaded.id));
        Ok(Some(accepted.data))
    }

    /// What was filled into the step's own form; none where the step has none.
    async fn own_form(
        &self,
        person: &PersonId,
        loaded: &Loaded,
        task: TaskId,
        sent: Option<Map<String, Value>>,
        now: Instant,
        changes: &mut Vec<Change>,
    ) -> Result<Option<Value>, AppError> {
        let Some((_, visit, _)) = loaded.state.task(task) else { return Ok(None) };
        let around = &loaded.around;
        let Some(HumanKind::Fill { form: Some(name), .. }) = around.flow.human(&visit.place).map(|human| &human.kind)
        else {
            return Ok(None);
        };
        let form = around.release.form(name).ok_or(Refusal::NoSuchStep { place: visit.place.clone() })?;
        let data = sent.unwrap_or_default();
        let rights = zhupi_forms::Rights::editable();
        let sent = Sent { form, before: None, data: &data, rights: &rights, anew: true };
        let accepted = self.accept(&loaded.company, person, around, sent, now).await?;
        changes.extend(accepted.attach(&loaded.id));
        Ok(Some(Value::Object(accepted.data)))
    }

    fn target(&self, loaded: &Loaded, task: TaskId, to: &str) -> Result<Place, AppError> {
        let (id, visit, _) = loaded.state.task(task).ok_or(Refusal::NoSuchTask)?;
        match to {
            "initiator" => Ok(Place::Start),
            "previous" => Ok(previous(&loaded.around.flow, &loaded.state, id, &visit.place)),
            _ => match to.strip_prefix("step:").and_then(|spot| spot.parse().ok()) {
                Some(spot) => Ok(Place::Step(spot)),
                None => Err(Refusal::NoSuchTarget.into()),
            },
        }
    }

    /// What a substitute is told whose sight has ended with the task: who decided it, as its holder would be told.
    async fn too_late(&self, viewer: &Viewer, id: &str, task: TaskId, now: Instant) -> Result<AppError, AppError> {
        match self.permit_late(viewer, id, task, now).await {
            Ok(permit) => self.who_closed(&permit.act().0, task).await,
            Err(denied) => Ok(denied),
        }
    }

    /// Who closed a task that is no longer open, so that the second of two is told.
    async fn who_closed(&self, loaded: &Loaded, task: TaskId) -> Result<AppError, AppError> {
        let tasks = self.store().tasks_of(&loaded.company, &loaded.id).await?;
        let Some(mine) = tasks.iter().find(|found| found.number == i64::from(task.0)) else {
            return Ok(Refusal::NoSuchTask.into());
        };
        let decided = |found: &&zhupi_store::Task| {
            found.visit == mine.visit
                && found.closed_at == mine.closed_at
                && words::is_own_act(found.outcome.as_deref())
        };
        let decisive = tasks.iter().find(decided).unwrap_or(mine);
        let by = person_of(decisive.acted_by.as_ref().unwrap_or(&decisive.assignee))
            .and_then(|person| loaded.around.directory.people.get(&person).map(|person| person.name.clone()));
        let outcome = words::task_outcome(decisive.outcome.as_deref().unwrap_or("ended"));
        let at = decisive.closed_at.map(|at| loaded.around.calendar.local(at));
        Ok(AppError::TaskClosed { by, outcome, at })
    }
}
