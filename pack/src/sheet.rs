//! Spreadsheets as CSV text (RFC 4180), read strictly: nothing is guessed, and every cell knows its place.

use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

use crate::read::Log;

/// The most columns of a spreadsheet.
const MAX_COLUMNS: usize = 500;

/// One cell, without the spaces around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// With its quotes.
    pub span: Span,
}

/// One line of cells; a cell in quotes may go over several lines of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub span: Span,
}

/// A spreadsheet: a head line with the names of the columns, and rows. Empty rows are left out.
#[derive(Debug, Default)]
pub struct Sheet {
    pub head: Vec<Cell>,
    pub rows: Vec<Row>,
    /// Whether there is more in the file than what was read: its end could not be understood, or it is too long.
    pub is_cut: bool,
}

impl Sheet {
    /// Reads a spreadsheet of at most so many rows; `file` is what findings call it.
    pub fn read(file: &str, source: &str, most: usize) -> (Self, Diagnostics) {
        let log = Log::new(file, source);
        let sheet = Self::read_into(&log, most);
        (sheet, log.into_found())
    }

    pub(crate) fn read_into(log: &Log<'_>, most: usize) -> Self {
        let start = if log.source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut reader = Reader { log, at: start, is_cut: false };
        let head = reader.row().map(|row| row.cells).unwrap_or_default();
        let mut rows: Vec<Row> = Vec::new();
        while let Some(row) = reader.row() {
            if reader.is_cut {
                break;
            }
            if rows.len() == most {
                log.push(too_long(row.span, most));
                reader.is_cut = true;
                break;
            }
            check_length(&row, head.len(), log);
            rows.push(row);
        }
        Self { head, rows, is_cut: reader.is_cut }
    }
}

fn too_wide(span: Span) -> Diagnostic {
    let message =
        Text::new(format!("列数太多，最多 {MAX_COLUMNS} 列"), format!("too many columns, at most {MAX_COLUMNS}"));
    Diagnostic::error("csv.too-long", span, message)
}

fn too_long(span: Span, most: usize) -> Diagnostic {
    let message = Text::new(format!("行数太多，最多 {most} 行"), format!("too many rows, at most {most}"));
    Diagnostic::error("csv.too-long", span, message)
        .hint(Text::new("请分成几个文件，逐个导入", "split it into several files and import one after another"))
}

fn check_length(row: &Row, columns: usize, log: &Log<'_>) {
    let cells = row.cells.len();
    if cells == columns {
        return;
    }
    let message = Text::new(
        format!("这一行有 {cells} 格，表头有 {columns} 列"),
        format!("this row has {cells} cells, the head line has {columns}"),
    );
    let hint = if cells > columns {
        Text::new("内容里有逗号的格要用双引号括起来", "a cell with a comma in it goes into double quotes")
    } else {
        Text::new("空着的格也要写逗号", "an empty cell needs its comma, too")
    };
    log.push(Diagnostic::error("csv.cells", row.span, message).hint(hint));
}

struct Reader<'a> {
    log: &'a Log<'a>,
    at: usize,
    is_cut: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.log.source.get(self.at..).unwrap_or_default()
    }

    fn next_is(&self, wanted: char) -> bool {
        self.rest().starts_with(wanted)
    }

    /// The next row that is not empty; none at the end.
    fn row(&mut self) -> Option<Row> {
        loop {
            self.blanks(&['\r', '\n']);
            if self.rest().is_empty() {
                return None;
            }
            let start = self.at;
            let cells = self.cells();
            if cells.iter().any(|cell| !cell.text.is_empty()) {
                // Of a row with line breaks in its cells, the first line is shown.
                let whole = self.log.source.get(start..self.at).unwrap_or_default();
                let end = start + whole.find(['\r', '\n']).unwrap_or(whole.len());
                return Some(Row { cells, span: Span::new(start, end) });
            }
        }
    }

    fn cells(&mut self) -> Vec<Cell> {
        let mut cells = vec![self.cell()];
        while self.next_is(',') {
            if cells.len() == MAX_COLUMNS {
                self.log.push(too_wide(Span::new(self.at, self.at + 1)));
                self.cut();
                break;
            }
            self.at += 1;
            cells.push(self.cell());
        }
        cells
    }

    /// Reads no further.
    fn cut(&mut self) {
        self.at = self.log.source.len();
        self.is_cut = true;
    }

    fn blanks(&mut self, blanks: &[char]) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(blanks).len();
    }

    fn cell(&mut self) -> Cell {
        self.blanks(&[' ', '\t']);
        let cell = if self.next_is('"') { self.quoted() } else { self.plain() };
        let unfit = |c: &char| c.is_control() && !matches!(c, '\r' | '\n' | '\t');
        if let Some(unfit) = cell.text.chars().find(unfit) {
            self.log.push(control(unfit, cell.span));
        }
        cell
    }

    fn plain(&mut self) -> Cell {
        let rest = self.rest();
        let text = rest.get(..rest.find([',', '\r', '\n']).unwrap_or(rest.len())).unwrap_or_default();
        let start = self.at;
        self.at += text.len();
        let trimmed = text.trim();
        let cell = Cell { text: trimmed.to_owned(), span: Span::new(start, start + text.trim_end().len()) };
        if trimmed.contains('"') {
            self.log.push(stray_quote(cell.span));
        }
        cell
    }

    fn quoted(&mut self) -> Cell {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find('"') else {
                self.cut();
                self.log.push(open_quote(Span::new(start, start + 1)));
                break;
            };
            text.push_str(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            if !self.next_is('"') {
                break;
            }
            text.push('"');
            self.at += 1;
        }
        let span = Span::new(start, self.at);
        let rest = self.rest();
        let after = rest.get(..rest.find([',', '\r', '\n']).unwrap_or(rest.len())).unwrap_or_default();
        self.at += after.len();
        if !after.trim().is_empty() {
            self.log.push(stray_quote(Span::new(start, self.at)));
        }
        Cell { text: text.trim().to_owned(), span }
    }
}

