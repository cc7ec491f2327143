//! Proves that what the product works with is what the events say: the state of every request, the tasks, timers and
//! incidents that are open on it, and what it moved on accounts. Whether the events are those that were written, the store
//! proves.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{CompanyId, InstanceId, Text};
use zhupi_engine::{Instance, Place};
use zhupi_store::{InstanceSummary, Stream, TaskStatus};

mod facts;
mod moves;

use crate::commit::{place_code, queued, status_code, timer_number};
use crate::history::{HistoryError, person_key};
use crate::load::FORMAT;
use crate::permit::Denied;
use crate::stood_in::StoodIn;
use crate::{App, AppError};
use facts::Evidence;
pub(crate) use facts::digest;
use moves::Ledger;

/// What was found of the requests of one company.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Requests whose events were replayed and compared.
    pub instances: u64,
    /// Requests that cannot be replayed any more, because payloads of theirs were erased by a rule.
    pub erased: u64,
    pub unlike: Vec<Unlike>,
    /// How many more there were than are listed.
    pub more_unlike: u64,
}

/// Something that is not as the events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlike {
    /// Such as `instance 0190…` or `facts commission 2026-03-01T…`.
    pub place: String,
    pub what: What,
}

/// What is not as the events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// There are events and no row.
    Missing,
    /// There is a row and no event.
    NoEvents,
    /// The events cannot be read or do not make a request.
    Unreadable(String),
    State,
    /// Status, people, number or release, as lists show them.
    Summary,
    Tasks,
    Substitutes,
    Timers,
    Incidents,
    /// What it moved on this balance.
    Moves {
        account: String,
        key: String,
    },
    Facts,
}

impl What {
    /// For people to read.
    pub fn text(&self) -> Text {
        match self {
            Self::Missing => Text::new("有事件，没有申请", "has events and is not there"),
            Self::NoEvents => Text::new("没有事件", "has no events"),
            Self::Unreadable(why) => Text::new(format!("事件无法重放：{why}"), format!("cannot be replayed: {why}")),
            Self::State => Text::new("状态与事件不符", "its state is not what its events say"),
            Self::Summary => Text::new("列表中的信息与事件不符", "what lists show of it is not what its events say"),
            Self::Tasks => Text::new("待办与事件不符", "its open tasks are not those that its events say"),
            Self::Substitutes => {
                Text::new("代办人与事件不符", "who did a task for somebody else is not who its events say")
            }
            Self::Timers => Text::new("定时与事件不符", "its timers are not those that its events say"),
            Self::Facts => Text::new("业务记录与事件不符", "its facts are not those that the events say"),
            Self::Moves { account, key } => Text::new(
                format!("在账户 {account}/{key} 上的收支与事件不符"),
                format!("what it moved on the balance {account}/{key} is not what its events say"),
            ),
            Self::Incidents => Text::new("异常与事件不符", "its open incidents are not those that its events say"),
        }
    }
}

impl Replayed {
    fn add(&mut self, place: String, what: What) {
        if self.unlike.len() < MOST {
            self.unlike.push(Unlike { place, what });
        } else {
            self.more_unlike += 1;
        }
    }
}

/// The most findings that are kept.
const MOST: usize = 1_000;
/// How often a request is looked at again that others act on meanwhile.
const ROUNDS: usize = 5;

