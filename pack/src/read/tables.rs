//! Tables of params: what their rows have in common, and the rows.

use std::collections::BTreeMap;

use zhupi_domain::{Decimal, Diagnostic, Name, Text};
use zhupi_policies::{
    Axis, Band, Below, Bounds, Cell, DecidedGap, Entry, Grades, LeftOver, Lookup, Mode, Neighbour, Pay, Share, Shares,
    Table, Tiers, Unit,
};

use super::params::TableKind;
use super::scalars::{date, decimal, expected, list, name, named, one_or_more, string, word};
use super::{Fields, Log};
use crate::yaml::{Node, Value};

/// What all rows of a table share.
#[derive(Debug)]
pub enum Shape {
    Tiers { axis: Option<Axis>, mode: Option<Mode> },
    Grade { axis: Option<Axis> },
    Split { left_over: Option<LeftOver> },
    Lookup { keys: Vec<String> },
}

const MODES: [(&str, Mode); 2] = [("whole", Mode::Whole), ("slice", Mode::Slice)];
const BOUNDS: [(&str, Bounds); 2] = [("half-open", Bounds::HalfOpen), ("closed", Bounds::Closed)];
const BELOW: [(&str, Below); 2] = [("zero", Below::Zero), ("error", Below::Error)];
const LEFT_OVER: [(&str, LeftOver); 4] = [
    ("first", LeftOver::First),
    ("largest", LeftOver::Largest),
    ("company", LeftOver::Company),
    ("carry", LeftOver::Carry),
];
const NEIGHBOURS: [(&str, Neighbour); 2] = [("lower", Neighbour::Lower), ("upper", Neighbour::Upper)];
const UNITS: [&str; 9] = ["元", "万元", "天", "分", "%", "yuan", "days", "count", "rate"];

/// Reads what a table says once.
pub fn shape(kind: TableKind, fields: &Fields<'_>) -> Shape {
    match kind {
        TableKind::Tiers => Shape::Tiers { axis: axis(fields), mode: fields.optional("mode", word(&MODES)) },
        TableKind::Grade => Shape::Grade { axis: axis(fields) },
        TableKind::Split => Shape::Split { left_over: fields.optional("left_over", word(&LEFT_OVER)) },
        TableKind::Lookup => Shape::Lookup { keys: fields.optional("keys", one_or_more(string)).unwrap_or_default() },
    }
}

fn axis(fields: &Fields<'_>) -> Option<Axis> {
    let name = fields.required("axis", string);
    let unit = fields.required("unit", unit);
    let step = fields.required("step", decimal);
    let domain = fields.optional("domain", domain).unwrap_or((None, None));
    let bounds = fields.optional("bounds", word(&BOUNDS)).unwrap_or_default();
    let below = fields.optional("below", word(&BELOW));
    Some(Axis { name: name?, unit: unit?, step: step?, low: domain.0, high: domain.1, bounds, below })
}

fn unit(node: &Node, log: &Log<'_>) -> Option<Unit> {
    let written = string(node, log)?;
    let unit = Unit::from_word(&written);
    if unit.is_none() {
        let message = Text::new(format!("不认识的单位 `{written}`"), format!("unknown unit `{written}`"));
        log.push(log.hints(Diagnostic::error("params.unit", node.span, message), &written, &UNITS));
    }
    unit
}

/// `[0, 100]`; `~` for no end.
fn domain(node: &Node, log: &Log<'_>) -> Option<(Option<Decimal>, Option<Decimal>)> {
    let Value::Seq(items) = &node.value else {
        expected(node, log, "取值范围，如 [0, 100] 或 [0, ~]", "a range such as [0, 100] or [0, ~]");
        return None;
    };
    let bound = |node: &Node| if node.is_null() { Some(None) } else { decimal(node, log).map(Some) };
    match items.as_slice() {
        [low, high] => Some((bound(low)?, bound(high)?)),
        _ => {
            expected(node, log, "取值范围，如 [0, 100] 或 [0, ~]", "a range such as [0, 100] or [0, ~]");
            None
        }
    }
}

