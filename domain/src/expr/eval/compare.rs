//! Comparing values. With something absent, every comparison is false.

use std::cmp::Ordering;

use super::{Evaluation, Outcome, in_range, wrong_type};
use crate::Span;
use crate::expr::fixed::Fixed;
use crate::expr::tree::{Comparison, Node};
use crate::expr::value::Value;

impl Evaluation<'_> {
    pub(super) fn compare(
        &self,
        left: &Node,
        comparison: Comparison,
        right: &Node,
        row: Option<&Value>,
    ) -> Outcome<bool> {
        let (one, other) = (self.value(left, row)?, self.value(right, row)?);
        let span = Span::new(left.span.start, right.span.end);
        if one.is_absent() || other.is_absent() {
            return Ok(false);
        }
        Ok(match comparison {
            Comparison::Equal => order(&one, &other, span)? == Ordering::Equal,
            Comparison::Unequal => order(&one, &other, span)? != Ordering::Equal,
            Comparison::Less => order(&one, &other, span)? == Ordering::Less,
            Comparison::LessOrEqual => order(&one, &other, span)? != Ordering::Greater,
            Comparison::Greater => order(&one, &other, span)? == Ordering::Greater,
            Comparison::GreaterOrEqual => order(&one, &other, span)? != Ordering::Less,
            Comparison::In => self.contains(&other, &one, span)?,
            Comparison::NotIn => !self.contains(&other, &one, span)?,
        })
    }

    fn contains(&self, list: &Value, item: &Value, span: Span) -> Outcome<bool> {
        let Value::List(items) = list else { return Err(wrong_type(span)) };
        self.work(items.len(), span)?;
        for candidate in items.iter().filter(|candidate| !candidate.is_absent()) {
            if order(item, candidate, span)? == Ordering::Equal {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The order of two values of one kind that are there. For texts and yes-or-no values only equality means anything.
pub(super) fn order(one: &Value, other: &Value, span: Span) -> Outcome<Ordering> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Ok(one.cmp(other)),
        (Value::Text(one), Value::Text(other)) => Ok(one.cmp(other)),
        (Value::Number(one), Value::Number(other)) => {
            Ok(in_range(Fixed::new(*one), span)?.cmp(&in_range(Fixed::new(*other), span)?))
        }
        (Value::Date(one), Value::Date(other)) => Ok(one.cmp(other)),
        (Value::Instant(one), Value::Instant(other)) => Ok(one.cmp(other)),
        _ => Err(wrong_type(span)),
    }
}