impl App {
    /// Replays every request of a company and compares; also while others act.
    pub async fn verify(&self, company: &CompanyId) -> Result<Replayed, AppError> {
        let (mut found, mut evidence, mut after) = (Replayed::default(), Evidence::default(), None);
        self.hear_imports(company, &mut evidence).await?;
        loop {
            let page = self.store().instances_named(company, after.as_ref(), zhupi_store::MAX_PAGE).await?;
            for instance in page.items {
                self.verify_one(company, instance, &mut found, &mut evidence).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        for place in self.facts_unlike(company, evidence).await? {
            found.add(place, What::Facts);
        }
        Ok(found)
    }

    async fn verify_one(
        &self,
        company: &CompanyId,
        instance: InstanceId,
        found: &mut Replayed,
        evidence: &mut Evidence,
    ) -> Result<(), AppError> {
        let mut unlike = Vec::new();
        for _ in 0..ROUNDS {
            let before = self.last_event(company, &instance).await?;
            let (mut state, mut stood_in, mut ledger) = (None, StoodIn::default(), Ledger::default());
            evidence.forget(&instance);
            let heard = self.each_event(company, &instance, |event| {
                evidence.hear(&instance, &event);
                stood_in.hear(&event);
                state = zhupi_engine::apply(state.take(), &event);
                state.iter().for_each(|state| ledger.hear(&event, state));
            });
            unlike = match heard.await.and_then(|()| state.ok_or(AppError::Denied(Denied::NotFound))) {
                Ok(state) => {
                    let mut unlike = self.differences(company, &instance, (&state, &stood_in), before).await?;
                    let moves = self.moves_unlike(company, &instance, ledger).await?;
                    unlike.extend(moves.into_iter().map(|(account, key)| What::Moves { account, key }));
                    unlike
                }
                Err(AppError::History(HistoryError::Erased { .. })) => {
                    found.erased += 1;
                    evidence.unknown(instance);
                    return Ok(());
                }
                Err(AppError::Denied(_)) => vec![What::NoEvents],
                Err(AppError::History(error)) => vec![What::Unreadable(error.to_string())],
                Err(error) => return Err(error),
            };
            if unlike.is_empty() || self.last_event(company, &instance).await? == before {
                break;
            }
        }
        found.instances += 1;
        for what in unlike {
            found.add(format!("instance {instance}"), what);
        }
        Ok(())
    }

    async fn last_event(&self, company: &CompanyId, instance: &InstanceId) -> Result<i64, AppError> {
        Ok(self.store().head(company, &Stream::Instance(instance.clone())).await?.0)
    }

    async fn differences(
        &self,
        company: &CompanyId,
        id: &InstanceId,
        (state, stood_in): (&Instance, &StoodIn),
        last: i64,
    ) -> Result<Vec<What>, AppError> {
        let Some(stored) = self.store().instance(company, id).await? else { return Ok(vec![What::Missing]) };
        let cached = serde_json::from_str::<Instance>(&stored.state).ok();
        let mut found = Vec::new();
        // A state of another form is not used: it is folded anew.
        if stored.format == FORMAT && cached.as_ref() != Some(state) {
            found.push(What::State);
        }
        if !is_of(&stored.summary, state) || stored.summary.version != last {
            found.push(What::Summary);
        }
        let tasks = self.store().tasks_of(company, id).await?;
        let done = tasks.iter().filter_map(|task| Some((task.number, task.acted_by.clone()?)));
        if done.collect::<BTreeMap<_, _>>() != stood_in.done {
            found.push(What::Substitutes);
        }
        let open = tasks.into_iter().filter(|task| task.status == TaskStatus::Open);
        let open: BTreeSet<_> =
            open.map(|task| (task.number, task.visit, task.step, task.assignee, task.version, task.queued)).collect();
        if open != tasks_said(state) {
            found.push(What::Tasks);
        }
        let timers = self.store().timers_of(company, id).await?;
        if timers.iter().map(|timer| timer.number).collect::<BTreeSet<_>>() != timers_said(state) {
            found.push(What::Timers);
        }
        let incidents = self.store().incidents_of(company, id).await?;
        let open = incidents.iter().filter(|incident| incident.closed_at.is_none()).map(|incident| incident.number);
        if open.collect::<BTreeSet<_>>() != state.incidents.keys().map(|id| i64::from(id.0)).collect() {
            found.push(What::Incidents);
        }
        Ok(found)
    }
}

fn is_of(summary: &InstanceSummary, state: &Instance) -> bool {
    let subject = (state.subject != state.initiator).then(|| state.subject.to_string());
    summary.flow == state.flow.as_str()
        && summary.release == state.release
        && summary.number.as_deref() == Some(state.number.as_str())
        && summary.status == status_code(&state.status)
        && summary.initiator == state.initiator.as_str()
        && summary.subject == subject
        && summary.ended_at == state.ended_at
}

fn tasks_said(state: &Instance) -> BTreeSet<(i64, i64, String, String, i64, Vec<String>)> {
    let said = state.tasks().map(|(visit, task, of, held)| {
        let step: &Place = &of.place;
        let assignee = person_key(&held.person);
        (i64::from(task.0), i64::from(visit.0), place_code(step), assignee, i64::from(held.version), queued(of))
    });
    said.collect()
}

fn timers_said(state: &Instance) -> BTreeSet<i64> {
    let visits = state.visits.iter();
    visits.flat_map(|(id, visit)| visit.timers.iter().map(|timer| timer_number(*id, timer.number))).collect()
}
