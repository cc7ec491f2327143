//! What expressions of a flow can see, and from where on.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::Name;
use zhupi_domain::expr::{Field, Type};
use zhupi_domain::time::PeriodKind;
use zhupi_forms::Form;
use zhupi_policies::{Contract, Output};

use crate::company::Company;
use crate::convert::record_type;

/// The results that exist at one place of a flow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    typed: BTreeMap<Name, Entry>,
    /// Results of steps whose form or policy could not be read: what uses them is not looked at.
    untyped: BTreeSet<Name>,
    /// The item of the innermost `each` around the place.
    pub item: Option<Type>,
}

/// One result.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    ty: Type,
    /// Whether a way to this place leaves it out.
    maybe: bool,
}

impl Known {
    /// The same at a place inside an `each` over items of a type.
    pub fn with_item(mut self, item: Option<Type>) -> Self {
        self.item = item;
        self
    }

    /// Adds a result; what was known of the name before, where it was of another type.
    pub fn add(&mut self, name: &Name, ty: Type, maybe: bool) -> Result<(), ()> {
        match self.typed.get(name) {
            Some(before) if before.ty != ty => Err(()),
            _ => {
                self.typed.insert(name.clone(), Entry { ty, maybe });
                Ok(())
            }
        }
    }

    /// What is known behind an `each`: results of its lanes become lists.
    pub fn behind_lanes(before: &Known, inside: Known) -> Known {
        let Known { typed, mut untyped, .. } = inside;
        untyped.extend(before.untyped.iter().cloned());
        let typed = typed.into_iter().map(|(name, entry)| {
            let entry = match before.typed.get(&name) {
                Some(known) => known.clone(),
                None => Entry { ty: Type::list(entry.ty), maybe: false },
            };
            (name, entry)
        });
        Known { typed: typed.collect(), untyped, item: before.item.clone() }
    }

    /// What is known behind branches that all went on: everything from any of them.
    pub fn after_all(branches: Vec<Known>) -> Known {
        let item = branches.first().and_then(|branch| branch.item.clone());
        let mut after = Known { item, ..Known::default() };
        for branch in branches {
            after.untyped.extend(branch.untyped);
            for (name, entry) in branch.typed {
                let certain = after.typed.get(&name).is_some_and(|known| !known.maybe);
                if !certain {
                    after.typed.insert(name, entry);
                }
            }
        }
        after
    }

    /// Adds a result of which nothing is known.
    pub fn add_untyped(&mut self, name: &Name) {
        self.untyped.insert(name.clone());
    }

    pub fn has(&self, name: &str) -> bool {
        self.typed.contains_key(name)
    }

    pub fn is_untyped(&self, name: &str) -> bool {
        self.untyped.contains(name)
    }

    /// Whether a result may be missing here.
    pub fn is_maybe(&self, name: &str) -> bool {
        self.typed.get(name).is_some_and(|known| known.maybe)
    }

    /// The same where these results are known to be there.
    pub fn with_certain(mut self, names: &BTreeSet<String>) -> Self {
        for (_, entry) in self.typed.iter_mut().filter(|(name, _)| names.contains(name.as_str())) {
            entry.maybe = false;
        }
        self
    }

    /// What is known after a choice: everything from any branch, for certain only what every branch gives.
    pub fn after(branches: Vec<Known>) -> Known {
        let mut after: BTreeMap<Name, Entry> = BTreeMap::new();
        let item = branches.first().and_then(|branch| branch.item.clone());
        let count = branches.len();
        let mut given: BTreeMap<Name, usize> = BTreeMap::new();
        let untyped = branches.iter().flat_map(|branch| branch.untyped.clone()).collect();
        for (name, known) in branches.into_iter().flat_map(|branch| branch.typed) {
            *given.entry(name.clone()).or_default() += usize::from(!known.maybe);
            after.entry(name).or_insert(known);
        }
        for (name, known) in &mut after {
            known.maybe = given.get(name) != Some(&count);
        }
        Known { typed: after, untyped, item }
    }

    fn members(&self) -> impl Iterator<Item = (String, Field)> + '_ {
        self.typed.iter().map(|(name, known)| {
            let field = if known.maybe { Field::optional(known.ty.clone()) } else { Field::required(known.ty.clone()) };
            (name.to_string(), field)
        })
    }
}

