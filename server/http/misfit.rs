//! What does not fit in what a client sent, in words.

use std::fmt;

use serde_json::Value;
use zhupi_domain::Text;
use zhupi_domain::nearest::nearest;

/// One thing that does not fit, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// Keys and numbers from the outside in.
    path: Vec<String>,
    pub wrong: Wrong,
}

/// What can be wrong with a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    Missing(&'static str),
    Unknown { name: String, known: &'static [&'static str] },
    Kind { expected: Kind, found: Value },
    Choice { found: String, known: &'static [&'static str] },
    OutOfRange(String),
    Other(String),
}

/// Kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Truth,
    Whole,
    /// A whole number that is not negative.
    Count,
    List,
    Object,
}

impl From<Wrong> for Misfit {
    fn from(wrong: Wrong) -> Self {
        Self { path: Vec::new(), wrong }
    }
}

impl Misfit {
    /// Puts it one level further in.
    pub fn under(mut self, key: &str) -> Self {
        self.path.insert(0, key.to_owned());
        self
    }

    /// The name of the parameter, where there are no levels.
    pub fn parameter(&self) -> &str {
        self.path.first().map(String::as_str).unwrap_or_default()
    }

    /// The place as a JSON pointer; the whole document is empty.
    pub fn pointer(&self) -> String {
        self.path.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
    }

    /// The place and what is wrong there.
    pub fn sentence(&self) -> Text {
        let (place, what) = (self.pointer(), self.wrong.text());
        let en = what.get(zhupi_domain::Locale::En);
        match place.as_str() {
            "" => Text::new(format!("整个内容：{}", what.zh), format!("The whole body: {en}")),
            place => Text::new(format!("{place}：{}", what.zh), format!("{place}: {en}")),
        }
    }
}

impl Wrong {
    /// The word for machines.
    pub fn keyword(&self) -> &'static str {
        match self {
            Self::Missing(_) => "required",
            Self::Unknown { .. } => "unknown",
            Self::Kind { .. } => "type",
            Self::Choice { .. } => "enum",
            Self::OutOfRange(_) => "range",
            Self::Other(_) => "value",
        }
    }

    /// What is wrong, without its place.
    pub fn text(&self) -> Text {
        match self {
            Self::Missing(name) => Text::new(format!("缺少必填项 `{name}`"), format!("`{name}` is missing")),
            Self::Unknown { name, known } => unknown(name, known),
            Self::Kind { expected, found } => {
                let (expected, found) = (expected.text(), kind_of(found));
                Text::new(
                    format!("应为{}，实际是{}", expected.0, found.0),
                    format!("it should be {}, but it is {}", expected.1, found.1),
                )
            }
            Self::Choice { found, known } => Text::new(
                format!("只能是 {}，实际是 `{found}`", list(known, "、")),
                format!("it should be one of {}, but it is `{found}`", list(known, ", ")),
            ),
            Self::OutOfRange(found) => Text::new("数值超出范围", format!("the value is out of range: {found}")),
            Self::Other(message) => Text::new(format!("内容不合要求（{message}）"), message.clone()),
        }
    }
}

fn unknown(name: &str, known: &[&'static str]) -> Text {
    let (zh, en) = match (nearest(name, known.iter().copied()), known) {
        (_, []) => ("这里不需要任何内容".to_owned(), "nothing is taken here".to_owned()),
        (Some(near), _) => (format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        (None, known) => (format!("可用的有 {}", list(known, "、")), format!("there is {}", list(known, ", "))),
    };
    Text::new(format!("没有名为 `{name}` 的项；{zh}"), format!("there is no `{name}`; {en}"))
}

fn list(words: &[&str], comma: &str) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(comma)
}

impl Kind {
    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("文本", "a text"),
            Self::Truth => (" true 或 false", "true or false"),
            Self::Whole => ("整数", "a whole number"),
            Self::Count => ("不小于 0 的整数", "a whole number from 0"),
            Self::List => ("列表", "a list"),
            Self::Object => ("对象", "an object"),
        }
    }
}

/// What a value is; a text that should be something else is shown.
fn kind_of(value: &Value) -> (String, String) {
    let said = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match value {
        Value::Null => said("空值 null", "null"),
        Value::Bool(_) => said("是非值", "a truth value"),
        Value::Number(_) => said("数字", "a number"),
        Value::String(text) => {
            let shown: String = text.chars().take(40).collect();
            (format!("文本“{shown}”"), format!("the text “{shown}”"))
        }
        Value::Array(_) => said("列表", "a list"),
        Value::Object(_) => said("对象", "an object"),
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence().get(zhupi_domain::Locale::En))
    }
}

impl std::error::Error for Misfit {}
