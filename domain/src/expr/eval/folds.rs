//! Aggregates over the rows of a list. An absent list is an empty one; absent rows are passed over.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::calls::extreme;
use super::{Evaluation, Outcome, in_range, number_or_absent, wrong_type};
use crate::Span;
use crate::expr::fixed::Fixed;
use crate::expr::functions::Fold;
use crate::expr::tree::Node;
use crate::expr::value::Value;

impl Evaluation<'_> {
    pub(super) fn fold(&self, fold: Fold, list: &Node, each: Option<&Node>, row: Option<&Value>) -> Outcome<Value> {
        let items = self.value(list, row)?;
        let items = match &*items {
            Value::List(items) => items.as_slice(),
            Value::Absent => &[],
            _ => return Err(wrong_type(list.span)),
        };
        self.work(items.len(), list.span)?;
        let rows = Rows { evaluation: self, items, each, span: each.unwrap_or(list).span };
        match fold {
            Fold::Any => rows.any(true).map(Value::Bool),
            Fold::All => rows.any(false).map(|fails| Value::Bool(!fails)),
            Fold::Count => rows.count(),
            Fold::Sum => rows.sum(),
            Fold::Min => rows.extreme(Ordering::Less),
            Fold::Max => rows.extreme(Ordering::Greater),
        }
    }
}

/// The rows of a list, and what to look at in each; the row itself where nothing is said.
struct Rows<'a> {
    evaluation: &'a Evaluation<'a>,
    items: &'a [Value],
    each: Option<&'a Node>,
    span: Span,
}

impl<'a> Rows<'a> {
    fn values(&self) -> impl Iterator<Item = Outcome<Cow<'a, Value>>> {
        let (evaluation, each) = (self.evaluation, self.each);
        self.items.iter().filter(move |item| each.is_none() || !item.is_absent()).map(move |item| match each {
            Some(each) => evaluation.value(each, Some(item)),
            None => Ok(Cow::Borrowed(item)),
        })
    }

    /// Whether the condition is as wanted in some row; it is not true where it is absent.
    fn any(&self, wanted: bool) -> Outcome<bool> {
        for value in self.values() {
            if self.holds(&*value?)? == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn holds(&self, value: &Value) -> Outcome<bool> {
        match value {
            Value::Bool(value) => Ok(*value),
            Value::Absent => Ok(false),
            _ => Err(wrong_type(self.span)),
        }
    }

    /// Without a condition, how many are there.
    fn count(&self) -> Outcome<Value> {
        let mut count = 0;
        for value in self.values() {
            let value = value?;
            let counts = if self.each.is_some() { self.holds(&value)? } else { !value.is_absent() };
            count += i64::from(counts);
        }
        in_range(Fixed::whole(count), self.span).map(|count| number_or_absent(Some(count)))
    }

    fn sum(&self) -> Outcome<Value> {
        let mut total = Fixed::ZERO;
        for value in self.values() {
            total = match *value? {
                Value::Number(number) => in_range(Fixed::new(number).and_then(|number| total.plus(number)), self.span)?,
                Value::Absent => total,
                _ => return Err(wrong_type(self.span)),
            };
        }
        Ok(number_or_absent(Some(total)))
    }

    fn extreme(&self, wanted: Ordering) -> Outcome<Value> {
        let values = self.values().collect::<Result<Vec<_>, _>>()?;
        let there: Vec<&Value> = values.iter().map(|value| &**value).filter(|value| !value.is_absent()).collect();
        extreme(&there, wanted, self.span)
    }
}
