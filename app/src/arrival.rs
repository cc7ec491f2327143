//! Facts that arrive: what they start, and what they put an end to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use zhupi_domain::{CompanyId, InstanceId, Instant, Name, Text};
use zhupi_engine::{Actor, Command, Refusal};
use zhupi_pack::{Item, StartRule};
use zhupi_store::{
    Change, Commit, CommitOutcome, Conflict, Fact, InstanceFilter, OutboxMessage, OutboxState, Scope, WritePort,
};

use crate::carry::RequestKey;
use crate::load::Around;
use crate::permit::AUDIT_KEY;
use crate::start::{Due, item as record};
use crate::{App, AppError};

/// Topic of the messages that say which facts arrived.
pub const ARRIVED: &str = "arrived";
/// Facts of one message, and requests that one message looks at: the lane is shared with what others wait for.
const AT_ONCE: usize = 100;

/// What a message of that topic says.
#[derive(Clone, Serialize, Deserialize)]
struct Arrived {
    kind: Name,
    facts: Vec<String>,
    /// Where it goes on looking for what the facts end; none: it has not begun, and starts what they start first.
    #[serde(default)]
    stopping: Option<Stopping>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Stopping {
    flow: String,
    after: Option<InstanceId>,
}

/// The messages that go with facts that are recorded.
pub(crate) fn messages(company: &CompanyId, facts: &[&Fact], now: Instant) -> Result<Vec<Change>, AppError> {
    let mut kinds: BTreeMap<&Name, Vec<String>> = BTreeMap::new();
    facts.iter().for_each(|fact| kinds.entry(&fact.kind).or_default().push(fact.id.clone()));
    let messages = kinds.into_iter().flat_map(|(kind, facts)| {
        let arrived = |facts: &[String]| Arrived { kind: kind.clone(), facts: facts.to_vec(), stopping: None };
        facts.chunks(AT_ONCE).map(arrived).collect::<Vec<_>>()
    });
    messages.map(|message| message.message(company, now)).collect()
}

impl Arrived {
    fn message(&self, company: &CompanyId, now: Instant) -> Result<Change, AppError> {
        let (kind, first) = (&self.kind, self.facts.first().map(String::as_str).unwrap_or_default());
        let at = match &self.stopping {
            None => String::new(),
            Some(Stopping { flow, after }) => format!("/{flow}/{}", after.as_ref().map_or("", |after| after.as_str())),
        };
        Ok(Change::Enqueue(OutboxMessage {
            company: company.clone(),
            id: format!("{ARRIVED}/{kind}/{first}{at}"),
            topic: ARRIVED.into(),
            instance: None,
            body: serde_json::to_string(self).map_err(|error| AppError::Internal(error.to_string()))?,
            attempts: 0,
            due_at: now,
            state: OutboxState::Pending,
            last_error: None,
        }))
    }
}

impl App {
    /// Starts what arrived facts start, each once, and ends what they end. Doing it twice does it once; what cannot be started is
    /// tried again, and shown to whoever looks after the company when that does not help.
    pub async fn arrived(&self, message: &OutboxMessage, now: Instant) -> Result<(), AppError> {
        let company = &message.company;
        let told: Arrived = serde_json::from_str(&message.body)
            .map_err(|error| AppError::Internal(format!("message {}: {error}", message.id)))?;
        let facts = self.arrived_facts(company, &told).await?;
        if told.stopping.is_none() {
            self.start_arrived(company, &told.kind, &facts, now).await?;
        }
        let next = self.stop_some(company, &told, &facts, now).await?;
        let mut commit = Commit::new(company.clone());
        commit.changes.push(Change::FinishMessage { id: message.id.clone() });
        if let Some(stopping) = next {
            commit.changes.push(Arrived { stopping: Some(stopping), ..told }.message(company, now)?);
        }
        match self.store().commit(commit).await {
            CommitOutcome::Committed(_) | CommitOutcome::Conflict(Conflict::MessageGone { .. }) => Ok(()),
            CommitOutcome::Unavailable(error) => Err(error.into()),
            other => Err(AppError::Internal(format!("message {}: {other:?}", message.id))),
        }
    }

    /// The facts that a message names.
    async fn arrived_facts(&self, company: &CompanyId, told: &Arrived) -> Result<Vec<Fact>, AppError> {
        let mut facts = Vec::new();
        for id in &told.facts {
            facts.extend(self.store().fact(company, &told.kind, id).await?);
        }
        Ok(facts)
    }

    /// Every fact is tried; the first that could not start something is told.
    async fn start_arrived(
        &self,
        company: &CompanyId,
        kind: &Name,
        facts: &[Fact],
        now: Instant,
    ) -> Result<(), AppError> {
        let Some(release) = self.current_release(company).await? else { return Ok(()) };
        let key = release.fact(kind).map(|form| form.key()).unwrap_or_default();
        let mut failed = Ok(());
        for (flow, starts) in release.starts() {
            let rules: Vec<&StartRule> = starts.rules.iter().filter(|rule| rule.listens_to(kind)).collect();
            if rules.is_empty() {
                continue;
            }
            let around = self.around(company, release.clone(), flow.as_str()).await?;
            for rule in rules {
                for fact in facts {
                    let started = match record(fact, key) {
                        Ok(item) => self.start_one_arrived(company, &around, rule, &item, now).await,
                        Err(error) => Err(error),
                    };
                    if let Err(error) = started {
                        tracing::error!(%company, %flow, fact = fact.id, %error, "a fact could not start its request");
                        failed = failed.and(Err(error));
                    }
                }
            }
        }
        failed
    }

