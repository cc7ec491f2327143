//! Why a text is no JSON, in words that its author understands.

use std::fmt;

use crate::Text;

/// Why a text is no JSON as we take it, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
    /// What is wrong, without its place.
    pub message: Text,
}

/// What the reader begins a complaint about a duplicate key with.
pub(super) const DUPLICATE: &str = "duplicate key `";

/// How the parser's complaints begin, and what is said instead. The first that fits is taken.
const WORDS: &[(&str, &str, &str)] = &[
    ("EOF ", "内容不完整", "it is not complete"),
    ("expected `:`", "键后面应有冒号", "a colon is missing after the key"),
    ("expected `,` or `]`", "这里应为逗号或 ]", "a comma or ] is missing here"),
    ("expected `,` or `}`", "这里应为逗号或 }", "a comma or } is missing here"),
    ("key must be a string", "键须写在英文双引号里", "a key stands between double quotes"),
    ("expected value", "这里应为一个值", "a value is missing here"),
    ("expected ident", "这里应为 true、false 或 null", "this should be true, false or null"),
    ("trailing comma", "最后一项后面不能有逗号", "there is a comma after the last entry"),
    ("trailing characters", "结尾之后还有多余的内容", "there is something after its end"),
    ("number out of range", "数字超出范围", "the number is out of range"),
    ("invalid number", "数字写得不正确", "this is not how a number is written"),
    ("recursion limit", "嵌套过深", "it is nested too deeply"),
    (
        "control character",
        "文字中有换行等控制字符，须写成 \\n 之类的转义",
        "a text holds a line break or another control character: write it as \\n",
    ),
    ("invalid escape", "反斜杠后面的字符不对", "there is no such escape after a backslash"),
    ("lone ", "转义的字符不完整", "the escape is half a character"),
    ("unexpected end of hex", "转义的字符不完整", "the escape is half a character"),
    ("invalid unicode", "转义的字符不存在", "the escape is no character"),
];

impl JsonError {
    /// What is wrong, with its place.
    pub fn text(&self) -> Text {
        let (line, column) = (self.line, self.column);
        let en = self.message.get(crate::Locale::En);
        Text::new(
            format!("{}（第 {line} 行第 {column} 列）", self.message.zh),
            format!("{en} (line {line}, column {column})"),
        )
    }
}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        let full = error.to_string();
        let what = full.rfind(" at line ").and_then(|end| full.get(..end)).unwrap_or(&full);
        Self { line: error.line().max(1), column: error.column().max(1), message: message(what) }
    }
}

fn message(what: &str) -> Text {
    if let Some(key) = what.strip_prefix(DUPLICATE) {
        let key = key.trim_end_matches('`');
        return Text::new(format!("键 `{key}` 重复"), format!("the key `{key}` is there twice"));
    }
    match WORDS.iter().find(|(beginning, ..)| what.starts_with(beginning)) {
        Some((_, zh, en)) => Text::new(*zh, *en),
        None => Text::new("不是正确的 JSON", "it is not correct JSON"),
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().get(crate::Locale::En))
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::Locale;

    #[test]
    fn every_way_to_be_no_json_is_told_in_our_own_words() {
        for (source, zh) in [
            ("", "内容不完整（第 1 行第 1 列）"),
            ("{\"a\": 1", "内容不完整（第 1 行第 7 列）"),
            ("{\n \"a\": 1, \"a\": 2}", "键 `a` 重复（第 2 行第 16 列）"),
            ("{\"a\" 1}", "键后面应有冒号（第 1 行第 6 列）"),
            ("{\"a\": 1 \"b\"}", "这里应为逗号或 }（第 1 行第 9 列）"),
            ("[1 2]", "这里应为逗号或 ]（第 1 行第 4 列）"),
            ("{a: 1}", "键须写在英文双引号里（第 1 行第 2 列）"),
            ("NaN", "这里应为一个值（第 1 行第 1 列）"),
            ("trux", "这里应为 true、false 或 null（第 1 行第 4 列）"),
            ("[1,]", "最后一项后面不能有逗号（第 1 行第 4 列）"),
            ("1 2", "结尾之后还有多余的内容（第 1 行第 3 列）"),
            ("1e400", "数字超出范围（第 1 行第 5 列）"),
            ("01", "数字写得不正确（第 1 行第 2 列）"),
            ("\"a\nb\"", "文字中有换行等控制字符，须写成 \\n 之类的转义（第 2 行第 1 列）"),
            ("\"\\q\"", "反斜杠后面的字符不对（第 1 行第 3 列）"),
            ("\"\\ud800\"", "转义的字符不完整（第 1 行第 8 列）"),
        ] {
            let error = parse(source).expect_err(source);
            assert_eq!(error.text().get(Locale::Zh), zh, "{source}");
            assert!(error.text().get(Locale::En).is_ascii(), "{source}: {error}");
        }
        let deep = parse(&"[".repeat(100_000)).expect_err("deep");
        assert_eq!(deep.message.zh, "嵌套过深");
    }
}
