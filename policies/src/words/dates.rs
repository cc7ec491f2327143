//! Words about dates and working days.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveTime};
use rhai::{Dynamic, FuncRegistration, Module};
use zhupi_domain::time::Period;

use super::{Call, Word};
use crate::stop::{Result, Wrong};
use crate::time::{self, Day, Moment, NoDay, Span, WorkCalendar};

pub(super) const WORDS: &[Word] = &[
    word(
        "add_days",
        "add_days(date, n)",
        ("若干天之后（负数为之前）", "the date n days later, or earlier"),
        2,
        add_days,
    ),
    word(
        "add_months",
        "add_months(date_or_period, n)",
        (
            "若干月之后的同一天，没有这一天则取月末；期间则向后移",
            "the same day n months later, or that month's last; a period n steps on",
        ),
        2,
        add_months,
    ),
    word(
        "days_between",
        "days_between(from, to)",
        ("相隔天数，不计起始日", "days from one date to another, the first not counted"),
        2,
        days_between,
    ),
    word(
        "minutes_between",
        "minutes_between(from, to)",
        ("相隔分钟数（不足一分钟不计）", "whole minutes from one moment to another"),
        2,
        minutes_between,
    ),
    word("day_of", "day_of(period, n)", ("期间的第 n 天，如每月 5 日", "the n-th day of a period"), 2, day_of),
    word("at", "at(date, \"10:00\")", ("某日的某一时刻", "a time of a day"), 2, at),
    word(
        "calendar",
        "calendar(holidays, extra_workdays)",
        ("由节假日和调休上班日得出的工作日历", "a calendar of working days"),
        2,
        calendar,
    ),
    word("is_workday", "is_workday(date, calendar)", ("是否工作日", "whether a date is a working day"), 2, is_workday),
    word(
        "workdays",
        "workdays(from, to, calendar)",
        ("相隔工作日数，不计起始日", "working days after one date up to another"),
        3,
        workdays,
    ),
    word(
        "add_workdays",
        "add_workdays(date, n, calendar)",
        ("之后第 n 个工作日", "the n-th working day after a date"),
        3,
        add_workdays,
    ),
    word(
        "nth_workday",
        "nth_workday(start, n, calendar)",
        ("自某日起（含当日）的第 n 个工作日", "the n-th working day from a date on, which counts itself"),
        3,
        nth_workday,
    ),
    word(
        "last_workday",
        "last_workday(date, calendar)",
        ("不晚于某日的最后一个工作日", "the last working day that is not after a date"),
        2,
        last_workday,
    ),
];

const fn word(
    name: &'static str,
    usage: &'static str,
    help: (&'static str, &'static str),
    count: usize,
    run: fn(&mut Call) -> Result<Dynamic>,
) -> Word {
    Word { name, usage, help, arguments: count..=count, recorded: true, run }
}

/// Registers `date.year`, `period.start` and the like, and how dates are written in texts.
pub(super) fn register_properties(module: &mut Module) {
    module.set_custom_type::<Day>("date").set_custom_type::<Moment>("datetime").set_custom_type::<Span>("period");
    let getter = |name| FuncRegistration::new_getter(name).in_global_namespace();
    getter("year").set_into_module(module, |day: &mut Day| i64::from(day.0.year()));
    getter("month").set_into_module(module, |day: &mut Day| i64::from(day.0.month()));
    getter("day").set_into_module(module, |day: &mut Day| i64::from(day.0.day()));
    getter("date").set_into_module(module, |moment: &mut Moment| Day(moment.0.date()));
    getter("start").set_into_module(module, |period: &mut Span| Day(period.0.start()));
    getter("end").set_into_module(module, |period: &mut Span| Day(period.0.end()));
    let text = |name| FuncRegistration::new(name).in_global_namespace();
    text("to_string").set_into_module(module, |day: &mut Day| day.to_string());
    text("to_string").set_into_module(module, |moment: &mut Moment| moment.to_string());
    text("to_string").set_into_module(module, |period: &mut Span| period.to_string());
}

fn day(call: &Call, i: usize) -> Result<NaiveDate> {
    call.special::<Day>(i, "日期", "a date").map(|day| day.0)
}

fn moment(call: &Call, i: usize) -> Result<Moment> {
    call.special(i, "日期时间", "a date and time")
}

fn work_calendar(call: &Call, i: usize) -> Result<WorkCalendar> {
    call.special(i, "工作日历（用 calendar(...) 得到）", "a calendar, made by calendar(…)")
}

