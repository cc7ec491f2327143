//! Policy cases: the whole answer, exactly.

use chrono::NaiveDate;
use serde_json::Value as Json;
use zhupi_domain::Text;
use zhupi_policies::{Evaluation, Kind, Outcome, Params, Policy, Request, cover};

use super::Stage;
use super::compare;
use super::coverage::Coverage;
use super::report::CaseResult;
use super::source::{CaseSource, PolicyCase};

/// Runs every row of a policy case.
pub fn run(
    stage: &Stage<'_>,
    source: &CaseSource,
    case: &PolicyCase,
    policy: &Policy,
    coverage: &mut Coverage,
) -> Vec<CaseResult> {
    let params = stage.release.params();
    let on = case.as_of.unwrap_or_else(|| newest(params));
    let requests: Vec<Request> = case.rows.iter().map(|row| Request::new(row.inputs.clone(), on)).collect();
    let (evaluations, reached) = cover(policy, params, &requests);
    coverage.policy(policy, reached);
    case.rows
        .iter()
        .zip(&evaluations)
        .enumerate()
        .map(|(row, (wanted, evaluation))| {
            let actual = answer(evaluation, policy, &wanted.expected);
            let difference = compare::whole(&wanted.expected, &actual).map(|difference| why(evaluation, difference));
            let fault = match &evaluation.outcome {
                Outcome::Fault(fault) => Some(fault),
                _ => None,
            };
            CaseResult::compared(source, row, wanted.expected.clone(), actual, difference).because_of(fault)
        })
        .collect()
}

/// The day from which the newest of all params holds: the default of `as_of`.
fn newest(params: &Params) -> NaiveDate {
    let days = params.iter().flat_map(|param| param.values.iter().map(|dated| dated.from));
    days.max().unwrap_or_default()
}

/// The public answer; a payout's lines only where the case lists them.
fn answer(evaluation: &Evaluation, policy: &Policy, expected: &Json) -> Json {
    let mut answer = evaluation.answer();
    let hides_lines = policy.contract().kind == Kind::Payout && expected.get("lines").is_none();
    if let Some(members) = answer.as_object_mut().filter(|_| hides_lines) {
        members.shift_remove("lines");
    }
    answer
}

/// Params without a value tell more than the difference that they make.
fn why(evaluation: &Evaluation, difference: Text) -> Text {
    match &evaluation.outcome {
        Outcome::Incomplete { missing } => {
            let names: Vec<&str> = missing.iter().map(|name| name.as_str()).collect();
            let names = names.join(", ");
            Text::new(format!("参数没有值：{names}"), format!("params without a value: {names}"))
        }
        Outcome::Accepted { .. } | Outcome::Refused { .. } | Outcome::Fault(_) => difference,
    }
}
