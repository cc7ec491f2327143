//! Functions.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate, TimeDelta};
use rust_decimal::Decimal;

use super::compare::order;
use super::{Evaluation, Outcome, in_range, number_or_absent, wrong_type};
use crate::Span;
use crate::calendar::Calendar;
use crate::expr::error::{EvalError, EvalErrorKind};
use crate::expr::fixed::{DIGITS, Fixed};
use crate::expr::functions::Function;
use crate::expr::tree::Node;
use crate::expr::value::Value;

/// As many days as a calendar usually has data for.
const MOST_DAYS: usize = 5000;

impl Evaluation<'_> {
    /// All arguments are evaluated from left to right; if one is absent, so is the result (but not of `has`).
    pub(super) fn call(
        &self,
        function: Function,
        arguments: &[Node],
        span: Span,
        row: Option<&Value>,
    ) -> Outcome<Value> {
        let values: Vec<Cow<'_, Value>> =
            arguments.iter().map(|argument| self.value(argument, row)).collect::<Result<_, _>>()?;
        if function == Function::Has {
            return Ok(Value::Bool(values.iter().all(|value| is_filled(value))));
        }
        if values.iter().any(|value| value.is_absent()) {
            return Ok(Value::Absent);
        }
        let values: Vec<&Value> = values.iter().map(|value| &**value).collect();
        match (function, values.as_slice()) {
            (Function::Min, values) => extreme(values, Ordering::Less, span),
            (Function::Max, values) => extreme(values, Ordering::Greater, span),
            (Function::Round, [Value::Number(number), Value::Number(digits)]) => round(*number, *digits, span),
            (Function::Today, []) => Ok(Value::Date(self.context.today)),
            (Function::Date, [Value::Instant(instant)]) => Ok(Value::Date(self.calendar(span)?.local_date(*instant))),
            (Function::Year, [Value::Date(date)]) => whole(date.year().into(), span),
            (Function::Month, [Value::Date(date)]) => whole(date.month().into(), span),
            (Function::Days, [Value::Date(from), Value::Date(to)]) => whole((*to - *from).num_days(), span),
            (Function::Workdays, [Value::Date(from), Value::Date(to)]) => {
                self.walk((*to - *from).num_days(), span)?;
                let days = self.calendar(span)?.workdays_between(*from, *to);
                whole(days.map_err(|error| EvalError { kind: error.into(), span })?, span)
            }
            (Function::AddDays, [Value::Date(from), Value::Number(days)]) => {
                add_days(*from, day_count(*days, span)?, span)
            }
            (Function::AddWorkdays, [Value::Date(from), Value::Number(days)]) => {
                let days = day_count(*days, span)?;
                self.walk(days, span)?;
                let moved = self.calendar(span)?.add_workdays(*from, days);
                moved.map_err(|error| EvalError { kind: error.into(), span }).map(Value::Date)
            }
            _ => Err(wrong_type(span)),
        }
    }

    /// Counts the days that a calendar looks at; it never gets farther than its data.
    fn walk(&self, days: i64, span: Span) -> Outcome<()> {
        self.work(usize::try_from(days.unsigned_abs()).unwrap_or(MOST_DAYS).min(MOST_DAYS), span)
    }

    fn calendar(&self, span: Span) -> Outcome<&Calendar> {
        self.context.calendar.ok_or(EvalError { kind: EvalErrorKind::NoCalendar, span })
    }
}

/// The least or the greatest of some values; the first of equals; absent of none.
pub(super) fn extreme(values: &[&Value], wanted: Ordering, span: Span) -> Outcome<Value> {
    let Some((first, rest)) = values.split_first() else { return Ok(Value::Absent) };
    let mut best = *first;
    for value in rest {
        if order(value, best, span)? == wanted {
            best = value;
        }
    }
    Ok(best.clone())
}

fn round(number: Decimal, digits: Decimal, span: Span) -> Outcome<Value> {
    let number = in_range(Fixed::new(number), span)?;
    let digits = in_range(Fixed::new(digits), span)?.as_whole().and_then(|digits| u32::try_from(digits).ok());
    let digits = digits.filter(|digits| *digits <= DIGITS).ok_or_else(|| wrong_type(span))?;
    Ok(number_or_absent(Some(in_range(number.rounded(digits), span)?)))
}

fn whole(number: i64, span: Span) -> Outcome<Value> {
    Ok(number_or_absent(Some(in_range(Fixed::whole(number), span)?)))
}

fn day_count(days: Decimal, span: Span) -> Outcome<i64> {
    let days = in_range(Fixed::new(days), span)?;
    days.as_whole().ok_or(EvalError { kind: EvalErrorKind::NotWhole, span })
}

fn add_days(from: NaiveDate, days: i64, span: Span) -> Outcome<Value> {
    let moved = TimeDelta::try_days(days).and_then(|days| from.checked_add_signed(days));
    let moved = moved.filter(|date| (1..=9999).contains(&date.year()));
    moved.map(Value::Date).ok_or(EvalError { kind: EvalErrorKind::DateOutOfRange, span })
}

/// Whether something was filled in: an empty text or an empty list is not.
fn is_filled(value: &Value) -> bool {
    match value {
        Value::Absent => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        _ => true,
    }
}
