//! Types before anything is evaluated.
//!
//! Every node gets a type or a finding; after a finding, what depends on it is not complained about again.

mod calls;
mod compare;
mod names;

use super::mismatch;
use super::tree::{If, Kind, Node, Operator};
use super::types::{Family, Type};
use crate::{Diagnostics, Span};

/// The type of an expression over a scope, or everything that is wrong with it.
pub fn check(node: &Node, scope: &Type) -> Result<Type, Diagnostics> {
    let mut checker = Checker { scope, found: Vec::new() };
    match checker.infer(node, None) {
        Some(ty) if checker.found.is_empty() => Ok(ty),
        _ => Err(checker.found),
    }
}

struct Checker<'a> {
    scope: &'a Type,
    found: Diagnostics,
}

impl Checker<'_> {
    /// The type of a node; none after a finding. `row` is what a leading point looks into.
    fn infer(&mut self, node: &Node, row: Option<&Type>) -> Option<Type> {
        match &node.kind {
            Kind::Number(_) => Some(Type::Number),
            // A text that is written out has one known value, so that impossible comparisons are seen.
            Kind::Text(text) => Some(Type::Enum(vec![text.clone()])),
            Kind::Bool(_) => Some(Type::Bool),
            Kind::Date(_) => Some(Type::Date),
            Kind::Path(path) => self.path(path, row),
            Kind::List(items) => self.list(items, row),
            Kind::Not(inner) => self.expect(inner, row, Family::Bool),
            Kind::Negate(inner) => self.expect(inner, row, Family::Number),
            Kind::Logic(_, operands) => {
                operands.iter().for_each(|operand| drop(self.expect(operand, row, Family::Bool)));
                Some(Type::Bool)
            }
            Kind::Arithmetic(first, rest) => self.arithmetic(first, rest, row),
            Kind::Compare(left, comparison, right) => self.compare(node.span, left, *comparison, right, row),
            Kind::If(choice) => self.choice(node, choice, row),
            Kind::Fold(fold, list, each) => self.fold(*fold, list, each.as_deref(), row),
            Kind::Call(function, arguments) => self.call(*function, arguments, row),
        }
    }

    /// The type of a node that has to be of one kind.
    fn expect(&mut self, node: &Node, row: Option<&Type>, wanted: Family) -> Option<Type> {
        let ty = self.infer(node, row)?;
        if ty.family() == wanted {
            return Some(ty);
        }
        self.found.push(mismatch::wanted(node, wanted, &ty));
        None
    }

    /// A written list holds single values of one kind.
    fn list(&mut self, items: &[Node], row: Option<&Type>) -> Option<Type> {
        let mut of: Option<Type> = None;
        for item in items {
            let ty = self.infer(item, row)?;
            if matches!(ty, Type::List(_) | Type::Record(_)) {
                self.found.push(mismatch::no_single_value(item.span, &ty));
                return None;
            }
            of = Some(match of {
                None => ty,
                Some(before) => self.united(item.span, before, ty)?,
            });
        }
        of.map(Type::list)
    }

    fn united(&mut self, span: Span, one: Type, other: Type) -> Option<Type> {
        let both = one.clone().united(other.clone());
        if both.is_none() {
            self.found.push(mismatch::mixed(span, &one, &other));
        }
        both
    }

    fn arithmetic(&mut self, first: &Node, rest: &[(Operator, Node)], row: Option<&Type>) -> Option<Type> {
        if let Some(finding) = self.hyphenated(first, rest, row) {
            self.found.push(finding);
            return None;
        }
        for operand in std::iter::once(first).chain(rest.iter().map(|(_, operand)| operand)) {
            self.expect(operand, row, Family::Number);
        }
        Some(Type::Number)
    }

    fn choice(&mut self, node: &Node, choice: &If, row: Option<&Type>) -> Option<Type> {
        self.expect(&choice.condition, row, Family::Bool);
        let then = self.infer(&choice.then, row);
        let otherwise = self.infer(&choice.otherwise, row);
        self.united(node.span, then?, otherwise?)
    }
}