    async fn start_one_arrived(
        &self,
        company: &CompanyId,
        around: &Around,
        rule: &StartRule,
        item: &Item,
        now: Instant,
    ) -> Result<(), AppError> {
        let today = around.calendar.local_date(item.recorded_at);
        let due = Due { company, around, rule, on: today, today, at: item.recorded_at };
        let key = rule.key(&due.occasion(), Some(item)).map_err(|error| AppError::Internal(error.to_string()))?;
        let at = match (&rule.once, &rule.of) {
            (Some(_), Some(kind)) => self.first_of_key(&due, kind, &key).await?.unwrap_or(item.recorded_at),
            _ => item.recorded_at,
        };
        self.start_one(&due, Some(item), due.id(&key, at), now).await.map(drop)
    }

    /// When the first record that starts the same was recorded: its request has that time.
    async fn first_of_key(&self, due: &Due<'_>, kind: &Name, key: &str) -> Result<Option<Instant>, AppError> {
        let records = self.records(due, kind).await?;
        let same = |item: &&Item| due.rule.key(&due.occasion(), Some(item)).is_ok_and(|other| other == key);
        Ok(records.iter().find(same).map(|item| item.recorded_at))
    }

    /// Looks at some running requests of the flows that these facts may end; answers where to go on.
    async fn stop_some(
        &self,
        company: &CompanyId,
        told: &Arrived,
        facts: &[Fact],
        now: Instant,
    ) -> Result<Option<Stopping>, AppError> {
        let flows = self.flows_that_stop(company, &told.kind).await?;
        let from = told.stopping.as_ref().map_or("", |stopping| stopping.flow.as_str());
        let Some(flow) = flows.iter().find(|flow| flow.as_str() >= from) else { return Ok(None) };
        let after = told.stopping.as_ref().filter(|stopping| stopping.flow == *flow).and_then(|s| s.after.clone());
        let scope = Scope::of(company.clone()).reader(AUDIT_KEY);
        let running =
            InstanceFilter { status: Some("running".into()), flow: Some(flow.clone()), ..InstanceFilter::default() };
        let page = self.store().instances(&scope, &running, after.as_ref(), AT_ONCE).await?;
        for instance in &page.items {
            match self.stop_one(company, &instance.id, &told.kind, facts, now).await {
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => tracing::error!(%company, instance = %instance.id, %error, "a fact could not end it"),
                Ok(()) => {}
            }
        }
        Ok(match page.next {
            Some(after) => Some(Stopping { flow: flow.clone(), after: Some(after) }),
            None => flows.iter().find(|next| *next > flow).map(|next| Stopping { flow: next.clone(), after: None }),
        })
    }

    /// The flows of all releases that something runs on, by name, which a fact of this kind may end.
    async fn flows_that_stop(&self, company: &CompanyId, kind: &Name) -> Result<BTreeSet<String>, AppError> {
        let mut flows = BTreeSet::new();
        for hash in self.store().releases_in_use(company).await? {
            let release = self.cache().release(self.store(), company, hash).await?;
            let stopped =
                release.starts().iter().filter(|(_, starts)| starts.stops.iter().any(|stop| stop.of == *kind));
            flows.extend(stopped.map(|(flow, _)| flow.to_string()));
        }
        Ok(flows)
    }

    /// Ends a request where its own release says that one of these facts does.
    async fn stop_one(
        &self,
        company: &CompanyId,
        id: &InstanceId,
        kind: &Name,
        facts: &[Fact],
        now: Instant,
    ) -> Result<(), AppError> {
        let loaded = self.load(company, id).await?;
        let release = loaded.around.release.clone();
        let key = release.fact(kind).map(|form| form.key()).unwrap_or_default();
        let items = facts.iter().map(|fact| record(fact, key)).collect::<Result<Vec<_>, _>>()?;
        let no_key: Option<&RequestKey> = None;
        let carried = self.carry(loaded, &Actor::Machine, no_key, now, |loaded| {
            let (around, state) = (&loaded.around, &loaded.state);
            let world = around.world(now);
            let stops = around.release.starts().get(&around.flow.name).map(|starts| starts.stops.as_slice());
            let reason = stops.unwrap_or_default().iter().filter(|stop| stop.of == *kind).find_map(|stop| {
                let holds = |item: &Item| stop.holds(&around.release, &around.flow, state, item, &world);
                items.iter().find_map(|item| match holds(item) {
                    Ok(true) => Some(Ok(both(&stop.reason))),
                    Ok(false) => None,
                    Err(error) => Some(Err(AppError::Internal(error.zh))),
                })
            });
            async move {
                match reason {
                    Some(reason) => Ok((Command::Cancel { reason: reason? }, Vec::new())),
                    None => Err(Refusal::NotWaitedFor.into()),
                }
            }
        });
        match carried.await {
            Err(AppError::Refused(Refusal::NotWaitedFor | Refusal::Ended { .. })) => Ok(()),
            other => other.map(drop),
        }
    }
}

/// A reason that is kept for readers of either language.
fn both(reason: &Text) -> String {
    match &reason.en {
        Some(en) => format!("{}（{en}）", reason.zh),
        None => reason.zh.clone(),
    }
}
