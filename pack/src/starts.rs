//! Requests that the calendar starts.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::{Calendar, CalendarError, Window};
use zhupi_domain::directory::Directory;
use zhupi_domain::expr::{Context, EvalError, Expr, Value};
use zhupi_domain::time::{Period, PeriodKind};
use zhupi_domain::{Instant, Name, PersonId};
use zhupi_engine::{Flow, PersonRef, Selector};

use crate::Release;
use crate::answers::period_value;

/// A day that comes round and starts requests of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct StartRule {
    pub every: Window,
    /// The months in which it does; empty: every month.
    pub months: Vec<u32>,
    /// In whose name.
    pub who: Selector,
    /// The kind of facts of which each starts a request; none: one request.
    pub of: Option<Name>,
    pub when: Option<Expr>,
    /// What starts one request only, however often the day comes round.
    pub once: Option<Expr>,
    pub form: BTreeMap<Name, Expr>,
    /// It is about the period before.
    pub previous: bool,
}

/// A request to be started.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// What tells it from every other start of its flow: however often it is tried, it happens once.
    pub key: String,
    pub initiator: PersonId,
    pub period: Option<Period>,
    pub form: Map<String, Json>,
}

/// Why a request cannot be started now.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StartError {
    #[error("nobody is named by `{0}`")]
    Nobody(String),
    #[error("{0}")]
    Expression(#[from] EvalError),
}

/// The longest time that is looked back over, so that a rule never floods a company.
const MAX_DAYS: u64 = 100;

impl StartRule {
    /// When the day came round after one moment and up to another, with its date; the earliest first.
    pub fn occurrences(
        &self,
        calendar: &Calendar,
        after: Instant,
        until: Instant,
    ) -> Result<Vec<(NaiveDate, Instant)>, CalendarError> {
        let last = calendar.local_date(until);
        let first = calendar.local_date(after).max(last.checked_sub_days(Days::new(MAX_DAYS)).unwrap_or(last));
        let mut found = Vec::new();
        // A day moved off a holiday may belong to the month before or after.
        let mut day = first.checked_sub_days(Days::new(31)).unwrap_or(first);
        let end = last.checked_add_days(Days::new(31)).unwrap_or(last);
        while day <= end {
            let within = Period::of(if self.is_weekly() { PeriodKind::Week } else { PeriodKind::Month }, day);
            if self.months.is_empty() || self.months.contains(&within.end().month()) {
                let at = calendar.window(self.every, within.start(), None)?;
                if after < at && at <= until {
                    found.push((within.start(), at));
                }
            }
            day = within.end().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        }
        Ok(found)
    }

    fn is_weekly(&self) -> bool {
        self.every.day.is_weekly()
    }

    /// The request that one record starts, or (without a kind of facts) the one request; none where the condition does not hold.
    pub fn start(
        &self,
        flow: &Flow,
        release: &Release,
        on: NaiveDate,
        item: Option<(&str, &Map<String, Json>)>,
        calendar: &Calendar,
        directory: &Directory,
    ) -> Result<Option<Start>, StartError> {
        let period = flow.period.map(|kind| Period::of(kind, on)).map(|period| match self.previous {
            true => period.start().pred_opt().map_or(period, |day| Period::of(period.kind(), day)),
            false => period,
        });
        let record = item.and_then(|(_, body)| {
            let ty = release.fact(self.of.as_ref()?)?.record_type();
            Value::from_json(&Json::Object(body.clone()), &ty).ok()
        });
        let members = [
            Some(("today", Value::Date(on))),
            record.map(|record| ("item", record)),
            period.map(|period| ("period", period_value(&period))),
        ];
        let scope = Value::Record(members.into_iter().flatten().map(|(name, v)| (name.to_owned(), v)).collect());
        let context = Context { today: on, calendar: Some(calendar) };
        if let Some(when) = &self.when
            && when.eval(&scope, &context)? != Value::Bool(true)
        {
            return Ok(None);
        }
        let key = match &self.once {
            Some(once) => format!("once {}", once.eval(&scope, &context)?.to_json()),
            None => format!("{on} {} {}", self.every, item.map(|(id, _)| id).unwrap_or_default()),
        };
        let mut form = Map::new();
        for (field, expr) in &self.form {
            let value = expr.eval(&scope, &context)?;
            if value != Value::Absent {
                form.insert(field.to_string(), value.to_json());
            }
        }
        let initiator = self.initiator(item.map(|(_, body)| body), directory);
        let initiator = initiator.ok_or_else(|| StartError::Nobody(self.who.to_string()))?;
        Ok(Some(Start { key, initiator, period, form }))
    }

    /// The person in whose name it starts: of several who hold a role, the first by id.
    fn initiator(&self, item: Option<&Map<String, Json>>, directory: &Directory) -> Option<PersonId> {
        let active = |id: PersonId| directory.active(&id).is_some().then_some(id);
        match &self.who {
            Selector::Person(person) => active(person.clone()),
            Selector::Role { role, within: None } => {
                directory.people.keys().find(|id| directory.holds(id, role)).cloned().and_then(active)
            }
            Selector::Is(PersonRef::Item(Some(field))) => active(PersonId::new(item?.get(field.as_str())?.as_str()?)),
            _ => None,
        }
    }
}
