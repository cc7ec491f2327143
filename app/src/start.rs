//! Requests that the calendar starts: each exactly once, also after a long downtime and with many servers.
//!
//! Nothing is kept to know what was started: the id of the request is made of what started it, and a stream begins once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use zhupi_domain::calendar::CalendarError;
use zhupi_domain::{CompanyId, ContentHash, InstanceId, Instant, Name};
use zhupi_engine::{Actor, Place};
use zhupi_pack::{Item, Occasion, Start, StartError, StartRule};
use zhupi_store::{CurrentRelease, Fact, Scope};

use crate::find::body;
use crate::forms::{AcceptedForm, Sent};
use crate::load::Around;
use crate::submit::New;
use crate::{App, AppError};

/// How far back it is looked for days that came round while nothing ran, in seconds.
const LOOK_BACK_SECONDS: i64 = 62 * 24 * 3600;
/// How many releases of a company are asked what they would have started.
const MAX_RELEASES: usize = 200;

/// What came of looking for days that came round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Started {
    pub started: usize,
    /// What could not be started now and is tried again.
    pub failed: usize,
    /// Years that the calendar does not know: what may come round in them is looked for again once it does.
    pub unknown: BTreeSet<i32>,
}

/// One day that came round for one rule, or one fact that arrived.
pub(crate) struct Due<'a> {
    pub company: &'a CompanyId,
    pub around: &'a Around,
    pub rule: &'a StartRule,
    pub on: NaiveDate,
    pub today: NaiveDate,
    /// The day that the rule names, whatever the calendar makes of it: it never changes. Of a fact, when it was recorded.
    pub at: Instant,
}

impl Due<'_> {
    pub fn occasion(&self) -> Occasion<'_> {
        let Around { release, flow, calendar, .. } = self.around;
        Occasion { flow, release, calendar, on: self.on, today: self.today }
    }

    /// What a record starts, or (without a kind of facts) what the day does.
    pub fn wanted(&self, item: Option<&Item>) -> Wanted {
        let key = self.rule.key(&self.occasion(), item)?;
        let start = self.rule.start(&self.occasion(), item, &self.around.directory)?;
        Ok(start.map(|start| (key, start)))
    }

    pub fn id(&self, key: &str, at: Instant) -> InstanceId {
        id_of(self.company, &self.around.flow.name, key, at)
    }
}

impl App {
    /// Starts what the calendar says between two moments; `after` is where the last look ended, none for a first look.
    ///
    /// Whether a day counted is what the release says that was in force then; what is started runs on the release of now.
    pub async fn start_due(
        &self,
        company: &CompanyId,
        after: Option<Instant>,
        now: Instant,
    ) -> Result<Started, AppError> {
        let after = after.unwrap_or_else(|| now.plus_seconds(-LOOK_BACK_SECONDS));
        let mut done = Started::default();
        let Some(current) = self.current_release(company).await? else { return Ok(done) };
        for (hash, from, until) in self.in_force(company, after, now).await? {
            let release = self.cache().release(self.store(), company, hash).await?;
            for (flow, starts) in release.starts().iter().filter(|(_, starts)| !starts.rules.is_empty()) {
                if current.flow(flow).is_none() {
                    continue;
                }
                let around = self.around(company, current.clone(), flow.as_str()).await?;
                for rule in &starts.rules {
                    for day in rule.occurrences(&around.calendar, from, until) {
                        let (on, came) = match day {
                            Ok(day) => day,
                            Err(error) => {
                                tracing::error!(%company, %flow, %error, "the calendar does not say when it starts");
                                match error {
                                    CalendarError::NoCalendarData { year } => drop(done.unknown.insert(year)),
                                    CalendarError::OutOfRange => done.failed += 1,
                                }
                                continue;
                            }
                        };
                        let today = around.calendar.local_date(came);
                        let named = around.calendar.at(rule.named_day(on), NaiveTime::MIN);
                        let at = named.map_err(|error| AppError::Internal(error.to_string()))?;
                        let due = Due { company, around: &around, rule, on, today, at };
                        match self.start_all(&due, now, &mut done).await {
                            Err(error) if error.is_passing() => return Err(error),
                            Err(error) => {
                                tracing::error!(%company, %flow, %error, "nothing of a rule could be started");
                                done.failed += 1;
                            }
                            Ok(()) => {}
                        }
                    }
                }
            }
        }
        Ok(done)
    }

