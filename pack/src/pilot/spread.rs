//! How many payees gain or lose how much: the bars of a plot.

use serde::Serialize;
use zhupi_domain::Decimal;

use super::amounts::Figure;

/// Payees whose difference is more than `from` and at most `to`, away from zero alike; no difference is a bin of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bin {
    pub from: Figure,
    pub to: Figure,
    pub count: usize,
}

/// The most bins on each side of zero.
const MOST: i64 = 10;

/// Bins of one width over all differences, from the largest loss to the largest gain.
pub(super) fn spread(differences: impl Iterator<Item = Decimal> + Clone) -> Vec<Bin> {
    let largest = differences.clone().map(|difference| difference.abs()).max().unwrap_or_default();
    if differences.clone().next().is_none() {
        return Vec::new();
    }
    let width = width(largest);
    let place = |difference: Decimal| -> i64 {
        let whole = (difference.abs() / width).ceil();
        let number = i64::try_from(whole).unwrap_or(MOST).min(MOST);
        if difference.is_sign_negative() { -number } else { number }
    };
    let places: Vec<i64> = differences.map(place).collect();
    let (first, last) =
        (places.iter().min().copied().unwrap_or(0).min(0), places.iter().max().copied().unwrap_or(0).max(0));
    let bin = |number: i64| {
        let edge = |number: i64| Figure(Decimal::from(number) * width);
        let (from, to) = match number {
            0 => (edge(0), edge(0)),
            1.. => (edge(number - 1), edge(number)),
            _ => (edge(number), edge(number + 1)),
        };
        Bin { from, to, count: places.iter().filter(|place| **place == number).count() }
    };
    (first..=last).map(bin).collect()
}

/// 1, 2 or 5 times a power of ten, so wide that the largest difference lies in the last bin; at least a cent.
fn width(largest: Decimal) -> Decimal {
    let mut power = Decimal::new(1, 2);
    loop {
        for step in [1, 2, 5] {
            let width = power * Decimal::from(step);
            if width * Decimal::from(MOST) >= largest {
                return width;
            }
        }
        power *= Decimal::TEN;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins(differences: &[i64]) -> Vec<(String, String, usize)> {
        let found = spread(differences.iter().map(|difference| Decimal::from(*difference)));
        found.into_iter().map(|bin| (bin.from.to_string(), bin.to.to_string(), bin.count)).collect()
    }

    #[test]
    fn bins_are_round_and_zero_has_its_own() {
        let told = bins(&[-150, 0, 0, 40, 50, 200]);
        assert_eq!(told.first(), Some(&("-160.00".into(), "-140.00".into(), 1)));
        assert_eq!(told.last(), Some(&("180.00".into(), "200.00".into(), 1)));
        assert!(told.contains(&("0.00".into(), "0.00".into(), 2)));
        assert!(
            told.contains(&("20.00".into(), "40.00".into(), 1)) && told.contains(&("40.00".into(), "60.00".into(), 1))
        );
        assert_eq!(told.iter().map(|(_, _, count)| count).sum::<usize>(), 6);
    }

    #[test]
    fn nothing_and_no_difference_have_their_plots_too() {
        assert_eq!(bins(&[]), []);
        assert_eq!(bins(&[0, 0]), [("0.00".into(), "0.00".into(), 2)]);
    }
}
