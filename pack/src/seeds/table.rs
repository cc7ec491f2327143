//! A spreadsheet whose columns are known.

use std::collections::BTreeMap;

use zhupi_domain::{Diagnostic, Diagnostics, Name, Span, Text};

use crate::read::{Log, scalars};
use crate::sheet::{Cell, Row, Sheet};

/// The longest text of a cell, in bytes.
const MAX_CELL: usize = 4_000;

pub struct Table<'a> {
    pub log: Log<'a>,
    columns: BTreeMap<String, usize>,
    /// The columns that the file must have.
    needed: &'a [&'a str],
    sheet: Sheet,
}

impl<'a> Table<'a> {
    pub fn read(file: &'a str, source: &'a str, known: &[&str], needed: &'a [&'a str], most: usize) -> Self {
        let log = Log::new(file, source);
        let sheet = Sheet::read_into(&log, most);
        let columns = columns(&sheet.head, known, needed, &log);
        let cells = sheet.rows.iter().flat_map(|row| &row.cells);
        cells.for_each(|cell| check_cell(cell, &log));
        Self { log, columns, needed, sheet }
    }

    pub fn rows(&self) -> &[Row] {
        &self.sheet.rows
    }

    /// Whether there is more in the file than can be known: its end, or a column that every row needs.
    pub fn is_cut(&self) -> bool {
        self.sheet.is_cut || self.needed.iter().any(|needed| !self.has(needed))
    }

    pub fn into_found(self) -> Diagnostics {
        self.log.into_found()
    }

    /// Whether the file says anything about a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// A cell; none where it is empty or the column is not there.
    pub fn cell<'r>(&self, row: &'r Row, column: &str) -> Option<&'r Cell> {
        row.cells.get(*self.columns.get(column)?).filter(|cell| !cell.text.is_empty())
    }

    pub fn text(&self, row: &Row, column: &str) -> Option<String> {
        self.cell(row, column).map(|cell| cell.text.clone())
    }

    /// Where a column of a row stands; the row itself where the cell is empty.
    pub fn span(&self, row: &Row, column: &str) -> Span {
        self.cell(row, column).map_or(row.span, |cell| cell.span)
    }

    pub fn required<'r>(&self, row: &'r Row, column: &str) -> Option<&'r Cell> {
        let cell = self.cell(row, column);
        if cell.is_none() && self.has(column) {
            self.log.error("csv.empty", row.span, format!("这一行缺少 {column}"), format!("this row has no {column}"));
        }
        cell
    }

    pub fn name(&self, cell: &Cell) -> Option<Name> {
        scalars::named(&cell.text, cell.span, &self.log)
    }

    pub fn twice(&self, id: &str, span: Span) {
        self.log.error("csv.twice", span, format!("`{id}` 出现了两次"), format!("`{id}` is there twice"));
    }
}

fn columns(head: &[Cell], known: &[&str], needed: &[&str], log: &Log<'_>) -> BTreeMap<String, usize> {
    let mut columns = BTreeMap::new();
    for (index, column) in head.iter().enumerate() {
        let (name, span) = (column.text.as_str(), column.span);
        if !known.contains(&name) {
            let message = Text::new(format!("不认识的列 `{name}`"), format!("unknown column `{name}`"));
            log.push(log.hints(Diagnostic::error("csv.unknown-column", span, message), name, known));
        } else if columns.insert(name.to_owned(), index).is_some() {
            log.error(
                "csv.column-twice",
                span,
                format!("列 `{name}` 重复"),
                format!("the column `{name}` is there twice"),
            );
        }
    }
    let line = Span::new(0, head.last().map_or(0, |cell| cell.span.end));
    for needed in needed.iter().filter(|needed| !columns.contains_key(**needed)) {
        let message = Text::new(format!("缺少列 `{needed}`"), format!("the column `{needed}` is missing"));
        log.push(
            Diagnostic::error("csv.missing-column", line, message).hint(Text::new(
                "第一行写列名，用英文逗号隔开",
                "the first line names the columns, with commas between",
            )),
        );
    }
    columns
}

/// Cells are shown in lists, mails and logs: one line, and nothing that hides what it says.
fn check_cell(cell: &Cell, log: &Log<'_>) {
    if cell.text.len() > MAX_CELL {
        let (zh, en) = ("这一格太长", "this cell is too long");
        log.error(
            "csv.cell-too-long",
            cell.span,
            format!("{zh}，最多 {MAX_CELL} 字节"),
            format!("{en}, at most {MAX_CELL} bytes"),
        );
    }
    if let Some(unfit) = cell.text.chars().find(|c| is_unfit(*c)) {
        let code = u32::from(unfit);
        let message = Text::new(
            format!("这一格里有换行或看不见的字符（U+{code:04X}）"),
            format!("there is a line break or an invisible character (U+{code:04X}) in this cell"),
        );
        let finding = Diagnostic::error("csv.characters", cell.span, message);
        log.push(finding.hint(Text::new("请删掉后重新输入这一格", "clear the cell and type it again")));
    }
}

/// Line breaks and tabs (the sheet refuses other control characters), marks without width, marks that turn the direction of
/// writing.
fn is_unfit(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