/// Names that results cannot have, because expressions know them already.
pub const TAKEN: [&str; 8] = ["form", "initiator", "subject", "period", "number", "today", "item", "sheet"];

/// The type of what expressions see: the form, the people, the period, the number, the date, and the results known so far.
pub fn scope_type(company: &Company, form: &Type, period: Option<PeriodKind>, known: &Known) -> Type {
    let mut scope: BTreeMap<String, Field> = known.members().collect();
    let person = company.person_type();
    for (name, ty) in [
        ("form", form.clone()),
        ("initiator", person.clone()),
        ("subject", person),
        ("number", Type::Text),
        ("today", Type::Date),
    ] {
        scope.insert(name.to_owned(), Field::required(ty));
    }
    if let Some(item) = &known.item {
        scope.insert("item".to_owned(), Field::required(item.clone()));
    }
    if period.is_some() {
        scope.insert("period".to_owned(), Field::required(period_type()));
    }
    Type::Record(scope)
}

/// What expressions see of a period.
pub fn period_type() -> Type {
    Type::record([("start", Type::Date), ("end", Type::Date), ("text", Type::Text)])
}

/// How a result is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultKind {
    /// What was filled into a form.
    Sheet,
    /// What everybody filled into a form of their own.
    Sheets,
    /// What a policy or people ruled.
    Ruling,
}

/// The types of what steps hand on.
pub mod result_type {
    use super::{Company, Contract, Field, Form, Output, ResultKind, Type, record_type};

    /// What a fill step hands on.
    pub fn fill(company: &Company, form: &Form, own: bool) -> (Type, ResultKind) {
        let sheet = [("data", form.record_type()), ("by", company.person_type()), ("at", Type::Instant)];
        match own {
            true => (Type::list(Type::record(sheet)), ResultKind::Sheets),
            false => {
                let signed = [("signed_by", Type::list(Type::Text))];
                (Type::record(sheet.into_iter().chain(signed)), ResultKind::Sheet)
            }
        }
    }

    /// What an approval hands on.
    pub fn approval(company: &Company) -> (Type, ResultKind) {
        let members = [("passed", Type::Bool), ("by", company.person_type()), ("at", Type::Instant)];
        (Type::record(members), ResultKind::Ruling)
    }

    /// What a committee hands on; votes by their weight.
    pub fn vote() -> (Type, ResultKind) {
        let figures = ["yes", "no", "abstain", "not_cast", "members"].map(|name| (name, Type::Number));
        let words = [("passed", Type::Bool), ("unanimous", Type::Bool), ("at", Type::Instant)];
        (Type::record(figures.into_iter().chain(words)), ResultKind::Ruling)
    }

    /// What a policy step hands on. After a refusal `data` holds what the refusal brought.
    pub fn policy(contract: &Contract) -> Type {
        let refusals = contract.refusals.iter().flat_map(|refusal| &refusal.data);
        let fields: Vec<_> = contract.outputs.iter().map(|output: &Output| &output.field).chain(refusals).collect();
        let mut data = record_type(fields.into_iter());
        if let (Type::Record(members), true) = (&mut data, contract.can_refuse()) {
            members.values_mut().for_each(|member| member.optional = true);
        }
        let reason =
            Field::optional(Type::Enum(contract.refusals.iter().map(|refusal| refusal.code.to_string()).collect()));
        let members = [
            ("accepted", Field::required(Type::Bool)),
            ("reason", reason),
            ("data", Field::required(data)),
            ("at", Field::required(Type::Instant)),
        ];
        Type::Record(members.into_iter().map(|(name, field)| (name.to_owned(), field)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::new(text).unwrap()
    }

    #[test]
    fn after_a_choice_only_what_every_branch_gives_is_certain() {
        let before = Known::default();
        let (mut left, mut right) = (before.clone(), before);
        left.add(&name("both"), Type::Text, false).unwrap();
        left.add(&name("one"), Type::Text, false).unwrap();
        right.add(&name("both"), Type::Text, false).unwrap();
        let after = Known::after(vec![left, right]);
        assert!(!after.is_maybe("both"));
        assert!(after.is_maybe("one"));
        assert!(after.has("one"));
        assert!(!after.has("none"));
    }
}
