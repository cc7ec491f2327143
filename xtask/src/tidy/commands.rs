//! Commands that documents tell people to type: each exists.

use super::{Finding, Tree};
use crate::gate::GATES;

pub fn check(tree: &Tree) -> Vec<Finding> {
    let scripts = tree.text("web/package.json").map(scripts).unwrap_or_default();
    let xtasks: Vec<&str> = crate::COMMANDS.iter().map(|command| command.name).collect();
    let gates: Vec<&str> = GATES.iter().map(|gate| gate.name).collect();
    let known: &[(&str, Vec<&str>)] = &[
        ("cargo xtask gate ", gates),
        ("cargo xtask ", xtasks),
        ("npm run ", scripts.iter().map(String::as_str).collect()),
    ];
    let documents = tree.texts().filter(|(path, _)| path.ends_with(".md") && !super::is_test(path));
    documents.flat_map(|(path, text)| unknown(path, text, known)).collect()
}

fn unknown(path: &str, text: &str, known: &[(&str, Vec<&str>)]) -> Vec<Finding> {
    let lines = text.lines().enumerate();
    let calls = lines.flat_map(|(index, line)| {
        known.iter().flat_map(move |(start, names)| {
            line.split(start).skip(1).map(move |rest| (index + 1, start, names, word(rest)))
        })
    });
    calls
        .filter(|(_, _, names, word)| is_name(word) && !names.contains(word))
        .map(|(line, start, names, word)| {
            Finding::new(
                path,
                line,
                format!("'{start}{word}' does not exist"),
                format!("there are: {}", names.join(", ")),
            )
        })
        .collect()
}

/// The word a rest of a line begins with; a sentence may go on after it.
fn word(rest: &str) -> &str {
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_');
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// `NAME` and `--help` are not names of commands.
fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// The names in the `scripts` object of a `package.json`.
fn scripts(manifest: &str) -> Vec<String> {
    let block = manifest.split_once("\"scripts\"").map(|(_, rest)| rest.split('}').next().unwrap_or_default());
    let entries = block.unwrap_or_default().lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once('"'));
    entries.map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = "{\n  \"scripts\": {\n    \"dev\": \"vite\",\n    \"check\": \"tsc\"\n  },\n  \"x\": {}\n}";

    fn found(text: &str) -> Vec<String> {
        let tree = Tree::of(&[("web/package.json", PACKAGE), ("README.md", text)]);
        check(&tree).iter().map(|finding| format!("{}: {}", finding.line, finding.what)).collect()
    }

    #[test]
    fn a_command_that_does_not_exist_is_found() {
        assert_eq!(found("first\nrun `cargo xtask dmeo --fresh`"), ["2: 'cargo xtask dmeo' does not exist"]);
        assert_eq!(found("npm run bulid"), ["1: 'npm run bulid' does not exist"]);
        assert_eq!(found("cargo xtask gate kill"), ["1: 'cargo xtask gate kill' does not exist"]);
    }

    #[test]
    fn commands_that_exist_and_placeholders_are_fine() {
        let text =
            "`cargo xtask demo`, `cargo xtask gate kills`; cargo xtask gate NAME, cargo xtask --help. npm run dev";
        assert!(found(text).is_empty(), "{:?}", found(text));
    }
}
