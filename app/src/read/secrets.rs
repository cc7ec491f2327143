//! Which inputs of a policy step are secret to a reader: by the contract, and by where their values come from.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::Name;
use zhupi_domain::expr::Expr;
use zhupi_engine::{HumanKind, Machine, Spot, StepKind};
use zhupi_forms::{Class, Form};
use zhupi_policies::{Binding, Contract, Input};

use super::shown::{Shown, form_class, is_closed};
use super::sight::{Followed, Sight};

/// What is secret to one reader in one instance.
pub(crate) struct Secrets<'a> {
    pub followed: Followed<'a>,
    pub sight: &'a Sight,
    /// The answers before, by the name of their result.
    pub answers: BTreeMap<Spot, Shown>,
}

impl Secrets<'_> {
    /// The inputs of a policy that the reader may not see. A value does not become open by being handed on under another
    /// name, whatever the contract says of its input.
    pub fn inputs(&self, contract: &Contract, with: &BTreeMap<Name, Expr>) -> BTreeSet<String> {
        let secret = |input: &&Input| {
            let handed = with.get(input.name()).is_some_and(|expr| expr.paths().iter().any(|path| self.path(path)));
            self.class(form_class(input.class)) || handed || input.from.as_ref().is_some_and(|from| self.source(from))
        };
        contract.inputs.iter().filter(secret).map(|input| input.name().to_string()).collect()
    }

    fn class(&self, class: Class) -> bool {
        is_closed(class, self.sight.results())
    }

    fn source(&self, from: &Binding) -> bool {
        match from {
            Binding::Param(_) | Binding::Calendar(_) => false,
            Binding::Balance(balance) => {
                let known = self.followed.release.company().accounts.get(&balance.account);
                known.is_none_or(|account| self.class(account.class))
            }
            Binding::Person(attribute) => self.attribute(attribute.as_str()),
            Binding::Fact(fact) => {
                let taken = fact.take.as_ref().map(Name::as_str).unwrap_or_default();
                self.followed.release.fact(&fact.fact).is_none_or(|form| self.by_class(form, taken))
            }
        }
    }

    fn attribute(&self, name: &str) -> bool {
        let attributes = &self.followed.release.company().attributes;
        attributes.iter().any(|(known, attribute)| known.as_str() == name && self.class(attribute.class))
    }

    /// Whether a path of an expression reads something secret.
    fn path(&self, path: &str) -> bool {
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        match root {
            "form" => self
                .followed
                .release
                .form(&self.followed.flow.form)
                .is_none_or(|form| form.touched(rest).any(|field| !self.sight.derives_from(field))),
            "initiator" | "subject" => self.attribute(rest),
            result => self.result(result, rest),
        }
    }

    fn result(&self, name: &str, rest: &str) -> bool {
        let rest = rest.strip_prefix("data").map_or(rest, |rest| rest.trim_start_matches('.'));
        if let Some(attribute) = rest.strip_prefix("by.") {
            return self.attribute(attribute);
        }
        // In several lanes there are several answers: what one withholds is secret.
        let mut answers = self.answers.iter().filter(|(known, _)| known.what.as_str() == name).peekable();
        if answers.peek().is_some() {
            let output = rest.split('.').next().unwrap_or_default();
            return answers.any(|(_, answer)| match output {
                "" => answer.withholds_something(),
                output => answer.withholds(output),
            });
        }
        self.filled(name).is_some_and(|form| self.by_class(form, rest))
    }

    /// The form of a step that fills one of its own.
    fn filled(&self, name: &str) -> Option<&Form> {
        self.followed.flow.walk().find_map(|(_, step)| match &step.kind {
            StepKind::Human(human) if human.into.as_ref().is_some_and(|into| into.as_str() == name) => {
                match &human.kind {
                    HumanKind::Fill { form: Some(form), .. } => self.followed.release.form(form),
                    _ => None,
                }
            }
            _ => None,
        })
    }

    fn by_class(&self, form: &Form, path: &str) -> bool {
        form.touched(path).any(|field| self.class(field.class()))
    }
}

/// The policy that a step runs, with what it hands over and the name of its result.
pub(crate) fn policy_of(kind: &StepKind) -> Option<(&str, &BTreeMap<Name, Expr>, &Name)> {
    match kind {
        StepKind::Machine(Machine::Policy { run, with, into }) => Some((run, with, into)),
        _ => None,
    }
}
