//! Splitting an amount to the cent.

use zhupi_domain::Decimal;

use crate::contract::LeftOver;
use crate::stop::Wrong;

/// An amount divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    pub amounts: Vec<Decimal>,
    /// How many cents the cut left over, before they were handed out; negative when a negative amount was split.
    pub cents_left: i128,
}

/// Divides whole cents by weights: each part is cut down to the cent, then the left-over cents are handed out.
///
/// Exact for every amount and weight that a contract lets in: the work is done on whole numbers. A part of weight zero
/// never gets a cent.
pub(crate) fn split(total: Decimal, weights: &[Decimal], left_over: LeftOver) -> Result<Parts, Wrong> {
    let total = cents(total)?;
    let weights = whole_weights(weights)?;
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        return Err(Wrong::new("policy-split", "没有可分配的对象", "there is nobody to split among")
            .hint("请先处理人数或权重为零的情形", "deal with no payees, or only zero weights, before splitting"));
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut lost = Vec::with_capacity(weights.len());
    for weight in &weights {
        let share = total.checked_mul(*weight).ok_or_else(too_fine)?;
        parts.push(share / sum);
        lost.push((share % sum).abs());
    }
    let left = total - parts.iter().sum::<i128>();
    hand_out(&mut parts, &payees(&weights, &lost, left_over), left);
    let amounts = parts.into_iter().map(|cents| Decimal::try_from_i128_with_scale(cents, 2)).collect::<Result<_, _>>();
    Ok(Parts { amounts: amounts.map_err(|_| too_fine())?, cents_left: left })
}

/// Whom left-over cents go to, in order; nobody where they are kept.
fn payees(weights: &[i128], lost: &[i128], left_over: LeftOver) -> Vec<usize> {
    let mut order: Vec<usize> = (0..).zip(weights).filter(|(_, weight)| **weight != 0).map(|(i, _)| i).collect();
    match left_over {
        LeftOver::First => {}
        LeftOver::Largest => order.sort_by_key(|&i| std::cmp::Reverse(lost.get(i).copied().unwrap_or_default())),
        LeftOver::Company | LeftOver::Carry => order.clear(),
    }
    order
}

/// Gives one cent each until none is left; there are always fewer cents than payees.
fn hand_out(parts: &mut [i128], order: &[usize], left: i128) {
    for (_, &i) in (0..left.unsigned_abs()).zip(order) {
        if let Some(part) = parts.get_mut(i) {
            *part += left.signum();
        }
    }
}

/// An amount as whole cents; refuses fractions of a cent.
fn cents(amount: Decimal) -> Result<i128, Wrong> {
    let scaled = amount.checked_mul(Decimal::ONE_HUNDRED).ok_or_else(too_fine)?.normalize();
    if scaled.scale() > 0 {
        return Err(Wrong::new(
            "policy-split",
            format!("要分配的金额 {} 不是整分", amount.normalize()),
            format!("the amount {} is not in whole cents", amount.normalize()),
        )
        .hint("请先用 yuan(x) 化为金额", "make it money first, with yuan(x)"));
    }
    Ok(scaled.mantissa())
}

/// Weights brought to whole numbers of one scale.
fn whole_weights(weights: &[Decimal]) -> Result<Vec<i128>, Wrong> {
    let weights: Vec<Decimal> = weights.iter().map(|weight| weight.normalize()).collect();
    let scale = weights.iter().map(|weight| weight.scale()).max().unwrap_or(0);
    if scale > 12 {
        return Err(too_fine());
    }
    weights
        .iter()
        .map(|weight| {
            if weight.is_sign_negative() && !weight.is_zero() {
                return Err(Wrong::new("policy-split", "权重不能为负", "a weight cannot be negative"));
            }
            let factor = 10_i128.checked_pow(scale - weight.scale()).ok_or_else(too_fine)?;
            weight.mantissa().checked_mul(factor).filter(|w| *w <= 10_i128.pow(21)).ok_or_else(too_fine)
        })
        .collect()
}

fn too_fine() -> Wrong {
    Wrong::new(
        "policy-split",
        "金额或权重过大、过细，无法精确分配",
        "the amount or a weight is too large or too fine to split exactly",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn parts(total: &str, weights: &[&str], left_over: LeftOver) -> Vec<String> {
        let weights: Vec<_> = weights.iter().map(|w| d(w)).collect();
        let parts = split(d(total), &weights, left_over).expect("a split");
        parts.amounts.iter().map(|a| format!("{a:.2}")).collect()
    }

    #[test]
    fn left_over_cents_go_to_the_first_in_listed_order() {
        assert_eq!(parts("100.05", &["40", "25", "35"], LeftOver::First), ["40.03", "25.01", "35.01"]);
        assert_eq!(parts("66500.00", &["1", "1", "1"], LeftOver::First), ["22166.67", "22166.67", "22166.66"]);
        assert_eq!(parts("0.03", &["1"; 4], LeftOver::First), ["0.01", "0.01", "0.01", "0.00"]);
        assert_eq!(parts("-0.05", &["1", "1"], LeftOver::First), ["-0.03", "-0.02"]);
    }

    #[test]
    fn other_ways_are_chosen_by_name() {
        assert_eq!(parts("100.00", &["1", "3", "2"], LeftOver::Largest), ["16.67", "50.00", "33.33"]);
        assert_eq!(parts("0.05", &["1", "3"], LeftOver::Largest), ["0.01", "0.04"], "the larger loss");
        assert_eq!(parts("100.00", &["1"; 3], LeftOver::Company), ["33.33"; 3]);
        assert_eq!(parts("100.00", &["1"; 3], LeftOver::Carry), ["33.33"; 3]);
    }

    #[test]
    fn what_cannot_be_split_exactly_is_refused() {
        let refused = |total: &str, weights: &[&str]| {
            let weights: Vec<_> = weights.iter().map(|w| d(w)).collect();
            split(d(total), &weights, LeftOver::First).is_err()
        };
        assert!(refused("1.00", &[]));
        assert!(refused("1.00", &["0", "0"]));
        assert!(refused("1.005", &["1"]));
        assert!(refused("1.00", &["2", "-1"]));
        assert!(refused("1.00", &["0.0000000000001"]));
        assert!(refused("79228162514264337593543950335", &["1", "1"]));
    }

    proptest! {
        #[test]
        fn parts_always_add_up(
            cents in -1_000_000_000_000_i64..1_000_000_000_000,
            weights in prop::collection::vec((0_i64..1_000_000, 0_u32..5), 1..40),
            largest: bool,
        ) {
            let total = Decimal::new(cents, 2);
            let weights: Vec<_> = weights.into_iter().map(|(w, s)| Decimal::new(w, s)).collect();
            prop_assume!(weights.iter().any(|w| !w.is_zero()));
            let left_over = if largest { LeftOver::Largest } else { LeftOver::First };
            let parts = split(total, &weights, left_over).expect("a split");
            prop_assert_eq!(parts.amounts.iter().sum::<Decimal>(), total);
            let sum: Decimal = weights.iter().sum();
            for (part, weight) in parts.amounts.iter().zip(&weights) {
                let exact = total * weight / sum;
                prop_assert!((part - exact).abs() < d("0.010001"), "{} for {}", part, exact);
                prop_assert!(!weight.is_zero() || part.is_zero());
            }
        }
    }
}
