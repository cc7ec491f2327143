//! The members of a map, asked for by key; whatever nobody asked for is unknown.

use std::cell::RefCell;
use std::collections::BTreeSet;

use zhupi_domain::{Diagnostic, Span, Text};

use super::Log;
use crate::yaml::{Entry, Node, Value};

/// A map while it is read.
pub struct Fields<'a> {
    entries: &'a [Entry],
    head: Span,
    asked: RefCell<Vec<&'static str>>,
    reserved: RefCell<Vec<&'static str>>,
    log: &'a Log<'a>,
}

impl<'a> Fields<'a> {
    /// The members of a map; anything else is reported.
    pub fn of(node: &'a Node, log: &'a Log<'a>) -> Option<Self> {
        match &node.value {
            Value::Map(entries) => {
                Some(Self { entries, head: node.head(), asked: RefCell::default(), reserved: RefCell::default(), log })
            }
            Value::Refused => None,
            _ => {
                log.push(
                    Diagnostic::error(
                        "pack.not-a-map",
                        node.head(),
                        Text::new("这里应为“键: 值”的列表", "`key: value` pairs are expected here"),
                    )
                    .hint(Text::new("例如 { title: 名称 }", "for example { title: A name }")),
                );
                None
            }
        }
    }

    /// Where to point when the map as a whole is meant.
    pub fn head(&self) -> Span {
        self.head
    }

    pub fn log(&self) -> &'a Log<'a> {
        self.log
    }

    /// The value of a key that has to be there.
    pub fn required<T>(&self, key: &'static str, read: impl FnOnce(&Node, &Log<'_>) -> Option<T>) -> Option<T> {
        let Some(entry) = self.entry(key) else {
            self.log.error("pack.missing-key", self.head, format!("缺少 `{key}`"), format!("`{key}` is missing"));
            return None;
        };
        self.read(entry, read)
    }

    /// The value of a key that may be left out.
    pub fn optional<T>(&self, key: &'static str, read: impl FnOnce(&Node, &Log<'_>) -> Option<T>) -> Option<T> {
        self.read(self.entry(key)?, read)
    }

    /// Whether a key is there.
    pub fn has(&self, key: &'static str) -> bool {
        self.entry(key).is_some()
    }

    /// The node of a key, where it is there; for readers that come back to it.
    pub fn node(&self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The place of a key, where it is there.
    pub fn key_span(&self, key: &'static str) -> Option<Span> {
        self.entry(key).map(|entry| entry.key_span)
    }

    /// Reports keys that are words of the language but cannot be used yet.
    pub fn reserved(&self, keys: &[&'static str]) {
        self.reserved.borrow_mut().extend_from_slice(keys);
        for entry in self.entries.iter().filter(|entry| keys.contains(&entry.key.as_str())) {
            self.log.not_yet(&entry.key, entry.key_span);
        }
    }

    /// The members that nobody asked for by name; for maps whose keys the author chooses.
    pub fn rest(&self) -> Vec<&'a Entry> {
        let asked = self.asked.borrow();
        self.entries.iter().filter(|entry| !asked.contains(&entry.key.as_str())).collect()
    }

    /// Reports every key that nobody asked for.
    pub fn finish(self) {
        let (asked, reserved) = (self.asked.borrow(), self.reserved.borrow());
        let said: BTreeSet<&str> = self.entries.iter().map(|entry| entry.key.as_str()).collect();
        let free: Vec<&str> = asked.iter().copied().filter(|key| !said.contains(key)).collect();
        for entry in self.rest().into_iter().filter(|entry| !reserved.contains(&entry.key.as_str())) {
            if self.log.is_full() {
                return;
            }
            let key = &entry.key;
            let message = Text::new(format!("不认识的键 `{key}`"), format!("unknown key `{key}`"));
            let unknown = Diagnostic::error("pack.unknown-key", entry.key_span, message);
            let unknown = if entry.node.is_null() { unknown.hint(torn_apart()) } else { unknown };
            self.log.push(self.log.hints(unknown, key, &free));
        }
    }

    fn entry(&self, key: &'static str) -> Option<&'a Entry> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn read<T>(&self, entry: &'a Entry, read: impl FnOnce(&Node, &Log<'_>) -> Option<T>) -> Option<T> {
        if entry.node.is_null() {
            let key = &entry.key;
            self.log.error(
                "pack.no-value",
                entry.key_span,
                format!("`{key}` 后面没有值"),
                format!("`{key}` has no value"),
            );
            return None;
        }
        read(&entry.node, self.log)
    }
}

/// A comma inside `{ }` tears an unquoted text apart, and what follows looks like a key without a value.
fn torn_apart() -> Text {
    Text::new("文字里有逗号时，要用引号括起来", "put a text that holds a comma in quotes")
}
