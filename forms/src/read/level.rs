//! One object of a form: its fields, those that exist under conditions among them.

use std::collections::BTreeMap;

use zhupi_domain::{Span, Text};

use super::Reader;
use super::condition::Written;
use super::settling;
use super::shape::Shape;
use crate::expression::Computed;
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
        level.settling = settling::order(&level).unwrap_or_else(|circle| {
            self.circle(&circle, &level, &sources);
            Vec::new()
        });
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

    /// Reads the expressions of computed fields, which may look at all fields of the level.
    fn read_expressions(&mut self, level: &mut Level, sources: &[(Span, Option<&'a Node>)]) {
        let mut read = Vec::new();
        for (field, (_, node)) in level.fields.iter().zip(sources) {
            let Some((node, source)) = node.and_then(|node| Some((node, node.text()?))) else {
                read.push(None);
                continue;
            };
            match Computed::read(source, field, level) {
                Ok(computed) => {
                    self.warn_of_lowered_class(field, &computed, node.span);
                    read.push(Some(computed));
                }
                Err(found) => {
                    let place = |span| self.inside_text(node.span, source, span);
                    let found = found.into_iter().map(|mut it| {
                        it.span = it.span.map(place);
                        it
                    });
                    let found: Vec<_> = found.collect();
                    self.found.extend(found);
                    read.push(None);
                }
            }
        }
        for (field, computed) in level.fields.iter_mut().zip(read) {
            field.computed = computed;
        }
    }

    /// A place inside a JSON text: exact where the text is written without escapes, else the whole text.
    fn inside_text(&self, whole: Span, text: &str, inside: Span) -> Span {
        let bare = self.source.get(whole.start + 1..whole.end.saturating_sub(1)) == Some(text);
        if bare { inside.shifted(whole.start + 1) } else { whole }
    }

    fn warn_of_lowered_class(&mut self, field: &Field, computed: &Computed, span: Span) {
        let above = computed.reads.iter().filter(|(_, class)| class.is_masked() && *class != field.class);
        let Some((path, class)) = above.filter(|_| !field.class.is_masked()).min() else { return };
        let name = &field.name;
        self.warn(
            "form.class-lowered",
            span,
            Text::new(
                format!("`{name}` 由 {class} 类字段 `{path}` 算出，自己却是 {}", field.class),
                format!("`{name}` is computed from `{path}` of class {class}, but is {} itself", field.class),
            ),
            Text::new(
                format!("加上 \"x-class\": \"{class}\"，除非确实人人可看"),
                format!("Add \"x-class\": \"{class}\", unless everybody may see it"),
            ),
        );
    }

    fn circle(&mut self, circle: &[usize], level: &Level, sources: &[(Span, Option<&'a Node>)]) {
        let names: Vec<&str> = circle.iter().filter_map(|at| level.fields.get(*at)).map(Field::name).collect();
        let span = circle.first().and_then(|at| sources.get(*at)).map_or(Span::default(), |(span, _)| *span);
        let names = names.join("、");
        self.error(
            "form.circle",
            span,
            Text::new(
                format!("这些字段互相依赖，无法确定先后：{names}"),
                format!("these fields depend on one another: {}", names.replace('、', ", ")),
            ),
        );
    }

    /// The conditions as they are written: the level's own, then those under `allOf`.
    fn written_conditions(&mut self, shape: &Shape<'a>) -> Vec<Written<'a>> {
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
}
