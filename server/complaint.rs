//! Why a command could not be done, as the person at the console reads it: a sentence, and what to do about it.
//!
//! Errors of the rooms below are for programmers; here each of them becomes such a sentence, in both languages. What a
//! programmer wants besides is the detail, which is only shown on demand.

mod store;

use std::fmt;
use std::io;
use std::path::Path;

use zhupi_app::access::AccessError;
use zhupi_app::{AppError, Problem};
use zhupi_domain::json::JsonError;
use zhupi_domain::{Diagnostic, Locale, Text};
use zhupi_pack::FolderError;
use zhupi_store::StoreError;

use crate::cli::remote::{Refused, Unreachable};
use crate::config::ConfigError;
use crate::http::problem::Failure;

/// Why a command could not be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub message: Text,
    /// What to do about it.
    pub hint: Option<Text>,
    /// What lies behind it, for whoever looks for the cause.
    pub detail: Option<String>,
}

impl Complaint {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: Text::new(zh, en), hint: None, detail: None }
    }

    /// Says what to do about it.
    pub fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hint = Some(Text::new(zh, en));
        self
    }

    /// Keeps what lies behind it.
    pub fn detail(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string());
        self
    }

    /// A file or folder that could not be read or written.
    pub fn about_file(path: &Path, error: &io::Error) -> Self {
        let path = path.display();
        let (zh, en) = file_words(error.kind());
        let complaint = Self::new(format!("{path}：{zh}"), format!("{path}: {en}")).detail(error);
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => {
                complaint.hint("请检查路径", "check the path")
            }
            io::ErrorKind::AlreadyExists => complaint.hint("请换一个路径", "name another path"),
            io::ErrorKind::InvalidData => complaint.hint(
                "请另存为 UTF-8 编码（Excel 选“CSV UTF-8”，记事本选“UTF-8”）",
                "save it as UTF-8 (in Excel \"CSV UTF-8\", in Notepad \"UTF-8\")",
            ),
            io::ErrorKind::PermissionDenied => {
                complaint.hint("请检查运行 zhupi 的账号的权限", "check the rights of the account that runs zhupi")
            }
            _ => complaint,
        }
    }

    /// The sentence with what to do about it, on one line.
    pub fn whole(&self) -> Text {
        let said = |locale, between: &str| match &self.hint {
            Some(hint) => format!("{}{between}{}", self.message.get(locale), hint.get(locale)),
            None => self.message.get(locale).to_owned(),
        };
        Text::new(said(Locale::Zh, "；"), said(Locale::En, "; "))
    }

    /// Says the same as an error does that ended a command.
    pub fn of(error: &anyhow::Error) -> Self {
        let found = error.chain().find_map(known);
        found.unwrap_or_else(|| {
            let said = format!("{error:#}");
            Self::new(format!("没有完成（{said}）"), said.clone())
        })
    }
}

/// The words for an error that we know.
fn known(error: &(dyn std::error::Error + 'static)) -> Option<Complaint> {
    if let Some(error) = error.downcast_ref::<Complaint>() {
        return Some(error.clone());
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return Some(store::complaint(error));
    }
    if let Some(error) = error.downcast_ref::<AppError>() {
        return Some(of_app(error));
    }
    if let Some(error) = error.downcast_ref::<AccessError>() {
        return Some(of_access(error));
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return Some(error.complaint());
    }
    if let Some(error) = error.downcast_ref::<Unreachable>() {
        return Some(error.complaint());
    }
    if let Some(Refused(problem)) = error.downcast_ref::<Refused>() {
        // The server spoke the language that was asked for.
        return Some(Complaint { message: Text::same(problem.words()), hint: None, detail: None });
    }
    match error.downcast_ref::<FolderError>() {
        Some(FolderError::Io { path, error }) => return Some(Complaint::about_file(path, error)),
        Some(FolderError::Unread(finding)) => return Some(of_finding(finding)),
        None => {}
    }
    let error = error.downcast_ref::<JsonError>()?;
    Some(Complaint { message: error.text(), hint: None, detail: None })
}

/// A file of a pack that cannot be read.
fn of_finding(finding: &Diagnostic) -> Complaint {
    let (file, message) = (&finding.file, &finding.message);
    let en = message.get(Locale::En);
    let complaint = Complaint::new(format!("{file}：{}", message.zh), format!("{file}: {en}"));
    Complaint { hint: finding.hints.first().cloned(), ..complaint }
}

fn of_app(error: &AppError) -> Complaint {
    match error {
        AppError::Store(error) => store::complaint(error),
        AppError::Internal(_) | AppError::History(_) => {
            Complaint::new("程序内部出错", "something inside the program went wrong")
                .hint("设置 RUST_LOG=debug 可看到原因", "RUST_LOG=debug shows the reason")
                .detail(error)
        }
        error => of_problem(&error.problem()).detail(error),
    }
}

fn of_access(error: &AccessError) -> Complaint {
    match error {
        AccessError::Store(error) => store::complaint(error),
        error => of_problem(Failure::told(error).problem()).detail(error),
    }
}

/// What a use case refused: its sentence, and the places that are meant.
fn of_problem(problem: &Problem) -> Complaint {
    let said = |locale: Locale| {
        let places = problem.errors.iter().map(|place| format!("\n  {}: {}", place.pointer, place.message.get(locale)));
        format!("{}{}", problem.detail.get(locale), places.collect::<String>())
    };
    Complaint::new(said(Locale::Zh), said(Locale::En))
}

/// What kept a file from being read or written.
fn file_words(kind: io::ErrorKind) -> (&'static str, &'static str) {
    match kind {
        io::ErrorKind::NotFound => ("找不到", "there is no such file or folder"),
        io::ErrorKind::PermissionDenied => ("没有读写权限", "it may not be read or written"),
        io::ErrorKind::AlreadyExists => ("已有同名的文件或文件夹", "something of this name is there already"),
        io::ErrorKind::NotADirectory => ("这里应为文件夹，实际是文件", "this should be a folder, but it is a file"),
        io::ErrorKind::IsADirectory => ("这里应为文件，实际是文件夹", "this should be a file, but it is a folder"),
        io::ErrorKind::InvalidData => ("不是 UTF-8 编码的文本", "it is no text in UTF-8"),
        io::ErrorKind::StorageFull => ("磁盘已满", "no room is left on the disk"),
        io::ErrorKind::ReadOnlyFilesystem => ("磁盘是只读的", "the disk can only be read"),
        _ => ("无法读写", "it cannot be read or written"),
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.get(Locale::En))
    }
}

impl std::error::Error for Complaint {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_under_whatever_was_said_about_it() {
        let error = anyhow::Error::from(AppError::Store(StoreError::DiskFull)).context("deploy").context("pharma");
        assert_eq!(Complaint::of(&error).message.zh, "数据库所在的磁盘已满");
        let weak = AccessError::Weak(zhupi_app::access::WeakPassword::TooShort);
        assert!(Complaint::of(&weak.into()).message.zh.starts_with("密码至少需要"));
        let unknown = Complaint::of(&anyhow::anyhow!("it rained").context("demo"));
        assert_eq!(unknown.message.zh, "没有完成（demo: it rained）");
    }

    #[test]
    fn a_file_is_named_with_what_to_do() {
        let complaint = Complaint::about_file(Path::new("x.csv"), &io::ErrorKind::InvalidData.into());
        assert_eq!(complaint.message.zh, "x.csv：不是 UTF-8 编码的文本");
        assert!(complaint.hint.unwrap().zh.contains("CSV UTF-8"));
    }
}
