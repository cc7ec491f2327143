//! Requests that the calendar starts.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::{Calendar, CalendarError, Window, WindowDay};
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
    pub initiator: PersonId,
    pub period: Option<Period>,
    pub form: Map<String, Json>,
}

/// A record that may start a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What the record is about: the values of its lookup fields, or its id where its kind has none.
    pub about: String,
    pub body: Map<String, Json>,
    pub recorded_at: Instant,
}

/// One day that came round for a flow.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    pub flow: &'a Flow,
    pub release: &'a Release,
    pub calendar: &'a Calendar,
    /// The first day of the month or week in which it came round.
    pub on: NaiveDate,
    /// The day itself.
    pub today: NaiveDate,
}

impl Occasion<'_> {
    /// What a request that starts now is about.
    fn period(&self, rule: &StartRule) -> Option<Period> {
        let period = Period::of(self.flow.period?, self.today);
        match rule.previous {
            true => period.start().pred_opt().map(|day| Period::of(period.kind(), day)),
            false => Some(period),
        }
    }

    fn eval(&self, rule: &StartRule, expr: &Expr, item: Option<&Item>) -> Result<Value, StartError> {
        let record = item.and_then(|item| {
            let ty = self.release.fact(rule.of.as_ref()?)?.record_type();
            Value::from_json(&Json::Object(item.body.clone()), &ty).ok()
        });
        let members = [
            Some(("today", Value::Date(self.today))),
            record.map(|record| ("item", record)),
            self.period(rule).map(|period| ("period", period_value(&period))),
        ];
        let members = members.into_iter().flatten().map(|(name, value)| (name.to_owned(), value));
        let context = Context { today: self.today, calendar: Some(self.calendar) };
        Ok(expr.eval(&Value::Record(members.collect()), &context)?)
    }
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
    /// When the day came round after one moment and up to another, with the first day of its month or week; the earliest first.
    /// A day of which the calendar says nothing is an error of its own.
    pub fn occurrences(
        &self,
        calendar: &Calendar,
        after: Instant,
        until: Instant,
    ) -> Vec<Result<(NaiveDate, Instant), CalendarError>> {
        let last = calendar.local_date(until);
        let first = calendar.local_date(after).max(last.checked_sub_days(Days::new(MAX_DAYS)).unwrap_or(last));
        let mut found = Vec::new();
        // A day moved off a holiday may belong to the month before or after.
        let mut day = first.checked_sub_days(Days::new(31)).unwrap_or(first);
        let end = last.checked_add_days(Days::new(31)).unwrap_or(last);
        while day <= end {
            let within = Period::of(if self.is_weekly() { PeriodKind::Week } else { PeriodKind::Month }, day);
            if self.months.is_empty() || self.months.contains(&within.end().month()) {
                match calendar.window(self.every, within.start(), None) {
                    Ok(at) if after < at && at <= until => found.push(Ok((within.start(), at))),
                    Ok(_) => {}
                    // Next year's holidays are not known yet, and nothing is due there.
                    Err(_) if within.start() > last => {}
                    Err(error) => found.push(Err(error)),
                }
            }
            day = within.end().checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        }
        found
    }

    /// The day that the rule names in a month or week, before it is moved off free days; its first day where it names none.
    pub fn named_day(&self, on: NaiveDate) -> NaiveDate {
        let days = match self.every.day {
            WindowDay::OfMonth(day) | WindowDay::OfWeek(day) => u64::from(day.saturating_sub(1)),
            WindowDay::Workday(_) | WindowDay::LastWorkday | WindowDay::LastWorkdayOfWeek => 0,
        };
        let kind = if self.is_weekly() { PeriodKind::Week } else { PeriodKind::Month };
        let named = on.checked_add_days(Days::new(days)).unwrap_or(on);
        named.min(Period::of(kind, on).end())
    }

    fn is_weekly(&self) -> bool {
        self.every.day.is_weekly()
    }

    /// What tells a start from every other one of its flow: however often it is tried, it happens once.
    pub fn key(&self, occasion: &Occasion<'_>, item: Option<&Item>) -> Result<String, StartError> {
        match &self.once {
            Some(once) => Ok(format!("once {}", occasion.eval(self, once, item)?.to_json())),
            None => {
                let record = item.map(|item| item.about.as_str()).unwrap_or_default();
                Ok(format!("{} {} {record}", occasion.on, self.every))
            }
        }
    }

    /// The request that one record starts, or (without a kind of facts) the one request; none where the condition does not hold.
    pub fn start(
        &self,
        occasion: &Occasion<'_>,
        item: Option<&Item>,
        directory: &Directory,
    ) -> Result<Option<Start>, StartError> {
        if let Some(when) = &self.when
            && occasion.eval(self, when, item)? != Value::Bool(true)
        {
            return Ok(None);
        }
        let mut form = Map::new();
        for (field, expr) in &self.form {
            let value = occasion.eval(self, expr, item)?;
            if value != Value::Absent {
                form.insert(field.to_string(), value.to_json());
            }
        }
        let initiator = self.initiator(item, directory).ok_or_else(|| StartError::Nobody(self.who.to_string()))?;
        Ok(Some(Start { initiator, period: occasion.period(self), form }))
    }

    /// The person in whose name it starts: of several who hold a role, the first by id.
    fn initiator(&self, item: Option<&Item>, directory: &Directory) -> Option<PersonId> {
        let active = |id: PersonId| directory.active(&id).is_some().then_some(id);
        match &self.who {
            Selector::Person(person) => active(person.clone()),
            Selector::Role { role, within: None } => {
                directory.people.keys().find(|id| directory.holds(id, role)).cloned().and_then(active)
            }
            Selector::Is(PersonRef::Item(Some(field))) => {
                active(PersonId::new(item?.body.get(field.as_str())?.as_str()?))
            }
            _ => None,
        }
    }
}
