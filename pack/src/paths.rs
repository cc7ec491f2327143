//! What a file of a pack is, by its path.

use std::collections::BTreeMap;

use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_policies::PolicyName;

/// The most files of one pack.
pub const MAX_FILES: usize = 4_000;
/// The most bytes of all files together.
pub const MAX_TOTAL_BYTES: usize = 32 * 1024 * 1024;
/// The longest path, in bytes.
const MAX_PATH: usize = 200;

/// The kinds of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileKind {
    Company,
    /// `people.csv`, `departments.csv`: seeds of the live directory, no part of a release.
    People,
    Departments,
    /// `calendars/YEAR.csv`: every day of a year that is the company's own, a seed of the live calendar.
    Calendar(i32),
    Flow(Name),
    Form(Name),
    Fact(Name),
    Script(PolicyName),
    Contract(PolicyName),
    Params,
    Cases,
    Maps,
    /// Notes for people, and other seeds: left alone.
    Other,
}

impl FileKind {
    /// Whether the file belongs to a release.
    pub fn is_released(&self) -> bool {
        !matches!(self, Self::People | Self::Departments | Self::Calendar(_) | Self::Other)
    }
}

/// The kind of a file; or why it is none.
pub fn kind(path: &str) -> Result<FileKind, Box<Diagnostic>> {
    if !is_plain(path) {
        return Err(Box::new(bad_path(path)));
    }
    if let Some((_, inside)) = crate::libraries::inside(path) {
        return Ok(match kind(inside)? {
            FileKind::People | FileKind::Departments | FileKind::Calendar(_) | FileKind::Cases => FileKind::Other,
            other => other,
        });
    }
    let (folder, rest) = path.split_once('/').unwrap_or(("", path));
    let (stem, extension) = rest.rsplit_once('.').unwrap_or((rest, ""));
    match (folder, extension) {
        ("", _) if path == "company.yaml" => Ok(FileKind::Company),
        ("", _) if path == "people.csv" => Ok(FileKind::People),
        ("", _) if path == "departments.csv" => Ok(FileKind::Departments),
        ("flows", "yaml") => named(path, stem).map(FileKind::Flow),
        ("forms", "json") => named(path, stem).map(FileKind::Form),
        ("facts", "json") => named(path, stem).map(FileKind::Fact),
        ("policies", "rhai") => policy(path, stem).map(FileKind::Script),
        ("policies", "yaml") => policy(path, stem).map(FileKind::Contract),
        ("params", "yaml") => Ok(FileKind::Params),
        ("cases", "yaml") if stem.ends_with(".map") => Ok(FileKind::Maps),
        ("cases", "yaml") => Ok(FileKind::Cases),
        ("runs" | "templates", _) => Err(Box::new(to_come(path, folder))),
        ("calendars", "csv") => year(path, stem).map(FileKind::Calendar),
        (_, "md" | "txt") => Ok(FileKind::Other),
        _ if path.split('/').any(|part| part.starts_with('.')) => Ok(FileKind::Other),
        _ => Err(Box::new(unused(path, folder, stem, extension))),
    }
}

pub(crate) fn too_much(files: &BTreeMap<String, String>) -> Option<Diagnostic> {
    let bytes: usize = files.values().map(String::len).sum();
    let error = |zh: String, en: String| Some(Diagnostic::error("pack.too-large", None, Text::new(zh, en)));
    if files.len() > MAX_FILES {
        return error(
            format!("配置包有 {} 个文件，最多 {MAX_FILES} 个", files.len()),
            format!("the pack has {} files, at most {MAX_FILES}", files.len()),
        );
    }
    if bytes > MAX_TOTAL_BYTES {
        let most = MAX_TOTAL_BYTES / 1024 / 1024;
        return error(format!("配置包太大，最多 {most} MB"), format!("the pack is too large, at most {most} MB"));
    }
    None
}

/// Whether a path stays inside its folder and can be written down everywhere.
fn is_plain(path: &str) -> bool {
    let good = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    path.len() <= MAX_PATH && !path.chars().any(char::is_control) && path.split('/').all(good)
}

fn bad_path(path: &str) -> Diagnostic {
    let shown: String = path.chars().filter(|c| !c.is_control()).take(MAX_PATH).collect();
    Diagnostic::error("pack.path", None, Text::new("文件路径不能用", "this path cannot be used"))
        .hint(Text::new(
            "路径要在配置包文件夹之内，用 / 分隔",
            "a path stays inside the pack's folder, with / between names",
        ))
        .in_file(shown)
}

