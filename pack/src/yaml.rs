//! YAML as packs write it: a small, plain part of the language, read into a tree that knows every place.
//!
//! What surprises people is refused with its place: anchors, aliases, tags, merge keys, directives, several documents,
//! duplicate keys, and the words that other readers take for truth values. Scalars stay the text that was written; the
//! reader of each key decides what they mean, so `0.30` is never a binary fraction and `010` never an eight.

mod build;
mod syntax;

pub use build::{has_leading_zero, leading_zero};
use serde_json::{Map, Value as Json};
use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

/// The largest file, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// The deepest nesting of lists and maps.
pub const MAX_DEPTH: usize = 48;

/// One value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub value: Value,
    /// From its first character to its last.
    pub span: Span,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Scalar(Scalar),
    Seq(Vec<Node>),
    Map(Vec<Entry>),
    /// Something that was refused and reported; readers pass over it.
    Refused,
}

/// One scalar as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    /// Neither quoted nor a block: only then can it be a number, `true`, `false` or `null`.
    pub plain: bool,
}

/// One member of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

/// What a reading found: a tree where there is one, and every problem.
#[derive(Debug, Default)]
pub struct Parsed {
    pub root: Option<Node>,
    pub problems: Diagnostics,
}

/// Reads one file.
pub fn parse(source: &str) -> Parsed {
    if source.len() > MAX_BYTES {
        return Parsed { root: None, problems: vec![too_large(source.len())] };
    }
    build::tree(source)
}

fn too_large(bytes: usize) -> Diagnostic {
    Diagnostic::error(
        "yaml.too-large",
        None,
        Text::new(
            format!("文件太大：{bytes} 字节，最多 {} KB", MAX_BYTES / 1024),
            format!("the file is too large: {bytes} bytes, at most {} kB", MAX_BYTES / 1024),
        ),
    )
    .hint(Text::new("把它拆成几个文件", "split it into several files"))
}

impl Node {
    /// Where to point when the value as a whole is meant: a scalar itself, the first key of a map, the first item of a list.
    pub fn head(&self) -> Span {
        match &self.value {
            Value::Map(entries) => entries.first().map_or(self.span, |entry| entry.key_span),
            Value::Seq(items) => items.first().map_or(self.span, Node::head),
            Value::Scalar(_) | Value::Refused => self.span,
        }
    }

    /// The members of a map.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The member of a map by its key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Whether nothing was written, or a plain `null` or `~`.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(Scalar::is_null)
    }

    /// The value as JSON: plain whole numbers, `true`, `false` and `null` by their meaning, everything else as text.
    ///
    /// A plain number with a point stays text, so that no digit of it is lost.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) => scalar.to_json(),
            Value::Seq(items) => items.iter().map(Node::to_json).collect(),
            Value::Map(entries) => Json::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.node.to_json())).collect::<Map<_, _>>(),
            ),
            Value::Refused => Json::Null,
        }
    }
}

impl Scalar {
    pub fn is_null(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null")
    }

    /// A plain `true` or `false`.
    pub fn bool(&self) -> Option<bool> {
        match self.text.as_str() {
            "true" if self.plain => Some(true),
            "false" if self.plain => Some(false),
            _ => None,
        }
    }

    /// A plain whole number without leading zeros.
    pub fn integer(&self) -> Option<i64> {
        let digits = self.text.strip_prefix('-').unwrap_or(&self.text);
        let canonical = digits == "0" || (!digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()));
        if self.plain && canonical { self.text.parse().ok() } else { None }
    }

    fn to_json(&self) -> Json {
        if self.is_null() {
            return Json::Null;
        }
        let number = || self.integer().map(Json::from);
        self.bool().map(Json::Bool).or_else(number).unwrap_or_else(|| Json::String(self.text.clone()))
    }
}

#[cfg(test)]
mod tests;
