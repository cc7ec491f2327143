//! Facts that arrive: what they start, and what they put an end to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use zhupi_domain::{CompanyId, InstanceId, Instant, Name, Text};
use zhupi_engine::{Actor, Command, Refusal};
use zhupi_pack::{Item, Start, StartRule};
use zhupi_store::{Change, Fact, InstanceFilter, OutboxMessage, Scope};

use crate::carry::RequestKey;
use crate::errand::{errand, told};
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
pub(crate) struct Arrived {
    pub kind: Name,
    facts: Vec<String>,
    phase: Phase,
}

/// First what they end, then what they start: what cannot be started keeps nothing from ending.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    #[default]
    Stop,
    /// It goes on with this flow, after this request.
    StopOn {
        flow: String,
        after: Option<InstanceId>,
    },
    Start,
}

/// The messages that go with facts that are recorded.
pub(crate) fn messages(company: &CompanyId, facts: &[&Fact], now: Instant) -> Result<Vec<Change>, AppError> {
    let mut kinds: BTreeMap<&Name, Vec<String>> = BTreeMap::new();
    facts.iter().for_each(|fact| kinds.entry(&fact.kind).or_default().push(fact.id.clone()));
    let messages = kinds.into_iter().flat_map(|(kind, facts)| {
        let arrived = |facts: &[String]| Arrived { kind: kind.clone(), facts: facts.to_vec(), phase: Phase::Stop };
        facts.chunks(AT_ONCE).map(arrived).collect::<Vec<_>>()
    });
    messages.map(|message| message.message(company, now)).collect()
}

impl Arrived {
    fn message(&self, company: &CompanyId, now: Instant) -> Result<Change, AppError> {
        let (kind, first) = (&self.kind, self.facts.first().map(String::as_str).unwrap_or_default());
        let phase = match &self.phase {
            Phase::Stop => String::new(),
            Phase::StopOn { flow, after } => format!("/stop/{flow}/{}", after.as_ref().map_or("", |id| id.as_str())),
            Phase::Start => "/start".to_owned(),
        };
        errand(company, ARRIVED, &format!("{kind}/{first}{phase}"), self, now)
    }
}

impl App {
    /// Ends what arrived facts end, and starts what they start, each once. Doing it twice does it once; what cannot be started is
    /// tried again, and shown to whoever looks after the company when that does not help.
    pub(crate) async fn arrived(&self, message: &OutboxMessage, now: Instant) -> Result<(), AppError> {
        let company = &message.company;
        let arrived: Arrived = told(message)?;
        let facts = self.arrived_facts(company, &arrived).await?;
        let next = match &arrived.phase {
            Phase::Stop => self.stop_some(company, &arrived.kind, &facts, None, now).await?,
            Phase::StopOn { flow, after } => {
                self.stop_some(company, &arrived.kind, &facts, Some((flow, after.clone())), now).await?
            }
            Phase::Start => {
                self.start_arrived(company, &arrived.kind, &facts, now).await?;
                None
            }
        };
        let next = next.map(|phase| Arrived { phase, ..arrived.clone() }.message(company, now)).transpose()?;
        self.go_on(message, next).await
    }

