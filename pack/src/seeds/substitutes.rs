//! Rows of `substitutes.csv`: who acts for whom, from when to when, in which flows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use zhupi_domain::directory::{Directory, NotNamed, Substitute};
use zhupi_domain::{Diagnostic, Diagnostics, Name, PersonId, Text};

use super::links::around;
use super::table::Table;
use crate::sheet::{Cell, Row};

pub const SUBSTITUTES: &str = "substitutes.csv";
pub const MAX_SUBSTITUTES: usize = 20_000;

const COLUMNS: [&str; 5] = ["person", "substitute", "from", "until", "flows"];
const NEEDED: [&str; 2] = ["person", "substitute"];

/// Reads who is to act for whom in a directory that holds everybody already. Who is in the file has the substitutes of the file
/// afterwards and no others; a row without a substitute leaves them with none.
pub fn read_substitutes<'n>(
    source: &str,
    flows: impl Iterator<Item = &'n Name> + Clone,
    live: &Directory,
) -> (BTreeMap<PersonId, Vec<Substitute>>, Diagnostics) {
    let table = Table::read(SUBSTITUTES, source, &COLUMNS, &NEEDED, MAX_SUBSTITUTES);
    let mut named = BTreeMap::new();
    if !table.is_cut() {
        let rows: Vec<_> = table.rows().iter().filter_map(|row| table.named(row, flows.clone(), live)).collect();
        // Who is in the file is named anew, so what holds now does not stand against it.
        let mut after = live.clone();
        for (of, ..) in &rows {
            after.people.entry(of.clone()).and_modify(|person| person.substitutes.clear());
            named.entry(of.clone()).or_insert_with(Vec::new);
        }
        for (of, substitute, row) in rows {
            let Some(substitute) = substitute else { continue };
            match after.can_name(&of, &substitute) {
                Ok(()) => {
                    let add = substitute.clone();
                    after.people.entry(of.clone()).and_modify(|person| person.substitutes.push(add));
                    named.entry(of).or_default().push(substitute);
                }
                Err(why) => table.log.push(not_named(&why, &of, row, &table)),
            }
        }
    }
    let mut found = table.into_found();
    crate::sources::sort(&mut found);
    (named, found)
}

impl Table<'_> {
    /// What a row says: of whom, who, and where it stands.
    fn named<'r, 'n>(
        &self,
        row: &'r Row,
        flows: impl Iterator<Item = &'n Name> + Clone,
        live: &Directory,
    ) -> Option<(PersonId, Option<Substitute>, &'r Row)> {
        let of = self.required(row, "person").and_then(|cell| self.known(cell, live));
        let (from, until) = (self.date_in(row, "from"), self.date_in(row, "until"));
        let within = self.flows(row, flows);
        let person = match self.cell(row, "substitute") {
            Some(cell) => Some(self.known(cell, live)?),
            None => None,
        };
        if person.is_none() && (from?.is_some() || until?.is_some() || !within.as_ref()?.is_empty()) {
            self.log.error("csv.empty", row.span, "这一行缺少 substitute", "this row has no substitute");
            return None;
        }
        let (from, until, flows) = (from?, until?, within?);
        Some((of?, person.map(|person| Substitute { person, from, until, flows }), row))
    }

    fn known(&self, cell: &Cell, live: &Directory) -> Option<PersonId> {
        let id = PersonId::new(&cell.text);
        if !live.people.contains_key(&id) {
            let message = Text::new(format!("没有人员 `{id}`"), format!("there is no person `{id}`"));
            let finding = Diagnostic::error("csv.unknown-person", cell.span, message);
            self.log.push(self.log.hints(finding, id.as_str(), live.people.keys().map(|id| id.as_str())));
            return None;
        }
        Some(id)
    }

    /// A date; the outer none where what stands there is none.
    #[expect(clippy::option_option, reason = "an empty cell is not a wrong one")]
    fn date_in(&self, row: &Row, column: &str) -> Option<Option<NaiveDate>> {
        let Some(cell) = self.cell(row, column) else { return Some(None) };
        // The second is how Excel writes them in China.
        let read = ["%Y-%m-%d", "%Y/%m/%d"].iter().find_map(|form| NaiveDate::parse_from_str(&cell.text, form).ok());
        let date = read.filter(|date| (2000..=9999).contains(&date.year()));
        if date.is_none() {
            let text = &cell.text;
            let message = Text::new(format!("`{text}` 不是日期"), format!("`{text}` is not a date"));
            let hint = Text::new("写成 2026-08-01", "write 2026-08-01");
            self.log.push(Diagnostic::error("csv.date", cell.span, message).hint(hint));
        }
        date.map(Some)
    }

    fn flows<'n>(&self, row: &Row, known: impl Iterator<Item = &'n Name> + Clone) -> Option<BTreeSet<Name>> {
        let Some(cell) = self.cell(row, "flows") else { return Some(BTreeSet::new()) };
        let mut flows = BTreeSet::new();
        for word in cell.text.split_whitespace() {
            match known.clone().find(|flow| flow.as_str() == word) {
                Some(flow) => drop(flows.insert(flow.clone())),
                None => {
                    let message = Text::new(format!("没有流程 `{word}`"), format!("there is no flow `{word}`"));
                    let finding = Diagnostic::error("csv.unknown-flow", cell.span, message);
                    self.log.push(self.log.hints(finding, word, known.map(Name::as_str)));
                    return None;
                }
            }
        }
        Some(flows)
    }
}

fn not_named(why: &NotNamed, of: &PersonId, row: &Row, table: &Table<'_>) -> Diagnostic {
    let at = |column: &str| table.span(row, column);
    match why {
        NotNamed::NotHere => {
            let message = Text::new("代理人已离职", "the substitute has left");
            Diagnostic::error("csv.has-left", at("substitute"), message)
        }
        NotNamed::Themselves => {
            let message = Text::new("不能代理自己", "nobody is their own substitute");
            Diagnostic::error("csv.own-substitute", at("substitute"), message)
        }
        NotNamed::EndsBeforeItBegins => {
            let message = Text::new("结束日早于开始日", "it ends before it begins");
            Diagnostic::error("csv.date-order", at("until"), message)
        }
        NotNamed::Twice(_) => {
            let message = Text::new(
                "同一代理人的日期和流程有重叠",
                "this substitute is there already for some of these days and flows",
            );
            Diagnostic::error("csv.twice", at("substitute"), message)
        }
        NotNamed::Circle(way) => {
            let members: Vec<&str> = std::iter::once(of.as_str()).chain(way.iter().map(|id| id.as_str())).collect();
            let way = around(members.iter().copied());
            let message = Text::new(format!("代理绕成了一圈：{way}"), format!("the substitutes form a circle: {way}"));
            Diagnostic::error("csv.loop", at("substitute"), message)
        }
    }
}
