//! Rows along an axis: gaps, overlaps, open ends, on the lattice of the declared step.

use zhupi_domain::{Decimal, Diagnostic, Diagnostics, Text};

use crate::params::{Dated, Param};
use crate::table::{Axis, Band, Bounds, DecidedGap, Neighbour};

/// T01, T02, T03, T06 and T13 of one axis.
pub(super) fn lint<V>(
    param: &Param,
    dated: &Dated,
    axis: &Axis,
    rows: &[Band<V>],
    gaps: &[DecidedGap],
    found: &mut Diagnostics,
) {
    let checker = Checker { param, dated, axis, gaps };
    if axis.step <= Decimal::ZERO {
        found.push(checker.error(None, Text::new("步长须大于零", "the step must be above zero")));
        return;
    }
    found.extend(rows.iter().enumerate().filter_map(|(i, row)| checker.row(i, row)));
    found.extend(units(param, axis, rows));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|&i| rows.get(i).map(|row| row.from));
    let rows: Vec<(usize, &Band<V>)> = order.into_iter().filter_map(|i| rows.get(i).map(|row| (i + 1, row))).collect();
    for pair in rows.windows(2) {
        if let [below, above] = pair {
            found.extend(checker.between(*below, *above));
        }
    }
    found.extend(rows.first().and_then(|first| checker.floor(*first)));
    found.extend(rows.last().and_then(|last| checker.ceiling(*last)));
    found.extend(gaps.iter().map(|gap| checker.decided(gap)));
}

struct Checker<'a> {
    param: &'a Param,
    dated: &'a Dated,
    axis: &'a Axis,
    gaps: &'a [DecidedGap],
}

