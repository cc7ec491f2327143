//! Words that look into tables.

use rhai::{Dynamic, Map};
use serde_json::Value as Json;
use zhupi_domain::{Decimal, Name};

use super::{Call, Word};
use crate::bands::{self, Place};
use crate::explanation::RowHit;
use crate::host::TableRef;
use crate::number::{Number, too_large};
use crate::params::Status;
use crate::show::{self, show};
use crate::stop::{Result, Wrong};
use crate::table::{Axis, Band, Cell, Entry, Grades, Lookup, Mode, Pay, Table, Tiers};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "tiered",
        usage: "tiered(x, params.tiers)",
        help: (
            "按档计提，全额或分段由表中的 mode 决定，不舍入",
            "what a table of tiers pays for x, on the whole or by slices as the table says; not rounded",
        ),
        arguments: 2..=2,
        recorded: true,
        run: tiered,
    },
    Word {
        name: "tier_rate",
        usage: "tier_rate(x, params.tiers)",
        help: ("x 所达到的档的比率，未达第一档为 0", "the rate of the tier that x reaches; 0 below the first"),
        arguments: 2..=2,
        recorded: true,
        run: tier_rate,
    },
    Word {
        name: "grade",
        usage: "grade(x, params.grades).factor、grade(x, list_with_from)",
        help: ("x 所在等级的那一行", "the row of the grade that x reaches"),
        arguments: 2..=2,
        recorded: true,
        run: grade,
    },
    Word {
        name: "lookup",
        usage: "lookup(params.table, key)、lookup(params.table, key, key)",
        help: ("按文本键查表，查不到即出错", "the value of a key in a table; a fault where there is none"),
        arguments: 2..=4,
        recorded: true,
        run: lookup,
    },
    Word {
        name: "has",
        usage: "has(params.table, key)、has(record, name)",
        help: ("表或记录中是否有这个键且不为空", "whether a table or record has a value for a key"),
        arguments: 2..=4,
        recorded: false,
        run: has,
    },
];

fn tiered(call: &mut Call) -> Result<Dynamic> {
    let x = call.decimal(0)?;
    let table = table(call, 1)?;
    let (tiers, mode) = tiers(call, &table)?;
    let mut sum = Decimal::ZERO;
    match mode {
        Mode::Whole => {
            if let Some((hit, row)) = hit(
                &table,
                &tiers.axis,
                &tiers.rows,
                bands::find(x, &tiers.axis, &tiers.rows, &tiers.gaps)?,
                pay_shown,
            )? {
                sum = bands::pay(row.value, x)?;
                call.rows.push(RowHit { part: Some(show::decimal(x).into()), ..hit });
            }
        }
        Mode::Slice => {
            for slice in bands::slices(x, &tiers.axis, &tiers.rows, &tiers.gaps)? {
                if let Some((hit, row)) = hit(&table, &tiers.axis, &tiers.rows, slice.place, pay_shown)? {
                    sum = sum.checked_add(bands::pay(row.value, slice.part)?).ok_or_else(too_large)?;
                    call.rows.push(RowHit { part: Some(show::decimal(slice.part).into()), ..hit });
                }
            }
        }
    }
    call.host.tape().hit(table.name(), &call.rows);
    Ok(sum.into())
}

fn tier_rate(call: &mut Call) -> Result<Dynamic> {
    let x = call.decimal(0)?;
    let table = table(call, 1)?;
    let (tiers, _) = tiers(call, &table)?;
    let place = bands::find(x, &tiers.axis, &tiers.rows, &tiers.gaps)?;
    let Some((hit, row)) = hit(&table, &tiers.axis, &tiers.rows, place, pay_shown)? else {
        return Ok(Decimal::ZERO.into());
    };
    let Pay::Rate(rate) = row.value else {
        return Err(Wrong::new(
            "policy-argument",
            "该档是固定金额，没有比率",
            "this tier pays a fixed amount, it has no rate",
        )
        .into());
    };
    call.rows.push(hit);
    call.host.tape().hit(table.name(), &call.rows);
    Ok(rate.into())
}

fn grade(call: &mut Call) -> Result<Dynamic> {
    if call.value(1).is_array() {
        return grade_in_list(call);
    }
    let x = call.decimal(0)?;
    let table = table(call, 1)?;
    let (Table::Grades(grades), ..) = table.table()? else {
        return Err(call.wrong(1, "grade 表", "a table of grades").into());
    };
    let Grades { axis, rows, gaps } = grades;
    let Some((hit, row)) = hit(&table, axis, rows, bands::find(x, axis, rows, gaps)?, cells_shown)? else {
        return Ok(Dynamic::UNIT);
    };
    call.rows.push(hit);
    call.host.tape().hit(table.name(), &call.rows);
    Ok(row.value.iter().map(|(name, cell)| (name.as_str().into(), dynamic(cell))).collect::<Map>().into())
}

