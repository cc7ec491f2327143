//! Rows and facts as people hand them in: CSV with a head line, or one JSON record a line. Every value knows its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use zhupi_domain::{Diagnostic, Span, Text};

use crate::read::Log;
use crate::sheet::{Cell, Sheet};

/// A text with the name that findings call it by; what it is, its ending tells: `.csv`, or `.jsonl` for JSON lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    pub file: String,
    pub text: String,
}

impl Source {
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    /// Records that a program hands in, as JSON lines; the line of a finding is the number of the record.
    pub fn of_records<'r>(file: impl Into<String>, records: impl IntoIterator<Item = &'r Map<String, Json>>) -> Self {
        let line = |record: &Map<String, Json>| serde_json::to_string(record).unwrap_or_default() + "\n";
        Self::new(file, records.into_iter().map(line).collect::<String>())
    }

    fn is_json(&self) -> bool {
        self.file.ends_with(".jsonl") || self.file.ends_with(".ndjson")
    }
}

/// What was read of a source.
pub struct Records {
    /// The names of the columns, and where each stands first.
    pub columns: Vec<(String, Span)>,
    pub rows: Vec<Record>,
    /// Where the columns are named.
    pub head: Span,
}

/// One row.
pub struct Record {
    pub span: Span,
    /// Values by the number of their column; empty cells are not there.
    pub cells: BTreeMap<usize, Found>,
}

/// One value, as a cell of a spreadsheet or as JSON says it.
pub struct Found {
    pub raw: Raw,
    pub span: Span,
}

pub enum Raw {
    Cell(String),
    Json(Json),
}

impl Raw {
    /// A single value as text.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Cell(text) => Some(text.clone()),
            Self::Json(json) => crate::convert::text_of(json),
        }
    }
}

impl Records {
    /// Reads a source; what is wrong with its form goes into the log.
    pub fn read(source: &Source, log: &Log<'_>, most: usize) -> Self {
        if source.is_json() { lines(log, most) } else { sheet(log, most) }
    }

    /// The number of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }
}

fn sheet(log: &Log<'_>, most: usize) -> Records {
    let sheet = Sheet::read_into(log, most);
    let columns: Vec<(String, Span)> = sheet.head.iter().map(|cell| (cell.text.clone(), cell.span)).collect();
    for (index, (name, span)) in columns.iter().enumerate() {
        if name.is_empty() {
            log.error("csv.column-twice", *span, "这一列没有列名", "this column has no name");
        } else if columns.iter().take(index).any(|(before, _)| before == name) {
            let (zh, en) = (format!("列 `{name}` 重复"), format!("the column `{name}` is there twice"));
            log.error("csv.column-twice", *span, zh, en);
        }
    }
    let found = |cell: Cell| Found { raw: Raw::Cell(cell.text), span: cell.span };
    let record = |row: crate::sheet::Row| Record {
        span: row.span,
        cells: row
            .cells
            .into_iter()
            .enumerate()
            .filter(|(_, cell)| !cell.text.is_empty())
            .map(|(column, cell)| (column, found(cell)))
            .collect(),
    };
    let head = Span::new(0, columns.last().map_or(0, |(_, span)| span.end));
    Records { columns, rows: sheet.rows.into_iter().map(record).collect(), head }
}

fn lines(log: &Log<'_>, most: usize) -> Records {
    let mut records = Records { columns: Vec::new(), rows: Vec::new(), head: Span::new(0, 0) };
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut start = 0;
    for line in log.source.split_inclusive('\n') {
        let (at, text) = (start, line.trim_end_matches(['\n', '\r']));
        start += line.len();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let at = at + (line.trim_end_matches(['\n', '\r']).len() - text.len());
        if text.trim().is_empty() {
            continue;
        }
        let span = Span::new(at, at + text.len());
        if records.rows.len() == most {
            log.push(too_long(span, most));
            break;
        }
        let Some(members) = object(text, span, log) else { continue };
        let mut record = Record { span, cells: BTreeMap::new() };
        for (key, json) in members {
            let place = key_place(text, &key).map_or(span, |place| place.shifted(at));
            let next = numbers.len();
            let number = *numbers.entry(key.clone()).or_insert(next);
            if number == next {
                records.columns.push((key, place));
            }
            record.cells.insert(number, Found { raw: Raw::Json(json), span: place });
        }
        records.rows.push(record);
    }
    records
}

fn object(text: &str, span: Span, log: &Log<'_>) -> Option<Map<String, Json>> {
    match zhupi_domain::json::parse(text) {
        Ok(Json::Object(members)) => Some(members),
        Ok(_) => {
            log.error("pilot.not-a-record", span, "这一行应为一个 JSON 对象", "this line should be one JSON object");
            None
        }
        Err(error) => {
            let column = error.column.saturating_sub(1).min(text.len());
            let at = span.start + (0..=column).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            log.push(Diagnostic::error("pilot.json", Span::new(at, at), error.message));
            None
        }
    }
}

/// Where a key stands in the line of its record; a key inside a value may be taken for it, which only moves the place.
fn key_place(line: &str, key: &str) -> Option<Span> {
    let written = serde_json::to_string(key).ok()?;
    let start = line.find(&written)?;
    Some(Span::new(start, start + written.len()))
}

fn too_long(span: Span, most: usize) -> Diagnostic {
    let message = Text::new(format!("行数太多，最多 {most} 行"), format!("too many rows, at most {most}"));
    Diagnostic::error("pilot.too-long", span, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, text: &str) -> (Records, Vec<(&'static str, usize, usize)>) {
        let log = Log::new(file, text);
        let records = Records::read(&Source::new(file, text), &log, 3);
        let place = |found: Diagnostic| {
            let (line, column) = found.span.unwrap().line_column(text);
            (found.code, line, column)
        };
        (records, log.into_found().into_iter().map(place).collect())
    }

    #[test]
    fn both_forms_give_the_same_records() {
        let (sheet, found) = read("x.csv", "payee,amount\nli,5.00\nwang,\n");
        assert_eq!((found, sheet.rows[1].cells.len()), (vec![], 1));
        let (lines, found) = read("x.jsonl", "{\"payee\": \"li\", \"amount\": \"5.00\"}\n\n{\"payee\": \"wang\"}\n");
        assert_eq!(found, []);
        for records in [sheet, lines] {
            let names: Vec<&str> = records.columns.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!((names, records.rows.len()), (vec!["payee", "amount"], 2));
            assert_eq!(records.rows[0].cells[&1].raw.text().as_deref(), Some("5.00"));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_by_line_and_column() {
        assert_eq!(read("x.csv", "a,,a\n1,2,3\n").1, [("csv.column-twice", 1, 3), ("csv.column-twice", 1, 4)]);
        assert_eq!(
            read("x.jsonl", "{\"a\": 1}\n{\"a\": }\n[1]\n").1,
            [("pilot.json", 2, 7), ("pilot.not-a-record", 3, 1)]
        );
        assert_eq!(read("x.jsonl", "{\"a\": 1, \"a\": 2}\n").1[0].0, "pilot.json");
        assert_eq!(read("x.jsonl", &"{}\n".repeat(4)).1, [("pilot.too-long", 4, 1)]);
        let (records, _) = read("x.jsonl", "\u{feff}{\"甲\": 1, \"b\": 2}\n");
        assert_eq!(records.columns[1].1.line_column("\u{feff}{\"甲\": 1, \"b\": 2}\n"), (1, 11));
    }
}
