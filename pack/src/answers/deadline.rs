//! When work is due.

use chrono::{Days, NaiveTime};
use zhupi_domain::Instant;
use zhupi_domain::calendar::{CalendarError, Span};
use zhupi_domain::expr::{EvalErrorKind, Expr, Value};
use zhupi_engine::{Alarm, Answer, Deadline, Due, Flow, Instance, Spot};

use super::{World, scope};
use crate::Release;

/// When a visit of a step is due that opened at a moment, and when its rules for being overdue apply.
///
/// Alarm 0 is the deadline itself, timer n the n-th rule. Where the calendar has no data for any of them, that is said
/// for the whole: a rule that silently never applied would be worse. What goes by a moment that is not there has no deadline.
pub fn answer(release: &Release, step: &Spot, from: Instant, instance: &Instance, world: &World<'_>) -> Answer {
    let flow = release.flow(&instance.flow);
    let human = flow.and_then(|flow| flow.step(&step.what)).and_then(|step| step.human());
    let Some((flow, human, due)) = flow.zip(human).and_then(|(flow, human)| Some((flow, human, human.due.as_ref()?)))
    else {
        return Answer::Deadline { deadline: None, timers: Vec::new() };
    };
    let named = |of: &Expr| named(release, flow, instance, step, of, world);
    let at = match due {
        Due::Within(span) => world.calendar.deadline(from, *span).map(Some),
        Due::Window(window) => {
            world.calendar.window(*window, world.calendar.local_date(from), instance.period).map(Some)
        }
        Due::Before { span, of } => named(of).map(|named| Some(before(moment(named?, world)?, *span))),
        Due::At(of) => named(of).map(|named| end(named?, world)),
    };
    let computed = at.and_then(|at| {
        let Some(at) = at else { return Ok(Answer::Deadline { deadline: None, timers: Vec::new() }) };
        let mut timers = vec![Alarm { number: 0, at, rule: None }];
        for (rule, place) in human.overdue.iter().zip(0u32..) {
            let at = rule.after.map_or(Ok(at), |after| world.calendar.deadline(at, after))?;
            timers.push(Alarm { number: place.saturating_add(1), at, rule: Some(place) });
        }
        Ok(Answer::Deadline { deadline: Some(Deadline::At(at)), timers })
    });
    computed.unwrap_or_else(|error| {
        let year = match error {
            CalendarError::NoCalendarData { year } => year,
            CalendarError::OutOfRange => 9999,
        };
        Answer::Deadline { deadline: Some(Deadline::NoCalendarData { year }), timers: Vec::new() }
    })
}

/// What an expression names; nothing where it has no value, or none that is a moment.
fn named(
    release: &Release,
    flow: &Flow,
    instance: &Instance,
    step: &Spot,
    of: &Expr,
    world: &World<'_>,
) -> Result<Option<Value>, CalendarError> {
    let Some(at) = flow.locate(step) else { return Ok(None) };
    let Ok(scope) = scope(release, flow, instance, Some(&at), world) else { return Ok(None) };
    match of.eval(scope.value(), &scope.context(world)).map_err(|error| error.kind) {
        Ok(value) => Ok(Some(value)),
        Err(EvalErrorKind::NoCalendarData { year }) => Err(CalendarError::NoCalendarData { year }),
        Err(EvalErrorKind::DateOutOfRange) => Err(CalendarError::OutOfRange),
        Err(_) => Ok(None),
    }
}

/// A moment; a date begins at midnight.
fn moment(named: Value, world: &World<'_>) -> Option<Instant> {
    match named {
        Value::Instant(moment) => Some(moment),
        Value::Date(date) => world.calendar.at(date, NaiveTime::MIN).ok(),
        _ => None,
    }
}

/// A moment; a date lasts until the midnight after it.
fn end(named: Value, world: &World<'_>) -> Option<Instant> {
    match named {
        Value::Date(date) => moment(Value::Date(date.checked_add_days(Days::new(1))?), world),
        named => moment(named, world),
    }
}

/// So long before a moment, by the clock and not in working time: a hand-over 24 hours ahead is a day ahead.
fn before(moment: Instant, span: Span) -> Instant {
    let seconds = match span {
        Span::Days(days) | Span::Workdays(days) => i64::from(days) * 86_400,
        Span::Hours(hours) => i64::from(hours) * 3_600,
        Span::Minutes(minutes) => i64::from(minutes) * 60,
    };
    moment.plus_seconds(-seconds)
}