    /// Which release was in force when, between two moments; the earliest first.
    async fn in_force(
        &self,
        company: &CompanyId,
        after: Instant,
        now: Instant,
    ) -> Result<Vec<(zhupi_domain::ReleaseHash, Instant, Instant)>, AppError> {
        let scope = Scope::of(company.clone());
        let mut history: Vec<CurrentRelease> = Vec::new();
        let mut before = None;
        while history.last().is_none_or(|last| last.at > after) && history.len() < MAX_RELEASES {
            let page = self.store().release_history(&scope, before, zhupi_store::MAX_PAGE).await?;
            history.extend(page.items);
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        let mut until = now;
        let mut spans = Vec::new();
        for release in history {
            let from = release.at.max(after);
            if from < until {
                spans.push((release.hash, from, until));
            }
            until = release.at;
            if until <= after {
                break;
            }
        }
        spans.reverse();
        Ok(spans)
    }

    /// Starts one request, or one for each record that the rule is about.
    async fn start_all(&self, due: &Due<'_>, now: Instant, done: &mut Started) -> Result<(), AppError> {
        let mut wanted = Vec::new();
        match &due.rule.of {
            None => wanted.push(due.wanted(None).map(|start| start.map(|(key, start)| (due.id(&key, due.at), start)))),
            Some(kind) => {
                let mut records = Records::default();
                self.each_record(due, kind, |item| records.hear(due, &item)).await?;
                let Records { newest, first } = records;
                let mut newest: Vec<_> = newest.into_values().collect();
                newest.sort_by(|one, other| one.0.cmp(&other.0));
                // What starts once has the time of the record that was first to say so, the others that of the day.
                let id = |key: &str| due.id(key, first.get(key).copied().unwrap_or(due.at));
                let started = |start: Option<(String, Start)>| start.map(|(key, start)| (id(&key), start));
                wanted.extend(newest.into_iter().map(|(_, start)| start.map(started)));
            }
        }
        for wanted in wanted {
            let started = match wanted {
                Ok(Some((id, start))) => self.start_one(due, start, id, now).await,
                Ok(None) => Ok(false),
                Err(error) => Err(AppError::Internal(error.to_string())),
            };
            match started {
                Ok(true) => done.started += 1,
                Ok(false) => {}
                Err(error) => {
                    let (company, flow) = (due.company, &due.around.flow.name);
                    tracing::error!(%company, %flow, %error, "a request could not be started; it is tried again");
                    done.failed += 1;
                }
            }
        }
        Ok(())
    }

    /// Starts a request, unless it was started before.
    pub(crate) async fn start_one(
        &self,
        due: &Due<'_>,
        start: Start,
        id: InstanceId,
        now: Instant,
    ) -> Result<bool, AppError> {
        if self.store().instance(due.company, &id).await?.is_some() {
            return Ok(false);
        }
        match self.start_with(due, &start, id, now).await {
            Ok(()) => Ok(true),
            // Another server was faster.
            Err(AppError::Changed) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A form that is complete goes on its way at once; one that is not waits for its initiator.
    async fn start_with(&self, due: &Due<'_>, start: &Start, id: InstanceId, now: Instant) -> Result<(), AppError> {
        let (company, around) = (due.company, due.around);
        let rights = around.rights(&Place::Start);
        let filled = around.filled_in(start.form.clone(), now)?;
        let sent = Sent { form: around.form()?, before: None, data: &filled, rights: &rights, anew: true };
        let new = |accepted: AcceptedForm, open: bool| New {
            company,
            id: id.clone(),
            initiator: &start.initiator,
            period: start.period,
            accepted,
            open,
        };
        let complete = match self.accept(company, &start.initiator, around, sent, now).await {
            Ok(accepted) => self.begin(&new(accepted, false), around.clone(), &Actor::Timer, None, now).await.map(drop),
            Err(error) => Err(error),
        };
        match complete {
            Err(AppError::FormInvalid(_) | AppError::Refused(_)) => {
                let unfinished = AcceptedForm::unfinished(filled.clone());
                self.begin(&new(unfinished, true), around.clone(), &Actor::Timer, None, now).await.map(drop)
            }
            other => other,
        }
    }

    /// Tells all facts of a kind that were not replaced, however many; in no order of time.
    pub(crate) async fn each_record(
        &self,
        due: &Due<'_>,
        kind: &Name,
        mut tell: impl FnMut(Item),
    ) -> Result<(), AppError> {
        let fields = due.around.release.fact(kind).map(|form| form.key()).unwrap_or_default();
        let mut after: Option<String> = None;
        loop {
            let page = self.store().facts(due.company, kind, &[], after.as_deref(), zhupi_store::MAX_PAGE).await?;
            for fact in &page.items {
                tell(item(fact, fields)?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }
}

/// What the records of a kind start, as far as they were told: a record says what holds until the next one about the same.
#[derive(Default)]
struct Records {
    /// By what they are about: which came last, and what it starts.
    newest: BTreeMap<String, ((Instant, String), Wanted)>,
    /// When the first record came that starts the same.
    first: BTreeMap<String, Instant>,
}

impl Records {
    fn hear(&mut self, due: &Due<'_>, item: &Item) {
        if !due.rule.once.is_empty()
            && let Ok(key) = due.rule.key(&due.occasion(), Some(item))
        {
            let first = self.first.entry(key).or_insert(item.recorded_at);
            *first = item.recorded_at.min(*first);
        }
        let came = (item.recorded_at, item.id.clone());
        if self.newest.get(&item.about).is_none_or(|(known, _)| *known < came) {
            self.newest.insert(item.about.clone(), (came, due.wanted(Some(item))));
        }
    }
}

/// What is to be started, with the key that tells it from every other; nothing where the rule's condition does not hold.
type Wanted = Result<Option<(String, Start)>, StartError>;

/// A record as rules see it; `key` are the lookup fields of its kind.
pub(crate) fn item(fact: &Fact, key: &[String]) -> Result<Item, AppError> {
    Ok(Item::of(fact.id.clone(), body(fact)?, key, fact.recorded_at))
}

/// The id of a request that is made of what started it: always the same for the same start, and in the order of time like all
/// others.
pub(crate) fn id_of(company: &CompanyId, flow: &Name, key: &str, at: Instant) -> InstanceId {
    let hash = ContentHash::of(&[company.as_str().as_bytes(), b"\0", flow.as_str().as_bytes(), b"\0", key.as_bytes()]);
    let mut random = [0; 10];
    random.iter_mut().zip(hash.as_bytes()).for_each(|(byte, of)| *byte = *of);
    let millis = u64::try_from(at.micros().div_euclid(1000)).unwrap_or_default();
    InstanceId::new(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string())
}