    /// The facts that a message names.
    async fn arrived_facts(&self, company: &CompanyId, arrived: &Arrived) -> Result<Vec<Fact>, AppError> {
        let mut facts = Vec::new();
        for id in &arrived.facts {
            facts.extend(self.store().fact(company, &arrived.kind, id).await?);
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
        let mut failed = Ok(());
        for (flow, starts) in release.starts() {
            let rules: Vec<&StartRule> = starts.rules.iter().filter(|rule| rule.listens_to(kind)).collect();
            if rules.is_empty() {
                continue;
            }
            let around = self.around(company, release.clone(), flow.as_str()).await?;
            for rule in rules {
                let started = self.start_by(company, &around, rule, facts, now).await;
                if let Err(error) = started {
                    tracing::error!(%company, %flow, %error, "a fact could not start its request");
                    failed = failed.and(Err(error));
                }
            }
        }
        failed
    }

    /// Starts what facts start by one rule; every fact is tried.
    async fn start_by(
        &self,
        company: &CompanyId,
        around: &Around,
        rule: &StartRule,
        facts: &[Fact],
        now: Instant,
    ) -> Result<(), AppError> {
        let key = rule.of.as_ref().and_then(|kind| around.release.fact(kind)).map(|form| form.key());
        let (mut wanted, mut failed) = (Vec::new(), Ok(()));
        for fact in facts {
            let today = around.calendar.local_date(fact.recorded_at);
            let due = Due { company, around, rule, on: today, today, at: fact.recorded_at };
            let start = record(fact, key.unwrap_or_default()).and_then(|item| {
                due.wanted(Some(&item)).map_err(|error| AppError::Internal(format!("fact {}: {error}", fact.id)))
            });
            match start {
                Ok(start) => wanted.extend(start.map(|(key, start)| (due, key, start))),
                Err(error) => failed = failed.and(Err(error)),
            }
        }
        let first = self.first_of_keys(&wanted).await?;
        for (due, key, start) in wanted {
            let id = due.id(&key, first.get(&key).copied().unwrap_or(due.at));
            failed = failed.and(self.start_one(&due, start, id, now).await.map(drop));
        }
        failed
    }

    /// When the first record was recorded that starts the same, where that is started once: the request has that time.
    async fn first_of_keys(&self, wanted: &[(Due<'_>, String, Start)]) -> Result<BTreeMap<String, Instant>, AppError> {
        let mut first = BTreeMap::new();
        let Some((due, ..)) = wanted.first() else { return Ok(first) };
        let (false, Some(kind)) = (due.rule.once.is_empty(), &due.rule.of) else { return Ok(first) };
        let keys: BTreeSet<&String> = wanted.iter().map(|(_, key, _)| key).collect();
        self.each_record(due, kind, |item| {
            if let Ok(key) = due.rule.key(&due.occasion(), Some(&item))
                && keys.contains(&key)
            {
                let first = first.entry(key).or_insert(item.recorded_at);
                *first = item.recorded_at.min(*first);
            }
        })
        .await?;
        Ok(first)
    }

    /// Looks at some running requests of the flows that these facts may end; answers what comes next.
    async fn stop_some(
        &self,
        company: &CompanyId,
        kind: &Name,
        facts: &[Fact],
        from: Option<(&String, Option<InstanceId>)>,
        now: Instant,
    ) -> Result<Option<Phase>, AppError> {
        let flows = self.flows_that_stop(company, kind).await?;
        let (from, after) = from.map_or((None, None), |(flow, after)| (Some(flow), after));
        let Some(flow) = flows.iter().find(|flow| from.is_none_or(|from| *flow >= from)) else {
            return self.start_next(company, kind).await;
        };
        let after = after.filter(|_| from == Some(flow));
        let scope = Scope::of(company.clone()).reader(AUDIT_KEY);
        let running =
            InstanceFilter { status: Some("running".into()), flow: Some(flow.clone()), ..InstanceFilter::default() };
        let page = self.store().instances(&scope, &running, after.as_ref(), AT_ONCE).await?;
        for instance in &page.items {
            match self.stop_one(company, &instance.id, kind, facts, now).await {
                Err(error) if error.is_passing() => return Err(error),
                Err(error) => tracing::error!(%company, instance = %instance.id, %error, "a fact could not end it"),
                Ok(()) => {}
            }
        }
        let next = |flow: &String, after| Some(Phase::StopOn { flow: flow.clone(), after });
        match (page.next, flows.iter().find(|other| *other > flow)) {
            (Some(after), _) => Ok(next(flow, Some(after))),
            (None, Some(other)) => Ok(next(other, None)),
            (None, None) => self.start_next(company, kind).await,
        }
    }

    /// Whether anything starts by facts of a kind.
    async fn start_next(&self, company: &CompanyId, kind: &Name) -> Result<Option<Phase>, AppError> {
        let release = self.current_release(company).await?;
        let listens = release.is_some_and(|release| {
            release.starts().values().flat_map(|starts| &starts.rules).any(|rule| rule.listens_to(kind))
        });
        Ok(listens.then_some(Phase::Start))
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
