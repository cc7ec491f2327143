//! Reads JSON text into a positioned tree (RFC 8259), with a bound on size and depth.

use std::collections::BTreeSet;

use zhupi_domain::{Diagnostic, Diagnostics, Span, Text};

use super::{Member, Node, Value};
use crate::limits;

/// Reads one JSON text. Duplicate keys are all reported; a text that is not JSON is reported where it breaks.
pub(crate) fn parse(source: &str) -> Result<Node, Diagnostics> {
    if source.len() > limits::FORM_BYTES {
        return Err(vec![too_large(source.len())]);
    }
    let mut parser = Parser { source, at: 0, found: Vec::new() };
    match parser.document() {
        Ok(node) if parser.found.is_empty() => Ok(node),
        _ => Err(parser.found),
    }
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    found: Diagnostics,
}

/// Nothing more can be read; why is among the findings.
struct Broken;

type Read<T> = Result<T, Broken>;

impl Parser<'_> {
    fn document(&mut self) -> Read<Node> {
        if self.source.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let node = self.value(0)?;
        self.space();
        match self.peek() {
            None => Ok(node),
            Some(_) => {
                Err(self.broken("JSON 到此已经结束，后面还有多余的内容", "the JSON has ended; something follows it"))
            }
        }
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        self.space();
        let start = self.at;
        if depth > limits::FORM_DEPTH {
            return Err(self.too_deep());
        }
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z') => self.word()?,
            None => return Err(self.broken("JSON 没有写完", "the JSON is cut short")),
            Some(_) => return Err(self.broken("此处应为一个 JSON 值", "a JSON value was expected here")),
        };
        Ok(Node { span: Span::new(start, self.at), value })
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        let mut members: Vec<Member> = Vec::new();
        let mut keys = BTreeSet::new();
        self.at += 1;
        self.space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            let member = self.member(depth)?;
            if keys.insert(member.key.clone()) {
                members.push(member);
            } else if self.found.len() < limits::FINDINGS {
                self.found.push(duplicate(&member));
            }
            self.space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            self.comma("}")?;
        }
    }

    fn member(&mut self, depth: usize) -> Read<Member> {
        self.space();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.broken("此处应为双引号括起的键名", "a key in double quotes was expected here"));
        }
        let key = self.text()?;
        let key_span = Span::new(start, self.at);
        self.space();
        if !self.take(b':') {
            return Err(self.broken("键名后应有冒号", "a colon was expected after the key"));
        }
        Ok(Member { key, key_span, node: self.value(depth + 1)? })
    }

    fn list(&mut self, depth: usize) -> Read<Value> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::List(items));
            }
            self.comma("]")?;
        }
    }

    /// A comma, and something after it.
    fn comma(&mut self, end: &str) -> Read<()> {
        if !self.take(b',') {
            let zh = format!("此处应为逗号或 `{end}`");
            return Err(self.broken(&zh, &format!("a comma or `{end}` was expected here")));
        }
        self.space();
        match self.peek() {
            Some(b'}' | b']') => Err(self.broken("最后一项后面不能有逗号", "no comma may follow the last item")),
            _ => Ok(()),
        }
    }

    /// A string; `serde_json` undoes the escapes, and knows which are none.
    fn text(&mut self) -> Read<String> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                None | Some(b'\n') => {
                    self.at = start;
                    return Err(self.broken("这段文字缺少结尾的双引号", "this text lacks its closing quote"));
                }
                Some(b'"') => break,
                Some(b'\\') => self.at = (self.at + 2).min(self.source.len()),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.source.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted).map_err(|_| {
            let (zh, en) =
                ("这段文字含有无效的转义或控制字符", "this text holds an invalid escape or a control character");
            self.broken_at(Span::new(start, self.at), zh, en)
        })
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        let part_of_number = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.');
        while self.peek().is_some_and(part_of_number) {
            self.at += 1;
        }
        let digits = self.source.get(start..self.at).unwrap_or_default();
        serde_json::from_str(digits).map(Value::Number).map_err(|_| {
            let (zh, en) = (format!("`{digits}` 不是有效的数字"), format!("`{digits}` is not a number"));
            self.broken_at(Span::new(start, self.at), &zh, &en)
        })
    }

    fn word(&mut self) -> Read<Value> {
        let rest = self.rest();
        let known = [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)];
        match known.into_iter().find(|(word, _)| rest.starts_with(word)) {
            Some((word, value)) => {
                self.at += word.len();
                Ok(value)
            }
            None => Err(self.broken(
                "此处应为一个 JSON 值，文字要用双引号括起",
                "a JSON value was expected here; texts stand in double quotes",
            )),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// What stands here cannot stand here.
    fn broken(&mut self, zh: &str, en: &str) -> Broken {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        self.broken_at(Span::new(self.at, self.at + width), zh, en)
    }

    fn broken_at(&mut self, span: Span, zh: &str, en: &str) -> Broken {
        let mut broken = Diagnostic::error("form.json", span, Text::new(zh, en));
        broken.hints.extend(self.often_meant());
        self.found.push(broken);
        Broken
    }

    /// What authors often write in place of JSON's own signs.
    fn often_meant(&self) -> Option<Text> {
        match self.rest().chars().next()? {
            '“' | '”' | '‘' | '’' | '\'' => {
                Some(Text::new("请使用英文双引号 \"", "Use straight double quotes \""))
            }
            '，' | '：' => Some(Text::new("请使用英文标点 , 与 :", "Use the ASCII marks , and :")),
            '/' | '#' => Some(Text::new(
                "JSON 没有注释；说明可写在 \"$comment\" 里",
                "JSON has no comments; write them under \"$comment\"",
            )),
            _ => None,
        }
    }

    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn too_deep(&mut self) -> Broken {
        let most = limits::FORM_DEPTH;
        self.found.push(Diagnostic::error(
            "form.too-deep",
            Span::new(self.at, self.at + 1),
            Text::new(format!("嵌套超过 {most} 层"), format!("nested more than {most} levels deep")),
        ));
        Broken
    }
}

