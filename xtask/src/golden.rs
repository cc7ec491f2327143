//! Whether the golden cases are still those of the folder that they were copied from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Context;
use crate::failure::Failure;

pub const HELP: &str = "
cargo xtask golden [FOLDER]

Compares tests/golden, which a clone tests itself with, with the cases they were copied from: FOLDER, or else what
ZHUPI_CASES names, or else ../shared/cases beside the checkout. Every file that is new there, changed or gone is named
in a line of its own. A difference is told and is no failure: when to follow is a person's decision. Without that folder,
which nobody needs, it says that nothing was compared.
";

const COPIES: &str = "tests/golden";
const ORIGINALS: &str = "../shared/cases";

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    let originals = originals(context.workspace.root(), arguments, std::env::var_os("ZHUPI_CASES").map(PathBuf::from))?;
    let shown = originals.display();
    if !originals.is_dir() {
        context.console.note(&format!("skipped: there is no folder {shown} to compare {COPIES} with"));
        return Ok(());
    }
    let copies = read(&context.workspace.path(COPIES))?;
    let differences = differences(&copies, &read(&originals)?);
    for difference in &differences {
        context.console.note(&format!("{shown} has moved on: {difference}"));
    }
    context.console.say(&match differences.len() {
        0 => format!("{COPIES}: its {} files are those of {shown}", copies.len()),
        count => format!("{COPIES}: {count} of {} files differ from {shown}", copies.len()),
    });
    Ok(())
}

/// The folder to compare with; one that was named by hand has to be there.
fn originals(root: &Path, arguments: &[String], variable: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match arguments {
        [] => Ok(variable.unwrap_or_else(|| root.join(ORIGINALS))),
        [folder] if Path::new(folder).is_dir() => Ok(folder.into()),
        [folder] => Err(Failure::Missing(format!("{folder}: no such folder"))),
        _ => Err(Failure::Usage("name one folder".into())),
    }
}

/// The files of a folder, by name.
fn read(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let failed = |error: std::io::Error| Failure::file(folder, &error);
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            let text = fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
            files.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    Ok(files)
}

/// One line for each file that is not the same on both sides.
fn differences(copies: &BTreeMap<String, Vec<u8>>, originals: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut names: Vec<&String> = copies.keys().chain(originals.keys()).collect();
    names.sort();
    names.dedup();
    let difference = |name: &String| match (copies.get(name), originals.get(name)) {
        (Some(copy), Some(original)) if copy == original => None,
        (Some(copy), Some(original)) => {
            Some(format!("{name} is changed, first in line {}", first_difference(copy, original)))
        }
        (None, _) => Some(format!("{name} is new")),
        (Some(_), None) => Some(format!("{name} is gone")),
    };
    names.into_iter().filter_map(difference).collect()
}

/// The first line that differs, counted from 1.
fn first_difference(one: &[u8], other: &[u8]) -> usize {
    let lines = |text| <[u8]>::split(text, |byte| *byte == b'\n');
    lines(one).zip(lines(other)).take_while(|(one, other)| one == other).count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn every_file_that_differs_is_named_in_a_line() {
        let copies = folder(&[("a.yaml", "1\n2\n3\n"), ("b.yaml", "same\n"), ("old.yaml", "")]);
        let originals = folder(&[("a.yaml", "1\n2\n4\n"), ("b.yaml", "same\n"), ("new.yaml", "")]);
        let told = ["a.yaml is changed, first in line 3", "new.yaml is new", "old.yaml is gone"];
        assert_eq!(differences(&copies, &originals), told);
        assert!(differences(&copies, &copies).is_empty());
    }

    #[test]
    fn a_file_that_was_only_continued_differs_where_it_ended() {
        assert_eq!(first_difference(b"1\n2", b"1\n2\n3"), 3);
        assert_eq!(first_difference(b"", b"1"), 1);
    }

    #[test]
    fn the_folder_is_the_argument_or_the_variable_or_the_one_beside_the_checkout() {
        let root = Path::new("/checkout");
        let here = [env!("CARGO_MANIFEST_DIR").to_owned()];
        assert_eq!(originals(root, &here, Some("elsewhere".into())).unwrap(), Path::new(&here[0]));
        assert_eq!(originals(root, &[], Some("elsewhere".into())).unwrap(), Path::new("elsewhere"));
        assert_eq!(originals(root, &[], None).unwrap(), Path::new("/checkout/../shared/cases"));
        assert!(matches!(originals(root, &["/nowhere/at/all".into()], None), Err(Failure::Missing(_))));
    }
}