impl Checker<'_> {
    fn error(&self, row: Option<zhupi_domain::Span>, message: Text) -> Diagnostic {
        let message = Text::new(
            format!("参数 `{}`：{}", self.param.name, message.zh),
            format!("param `{}`: {}", self.param.name, message.en.unwrap_or_default()),
        );
        self.param.error("T02", row.or(self.dated.span), message)
    }

    fn warning(&self, code: &'static str, row: Option<zhupi_domain::Span>, message: Text) -> Diagnostic {
        let message = Text::new(
            format!("参数 `{}`：{}", self.param.name, message.zh),
            format!("param `{}`: {}", self.param.name, message.en.unwrap_or_default()),
        );
        self.param.warning(code, row.or(self.dated.span), message)
    }

    /// The first value after a row.
    fn after(&self, to: Decimal) -> Decimal {
        match self.axis.bounds {
            Bounds::Closed => to.saturating_add(self.axis.step),
            Bounds::HalfOpen => to,
        }
    }

    /// The upper bound of a row that ends right before a value.
    fn end_before(&self, from: Decimal) -> Decimal {
        match self.axis.bounds {
            Bounds::Closed => from.saturating_sub(self.axis.step),
            Bounds::HalfOpen => from,
        }
    }

    fn row<V>(&self, i: usize, row: &Band<V>) -> Option<Diagnostic> {
        let number = i + 1;
        let to = row.to?;
        let empty = if self.axis.bounds == Bounds::Closed { to < row.from } else { to <= row.from };
        empty.then(|| {
            self.error(
                row.span,
                Text::new(
                    format!("第 {number} 行从 {} 到 {to}，是空的", row.from),
                    format!("row {number} from {} to {to} is empty", row.from),
                ),
            )
        })
    }

    fn between<V>(
        &self,
        (low_number, low): (usize, &Band<V>),
        (high_number, high): (usize, &Band<V>),
    ) -> Option<Diagnostic> {
        let Some(to) = low.to else {
            return Some(self.overlap(low_number, high_number, high.from, None, high.span));
        };
        let expected = self.after(to);
        if high.from < expected {
            return Some(self.overlap(low_number, high_number, high.from, Some(to), high.span));
        }
        if high.from == expected || self.is_decided(expected, high.from) {
            return None;
        }
        let symbol = self.axis.unit.symbol();
        let last = high.from.saturating_sub(self.axis.step);
        let (first, last, end, from) = (n(expected), n(last), n(self.end_before(high.from)), n(expected));
        Some(
            self.warning(
                "T01",
                high.span,
                Text::new(
                    format!("第 {low_number} 行与第 {high_number} 行之间有空档：{first} 至 {last}{symbol} 没有规定"),
                    format!(
                        "nothing is said between rows {low_number} and {high_number}: from {first} to {last}{symbol}"
                    ),
                ),
            )
            .hint(Text::new(
                format!("把第 {low_number} 行的上限改为 {end}"),
                format!("let row {low_number} go up to {end}"),
            ))
            .hint(Text::new(
                format!("或把第 {high_number} 行的下限改为 {from}"),
                format!("or let row {high_number} begin at {from}"),
            )),
        )
    }

    fn overlap(
        &self,
        low: usize,
        high: usize,
        from: Decimal,
        to: Option<Decimal>,
        span: Option<zhupi_domain::Span>,
    ) -> Diagnostic {
        let symbol = self.axis.unit.symbol();
        let to_zh = to.map_or("以上".to_owned(), |to| format!(" 至 {}", n(to)));
        let to_en = to.map_or(" on".to_owned(), |to| format!(" to {}", n(to)));
        let end = n(self.end_before(from));
        let found = self
            .error(
                span,
                Text::new(
                    format!("第 {low} 行与第 {high} 行重叠：{}{to_zh}{symbol}", n(from)),
                    format!("rows {low} and {high} overlap: from {}{to_en}{symbol}", n(from)),
                ),
            )
            .hint(Text::new(format!("把第 {low} 行的上限改为 {end}"), format!("let row {low} go up to {end}")));
        match to {
            Some(to) => {
                let begin = n(self.after(to));
                found.hint(Text::new(
                    format!("或把第 {high} 行的下限改为 {begin}"),
                    format!("or let row {high} begin at {begin}"),
                ))
            }
            None => found,
        }
    }

    /// Whether a named person said which row the gap belongs to.
    fn is_decided(&self, first: Decimal, next: Decimal) -> bool {
        let last = next.saturating_sub(self.axis.step);
        self.gaps.iter().any(|gap| gap.from <= first && gap.to.is_none_or(|to| to >= last))
    }

    /// T13: a gap that a named person closed for the time being.
    fn decided(&self, gap: &DecidedGap) -> Diagnostic {
        let (name, by, on, from) = (&self.param.name, &gap.by, gap.on, n(gap.from));
        let symbol = self.axis.unit.symbol();
        let (to_zh, to_en) = gap.to.map_or((" 以上".to_owned(), " on".to_owned()), |to| {
            (format!(" 至 {}{symbol}", n(to)), format!(" to {}{symbol}", n(to)))
        });
        let (row_zh, row_en) = match gap.takes {
            Neighbour::Lower => ("较低的一档", "the row below"),
            Neighbour::Upper => ("较高的一档", "the row above"),
        };
        let message = Text::new(
            format!("参数 `{name}`：空档 {from}{to_zh} 暂按{row_zh}试算（{by}，{on}），须指定的人确认"),
            format!(
                "param `{name}`: the gap from {from}{to_en} takes {row_en} for the time being ({by}, {on}): the person \
                 named for it has to confirm"
            ),
        );
        self.param
            .note("T13", gap.span.or(self.dated.span), message)
            .hint(Text::new(
                "确认后改行的上下限，把空档补齐，并删去 gaps 中的这一条",
                "once it is confirmed, close the gap with the bounds of its rows and delete it from `gaps`",
            ))
            .hint(Text::new(
                "或删去 gaps 中的这一条：落在空档里的数额报错，等人裁定",
                "or delete it from `gaps`: a value in the gap is a fault until somebody decides",
            ))
    }

    /// T03: what is below the first row.
    fn floor<V>(&self, (number, row): (usize, &Band<V>)) -> Option<Diagnostic> {
        let open = self.axis.low.is_none_or(|low| low < row.from);
        if !open || self.axis.below.is_some() {
            return None;
        }
        let from = n(row.from);
        Some(
            self.warning(
                "T03",
                row.span,
                Text::new(format!("没有说明低于 {from} 时怎么办"), format!("nothing is said below {from}")),
            )
            .hint(Text::new(
                "写明 below: zero（计为零）或 below: error（报错）",
                "write `below: zero` or `below: error`",
            ))
            .hint(Text::new(format!("或把第 {number} 行的下限改低"), format!("or let row {number} begin lower"))),
        )
    }

    /// T03: what is above the last row.
    fn ceiling<V>(&self, (number, row): (usize, &Band<V>)) -> Option<Diagnostic> {
        let to = row.to?;
        let covered = self.axis.high.is_some_and(|high| high <= to);
        let decided = self.gaps.iter().any(|gap| gap.to.is_none() && gap.from <= self.after(to));
        (!covered && !decided).then(|| {
            let to = n(to);
            self.warning(
                "T03",
                row.span,
                Text::new(format!("没有说明高于 {to} 时怎么办"), format!("nothing is said above {to}")),
            )
            .hint(Text::new(format!("去掉第 {number} 行的上限"), format!("leave out the upper bound of row {number}")))
            .hint(Text::new(format!("或写明取值范围到 {to} 为止"), format!("or say that the domain ends at {to}")))
        })
    }
}

/// T06: a row that goes down in a table that goes up, by the factor of 万元: its unit was dropped.
fn units<V>(param: &Param, axis: &Axis, rows: &[Band<V>]) -> Diagnostics {
    let looks_dropped = |above: &Band<V>, row: &Band<V>| {
        let ratio = above.from.checked_div(row.from).unwrap_or_default();
        row.from < above.from && ratio > Decimal::from(2_000) && ratio < Decimal::from(50_000)
    };
    let report = |(number, pair): (usize, &[Band<V>])| {
        let [above, row] = pair else { return None };
        looks_dropped(above, row).then(|| {
            param
                .warning(
                    "T06",
                    row.span,
                    Text::new(
                        format!("参数 `{}` 第 {number} 行从 {} 起，比上一行小得多，像是漏写了“万”", param.name, n(row.from)),
                        format!("row {number} of param `{}` begins at {}, far below the row before: its 万 seems to be missing", param.name, n(row.from)),
                    ),
                )
                .hint(Text::new(
                    format!("整列用同一单位（现为 {}）", axis.unit.symbol()),
                    format!("write the whole column in one unit (now {})", axis.unit.symbol()),
                ))
        })
    };
    (2..).zip(rows.windows(2)).filter_map(report).collect()
}

fn n(number: Decimal) -> String {
    number.normalize().to_string()
}