fn too_large(bytes: usize) -> Diagnostic {
    let (size, most) = (bytes.div_ceil(1024), limits::FORM_BYTES / 1024);
    Diagnostic::error(
        "form.too-large",
        None,
        Text::new(
            format!("表单有 {size} kB，上限为 {most} kB"),
            format!("the form has {size} kB; {most} kB are the limit"),
        ),
    )
}

fn duplicate(member: &Member) -> Diagnostic {
    let key = &member.key;
    Diagnostic::error(
        "form.duplicate-key",
        member.key_span,
        Text::new(format!("键 `{key}` 重复"), format!("the key `{key}` is written twice")),
    )
    .hint(Text::new("删去其中一个；JSON 只会留下最后一个", "Remove one of them; JSON would keep only the last"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Pointer;

    fn codes(source: &str) -> Vec<(&'static str, Option<(usize, usize)>)> {
        let found = parse(source).err().unwrap_or_default();
        found.iter().map(|d| (d.code, d.span.map(|s| s.line_column(source)))).collect()
    }

    #[test]
    fn every_value_knows_its_place() {
        let source = "{ \"标题\": \"表\",\n  \"a\": [1, {\"b\": null}] }";
        let node = parse(source).unwrap();
        let b = node.at(&Pointer::from("/a/1/b"));
        assert_eq!((b.span.line_column(source), &b.value), ((2, 18), &Value::Null));
        assert_eq!(node.at(&Pointer::from("/a/7/x")).span.line_column(source), (2, 8), "the last one on the way");
    }

    #[test]
    fn broken_text_is_reported_where_it_breaks() {
        assert_eq!(codes("{\"a\": 1,\n}"), [("form.json", Some((2, 1)))]);
        assert_eq!(codes("{\"a\" 1}"), [("form.json", Some((1, 6)))]);
        assert_eq!(codes("{“a”: 1}"), [("form.json", Some((1, 2)))]);
        assert_eq!(codes("[01]"), [("form.json", Some((1, 2)))]);
        assert_eq!(codes("{\"a\": \"x\n\"}"), [("form.json", Some((1, 7)))]);
        assert_eq!(codes("{\"a\": tru}"), [("form.json", Some((1, 7)))]);
        assert_eq!(codes("1 2"), [("form.json", Some((1, 3)))]);
        assert_eq!(codes(""), [("form.json", Some((1, 1)))]);
        assert_eq!(codes("\"\\x\""), [("form.json", Some((1, 1)))]);
        assert_eq!(codes("\"\\"), [("form.json", Some((1, 1)))]);
    }

    #[test]
    fn all_duplicate_keys_are_reported() {
        assert_eq!(
            codes("{\"a\": 1,\n\"a\": {\"b\": 1, \"b\": 2}}"),
            [("form.duplicate-key", Some((2, 15))), ("form.duplicate-key", Some((2, 1)))]
        );
    }

    #[test]
    fn size_and_depth_are_bounded() {
        assert_eq!(codes(&"[".repeat(100_000))[0].0, "form.too-deep");
        assert_eq!(codes(&" ".repeat(300_000)), [("form.too-large", None)]);
    }

    proptest! {
        /// What both accept, both read alike; what `serde_json` refuses, we refuse.
        #[test]
        fn it_reads_what_any_json_reader_reads(source in "[\\[\\]{}\",:0-9a-eE.+\\-\\\\ntrufls 金]{0,24}") {
            let ours = parse(&source).map(|node| node.to_json());
            let theirs = zhupi_domain::json::parse(&source);
            prop_assert_eq!(ours.ok(), theirs.ok());
        }
    }
}
