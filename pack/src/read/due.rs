//! When work is due, as flows write it.

use chrono::NaiveTime;
use zhupi_domain::calendar::{Anchor, Otherwise, Span as Stretch, WEEKDAYS, Window, WindowDay};

use super::scalars::{Expression, expected, expression_of, stretch, string, word};
use super::{Fields, Log};
use crate::yaml::Node;

/// The rule for a deadline.
#[derive(Debug, Clone)]
pub enum DueSource {
    Within(Stretch),
    Before { span: Stretch, of: Expression },
    At(Expression),
    Window(Window),
}

const ANCHORS: [(&str, Anchor); 6] = [
    ("this-month", Anchor::This),
    ("next-month", Anchor::Next),
    ("this-week", Anchor::This),
    ("next-week", Anchor::Next),
    ("period", Anchor::Period),
    ("after-period", Anchor::AfterPeriod),
];
const OTHERWISE: [(&str, Otherwise); 3] = [
    ("same", Otherwise::Same),
    ("next-workday", Otherwise::NextWorkday),
    ("previous-workday", Otherwise::PreviousWorkday),
];

/// `2 workdays`, `24 hours before form.planned_at`, `at dates.data.plan_by`,
/// `{ day: 25, of: this-month, at: "16:00", else: next-workday }`.
pub fn due(node: &Node, log: &Log<'_>) -> Option<DueSource> {
    if node.entries().is_some() {
        return window(node, log).map(DueSource::Window);
    }
    let text = node.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default();
    if let Some(of) = text.strip_prefix("at ") {
        return expression_of(node, of, log).map(DueSource::At);
    }
    match text.split_once(" before ") {
        None => stretch(node, log).map(DueSource::Within),
        Some((span, of)) => match Stretch::parse(span) {
            Ok(Stretch::Workdays(_)) | Err(_) => {
                expected(node, log, "例如 24 hours before form.日期", "such as `24 hours before form.DATE`");
                None
            }
            Ok(span) => expression_of(node, of, log).map(|of| DueSource::Before { span, of }),
        },
    }
}

/// A day that comes round: `{ day: 25 }`, `{ workday: 4 }`, `{ weekday: friday }`.
pub fn window(node: &Node, log: &Log<'_>) -> Option<Window> {
    let fields = Fields::of(node, log)?;
    let day = day(&fields);
    let of = fields.optional("of", word(&ANCHORS)).unwrap_or_default();
    let at = fields.optional("at", time);
    let otherwise = fields.optional("else", word(&OTHERWISE)).unwrap_or_default();
    fields.finish();
    Some(Window { day: day?, of, at, otherwise })
}

/// The day of a window.
pub fn day(fields: &Fields<'_>) -> Option<WindowDay> {
    if fields.has("weekday") {
        return fields.required("weekday", weekday);
    }
    if fields.has("workday") {
        return fields.required("workday", |node, log| match node.scalar().map(|scalar| scalar.text.as_str()) {
            Some("last") => Some(WindowDay::LastWorkday),
            _ => number(node, log, 23).map(WindowDay::Workday),
        });
    }
    fields.required("day", |node, log| match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("last") => Some(WindowDay::OfMonth(31)),
        _ => number(node, log, 31).map(WindowDay::OfMonth),
    })
}

fn weekday(node: &Node, log: &Log<'_>) -> Option<WindowDay> {
    let written = string(node, log)?;
    if written == "last-workday" {
        return Some(WindowDay::LastWorkdayOfWeek);
    }
    let known: Vec<(&str, WindowDay)> = WEEKDAYS
        .iter()
        .zip(1u8..)
        .map(|(name, number)| (*name, WindowDay::OfWeek(number)))
        .chain([("last-workday", WindowDay::LastWorkdayOfWeek)])
        .collect();
    word(&known)(node, log)
}

fn number(node: &Node, log: &Log<'_>, most: u8) -> Option<u8> {
    let number = node.scalar().and_then(|scalar| scalar.text.parse().ok()).filter(|number| (1..=most).contains(number));
    if number.is_none() {
        expected(node, log, &format!("1 到 {most} 的数，或 last"), &format!("a number from 1 to {most}, or `last`"));
    }
    number
}

/// A time of day such as `16:00`.
pub fn time(node: &Node, log: &Log<'_>) -> Option<NaiveTime> {
    let time = node.scalar().and_then(|scalar| NaiveTime::parse_from_str(&scalar.text, "%H:%M").ok());
    if time.is_none() {
        expected(node, log, "一个钟点，如 \"16:00\"", "a time of day such as \"16:00\"");
    }
    time
}
