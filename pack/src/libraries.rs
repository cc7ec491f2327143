//! Libraries: packs without people that others use (`use: [library/workplan]`).
//!
//! A file `library/workplan/flows/route.yaml` counts as `flows/route.yaml`, unless the pack has that file itself. So nobody
//! else has to know of libraries: what is read is one pack.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{Diagnostic, Text};

use crate::paths::{self, FileKind};
use crate::read::Placed;

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
/// Files of params all count, since their values are replaced by name. Of a library's cases, claims and people nothing counts:
/// they are its own tests, which hold for its own params.
pub fn entries(files: &BTreeMap<String, String>) -> (Vec<Entry<'_>>, Vec<Diagnostic>) {
    let (mut entries, mut wrong) = (Vec::new(), Vec::new());
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    // The pack's own files come first: libraries give way to them.
    let (lent, own): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| inside(path).is_some());
    for (path, text) in own.into_iter().chain(lent) {
        let lent = inside(path).is_some();
        let name = inside(path).map_or(path.as_str(), |(_, inside)| inside);
        match paths::kind(path) {
            Err(finding) => wrong.push(finding.in_file(path.as_str())),
            // It stays in the release, whose hash it is part of.
            Ok(FileKind::Other | FileKind::Company) if lent => {}
            Ok(kind) => {
                let by_name = kind == FileKind::Params;
                if taken.insert(name) || (lent && by_name) {
                    let name = if lent && by_name { path } else { name };
                    entries.push(Entry { path, name, text, kind, lent });
                }
            }
        }
    }
    (entries, wrong)
}

/// Libraries that are used have to be there, and what is there has to be used.
pub fn check(uses: &[Placed<String>], present: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let missing = uses.iter().filter(|used| !present.contains(used.value.as_str())).map(unknown_library);
    let idle = present.iter().filter(|library| uses.iter().all(|used| used.value != **library));
    missing.chain(idle.map(|library| unused_library(library))).collect()
}

fn unknown_library(used: &Placed<String>) -> Diagnostic {
    let path = &used.value;
    let message = Text::new(format!("没有找到 {path}"), format!("{path} is not there"));
    Diagnostic::error("pack.unknown-library", used.span, message)
        .hint(Text::new(
            format!("它应在配置包文件夹旁边：../{path}/company.yaml"),
            format!("it lies beside the pack's folder: ../{path}/company.yaml"),
        ))
        .in_file("company.yaml")
}

fn unused_library(path: &str) -> Diagnostic {
    let message = Text::new(format!("{path} 没有被引用"), format!("{path} is not used"));
    Diagnostic::warning("pack.unused-library", None, message)
        .hint(Text::new(format!("在 company.yaml 写 use: [{path}]"), format!("write use: [{path}] in company.yaml")))
        .in_file("company.yaml")
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
                ("flows/appeal.yaml", "library/workplan/flows/appeal.yaml"),
                ("library/workplan/params/fines.yaml", "library/workplan/params/fines.yaml"),
            ]
        );
        assert!(wrong.is_empty());
        assert_eq!(text(&files, "flows/appeal.yaml"), Some("library/workplan/flows/appeal.yaml"));
        assert_eq!(text(&files, "flows/route.yaml"), Some("flows/route.yaml"));
    }
}
