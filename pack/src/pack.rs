//! A pack as a whole: its files in, findings and perhaps a release out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use zhupi_domain::directory::Directory;
use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::paths::{MAX_FILES, MAX_TOTAL_BYTES};
use crate::release::{self, Release};
use crate::sources::Sources;

/// Reading and checking packs.
#[derive(Debug)]
pub struct Pack;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// Only where there is no error.
    pub release: Option<Release>,
    /// The people and departments that the pack's spreadsheets name; version 0.
    pub seeds: Directory,
    /// Every finding, in the order of files and places.
    pub diagnostics: Diagnostics,
}

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{path}: {error}", path = path.display())]
    Io { path: PathBuf, error: io::Error },
    #[error("{path}: links are not followed", path = .0.display())]
    Link(PathBuf),
    #[error("{path}: not a text file in UTF-8", path = .0.display())]
    NotText(PathBuf),
    #[error("more than {MAX_FILES} files, or more than {} MB", MAX_TOTAL_BYTES / 1024 / 1024)]
    TooLarge,
    #[error("{path}: folders nest too deeply", path = .0.display())]
    TooDeep(PathBuf),
}

impl Pack {
    /// Reads and checks all files, by their path inside the pack with `/` between names.
    pub fn read(files: &BTreeMap<String, String>) -> Checked {
        let mut sources = Sources::read(files);
        sources.check();
        crate::cases::check(&sources);
        let diagnostics = sources.take_findings();
        let seeds = std::mem::take(&mut sources.seeds);
        if !release::may_release(&diagnostics) {
            return Checked { release: None, seeds, diagnostics };
        }
        match Release::build(files, sources) {
            Some(release) => Checked { release: Some(release), seeds, diagnostics },
            None => {
                Checked { release: None, seeds, diagnostics: diagnostics.into_iter().chain([unfinished()]).collect() }
            }
        }
    }

    /// The files of a folder, for [`Pack::read`]. Links, hidden files and files that no reader of packs knows stay out.
    pub fn from_dir(root: &Path) -> Result<BTreeMap<String, String>, FolderError> {
        let mut folder = Folder { files: BTreeMap::new(), bytes: 0 };
        folder.add(root, "", 0)?;
        Ok(folder.files)
    }
}

/// Nothing was found, and still there is no release: a fault of the product, said instead of hidden.
fn unfinished() -> Diagnostic {
    let message =
        Text::new("内部错误：检查通过，却不能生成版本", "internal fault: the check passes, but no release can be made");
    Diagnostic::error("pack.internal", None, message)
}

/// The deepest folder inside a pack.
const MAX_FOLDERS: usize = 8;

struct Folder {
    files: BTreeMap<String, String>,
    bytes: usize,
}

impl Folder {
    fn add(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), FolderError> {
        if depth > MAX_FOLDERS {
            return Err(FolderError::TooDeep(folder.to_owned()));
        }
        let io = |error| FolderError::Io { path: folder.to_owned(), error };
        for entry in fs::read_dir(folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let path = entry.path();
            let name = entry.file_name().into_string().map_err(|_| FolderError::NotText(path.clone()))?;
            if name.starts_with('.') {
                continue;
            }
            let inside = format!("{prefix}{name}");
            let kind = entry.file_type().map_err(|error| FolderError::Io { path: path.clone(), error })?;
            if kind.is_symlink() {
                return Err(FolderError::Link(path));
            } else if kind.is_dir() {
                self.add(&path, &format!("{inside}/"), depth + 1)?;
            } else if is_text(&inside) {
                self.file(&path, inside)?;
            } else {
                self.put(inside, String::new())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, inside: String) -> Result<(), FolderError> {
        let io = |error| FolderError::Io { path: path.to_owned(), error };
        let length = fs::metadata(path).map_err(io)?.len();
        if usize::try_from(length).map_or(true, |length| length > MAX_TOTAL_BYTES - self.bytes.min(MAX_TOTAL_BYTES)) {
            return Err(FolderError::TooLarge);
        }
        let bytes = fs::read(path).map_err(io)?;
        let text = String::from_utf8(bytes).map_err(|_| FolderError::NotText(path.to_owned()))?;
        self.put(inside, text)
    }

    fn put(&mut self, inside: String, text: String) -> Result<(), FolderError> {
        self.bytes += text.len();
        self.files.insert(inside, text);
        if self.files.len() > MAX_FILES || self.bytes > MAX_TOTAL_BYTES { Err(FolderError::TooLarge) } else { Ok(()) }
    }
}

/// Files whose content a pack may hold; others are only noted.
fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("yaml" | "json" | "rhai" | "csv"))
}
