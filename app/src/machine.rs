//! What happens by itself: machine steps, after the commit that asked for them, and timers.

use serde::Deserialize;
use serde_json::{Value, json};
use zhupi_domain::{Instant, Name, Text};
use zhupi_engine::{Actor, Command, Place, Problem, Refusal, Spot, VisitId};
use zhupi_pack::answers::{self, MachineAnswer};
use zhupi_store::{Change, Commit, CommitOutcome, Fact, OutboxMessage, Timer, WritePort};

use crate::arrival;
use crate::commit::timer_of;
use crate::load::Loaded;
use crate::{App, AppError};

/// What a message of the topic `machine` asks for.
#[derive(Deserialize)]
struct Asked {
    visit: VisitId,
    attempt: u32,
}

impl App {
    /// Does the machine step that a message asks for. Doing it twice does it once.
    pub(crate) async fn run_machine(&self, message: &OutboxMessage, now: Instant) -> Result<(), AppError> {
        let asked: Asked = serde_json::from_str(&message.body)
            .map_err(|error| AppError::Internal(format!("message {}: {error}", message.id)))?;
        let instance =
            message.instance.as_ref().ok_or_else(|| AppError::Internal("a machine step of nothing".into()))?;
        let loaded = self.load(&message.company, instance).await?;
        let finish = Change::FinishMessage { id: message.id.clone() };
        let done = self.carry(loaded, &Actor::Machine, None, now, |loaded| {
            let (asked, finish) = (Asked { visit: asked.visit, attempt: asked.attempt }, finish.clone());
            async move {
                let (command, mut changes) = self.machine_command(&loaded, &asked, now).await?;
                changes.push(finish);
                Ok((command, changes))
            }
        });
        match done.await {
            Ok(_) => Ok(()),
            // It was done before, or nobody waits for it any more.
            Err(AppError::Refused(Refusal::NotWaitedFor | Refusal::Ended { .. })) => {
                Ok(self.store().finish_message(&message.company, &message.id).await?)
            }
            Err(error) if error.is_passing() => Err(error),
            Err(error) => self.machine_failed(message, &asked, &error, now).await,
        }
    }

    /// A step that cannot be done for another reason than a passing one is for a person to look at, not to be tried for ever.
    async fn machine_failed(
        &self,
        message: &OutboxMessage,
        asked: &Asked,
        error: &AppError,
        now: Instant,
    ) -> Result<(), AppError> {
        tracing::error!(%error, message = message.id, "a machine step failed");
        let instance =
            message.instance.as_ref().ok_or_else(|| AppError::Internal("a machine step of nothing".into()))?;
        let loaded = self.load(&message.company, instance).await?;
        let told = error.problem().detail;
        let failed = Command::MachineFailed {
            visit: asked.visit,
            attempt: asked.attempt,
            problem: Problem::failed(told.clone()),
            detail: json!({ "message": told }),
        };
        let finish = Change::FinishMessage { id: message.id.clone() };
        let carried = self.carry(loaded, &Actor::Machine, None, now, |_| {
            let (failed, finish) = (failed.clone(), finish.clone());
            async move { Ok((failed, vec![finish])) }
        });
        carried.await.map(drop)
    }

