//! Words over lists of numbers and records.

use std::cmp::Ordering;

use rhai::{Array, Dynamic, Map};
use zhupi_domain::Decimal;

use super::{Call, Word};
use crate::number::{Number, Operation, too_large};
use crate::operators::order;
use crate::stop::{Result, Wrong};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "sum",
        usage: "sum(list)、sum(list, \"field\")",
        help: ("列表中各数之和，或各记录某项之和", "the sum of a list, or of one field of its records"),
        arguments: 1..=2,
        recorded: true,
        run: sum,
    },
    Word {
        name: "weighted",
        usage: "weighted(values, weights)、weighted(list, \"value\", \"weight\")",
        help: (
            "各项与权重乘积之和，不除以权重之和",
            "the sum of each value times its weight; not divided by the weights",
        ),
        arguments: 2..=3,
        recorded: true,
        run: weighted,
    },
    Word {
        name: "rank",
        usage: "rank(list)、rank(list, \"field\")",
        help: ("名次：最高为 1，并列同名次", "places: the highest is 1, equals share a place"),
        arguments: 1..=2,
        recorded: true,
        run: rank,
    },
    Word {
        name: "sorted",
        usage: "sorted(list)、sorted(list, \"field\")",
        help: (
            "由小到大（由早到晚）排好的列表，相等者保持原序",
            "the list from the smallest or earliest on; equals keep their order",
        ),
        arguments: 1..=2,
        recorded: false,
        run: sorted,
    },
    Word {
        name: "min",
        usage: "min(a, b)、min(list)",
        help: ("最小者：数字或日期", "the smallest number or the earliest date"),
        arguments: 1..=4,
        recorded: false,
        run: min,
    },
    Word {
        name: "max",
        usage: "max(a, b)、max(list)",
        help: ("最大者：数字或日期", "the largest number or the latest date"),
        arguments: 1..=4,
        recorded: false,
        run: max,
    },
    Word {
        name: "abs",
        usage: "abs(x)",
        help: ("绝对值", "the value without its sign"),
        arguments: 1..=1,
        recorded: false,
        run: abs,
    },
    Word {
        name: "get",
        usage: "get(record, name, otherwise)",
        help: ("记录中的一项，没有则取 otherwise", "a field of a record, or another value where it has none"),
        arguments: 3..=3,
        recorded: false,
        run: get,
    },
];

fn field(call: &Call, i: usize) -> Result<Option<String>> {
    if call.count() > i { call.text(i).map(Some) } else { Ok(None) }
}

fn sum(call: &mut Call) -> Result<Dynamic> {
    let field = field(call, 1)?;
    let numbers = call.numbers(0, field.as_deref())?;
    let sum = numbers.into_iter().try_fold(Number::Whole(0), |sum, number| sum.apply(Operation::Add, number))?;
    Ok(sum.into())
}

fn weighted(call: &mut Call) -> Result<Dynamic> {
    let (values, weights) = match call.count() {
        3 => (call.numbers(0, Some(&call.text(1)?))?, call.numbers(0, Some(&call.text(2)?))?),
        _ => (call.numbers(0, None)?, call.numbers(1, None)?),
    };
    if values.len() != weights.len() {
        return Err(Wrong::new(
            "policy-argument",
            format!("weighted：{} 个值对 {} 个权重", values.len(), weights.len()),
            format!("weighted: {} values for {} weights", values.len(), weights.len()),
        )
        .into());
    }
    let sum = values.iter().zip(&weights).try_fold(Decimal::ZERO, |sum, (value, weight)| {
        value.decimal().checked_mul(weight.decimal()).and_then(|product| sum.checked_add(product))
    });
    Ok(sum.ok_or_else(too_large)?.into())
}

fn rank(call: &mut Call) -> Result<Dynamic> {
    let field = field(call, 1)?;
    let numbers = call.numbers(0, field.as_deref())?;
    let mut sorted: Vec<Decimal> = numbers.iter().map(|number| number.decimal()).collect();
    sorted.sort_by(|a, b| b.cmp(a));
    let place = |number: &Number| sorted.partition_point(|other| *other > number.decimal());
    let places = numbers.iter().map(|number| i64::try_from(place(number)).map(|p| Dynamic::from(p + 1)));
    Ok(places.collect::<std::result::Result<Array, _>>().map_err(|_| too_large())?.into())
}

fn sorted(call: &mut Call) -> Result<Dynamic> {
    let field = field(call, 1)?;
    let list = call.list(0)?;
    let key = |item: &Dynamic| match &field {
        None => Some(item.clone()),
        Some(field) => item.read_lock::<Map>().and_then(|map| map.get(field.as_str()).cloned()),
    };
    let wrong = || call.wrong(0, "可比较大小的数字或日期", "numbers or dates that can be compared");
    let keys: Vec<Dynamic> = list.iter().map(key).collect::<Option<_>>().ok_or_else(wrong)?;
    if keys.first().is_some_and(|first| keys.iter().any(|key| order(first, key).is_none())) {
        return Err(wrong().into());
    }
    let mut pairs: Vec<(Dynamic, Dynamic)> = keys.into_iter().zip(list).collect();
    pairs.sort_by(|(a, _), (b, _)| order(a, b).unwrap_or(Ordering::Equal));
    Ok(pairs.into_iter().map(|(_, item)| item).collect::<Array>().into())
}

fn min(call: &mut Call) -> Result<Dynamic> {
    best(call, Ordering::Less)
}

fn max(call: &mut Call) -> Result<Dynamic> {
    best(call, Ordering::Greater)
}

/// The first of the values that none of the others beats: numbers among themselves, dates among themselves.
fn best(call: &Call, wanted: Ordering) -> Result<Dynamic> {
    let values = if call.count() == 1 { call.list(0)? } else { call.arguments.clone() };
    let mut best: Option<Dynamic> = None;
    for (i, value) in (0..).zip(values) {
        let wrong = || {
            let of_list = call.count() == 1;
            call.wrong(if of_list { 0 } else { i }, "可比较大小的数字或日期", "numbers or dates that can be compared")
        };
        // The first value meets itself, so that a single one is looked at, too.
        let other = best.as_ref().unwrap_or(&value);
        if order(&value, other).ok_or_else(wrong)? == wanted || best.is_none() {
            best = Some(value);
        }
    }
    best.ok_or_else(|| {
        Wrong::new(
            "policy-argument",
            format!("{}：列表为空", call.word.name),
            format!("{}: the list is empty", call.word.name),
        )
        .into()
    })
}

fn abs(call: &mut Call) -> Result<Dynamic> {
    let number = call.number(0)?;
    Ok(if number.decimal() < Decimal::ZERO { number.negated()? } else { number }.into())
}

fn get(call: &mut Call) -> Result<Dynamic> {
    let name = call.text(1)?;
    let found = call.map(0)?.get(name.as_str()).filter(|value| !value.is_unit()).cloned();
    Ok(found.unwrap_or_else(|| call.value(2).clone()))
}
