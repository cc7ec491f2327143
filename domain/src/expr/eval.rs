//! The value of an expression. `web/src/expr/eval.ts` does the same, step for step.

mod calls;
mod compare;
mod folds;
mod paths;

use std::borrow::Cow;
use std::cell::Cell;

use super::error::{EvalError, EvalErrorKind};
use super::fixed::Fixed;
use super::tree::{Kind, Logic, Node, Operator};
use super::value::Value;
use super::{Context, MAX_STEPS};
use crate::Span;

/// Evaluates over a scope.
pub fn eval(node: &Node, scope: &Value, context: &Context<'_>) -> Result<Value, EvalError> {
    Evaluation { scope, context, steps: Cell::new(0) }.value(node, None).map(Cow::into_owned)
}

struct Evaluation<'a> {
    scope: &'a Value,
    context: &'a Context<'a>,
    /// Nodes visited and items walked so far.
    steps: Cell<usize>,
}

type Outcome<T> = Result<T, EvalError>;

impl Evaluation<'_> {
    /// The value of a node; `row` is what a leading point looks into.
    fn value<'v>(&'v self, node: &'v Node, row: Option<&'v Value>) -> Outcome<Cow<'v, Value>> {
        self.work(1, node.span)?;
        Ok(Cow::Owned(match &node.kind {
            Kind::Path(path) => return self.path(path, node.span, row),
            Kind::Number(number) => Value::Number(number.decimal()),
            Kind::Text(text) => Value::Text(text.clone()),
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Date(date) => Value::Date(*date),
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(item, row).map(Cow::into_owned));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Kind::Not(inner) => Value::Bool(!self.condition(inner, row)?),
            Kind::Negate(inner) => number_or_absent(self.number(inner, row)?.map(Fixed::negated)),
            Kind::Logic(logic, operands) => Value::Bool(self.logic(*logic, operands, row)?),
            Kind::Arithmetic(first, rest) => number_or_absent(self.arithmetic(first, rest, row)?),
            Kind::Compare(left, comparison, right) => Value::Bool(self.compare(left, *comparison, right, row)?),
            Kind::If(choice) => {
                let condition = self.condition(&choice.condition, row)?;
                return self.value(if condition { &choice.then } else { &choice.otherwise }, row);
            }
            Kind::Fold(fold, list, each) => self.fold(*fold, list, each.as_deref(), row)?,
            Kind::Call(function, arguments) => self.call(*function, arguments, node.span, row)?,
        }))
    }

    /// A yes or no; absent is no.
    fn condition(&self, node: &Node, row: Option<&Value>) -> Outcome<bool> {
        match *self.value(node, row)? {
            Value::Bool(value) => Ok(value),
            Value::Absent => Ok(false),
            _ => Err(wrong_type(node.span)),
        }
    }

    /// A number; none where absent.
    fn number(&self, node: &Node, row: Option<&Value>) -> Outcome<Option<Fixed>> {
        match *self.value(node, row)? {
            Value::Number(number) => in_range(Fixed::new(number), node.span).map(Some),
            Value::Absent => Ok(None),
            _ => Err(wrong_type(node.span)),
        }
    }

    /// Looks at no more operands than it needs.
    fn logic(&self, logic: Logic, operands: &[Node], row: Option<&Value>) -> Outcome<bool> {
        let decisive = logic == Logic::Or;
        for operand in operands {
            if self.condition(operand, row)? == decisive {
                return Ok(decisive);
            }
        }
        Ok(!decisive)
    }

    fn arithmetic(&self, first: &Node, rest: &[(Operator, Node)], row: Option<&Value>) -> Outcome<Option<Fixed>> {
        let mut total = self.number(first, row)?;
        for (operator, operand) in rest {
            let next = self.number(operand, row)?;
            let span = Span::new(first.span.start, operand.span.end);
            total = match (total, next) {
                (Some(total), Some(next)) => Some(calculate(total, *operator, next, span)?),
                _ => None,
            };
        }
        Ok(total)
    }

    /// Counts steps, so that rows within rows end.
    fn work(&self, steps: usize, span: Span) -> Outcome<()> {
        let done = self.steps.get().saturating_add(steps);
        self.steps.set(done);
        if done > MAX_STEPS { Err(EvalError { kind: EvalErrorKind::TooMuchWork, span }) } else { Ok(()) }
    }
}

fn calculate(left: Fixed, operator: Operator, right: Fixed, span: Span) -> Outcome<Fixed> {
    if operator == Operator::DividedBy && right == Fixed::ZERO {
        return Err(EvalError { kind: EvalErrorKind::DivisionByZero, span });
    }
    let result = match operator {
        Operator::Plus => left.plus(right),
        Operator::Minus => left.minus(right),
        Operator::Times => left.times(right),
        Operator::DividedBy => left.divided_by(right),
    };
    in_range(result, span)
}

fn in_range(number: Option<Fixed>, span: Span) -> Outcome<Fixed> {
    number.ok_or(EvalError { kind: EvalErrorKind::Overflow, span })
}

fn number_or_absent(number: Option<Fixed>) -> Value {
    number.map_or(Value::Absent, |number| Value::Number(number.decimal()))
}

fn wrong_type(span: Span) -> EvalError {
    EvalError { kind: EvalErrorKind::WrongType, span }
}
