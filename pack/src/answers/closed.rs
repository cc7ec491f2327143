//! Which inputs of a check may not be told to whoever acts, because not everybody may see what they are made of.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::Name;
use zhupi_domain::expr::Expr;
use zhupi_engine::{Flow, HumanKind, Machine, StepKind};
use zhupi_forms::Form;
use zhupi_policies::{Binding, Class, Contract, Input};

use crate::Release;

/// Where a check stands.
#[derive(Clone, Copy)]
pub struct Closed<'a> {
    pub release: &'a Release,
    pub flow: &'a Flow,
    /// The form that is filled at the step.
    pub sheet: Option<&'a Form>,
    /// How many results deep it looks; what is made of results of results of results is closed.
    pub deep: u8,
}

impl Closed<'_> {
    /// The inputs with pay or identity behind them: by the contract, or by where their values come from. What it is not sure
    /// of counts as closed.
    pub fn inputs(&self, contract: &Contract, with: &BTreeMap<Name, Expr>) -> BTreeSet<String> {
        let closed = |input: &&Input| {
            let handed = with.get(input.name()).map(|expr| expr.paths().iter().any(|path| self.path(path)));
            is_masked(input.class)
                || handed.unwrap_or_else(|| input.from.as_ref().is_some_and(|from| self.source(from)))
        };
        contract.inputs.iter().filter(closed).map(|input| input.name().to_string()).collect()
    }

    fn source(&self, from: &Binding) -> bool {
        let company = self.release.company();
        match from {
            Binding::Param(_) | Binding::Calendar(_) => false,
            Binding::Balance(balance) => {
                company.accounts.get(&balance.account).is_none_or(|account| account.class.is_masked())
            }
            Binding::Person(attribute) => self.attribute(attribute.as_str()),
            Binding::Fact(fact) => {
                let taken = fact.take.as_ref().map(Name::as_str).unwrap_or_default();
                self.release.fact(&fact.fact).is_none_or(|form| holds_masked(form, taken))
            }
        }
    }

    fn attribute(&self, name: &str) -> bool {
        let attributes = &self.release.company().attributes;
        attributes.iter().any(|(known, attribute)| known.as_str() == name && attribute.class.is_masked())
    }

    fn path(&self, path: &str) -> bool {
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        match root {
            "today" | "number" | "period" => false,
            "form" => self.release.form(&self.flow.form).is_none_or(|form| holds_masked(form, rest)),
            "sheet" => self.sheet.is_none_or(|form| holds_masked(form, rest.strip_prefix("data.").unwrap_or(rest))),
            "initiator" | "subject" => self.attribute(rest),
            result => self.result(result, rest),
        }
    }

    /// What an earlier step left: a policy's output, or what was filled.
    fn result(&self, name: &str, rest: &str) -> bool {
        let Some(deep) = self.deep.checked_sub(1) else { return true };
        let output = rest.strip_prefix("data.").unwrap_or(rest).split('.').next().unwrap_or_default();
        let left = self.flow.walk().find_map(|(_, step)| match &step.kind {
            StepKind::Machine(Machine::Policy { run, with, into }) if into.as_str() == name => {
                Some(self.release.policy(run).is_none_or(|policy| {
                    let contract = policy.contract();
                    let closed = contract.outputs.iter().any(|of| of.name().as_str() == output && is_masked(of.class));
                    closed || !Closed { sheet: None, deep, ..*self }.inputs(contract, with).is_empty()
                }))
            }
            StepKind::Human(human) if human.into.as_ref().is_some_and(|into| into.as_str() == name) => {
                Some(match &human.kind {
                    HumanKind::Fill { form: Some(form), .. } => {
                        self.release.form(form).is_none_or(|form| holds_masked(form, output))
                    }
                    _ => false,
                })
            }
            _ => None,
        });
        left.unwrap_or(true)
    }
}

/// Whether a form has something masked where a path reads.
fn holds_masked(form: &Form, path: &str) -> bool {
    form.touched(path).any(|field| field.class().is_masked())
}

fn is_masked(class: Class) -> bool {
    matches!(class, Class::Pay | Class::Identity)
}
