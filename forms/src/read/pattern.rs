//! Patterns: the part of regular expressions that Rust and browsers read alike and that no text can make slow.
//!
//! The server matches in linear time whatever the pattern; browsers do not. So beyond what the server's engine refuses
//! (back references, look-around), a repetition inside a repetition is refused, such as `(a+)+`, and what the two engines
//! read differently: inline flags, named groups, sets inside `[…]`.

use serde_json::Value as Json;
use zhupi_domain::Text;

use super::Reader;
use crate::limits;
use crate::tree::Node;

/// What may follow a backslash. Not `\\b`: what a word is, the engines do not agree on.
const ESCAPES: &str = "dDwWsSnrt^$\\.*+?()[]{}|/";

impl Reader<'_> {
    /// A pattern, or a finding that says what to leave out.
    pub(super) fn pattern(&mut self, node: &Node) -> Option<Json> {
        let pattern = node.text()?;
        if let Err((zh, en)) = check(pattern) {
            self.error("form.pattern", node.span, Text::new(zh, en));
            return None;
        }
        let engine = regex::RegexBuilder::new(pattern).size_limit(limits::PATTERN_BYTES).build();
        if let Err(error) = engine {
            let (zh, en) = match error {
                regex::Error::CompiledTooBig(_) => ("正则表达式展开后过大", "the pattern is too large when expanded"),
                _ => ("正则表达式写法有误", "the pattern is not a regular expression"),
            };
            self.error("form.pattern", node.span, Text::new(zh, en));
            return None;
        }
        Some(Json::from(pattern))
    }
}

type Refusal = (&'static str, &'static str);

/// Walks the pattern once; the engine itself finds what is malformed.
fn check(pattern: &str) -> Result<(), Refusal> {
    if pattern.chars().count() > limits::PATTERN_LENGTH {
        return Err(("正则表达式太长，最多 200 个字符", "the pattern is too long: 200 characters at most"));
    }
    let mut walk = Walk { rest: pattern.chars().collect(), at: 0, groups: vec![false], last_repeats: false };
    while let Some(c) = walk.next() {
        walk.step(c)?;
    }
    Ok(())
}

struct Walk {
    rest: Vec<char>,
    at: usize,
    /// For each group that is open: whether something in it repeats without bound.
    groups: Vec<bool>,
    /// Whether the part just passed repeats without bound inside.
    last_repeats: bool,
}

impl Walk {
    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn step(&mut self, c: char) -> Result<(), Refusal> {
        match c {
            '\\' => self.escape(ESCAPES)?,
            '[' => self.set()?,
            ']' | '}' => {
                return Err((
                    "`]` 和 `}` 本身要写成 `\\]` 和 `\\}`",
                    "write `]` and `}` themselves as `\\]` and `\\}`",
                ));
            }
            '(' => return self.open(),
            ')' => {
                self.last_repeats = if self.groups.len() > 1 { self.groups.pop().unwrap_or_default() } else { false };
                if let Some(around) = self.groups.last_mut() {
                    *around |= self.last_repeats;
                }
                return Ok(());
            }
            '*' | '+' | '?' | '{' => return self.repeat(c),
            _ => {}
        }
        self.last_repeats = false;
        Ok(())
    }

    fn open(&mut self) -> Result<(), Refusal> {
        if self.peek() == Some('?') {
            self.next();
            if self.next() != Some(':') {
                return Err((
                    "不支持环视、命名分组和内联标志；分组只能写 (…) 或 (?:…)",
                    "look-around, named groups and inline flags are not supported; write (…) or (?:…)",
                ));
            }
        }
        self.groups.push(false);
        self.last_repeats = false;
        Ok(())
    }

    fn repeat(&mut self, sign: char) -> Result<(), Refusal> {
        let unbounded = match sign {
            '?' => false,
            '{' => self.counted()?,
            _ => true,
        };
        // A lazy mark changes nothing about how long it takes.
        if sign != '?' && self.peek() == Some('?') {
            self.next();
        }
        if unbounded && self.last_repeats {
            return Err(("重复里不能再有重复，例如 (a+)+", "no repetition inside a repetition, such as (a+)+"));
        }
        if unbounded {
            self.last_repeats = true;
            if let Some(group) = self.groups.last_mut() {
                *group = true;
            }
        }
        Ok(())
    }

    /// `{n}`, `{n,}`, `{n,m}`: whether it repeats what could be slow; many counted copies are as slow as no bound.
    fn counted(&mut self) -> Result<bool, Refusal> {
        let mut inside = String::new();
        loop {
            match self.next() {
                Some('}') => break,
                Some(c) if c.is_ascii_digit() || c == ',' => inside.push(c),
                _ => {
                    return Err((
                        "`{` 要写成 `\\{`，除非表示次数，例如 {2,4}",
                        "write `{` as `\\{` unless it counts, as in {2,4}",
                    ));
                }
            }
        }
        let figures = || inside.split(',').filter(|part| !part.is_empty());
        if figures().any(|part| part.parse::<u32>().map_or(true, |figure| figure > limits::PATTERN_REPEAT)) {
            return Err(("次数最多 1000", "a count is 1000 at most"));
        }
        let most = figures().next_back().and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
        Ok(inside.ends_with(',') || most > 10)
    }

    fn escape(&mut self, known: &str) -> Result<(), Refusal> {
        match self.next() {
            Some(c) if known.contains(c) => Ok(()),
            Some('0'..='9') => Err(("不支持回溯引用，例如 \\1", "back references such as \\1 are not supported")),
            _ => Err(("不支持这种转义", "this escape is not supported")),
        }
    }

    fn set(&mut self) -> Result<(), Refusal> {
        if self.peek() == Some('^') {
            self.next();
        }
        if self.peek() == Some(']') {
            return Err(("`[` 里至少要有一个字符", "a `[` needs a character before its `]`"));
        }
        let mut before = None;
        while let Some(c) = self.next() {
            match c {
                ']' => return Ok(()),
                '\\' => self.escape(&format!("{ESCAPES}-"))?,
                '[' => return Err(("[…] 里的 `[` 要写成 `\\[`", "inside […] write `[` as `\\[`")),
                '&' | '-' | '~' if before == Some(c) => {
                    return Err(("[…] 里不能有集合运算", "sets inside […] cannot be combined"));
                }
                _ => {}
            }
            before = Some(c);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyday_patterns_pass() {
        for good in [
            r"^\d{15}(\d{2}[0-9Xx])?$",
            r"^1[3-9]\d{9}$",
            r"^[A-Z]{2,4}-\d+$",
            r"^(?:HZ|QD)-\d{6}$",
            "^[一-龥]*$",
            r"^[^@\s]+@[^@\s]+$",
            r"^(a|b)+$",
            r"^(ab){3}$",
            r"\.pdf$",
            r"^[\w\-/]+$",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_slow_or_read_differently_is_refused() {
        for bad in [
            "^(a+)+$",
            "(a*)*",
            "(?:(x+x+)+y)",
            "(a+){2,}",
            "((a+)b)*",
            r"(a)\1",
            "(?=a)",
            "(?<name>a)",
            "(?i)a",
            r"\p{Han}",
            r"\x41",
            r"\bword\b",
            r"a\-b",
            "a]",
            "[]a]",
            "[[:alpha:]]",
            "[a&&b]",
            "a{5000}",
            "a{",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check(&"a".repeat(201)).is_err());
    }
}
