//! What a policy says under another calendar, all else being as it was.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Map;
use zhupi_domain::expr::Expr;
use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_engine::{Due, Flow, Instance, Machine, Spot};
use zhupi_policies::{Binding, Evaluation, Explanation, Input, Policy, Request};

use super::{Job, MachineAnswer, World, failed_with, machine, policy, scope};
use crate::Release;
use crate::convert::input_json;

/// The results of policies that deadlines of a flow go by, and those that these were worked out from.
pub fn results_that_date(flow: &Flow) -> BTreeSet<Name> {
    let policies: BTreeMap<&Name, Vec<&Expr>> = flow
        .walk()
        .filter_map(|(_, step)| match step.machine()? {
            Machine::Policy { into, with, .. } => Some((into, with.values().collect())),
            Machine::Record { .. } | Machine::Archive { .. } => None,
        })
        .collect();
    let due = flow.walk().filter_map(|(_, step)| match step.human()?.due.as_ref()? {
        Due::At(of) | Due::Before { of, .. } => Some(of),
        Due::Within(_) | Due::Window(_) => None,
    });
    let mut dating = BTreeSet::new();
    let mut read: Vec<&Expr> = due.collect();
    while let Some(expr) = read.pop() {
        for (into, with) in policies.iter().filter(|(into, _)| reads(expr, into)) {
            if dating.insert((*into).clone()) {
                read.extend(with);
            }
        }
    }
    dating
}

fn reads(expr: &Expr, name: &Name) -> bool {
    expr.paths().iter().any(|path| path.split('.').next() == Some(name.as_str()))
}

/// An evaluation as it was.
#[derive(Debug, Clone)]
pub struct Before {
    /// The request at that time, under the release of that time.
    pub instance: Instance,
    pub step: Spot,
    pub explanation: Explanation,
}

/// Evaluates the policy of a step as it was evaluated before, of the same day over the same inputs; `world` is that of then,
/// with the calendar of now.
///
/// Only what the calendar gives is asked anew: its days, what counts working days, and what other results that date say by now.
pub fn policy_again(release: &Release, before: &Before, world: &World<'_>) -> Option<MachineAnswer> {
    let Before { instance, step, explanation } = before;
    let (flow, Machine::Policy { run, with, into }) = machine(release, instance, step)? else { return None };
    let policy = release.policy(run)?;
    let scope = scope(release, flow, instance, flow.locate(step).as_ref(), world).ok()?;
    let job = Job { release, flow, instance, scope, world };
    let looked_at = policy::is_looked_at(flow, into);
    Some(match evaluated(&job, policy, with, explanation) {
        Ok(evaluation) => policy::answer(release, &evaluation, run, looked_at),
        Err(finding) => failed_with(release, &finding, Map::new()),
    })
}

fn evaluated(
    job: &Job<'_>,
    policy: &Policy,
    with: &BTreeMap<Name, Expr>,
    before: &Explanation,
) -> Result<Evaluation, Box<Diagnostic>> {
    let (dating, given) = (results_that_date(job.flow), before.given());
    let moves = |expr: &Expr| expr.counts_workdays() || dating.iter().any(|result| reads(expr, result));
    let file = || policy.contract().policy.contract_file();
    let mut inputs = Map::new();
    for input in &policy.contract().inputs {
        let known = given.get(input.name().as_str());
        let value = match (with.get(input.name()), &input.from) {
            (Some(expr), _) if moves(expr) || known == Some(&None) => {
                let value = expr.eval(job.scope.value(), &job.scope.context(job.world)).map_err(|error| {
                    Diagnostic::error("policy-input", input.field.span, error.kind.message()).in_file(file())
                })?;
                (!value.is_absent()).then(|| input_json(&value, &input.field.ty, job.world.calendar))
            }
            (None, Some(Binding::Calendar(part))) => Some(policy::days(part, job.world)),
            _ if known == Some(&None) => return Err(Box::new(cut(input).in_file(file()))),
            _ => known.copied().flatten().cloned(),
        };
        inputs.extend(value.map(|value| (input.name().to_string(), value)));
    }
    policy::one(job.release, policy, Request::new(inputs, before.on))
}

/// What was found was too much to be kept with the answer.
fn cut(input: &Input) -> Diagnostic {
    let name = input.name();
    let message = Text::new(
        format!("输入 {name} 没有完整留存，不能按原样重算"),
        format!("the input {name} was not kept in full, so the policy cannot be evaluated again as it was"),
    );
    Diagnostic::error("policy-input-cut", input.field.span, message)
}