/// Reads the rows that hold from one date on.
pub fn rows(shape: &Shape, fields: &Fields<'_>) -> Option<Table> {
    match shape {
        Shape::Tiers { axis, mode } => {
            let (rows, gaps) = (fields.required("rows", list(tier)), gaps(fields));
            Some(Table::Tiers(Tiers { axis: axis.clone()?, mode: *mode, rows: rows?, gaps }))
        }
        Shape::Grade { axis } => {
            let (rows, gaps) = (fields.required("rows", list(grade)), gaps(fields));
            Some(Table::Grades(Grades { axis: axis.clone()?, rows: rows?, gaps }))
        }
        Shape::Split { left_over } => {
            let rows = fields.required("rows", list(share))?;
            Some(Table::Split(Shares { rows, left_over: *left_over }))
        }
        Shape::Lookup { keys } => {
            let rows = fields.required("rows", list(lookup))?;
            Some(Table::Lookup(Lookup { keys: keys.clone(), rows }))
        }
    }
}

fn tier(node: &Node, log: &Log<'_>) -> Option<Band<Pay>> {
    let fields = Fields::of(node, log)?;
    let (from, to) = (fields.required("from", decimal), fields.optional("to", decimal));
    let pay = if fields.has("amount") {
        fields.required("amount", decimal).map(Pay::Amount)
    } else {
        fields.required("rate", decimal).map(Pay::Rate)
    };
    let clause = fields.optional("clause", string);
    fields.finish();
    Some(Band { from: from?, to, value: pay?, clause, span: Some(node.head()) })
}

/// `{ from: 90, grade: 优秀, factor: 1.2 }`: whatever else stands there is what the row gives.
fn grade(node: &Node, log: &Log<'_>) -> Option<Band<BTreeMap<Name, Cell>>> {
    let fields = Fields::of(node, log)?;
    let (from, to) = (fields.required("from", decimal), fields.optional("to", decimal));
    let clause = fields.optional("clause", string);
    let cells = fields
        .rest()
        .into_iter()
        .filter_map(|entry| Some((named(&entry.key, entry.key_span, log)?, cell(&entry.node, log)?)));
    Some(Band { from: from?, to, value: cells.collect(), clause, span: Some(node.head()) })
}

fn cell(node: &Node, log: &Log<'_>) -> Option<Cell> {
    let scalar = node.scalar().filter(|scalar| !scalar.is_null());
    let Some(scalar) = scalar else {
        expected(node, log, "一个值", "a value");
        return None;
    };
    let number = zhupi_domain::money::parse_decimal(&scalar.text).filter(|_| scalar.plain);
    Some(match (scalar.bool(), number) {
        (Some(value), _) => Cell::Bool(value),
        (None, Some(number)) => Cell::Number(number),
        (None, None) => Cell::Text(scalar.text.clone()),
    })
}

fn share(node: &Node, log: &Log<'_>) -> Option<Share> {
    let fields = Fields::of(node, log)?;
    let (name, percent) = (fields.required("name", name), fields.required("percent", decimal));
    let clause = fields.optional("clause", string);
    fields.finish();
    Some(Share { name: name?, percent: percent?, clause, span: Some(node.head()) })
}

fn lookup(node: &Node, log: &Log<'_>) -> Option<Entry> {
    let fields = Fields::of(node, log)?;
    let keys = fields.required("key", one_or_more(string));
    let value = fields.required("value", cell);
    let clause = fields.optional("clause", string);
    fields.finish();
    Some(Entry { keys: keys?, value: value?, clause, span: Some(node.head()) })
}

/// Gaps that a named person closed for the time being.
fn gaps(fields: &Fields<'_>) -> Vec<DecidedGap> {
    fields.optional("gaps", list(gap)).unwrap_or_default()
}

fn gap(node: &Node, log: &Log<'_>) -> Option<DecidedGap> {
    let fields = Fields::of(node, log)?;
    let (from, to) = (fields.required("from", decimal), fields.optional("to", decimal));
    let takes = fields.required("takes", word(&NEIGHBOURS));
    let (by, on) = (fields.required("by", string), fields.required("date", date));
    fields.finish();
    Some(DecidedGap { from: from?, to, takes: takes?, by: by?, on: on?, span: Some(node.head()) })
}