fn named(path: &str, stem: &str) -> Result<Name, Box<Diagnostic>> {
    Name::new(stem).map_err(|error| Box::new(bad_name(path, &error.to_string())))
}

fn policy(path: &str, stem: &str) -> Result<PolicyName, Box<Diagnostic>> {
    if stem.contains('.') {
        return Err(Box::new(bad_name(path, "a name has no dots")));
    }
    PolicyName::new(stem.replace('/', ".")).map_err(|error| Box::new(bad_name(path, &error.to_string())))
}

/// The year that a calendar is named by.
fn year(path: &str, stem: &str) -> Result<i32, Box<Diagnostic>> {
    let digits = stem.len() == 4 && stem.bytes().all(|byte| byte.is_ascii_digit());
    stem.parse().ok().filter(|year| digits && *year > 0).ok_or_else(|| {
        let message = Text::new("日历文件按年份命名", "a calendar is named by its year");
        let finding = Diagnostic::error("pack.bad-name", None, message);
        Box::new(finding.hint(Text::new("如 calendars/2027.csv", "such as calendars/2027.csv")).in_file(path))
    })
}

fn bad_name(path: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        "pack.bad-name",
        None,
        Text::new("文件名不能用作名称", format!("the file's name cannot be used as a name: {why}")),
    )
    .hint(Text::new(
        "文件名以小写字母开头，只含 a–z、0–9、- 和 _",
        "a file's name starts with a small letter and has only a–z, 0–9, - and _",
    ))
    .in_file(path)
}

/// A folder of the language that this version does not read.
fn to_come(path: &str, folder: &str) -> Diagnostic {
    let message = Text::new(format!("`{folder}/` 暂不支持"), format!("`{folder}/` is not yet supported"));
    Diagnostic::error("pack.not-yet-supported", None, message)
        .hint(Text::new("以后的版本会支持；目前请移出配置包", "a later version will know it; take it out for now"))
        .in_file(path)
}

/// A file that nothing reads; where it looks like a slip, how to mend it.
fn unused(path: &str, folder: &str, stem: &str, extension: &str) -> Diagnostic {
    let finding =
        Diagnostic::note("pack.unused-file", None, Text::new("这个文件不会被读取", "nothing reads this file"));
    let finding = finding.in_file(path);
    let known = ["flows", "forms", "facts", "policies", "params", "cases", "calendars"];
    match extension {
        "yml" => finding.hint(Text::new(format!("改名为 {stem}.yaml"), format!("rename it to {stem}.yaml"))),
        _ if folder.is_empty() || known.contains(&folder) => finding,
        _ => match zhupi_domain::nearest::nearest(folder, known) {
            Some(near) => {
                finding.hint(Text::new(format!("文件夹是不是 {near}/？"), format!("did you mean the folder {near}/?")))
            }
            None => finding,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_a_file_is() {
        let name = |text: &str| Name::new(text).unwrap();
        let policy = PolicyName::new("credit.bad_debt").unwrap();
        assert_eq!(kind("company.yaml"), Ok(FileKind::Company));
        assert_eq!(kind("flows/bad-debt.yaml"), Ok(FileKind::Flow(name("bad-debt"))));
        assert_eq!(kind("policies/credit/bad_debt.rhai"), Ok(FileKind::Script(policy)));
        assert_eq!(kind("cases/x/y.map.yaml"), Ok(FileKind::Maps));
        assert_eq!(kind("calendars/2027.csv"), Ok(FileKind::Calendar(2027)));
        assert_eq!(kind("calendars/spring.csv").map_err(|finding| finding.code), Err("pack.bad-name"));
        assert_eq!(kind("README.md"), Ok(FileKind::Other));
    }

    #[test]
    fn slips_and_tricks_are_told_apart() {
        let code = |path: &str| kind(path).map_err(|d| d.code);
        for path in ["../x", "flows/../../x.yaml", "/etc/passwd", "flows//x.yaml", "C:/x", "flows\\x.yaml", "a\0b", ""]
        {
            assert_eq!(code(path), Err("pack.path"), "{path:?}");
        }
        assert_eq!(code("flows/Bad Debt.yaml"), Err("pack.bad-name"));
        assert_eq!(code("policies/credit/x.test.rhai"), Err("pack.bad-name"));
        for path in ["flows/x.yml", "flow/x.yaml", "notes.pdf", "forms/x.yaml"] {
            assert_eq!(code(path), Err("pack.unused-file"), "{path:?}");
        }
    }
}
