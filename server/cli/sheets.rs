//! Spreadsheets that people hand in, whatever program wrote them.

use std::path::Path;

use encoding_rs::{Encoding, GB18030};
use serde_json::{Map, Value};
use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};
use zhupi_pack::sheet::{Cell, Row, Sheet};

use super::output::Output;
use super::packs::Files;
use crate::complaint::Complaint;

/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// The text of a file in UTF-8, or in GB18030, in which Excel writes CSV in China: then that is said.
pub fn text(path: &Path, output: &Output) -> anyhow::Result<String> {
    let (text, encoding) = decoded(&bytes(path)?).map_err(|complaint| complaint.about(path))?;
    if encoding == Some(GB18030) {
        let name = path.display();
        output.complain(output.text(&Text::new(
            format!("{name} 不是 UTF-8，已按 GB18030 读取；请核对中文内容，或在 Excel 里另存为“CSV UTF-8”"),
            format!(
                "{name} is not UTF-8 and was read as GB18030: look at its Chinese texts, or save it as \"CSV UTF-8\""
            ),
        )));
    }
    Ok(text)
}

fn bytes(path: &Path) -> Result<Vec<u8>, Complaint> {
    let unreadable = |error: std::io::Error| Complaint::about_file(path, &error);
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_BYTES {
        let (path, most) = (path.display(), MAX_BYTES / 1024 / 1024);
        return Err(Complaint::new(
            format!("{path} 太大，最多 {most} MB"),
            format!("{path} is too large, at most {most} MB"),
        ));
    }
    std::fs::read(path).map_err(unreadable)
}

/// Why bytes are no text that we can read.
#[derive(Debug, PartialEq, Eq)]
enum Unreadable {
    Utf16,
    Unknown,
}

impl Unreadable {
    fn about(&self, path: &Path) -> Complaint {
        let path = path.display();
        let complaint = match self {
            Self::Utf16 => Complaint::new(
                format!("{path} 是 UTF-16 编码（Excel 的“Unicode 文本”）"),
                format!("{path} is in UTF-16 (\"Unicode Text\" of Excel)"),
            ),
            Self::Unknown => Complaint::new(
                format!("{path} 既不是 UTF-8 也不是 GB18030 编码的文本"),
                format!("{path} is a text neither in UTF-8 nor in GB18030"),
            ),
        };
        complaint
            .hint("请在 Excel 里另存为“CSV UTF-8（逗号分隔）”", "save it as \"CSV UTF-8 (comma delimited)\" in Excel")
    }
}

/// The text, and the encoding where it is not UTF-8. The mark that Excel writes first is left out.
fn decoded(bytes: &[u8]) -> Result<(String, Option<&'static Encoding>), Unreadable> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(), None));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Unreadable::Utf16);
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if !text.contains('\0') => Ok((text.into_owned(), Some(GB18030))),
        _ => Err(Unreadable::Unknown),
    }
}

/// Records of a file, and where they stand in it.
pub struct Records {
    pub rows: Vec<Map<String, Value>>,
    /// What findings call the file.
    pub file: String,
    pub text: String,
    /// Empty for a list in JSON.
    sheet: Sheet,
}

impl Records {
    /// Each row of a spreadsheet by its field names, empty cells left out; or what is wrong with it.
    pub fn of_csv(path: &Path, text: String, most: usize) -> (Self, Diagnostics) {
        let file = file_name(path);
        let (sheet, mut found) = Sheet::read(&file, &text, most);
        found.extend(wrong_heads(&sheet.head).into_iter().map(|finding| finding.in_file(&file)));
        let rows = sheet.rows.iter().map(|row| record(&sheet.head, row)).collect();
        (Self { rows, file, text, sheet }, found)
    }

    /// A list of objects.
    pub fn of_json(path: &Path, text: String) -> anyhow::Result<Self> {
        let list = zhupi_domain::json::parse(&text)?;
        let no_list = || {
            let name = path.display();
            Complaint::new(format!("{name} 不是记录的列表"), format!("{name} is no list of records"))
                .hint("写成 [{ \"字段\": \"值\" }, …]", "write [{ \"field\": \"value\" }, …]")
        };
        let rows = serde_json::from_value(list).map_err(|_| no_list())?;
        Ok(Self { rows, file: file_name(path), text, sheet: Sheet::default() })
    }

