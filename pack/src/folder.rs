//! The folder of a pack on a disk: the one place that reads files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use zhupi_domain::{Diagnostic, Text};

use crate::paths::{MAX_FILES, MAX_TOTAL_BYTES};
use crate::read::company::uses;

/// The files of a pack, as they were found.
#[derive(Debug, Default)]
pub struct Folder {
    /// Texts by path, with `/` between names. Hidden files stay out; files that no reader of packs knows are only named.
    pub files: BTreeMap<String, String>,
    /// Files that could not be read, by path, and why.
    pub unread: BTreeMap<String, Diagnostic>,
    bytes: usize,
}

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{path}: {error}", path = path.display())]
    Io { path: PathBuf, error: io::Error },
    /// A file of it cannot be read.
    #[error("{file}: {message}", file = .0.file, message = .0.message.get(zhupi_domain::Locale::En))]
    Unread(Box<Diagnostic>),
}

/// The deepest folder inside a pack.
const MAX_FOLDERS: usize = 8;

impl Folder {
    /// Reads a folder. What cannot be read of it is named, and the rest is there all the same.
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        let entries = fs::read_dir(root).map_err(|error| FolderError::Io { path: root.to_owned(), error })?;
        let mut folder = Self::default();
        folder.add(entries, "", 0);
        folder.add_libraries(root);
        Ok(folder)
    }

    /// Adds the libraries that company.yaml uses and that lie beside the folder; the check says which are missing.
    fn add_libraries(&mut self, root: &Path) {
        let used = self.files.get("company.yaml").map(|text| uses(text)).unwrap_or_default();
        let Ok(beside) = root.join("..").canonicalize() else { return };
        for library in used {
            let own = format!("{library}/company.yaml");
            if let (false, Ok(entries)) = (self.files.contains_key(&own), fs::read_dir(beside.join(&library))) {
                self.add(entries, &format!("{library}/"), 2);
            }
        }
    }

    fn add(&mut self, entries: fs::ReadDir, prefix: &str, depth: usize) {
        for entry in entries {
            if self.files.len() + self.unread.len() > MAX_FILES {
                // The check says that there are too many.
                return;
            }
            let Ok(entry) = entry else { continue };
            let Ok(name) = entry.file_name().into_string() else {
                let shown = format!("{prefix}{}", entry.file_name().to_string_lossy());
                self.unread.insert(shown.clone(), name_not_text().in_file(shown));
                continue;
            };
            if !name.starts_with('.') {
                let inside = format!("{prefix}{name}");
                if let Err(finding) = self.entry(&entry, &inside, depth) {
                    self.unread.insert(inside.clone(), finding.in_file(inside));
                }
            }
        }
    }

    fn entry(&mut self, entry: &fs::DirEntry, inside: &str, depth: usize) -> Result<(), Box<Diagnostic>> {
        let kind = entry.file_type().map_err(|error| unreadable(&error))?;
        if kind.is_symlink() {
            return Err(link());
        }
        if kind.is_dir() {
            if depth >= MAX_FOLDERS {
                return Err(too_deep());
            }
            let entries = fs::read_dir(entry.path()).map_err(|error| unreadable(&error))?;
            self.add(entries, &format!("{inside}/"), depth + 1);
            return Ok(());
        }
        let text = if is_text(inside) { self.text(&entry.path())? } else { String::new() };
        self.bytes += text.len();
        self.files.insert(inside.to_owned(), text);
        Ok(())
    }

    fn text(&self, path: &Path) -> Result<String, Box<Diagnostic>> {
        let length = fs::metadata(path).map_err(|error| unreadable(&error))?.len();
        if usize::try_from(length).map_or(true, |length| length > MAX_TOTAL_BYTES.saturating_sub(self.bytes)) {
            return Err(too_large(length));
        }
        let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
        String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), error.utf8_error().valid_up_to()))
    }
}

/// Files whose content a pack may hold; others are only noted.
fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("yaml" | "json" | "rhai" | "csv"))
}

fn error(
    code: &'static str,
    zh: impl Into<String>,
    en: impl Into<String>,
    hint: Option<(&'static str, &'static str)>,
) -> Box<Diagnostic> {
    let finding = Diagnostic::error(code, None, Text::new(zh, en));
    Box::new(match hint {
        Some((zh, en)) => finding.hint(Text::new(zh, en)),
        None => finding,
    })
}

/// Says where the text ends that can be read. What Excel and Notepad write on a Chinese Windows is GB18030.
fn not_utf8(bytes: &[u8], valid: usize) -> Box<Diagnostic> {
    let line = bytes.iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
    error(
        "pack.not-utf8",
        format!("文件不是 UTF-8 编码（第 {line} 行起），可能是 GBK/GB18030"),
        format!("the file is not UTF-8 (from line {line} on); it may be GBK or GB18030"),
        Some((
            "请另存为 UTF-8：记事本的“编码”选“UTF-8”，Excel 的“保存类型”选“CSV UTF-8”",
            "save it as UTF-8: in Notepad choose the encoding \"UTF-8\", in Excel the type \"CSV UTF-8\"",
        )),
    )
}

fn too_large(bytes: u64) -> Box<Diagnostic> {
    const MEGABYTE: u64 = 1024 * 1024;
    let (found, most) = (bytes.div_ceil(MEGABYTE), MAX_TOTAL_BYTES as u64 / MEGABYTE);
    error(
        "pack.too-large",
        format!("文件太大：{found} MB；整个配置包最多 {most} MB"),
        format!("the file is too large: {found} MB; a whole pack has at most {most} MB"),
        Some((
            "请移出配置包；大量数据用 zhupi import 导入",
            "move it out of the pack; `zhupi import` is for large amounts of data",
        )),
    )
}

fn link() -> Box<Diagnostic> {
    let hint = ("请放入文件本身", "put the file itself there");
    error("pack.link", "这是一个链接，不会读取", "this is a link, and links are not followed", Some(hint))
}

fn too_deep() -> Box<Diagnostic> {
    error(
        "pack.too-deep",
        format!("文件夹嵌套过深，最多 {MAX_FOLDERS} 层"),
        format!("folders nest too deeply, at most {MAX_FOLDERS} levels"),
        None,
    )
}

fn name_not_text() -> Box<Diagnostic> {
    error("pack.path", "文件名不是 UTF-8 编码", "the name of the file is not UTF-8", Some(("请改名", "rename it")))
}

fn unreadable(why: &io::Error) -> Box<Diagnostic> {
    match why.kind() {
        io::ErrorKind::PermissionDenied => error("pack.unreadable", "没有读取权限", "it may not be read", None),
        _ => error("pack.unreadable", "文件无法读取", "the file cannot be read", None),
    }
}
