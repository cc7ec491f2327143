//! From the parser's events to the tree.
//!
//! granit-parser is used directly: serde hides whether a scalar was quoted, drops tags, and stops at the first problem.

use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, options};
use zhupi_domain::{Diagnostic, Span, Text};

use super::{Entry, MAX_DEPTH, Node, Parsed, Scalar, Value, syntax};

/// After so many problems the rest of a file is not looked at.
const MOST_PROBLEMS: usize = 200;

/// Reads all events of a text.
pub fn tree(source: &str) -> Parsed {
    let mut builder = Builder { source, ..Builder::default() };
    let options = options! {
        disallow_directives: true,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut at = Span::default();
    for next in Parser::new_from_str_with_options(source, options) {
        match next {
            Ok((event, span)) => {
                at = builder.place(&span);
                if !builder.take(event, &span) || builder.problems.len() >= MOST_PROBLEMS {
                    break;
                }
            }
            Err(error) => {
                builder.problems.push(syntax::problem(&error, source, at));
                builder.root = None;
                break;
            }
        }
    }
    if builder.root.as_ref().is_none_or(Node::is_null) && builder.problems.is_empty() {
        builder.problems.push(empty());
        builder.root = None;
    }
    Parsed { root: builder.root, problems: builder.problems }
}

/// A list or map whose end has not come yet.
enum Open {
    Seq { start: usize, items: Vec<Node> },
    Map { start: usize, entries: Vec<Entry>, seen: BTreeMap<String, Span>, key: Option<Key> },
}

/// A key that waits for its value.
enum Key {
    Named(String, Span),
    /// It was refused, and its value is left out.
    Refused,
}

#[derive(Default)]
struct Builder<'a> {
    source: &'a str,
    open: Vec<Open>,
    documents: usize,
    root: Option<Node>,
    problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Takes one event; false when reading further makes no sense.
    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) -> bool {
        let place = self.place(span);
        if event.tag().is_some() {
            let tag = span.tag_span().map_or(place, |tag| self.place(&tag));
            self.refuse("yaml.tag", tag, "不支持 YAML 标签", "tags are not supported", TAG_HINT);
        }
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.refuse(
                        "yaml.documents",
                        place,
                        "一个文件只能有一个文档",
                        "a file holds one document",
                        DOCUMENT_HINT,
                    );
                    return false;
                }
            }
            Event::Anchor(..) => {
                self.refuse("yaml.anchor", place, "不支持锚点（&）", "anchors (&) are not supported", ALIAS_HINT);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.refuse("yaml.alias", place, "不支持别名（*）", "aliases (*) are not supported", ALIAS_HINT);
                self.put(Node { value: Value::Refused, span: place });
            }
            Event::Scalar(text, style, ..) => {
                let scalar = Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain };
                self.scalar(scalar, place);
            }
            Event::SequenceStart(..) => self.open.push(Open::Seq { start: place.start, items: Vec::new() }),
            Event::MappingStart(..) => {
                let (entries, seen) = (Vec::new(), BTreeMap::new());
                self.open.push(Open::Map { start: place.start, entries, seen, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(place.end),
            _ => {}
        }
        true
    }

    fn scalar(&mut self, scalar: Scalar, span: Span) {
        let as_key = matches!(self.open.last(), Some(Open::Map { key: None, .. }));
        if !as_key && is_truth_word(&scalar) {
            self.problems.push(truth_word(&scalar.text, span));
            return self.put(Node { value: Value::Refused, span });
        }
        if !as_key && scalar.plain && has_leading_zero(&scalar.text) {
            self.problems.push(leading_zero(&scalar.text, span));
            return self.put(Node { value: Value::Refused, span });
        }
        self.put(Node { value: Value::Scalar(scalar), span });
    }

    fn close(&mut self, end: usize) {
        let node = match self.open.pop() {
            Some(Open::Seq { start, items }) => {
                let end = self.trimmed(start, end, items.last().map(|item| item.span.end));
                Node { value: Value::Seq(items), span: Span::new(start, end) }
            }
            Some(Open::Map { start, entries, .. }) => {
                let start = entries.first().map_or(start, |entry| entry.key_span.start.min(start));
                let end = self.trimmed(start, end, entries.last().map(|entry| entry.node.span.end));
                Node { value: Value::Map(entries), span: Span::new(start, end) }
            }
            None => return,
        };
        self.put(node);
    }

    /// The end of a collection: its bracket, else the end of what it holds last, without the empty lines that follow.
    fn trimmed(&self, start: usize, end: usize, last: Option<usize>) -> usize {
        let bracket = self.source.get(start..end).is_some_and(|text| text.ends_with([']', '}']));
        if bracket { end } else { last.unwrap_or(end) }
    }

    /// Puts a finished value where it belongs.
    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Seq { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                None => self.key(node),
                Some(Key::Refused) => {}
                Some(Key::Named(key, key_span)) => entries.push(Entry { key, key_span, node }),
            },
        }
    }

    fn key(&mut self, node: Node) {
        let key = self.checked_key(node);
        if let Some(Open::Map { key: waiting, .. }) = self.open.last_mut() {
            *waiting = Some(key);
        }
    }

    fn checked_key(&mut self, node: Node) -> Key {
        let span = node.head();
        let Value::Scalar(scalar) = node.value else {
            if node.value != Value::Refused {
                self.refuse("yaml.key", span, "键必须是一个词", "a key has to be a single word", KEY_HINT);
            }
            return Key::Refused;
        };
        if scalar.plain && scalar.text == "<<" {
            self.refuse("yaml.merge-key", span, "不支持合并键（<<）", "merge keys (<<) are not supported", ALIAS_HINT);
            return Key::Refused;
        }
        if is_truth_word(&scalar) || scalar.is_null() || scalar.bool().is_some() {
            self.problems.push(truth_word(&scalar.text, span));
            return Key::Refused;
        }
        if scalar.plain && has_leading_zero(&scalar.text) {
            self.problems.push(leading_zero(&scalar.text, span));
            return Key::Refused;
        }
        if let Some(first) = self.seen(&scalar.text, span) {
            self.problems.push(duplicate(&scalar.text, span, first.line_column(self.source).0));
            return Key::Refused;
        }
        Key::Named(scalar.text, span)
    }

    /// The place where this map has the key already.
    fn seen(&mut self, key: &str, span: Span) -> Option<Span> {
        match self.open.last_mut() {
            Some(Open::Map { seen, .. }) => match seen.get(key) {
                Some(first) => Some(*first),
                None => {
                    seen.insert(key.to_owned(), span);
                    None
                }
            },
            _ => None,
        }
    }

    fn place(&self, span: &granit_parser::Span) -> Span {
        span.byte_range().map_or(Span::default(), |range| Span::new(range.start, range.end))
    }

    fn refuse(&mut self, code: &'static str, span: Span, zh: &str, en: &str, hint: (&str, &str)) {
        self.problems.push(Diagnostic::error(code, span, Text::new(zh, en)).hint(Text::new(hint.0, hint.1)));
    }
}

