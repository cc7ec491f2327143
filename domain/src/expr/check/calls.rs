//! What functions and aggregates take and yield.

use super::Checker;
use super::compare::has_order;
use crate::expr::fixed::DIGITS;
use crate::expr::functions::{Fold, Function};
use crate::expr::mismatch;
use crate::expr::tree::{Kind, Node};
use crate::expr::types::{Family, Type};

impl Checker<'_> {
    pub(super) fn call(&mut self, function: Function, arguments: &[Node], row: Option<&Type>) -> Option<Type> {
        let (wanted, yields): (&[Family], Type) = match function {
            Function::Min | Function::Max => return self.extreme(arguments, row),
            Function::Has => return self.infer(arguments.first()?, row).map(|_| Type::Bool),
            Function::Round => return self.round(arguments, row),
            Function::Today => (&[], Type::Date),
            Function::Date => (&[Family::Instant], Type::Date),
            Function::Year | Function::Month => (&[Family::Date], Type::Number),
            Function::Days | Function::Workdays => (&[Family::Date, Family::Date], Type::Number),
            Function::AddDays | Function::AddWorkdays => (&[Family::Date, Family::Number], Type::Date),
        };
        for (argument, wanted) in arguments.iter().zip(wanted) {
            self.expect(argument, row, *wanted);
        }
        Some(yields)
    }

    fn round(&mut self, arguments: &[Node], row: Option<&Type>) -> Option<Type> {
        let (number, digits) = (arguments.first()?, arguments.get(1)?);
        self.expect(number, row, Family::Number);
        let written = if let Kind::Number(digits) = digits.kind { digits.as_whole() } else { None };
        if !written.is_some_and(|digits| (0..=i64::from(DIGITS)).contains(&digits)) {
            self.found.push(mismatch::digits(digits.span, DIGITS));
        }
        Some(Type::Number)
    }

    /// `min(a, b, …)`: all of one type that has an order.
    fn extreme(&mut self, arguments: &[Node], row: Option<&Type>) -> Option<Type> {
        let mut first: Option<Type> = None;
        for argument in arguments {
            let ty = self.infer(argument, row)?;
            match &first {
                None if !has_order(&ty) => {
                    self.found.push(mismatch::no_order(argument.span, &ty));
                    return None;
                }
                None => first = Some(ty),
                Some(before) if before.family() == ty.family() => {}
                Some(before) => {
                    self.found.push(mismatch::mixed(argument.span, before, &ty));
                    return None;
                }
            }
        }
        first
    }

    pub(super) fn fold(&mut self, fold: Fold, list: &Node, each: Option<&Node>, row: Option<&Type>) -> Option<Type> {
        let list_type = self.expect(list, row, Family::List)?;
        let Type::List(of) = &list_type else { return None };
        let item = match each {
            Some(each) => self.infer(each, Some(of))?,
            None => (**of).clone(),
        };
        let at = each.unwrap_or(list);
        let fault = match fold {
            Fold::Sum => (item.family() != Family::Number).then(|| mismatch::items(at, fold, Family::Number, &item)),
            Fold::Any | Fold::All => {
                (item.family() != Family::Bool).then(|| mismatch::items(at, fold, Family::Bool, &item))
            }
            Fold::Count => (each.is_some() && item.family() != Family::Bool)
                .then(|| mismatch::items(at, fold, Family::Bool, &item)),
            Fold::Min | Fold::Max => (!has_order(&item)).then(|| mismatch::no_order(at.span, &item)),
        };
        if let Some(fault) = fault {
            self.found.push(fault);
            return None;
        }
        Some(match fold {
            Fold::Sum | Fold::Count => Type::Number,
            Fold::Any | Fold::All => Type::Bool,
            Fold::Min | Fold::Max => item,
        })
    }
}