    pub fn files(&self) -> Files {
        Files::from([(self.file.clone(), self.text.clone())])
    }

    /// A mistake as it was told of a pointer into the list, such as `/0/amount`, at its place in the file.
    pub fn finding(&self, pointer: &str, message: Text) -> Diagnostic {
        let mut parts = pointer.split('/').skip(1);
        let row = parts.next().and_then(|row| self.sheet.rows.get(row.parse::<usize>().ok()?));
        let column = parts.next().and_then(|field| self.sheet.head.iter().position(|head| head.text == field));
        let span = row.map(|row| place(row, column));
        Diagnostic::error("csv.record", span, message).in_file(&self.file)
    }
}

/// The cell of a column; the whole row where it is empty.
fn place(row: &Row, column: Option<usize>) -> Span {
    let cell = column.and_then(|column| row.cells.get(column)).filter(|cell| !cell.text.is_empty());
    cell.map_or(row.span, |cell| cell.span)
}

/// What findings call a file.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn record(heads: &[Cell], row: &Row) -> Map<String, Value> {
    let cells = heads.iter().zip(&row.cells).filter(|(_, cell)| !cell.text.is_empty());
    cells.map(|(head, cell)| (head.text.clone(), Value::from(cell.text.as_str()))).collect()
}

fn wrong_heads(heads: &[Cell]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, head) in heads.iter().enumerate() {
        let message = if head.text.is_empty() {
            Text::new("这一列没有列名", "this column has no name")
        } else if heads.iter().take(index).any(|before| before.text == head.text) {
            Text::new(format!("列 `{}` 重复", head.text), format!("the column `{}` is there twice", head.text))
        } else {
            continue;
        };
        found.push(Diagnostic::error("csv.column-twice", head.span, message));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_of_china_is_understood_and_what_else_is_refused() {
        let text = "id,name\nli,李建国\n";
        let gb = GB18030.encode(text).0;
        assert_eq!(decoded(&gb), Ok((text.to_owned(), Some(GB18030))));
        assert_eq!(decoded(format!("\u{feff}{text}").as_bytes()), Ok((text.to_owned(), None)));
        assert_eq!(decoded(b"\xff\xfei\0d\0"), Err(Unreadable::Utf16));
        assert_eq!(decoded(b"id,name\nli,\xe9"), Err(Unreadable::Unknown));
        assert_eq!(decoded(b"PK\x03\x04\0\0\x81\x40"), Err(Unreadable::Unknown), "a workbook is no text");
    }

    #[test]
    fn a_spreadsheet_becomes_records_that_know_their_place() {
        let text = "salesperson,month,amount\n\nli,2026-03, 5000.00\nwang,2026-03,\n".to_owned();
        let (records, found) = Records::of_csv(Path::new("in/facts.csv"), text.clone(), 10);
        assert!(found.is_empty());
        let expected = serde_json::json!([
            { "salesperson": "li", "month": "2026-03", "amount": "5000.00" },
            { "salesperson": "wang", "month": "2026-03" }
        ]);
        assert_eq!(Value::from_iter(records.rows.clone().into_iter().map(Value::from)), expected);
        let at = |pointer: &str| records.finding(pointer, Text::same("x")).span.map(|span| span.line_column(&text));
        assert_eq!(at("/0/amount"), Some((3, 13)));
        assert_eq!(at("/1/amount"), Some((4, 1)), "an empty cell is shown by its row");
        assert_eq!((at("/7/amount"), at("")), (None, None));
    }

    #[test]
    fn columns_without_a_name_or_twice_are_refused() {
        let (_, found) = Records::of_csv(Path::new("x.csv"), "a,,a\n1,2,3\n".into(), 10);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.file == "x.csv"));
    }
}
