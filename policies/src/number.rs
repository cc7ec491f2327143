//! Checked arithmetic over whole numbers and decimals, as scripts see it.

use std::cmp::Ordering;

use rhai::Dynamic;
use zhupi_domain::Decimal;

use crate::stop::Wrong;

/// A number of a script: counts and days are whole, everything else is decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Whole(i64),
    Decimal(Decimal),
}

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

impl Operation {
    pub(crate) const ALL: [Self; 6] =
        [Self::Add, Self::Subtract, Self::Multiply, Self::Divide, Self::Remainder, Self::Power];

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "**",
        }
    }
}

impl Number {
    /// The number in a script's value, if it is one.
    pub(crate) fn of(value: &Dynamic) -> Option<Self> {
        if let Ok(whole) = value.as_int() {
            return Some(Self::Whole(whole));
        }
        value.as_decimal().ok().map(Self::Decimal)
    }

    pub(crate) fn decimal(self) -> Decimal {
        match self {
            Self::Whole(whole) => Decimal::from(whole),
            Self::Decimal(decimal) => decimal,
        }
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        self.decimal().cmp(&other.decimal())
    }

    /// Carries out an operation; two whole numbers give a whole number where the result is one.
    pub(crate) fn apply(self, operation: Operation, other: Self) -> Result<Self, Wrong> {
        if let (Self::Whole(a), Self::Whole(b)) = (self, other)
            && let Some(whole) = whole(operation, a, b)?
        {
            return Ok(Self::Whole(whole));
        }
        decimal(operation, self.decimal(), other.decimal()).map(Self::Decimal)
    }

    pub(crate) fn negated(self) -> Result<Self, Wrong> {
        match self {
            Self::Whole(whole) => whole.checked_neg().map(Self::Whole).ok_or_else(too_large),
            Self::Decimal(decimal) => Ok(Self::Decimal(-decimal)),
        }
    }
}

impl From<Number> for Dynamic {
    fn from(number: Number) -> Self {
        match number {
            Number::Whole(whole) => whole.into(),
            Number::Decimal(decimal) => decimal.into(),
        }
    }
}

/// Whole numbers; none where the result is not whole and must become a decimal.
fn whole(operation: Operation, a: i64, b: i64) -> Result<Option<i64>, Wrong> {
    let result = match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide | Operation::Remainder if b == 0 => return Err(divided_by_zero()),
        Operation::Divide if a.checked_rem(b) != Some(0) => return Ok(None),
        Operation::Divide => a.checked_div(b),
        Operation::Remainder => a.checked_rem(b),
        Operation::Power => match u32::try_from(b) {
            Ok(exponent) => a.checked_pow(exponent),
            Err(_) => return Err(bad_exponent()),
        },
    };
    result.map(Some).ok_or_else(too_large)
}

fn decimal(operation: Operation, a: Decimal, b: Decimal) -> Result<Decimal, Wrong> {
    match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide | Operation::Remainder if b.is_zero() => return Err(divided_by_zero()),
        Operation::Divide => a.checked_div(b),
        Operation::Remainder => a.checked_rem(b),
        Operation::Power => return power(a, b),
    }
    .ok_or_else(too_large)
}

/// Whole exponents from 0 to 100 only: enough for compound interest, never slow, never inexact by surprise.
fn power(base: Decimal, exponent: Decimal) -> Result<Decimal, Wrong> {
    let exponent = i64::try_from(exponent.normalize())
        .ok()
        .filter(|&e| (0..=100).contains(&e) && Decimal::from(e) == exponent)
        .ok_or_else(bad_exponent)?;
    (0..exponent).try_fold(Decimal::ONE, |product, _| product.checked_mul(base)).ok_or_else(too_large)
}

pub(crate) fn divided_by_zero() -> Wrong {
    Wrong::new("policy-division", "除数为零", "division by zero")
        .hint("请先判断除数是否为零", "test the divisor before")
}

pub(crate) fn too_large() -> Wrong {
    Wrong::new("policy-overflow", "数值超出可计算的范围", "the number is too large to compute with")
}

fn bad_exponent() -> Wrong {
    Wrong::new("policy-power", "乘方的指数只能是 0 到 100 的整数", "an exponent is a whole number from 0 to 100")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(a: Number, operation: Operation, b: Number) -> Result<String, &'static str> {
        a.apply(operation, b).map_err(|wrong| wrong.code).map(|n| match n {
            Number::Whole(whole) => whole.to_string(),
            Number::Decimal(decimal) => format!("d{}", decimal.normalize()),
        })
    }

    fn d(text: &str) -> Number {
        Number::Decimal(text.parse().expect("a decimal"))
    }

    #[test]
    fn whole_numbers_never_lose_their_rest() {
        use Number::Whole as W;
        use Operation::{Divide, Power, Remainder};
        assert_eq!(run(W(6), Divide, W(2)), Ok("3".into()));
        assert_eq!(run(W(5), Divide, W(2)), Ok("d2.5".into()));
        assert_eq!(run(W(-7), Divide, W(2)), Ok("d-3.5".into()));
        assert_eq!(run(W(7), Remainder, W(3)), Ok("1".into()));
        assert_eq!(run(W(2), Power, W(10)), Ok("1024".into()));
        assert_eq!(run(W(1), Divide, W(0)), Err("policy-division"));
        assert_eq!(run(W(i64::MIN), Divide, W(-1)), Ok("d9223372036854775808".into()));
        assert_eq!(run(W(i64::MIN), Remainder, W(-1)), Err("policy-overflow"));
    }

    #[test]
    fn decimals_are_exact_and_mix_with_whole_numbers() {
        use Operation::{Add, Divide, Multiply, Power};
        assert_eq!(run(d("0.1"), Add, d("0.2")), Ok("d0.3".into()));
        assert_eq!(run(d("12.30"), Add, Number::Whole(1)), Ok("d13.3".into()));
        assert_eq!(run(d("1.1"), Power, Number::Whole(2)), Ok("d1.21".into()));
        assert_eq!(run(d("1.1"), Power, d("0.5")), Err("policy-power"));
        assert_eq!(run(d("1"), Divide, d("0.00")), Err("policy-division"));
        assert_eq!(run(Number::Decimal(Decimal::MAX), Multiply, Number::Whole(2)), Err("policy-overflow"));
    }
}
