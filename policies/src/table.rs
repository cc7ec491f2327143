//! Tables of params: tiers, grades, splits and lookups, as authors write them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value as Json;
use zhupi_domain::{Decimal, Name, Span};

use crate::contract::LeftOver;

/// What the numbers of an axis count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// 元.
    Yuan,
    /// 万元: bounds, step and domain are multiplied by 10 000 before they meet a value in yuan.
    TenThousandYuan,
    /// 天.
    Days,
    /// 个, 次, 人 and the like.
    Count,
    /// 分.
    Points,
    /// Shares such as 0.85.
    Rate,
    /// Shares in hundredths: bounds, step and domain are divided by 100.
    Percent,
}

impl Unit {
    /// Reads the word of a table, in English or Chinese.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "yuan" | "元" => Self::Yuan,
            "wan-yuan" | "万元" => Self::TenThousandYuan,
            "days" | "天" | "日" => Self::Days,
            "count" | "个" | "次" | "人" | "件" => Self::Count,
            "points" | "分" => Self::Points,
            "rate" => Self::Rate,
            "percent" | "%" => Self::Percent,
            _ => return None,
        })
    }

    /// What people read after a number.
    pub fn symbol(&self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousandYuan => "万元",
            Self::Days => "天",
            Self::Count => "",
            Self::Points => "分",
            Self::Rate => "",
            Self::Percent => "%",
        }
    }

    /// Whether a value counts things, so that 1 to 10 are ten of them.
    pub(crate) fn is_counted(&self) -> bool {
        matches!(self, Self::Days | Self::Count)
    }

    /// A number of the table in the unit that scripts compute with.
    pub(crate) fn scaled(&self, number: Decimal) -> Decimal {
        match self {
            Self::TenThousandYuan => number.saturating_mul(Decimal::from(10_000)),
            Self::Percent => number.checked_div(Decimal::ONE_HUNDRED).unwrap_or(number),
            _ => number,
        }
    }
}

/// Whether the upper bound of a row belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bounds {
    /// `[from, to)`: the upper bound belongs to the next row.
    #[default]
    HalfOpen,
    /// `[from, to]`: both bounds belong to the row; the next row starts one step higher.
    Closed,
}

/// What a value below the first row gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// Nothing.
    Zero,
    /// A fault: it cannot be.
    Error,
}

/// What a tier's rate is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// 全额: the whole value at the rate of the tier reached.
    Whole,
    /// 分段: each part of the value at the rate of the tier it lies in.
    Slice,
}

/// The numbers that rows are cut out of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// What is measured, for people to read, such as 利润.
    pub name: String,
    pub unit: Unit,
    /// The smallest difference between two values: 0.01 yuan, one day.
    pub step: Decimal,
    /// The smallest value that can occur.
    pub low: Option<Decimal>,
    /// The largest value that can occur; none where there is no end.
    pub high: Option<Decimal>,
    pub bounds: Bounds,
    pub below: Option<Below>,
}

/// One stretch of an axis; in the table's own unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band<V> {
    pub from: Decimal,
    /// None where the row has no end.
    pub to: Option<Decimal>,
    pub value: V,
    pub clause: Option<String>,
    pub span: Option<Span>,
}

/// What a tier pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    /// A share of the value, or of the slice.
    Rate(Decimal),
    /// A fixed amount. In `slice` mode it is paid once the tier is reached.
    Amount(Decimal),
}

/// Which neighbour a gap was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbour {
    /// The row below goes on until the next begins.
    Lower,
    /// The row above begins right after the last ended.
    Upper,
}

/// A gap between two rows that a named person closed for the time being; results in it are marked as assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedGap {
    /// The first value of the gap.
    pub from: Decimal,
    /// The last value of the gap; none for everything above.
    pub to: Option<Decimal>,
    pub takes: Neighbour,
    /// Who decided.
    pub by: String,
    pub on: NaiveDate,
    pub span: Option<Span>,
}

/// Rates or amounts by size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    pub axis: Axis,
    /// Must be stated; `check` reports where it is missing (T04) and the table cannot be used.
    pub mode: Option<Mode>,
    pub rows: Vec<Band<Pay>>,
    pub gaps: Vec<DecidedGap>,
}

/// Grades by size: each row gives named values, such as a grade and a factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grades {
    pub axis: Axis,
    pub rows: Vec<Band<BTreeMap<Name, Cell>>>,
    pub gaps: Vec<DecidedGap>,
}

/// One share of a split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub name: Name,
    /// In hundredths: 30 is 30%.
    pub percent: Decimal,
    pub clause: Option<String>,
    pub span: Option<Span>,
}

/// Shares of a whole, in listed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    pub rows: Vec<Share>,
    /// The contract's way where absent.
    pub left_over: Option<LeftOver>,
}

/// One entry of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// One text for each key column.
    pub keys: Vec<String>,
    pub value: Cell,
    pub clause: Option<String>,
    pub span: Option<Span>,
}

/// Values by one or more texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// What the key columns mean, for people to read.
    pub keys: Vec<String>,
    pub rows: Vec<Entry>,
}

/// A value in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Number(Decimal),
    Text(String),
    Bool(bool),
}

impl Cell {
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Number(number) => Json::String(number.normalize().to_string()),
            Self::Text(text) => Json::String(text.clone()),
            Self::Bool(value) => Json::Bool(*value),
        }
    }
}

/// A table of a param.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Table {
    Tiers(Tiers),
    Grades(Grades),
    Split(Shares),
    Lookup(Lookup),
}

impl Table {
    /// The word that authors write for the kind of table.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Tiers(_) => "tiers",
            Self::Grades(_) => "grade",
            Self::Split(_) => "split",
            Self::Lookup(_) => "lookup",
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Tiers(table) => table.rows.len(),
            Self::Grades(table) => table.rows.len(),
            Self::Split(table) => table.rows.len(),
            Self::Lookup(table) => table.rows.len(),
        }
    }

    /// Where each row begins; nothing for tables without an axis.
    pub(crate) fn bounds(&self) -> Vec<Decimal> {
        match self {
            Self::Tiers(table) => table.rows.iter().map(|row| row.from).collect(),
            Self::Grades(table) => table.rows.iter().map(|row| row.from).collect(),
            Self::Split(_) | Self::Lookup(_) => Vec::new(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