fn open_quote(span: Span) -> Diagnostic {
    Diagnostic::error("csv.quote", span, Text::new("引号没有成对", "this quote is never closed"))
        .hint(Text::new("在这一格的末尾补上双引号，或去掉这个引号", "close it at the end of the cell, or take it away"))
}

fn stray_quote(span: Span) -> Diagnostic {
    let message = Text::new("引号的位置不对", "a quote is in the wrong place");
    Diagnostic::error("csv.quote", span, message).hint(Text::new(
        "含引号的格要整格用双引号括起来，里面的引号写两遍：\"12\"\"管\"",
        "a cell with a quote in it goes into double quotes as a whole, its own quotes doubled: \"12\"\" pipe\"",
    ))
}

fn control(c: char, span: Span) -> Diagnostic {
    let code = u32::from(c);
    Diagnostic::error(
        "csv.characters",
        span,
        Text::new(
            format!("这一格里有看不见的控制字符（U+{code:04X}）"),
            format!("there is a control character (U+{code:04X}) in this cell"),
        ),
    )
    .hint(Text::new("请删掉后重新输入这一格", "clear the cell and type it again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(source: &str) -> Vec<Vec<String>> {
        let (sheet, found) = Sheet::read("x.csv", source, 100);
        assert!(found.is_empty(), "{found:?}");
        let texts = |cells: &[Cell]| cells.iter().map(|cell| cell.text.clone()).collect();
        std::iter::once(texts(&sheet.head)).chain(sheet.rows.iter().map(|row| texts(&row.cells))).collect()
    }

    /// Code, line and column of each finding.
    fn found(source: &str) -> Vec<(&'static str, usize, usize)> {
        let place = |found: Diagnostic| {
            let (line, column) = found.span.unwrap().line_column(source);
            (found.code, line, column)
        };
        Sheet::read("x.csv", source, 3).1.into_iter().map(place).collect()
    }

    #[test]
    fn cells_are_read_with_quotes_lines_and_marks_as_spreadsheets_write_them() {
        assert_eq!(
            cells("\u{feff}a, b\r\n1,\" x, \"\"y\"\"\nz \" \r\n\r\n,,\n 2 ,\u{3000}\r\n"),
            [vec!["a", "b"], vec!["1", "x, \"y\"\nz"], vec!["2", ""]]
        );
        assert_eq!(cells("a\rb"), [["a"], ["b"]]);
        assert_eq!(cells(""), [[""; 0]]);
        assert_eq!(cells("a,b\n,\n"), [["a", "b"]]);
    }

    #[test]
    fn a_place_is_the_line_of_the_file_not_the_number_of_the_row() {
        assert_eq!(found("a,b\n\n\"1\n\n\",2\nx\n"), [("csv.cells", 6, 1)]);
        assert_eq!(found("a,b\n1,2,3\n"), [("csv.cells", 2, 1)]);
        assert_eq!(found("姓名,b\n1,  \u{0}x\n"), [("csv.characters", 2, 5)]);
    }

    #[test]
    fn broken_quotes_are_refused_where_they_begin() {
        assert_eq!(found("a,b\n1,\"2\n3,4\n"), [("csv.quote", 2, 3)]);
        assert_eq!(found("a,b\n1,2\"3\n"), [("csv.quote", 2, 3)]);
        assert_eq!(found("a,b\n1,\"2\" 3\n4,5\n"), [("csv.quote", 2, 3)]);
        assert!(Sheet::read("x.csv", "a\n\"1", 9).0.is_cut);
    }

    #[test]
    fn too_many_rows_are_one_finding() {
        assert_eq!(found("a\n1\n2\n3\n"), []);
        assert_eq!(found("a\n1\n2\n3\n4\n5\nx,y\n"), [("csv.too-long", 5, 1)]);
        assert_eq!(found(&",".repeat(100_000)), [("csv.too-long", 1, 500)]);
    }
}
