//! Cases: examples with their expected answers, played on the real engine, policies and forms.

mod acts;
mod check;
mod compare;
mod coverage;
mod flow;
mod maps;
mod observe;
mod play;
mod policy;
mod report;
mod setting;
mod source;
mod starting;

use std::collections::BTreeMap;

use crate::seeds::Seeds;
use zhupi_domain::{Diagnostics, Text};

use crate::Release;
use crate::libraries;
use crate::paths::{self, FileKind};
use crate::read::Log;
use crate::sources;
use crate::yaml;

pub use check::check;
pub use coverage::{Coverage, PolicyCoverage, Ratio};
pub use report::{CaseResult, Report, Status, Summary};
use source::{Body, CaseSource};

/// Everything that cases are played with.
pub(crate) struct Stage<'a> {
    pub release: &'a Release,
    /// The people of `people: pack`, and the company's own days.
    pub seeds: &'a Seeds,
    pub maps: Vec<maps::Map>,
}

/// Runs the cases of a release and, of `more` files (path → text), those that the pack claims.
///
/// The pack's own cases always count. A claimed case whose policy the pack lacks fails; others are skipped and named.
/// Malformed files are findings of the report, and their other cases still run.
pub fn run(release: &Release, seeds: &Seeds, more: &BTreeMap<String, String>) -> Report {
    let mut found = Diagnostics::new();
    let own = release.files();
    let stage = Stage { release, seeds, maps: read_maps(own, &mut found) };
    let mut report = Report::default();
    let mut coverage = Coverage::of(release);
    for case in read_cases(own, true, &mut found) {
        report.cases.extend(stage.run(&case, &mut coverage));
    }
    for case in read_cases(more, false, &mut found) {
        let results = if stage.claims(&case) { stage.run(&case, &mut coverage) } else { skipped(&case) };
        report.cases.extend(results);
    }
    sources::sort(&mut found);
    report.finish(coverage, found)
}

/// The cases of all case files. Files of a pack lie in `cases/`, other files anywhere.
fn read_cases(files: &BTreeMap<String, String>, own: bool, found: &mut Diagnostics) -> Vec<CaseSource> {
    let is_case = |path: &str| match own {
        true => libraries::inside(path).is_none() && paths::kind(path) == Ok(FileKind::Cases),
        false => path.ends_with(".yaml") && !path.ends_with(".map.yaml"),
    };
    files
        .iter()
        .filter(|(path, _)| is_case(path))
        .flat_map(|(path, text)| {
            let log = Log::new(path, text);
            let parsed = yaml::parse(text);
            log.extend(parsed.problems);
            let cases = parsed.root.map(|root| source::cases(&root, &log)).unwrap_or_default();
            found.extend(log.into_found());
            cases
        })
        .collect()
}

fn read_maps(files: &BTreeMap<String, String>, found: &mut Diagnostics) -> Vec<maps::Map> {
    let (entries, _) = libraries::entries(files);
    entries
        .into_iter()
        .filter(|entry| entry.kind == FileKind::Maps)
        .flat_map(|entry| {
            let log = Log::new(entry.path, entry.text);
            let maps = yaml::parse(entry.text).root.map(|root| maps::read(&root, &log)).unwrap_or_default();
            found.extend(log.into_found());
            maps
        })
        .collect()
}

impl Stage<'_> {
    /// Whether the pack answers for a case that is not its own.
    fn claims(&self, case: &CaseSource) -> bool {
        let policy = match &case.body {
            Body::Policy(policy) => policy.policy.value.as_str(),
            Body::Flow(_) => return case.company.as_deref() == Some(self.release.company().id.as_str()),
        };
        let company = self.release.company();
        company.claims.iter().any(|claim| claim.holds(case.company.as_deref(), policy))
    }

    /// Runs every row of a case.
    fn run(&self, case: &CaseSource, coverage: &mut Coverage) -> Vec<CaseResult> {
        match &case.body {
            Body::Flow(flow) => vec![flow::run(self, case, flow, coverage)],
            Body::Policy(rows) => {
                let map = self.maps.iter().find(|map| map.policy.value == rows.policy.value);
                match (self.release.policy(&rows.policy.value), map) {
                    (Some(policy), _) => policy::run(self, case, rows, policy, coverage),
                    (None, Some(map)) => maps::run(self, case, rows, map, coverage),
                    (None, None) => no_policy(case, &rows.policy.value, rows.rows.len()),
                }
            }
        }
    }
}

fn no_policy(case: &CaseSource, policy: &str, rows: usize) -> Vec<CaseResult> {
    let reason = Text::new(format!("配置包里没有政策 {policy}"), format!("the pack has no policy {policy}"));
    (0..rows.max(1)).map(|row| CaseResult::failed(case, row, reason.clone())).collect()
}

fn skipped(case: &CaseSource) -> Vec<CaseResult> {
    let rows = match &case.body {
        Body::Policy(policy) => policy.rows.len().max(1),
        Body::Flow(_) => 1,
    };
    let reason = Text::new("配置包没有认领这个案例", "the pack does not claim this case");
    (0..rows).map(|row| CaseResult::skipped(case, row, reason.clone())).collect()
}
