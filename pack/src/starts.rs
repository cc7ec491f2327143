//! What starts requests beside people who want to: days that come round, and facts that arrive; and what facts let people start
//! or put an end to.

mod about;
mod stop;

use std::collections::BTreeMap;
use std::fmt;

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
pub use crate::read::start::Turn;

pub use about::AboutRule;
pub use stop::StopRule;

/// What begins and ends requests of a flow by itself or about a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Starts {
    pub rules: Vec<StartRule>,
    pub about: Vec<AboutRule>,
    pub stops: Vec<StopRule>,
}

/// What starts requests of a flow without anybody asking for it.
#[derive(Debug, Clone, PartialEq)]
pub struct StartRule {
    pub on: Trigger,
    /// In whose name.
    pub who: Selector,
    /// The kind of facts of which each starts a request; none: one request.
    pub of: Option<Name>,
    pub when: Option<Expr>,
    /// What starts one request only, however often it comes round: what all of them say together. None: each time starts one.
    pub once: Vec<Expr>,
    pub form: BTreeMap<Name, Expr>,
    pub period: Turn,
}

/// When a rule looks.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// On a day that comes round, in these months; empty: every month.
    Day { every: Window, months: Vec<u32> },
    /// Whenever a fact of its kind is recorded.
    Arrival,
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
    pub id: String,
    /// What the record is about: the values of its lookup fields, or its id where its kind has none.
    pub about: String,
    pub body: Map<String, Json>,
    pub recorded_at: Instant,
}

impl Item {
    /// `key`: the lookup fields of its kind.
    pub fn of(id: String, body: Map<String, Json>, key: &[String], recorded_at: Instant) -> Self {
        let values: Vec<&Json> = key.iter().filter_map(|field| body.get(field.as_str())).collect();
        let about = if key.is_empty() { id.clone() } else { serde_json::json!(values).to_string() };
        Self { id, about, body, recorded_at }
    }
}

/// One time that it comes round for a flow.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    pub flow: &'a Flow,
    pub release: &'a Release,
    pub calendar: &'a Calendar,
    /// The first day of the month or week in which it came round; the day itself where a fact arrived.
    pub on: NaiveDate,
    /// The day itself.
    pub today: NaiveDate,
}

