//! A form's JSON with the place of every value and every key.

mod parser;

use serde_json::{Map, Value as Json};
use zhupi_domain::Span;

use crate::Pointer;

pub(crate) use parser::parse;

/// One JSON value and where it stands in its text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub span: Span,
    pub value: Value,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

impl Node {
    /// The members of an object; none where it is something else.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; none where it is something else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| member.key == key)
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.node)
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The node at a place, or the last one on the way to it.
    pub fn at(&self, pointer: &Pointer) -> &Node {
        pointer
            .segments()
            .fold((self, true), |(node, found), segment| {
                let next = match &node.value {
                    Value::Object(_) => node.get(&segment),
                    Value::List(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                    _ => None,
                };
                next.filter(|_| found).map_or((node, false), |next| (next, true))
            })
            .0
    }

    /// The same value without places.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(number.clone()),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Object(members) => Json::Object(
                members.iter().map(|member| (member.key.clone(), member.node.to_json())).collect::<Map<_, _>>(),
            ),
        }
    }
}
