//! Blanks, assumptions and dates of params, and a look into each table.

use zhupi_domain::{Diagnostics, Text};

use super::tables;
use crate::params::{Dated, Param, ParamValue, Params, Status};
use crate::show;

impl Params {
    /// Everything that looks wrong or unfinished in params and their tables, in the order of their names.
    pub fn lint(&self) -> Diagnostics {
        let mut found = Vec::new();
        for param in self.iter() {
            dates(param, &mut found);
            for dated in &param.values {
                if dated.status == Status::Assumed && dated.value != ParamValue::Blank {
                    found.push(assumed(param, dated));
                }
                match &dated.value {
                    ParamValue::Blank => found.push(blank(param, dated)),
                    ParamValue::Table(table) => tables::lint(param, dated, table, &mut found),
                    ParamValue::Plain { .. } => {}
                }
            }
        }
        found
    }
}

fn blank(param: &Param, dated: &Dated) -> zhupi_domain::Diagnostic {
    let (name, from) = (&param.name, dated.from);
    param
        .warning(
            "T08",
            dated.span,
            Text::new(
                format!("参数 `{name}` 自 {from} 起尚未填写"),
                format!("param `{name}` has no value from {from} on"),
            ),
        )
        .hint(Text::new(
            "用到它的结果都标为“不完整”，没有金额；请填写数值",
            "whatever uses it is incomplete and has no amount: give it a value",
        ))
        .hint(Text::new(
            "如暂按某值计算，写明 status: assumed",
            "to compute with a value for the time being, mark it `status: assumed`",
        ))
}

/// T12: a value that was taken for the time being.
fn assumed(param: &Param, dated: &Dated) -> zhupi_domain::Diagnostic {
    let (name, from) = (&param.name, dated.from);
    let (zh, en) = match &dated.value {
        ParamValue::Plain { value, .. } => {
            let shown = show::shorten(value);
            let shown = shown.as_str().map_or_else(|| shown.to_string(), str::to_owned);
            (format!("暂按 {shown} 试算"), format!("is taken as {shown} for the time being"))
        }
        _ => ("暂按此表试算".to_owned(), "is this table for the time being".to_owned()),
    };
    param
        .note(
            "T12",
            dated.span,
            Text::new(
                format!("参数 `{name}` 自 {from} 起{zh}，须指定的人确认"),
                format!("param `{name}` from {from} on {en}: the person named for it has to confirm"),
            ),
        )
        .hint(Text::new(
            "确认后删去 status: assumed，并写明 clause（依据）",
            "once it is confirmed, delete `status: assumed` and name the `clause` it rests on",
        ))
        .hint(Text::new(
            "或改为 value: blank：用到它的结果没有金额，直到有人填写",
            "or write `value: blank`: whatever uses it has no amount until somebody fills it in",
        ))
}

/// T11: no dates, dates that overlap, days between dates that no value holds for.
fn dates(param: &Param, found: &mut Diagnostics) {
    let name = &param.name;
    if param.values.is_empty() {
        found.push(param.error(
            "T11",
            None,
            Text::new(format!("参数 `{name}` 没有任何带日期的值"), format!("param `{name}` has no dated value")),
        ));
    }
    for dated in param.values.iter().filter(|dated| dated.until.is_some_and(|until| until < dated.from)) {
        found.push(param.error(
            "T11",
            dated.span,
            Text::new(
                format!("参数 `{name}` 的止日早于起日"),
                format!("a value of param `{name}` ends before it begins"),
            ),
        ));
    }
    for pair in param.values.windows(2) {
        let [earlier, later] = pair else { continue };
        let until = earlier.until;
        if earlier.from == later.from || until.is_some_and(|until| until >= later.from) {
            found.push(overlap(param, earlier, later));
        } else if let Some(first) = until.and_then(|until| until.succ_opt()).filter(|first| *first < later.from) {
            let last = later.from.pred_opt().unwrap_or(later.from);
            found.push(
                param
                    .warning(
                        "T11",
                        later.span,
                        Text::new(
                            format!("参数 `{name}` 在 {first} 至 {last} 之间没有值"),
                            format!("param `{name}` has no value from {first} to {last}"),
                        ),
                    )
                    .hint(Text::new("去掉前一个值的止日", "leave out the end of the earlier value"))
                    .hint(Text::new(
                        format!("或让后一个值从 {first} 起"),
                        format!("or let the later value begin on {first}"),
                    )),
            );
        }
    }
}

fn overlap(param: &Param, earlier: &Dated, later: &Dated) -> zhupi_domain::Diagnostic {
    let (name, from) = (&param.name, later.from);
    param
        .error(
            "T11",
            later.span,
            Text::new(format!("参数 `{name}` 在 {from} 有两个值"), format!("param `{name}` has two values on {from}")),
        )
        .hint(Text::new(
            format!("让前一个值（自 {} 起）在 {from} 之前结束", earlier.from),
            format!("let the earlier value (from {}) end before {from}", earlier.from),
        ))
        .hint(Text::new("或推迟后一个值的起日", "or let the later value begin later"))
}
