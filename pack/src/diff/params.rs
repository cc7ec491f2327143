//! Params: every dated value, and every row of a table.

use zhupi_domain::Text;
use zhupi_policies::{Band, Cell, Dated, ParamValue, Pay, Status, Table};

use super::{Area, Outline, Traits, both, joined, word};
use crate::Release;

pub fn outline(release: &Release, outline: &mut Outline) {
    for param in release.params().iter() {
        let traits = outline.add(Area::Param, param.name.as_str());
        traits.insert(word("title"), param.title.as_ref().map(both).unwrap_or_default());
        traits.insert(word("clause"), param.clause.clone().unwrap_or_default());
        param.values.iter().for_each(|dated| value(dated, traits));
    }
}

fn value(dated: &Dated, traits: &mut Traits) {
    let from = dated.from;
    let label = |zh: &str, en: &str| Text::new(format!("自 {from} 起{zh}"), format!("from {from}{en}"));
    let status = if dated.status == Status::Assumed { " (assumed)" } else { "" };
    let until = dated.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let clause = dated.clause.as_ref().map(|clause| format!(" [{clause}]")).unwrap_or_default();
    let (shown, rows) = match &dated.value {
        ParamValue::Blank => ("blank".to_owned(), Vec::new()),
        ParamValue::Plain { value, .. } => {
            (value.as_str().map_or_else(|| value.to_string(), str::to_owned), Vec::new())
        }
        ParamValue::Table(table) => (head(table), rows(table)),
    };
    traits.insert(label("", ""), format!("{shown}{until}{status}{clause}"));
    for (number, row) in rows.into_iter().enumerate() {
        let number = number + 1;
        traits.insert(label(&format!("第 {number} 行"), &format!(" row {number}")), row);
    }
}

/// What all rows of a table share.
fn head(table: &Table) -> String {
    let word = table.word();
    match table {
        Table::Tiers(tiers) => {
            format!("{word} {} {:?} {:?} {:?}", tiers.axis.name, tiers.axis.unit, tiers.axis.bounds, tiers.mode)
        }
        Table::Grades(grades) => format!("{word} {} {:?} {:?}", grades.axis.name, grades.axis.unit, grades.axis.bounds),
        Table::Split(shares) => format!("{word} {}", shares.left_over.map_or("", |left| left.word())),
        Table::Lookup(lookup) => format!("{word} {}", joined(&lookup.keys)),
    }
}

fn rows(table: &Table) -> Vec<String> {
    match table {
        Table::Tiers(tiers) => tiers
            .rows
            .iter()
            .map(|row| match row.value {
                Pay::Rate(rate) => band(row, &rate.to_string()),
                Pay::Amount(amount) => band(row, &format!("= {amount}")),
            })
            .collect(),
        Table::Grades(grades) => grades
            .rows
            .iter()
            .map(|row| band(row, &joined(row.value.iter().map(|(name, cell)| format!("{name} {}", shown(cell))))))
            .collect(),
        Table::Split(shares) => shares.rows.iter().map(|share| format!("{} {}%", share.name, share.percent)).collect(),
        Table::Lookup(lookup) => {
            lookup.rows.iter().map(|row| format!("{}: {}", joined(&row.keys), shown(&row.value))).collect()
        }
    }
}

fn band<V>(row: &Band<V>, value: &str) -> String {
    let to = row.to.map(|to| to.to_string()).unwrap_or_default();
    format!("{}–{to}: {value}", row.from)
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
        Cell::Bool(value) => value.to_string(),
    }
}
