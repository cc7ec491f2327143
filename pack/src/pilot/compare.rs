//! Evaluating every row under both releases, and adding up what differs.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use zhupi_domain::{Decimal, Name, ReleaseHash};

use super::amounts::{Amount, Difference, amounts, unnamed};
use super::side::{Outcome, Side};
use super::spread::{Bin, spread};
use super::{Pair, Row};

/// What two releases make of the same rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    pub policy: String,
    pub current: ReleaseHash,
    pub candidate: ReleaseHash,
    pub counts: Counts,
    /// By amount, the one first that is looked at first.
    pub totals: Vec<Total>,
    /// Those with the largest difference of the first amount first; where they are equal, by their name.
    pub payees: Vec<PayeeResult>,
    /// In the order of the file.
    pub rows: Vec<RowResult>,
}

/// How many evaluations ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub evaluations: usize,
    pub payees: usize,
    /// Refused by one release and not by the other.
    pub refused_in_one: usize,
    pub refused: OfBoth,
    pub incomplete: OfBoth,
    pub faults: OfBoth,
    /// Evaluations in which a value was assumed.
    pub assumed: OfBoth,
    /// Evaluations without an answer on one side: no amount of theirs is in any total.
    pub left_out: usize,
}

/// A number of evaluations under each release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct OfBoth {
    pub current: usize,
    pub candidate: usize,
}

/// One amount over all payees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Total {
    #[serde(flatten)]
    pub amount: Amount,
    #[serde(flatten)]
    pub sum: Difference,
    /// Payees who would get the same, more or less of it.
    pub same: usize,
    pub more: usize,
    pub less: usize,
    pub spread: Vec<Bin>,
}

/// One payee over all rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PayeeResult {
    pub payee: String,
    pub amounts: BTreeMap<Name, Difference>,
    /// The numbers of the rows that concern them.
    pub rows: Vec<usize>,
    /// How many of those are left out, because one release has no answer.
    pub left_out: usize,
    /// Whether a value was assumed somewhere.
    pub assumed: bool,
}

/// One row under both releases.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowResult {
    pub number: usize,
    pub line: usize,
    pub payees: Vec<String>,
    pub current: Side,
    pub candidate: Side,
}

/// Rows that are evaluated before it is asked whether to go on. Their explanations are in memory at once.
const AT_ONCE: usize = 128;

/// Evaluates all rows under both releases; none where `go_on` says at some point that it takes too long.
pub fn compare(pair: &Pair, rows: &[Row], go_on: impl Fn() -> bool) -> Option<Comparison> {
    let mut results = Vec::with_capacity(rows.len());
    for rows in rows.chunks(AT_ONCE) {
        if !go_on() {
            return None;
        }
        let [old, new] = pair.policies();
        let [current, candidate] = pair.evaluate(rows);
        for ((row, current), candidate) in rows.iter().zip(&current).zip(&candidate) {
            let payee = row.payee.as_deref();
            let current = Side::of(current, old.contract(), payee, row.number);
            let candidate = Side::of(candidate, new.contract(), payee, row.number);
            results.push(RowResult {
                number: row.number,
                line: row.line,
                payees: payees(row, &current, &candidate),
                current,
                candidate,
            });
        }
    }
    Some(sum_up(pair, results))
}

/// Whom a row concerns: whom it names, else whom either release pays; else itself.
fn payees(row: &Row, current: &Side, candidate: &Side) -> Vec<String> {
    if let Some(payee) = &row.payee {
        return vec![payee.clone()];
    }
    let paid: BTreeSet<&String> = current.shares.keys().chain(candidate.shares.keys()).collect();
    if paid.is_empty() { vec![unnamed(row.number)] } else { paid.into_iter().cloned().collect() }
}

fn sum_up(pair: &Pair, rows: Vec<RowResult>) -> Comparison {
    let amounts = amounts(pair.policies());
    let mut payees: BTreeMap<String, PayeeResult> = BTreeMap::new();
    let mut counts = Counts { evaluations: rows.len(), ..Counts::default() };
    for row in &rows {
        counts.add(row);
        let compared = row.current.has_answer() && row.candidate.has_answer();
        for payee in &row.payees {
            let result = payees
                .entry(payee.clone())
                .or_insert_with(|| PayeeResult { payee: payee.clone(), ..PayeeResult::default() });
            result.rows.push(row.number);
            result.assumed |= !row.current.assumed.is_empty() || !row.candidate.assumed.is_empty();
            result.left_out += usize::from(!compared);
            if compared {
                for amount in &amounts {
                    let of = |side: &Side| side.shares.get(payee).and_then(|shares| shares.get(&amount.name)).copied();
                    let (current, candidate) =
                        (of(&row.current).unwrap_or_default(), of(&row.candidate).unwrap_or_default());
                    result.amounts.entry(amount.name.clone()).or_default().add(current, candidate);
                }
            }
        }
    }
    counts.payees = payees.len();
    let mut payees: Vec<PayeeResult> = payees.into_values().collect();
    let totals = amounts.into_iter().map(|amount| total(amount, &payees)).collect::<Vec<_>>();
    if let Some(first) = totals.first() {
        // The sort keeps the order of names where differences are equal.
        payees.sort_by_key(|payee| std::cmp::Reverse(payee.difference(&first.amount.name).abs()));
    }
    Comparison {
        policy: pair.policies()[0].contract().policy.to_string(),
        current: pair.current.hash(),
        candidate: pair.candidate.hash(),
        counts,
        totals,
        payees,
        rows,
    }
}

fn total(amount: Amount, payees: &[PayeeResult]) -> Total {
    let mut sum = Difference::default();
    let compared = payees.iter().filter_map(|payee| payee.amounts.get(&amount.name));
    compared.clone().for_each(|one| sum.add(one.current.0, one.candidate.0));
    let differences = compared.map(|one| one.difference.0);
    let count = |which: fn(&Decimal) -> bool| differences.clone().filter(which).count();
    Total {
        same: count(Decimal::is_zero),
        more: count(|difference| *difference > Decimal::ZERO),
        less: count(|difference| *difference < Decimal::ZERO),
        spread: spread(differences),
        sum,
        amount,
    }
}

impl PayeeResult {
    /// What the candidate gives more of an amount; nothing where it is not known.
    pub fn difference(&self, amount: &Name) -> Decimal {
        self.amounts.get(amount).map(|one| one.difference.0).unwrap_or_default()
    }
}

impl Counts {
    fn add(&mut self, row: &RowResult) {
        let is = |outcome: Outcome| (row.current.outcome == outcome, row.candidate.outcome == outcome);
        let refused = is(Outcome::Refused);
        self.refused.add(refused);
        self.refused_in_one += usize::from(refused.0 != refused.1);
        self.incomplete.add(is(Outcome::Incomplete));
        self.faults.add(is(Outcome::Fault));
        self.assumed.add((!row.current.assumed.is_empty(), !row.candidate.assumed.is_empty()));
        self.left_out += usize::from(!row.current.has_answer() || !row.candidate.has_answer());
    }
}

impl OfBoth {
    fn add(&mut self, (current, candidate): (bool, bool)) {
        self.current += usize::from(current);
        self.candidate += usize::from(candidate);
    }

    pub fn is_zero(self) -> bool {
        self == Self::default()
    }
}
