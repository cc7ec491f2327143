//! Texts for people: a Chinese `title` with English under `x-en`, our own texts as `{zh, en}`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use zhupi_domain::{Span, Text};

use super::Reader;
use super::shape::Shape;
use crate::error::Keyword;
use crate::tree::Node;

/// The title of a field or form: Chinese under `title`, English under `x-en`.
pub(super) fn title(shape: &Shape<'_>) -> Option<Text> {
    let zh = shape.text("title")?;
    let en = shape.get("x-en").and_then(|en| en.get("title")).and_then(Node::text);
    Some(Text { zh: zh.to_owned(), en: en.map(ToOwned::to_owned) })
}

/// A text written as `"…"` or as `{"zh": "…", "en": "…"}`.
pub(super) fn text(node: &Node) -> Option<Text> {
    match node.text() {
        Some(text) => Some(Text::same(text)),
        None => {
            let zh = node.get("zh")?.text()?.to_owned();
            Some(Text { zh, en: node.get("en").and_then(Node::text).map(ToOwned::to_owned) })
        }
    }
}

/// A text as schemas for the browser carry it: always `{"zh", "en"?}`.
pub(super) fn as_json(text: &Text) -> Json {
    match &text.en {
        Some(en) => json!({"zh": text.zh, "en": en}),
        None => json!({"zh": text.zh}),
    }
}

impl<'a> Reader<'a> {
    /// The field's title; a field without one shows its name, which is worth a remark.
    pub(super) fn field_title(&mut self, shape: &Shape<'a>, name: &str, span: Span) -> Text {
        title(shape).unwrap_or_else(|| {
            if shape.get("type").is_some() {
                self.warn(
                    "form.no-title",
                    span,
                    Text::new(format!("字段 `{name}` 没有标题"), format!("the field `{name}` has no title")),
                    Text::new("加上 \"title\"", "Add a \"title\""),
                );
            }
            Text::same(name)
        })
    }

    /// The author's own sentences, by keyword.
    pub(super) fn messages(&mut self, shape: &Shape<'a>) -> BTreeMap<String, Text> {
        let mut messages = BTreeMap::new();
        let words = || Keyword::ALL.into_iter().filter(|keyword| keyword.is_authors()).map(Keyword::as_str);
        for member in shape.get("x-messages").map_or(&[][..], Node::members) {
            if !words().any(|word| word == member.key) {
                let key = &member.key;
                let said =
                    Text::new(format!("`{key}` 不会出现在提示中"), format!("no message is ever given for `{key}`"));
                self.misspelt("form.message", member.key_span, said, key, words());
            } else if let Some(text) = text(&member.node) {
                messages.insert(member.key.clone(), text);
            }
        }
        messages
    }

    /// `x-labels` as schemas carry it; every label must belong to a value.
    pub(super) fn labels(&mut self, shape: &Shape<'a>) -> Option<Json> {
        let labels = shape.get("x-labels")?.members();
        let values: BTreeSet<String> = shape.get("enum").map_or(&[][..], Node::items).iter().map(written).collect();
        for label in labels.iter().filter(|label| !values.contains(&label.key)) {
            let key = &label.key;
            self.error(
                "form.label",
                label.key_span,
                Text::new(format!("`enum` 中没有 `{key}`"), format!("`enum` does not list `{key}`")),
            );
        }
        let texts = labels.iter().filter_map(|label| Some((label.key.clone(), as_json(&text(&label.node)?))));
        Some(Json::Object(texts.collect()))
    }
}

/// A value of an `enum` as the key of its label.
pub(super) fn written(node: &Node) -> String {
    node.text().map_or_else(|| node.to_json().to_string(), ToOwned::to_owned)
}
