//! The rules of the house that no compiler knows. Each finding names the place and the mend.

mod commands;
mod documents;
mod files;
mod lock;
mod manifests;
mod migrations;
mod packs;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use crate::Context;
use crate::failure::Failure;
use crate::workspace::Workspace;

pub const HELP: &str = "
cargo xtask tidy [PATH]…

Checks the rules of the house over the whole checkout; with paths, shows only what was found there. It finds
  machine paths and registry hosts, left-over markers, files and lines that are too long,
  links to files that are not there, documents missing from docs/README.md, commands in documents that do not exist,
  dependencies without a reason or with a version of their own, crates that do not inherit the lints,
  migrations that only one database has, anchors and aliases in packs, an incomplete package-lock.json.
";

/// Something that breaks a rule, where it is, and how to mend it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    /// From 1; 0 means the file as a whole.
    line: usize,
    what: String,
    mend: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Finding { path: path.to_owned(), line, what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {} — {}", self.path, self.what, self.mend),
            line => write!(out, "{}:{line}: {} — {}", self.path, self.what, self.mend),
        }
    }
}

/// The files of the checkout: paths with their text, or without where the content is not text.
#[derive(Default)]
pub struct Tree(BTreeMap<String, Option<String>>);

impl Tree {
    fn read(workspace: &Workspace) -> Result<Self, Failure> {
        let paths = workspace.files("")?;
        // A file that somebody removes while we read is no longer ours to judge.
        Ok(Tree(paths.into_iter().map(|path| (path.clone(), workspace.text(&path).ok())).collect()))
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        Tree(files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect())
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path)?.as_deref()
    }

    /// Whether there is such a file, or a folder with files in it.
    fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.0.contains_key(path) || path.is_empty() || self.0.keys().any(|file| file.starts_with(&folder))
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }
}

/// All rules. One that looks at a file alone is called for each, one that compares files is called once.
const FILE_RULES: &[fn(&str, &str) -> Vec<Finding>] =
    &[words::check, files::check, lock::check, packs::check, manifests::check];
const TREE_RULES: &[fn(&Tree) -> Vec<Finding>] =
    &[files::check_tree, documents::check, commands::check, manifests::check_tree, migrations::check];

fn findings(tree: &Tree) -> Vec<Finding> {
    let alone = tree.texts().flat_map(|(path, text)| FILE_RULES.iter().flat_map(move |rule| rule(path, text)));
    let together = TREE_RULES.iter().flat_map(|rule| rule(tree));
    let mut all: Vec<Finding> = alone.chain(together).collect();
    all.sort();
    all
}

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    check_all(context, arguments).map(|words| context.console.say(&words))
}

/// Checks the checkout and prints what is found below one of `paths`, or anywhere if there are none.
pub fn check_all(context: &Context, paths: &[String]) -> Result<String, Failure> {
    let tree = Tree::read(&context.workspace)?;
    let is_asked =
        |finding: &Finding| paths.is_empty() || paths.iter().any(|path| finding.path.starts_with(path.as_str()));
    let found: Vec<Finding> = findings(&tree).into_iter().filter(is_asked).collect();
    for finding in &found {
        context.console.say(&finding.to_string());
    }
    match found.len() {
        0 => Ok("tidy".into()),
        number => Err(Failure::Findings(format!("{number} found"))),
    }
}

/// Whether a path is one of tests, where made-up paths and odd words are part of the story.
fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("tests.rs") || path.contains(".test.ts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_is_tidy() {
        let found = findings(&Tree::read(&Workspace::find().unwrap()).unwrap());
        let lines: Vec<String> = found.iter().map(Finding::to_string).collect();
        assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
    }

    #[test]
    fn a_finding_names_place_rule_and_mend() {
        let finding = Finding::new("a/b.rs", 3, "too long", "split it");
        assert_eq!(finding.to_string(), "a/b.rs:3: too long — split it");
        assert_eq!(Finding::new("LICENSE", 0, "missing", "add it").to_string(), "LICENSE: missing — add it");
    }

    #[test]
    fn a_folder_is_there_when_a_file_is_in_it() {
        let tree = Tree::of(&[("docs/README.md", "")]);
        assert!(tree.has("docs") && tree.has("docs/") && tree.has("docs/README.md"));
        assert!(!tree.has("doc") && !tree.has("docs/READ"));
    }
}
