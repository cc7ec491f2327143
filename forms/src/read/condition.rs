//! if / then / else: closed tests over fields of the same level.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use zhupi_domain::Text;

use super::Reader;
use super::keywords::is_constraint;
use super::shape::Shape;
use crate::limits;
use crate::model::{Branch, Condition, Level};
use crate::tree::{Member, Node};

/// One condition as it is written.
pub(super) struct Written<'a> {
    pub test: &'a Node,
    pub then: Option<&'a Node>,
    pub otherwise: Option<&'a Node>,
}

impl<'a> Reader<'a> {
    /// The conditions as they are written: the level's own, then those under `allOf`.
    pub(super) fn written_conditions(&mut self, shape: &Shape<'a>) -> Vec<Written<'a>> {
        let mut written = Vec::new();
        if let Some(test) = shape.get("if") {
            written.push(Written { test, then: shape.get("then"), otherwise: shape.get("else") });
        } else if let Some(branch) = shape.member("then").or_else(|| shape.member("else")) {
            let key = &branch.key;
            self.error(
                "form.condition",
                branch.key_span,
                Text::new(format!("`{key}` 前缺少 if"), format!("`{key}` lacks its `if`")),
            );
        }
        for item in shape.get("allOf").map_or(&[][..], Node::items) {
            if let Some(test) = item.get("if") {
                written.push(Written { test, then: item.get("then"), otherwise: item.get("else") });
            }
        }
        if written.len() > limits::CONDITIONS {
            let most = limits::CONDITIONS;
            self.error(
                "form.too-large",
                shape.span,
                Text::new(format!("条件超过 {most} 个"), format!("more than {most} conditions")),
            );
            written.truncate(most);
        }
        written
    }

    /// Reads the conditions of a level whose fields are known.
    pub(super) fn conditions(&mut self, written: Vec<Written<'a>>, level: &Level, names: &[&str]) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for written in written {
            if !self.within_budget(written.test.span) {
                break;
            }
            let then = self.branch(written.then, level, names);
            let otherwise = self.branch(written.otherwise, level, names);
            let (test, reads) = self.test(written.test, level, names);
            let Some(validator) = self.compile(written.test.span, &Json::Object(test.clone())) else { continue };
            conditions.push(Condition { test, validator, reads, then, otherwise });
        }
        conditions
    }

    /// The test, and the fields it looks at.
    ///
    /// Every field must also be `required` by it: JSON Schema holds a test of an empty field to be passed, which nobody means.
    fn test(&mut self, node: &'a Node, level: &Level, names: &[&str]) -> (Map<String, Json>, Vec<String>) {
        let wanted = self.names_in(node.get("required"), names);
        let mut reads: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        let mut properties = Map::new();
        for member in node.get("properties").map_or(&[][..], Node::members) {
            if !names.contains(&member.key.as_str()) {
                self.unknown_field(member.key_span, &member.key, names.iter().copied());
                continue;
            }
            if !reads.contains(&member.key) {
                self.open_test(member);
                reads.push(member.key.clone());
            }
            properties.insert(member.key.clone(), Json::Object(self.demand(member, level)));
        }
        if reads.is_empty() {
            self.error("form.condition", node.span, Text::new("条件没有看任何字段", "the condition looks at no field"));
        }
        let mut test = Map::new();
        test.insert("properties".into(), Json::Object(properties));
        test.insert("required".into(), wanted.into_iter().map(Json::from).collect());
        (test, reads)
    }

    fn open_test(&mut self, member: &Member) {
        let name = &member.key;
        self.hinted(
            "form.condition-open",
            member.key_span,
            Text::new(
                format!("`{name}` 未填写时，这个条件也会成立"),
                format!("this condition also holds while `{name}` is empty"),
            ),
            Text::new(
                format!("在 if 里加上 \"required\": [\"{name}\"]"),
                format!("Add \"required\": [\"{name}\"] to the `if`"),
            ),
        );
    }

    fn branch(&mut self, node: Option<&'a Node>, level: &Level, names: &[&str]) -> Branch {
        let Some(node) = node else { return Branch::default() };
        let required = self.names_in(node.get("required"), names).into_iter().map(ToOwned::to_owned).collect();
        let mut demands = Map::new();
        for member in node.get("properties").map_or(&[][..], Node::members) {
            let declares = ["type", "$ref"].iter().any(|key| member.node.get(key).is_some());
            if declares {
                continue;
            }
            if names.contains(&member.key.as_str()) {
                demands.insert(member.key.clone(), Json::Object(self.demand(member, level)));
            } else {
                self.hinted(
                    "form.no-type",
                    member.key_span,
                    Text::new(
                        format!("字段 `{}` 没有 type", member.key),
                        format!("the field `{}` has no `type`", member.key),
                    ),
                    Text::new("条件下才有的字段要写 type", "A field that exists under a condition needs its `type`"),
                );
            }
        }
        Branch { required, demands }
    }

    /// Further keywords for a field that exists anyway, in the field's own normal form.
    fn demand(&mut self, member: &'a Member, level: &Level) -> Map<String, Json> {
        let Some(field) = level.field(&member.key) else { return Map::new() };
        let members = member.node.members().iter().map(|member| (member.key.as_str(), member)).collect();
        let shape = Shape { span: member.node.span, members, refers: false };
        for key in shape.members.values().filter(|it| !is_constraint(&it.key) && it.key != "$comment") {
            self.error(
                "form.keyword-not-here",
                key.key_span,
                Text::new(format!("条件里不能改写 `{}`", key.key), format!("a condition cannot change `{}`", key.key)),
            );
        }
        self.refuse_misplaced(&shape, &field.kind);
        let demand = self.constraints(&shape, &field.kind);
        if let crate::model::Kind::Choice(choices) = &field.kind {
            self.impossible(&shape, choices);
        }
        demand
    }

    /// A test for a value that the field can never have.
    fn impossible(&mut self, shape: &Shape<'a>, choices: &[String]) {
        let known: BTreeSet<&str> = choices.iter().map(String::as_str).collect();
        let listed = shape.get("enum").map_or(&[][..], Node::items).iter();
        for node in listed.chain(shape.get("const")) {
            let Some(value) = node.text().filter(|value| !known.contains(value)) else { continue };
            let text = Text::new(format!("选项中没有 `{value}`"), format!("`{value}` is not among the choices"));
            self.misspelt("form.condition-never", node.span, text, value, known.iter().copied());
        }
    }
}
