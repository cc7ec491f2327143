//! What one release made of one row.

use serde::Serialize;
use zhupi_domain::{Name, Text};
use zhupi_policies::{Contract, Evaluation, Outcome as Ended};

use super::amounts::{Shares, shares};

/// How an evaluation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Accepted,
    /// An answer, which gives nothing.
    Refused,
    /// Params have no value: there is no amount.
    Incomplete,
    /// The script stopped: there is no amount.
    Fault,
}

/// One row under one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    pub outcome: Outcome,
    /// Why it was refused, which params have no value, or where the script stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// Params whose values are assumed for now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<Name>,
    #[serde(skip)]
    pub(super) shares: Shares,
}

impl Side {
    pub(super) fn of(evaluation: &Evaluation, contract: &Contract, payee: Option<&str>, number: usize) -> Self {
        let (outcome, why, shares) = match &evaluation.outcome {
            Ended::Accepted { output } => (Outcome::Accepted, None, shares(contract, output, payee, number)),
            Ended::Refused { code, .. } => {
                let said = contract.refused(code.as_str());
                let text = said.and_then(|refusal| refusal.text.clone()).unwrap_or_else(|| Text::same(code.as_str()));
                (Outcome::Refused, Some(text), Shares::new())
            }
            Ended::Incomplete { missing } => {
                let names: Vec<&str> = missing.iter().map(Name::as_str).collect();
                let names = names.join(", ");
                let text = Text::new(format!("参数没有值：{names}"), format!("params without a value: {names}"));
                (Outcome::Incomplete, Some(text), Shares::new())
            }
            Ended::Fault(found) => (Outcome::Fault, Some(found.message.clone()), Shares::new()),
        };
        let mut assumed: Vec<Name> = evaluation.assumed.iter().map(|assumed| assumed.param.clone()).collect();
        assumed.sort();
        assumed.dedup();
        Self { outcome, why, assumed, shares }
    }

    /// Whether there is an answer, and so an amount, be it nothing.
    pub fn has_answer(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted | Outcome::Refused)
    }
}
