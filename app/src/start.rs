//! Requests that the calendar starts: each exactly once, also after a long downtime and with many servers.
//!
//! Nothing is kept to know what was started: the id of the request is made of what started it, and a stream begins once.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use zhupi_domain::{CompanyId, ContentHash, InstanceId, Instant, Name};
use zhupi_engine::{Actor, Place};
use zhupi_pack::answers::FactQuery;
use zhupi_pack::{Start, StartRule};
use zhupi_policies::Pick;
use zhupi_store::{CurrentRelease, Scope};

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
}

/// One day that came round for one rule.
struct Occasion<'a> {
    company: &'a CompanyId,
    around: &'a Around,
    rule: &'a StartRule,
    on: NaiveDate,
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
            for (flow, rules) in release.starts().iter().filter(|(_, rules)| !rules.is_empty()) {
                if current.flow(flow).is_none() {
                    continue;
                }
                let around = self.around(company, current.clone(), flow.as_str()).await?;
                for rule in rules {
                    let days = rule.occurrences(&around.calendar, from, until);
                    let days =
                        days.map_err(|error| AppError::Internal(format!("the calendar of {company}: {error}")))?;
                    for (on, _) in days {
                        let occasion = Occasion { company, around: &around, rule, on };
                        self.start_all(&occasion, now, &mut done).await?;
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
    async fn start_all(&self, occasion: &Occasion<'_>, now: Instant, done: &mut Started) -> Result<(), AppError> {
        let items = match &occasion.rule.of {
            None => vec![None],
            Some(kind) => self.records(occasion.company, kind).await?.into_iter().map(Some).collect(),
        };
        for item in items {
            let item = item.as_ref().map(|(id, body)| (id.as_str(), body));
            match self.start_one(occasion, item, now).await {
                Ok(true) => done.started += 1,
                Ok(false) => {}
                Err(error) => {
                    let (company, flow) = (occasion.company, &occasion.around.flow.name);
                    tracing::error!(%company, %flow, %error, "a request could not be started; it is tried again");
                    done.failed += 1;
                }
            }
        }
        Ok(())
    }

    async fn start_one(
        &self,
        occasion: &Occasion<'_>,
        item: Option<(&str, &Map<String, Value>)>,
        now: Instant,
    ) -> Result<bool, AppError> {
        let Occasion { company, around, rule, on } = occasion;
        let start = rule
            .start(&around.flow, &around.release, *on, item, &around.calendar, &around.directory)
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let Some(start) = start else { return Ok(false) };
        let id = id_of(company, &around.flow.name, &start.key);
        if self.store().instance(company, &id).await?.is_some() {
            return Ok(false);
        }
        match self.start_with(occasion, &start, id, now).await {
            Ok(()) => Ok(true),
            // Another server was faster.
            Err(AppError::Changed) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A form that is complete goes on its way at once; one that is not waits for its initiator.
    async fn start_with(
        &self,
        occasion: &Occasion<'_>,
        start: &Start,
        id: InstanceId,
        now: Instant,
    ) -> Result<(), AppError> {
        let (company, around) = (occasion.company, occasion.around);
        let rights = around.rights(&Place::Start);
        let sent = Sent { form: around.form()?, before: None, data: &start.form, rights: &rights };
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
                let unfinished = AcceptedForm::unfinished(start.form.clone());
                self.begin(&new(unfinished, true), around.clone(), &Actor::Timer, None, now).await.map(drop)
            }
            other => other,
        }
    }

    /// All facts of a kind that were not replaced, by id.
    async fn records(&self, company: &CompanyId, kind: &Name) -> Result<Vec<(String, Map<String, Value>)>, AppError> {
        let query = FactQuery { input: kind.clone(), kind: kind.clone(), matching: BTreeMap::new(), pick: Pick::All };
        let found = self.facts_with_ids(company, &query).await?;
        Ok(found.into_iter().filter_map(|(id, body)| Some((id, body.as_object()?.clone()))).collect())
    }
}

/// The id of a request that the calendar starts: always the same for the same start.
fn id_of(company: &CompanyId, flow: &Name, key: &str) -> InstanceId {
    let hash = ContentHash::of(&[company.as_str().as_bytes(), flow.as_str().as_bytes(), key.as_bytes()]);
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.as_bytes()).for_each(|(byte, of)| *byte = *of);
    InstanceId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string())
}
