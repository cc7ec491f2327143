//! What each kind of table is checked for.

use std::collections::BTreeSet;

use zhupi_domain::{Decimal, Diagnostic, Diagnostics, Text};

use super::axis;
use crate::bands;
use crate::params::{Dated, Param};
use crate::show;
use crate::table::{Band, Lookup, Mode, Pay, Shares, Table, Tiers};

/// Everything that looks wrong in one table.
pub(super) fn lint(param: &Param, dated: &Dated, table: &Table, found: &mut Diagnostics) {
    if table.is_empty() {
        let name = &param.name;
        found.push(param.error(
            "T01",
            dated.span,
            Text::new(format!("参数 `{name}` 的表是空的"), format!("the table of param `{name}` is empty")),
        ));
        return;
    }
    match table {
        Table::Tiers(tiers) => {
            axis::lint(param, dated, &tiers.axis, &tiers.rows, &tiers.gaps, found);
            self::tiers(param, dated, tiers, found);
        }
        Table::Grades(grades) => axis::lint(param, dated, &grades.axis, &grades.rows, &grades.gaps, found),
        Table::Split(shares) => split(param, dated, shares, found),
        Table::Lookup(lookup) => keys(param, lookup, found),
    }
}

fn tiers(param: &Param, dated: &Dated, tiers: &Tiers, found: &mut Diagnostics) {
    let name = &param.name;
    match tiers.mode {
        None => found.push(
            param
                .error(
                    "T04",
                    dated.span,
                    Text::new(
                        format!("参数 `{name}` 没有说明是全额还是分段计提"),
                        format!("param `{name}` does not say whether a rate is taken of the whole or of each slice"),
                    ),
                )
                .hint(Text::new(
                    "mode: whole 全额：整个数额按达到的那一档计",
                    "`mode: whole`: the whole value at the rate of the tier reached",
                ))
                .hint(Text::new(
                    "mode: slice 分段：各段按各自的档计",
                    "`mode: slice`: each part at the rate of the tier it lies in",
                )),
        ),
        Some(Mode::Whole) => found.extend(cliff(param, dated, tiers)),
        Some(Mode::Slice) => {}
    }
    rates(param, tiers, found);
}

/// T05: the widest jump between the end of one row and the begin of the next.
fn cliff(param: &Param, dated: &Dated, tiers: &Tiers) -> Option<Diagnostic> {
    let mut rows: Vec<&Band<Pay>> = tiers.rows.iter().collect();
    rows.sort_by_key(|row| row.from);
    let jumps = rows.windows(2).filter_map(|pair| {
        let [below, above] = pair else { return None };
        let (last, first) = (tiers.axis.unit.scaled(below.to?), tiers.axis.unit.scaled(above.from));
        let (before, after) = (bands::pay(below.value, last).ok()?, bands::pay(above.value, first).ok()?);
        Some((after.checked_sub(before)?, last, first, before, after))
    });
    let (jump, last, first, before, after) =
        jumps.max_by_key(|(jump, ..)| jump.abs()).filter(|(jump, ..)| !jump.is_zero())?;
    let d = |number: Decimal| show::decimal(number.normalize());
    let message = Text::new(
        format!(
            "参数 `{}` 为全额计提，{} 时得 {}，到 {} 时得 {}，相差 {}",
            param.name,
            d(last),
            d(before),
            d(first),
            d(after),
            d(jump)
        ),
        format!(
            "param `{}` pays {} at {} and {} at {}: a jump of {}",
            param.name,
            d(before),
            d(last),
            d(after),
            d(first),
            d(jump)
        ),
    );
    let found = if jump < Decimal::ZERO {
        param.warning("T05", dated.span, message)
    } else {
        param.note("T05", dated.span, message)
    };
    Some(found.hint(Text::new("如不希望跳档，改用 mode: slice（分段）", "if no jump is meant, use `mode: slice`")))
}

/// T06: rates and amounts in one column, and rates above 1, which look like percent.
fn rates(param: &Param, tiers: &Tiers, found: &mut Diagnostics) {
    let name = &param.name;
    let amounts = tiers.rows.iter().filter(|row| matches!(row.value, Pay::Amount(_))).count();
    if amounts > 0 && amounts < tiers.rows.len() {
        found.push(param.warning(
            "T06",
            None,
            Text::new(
                format!("参数 `{name}` 的同一列中既有比率又有金额"),
                format!("param `{name}` has rates and amounts in one column"),
            ),
        ));
    }
    for (number, row) in (1..).zip(&tiers.rows) {
        let Pay::Rate(rate) = row.value else { continue };
        if rate.abs() > Decimal::ONE {
            let fraction = (rate / Decimal::ONE_HUNDRED).normalize();
            found.push(
                param
                    .warning(
                        "T06",
                        row.span,
                        Text::new(
                            format!("参数 `{name}` 第 {number} 行的比率 {rate} 大于 1，像是百分数"),
                            format!(
                                "row {number} of param `{name}`: the rate {rate} is above 1 and looks like percent"
                            ),
                        ),
                    )
                    .hint(Text::new(
                        format!("如指 {rate}%，应写 {fraction}"),
                        format!("if {rate}% is meant, write {fraction}"),
                    )),
            );
        }
    }
}

/// T07: shares that are not 100%, or negative, or named twice.
fn split(param: &Param, dated: &Dated, shares: &Shares, found: &mut Diagnostics) {
    let name = &param.name;
    let sum = shares.rows.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(share.percent));
    if sum != Some(Decimal::ONE_HUNDRED) {
        let sum = sum.unwrap_or(Decimal::MAX).normalize();
        let rest = (Decimal::ONE_HUNDRED - sum).normalize();
        found.push(
            param
                .error(
                    "T07",
                    dated.span,
                    Text::new(
                        format!("参数 `{name}` 的各份合计 {sum}%，不是 100%"),
                        format!("the shares of param `{name}` add up to {sum}%, not 100%"),
                    ),
                )
                .hint(Text::new(format!("补上或调整 {rest}%"), format!("add or adjust {rest}%")))
                .hint(Text::new("或另设一份归公司", "or give the rest a share of its own, such as the company's")),
        );
    }
    let mut seen = BTreeSet::new();
    for share in &shares.rows {
        if share.percent < Decimal::ZERO || !seen.insert(&share.name) {
            found.push(param.error(
                "T07",
                share.span,
                Text::new(
                    format!("参数 `{name}` 中 `{}` 的份额为负或重复", share.name),
                    format!("the share `{}` of param `{name}` is negative or given twice", share.name),
                ),
            ));
        }
    }
}

/// T02 for lookups: two rows with the same keys, or rows with too few or too many.
fn keys(param: &Param, lookup: &Lookup, found: &mut Diagnostics) {
    let name = &param.name;
    let mut seen = BTreeSet::new();
    for (number, row) in (1..).zip(&lookup.rows) {
        if row.keys.len() != lookup.keys.len() {
            found.push(param.error(
                "T02",
                row.span,
                Text::new(
                    format!("参数 `{name}` 第 {number} 行有 {} 个键，应为 {} 个", row.keys.len(), lookup.keys.len()),
                    format!("row {number} of param `{name}` has {} keys, not {}", row.keys.len(), lookup.keys.len()),
                ),
            ));
        }
        if !seen.insert(&row.keys) {
            found.push(param.error(
                "T02",
                row.span,
                Text::new(
                    format!("参数 `{name}` 中“{}”出现两次", row.keys.join("、")),
                    format!("param `{name}` has two rows for `{}`", row.keys.join(", ")),
                ),
            ));
        }
    }
}
