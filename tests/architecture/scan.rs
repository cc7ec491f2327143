//! Looks for words in a room's sources.

use crate::source::Source;

/// Where a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Code,
    Texts,
}

/// The lines of a source that hold one of the words, with the word.
pub fn find<'a>(source: &Source, part: Part, words: &[&'a str]) -> Vec<(usize, &'a str)> {
    let mut found: Vec<(usize, &str)> = match part {
        Part::Code => {
            let uses = source.uses();
            let paths = uses.iter().map(|(line, path)| (*line, path.as_str()));
            matches(source.lines().chain(paths), words)
        }
        Part::Texts => matches(source.texts(), words),
    };
    found.sort_unstable();
    found.dedup();
    found
}

fn matches<'t, 'w>(lines: impl Iterator<Item = (usize, &'t str)>, words: &[&'w str]) -> Vec<(usize, &'w str)> {
    lines
        .flat_map(|(number, line)| words.iter().filter(move |word| has(line, word)).map(move |word| (number, *word)))
        .collect()
}

/// Whether a line holds a word that is not a part of a longer one.
fn has(line: &str, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let goes_on_before = line[..at].chars().next_back().is_some_and(is_letter);
        let goes_on_after = word.ends_with(is_letter) && line[at + word.len()..].starts_with(is_letter);
        !goes_on_before && !goes_on_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, words: &[&'static str]) -> Vec<(usize, &'static str)> {
        find(&Source::read(text), Part::Code, words)
    }

    #[test]
    fn a_word_is_found_in_code_with_its_line() {
        assert_eq!(code("fn a() {\n    std::fs::read(path)\n}", &["std::fs"]), [(2, "std::fs")]);
        assert_eq!(code("use std::{env, fs};", &["std::fs", "std::env"]), [(1, "std::env"), (1, "std::fs")]);
        assert_eq!(code("use rhai::Engine;", &["rhai"]), [(1, "rhai")]);
    }

    #[test]
    fn a_part_of_a_longer_word_a_remark_and_a_test_are_not_found() {
        assert!(code("let operand = brand(); // rand", &["rand"]).is_empty());
        assert!(code("fn asynchronous() {}", &["async"]).is_empty());
        assert!(code("#[cfg(test)]\nmod tests { use std::fs; }", &["std::fs"]).is_empty());
    }

    #[test]
    fn texts_are_looked_at_by_themselves() {
        let source = Source::read("let select = SELECT; let sql = \"SELECT 1\";");
        assert_eq!(find(&source, Part::Texts, &["SELECT"]), [(1, "SELECT")]);
        assert!(find(&Source::read("// SELECT"), Part::Texts, &["SELECT"]).is_empty());
    }
}
