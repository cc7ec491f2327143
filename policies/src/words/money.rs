//! Words that make, cut and divide amounts.

use rhai::{Array, Dynamic, Map};
use zhupi_domain::{Decimal, Rounding};

use super::{Call, Word};
use crate::contract::{LARGEST, LeftOver};
use crate::explanation::LeftCents;
use crate::host::TableRef;
use crate::money;
use crate::number::{divided_by_zero, too_large};
use crate::params::Status;
use crate::stop::{Result, Wrong};
use crate::table::Table;
use crate::types::{Field, Type};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "yuan",
        usage: "yuan(x)、yuan(x, \"output\")",
        help: (
            "把数值化为金额（两位小数），按契约或该输出项的舍入规则",
            "makes a value money, by the rounding rule of the contract or of that output",
        ),
        arguments: 1..=2,
        recorded: true,
        run: yuan,
    },
    Word {
        name: "points",
        usage: "points(x)、points(x, \"output\")",
        help: (
            "把数值化为分数或比率（两位小数，或该输出项声明的位数）",
            "makes a value a score or rate of two digits, or of that output's digits",
        ),
        arguments: 1..=2,
        recorded: true,
        run: points,
    },
    Word {
        name: "whole",
        usage: "whole(x)、whole(x, \"output\")",
        help: (
            "把数值化为整数，按契约或该输出项的舍入规则",
            "makes a value a whole number, by the rounding rule of the contract or of that output",
        ),
        arguments: 1..=2,
        recorded: true,
        run: whole,
    },
    Word {
        name: "pct",
        usage: "pct(15)",
        help: ("百分数：pct(15) 即 0.15", "hundredths: pct(15) is 0.15"),
        arguments: 1..=1,
        recorded: false,
        run: pct,
    },
    Word {
        name: "split",
        usage: "split(total, n)、split(total, weights)、split(total, params.shares)、split(total, weights, \"largest\")",
        help: (
            "把金额分成几份，精确到分，各份之和必等于总额",
            "divides an amount to the cent; the parts always add up",
        ),
        arguments: 2..=3,
        recorded: true,
        run: split,
    },
    Word {
        name: "share",
        usage: "share(total, part, whole)",
        help: ("total × part ÷ whole，不舍入", "total × part ÷ whole, not rounded"),
        arguments: 3..=3,
        recorded: true,
        run: share,
    },
    Word {
        name: "prorate",
        usage: "prorate(amount, days, of_days)",
        help: (
            "按天数折算：amount × days ÷ of_days，days 须在 0 与 of_days 之间，不舍入",
            "amount × days ÷ of_days for days from 0 to of_days, not rounded",
        ),
        arguments: 3..=3,
        recorded: true,
        run: prorate,
    },
    Word {
        name: "cap",
        usage: "cap(x, highest)",
        help: ("封顶：不超过 highest", "x, but at most highest"),
        arguments: 2..=2,
        recorded: true,
        run: cap,
    },
    Word {
        name: "floor",
        usage: "floor(x, lowest)",
        help: ("保底：不低于 lowest", "x, but at least lowest"),
        arguments: 2..=2,
        recorded: true,
        run: floor,
    },
];

fn yuan(call: &mut Call) -> Result<Dynamic> {
    let rule = match field(call)? {
        Some(field) if field.ty != Type::Money => return Err(not_of(call, &field, "money").into()),
        Some(field) => field.rounding,
        None => None,
    };
    rounded(call, rule, 2).map(Dynamic::from)
}

fn points(call: &mut Call) -> Result<Dynamic> {
    let (rule, digits) = match field(call)? {
        Some(field) if !field.ty.is_decimal() => return Err(not_of(call, &field, "score").into()),
        Some(field) => (field.rounding, field.shown_digits()),
        None => (None, 2),
    };
    rounded(call, rule, digits).map(Dynamic::from)
}

fn whole(call: &mut Call) -> Result<Dynamic> {
    let rule = match field(call)? {
        Some(field) if !matches!(field.ty, Type::Count | Type::Days) => {
            return Err(not_of(call, &field, "count").into());
        }
        Some(field) => field.rounding,
        None => None,
    };
    let rounded = rounded(call, rule, 0)?;
    i64::try_from(rounded).map(Dynamic::from).map_err(|_| too_large().into())
}

/// The output that the second argument names.
fn field(call: &Call) -> Result<Option<Field>> {
    if call.count() < 2 {
        return Ok(None);
    }
    let name = call.text(1)?;
    let field = call.host.answer.iter().find(|field| field.name.as_str() == name).cloned();
    field.map(Some).ok_or_else(|| {
        Wrong::new(
            "policy-argument",
            format!("契约没有输出项 `{name}`"),
            format!("the contract has no output `{name}`"),
        )
        .into()
    })
}

fn not_of(call: &Call, field: &Field, word: &str) -> Wrong {
    let (name, ty) = (&field.name, field.ty.word());
    Wrong::new(
        "policy-argument",
        format!("输出项 `{name}` 的类型是 {ty}，不能用 {}", call.word.name),
        format!("output `{name}` is of type {ty}, not {word}: {} cannot make it", call.word.name),
    )
}

/// Rounds the first argument by a rule, or by that of the contract.
fn rounded(call: &Call, rule: Option<Rounding>, digits: u32) -> Result<Decimal> {
    let value = call.decimal(0)?;
    if value.abs() > LARGEST {
        return Err(too_large().into());
    }
    let mut rounded = rule.unwrap_or(call.host.contract.rounding).round(value, digits);
    rounded.rescale(digits);
    Ok(rounded)
}