    async fn machine_command(
        &self,
        loaded: &Loaded,
        asked: &Asked,
        now: Instant,
    ) -> Result<(Command, Vec<Change>), AppError> {
        let (visit, attempt) = (asked.visit, asked.attempt);
        let Some(Place::Step(step)) = loaded.state.visits.get(&visit).map(|visit| visit.place.clone()) else {
            return Err(Refusal::NotWaitedFor.into());
        };
        let around = &loaded.around;
        let wanted = answers::machine_inputs(&around.release, &loaded.state, &step, &around.world(now));
        let found = self.find(&loaded.company, &wanted).await?;
        let (around, state, step_name) = (loaded.around.clone(), loaded.state.clone(), step.clone());
        let answer = tokio::task::spawn_blocking(move || {
            answers::run_machine(&around.release, &state, &step, &around.world(now), &found)
        })
        .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => MachineAnswer::Failed {
                problem: Problem::failed(Text::new("程序内部出错", "an error inside the program")),
                detail: json!({ "panic": error.to_string() }),
            },
        };
        Ok(match answer {
            MachineAnswer::Failed { problem, detail } => {
                (Command::MachineFailed { visit, attempt, problem, detail }, Vec::new())
            }
            MachineAnswer::Policy { value, detail } => {
                (Command::MachineDone { visit, attempt, value, detail }, Vec::new())
            }
            MachineAnswer::Archive { value } => {
                (Command::MachineDone { visit, attempt, value, detail: Value::Null }, Vec::new())
            }
            MachineAnswer::Record { fact: kind, body, keys, value } => {
                let (id, replaces) = self.fact_id(loaded, &kind, &step_name).await?;
                let fact = Fact {
                    kind,
                    id,
                    body: body.to_string(),
                    recorded_at: now,
                    recorded_by: "machine".into(),
                    instance: Some(loaded.id.clone()),
                    replaces,
                };
                let mut changes = arrival::messages(&loaded.company, &[&fact], now)?;
                changes.push(Change::RecordFact { fact, keys: keys.into_iter().collect() });
                (Command::MachineDone { visit, attempt, value, detail: Value::Null }, changes)
            }
        })
    }

    /// The id of what a step records, and of what it recorded before a return, which the new one replaces.
    async fn fact_id(&self, loaded: &Loaded, kind: &Name, step: &Spot) -> Result<(String, Option<String>), AppError> {
        let id = |time: u32| format!("{}/{step}/{time}", loaded.id);
        let mut time = 1;
        while self.store().fact(&loaded.company, kind, &id(time)).await?.is_some() {
            time += 1;
        }
        Ok((id(time), (time > 1).then(|| id(time - 1))))
    }

    /// Lets a timer go off that is due. It goes off once: the commit deletes its row.
    ///
    /// One that is not due yet waits on, one that nobody waits for goes.
    /// One that cannot go off for another reason than a passing one is put off, so that it does not hold up the others.
    pub async fn fire_timer(&self, timer: &Timer, now: Instant) -> Result<(), AppError> {
        let (visit, number) =
            timer_of(timer.number).ok_or_else(|| AppError::Internal(format!("timer {}", timer.number)))?;
        let command = Command::TimerFired { visit, timer: number };
        let fired = match self.load(&timer.company, &timer.instance).await {
            Ok(loaded) => {
                let make = |_| std::future::ready(Ok((command.clone(), Vec::new())));
                self.carry(loaded, &Actor::Timer, None, now, make).await
            }
            Err(error) => Err(error),
        };
        match fired {
            Ok(_) => Ok(()),
            Err(AppError::Refused(Refusal::NotWaitedFor | Refusal::Ended { .. })) => {
                let waited_for = self.waited_for(timer, visit, number).await?;
                self.move_timer(timer, waited_for).await
            }
            Err(error) if error.is_passing() => Err(error),
            Err(error) => {
                self.move_timer(timer, Some(now.plus_seconds(PUT_OFF))).await?;
                Err(error)
            }
        }
    }

    /// When a timer is due that its instance still waits for: a clock that was set back let its row go off too early.
    async fn waited_for(&self, timer: &Timer, visit: VisitId, number: u32) -> Result<Option<Instant>, AppError> {
        let loaded = self.load(&timer.company, &timer.instance).await?;
        let timers = loaded.state.visits.get(&visit).map(|visit| visit.timers.as_slice()).unwrap_or_default();
        Ok(timers.iter().find(|waited| waited.number == number).map(|waited| waited.at))
    }

    /// Puts a timer's row off, or away.
    async fn move_timer(&self, timer: &Timer, to: Option<Instant>) -> Result<(), AppError> {
        let mut commit = Commit::new(timer.company.clone());
        commit.changes.push(Change::DropTimer { instance: timer.instance.clone(), timer: timer.number });
        commit.changes.extend(to.map(|due_at| Change::ArmTimer(Timer { due_at, ..timer.clone() })));
        match self.store().commit(commit).await {
            // Gone: it went off or was dropped by somebody else meanwhile.
            CommitOutcome::Committed(_) | CommitOutcome::Conflict(_) => Ok(()),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            CommitOutcome::Duplicate(_) | CommitOutcome::KeyReused | CommitOutcome::Unknown => Err(AppError::Unknown),
        }
    }
}

/// For how long a timer that cannot go off is put off, in seconds.
const PUT_OFF: i64 = 3_600;
