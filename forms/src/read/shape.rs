//! A schema node with its `$ref` followed.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_domain::{Span, Text};

use super::Reader;
use crate::limits;
use crate::tree::{Member, Node};

/// The members of a schema node, those of the definition it refers to among them.
pub(super) struct Shape<'a> {
    /// Where it is used.
    pub span: Span,
    pub members: BTreeMap<&'a str, &'a Member>,
    /// Whether it is written as a `$ref`, wherever that leads.
    pub refers: bool,
}

impl<'a> Shape<'a> {
    pub fn member(&self, key: &str) -> Option<&'a Member> {
        self.members.get(key).copied()
    }

    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.member(key).map(|member| &member.node)
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Node::text)
    }
}

/// Keywords that may be written anew beside a `$ref`; the others would have to hold both at once.
const OVERRIDABLE: [&str; 12] = [
    "$comment",
    "title",
    "description",
    "x-en",
    "default",
    "x-labels",
    "x-unit",
    "x-placeholder",
    "x-messages",
    "x-class",
    "x-order",
    "x-columns",
];

impl<'a> Reader<'a> {
    /// Follows references; a definition's members come after those written beside the `$ref`, which win.
    pub(super) fn shape(&mut self, node: &'a Node) -> Shape<'a> {
        let mut shape = Shape { span: node.span, members: BTreeMap::new(), refers: node.get("$ref").is_some() };
        let mut next = Some(node);
        // References end: that was checked before anything was followed.
        while let Some(node) = next {
            for member in node.members() {
                match shape.member(&member.key) {
                    _ if member.key == "$ref" => {}
                    None => drop(shape.members.insert(&member.key, member)),
                    Some(beside) if !OVERRIDABLE.contains(&member.key.as_str()) => self.written_twice(beside),
                    Some(_) => {}
                }
            }
            next = node.get("$ref").and_then(|reference| self.definition(reference));
        }
        shape
    }

    fn written_twice(&mut self, beside: &Member) {
        let key = &beside.key;
        self.hinted(
            "form.ref",
            beside.key_span,
            Text::new(
                format!("`{key}` 在引用的定义中已有"),
                format!("the definition referred to already says `{key}`"),
            ),
            Text::new("引用旁只能改写标题等文字", "Beside a `$ref` only texts can be written anew"),
        );
    }

    fn definition(&self, reference: &Node) -> Option<&'a Node> {
        let name = reference.text()?.strip_prefix("#/$defs/")?;
        self.definitions.get(name).copied()
    }

    /// Checks every `$ref` of the form; false when some lead in a circle, so that nothing may be followed.
    pub(super) fn references_end(&mut self, tree: &'a Node) -> bool {
        let mut references = Vec::new();
        collect(tree, &mut references);
        references.iter().for_each(|reference| self.leads_somewhere(reference));
        let names: Vec<&str> = self.definitions.keys().copied().collect();
        let mut ended = BTreeSet::new();
        names.iter().all(|name| self.ends(name, &mut Vec::new(), &mut ended))
    }

    fn leads_somewhere(&mut self, reference: &'a Node) {
        let Some(target) = reference.text() else { return };
        match target.strip_prefix("#/$defs/") {
            Some(name) if self.definitions.contains_key(name) => {}
            Some(name) => {
                let text = Text::new(format!("$defs 中没有 `{name}`"), format!("`$defs` holds no `{name}`"));
                let known: Vec<String> =
                    self.definitions.keys().take(limits::FIELDS).map(|known| format!("#/$defs/{known}")).collect();
                self.misspelt("form.ref", reference.span, text, target, known.iter().map(String::as_str));
            }
            None => self.hinted(
                "form.ref",
                reference.span,
                Text::new(format!("不能引用 `{target}`"), format!("`{target}` cannot be referred to")),
                Text::new(
                    "只能引用本表单的定义，如 \"#/$defs/amount\"；金额等用 format，如 \"format\": \"money\"",
                    "Only this form's definitions, such as \"#/$defs/amount\"; for money and the like use `format`",
                ),
            ),
        }
    }

    /// Whether following a definition comes to an end; `ended` are those that are known to.
    fn ends(&mut self, name: &str, on_the_way: &mut Vec<String>, ended: &mut BTreeSet<String>) -> bool {
        if ended.contains(name) {
            return true;
        }
        let Some(node) = self.definitions.get(name).copied() else { return true };
        let mut references = Vec::new();
        collect(node, &mut references);
        if on_the_way.len() == limits::FORM_DEPTH {
            let most = limits::FORM_DEPTH;
            let text =
                Text::new(format!("引用超过 {most} 层"), format!("references lead more than {most} levels deep"));
            self.error("form.too-deep", node.span, text);
            return false;
        }
        on_the_way.push(name.to_owned());
        for reference in references {
            let Some(next) = reference.text().and_then(|target| target.strip_prefix("#/$defs/")) else { continue };
            if on_the_way.iter().any(|passed| passed == next) {
                let circle = format!("{} → {next}", on_the_way.join(" → "));
                self.error(
                    "form.ref-circle",
                    reference.span,
                    Text::new(format!("引用成环：{circle}"), format!("references lead in a circle: {circle}")),
                );
                return false;
            }
            if !self.ends(next, on_the_way, ended) {
                return false;
            }
        }
        on_the_way.pop();
        ended.insert(name.to_owned());
        true
    }
}

/// Every `$ref` inside a node.
fn collect<'a>(node: &'a Node, references: &mut Vec<&'a Node>) {
    for member in node.members() {
        match member.key.as_str() {
            "$ref" => references.push(&member.node),
            // Data, not schema.
            "default" | "const" | "enum" => {}
            _ => collect(&member.node, references),
        }
    }
    node.items().iter().for_each(|item| collect(item, references));
}
