//! One object of a form: its fields, those that exist under conditions among them.

use std::collections::BTreeMap;

use zhupi_domain::{Span, Text};

use super::Reader;
use super::condition::Written;
use super::shape::Shape;
use crate::limits;
use crate::model::{Class, Field, Level, Shown};
use crate::tree::{Member, Node};

/// Where a level stands.
pub(super) struct Around {
    /// The path of the group or rows; empty for the form itself.
    pub path: String,
    pub class: Class,
    /// 0 for the form, 1 inside a group or rows.
    pub depth: usize,
}

impl Around {
    pub fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// A field as it was declared, before expressions and conditions can be read.
pub(super) struct Declared<'a> {
    pub name: &'a str,
    pub span: Span,
    /// None when the declaration is at fault: the name is known, and nothing more.
    pub field: Option<Field>,
    pub computed: Option<&'a Node>,
}

impl<'a> Reader<'a> {
    /// Reads a level; none when it is too large to go on.
    pub(super) fn level(&mut self, shape: &Shape<'a>, around: &Around) -> Option<Level> {
        let written = self.written_conditions(shape);
        let mut declared: Vec<Declared<'a>> = Vec::new();
        for member in shape.get("properties").map_or(&[][..], Node::members) {
            self.declare(member, None, around, &mut declared)?;
        }
        for (index, condition) in written.iter().enumerate() {
            for (branch, holds) in [(condition.then, true), (condition.otherwise, false)] {
                let shown = Shown { condition: index, holds };
                for member in branch.and_then(|branch| branch.get("properties")).map_or(&[][..], Node::members) {
                    if self.declares(member) {
                        self.declare(member, Some(shown), around, &mut declared)?;
                    }
                }
            }
        }
        self.complete(shape, written, declared)
    }

    /// Whether an entry of a branch is a field of its own, and not a demand on one that exists anyway.
    fn declares(&mut self, member: &'a Member) -> bool {
        ["type", "$ref"].iter().any(|key| member.node.get(key).is_some())
    }

    fn declare(
        &mut self,
        member: &'a Member,
        shown: Option<Shown>,
        around: &Around,
        declared: &mut Vec<Declared<'a>>,
    ) -> Option<()> {
        if declared.iter().any(|earlier| earlier.name == member.key) {
            let name = &member.key;
            self.hinted(
                "form.field-twice",
                member.key_span,
                Text::new(format!("字段 `{name}` 定义了两次"), format!("the field `{name}` is declared twice")),
                Text::new(
                    "只定义一次；另一处去掉 type，只留附加要求，或合并两个条件",
                    "Declare it once; elsewhere leave out its `type` and keep the further demands, or join the conditions",
                ),
            );
            return Some(());
        }
        if declared.len() == limits::FIELDS {
            let most = limits::FIELDS;
            let text = Text::new(format!("一层最多 {most} 个字段"), format!("one level has {most} fields at most"));
            self.error("form.too-large", member.key_span, text);
            return None;
        }
        if !self.within_budget(member.node.span) {
            return None;
        }
        let (field, computed) = self.field(member, shown, around);
        declared.push(Declared { name: &member.key, span: member.key_span, field, computed });
        Some(())
    }

    /// What needs to know all fields: names, order, expressions, conditions.
    fn complete(
        &mut self,
        shape: &Shape<'a>,
        written: Vec<Written<'a>>,
        mut declared: Vec<Declared<'a>>,
    ) -> Option<Level> {
        let names: Vec<&str> = declared.iter().map(|it| it.name).collect();
        self.mark_required(shape.get("required"), &mut declared);
        let order = self.names_in(shape.get("x-order"), &names);
        declared.sort_by_key(|it| order.iter().position(|name| *name == it.name).unwrap_or(usize::MAX));
        let sources: Vec<(Span, Option<&Node>)> =
            declared.iter().filter(|it| it.field.is_some()).map(|it| (it.span, it.computed)).collect();
        let dependents = self.dependents(shape, &names);
        let fields = declared.into_iter().filter_map(|it| it.field).collect();
        let mut level = Level { fields, dependents, ..Level::default() };
        level.conditions = self.conditions(written, &level, &names);
        self.read_expressions(&mut level, &sources);
        self.check_lookups(&level);
        self.settle(&mut level, &sources);
        Some(level)
    }

    fn mark_required(&mut self, required: Option<&'a Node>, declared: &mut [Declared<'a>]) {
        for node in required.map_or(&[][..], Node::items).iter().take(limits::FIELDS) {
            let Some(name) = node.text() else { continue };
            match declared.iter_mut().find(|it| it.name == name) {
                None => self.unknown_field(node.span, name, declared.iter().map(|it| it.name)),
                Some(Declared { field: Some(field), .. }) if field.shown.is_none() => field.required = true,
                Some(Declared { field: None, .. }) => {}
                Some(_) => self.hinted(
                    "form.condition",
                    node.span,
                    Text::new(
                        format!("`{name}` 只在条件下存在，不能总是必填"),
                        format!("`{name}` exists under a condition only and cannot always be required"),
                    ),
                    Text::new(
                        "写进该条件的 then 或 else 的 required",
                        "Put it under `required` of that `then` or `else`",
                    ),
                ),
            }
        }
    }

    /// The names of a list, each checked.
    pub(super) fn names_in(&mut self, list: Option<&'a Node>, known: &[&str]) -> Vec<&'a str> {
        let mut names = Vec::new();
        for node in list.map_or(&[][..], Node::items).iter().take(limits::FIELDS) {
            match node.text() {
                Some(name) if known.contains(&name) => names.push(name),
                Some(name) => self.unknown_field(node.span, name, known.iter().copied()),
                None => {}
            }
        }
        names
    }

    fn dependents(&mut self, shape: &Shape<'a>, known: &[&str]) -> BTreeMap<String, Vec<String>> {
        let mut dependents = BTreeMap::new();
        for member in shape.get("dependentRequired").map_or(&[][..], Node::members).iter().take(limits::FIELDS) {
            if !known.contains(&member.key.as_str()) {
                self.unknown_field(member.key_span, &member.key, known.iter().copied());
            }
            let names = self.names_in(Some(&member.node), known);
            dependents.insert(member.key.clone(), names.into_iter().map(ToOwned::to_owned).collect());
        }
        dependents
    }
}
