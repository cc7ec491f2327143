//! Takes a Rust file apart: code without remarks and texts, and the texts by themselves; without test modules.

/// A file's code and texts, by line (from 1).
pub struct Source {
    code: String,
    texts: Vec<(usize, String)>,
}

impl Source {
    /// Reads a file. Line breaks stay where they are; what is no code becomes blanks.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader { rest: text, before: ' ', line: 1, code: String::new(), texts: Vec::new() };
        while !reader.rest.is_empty() {
            reader.step();
        }
        Source { code: reader.code, texts: reader.texts }.without_tests()
    }

    /// The lines of code, numbered.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// What stands between quotes, with the line it begins on.
    pub fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.texts.iter().map(|(line, text)| (*line, text.as_str()))
    }

    /// Every path that a `use` names, written out: `use std::{fs, io::Read}` names `std::fs` and `std::io::Read`.
    pub fn uses(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("use ") {
            let begins =
                self.code[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_');
            let Some(end) = self.code[at..].find(';').filter(|_| begins) else { continue };
            let tree: String = self.code[at + 4..at + end].split_whitespace().collect();
            let line = self.code[..at].matches('\n').count() + 1;
            found.extend(expand(&tree).into_iter().map(|path| (line, path)));
        }
        found
    }

    /// Takes out what follows `#[cfg(test)]` up to its end.
    fn without_tests(mut self) -> Self {
        while let Some(start) = self.code.find("#[cfg(test)]") {
            let end = end_of_item(&self.code, start);
            let first = self.code[..start].matches('\n').count() + 1;
            let last = self.code[..end].matches('\n').count() + 1;
            let blank: String =
                self.code[start..end].chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }).collect();
            self.code.replace_range(start..end, &blank);
            self.texts.retain(|(line, _)| *line < first || *line > last);
        }
        self
    }
}

/// The end of the item that begins at `start`: its `;`, or the brace that closes it.
fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0usize;
    for (at, letter) in code[start..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth <= 1 => return start + at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

/// Writes a `use` tree without blanks out into its paths.
fn expand(tree: &str) -> Vec<String> {
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    split_outside_braces(inside).iter().flat_map(|part| expand(part)).map(|path| format!("{before}{path}")).collect()
}

fn split_outside_braces(list: &str) -> Vec<&str> {
    let mut depth = 0i32;
    let parts = list.split(|letter: char| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        letter == ',' && depth == 0
    });
    parts.filter(|part| !part.is_empty()).collect()
}

struct Reader<'a> {
    rest: &'a str,
    before: char,
    line: usize,
    code: String,
    texts: Vec<(usize, String)>,
}

impl Reader<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(block_remark(self.rest));
        } else if let Some(hashes) = self.raw_text() {
            self.text(hashes + 2, &format!("\"{}", "#".repeat(hashes)));
        } else if self.rest.starts_with('"') {
            self.text(1, "\"");
        } else if let Some(length) = character(self.rest) {
            self.blank(length);
        } else {
            self.keep();
        }
    }

    /// The number of `#` before a raw text's quote, if one begins here.
    fn raw_text(&self) -> Option<usize> {
        let after = self.rest.strip_prefix('r')?.trim_start_matches('#');
        let begins = !(self.before.is_alphanumeric() || self.before == '_') || matches!(self.before, 'b' | 'c');
        (begins && after.starts_with('"')).then(|| self.rest.len() - 1 - after.len())
    }

    /// Takes a text that opens with `open` letters and closes with `close`.
    fn text(&mut self, open: usize, close: &str) {
        let inside = &self.rest[open..];
        let is_raw = open > 1;
        let mut end = inside.find(close).unwrap_or(inside.len());
        while !is_raw
            && end < inside.len()
            && inside[..end].chars().rev().take_while(|letter| *letter == '\\').count() % 2 == 1
        {
            end = inside[end + 1..].find(close).map_or(inside.len(), |at| end + 1 + at);
        }
        self.texts.push((self.line, inside[..end].to_owned()));
        self.blank((open + end + close.len()).min(self.rest.len()));
    }

    fn keep(&mut self) {
        let mut letters = self.rest.chars();
        if let Some(letter) = letters.next() {
            self.code.push(letter);
            self.line += usize::from(letter == '\n');
            self.before = letter;
        }
        self.rest = letters.as_str();
    }

    fn blank(&mut self, length: usize) {
        let (gone, rest) = self.rest.split_at(length);
        self.code.extend(gone.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }));
        self.line += gone.matches('\n').count();
        self.before = ' ';
        self.rest = rest;
    }
}

/// The length of a remark `/* … */`, which may hold others.
fn block_remark(rest: &str) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(next) = rest[at..].find("*/") {
        depth += rest[at..at + next].matches("/*").count();
        at += next + 2;
        depth -= 1;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a character such as `'"'` or `'\''`; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first != '\\' {
        return inside[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2);
    }
    inside.get(2..)?.find('\'').map(|at| at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Source::read(text).code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn texts(text: &str) -> Vec<(usize, String)> {
        Source::read(text).texts
    }

    #[test]
    fn remarks_and_texts_are_no_code() {
        assert_eq!(
            code("let a = 1; // std::fs\n/* std::env /* x */ y */ let b = \"std::net\";"),
            "let a = 1; let b = ;"
        );
        assert_eq!(code("/// std::fs\nfn a<'a>(x: &'a str) -> char { '\"' }"), "fn a<'a>(x: &'a str) -> char { }");
        assert_eq!(code("let q = '\\''; let n = '\\u{4e00}'; after()"), "let q = ; let n = ; after()");
        assert_eq!(
            code("let r#type = r#\"a \" b\"#; let b = br\"x\\\"; after()"),
            "let r#type = ; let b = b ; after()"
        );
    }

    #[test]
    fn texts_keep_their_line() {
        assert_eq!(
            texts("a(\"one\");\nb(\n\"two \\\" more\",\n r#\"three\"#)"),
            [(1, "one".into()), (3, "two \\\" more".into()), (4, "three".into())]
        );
    }

    #[test]
    fn tests_are_taken_out_and_lines_stay_where_they_are() {
        let source = Source::read("a();\n#[cfg(test)]\nmod tests {\n  fn f() { std::fs::read(\"x\"); }\n}\nb();");
        assert!(source.lines().all(|(_, line)| !line.contains("std::fs")));
        assert_eq!(source.lines().find(|(_, line)| line.contains("b()")), Some((6, "b();")));
        assert_eq!(source.texts().count(), 0);
        assert_eq!(code("#[cfg(test)]\nmod tests;\nc();"), "c();");
    }

    #[test]
    fn what_a_use_names_is_written_out() {
        let source =
            Source::read("use a;\nuse std::{\n  fs,\n  time::{Duration, Instant as Moment},\n};\npub(crate) use b::c;");
        let paths = source.uses();
        let expected =
            [(1, "a"), (2, "std::fs"), (2, "std::time::Duration"), (2, "std::time::InstantasMoment"), (6, "b::c")];
        assert_eq!(paths, expected.map(|(line, path)| (line, path.to_owned())));
    }
}