fn or_beyond<T>(result: Option<T>) -> Result<T> {
    counted(result.ok_or(NoDay::Beyond))
}

/// The code of a fault that ends when somebody enters the days of a year.
pub const UNKNOWN_YEAR: &str = "policy-calendar-year";

/// What a calendar counted; or why it cannot, with the year that somebody has to enter.
fn counted<T>(result: std::result::Result<T, NoDay>) -> Result<T> {
    let wrong = |no_day| match no_day {
        NoDay::Beyond => Wrong::new("policy-date", "日期超出可计算的范围", "the date is out of range"),
        NoDay::UnknownYear(year) => Wrong::new(
            UNKNOWN_YEAR,
            format!("日历没有 {year} 年的数据：请先导入这一年的节假日与调休"),
            format!("the calendar has no data for {year}: import that year's holidays and make-up workdays first"),
        ),
    };
    result.map_err(|no_day| wrong(no_day).into())
}

fn add_days(call: &mut Call) -> Result<Dynamic> {
    or_beyond(time::add_days(day(call, 0)?, call.whole(1)?)).map(|date| Dynamic::from(Day(date)))
}

fn add_months(call: &mut Call) -> Result<Dynamic> {
    let n = call.whole(1)?;
    if let Some(period) = call.value(0).read_lock::<Span>().map(|period| period.0) {
        return or_beyond(time::shift(period, n)).map(|period| Dynamic::from(Span(period)));
    }
    or_beyond(time::add_months(day(call, 0)?, n)).map(|date| Dynamic::from(Day(date)))
}

fn days_between(call: &mut Call) -> Result<Dynamic> {
    Ok(day(call, 1)?.signed_duration_since(day(call, 0)?).num_days().into())
}

fn minutes_between(call: &mut Call) -> Result<Dynamic> {
    Ok(moment(call, 1)?.0.signed_duration_since(moment(call, 0)?.0).num_minutes().into())
}

fn day_of(call: &mut Call) -> Result<Dynamic> {
    let period: Period = call.special::<Span>(0, "期间", "a period")?.0;
    let n = call.whole(1)?;
    let date =
        n.checked_sub(1).and_then(|n| time::add_days(period.start(), n)).filter(|date| n >= 1 && *date <= period.end());
    date.map(|date| Dynamic::from(Day(date))).ok_or_else(|| {
        Wrong::new("policy-date", format!("{period} 没有第 {n} 天"), format!("{period} has no day {n}")).into()
    })
}

fn at(call: &mut Call) -> Result<Dynamic> {
    let text = call.text(1)?;
    let time = NaiveTime::parse_from_str(&text, "%H:%M").ok().filter(|time| time.format("%H:%M").to_string() == text);
    let time = time.ok_or_else(|| call.wrong(1, "时刻，如 \"10:00\"", "a time such as \"10:00\""))?;
    Ok(Dynamic::from(Moment(day(call, 0)?.and_time(time))))
}

fn calendar(call: &mut Call) -> Result<Dynamic> {
    Ok(Dynamic::from(WorkCalendar::new(days(call, 0)?, days(call, 1)?)))
}

fn days(call: &Call, i: usize) -> Result<BTreeSet<NaiveDate>> {
    if call.value(i).is_unit() {
        return Ok(BTreeSet::new());
    }
    let day = |item: &Dynamic| item.read_lock::<Day>().map(|day| day.0);
    call.list(i)?
        .iter()
        .map(day)
        .collect::<Option<_>>()
        .ok_or_else(|| call.wrong(i, "日期列表", "a list of dates").into())
}

fn is_workday(call: &mut Call) -> Result<Dynamic> {
    counted(work_calendar(call, 1)?.is_workday(day(call, 0)?)).map(Dynamic::from)
}

fn workdays(call: &mut Call) -> Result<Dynamic> {
    counted(work_calendar(call, 2)?.between(day(call, 0)?, day(call, 1)?)).map(Dynamic::from)
}

fn add_workdays(call: &mut Call) -> Result<Dynamic> {
    counted(work_calendar(call, 2)?.add(day(call, 0)?, call.whole(1)?)).map(|date| Dynamic::from(Day(date)))
}

fn nth_workday(call: &mut Call) -> Result<Dynamic> {
    counted(work_calendar(call, 2)?.nth(day(call, 0)?, call.whole(1)?)).map(|date| Dynamic::from(Day(date)))
}

fn last_workday(call: &mut Call) -> Result<Dynamic> {
    counted(work_calendar(call, 1)?.last(day(call, 0)?)).map(|date| Dynamic::from(Day(date)))
}
