//! Libraries: packs without people that others use (`use: [library/workplan]`).
//!
//! A file `library/workplan/flows/route.yaml` counts as `flows/route.yaml`, unless the pack has that file itself. So nobody else has
//! to know of libraries: what is read is one pack.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::Diagnostic;

use crate::paths::{self, FileKind};

/// A file of a pack, with what it counts as.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Where it lies.
    pub path: &'a str,
    /// What it counts as: the same, or its path inside the library.
    pub name: &'a str,
    pub text: &'a str,
    pub kind: FileKind,
    pub lent: bool,
}

/// The library and the path inside it of a file: `library/workplan` and `flows/route.yaml`.
pub fn inside(path: &str) -> Option<(&str, &str)> {
    let rest = path.strip_prefix("library/")?;
    let name = rest.find('/')?;
    let (library, inside) = path.split_at("library/".len() + name);
    Some((library, inside.strip_prefix('/')?))
}

/// The libraries of which there are files.
pub fn present(files: &BTreeMap<String, String>) -> BTreeSet<&str> {
    files.keys().filter_map(|path| inside(path)).map(|(library, _)| library).collect()
}

/// The files that count, each once: the pack's own, and those of libraries that it does not replace.
///
/// Files of params all count, since their values are replaced by name. Of a library's cases and people nothing counts: they are
/// its own tests.
pub fn entries(files: &BTreeMap<String, String>) -> (Vec<Entry<'_>>, Vec<Diagnostic>) {
    let (mut entries, mut wrong) = (Vec::new(), Vec::new());
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    // Every `library/` path comes after what it may have to give way to only by chance of the alphabet: own files first.
    let (lent, own): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| inside(path).is_some());
    for (path, text) in own.into_iter().chain(lent) {
        let lent = inside(path).is_some();
        let name = inside(path).map_or(path.as_str(), |(_, inside)| inside);
        match paths::kind(name) {
            Err(finding) => wrong.push(finding.in_file(path.as_str())),
            Ok(FileKind::People | FileKind::Departments | FileKind::Cases | FileKind::Other) if lent => {}
            Ok(kind) => {
                let by_name = matches!(kind, FileKind::Params | FileKind::Company);
                if taken.insert(name) || (lent && by_name) {
                    let name = if lent && by_name { path } else { name };
                    entries.push(Entry { path, name, text, kind, lent });
                }
            }
        }
    }
    (entries, wrong)
}

/// The text of what counts as a file of this name.
pub fn text<'a>(files: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    let lent = || files.iter().find(|(path, _)| inside(path).is_some_and(|(_, inside)| inside == name));
    files.get(name).or_else(|| lent().map(|(_, text)| text)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> BTreeMap<String, String> {
        paths.iter().map(|path| ((*path).to_owned(), (*path).to_owned())).collect()
    }

    #[test]
    fn own_files_replace_those_of_a_library() {
        let files = files(&[
            "company.yaml",
            "flows/route.yaml",
            "library/workplan/company.yaml",
            "library/workplan/flows/route.yaml",
            "library/workplan/flows/appeal.yaml",
            "library/workplan/cases/own.yaml",
            "library/workplan/params/fines.yaml",
            "params/fines.yaml",
        ]);
        let (entries, wrong) = entries(&files);
        let counted: Vec<(&str, &str)> = entries.iter().map(|entry| (entry.name, entry.path)).collect();
        assert_eq!(
            counted,
            [
                ("company.yaml", "company.yaml"),
                ("flows/route.yaml", "flows/route.yaml"),
                ("params/fines.yaml", "params/fines.yaml"),
                ("library/workplan/company.yaml", "library/workplan/company.yaml"),
                ("flows/appeal.yaml", "library/workplan/flows/appeal.yaml"),
                ("library/workplan/params/fines.yaml", "library/workplan/params/fines.yaml"),
            ]
        );
        assert!(wrong.is_empty());
        assert_eq!(text(&files, "flows/appeal.yaml"), Some("library/workplan/flows/appeal.yaml"));
        assert_eq!(text(&files, "flows/route.yaml"), Some("flows/route.yaml"));
    }
}
