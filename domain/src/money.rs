//! Exact money.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize};

/// How a figure is cut to its last digit. A contract names it per output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// 四舍五入: to the nearest, half away from zero. The default everywhere.
    #[default]
    HalfUp,
    /// Towards zero: what is left over is cut off.
    Down,
    /// Away from zero.
    Up,
}

impl Rounding {
    /// Rounds to `digits` after the point.
    pub fn round(self, value: Decimal, digits: u32) -> Decimal {
        let strategy = match self {
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::Down => RoundingStrategy::ToZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        };
        let mut rounded = value.round_dp_with_strategy(digits, strategy);
        if rounded.is_zero() {
            rounded.set_sign_positive(true);
        }
        rounded
    }
}

/// Why a text is not an amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("not a plain decimal number")]
    NotANumber,
    #[error("more than two digits after the point")]
    TooFine,
    #[error("too large")]
    TooLarge,
}

/// An amount in the company's currency: exactly two digits after the point, in JSON always a string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(Decimal);

impl Money {
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// The largest amount accepted anywhere: ten trillion, far below what `Decimal` holds, so that sums never overflow.
    pub const MAX: Self = Self(Decimal::from_parts(1_316_134_912, 2328, 0, false, 0));

    /// Takes a value that already has at most two digits after the point.
    pub fn exact(value: Decimal) -> Result<Self, MoneyError> {
        let value = value.normalize();
        if value.scale() > 2 {
            return Err(MoneyError::TooFine);
        }
        if value.abs() > Self::MAX.0 {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self(Rounding::Down.round(value, 2)))
    }

    /// Makes an amount out of any value by a rounding rule.
    pub fn rounded(value: Decimal, rule: Rounding) -> Result<Self, MoneyError> {
        Self::exact(rule.round(value, 2))
    }

    /// Reads an amount as people and JSON write it: digits, at most one point, a leading minus; no thousands marks.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::exact(parse_decimal(text).ok_or(MoneyError::NotANumber)?)
    }

    pub fn value(self) -> Decimal {
        self.0
    }
}

/// Reads a plain decimal number: an optional minus, digits, at most one point with digits on both sides.
///
/// Stricter than `Decimal::from_str`, which takes `1_000` and `.5`.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || fraction.is_some_and(|f| !all_digits(f)) || text.len() > 40 {
        return None;
    }
    Decimal::from_str_exact(text).ok().map(|mut value| {
        if value.is_zero() {
            value.set_sign_positive(true);
        }
        value
    })
}

// Amounts are far below what `Decimal` holds, so that no sum of them overflows.

impl std::ops::Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl std::ops::Sub for Money {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl std::ops::Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        if self.0.is_zero() { self } else { Self(-self.0) }
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, std::ops::Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Money::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_amount_is_ten_trillion() {
        assert_eq!(Money::MAX.to_string(), "10000000000000.00");
    }

    #[test]
    fn money_is_written_with_two_digits() {
        assert_eq!(Money::parse("12800.5").map(|m| m.to_string()), Ok("12800.50".into()));
        assert_eq!(Money::parse("-0.00").map(|m| m.to_string()), Ok("0.00".into()));
        assert_eq!(Money::parse("1.500").map(|m| m.to_string()), Ok("1.50".into()));
        assert_eq!(Money::parse("1.005"), Err(MoneyError::TooFine));
        for bad in ["", "-", ".5", "5.", "1_000", "1,000", "1e3", "１２", " 1", "0x10", "+1", "1.2.3", "NaN"] {
            assert_eq!(Money::parse(bad), Err(MoneyError::NotANumber), "{bad:?}");
        }
        assert_eq!(Money::parse("10000000000000.01"), Err(MoneyError::TooLarge));
    }

    proptest! {
        /// 四舍五入 against integer arithmetic, for every multiple of half a cent.
        #[test]
        fn half_a_cent_goes_away_from_zero(half_cents in -20_000_000i64..20_000_000) {
            let value = Decimal::new(half_cents * 5, 3);
            let expected = (half_cents.abs() + 1) / 2 * half_cents.signum();
            prop_assert_eq!(Rounding::HalfUp.round(value, 2), Decimal::new(expected, 2));
        }
    }
}