const TAG_HINT: (&str, &str) = ("去掉以 ! 开头的词", "leave the word with ! out");
const ALIAS_HINT: (&str, &str) = ("把内容完整地再写一遍", "write the content out again");
const DOCUMENT_HINT: (&str, &str) = ("去掉 ---，另建文件", "leave --- out and start another file");
const KEY_HINT: (&str, &str) = ("例如 title: 坏账申请", "for example title: Bad debt");

/// Words that some reader of YAML takes for a truth value or nothing, and ours does not.
fn is_truth_word(scalar: &Scalar) -> bool {
    let lower = scalar.text.to_ascii_lowercase();
    let other_case = matches!(lower.as_str(), "true" | "false" | "null") && lower != scalar.text;
    scalar.plain && (matches!(lower.as_str(), "yes" | "no" | "on" | "off") || other_case)
}

fn truth_word(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        "yaml.truth-word",
        span,
        Text::new(
            format!("`{word}` 在 YAML 里有歧义，不能用作键或值"),
            format!("`{word}` is ambiguous in YAML and cannot be a key or a value"),
        ),
    )
    .hint(Text::new(
        format!("是否值写 true 或 false；文字写成 \"{word}\""),
        format!("write true or false, or \"{word}\" for the text"),
    ))
}

/// Whether a number is written with zeros before it: other readers of YAML take `010` for an eight.
pub fn has_leading_zero(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    whole.len() > 1
        && whole.starts_with('0')
        && [whole, fraction].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
}

/// The finding for such a number.
pub fn leading_zero(text: &str, span: Span) -> Diagnostic {
    let (sign, digits) = text.split_at(text.len() - text.trim_start_matches(['-', '+']).len());
    let plain = digits.trim_start_matches('0');
    let zero = if plain.is_empty() || plain.starts_with('.') { "0" } else { "" };
    let number = format!("{}{zero}{}", sign.replace('+', ""), plain.trim_end_matches('.'));
    Diagnostic::error(
        "yaml.leading-zero",
        span,
        Text::new(
            format!("数字不能以 0 开头：`{text}` 在 YAML 里可能被当作八进制"),
            format!("a number does not begin with 0: YAML may take `{text}` for an octal number"),
        ),
    )
    .hint(Text::new(
        format!("数字写 {number}；编号等文字写 \"{text}\""),
        format!("write {number}, or \"{text}\" for a text such as a number on paper"),
    ))
}

fn duplicate(key: &str, span: Span, line: usize) -> Diagnostic {
    Diagnostic::error(
        "yaml.duplicate-key",
        span,
        Text::new(format!("键 `{key}` 重复"), format!("the key `{key}` is there twice")),
    )
    .hint(Text::new(format!("第一次在第 {line} 行"), format!("the first one is on line {line}")))
}

fn empty() -> Diagnostic {
    Diagnostic::error("yaml.empty", None, Text::new("文件是空的", "the file is empty"))
}
