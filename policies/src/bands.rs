//! Finding the row of a table that a value lies in, and adding up slices.

use std::cmp::Ordering;

use zhupi_domain::Decimal;

use crate::number::too_large;
use crate::show;
use crate::stop::Wrong;
use crate::table::{Axis, Band, Below, Bounds, DecidedGap, Neighbour, Pay};

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Below the first row, which the table allows.
    Below,
    /// In a row, counted from 0 as the author listed them.
    Row(usize),
    /// In a gap that was given to a row.
    Gap(usize),
}

/// A row in the unit that scripts compute with.
#[derive(Debug, Clone, Copy)]
struct Reach {
    row: usize,
    low: Decimal,
    high: Option<Decimal>,
}

/// One part of a value and the row that pays for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    pub place: Place,
    pub part: Decimal,
}

/// Finds the row of a value.
pub(crate) fn find<V>(x: Decimal, axis: &Axis, rows: &[Band<V>], gaps: &[DecidedGap]) -> Result<Place, Wrong> {
    within(x, axis)?;
    let reaches = sorted(axis, rows);
    let mut hits = reaches.iter().filter(|reach| holds(axis, reach, x));
    match (hits.next(), hits.next()) {
        (Some(hit), None) => Ok(Place::Row(hit.row)),
        (Some(a), Some(b)) => Err(overlap(x, a, b)),
        (None, _) if reaches.first().is_some_and(|first| x < first.low) => below(axis, x),
        (None, _) => gap(x, x, axis, &reaches, gaps),
    }
}

/// Cuts a value into the parts that lie in each row; what lies below the first row is left out where the table allows.
pub(crate) fn slices<V>(x: Decimal, axis: &Axis, rows: &[Band<V>], gaps: &[DecidedGap]) -> Result<Vec<Slice>, Wrong> {
    within(x, axis)?;
    let reaches = sorted(axis, rows);
    if reaches.first().is_some_and(|first| x < first.low) {
        return below(axis, x).map(|_| Vec::new());
    }
    let mut slices = Vec::new();
    let mut done: Option<(Reach, Decimal)> = None;
    for reach in reaches.iter().take_while(|reach| reach.low <= x) {
        let start = start(axis, reach, done.as_ref())?;
        if let Some((before, end)) = done {
            match start.cmp(&end) {
                Ordering::Less => return Err(overlap(start, &before, reach)),
                Ordering::Equal => {}
                Ordering::Greater => {
                    let last = start.saturating_sub(axis.unit.scaled(axis.step));
                    let place = gap(inside(axis, end).min(last), last, axis, &reaches, gaps)?;
                    slices.push(Slice { place, part: start - end });
                }
            }
        }
        let to = reach.high.map_or(x, |high| high.min(x));
        slices.push(Slice { place: Place::Row(reach.row), part: to - start });
        done = Some((*reach, reach.high.unwrap_or(x)));
    }
    if let Some((_, end)) = done.filter(|(_, end)| x > *end) {
        let place = gap(inside(axis, end).min(x), x, axis, &reaches, gaps)?;
        slices.push(Slice { place, part: x - end });
    }
    Ok(slices)
}

/// What a row pays for a value or a part of one.
pub(crate) fn pay(pay: Pay, part: Decimal) -> Result<Decimal, Wrong> {
    match pay {
        Pay::Rate(rate) => part.checked_mul(rate).ok_or_else(too_large),
        Pay::Amount(amount) => Ok(amount),
    }
}

/// What a person reads of a row, such as 200–300万元.
pub(crate) fn label<V>(axis: &Axis, band: &Band<V>) -> String {
    let symbol = axis.unit.symbol();
    match band.to {
        Some(to) => format!("{}–{}{symbol}", band.from.normalize(), to.normalize()),
        None => format!("{}{symbol}以上", band.from.normalize()),
    }
}

/// Refuses a value above the domain that the author declared: the table was not written for it.
fn within(x: Decimal, axis: &Axis) -> Result<(), Wrong> {
    match axis.high {
        Some(high) if x > axis.unit.scaled(high) => {
            let (x, high, symbol) = (show::decimal(x), high.normalize(), axis.unit.symbol());
            Err(Wrong::new(
                "policy-table-domain",
                format!("{} {x} 超出表的取值范围（最大 {high}{symbol}）", axis.name),
                format!("{} {x} is above the domain of the table, which ends at {high}{symbol}", axis.name),
            ))
        }
        _ => Ok(()),
    }
}

