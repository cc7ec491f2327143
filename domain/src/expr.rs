//! The closed expression language of `when`, `where`, `set`, computed fields and control sums.
//!
//! Small on purpose: it always ends, computes in decimals, knows the types of everything before it runs, and can call nothing
//! but the sixteen words below. The browser evaluates the same texts to the same values (`web/src/expr/`); both are held to
//! one corpus, `domain/corpus/expressions.json`. Policies, which may do more, are written in rhai.
//!
//! # What can be written
//!
//! | | |
//! |---|---|
//! | numbers | `1200`, `0.30`: plain decimals, at most 12 digits after the point |
//! | texts | `"…"` or `'…'` on one line, without escapes |
//! | others | `true`, `false`, `date("2026-03-01")`; lists of single values `[1, 2]` |
//! | names | `amount`, `form.amount`, `坏账.金额`: letters of any script, digits, `_`. `-` is always minus, so a step with a hyphen in its name cannot be named: give its result a name with `into:` |
//! | rows | `items.points` is the list of all points, which may be written `items[].points`; a leading point means "of this row": `any(items, .points > limit)` |
//! | operators | loosest first: `if c then a else b`; `or`; `and`; `not`; `== != < <= > >=`, `in`, `not in`; `+ -`; `* /`; minus in front. `× ÷ − ≠ ≤ ≥` are the same signs |
//! | over rows | `sum(items.points)`, `sum(items, .points * .weight)`, `count(items)`, `count(items, .done)`, `any(items, .done)`, `all(items, .done)`, `min(items.points)`, `max(items.points)` |
//! | functions | `has(x)`, `min(a, b)`, `max(a, b)`, `round(x, 2)`, `today()`, `date(instant)`, `year(d)`, `month(d)`, `days(from, to)`, `workdays(from, to)`, `add_days(d, n)`, `add_workdays(d, n)` |
//!
//! The leading point keeps a row's fields apart from everything outside: adding a field to the form never changes what an
//! existing expression reads, and [`Expr::paths`] is exact without knowing types.
//!
//! # What it means
//!
//! - **Absent** (nothing filled in) spreads: arithmetic and functions with something absent yield absent. A comparison with
//!   something absent is false, `!=` and `not in` too. Where a yes or no is needed, absent is no. `has(x)` is true when x was
//!   filled in: not absent, no empty text, no empty list.
//! - **Over rows**, absent rows and absent figures are passed over; an absent list is an empty one. Of nothing, `sum` and
//!   `count` are 0, `any` is false, `all` is true, `min` and `max` are absent.
//! - **`and`, `or`, `any`, `all`, `if`** look at no more than they need, from left to right: `n != 0 and total / n > 5` is safe.
//! - **Numbers** stay below 10^15 in size, with at most 12 digits after the point; `*` and `/` are rounded there, half away from
//!   zero, and so is `round` (四舍五入). Beyond, and for a division by zero, there is an [`EvalError`] with its place.
//! - **Texts** are equal or not; they have no order. Comparing values of two kinds (`"50000.00" > 50000`), or a choice with a
//!   text that it can never be, is an error when the expression is checked.
//! - **Dates** are the company's local dates. `days` and `workdays` leave out the first day and include the last; negative
//!   backwards. Working days come from the caller's calendar; a year without data is an [`EvalError`] that names the year.
//! - **Limits**: 4 kB of text, 64 levels, 1000 parts, a million steps.
//!
//! # Why not a library
//!
//! `zen-expression` (looked at: 2.1.6) is decimal and well kept, and was the first choice. Four things stood against it. Its
//! checker knows `any`, and lets a text be equal to a number with a warning at most, where a wrong condition in an approval
//! has to be an error. A missing member is `null`, on which arithmetic and order fail while they run, and a division by zero
//! yields `null` silently; forms are full of unfilled fields, and wrong figures must not look like unfilled ones. It reads
//! the clock and draws random numbers, which a decision that is replayed must not. And in a browser it is a WASM module of
//! several hundred kilobytes, where the twin of this folder is a few.

mod check;
mod error;
mod eval;
mod fixed;
mod functions;
mod mismatch;
mod parse;
mod report;
mod token;
mod tree;
mod types;
mod value;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub use error::{EvalError, EvalErrorKind};
pub use types::{Field, Type};
pub use value::{Value, ValueError};

use crate::Diagnostics;
use crate::calendar::Calendar;
use tree::Node;

/// The longest expression, in bytes.
pub const MAX_LENGTH: usize = 4096;
/// How deep parentheses, calls and conditions nest.
pub const MAX_DEPTH: usize = 64;
/// The most parts (values, operators, calls) of one expression.
pub const MAX_NODES: usize = 1000;
/// The most steps of one evaluation: parts evaluated, rows and days walked.
pub const MAX_STEPS: usize = 1_000_000;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    source: String,
    root: Node,
}

/// What an evaluation knows besides its scope.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The company's local date.
    pub today: NaiveDate,
    /// Needed for working days and for the local date of an instant only.
    pub calendar: Option<&'a Calendar>,
}

impl Expr {
    /// Reads an expression; a finding's place is in `source`.
    pub fn parse(source: &str) -> Result<Self, Diagnostics> {
        let root = parse::parse(source).map_err(|stop| vec![*stop])?;
        Ok(Self { source: source.to_owned(), root })
    }

    /// The type over a scope, which is a record of the names that can be used; or all findings.
    pub fn check(&self, scope: &Type) -> Result<Type, Diagnostics> {
        check::check(&self.root, scope)
    }

    /// The value over a scope.
    ///
    /// For an expression that was checked against the scope's type, this never fails with [`EvalErrorKind::WrongType`].
    pub fn eval(&self, scope: &Value, context: &Context<'_>) -> Result<Value, EvalError> {
        eval::eval(&self.root, scope, context)
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every dotted path that is read, from the root: `any(form.items, .points > limit)` reads `form.items`,
    /// `form.items.points` and `limit`.
    pub fn paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        self.root.collect_paths(None, &mut paths);
        paths
    }

    /// Whether its value depends on the working calendar.
    pub fn counts_workdays(&self) -> bool {
        self.root.counts_workdays()
    }

    /// The names of the scope that are there for certain where a condition has come to this: `has(x) and x.y > 1` to true,
    /// `not has(x)` to false.
    pub fn certain(&self, outcome: bool) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.root.collect_certain(outcome, &mut names);
        names
    }
}
