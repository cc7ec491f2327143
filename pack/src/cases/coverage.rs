//! What the cases of a pack reach: script lines, table rows, steps, branches and operations.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use zhupi_engine::{Block, EventKind, Place};
use zhupi_policies::{self as policies, Policy};

use super::acts::{ACTS, COMMENT, What};
use super::play::Play;
use crate::Release;

/// How much was reached, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// By policy.
    pub policies: BTreeMap<String, PolicyCoverage>,
    /// Steps of flows, written `flow/step`.
    pub steps: Ratio,
    /// Branches of choices, written `flow/choice.branch`, both counted from 1.
    pub branches: Ratio,
    /// What people and the clock did.
    pub operations: Ratio,
}

/// What the cases reach of one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PolicyCoverage {
    /// Script lines, from 1.
    pub lines: Ratio,
    /// Table rows, written `param@date#row`, from 1.
    pub rows: Ratio,
}

/// So many of so many, and the names of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Ratio {
    pub reached: usize,
    pub all: usize,
    pub missed: BTreeSet<String>,
    #[serde(skip)]
    hit: BTreeSet<String>,
}

/// What the clock does, besides what cases say.
const OVERDUE: &str = "overdue";

impl Ratio {
    fn of(all: impl IntoIterator<Item = String>) -> Self {
        let missed: BTreeSet<String> = all.into_iter().collect();
        Self { reached: 0, all: missed.len(), missed, hit: BTreeSet::new() }
    }

    fn reach(&mut self, name: &str) {
        if self.missed.remove(name) {
            self.hit.insert(name.to_owned());
            self.reached = self.hit.len();
        }
    }

    /// Adds names that can be reached.
    fn extend(&mut self, names: impl IntoIterator<Item = String>) {
        self.missed.extend(names.into_iter().filter(|name| !self.hit.contains(name)));
        self.all = self.missed.len() + self.hit.len();
    }
}

impl Coverage {
    /// Nothing reached yet.
    ///
    /// Libraries have cases of their own: what a company takes from one is not asked for here.
    pub(crate) fn of(release: &Release) -> Self {
        let own = |name: &String| release.files().contains_key(name);
        let flows = release.flows().iter().filter(|(name, _)| own(&format!("flows/{name}.yaml")));
        let steps =
            flows.clone().flat_map(|(flow, of)| of.walk().map(move |(_, step)| format!("{flow}/{}", step.name)));
        let branches = flows.flat_map(|(flow, of)| branches(flow.as_str(), &of.steps));
        let mut coverage = Self {
            steps: Ratio::of(steps.collect::<Vec<_>>()),
            branches: Ratio::of(branches),
            operations: Ratio::of(ACTS.into_iter().chain([COMMENT, OVERDUE]).map(str::to_owned)),
            policies: BTreeMap::new(),
        };
        for policy in release.policies().values().filter(|policy| own(&policy.contract().policy.script_file())) {
            coverage.policies.entry(policy.contract().policy.to_string()).or_default();
            let (_, all) = policies::cover(policy, release.params(), &[]);
            coverage.policy(policy, all);
        }
        coverage
    }

    /// Adds what evaluations of a policy reached.
    pub(crate) fn policy(&mut self, policy: &Policy, reached: policies::Coverage) {
        let Some(of) = self.policies.get_mut(policy.contract().policy.as_str()) else { return };
        of.lines.extend(reached.lines.iter().map(usize::to_string));
        let row = |param: &str, from, row: usize| format!("{param}@{from}#{}", row + 1);
        let all = reached
            .rows
            .iter()
            .flat_map(|((param, from), count)| (0..*count).map(move |at| row(param.as_str(), from, at)));
        of.rows.extend(all.collect::<Vec<_>>());
        reached.lines_hit.iter().for_each(|line| of.lines.reach(&line.to_string()));
        for (param, from, at) in &reached.rows_hit {
            of.rows.reach(&row(param.as_str(), from, *at));
        }
    }

    /// Adds what a played request went through.
    pub(crate) fn played(&mut self, play: &Play<'_>) {
        let flow = &play.flow.name;
        for event in &play.events {
            match &event.kind {
                EventKind::VisitOpened { place: Place::Step(step), .. }
                | EventKind::Moved { place: Place::Step(step), .. }
                | EventKind::Skipped { place: Place::Step(step), .. } => {
                    self.steps.reach(&format!("{flow}/{}", step.what));
                }
                EventKind::BranchTaken { choose, branch, .. } => {
                    self.branches.reach(&format!("{flow}/{}.{}", choose.saturating_add(1), branch.saturating_add(1)));
                }
                EventKind::Overdue { .. } => self.operations.reach(OVERDUE),
                _ => {}
            }
        }
    }

    pub(crate) fn operation(&mut self, what: &What) {
        self.operations.reach(what.key());
    }
}

fn branches(flow: &str, blocks: &[Block]) -> Vec<String> {
    let mut names = Vec::new();
    for block in blocks {
        match block {
            Block::Step(_) => {}
            Block::Choose(choose) => {
                for (index, branch) in choose.branches.iter().enumerate() {
                    names.push(format!("{flow}/{}.{}", choose.number.saturating_add(1), index + 1));
                    names.extend(branches(flow, &branch.steps));
                }
            }
            Block::Parallel(parallel) => {
                names.extend(parallel.branches.iter().flat_map(|branch| branches(flow, &branch.steps)));
            }
            Block::Each(each) => names.extend(branches(flow, &each.steps)),
        }
    }
    names
}
