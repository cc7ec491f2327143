//! Pilot 试点: two releases beside each other on the same facts, so that people see what a new scheme would pay before it pays.
//!
//! Three steps: [`freeze`] reads the rows and looks up what the contracts bind, once and for both; [`compare`] evaluates every
//! row under both releases and adds up what differs; [`explain`] gives the two explanations of a row. Nothing is kept here.

mod amounts;
mod columns;
mod compare;
mod facts;
mod frozen;
mod side;
mod source;
mod spread;

use zhupi_domain::Name;
use zhupi_policies::{Evaluation, Policy, Request, evaluate};

pub use amounts::{Amount, Difference, Figure};
pub use compare::{Comparison, Counts, OfBoth, PayeeResult, RowResult, Total, compare};
pub use frozen::{Data, Row, freeze};
pub use side::{Outcome, Side};
pub use source::Source;
pub use spread::Bin;

use crate::Release;

/// The most rows of one pilot.
pub const MAX_ROWS: usize = 20_000;

/// The release that holds, the one that is tried, and the policy that is looked at in both.
#[derive(Debug, Clone)]
pub struct Pair {
    pub current: Release,
    pub candidate: Release,
    policies: [Policy; 2],
}

/// A release that does not have the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPolicy {
    /// Whether it is the candidate that lacks it.
    pub in_candidate: bool,
    /// The policies that it has.
    pub known: Vec<String>,
}

impl Pair {
    /// Refused where one of the releases does not have the policy.
    pub fn new(current: Release, candidate: Release, policy: &str) -> Result<Self, NoPolicy> {
        let find = |release: &Release, in_candidate| {
            let known = || release.policies().keys().map(ToString::to_string).collect();
            release.policy(policy).cloned().ok_or_else(|| NoPolicy { in_candidate, known: known() })
        };
        let policies = [find(&current, false)?, find(&candidate, true)?];
        Ok(Self { current, candidate, policies })
    }

    /// The policy as the current release has it, and as the candidate does.
    pub fn policies(&self) -> &[Policy; 2] {
        &self.policies
    }

    fn sides(&self) -> [(&Release, &Policy); 2] {
        let [current, candidate] = &self.policies;
        [(&self.current, current), (&self.candidate, candidate)]
    }

    /// Rows evaluated under both releases, in their order.
    fn evaluate(&self, rows: &[Row]) -> [Vec<Evaluation>; 2] {
        let requests = |candidate: bool| -> Vec<Request> {
            let inputs = |row: &Row| row.candidate.as_ref().filter(|_| candidate).unwrap_or(&row.inputs).clone();
            rows.iter().map(|row| Request::new(inputs(row), row.on)).collect()
        };
        let [(current, old), (candidate, new)] = self.sides();
        [evaluate(old, current.params(), &requests(false)), evaluate(new, candidate.params(), &requests(true))]
    }
}

/// Rows evaluated again, with their explanations under both releases.
pub fn explain(pair: &Pair, rows: &[Row]) -> Vec<[Evaluation; 2]> {
    let [current, candidate] = pair.evaluate(rows);
    current.into_iter().zip(candidate).map(|(current, candidate)| [current, candidate]).collect()
}

/// The amount under which the lines of a payout are added up.
pub const LINES: &str = "lines";

fn lines() -> Option<Name> {
    Name::new(LINES).ok()
}