fn sorted<V>(axis: &Axis, rows: &[Band<V>]) -> Vec<Reach> {
    let mut reaches: Vec<Reach> = rows
        .iter()
        .enumerate()
        .map(|(row, band)| Reach {
            row,
            low: axis.unit.scaled(band.from),
            high: band.to.map(|to| axis.unit.scaled(to)),
        })
        .collect();
    reaches.sort_by_key(|reach| reach.low);
    reaches
}

/// Whether a value lies in a row. The end of the domain belongs to the last row, whatever the bounds.
fn holds(axis: &Axis, reach: &Reach, x: Decimal) -> bool {
    let end = axis.high.map(|high| axis.unit.scaled(high));
    let below_high = match reach.high {
        None => true,
        Some(high) if axis.bounds == Bounds::Closed || Some(high) == end => x <= high,
        Some(high) => x < high,
    };
    x >= reach.low && below_high
}

/// Where a row's slice starts: where the row before ended if it follows on, else at its own lower bound.
fn start(axis: &Axis, reach: &Reach, previous: Option<&(Reach, Decimal)>) -> Result<Decimal, Wrong> {
    let step = axis.unit.scaled(axis.step);
    if let Some((_, end)) = previous {
        let next = if axis.bounds == Bounds::Closed { end.checked_add(step).ok_or_else(too_large)? } else { *end };
        if next == reach.low {
            return Ok(*end);
        }
    }
    match axis.bounds == Bounds::Closed && axis.unit.is_counted() && reach.low > Decimal::ZERO {
        true => reach.low.checked_sub(step).ok_or_else(too_large),
        false => Ok(reach.low),
    }
}

/// The first value of the lattice after the end of a row.
fn inside(axis: &Axis, end: Decimal) -> Decimal {
    match axis.bounds {
        Bounds::Closed => end.saturating_add(axis.unit.scaled(axis.step)),
        Bounds::HalfOpen => end,
    }
}

fn below(axis: &Axis, x: Decimal) -> Result<Place, Wrong> {
    if axis.below == Some(Below::Zero) {
        return Ok(Place::Below);
    }
    let shown = show::decimal(x);
    Err(Wrong::new(
        "policy-table-below",
        format!("{} {shown} 低于表中的第一行", axis.name),
        format!("{} {shown} lies below the first row", axis.name),
    )
    .hint("在表中写明 below: zero，或补上一行", "write `below: zero` in the table, or add a row"))
}

/// The row that a gap from one value through another was given to, as a whole.
fn gap(x: Decimal, through: Decimal, axis: &Axis, reaches: &[Reach], gaps: &[DecidedGap]) -> Result<Place, Wrong> {
    let scaled = |bound| axis.unit.scaled(bound);
    let decided = gaps.iter().find(|gap| scaled(gap.from) <= x && gap.to.is_none_or(|to| through <= scaled(to)));
    let row = decided.and_then(|gap| match gap.takes {
        Neighbour::Lower => reaches.iter().rfind(|reach| reach.low <= x),
        Neighbour::Upper => reaches.iter().find(|reach| reach.low > x),
    });
    row.map(|reach| Place::Gap(reach.row)).ok_or_else(|| {
        let shown = show::decimal(x);
        Wrong::new(
            "policy-table-gap",
            format!("{} {shown} 不在表中任何一行", axis.name),
            format!("{} {shown} lies in no row of the table", axis.name),
        )
        .hint(
            "请补齐表中的空档，或由专人记下该空档归入哪一行",
            "close the gap in the table, or let a named person decide which row it belongs to",
        )
    })
}