impl Occasion<'_> {
    /// What a request that starts now is about: a day that was moved off a holiday still stands for the one that was named.
    fn period(&self, rule: &StartRule) -> Option<Period> {
        let day = if rule.names_a_day() { rule.named_day(self.on) } else { self.today };
        let period = Period::of(self.flow.period?, day);
        let day = match rule.period {
            Turn::Previous => period.start().pred_opt(),
            Turn::This => return Some(period),
            Turn::Next => period.end().succ_opt(),
        };
        day.map(|day| Period::of(period.kind(), day))
    }

    /// The value of an expression that sees today, a record of a kind, and a period.
    fn eval(
        &self,
        expr: &Expr,
        kind: Option<&Name>,
        item: Option<&Item>,
        period: Option<Period>,
    ) -> Result<Value, EvalError> {
        let record = item.and_then(|item| {
            let ty = self.release.fact(kind?)?.record_type();
            Value::from_json(&Json::Object(item.body.clone()), &ty).ok()
        });
        let members = [
            Some(("today", Value::Date(self.today))),
            record.map(|record| ("item", record)),
            period.map(|period| ("period", period_value(&period))),
        ];
        let members = members.into_iter().flatten().map(|(name, value)| (name.to_owned(), value));
        let context = Context { today: self.today, calendar: Some(self.calendar) };
        expr.eval(&Value::Record(members.collect()), &context)
    }

    /// What is filled into the form; fields without a value are left out.
    fn filled(
        &self,
        form: &BTreeMap<Name, Expr>,
        kind: Option<&Name>,
        item: Option<&Item>,
        period: Option<Period>,
    ) -> Result<Map<String, Json>, EvalError> {
        let mut filled = Map::new();
        for (field, expr) in form {
            let value = self.eval(expr, kind, item, period)?;
            if value != Value::Absent {
                filled.insert(field.to_string(), value.to_json());
            }
        }
        Ok(filled)
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
        let Trigger::Day { every, months } = &self.on else { return Vec::new() };
        let last = calendar.local_date(until);
        let first = calendar.local_date(after).max(last.checked_sub_days(Days::new(MAX_DAYS)).unwrap_or(last));
        let mut found = Vec::new();
        // A day moved off a holiday may belong to the month before or after.
        let mut day = first.checked_sub_days(Days::new(31)).unwrap_or(first);
        let end = last.checked_add_days(Days::new(31)).unwrap_or(last);
        while day <= end {
            let within = Period::of(kind_of(every), day);
            if months.is_empty() || months.contains(&within.end().month()) {
                match calendar.window(*every, within.start(), None) {
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

    /// Whether the rule says which day it is, and not only which working day, or that something arrives.
    fn names_a_day(&self) -> bool {
        let day = match &self.on {
            Trigger::Day { every, .. } => every.day,
            Trigger::Arrival => return false,
        };
        matches!(day, WindowDay::OfMonth(_) | WindowDay::OfWeek(_))
    }

    /// The day that the rule names in a month or week, before it is moved off free days; its first day where it names none.
    pub fn named_day(&self, on: NaiveDate) -> NaiveDate {
        let Trigger::Day { every, .. } = &self.on else { return on };
        let days = match every.day {
            WindowDay::OfMonth(day) | WindowDay::OfWeek(day) => u64::from(day.saturating_sub(1)),
            WindowDay::Workday(_) | WindowDay::LastWorkday | WindowDay::LastWorkdayOfWeek => 0,
        };
        let named = on.checked_add_days(Days::new(days)).unwrap_or(on);
        named.min(Period::of(kind_of(every), on).end())
    }

    /// Whether a fact of a kind that arrives starts something.
    pub fn listens_to(&self, kind: &Name) -> bool {
        self.on == Trigger::Arrival && self.of.as_ref() == Some(kind)
    }

    /// What tells a start from every other one of its flow: however often it is tried, it happens once.
    pub fn key(&self, occasion: &Occasion<'_>, item: Option<&Item>) -> Result<String, StartError> {
        let once = self.once.iter().map(|once| Ok(self.eval(occasion, once, item)?.to_json()));
        let once = once.collect::<Result<Vec<Json>, StartError>>()?;
        // One alone is no list: so it was called before there were several, and what it started then is not started again.
        match once.as_slice() {
            [] => {}
            [only] => return Ok(format!("once {only}")),
            _ => return Ok(format!("once {}", Json::Array(once))),
        }
        Ok(match &self.on {
            Trigger::Day { every, .. } => {
                let record = item.map(|item| item.about.as_str()).unwrap_or_default();
                format!("{} {every} {record}", occasion.on)
            }
            Trigger::Arrival => {
                let (kind, record) = (self.of.as_ref().map(Name::as_str), item.map(|item| item.id.as_str()));
                format!("arrival {} {}", kind.unwrap_or_default(), record.unwrap_or_default())
            }
        })
    }

    fn eval(&self, occasion: &Occasion<'_>, expr: &Expr, item: Option<&Item>) -> Result<Value, StartError> {
        Ok(occasion.eval(expr, self.of.as_ref(), item, occasion.period(self))?)
    }

    /// The request that one record starts, or (without a kind of facts) the one request; none where the condition does not hold.
    pub fn start(
        &self,
        occasion: &Occasion<'_>,
        item: Option<&Item>,
        directory: &Directory,
    ) -> Result<Option<Start>, StartError> {
        if let Some(when) = &self.when
            && self.eval(occasion, when, item)? != Value::Bool(true)
        {
            return Ok(None);
        }
        let period = occasion.period(self);
        let form = occasion.filled(&self.form, self.of.as_ref(), item, period)?;
        let initiator = self.initiator(item, directory).ok_or_else(|| StartError::Nobody(self.who.to_string()))?;
        Ok(Some(Start { initiator, period, form }))
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

/// The month or week in which a day comes round.
fn kind_of(every: &Window) -> PeriodKind {
    if every.day.is_weekly() { PeriodKind::Week } else { PeriodKind::Month }
}

impl fmt::Display for StartRule {
    /// For people who compare two releases: `every { day: 5 } for fact:receivable when item.open > 0 as item.salesperson`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fact = self.of.as_ref().map(|kind| format!("fact:{kind}")).unwrap_or_default();
        match &self.on {
            Trigger::Day { every, months } => {
                write!(f, "every {every}")?;
                if !months.is_empty() {
                    write!(f, " months {months:?}")?;
                }
                if !fact.is_empty() {
                    write!(f, " for {fact}")?;
                }
            }
            Trigger::Arrival => write!(f, "when {fact}")?,
        }
        said(f, "if", self.when.as_ref())?;
        match self.once.as_slice() {
            [] => {}
            [only] => said(f, "once", Some(only))?,
            several => {
                let several: Vec<&str> = several.iter().map(Expr::source).collect();
                write!(f, " once [ {} ]", several.join(", "))?;
            }
        }
        write!(f, " as {}", self.who)?;
        match self.period {
            Turn::Previous => write!(f, " period previous")?,
            Turn::This => {}
            Turn::Next => write!(f, " period next")?,
        }
        fields(f, &self.form)
    }
}

fn said(f: &mut fmt::Formatter<'_>, word: &str, expr: Option<&Expr>) -> fmt::Result {
    expr.map_or(Ok(()), |expr| write!(f, " {word} {}", expr.source()))
}

fn fields(f: &mut fmt::Formatter<'_>, form: &BTreeMap<Name, Expr>) -> fmt::Result {
    form.iter().try_for_each(|(field, expr)| write!(f, " {field}={}", expr.source()))
}
