//! A table of params as the plain value of an input, for contracts that take the rows themselves.

use serde_json::{Map, Value as Json};
use zhupi_domain::Decimal;

use crate::table::{Band, Entry, Pay, Table};
use crate::types::Type;

/// The rows of a table, with the columns that the input's type declares.
///
/// Tiers and grades become lists of records with `from`; a split becomes a map of name to percent; a lookup becomes a map
/// of its keys, nested where there are several.
pub(crate) fn rows(table: &Table, ty: &Type) -> Json {
    match table {
        Table::Tiers(tiers) => list(&tiers.rows, ty, |pay| {
            let (name, number) = match pay {
                Pay::Rate(rate) => ("rate", rate),
                Pay::Amount(amount) => ("amount", amount),
            };
            [(name.to_owned(), number_json(*number))].into_iter().collect()
        }),
        Table::Grades(grades) => list(&grades.rows, ty, |cells| {
            cells.iter().map(|(name, cell)| (name.to_string(), cell.to_json())).collect()
        }),
        Table::Split(shares) => shares
            .rows
            .iter()
            .map(|share| (share.name.to_string(), number_json(share.percent)))
            .collect::<Map<_, _>>()
            .into(),
        Table::Lookup(lookup) => {
            let mut map = Map::new();
            for entry in &lookup.rows {
                insert(&mut map, &entry.keys, entry);
            }
            map.into()
        }
    }
}

fn list<V>(rows: &[Band<V>], ty: &Type, columns: impl Fn(&V) -> Map<String, Json>) -> Json {
    let declared = |name: &String| match ty {
        Type::List(item) => match item.as_ref() {
            Type::Record(fields) => fields.iter().any(|field| field.name.as_str() == name),
            _ => true,
        },
        _ => true,
    };
    let row = |band: &Band<V>| {
        let mut record = Map::new();
        record.insert("from".into(), number_json(band.from));
        if let Some(to) = band.to {
            record.insert("to".into(), number_json(to));
        }
        record.extend(columns(&band.value));
        record.retain(|name, _| declared(name));
        Json::Object(record)
    };
    rows.iter().map(row).collect::<Vec<_>>().into()
}

fn insert(map: &mut Map<String, Json>, keys: &[String], entry: &Entry) {
    match keys {
        [] => {}
        [last] => {
            map.insert(last.clone(), entry.value.to_json());
        }
        [first, rest @ ..] => {
            if let Json::Object(inner) = map.entry(first.clone()).or_insert_with(|| Map::new().into()) {
                insert(inner, rest, entry);
            }
        }
    }
}

fn number_json(number: Decimal) -> Json {
    number.normalize().to_string().into()
}
