//! A pack as a whole: its files in, findings and perhaps a release out.

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_domain::{Diagnostic, Diagnostics, Text};

use crate::folder::{Folder, FolderError};
use crate::release::{self, Release};
use crate::seeds::Seeds;
use crate::sources::Sources;

/// Reading and checking packs.
#[derive(Debug)]
pub struct Pack;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// Only where there is no error.
    pub release: Option<Release>,
    /// The people, departments and days that the pack's spreadsheets name.
    pub seeds: Seeds,
    /// Every finding, in the order of files and places.
    pub diagnostics: Diagnostics,
}

impl Pack {
    /// Reads and checks all files, by their path inside the pack with `/` between names.
    pub fn read(files: &BTreeMap<String, String>) -> Checked {
        Self::check(files, &BTreeMap::new())
    }

    /// Reads and checks what was found in a folder. A file that could not be read is a finding, and its name is known.
    pub fn read_folder(folder: &Folder) -> Checked {
        Self::check(&folder.files, &folder.unread)
    }

    fn check(files: &BTreeMap<String, String>, unread: &BTreeMap<String, Diagnostic>) -> Checked {
        let mut sources = Sources::read(files, unread);
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

    /// The files of a folder, for [`Pack::read`], where all of them can be read.
    pub fn from_dir(root: &Path) -> Result<BTreeMap<String, String>, FolderError> {
        let folder = Folder::open(root)?;
        match folder.unread.into_values().next() {
            None => Ok(folder.files),
            Some(finding) => Err(FolderError::Unread(Box::new(finding))),
        }
    }
}

/// Nothing was found, and still there is no release: a fault of the product, said instead of hidden.
fn unfinished() -> Diagnostic {
    let message =
        Text::new("内部错误：检查通过，却不能生成版本", "internal fault: the check passes, but no release can be made");
    Diagnostic::error("pack.internal", None, message)
}