fn overlap(x: Decimal, a: &Reach, b: &Reach) -> Wrong {
    let (shown, a, b) = (show::decimal(x), a.row + 1, b.row + 1);
    Wrong::new(
        "policy-table-overlap",
        format!("{shown} 同时落在第 {a} 行和第 {b} 行"),
        format!("{shown} lies in rows {a} and {b} at once"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::Unit;

    fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn axis(unit: Unit, step: &str, bounds: Bounds) -> Axis {
        Axis { name: "x".into(), unit, step: d(step), low: None, high: None, bounds, below: None }
    }

    fn band(from: &str, to: Option<&str>) -> Band<Pay> {
        Band { from: d(from), to: to.map(d), value: Pay::Rate(Decimal::ONE), clause: None, span: None }
    }

    fn parts(x: &str, axis: &Axis, rows: &[Band<Pay>]) -> Result<Vec<String>, &'static str> {
        let slices = slices(d(x), axis, rows, &[]).map_err(|wrong| wrong.code)?;
        Ok(slices.iter().map(|slice| slice.part.normalize().to_string()).collect())
    }

    fn row(x: &str, axis: &Axis, rows: &[Band<Pay>]) -> Result<Place, &'static str> {
        find(d(x), axis, rows, &[]).map_err(|wrong| wrong.code)
    }

    #[test]
    fn the_upper_bound_belongs_to_the_next_row_unless_it_ends_the_domain() {
        let axis = Axis { high: Some(d("100")), ..axis(Unit::Points, "0.01", Bounds::HalfOpen) };
        let rows = [band("90", Some("100")), band("60", Some("90")), band("0", Some("60"))];
        for (x, expected) in [("100", 0), ("90", 0), ("89.99", 1), ("60", 1), ("59.99", 2), ("0", 2)] {
            assert_eq!(row(x, &axis, &rows), Ok(Place::Row(expected)), "{x}");
        }
        assert_eq!(row("100.01", &axis, &rows), Err("policy-table-domain"));
        assert_eq!(row("-1", &axis, &rows), Err("policy-table-below"));
    }

    #[test]
    fn closed_rows_leave_nothing_between_steps() {
        let axis = axis(Unit::Yuan, "0.01", Bounds::Closed);
        let rows = [band("0", Some("1000")), band("1000.01", None)];
        assert_eq!(row("1000", &axis, &rows), Ok(Place::Row(0)));
        assert_eq!(row("1000.01", &axis, &rows), Ok(Place::Row(1)));
        assert_eq!(row("1000.005", &axis, &rows), Err("policy-table-gap"), "not on the lattice");
        assert_eq!(parts("1500", &axis, &rows), Ok(vec!["1000".into(), "500".into()]));
        assert_eq!(parts("1000.005", &axis, &rows), Err("policy-table-gap"));
    }

    #[test]
    fn days_1_to_10_are_ten_days() {
        let axis = Axis { below: Some(Below::Zero), ..axis(Unit::Days, "1", Bounds::Closed) };
        let rows = [band("1", Some("10")), band("11", Some("30")), band("61", None)];
        assert_eq!(parts("0", &axis, &rows), Ok(vec![]));
        assert_eq!(parts("1", &axis, &rows), Ok(vec!["1".into()]));
        assert_eq!(parts("25", &axis, &rows), Ok(vec!["10".into(), "15".into()]));
        assert_eq!(parts("45", &axis, &rows), Err("policy-table-gap"));
        assert_eq!(parts("70", &axis, &rows), Err("policy-table-gap"), "the gap below was never decided");
    }

    #[test]
    fn a_table_in_wan_meets_values_in_yuan() {
        let axis = axis(Unit::TenThousandYuan, "0.000001", Bounds::HalfOpen);
        let rows = [band("0", Some("50")), band("50", None)];
        assert_eq!(row("499999.99", &axis, &rows), Ok(Place::Row(0)));
        assert_eq!(row("500000", &axis, &rows), Ok(Place::Row(1)));
        assert_eq!(parts("600000", &axis, &rows), Ok(vec!["500000".into(), "100000".into()]));
    }

    #[test]
    fn rows_that_overlap_are_never_guessed() {
        let axis = axis(Unit::Yuan, "0.01", Bounds::HalfOpen);
        let rows = [band("0", Some("100")), band("50", None)];
        assert_eq!(row("60", &axis, &rows), Err("policy-table-overlap"));
        assert_eq!(parts("60", &axis, &rows), Err("policy-table-overlap"));
    }

    proptest! {
        /// More never pays less, and the parts of a value are the value.
        #[test]
        fn slices_are_monotone_and_whole(
            widths in prop::collection::vec(1_i64..100_000, 1..8),
            rates in prop::collection::vec(0_i64..100, 9),
            a in 0_i64..1_000_000,
            b in 0_i64..1_000_000,
        ) {
            let axis = axis(Unit::Yuan, "0.01", Bounds::HalfOpen);
            let mut from = Decimal::ZERO;
            let mut rows = Vec::new();
            for (i, rate) in rates.iter().take(widths.len() + 1).enumerate() {
                let to = widths.get(i).map(|width| from + Decimal::new(*width, 2));
                rows.push(Band { from, to, value: Pay::Rate(Decimal::new(*rate, 2)), clause: None, span: None });
                from = to.unwrap_or(from);
            }
            let pays = |cents: i64| {
                let slices = slices(Decimal::new(cents, 2), &axis, &rows, &[]).expect("slices");
                let parts: Decimal = slices.iter().map(|slice| slice.part).sum();
                let total: Decimal = slices.iter().map(|slice| match slice.place {
                    Place::Row(row) => pay(rows[row].value, slice.part).expect("a product"),
                    other => panic!("{other:?}"),
                }).sum();
                (parts, total)
            };
            let (low, high) = (a.min(b), a.max(b));
            prop_assert_eq!(pays(low).0, Decimal::new(low, 2));
            prop_assert!(pays(low).1 <= pays(high).1);
        }
    }
}
