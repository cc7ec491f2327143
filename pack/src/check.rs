//! Checks across files: whatever one file names in another exists and fits.

mod accounts;
mod bindings;
mod expressions;
pub mod flow;
mod lookups;
mod machine;
mod people;
pub mod scope;
mod start;
mod steps;
pub mod unused;

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::directory::Directory;
use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_forms::Form;
use zhupi_policies::PolicyName;

use crate::company::Company;
use crate::read::Log;
use crate::read::contract::ContractSource;

pub use accounts::known as account;
pub use bindings::contract;
pub use flow::flow;
pub use lookups::lookups;
pub use people::company;

/// What the files of a pack offer to one another. A file that could not be read is there without content, so that its users
/// are not blamed for it.
#[derive(Debug, Default)]
pub struct Offer {
    pub company: Option<Company>,
    pub forms: BTreeMap<Name, Option<Form>>,
    pub facts: BTreeMap<Name, Option<Form>>,
    pub contracts: BTreeMap<PolicyName, Option<ContractSource>>,
    /// The seeds of the directory, where the pack has them.
    pub people: Option<Directory>,
    /// What somebody uses, by path; the rest is noted.
    pub used: std::cell::RefCell<BTreeSet<String>>,
}

impl Offer {
    /// The form of a name; reported where there is none.
    pub fn form(&self, name: &Name, span: Span, log: &Log<'_>) -> Option<&Form> {
        self.used.borrow_mut().insert(format!("forms/{name}.json"));
        self.look_up(&self.forms, name, span, log, ("pack.unknown-form", "表单", "form"), "forms", "json")
    }

    /// The kind of fact of a name; reported where there is none.
    pub fn fact(&self, name: &Name, span: Span, log: &Log<'_>) -> Option<&Form> {
        self.used.borrow_mut().insert(format!("facts/{name}.json"));
        self.look_up(&self.facts, name, span, log, ("pack.unknown-fact", "业务事实", "kind of fact"), "facts", "json")
    }

    /// The contract of a policy; reported where there is none.
    pub fn contract(&self, name: &PolicyName, span: Span, log: &Log<'_>) -> Option<&ContractSource> {
        match self.contracts.get(name) {
            Some(contract) => contract.as_ref(),
            None => {
                let known: Vec<&str> = self.contracts.keys().map(PolicyName::as_str).collect();
                log.push(log.hints(
                    unknown("pack.unknown-policy", span, "政策", "policy", name.as_str()),
                    name.as_str(),
                    &known,
                ));
                None
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one lookup for all kinds of files")]
    fn look_up<'a, T>(
        &self,
        offered: &'a BTreeMap<Name, Option<T>>,
        name: &Name,
        span: Span,
        log: &Log<'_>,
        (code, zh, en): (&'static str, &str, &str),
        folder: &str,
        extension: &str,
    ) -> Option<&'a T> {
        if let Some(found) = offered.get(name) {
            return found.as_ref();
        }
        let known: Vec<&str> = offered.keys().map(Name::as_str).collect();
        let finding = log.hints(unknown(code, span, zh, en, name.as_str()), name.as_str(), &known);
        log.push(finding.hint(Text::new(
            format!("或者新建 {folder}/{name}.{extension}"),
            format!("or write {folder}/{name}.{extension}"),
        )));
        None
    }
}

/// Something that nobody defines.
pub fn unknown(code: &'static str, span: Span, zh: &str, en: &str, name: &str) -> Diagnostic {
    Diagnostic::error(code, span, Text::new(format!("没有名为 `{name}` 的{zh}"), format!("there is no {en} `{name}`")))
}
