//! The numbers of the language: fixed point, twelve digits after the point.
//!
//! The browser does the same on big integers, so every step here is exact integer arithmetic and rounds in one place only;
//! `Decimal`'s own multiplication and division round to 28 significant digits first, which now and then rounds twice.

use rust_decimal::Decimal;

use crate::Rounding;

/// Digits kept after the point.
pub const DIGITS: u32 = 12;
const ONE: u128 = 10u128.pow(DIGITS);
/// Everything has to stay below 10^15.
const LIMIT: u128 = 10u128.pow(15) * ONE;

/// A number below 10^15 in size, counted in 10^-12. There is one zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed(i128);

impl Fixed {
    pub const ZERO: Self = Self(0);

    /// Rounds to twelve digits, half away from zero; none beyond the limit.
    pub fn new(value: Decimal) -> Option<Self> {
        let rounded = Rounding::HalfUp.round(value, DIGITS);
        let units = 10i128.checked_pow(DIGITS.checked_sub(rounded.scale())?)?;
        Self::of(rounded.mantissa().checked_mul(units)?)
    }

    pub fn whole(value: i64) -> Option<Self> {
        Self::new(Decimal::from(value))
    }

    /// The value without zeros at its end.
    pub fn decimal(self) -> Decimal {
        // Below 10^27 always fits.
        Decimal::try_from_i128_with_scale(self.0, DIGITS).map(|value| value.normalize()).unwrap_or_default()
    }

    /// The value where it has no digits after the point.
    pub fn as_whole(self) -> Option<i64> {
        let one = i128::try_from(ONE).ok()?;
        (self.0 % one == 0).then(|| i64::try_from(self.0 / one).ok())?
    }

    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        Self::of(self.0 + other.0)
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        Self::of(self.0 - other.0)
    }

    pub fn times(self, other: Self) -> Option<Self> {
        let (a, b) = (self.0.unsigned_abs(), other.0.unsigned_abs());
        // (a1·ONE + a0)·b ÷ ONE, in parts that fit: only the product of the two fractions has to be rounded.
        let (a1, a0, b1, b0) = (a / ONE, a % ONE, b / ONE, b % ONE);
        let exact = a1.checked_mul(b)?.checked_add(a0 * b1)?;
        self.signed_like(other, exact.checked_add((a0 * b0 + ONE / 2) / ONE)?)
    }

    /// None where `other` is zero, or the result is beyond the limit.
    pub fn divided_by(self, other: Self) -> Option<Self> {
        let (a, b) = (self.0.unsigned_abs(), other.0.unsigned_abs());
        let mut quotient = a.checked_div(b)?;
        let mut rest = a % b;
        // Long division by six digits at a time: twelve at once would not fit.
        for _ in 0..2 {
            rest *= 1_000_000;
            quotient = quotient.checked_mul(1_000_000)?.checked_add(rest / b)?;
            rest %= b;
        }
        self.signed_like(other, quotient.checked_add(u128::from(rest * 2 >= b))?)
    }

    /// Rounds to `digits` after the point, half away from zero; `digits` above twelve change nothing.
    pub fn rounded(self, digits: u32) -> Option<Self> {
        let unit = 10u128.pow(DIGITS.saturating_sub(digits));
        let magnitude = (self.0.unsigned_abs() + unit / 2) / unit * unit;
        self.signed_like(Self(1), magnitude)
    }

    fn signed_like(self, other: Self, magnitude: u128) -> Option<Self> {
        let magnitude = i128::try_from(magnitude).ok()?;
        Self::of(if (self.0 < 0) == (other.0 < 0) { magnitude } else { -magnitude })
    }

    fn of(units: i128) -> Option<Self> {
        (units.unsigned_abs() < LIMIT).then_some(Self(units))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::new(crate::money::parse_decimal(text).unwrap()).unwrap()
    }

    #[test]
    fn results_are_rounded_half_away_from_zero_at_the_twelfth_digit() {
        for (a, b, product) in [
            ("0.000001", "0.0000005", "0.000000000001"),
            ("-0.000001", "0.0000005", "-0.000000000001"),
            ("0.000001", "0.0000004", "0"),
            ("999999999999999", "1", "999999999999999"),
            ("123456789.123456789012", "1000000.000001", "123456789123580.245801123457"),
        ] {
            assert_eq!(fixed(a).times(fixed(b)).map(Fixed::decimal), Some(fixed(product).decimal()), "{a} × {b}");
        }
        for (a, b, quotient) in
            [("1", "3", "0.333333333333"), ("2", "3", "0.666666666667"), ("-2", "3", "-0.666666666667")]
        {
            assert_eq!(fixed(a).divided_by(fixed(b)).map(Fixed::decimal), Some(fixed(quotient).decimal()), "{a} ÷ {b}");
        }
        assert_eq!(fixed("1").divided_by(Fixed::ZERO), None);
        assert_eq!(fixed("-2.5").rounded(0), Some(fixed("-3")));
        assert_eq!(fixed("2.345").rounded(2), Some(fixed("2.35")));
    }

    #[test]
    fn nothing_reaches_ten_to_the_fifteenth() {
        let largest = fixed("999999999999999.999999999999");
        assert_eq!(largest.plus(fixed("0.000000000001")), None);
        assert_eq!(largest.rounded(0), None);
        assert_eq!(largest.times(largest), None);
        assert_eq!(largest.divided_by(fixed("0.000000000001")), None);
        assert_eq!(largest.negated().minus(fixed("0.000000000001")), None);
        assert_eq!(Fixed::new(Decimal::MAX), None);
    }

    proptest! {
        /// Where both factors are small, the exact answer fits into `Decimal`, which then has to agree.
        #[test]
        fn small_values_agree_with_decimal(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000) {
            let (x, y) = (Decimal::new(a, 4), Decimal::new(b, 3));
            let (fx, fy) = (Fixed::new(x).unwrap(), Fixed::new(y).unwrap());
            prop_assert_eq!(fx.plus(fy).unwrap().decimal(), x + y);
            prop_assert_eq!(fx.minus(fy).unwrap().decimal(), x - y);
            prop_assert_eq!(fx.times(fy).unwrap().decimal(), x * y);
            if b != 0 {
                let quotient = fx.divided_by(fy).unwrap().decimal();
                prop_assert!((quotient - x / y).abs() <= Decimal::new(5, 13));
            }
        }
    }
}