/// A list of records with `from`: the one with the highest `from` that is not above the value.
fn grade_in_list(call: &Call) -> Result<Dynamic> {
    let x = call.decimal(0)?;
    let bounds: Vec<Decimal> = call.numbers(1, Some("from"))?.into_iter().map(Number::decimal).collect();
    let mut best: Option<(usize, Decimal)> = None;
    for (i, from) in bounds.iter().copied().enumerate().filter(|(_, from)| *from <= x) {
        match best {
            Some((_, other)) if other == from => {
                return Err(Wrong::new(
                    "policy-table-overlap",
                    format!("有两行的 from 都是 {from}"),
                    format!("two rows start from {from}"),
                )
                .into());
            }
            Some((_, other)) if other > from => {}
            _ => best = Some((i, from)),
        }
    }
    if let Some((row, _)) = best {
        call.host.reached_in_bound(&bounds, row);
    }
    best.and_then(|(i, _)| call.list(1).ok()?.get(i).cloned()).ok_or_else(|| {
        Wrong::new(
            "policy-table-below",
            format!("{} 低于所有等级的 from", show::decimal(x)),
            format!("{} lies below every grade", show::decimal(x)),
        )
        .into()
    })
}

fn lookup(call: &mut Call) -> Result<Dynamic> {
    let table = table(call, 0)?;
    let keys = keys(call)?;
    let (lookup, dated, clause) = lookup_table(call, &table)?;
    let Some((row, entry)) = entry(lookup, &keys) else {
        let shown = keys.join("、");
        return Err(Wrong::new(
            "policy-lookup",
            format!("参数 `{}` 中没有“{shown}”", table.name()),
            format!("param `{}` has no entry for `{}`", table.name(), keys.join(", ")),
        )
        .hint("可先用 has(表, 键) 判断", "test with has(table, key) before")
        .into());
    };
    call.rows.push(RowHit {
        param: table.name().to_string(),
        from: dated.from,
        row: row + 1,
        label: keys.join(" · "),
        value: entry.value.to_json(),
        part: None,
        clause: entry.clause.as_ref().or(clause).cloned(),
        assumed: dated.status == Status::Assumed,
        gap: false,
    });
    call.host.tape().hit(table.name(), &call.rows);
    Ok(dynamic(&entry.value))
}

fn has(call: &mut Call) -> Result<Dynamic> {
    if call.value(0).is_map() {
        let name = call.text(1)?;
        return Ok(call.map(0)?.get(name.as_str()).is_some_and(|value| !value.is_unit()).into());
    }
    let table = table(call, 0)?;
    let (lookup, ..) = lookup_table(call, &table)?;
    Ok(entry(lookup, &keys(call)?).is_some().into())
}

fn table(call: &Call, i: usize) -> Result<TableRef> {
    call.special::<TableRef>(i, "参数表", "a table of params")
}

fn tiers<'a>(call: &Call, table: &'a TableRef) -> Result<(&'a Tiers, Mode)> {
    let (Table::Tiers(tiers), ..) = table.table()? else {
        return Err(call.wrong(1, "tiers 表", "a table of tiers").into());
    };
    let mode = tiers.mode.ok_or_else(|| {
        Wrong::new(
            "policy-table-mode",
            format!("参数 `{}` 没有写明 mode", table.name()),
            format!("param `{}` does not state its mode", table.name()),
        )
        .hint("写明 mode: whole（全额）或 mode: slice（分段）", "write `mode: whole` or `mode: slice`")
    })?;
    Ok((tiers, mode))
}

type Looked<'a> = (&'a Lookup, &'a crate::params::Dated, Option<&'a String>);

fn lookup_table<'a>(call: &Call, table: &'a TableRef) -> Result<Looked<'a>> {
    match table.table()? {
        (Table::Lookup(lookup), dated, clause) => Ok((lookup, dated, clause)),
        _ => Err(call.wrong(0, "lookup 表", "a lookup table").into()),
    }
}

fn keys(call: &Call) -> Result<Vec<String>> {
    (1..call.count()).map(|i| call.text(i)).collect()
}

fn entry<'a>(lookup: &'a Lookup, keys: &[String]) -> Option<(usize, &'a Entry)> {
    lookup.rows.iter().enumerate().find(|(_, entry)| entry.keys == keys)
}

/// The row at a place, and how the explanation shows it; none below the first row.
fn hit<'a, V>(
    table: &TableRef,
    axis: &Axis,
    rows: &'a [Band<V>],
    place: Place,
    shown: fn(&V) -> Json,
) -> Result<Option<(RowHit, &'a Band<V>)>> {
    let (Place::Row(row) | Place::Gap(row)) = place else {
        return Ok(None);
    };
    let (_, dated, clause) = table.table()?;
    let Some(band) = rows.get(row) else {
        return Ok(None);
    };
    let gap = matches!(place, Place::Gap(_));
    let hit = RowHit {
        param: table.name().to_string(),
        from: dated.from,
        row: row + 1,
        label: bands::label(axis, band),
        value: shown(&band.value),
        part: None,
        clause: band.clause.as_ref().or(clause).cloned(),
        assumed: gap || dated.status == Status::Assumed,
        gap,
    };
    Ok(Some((hit, band)))
}

fn pay_shown(pay: &Pay) -> Json {
    match pay {
        Pay::Rate(rate) => format!("{}%", (rate * Decimal::ONE_HUNDRED).normalize()).into(),
        Pay::Amount(amount) => show::decimal(*amount).into(),
    }
}

fn cells_shown(cells: &std::collections::BTreeMap<Name, Cell>) -> Json {
    cells.iter().map(|(name, cell)| (name.to_string(), show(&dynamic(cell)))).collect::<serde_json::Map<_, _>>().into()
}

fn dynamic(cell: &Cell) -> Dynamic {
    match cell {
        Cell::Number(number) => Number::Decimal(*number).into(),
        Cell::Text(text) => text.into(),
        Cell::Bool(value) => (*value).into(),
    }
}
