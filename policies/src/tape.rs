//! What is recorded while a script runs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rhai::{NativeCallContext, Position};
use zhupi_domain::Name;

use crate::evaluation::Assumed;
use crate::explanation::{Explanation, RowHit, What};

/// A step and the place in the script that made it.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub what: What,
    pub place: Place,
}

/// Where a word was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub position: Position,
    pub library: Option<String>,
}

impl Place {
    /// Outside the script: before it ran, or where the engine does not tell.
    pub(crate) const OUTSIDE: Self = Self { position: Position::NONE, library: None };

    /// Where the running script calls the host.
    pub(crate) fn of(context: &NativeCallContext) -> Self {
        let library = context.call_source().filter(|source| !source.is_empty()).map(str::to_owned);
        Self { position: context.call_position(), library }
    }
}

/// A row of a table, named by its param, the day it holds from, and its number from 0.
pub(crate) type RowId = (Name, NaiveDate, usize);

/// Steps in order, and what coverage and marks need.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub steps: Vec<Recorded>,
    pub more: usize,
    pub rows: BTreeSet<RowId>,
    pub params: BTreeSet<(Name, NaiveDate)>,
    pub lines: BTreeSet<usize>,
    pub assumed: BTreeMap<(Name, NaiveDate, String), Assumed>,
}

impl Tape {
    pub(crate) fn push(&mut self, what: What, place: Place) {
        if self.steps.len() < Explanation::MAX_STEPS {
            self.steps.push(Recorded { what, place });
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn assume(&mut self, param: &Name, from: NaiveDate, clause: Option<String>, gap: Option<String>) {
        let key = (param.clone(), from, gap.clone().unwrap_or_default());
        self.assumed.entry(key).or_insert_with(|| Assumed { param: param.clone(), from, clause, gap });
    }

    /// Notes the rows that a word used.
    pub(crate) fn hit(&mut self, param: &Name, hits: &[RowHit]) {
        for hit in hits {
            self.rows.insert((param.clone(), hit.from, hit.row.saturating_sub(1)));
            if hit.gap {
                self.assume(param, hit.from, hit.clause.clone(), Some(hit.label.clone()));
            }
        }
    }
}