fn pct(call: &mut Call) -> Result<Dynamic> {
    let hundredths = call.decimal(0)?.checked_div(Decimal::ONE_HUNDRED).ok_or_else(too_large)?;
    Ok(hundredths.into())
}

fn split(call: &mut Call) -> Result<Dynamic> {
    if let Some(table) = call.value(1).read_lock::<TableRef>().map(|table| table.clone()) {
        return split_by_table(call, &table);
    }
    if call.value(1).is_map() {
        return Err(call
            .wrong(1, "份数、权重列表或参数表", "a number of parts, a list of weights or a table")
            .hint(
                "记录没有先后顺序；请用列表，或在参数中写 split 表",
                "a record has no order: use a list, or a split table in params",
            )
            .into());
    }
    let weights = match call.value(1).is_array() {
        true => call.numbers(1, None)?.into_iter().map(|weight| weight.decimal()).collect(),
        false => vec![Decimal::ONE; parts(call)?],
    };
    let amounts = divide(call, &weights, None)?;
    Ok(amounts.into_iter().map(Dynamic::from).collect::<Array>().into())
}

/// The number of equal parts.
fn parts(call: &Call) -> Result<usize> {
    let count = call.whole(1)?;
    usize::try_from(count).ok().filter(|count| *count <= 10_000).ok_or_else(|| {
        Wrong::new(
            "policy-split",
            format!("份数 {count} 不在 0 到 10000 之间"),
            format!("{count} parts are not between 0 and 10000"),
        )
        .into()
    })
}

fn split_by_table(call: &mut Call, table: &TableRef) -> Result<Dynamic> {
    let (Table::Split(shares), dated, clause) = table.table()? else {
        return Err(call.wrong(1, "split 表", "a split table").into());
    };
    let weights: Vec<Decimal> = shares.rows.iter().map(|share| share.percent).collect();
    if weights.iter().try_fold(Decimal::ZERO, |sum, w| sum.checked_add(*w)) != Some(Decimal::ONE_HUNDRED) {
        return Err(Wrong::new(
            "policy-split",
            format!("参数 `{}` 的各份之和不是 100%", table.name()),
            format!("the shares of param `{}` do not add up to 100%", table.name()),
        )
        .into());
    }
    let amounts = divide(call, &weights, shares.left_over)?;
    let hits = (1..).zip(&shares.rows).zip(&amounts).map(|((row, share), amount)| crate::explanation::RowHit {
        param: table.name().to_string(),
        from: dated.from,
        row,
        label: share.name.to_string(),
        value: format!("{}%", share.percent.normalize()).into(),
        part: Some(format!("{amount:.2}").into()),
        clause: share.clause.as_ref().or(clause).cloned(),
        assumed: dated.status == Status::Assumed,
        gap: false,
    });
    call.rows = hits.collect();
    call.host.tape().hit(table.name(), &call.rows);
    Ok(shares
        .rows
        .iter()
        .zip(amounts)
        .map(|(share, amount)| (share.name.as_str().into(), amount.into()))
        .collect::<Map>()
        .into())
}

/// Divides the first argument; the third may say where left-over cents go.
fn divide(call: &mut Call, weights: &[Decimal], declared: Option<LeftOver>) -> Result<Vec<Decimal>> {
    let way = match call.count() {
        3 => {
            let word = call.text(2)?;
            LeftOver::from_word(&word)
                .ok_or_else(|| call.wrong(2, "first、largest、company 或 carry", "first, largest, company or carry"))?
        }
        _ => declared.unwrap_or(call.host.contract.left_over),
    };
    let parts = money::split(call.decimal(0)?, weights, way)?;
    if let Some(cents) = i64::try_from(parts.cents_left).ok().filter(|cents| *cents != 0) {
        call.left_over = Some(LeftCents { cents, way: way.word().into() });
    }
    Ok(parts.amounts)
}

fn share(call: &mut Call) -> Result<Dynamic> {
    portion(call).map(Dynamic::from)
}

fn prorate(call: &mut Call) -> Result<Dynamic> {
    let (part, whole) = (call.decimal(1)?, call.decimal(2)?);
    if part < Decimal::ZERO || part > whole {
        return Err(Wrong::new(
            "policy-argument",
            format!("prorate 的天数 {part} 不在 0 到 {whole} 之间"),
            format!("prorate: {part} days are not between 0 and {whole}"),
        )
        .into());
    }
    portion(call).map(Dynamic::from)
}

/// The first argument times the second, divided by the third.
fn portion(call: &Call) -> Result<Decimal> {
    let (total, part, whole) = (call.decimal(0)?, call.decimal(1)?, call.decimal(2)?);
    if whole.is_zero() {
        return Err(divided_by_zero().into());
    }
    Ok(total.checked_mul(part).and_then(|product| product.checked_div(whole)).ok_or_else(too_large)?)
}

fn cap(call: &mut Call) -> Result<Dynamic> {
    let (value, highest) = (call.number(0)?, call.number(1)?);
    call.bitten = value.compare(highest).is_gt();
    Ok(if call.bitten { highest } else { value }.into())
}

fn floor(call: &mut Call) -> Result<Dynamic> {
    let (value, lowest) = (call.number(0)?, call.number(1)?);
    call.bitten = value.compare(lowest).is_lt();
    Ok(if call.bitten { lowest } else { value }.into())
}
