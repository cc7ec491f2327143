//! The rows of a pilot and the facts beside them, as files.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zhupi_pack::pilot::{Data, Source};

use super::output::Output;
use super::packs::Files;
use super::sheets;
use crate::complaint::Complaint;

/// The endings of files that are read.
const ENDINGS: [&str; 3] = ["csv", "jsonl", "ndjson"];

/// A file of rows; or a folder, in which the rows are called like the policy or `rows`, and every other file holds the facts
/// of the kind that it is called by.
pub fn read(path: &Path, policy: &str, output: &Output) -> anyhow::Result<Data> {
    if !path.is_dir() {
        if !is_table(path) {
            let complaint = Complaint::new(
                format!("{} 不是 .csv 或 .jsonl 文件", path.display()),
                format!("{} is no .csv or .jsonl file", path.display()),
            );
            return Err(complaint
                .hint("用 CSV，或一行一个 JSON 对象的 .jsonl", "use CSV, or .jsonl with one JSON object a line")
                .into());
        }
        return Ok(Data { rows: source(path, output)?, ..Data::default() });
    }
    let entries = std::fs::read_dir(path).map_err(|error| Complaint::about_file(path, &error))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file() && is_table(path)).collect();
    files.sort();
    let stem = |path: &PathBuf| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let rows = [policy, "rows"].into_iter().find_map(|name| files.iter().position(|path| stem(path) == name));
    let Some(rows) = rows else {
        let folder = path.display();
        return Err(Complaint::new(
            format!("{folder} 里没有要试算的行"),
            format!("{folder} holds no rows to evaluate"),
        )
        .hint(format!("放入 rows.csv 或 {policy}.csv"), format!("put rows.csv or {policy}.csv there"))
        .into());
    };
    let rows = files.remove(rows);
    let mut data = Data { rows: source(&rows, output)?, ..Data::default() };
    for path in files {
        data.facts.insert(stem(&path), source(&path, output)?);
    }
    Ok(data)
}

fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known))
}

fn source(path: &Path, output: &Output) -> anyhow::Result<Source> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Source::new(name, sheets::text(path, output)?))
}

/// The files as findings name them.
pub fn texts(data: &Data) -> Files {
    data.facts.values().chain([&data.rows]).map(|source| (source.file.clone(), source.text.clone())).collect()
}

/// A table as the API takes it.
pub fn sent(source: &Source) -> Value {
    if source.file.ends_with(".csv") {
        return json!({ "csv": source.text });
    }
    let records = source.text.lines().filter(|line| !line.trim().is_empty());
    let records: Vec<Value> =
        records.map(|line| zhupi_domain::json::parse(line).unwrap_or_else(|_| Value::from(line))).collect();
    json!({ "records": records })
}

/// A text as one part of a path.
pub fn in_path(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    use zhupi_domain::Locale;

    use super::super::output::{Format, Lang};
    use super::*;

    #[test]
    fn a_folder_holds_rows_and_facts() {
        let output = Output::new(Format::Human, Some(Lang::En));
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), "a\n1\n").unwrap();
        write("commission.csv");
        write("notes.txt");
        let none = read(folder.path(), "pay.x", &output).unwrap_err();
        let none = none.downcast_ref::<Complaint>().unwrap();
        assert!(none.hint.as_ref().unwrap().get(Locale::En).contains("rows.csv"));
        write("rows.jsonl");
        let data = read(folder.path(), "pay.x", &output).unwrap();
        assert_eq!((data.rows.file.as_str(), data.facts.len()), ("rows.jsonl", 1));
        write("pay.x.csv");
        let data = read(folder.path(), "pay.x", &output).unwrap();
        assert_eq!((data.rows.file.as_str(), data.facts.len()), ("pay.x.csv", 2));
        assert!(read(&folder.path().join("notes.txt"), "pay.x", &output).is_err());
    }

    #[test]
    fn a_payee_goes_into_a_path_as_it_is() {
        assert_eq!(in_path("li-1"), "li-1");
        assert_eq!(in_path("#3 李/a"), "%233%20%E6%9D%8E%2Fa");
    }
}
