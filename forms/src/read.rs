//! Reads a form: text → positioned tree → profile → levels of fields, collecting every problem.

mod computed;
mod condition;
mod field;
mod keywords;
mod level;
mod lookup;
mod pattern;
mod settling;
mod shape;
mod texts;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use zhupi_domain::nearest::nearest;
use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Diagnostic, Diagnostics, Severity, Span, Text};

use crate::model::{Class, Form};
use crate::schema::{Lens, whole};
use crate::tree::{Node, parse};
use crate::{limits, profile, validator};
use level::Around;

impl Form {
    /// Reads a form written in the profile of JSON Schema 2020-12 that `docs/forms.md` describes.
    ///
    /// Reports every problem at once, each with its place in `source`; what is only worth a look stays in
    /// [`warnings`](Form::warnings).
    pub fn read(source: &str) -> Result<Form, Diagnostics> {
        let tree = parse(source)?;
        let mut reader = Reader::new(source, &tree);
        reader.found = profile::check(&tree);
        let form = reader.form(&tree);
        let mut found = reader.found;
        found.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
        found.dedup();
        found.truncate(limits::FINDINGS);
        let refused = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        match form {
            Some(form) if !refused => Ok(Form { warnings: found, ..form }),
            _ => Err(found),
        }
    }
}

/// The word by which a form calls a length of period.
pub(crate) fn period_word(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Week => "week",
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    }
}

/// What all parts of the reading share.
struct Reader<'a> {
    source: &'a str,
    definitions: BTreeMap<&'a str, &'a Node>,
    found: Diagnostics,
    /// Schema nodes read so far, every use of a definition counted anew.
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, tree: &'a Node) -> Self {
        let members = tree.get("$defs").map_or(&[][..], Node::members);
        let definitions = members.iter().map(|member| (member.key.as_str(), &member.node)).collect();
        Self { source, definitions, found: Vec::new(), nodes: 0 }
    }

    fn form(&mut self, tree: &'a Node) -> Option<Form> {
        if !self.references_end(tree) {
            return None;
        }
        let shape = self.shape(tree);
        let class = self.class(&shape).unwrap_or_default();
        let around = Around { path: String::new(), class, depth: 0 };
        let root = self.level(&shape, &around)?;
        let key = self.key(&shape, &root);
        let keywords = root_keywords(&shape);
        let validator = self.compile(tree.span, &whole(&root, &keywords, Lens::Whole, None))?;
        Some(Form { title: texts::title(&shape), root, keywords, validator, key, warnings: Vec::new() })
    }

    /// Compiles a schema that the reading made; a pattern that is too large is what can still go wrong.
    fn compile(&mut self, span: Span, schema: &Json) -> Option<jsonschema::Validator> {
        match validator::compile(schema) {
            Ok(validator) => Some(validator),
            Err(_) if self.found.iter().any(|found| found.severity == Severity::Error) => None,
            Err(error) => {
                self.error(
                    "form.schema",
                    span,
                    Text::new(format!("表单无法编译：{error}"), format!("the form does not compile: {error}")),
                );
                None
            }
        }
    }

    fn key(&mut self, shape: &shape::Shape<'a>, root: &crate::model::Level) -> Vec<String> {
        let nodes = shape.get("x-key").map_or(&[][..], Node::items);
        for node in nodes {
            if let Some(name) = node.text().filter(|name| root.field(name).is_none()) {
                self.unknown_field(node.span, name, root.fields.iter().map(|field| field.name.as_str()));
            }
        }
        nodes.iter().filter_map(Node::text).map(ToOwned::to_owned).collect()
    }

    fn error(&mut self, code: &'static str, span: Span, message: Text) {
        self.found.push(Diagnostic::error(code, span, message));
    }

    fn hinted(&mut self, code: &'static str, span: Span, message: Text, hint: Text) {
        self.found.push(Diagnostic::error(code, span, message).hint(hint));
    }

    fn warn(&mut self, code: &'static str, span: Span, message: Text, hint: Text) {
        self.found.push(Diagnostic::warning(code, span, message).hint(hint));
    }

    fn unknown_field<'n>(&mut self, span: Span, name: &str, known: impl IntoIterator<Item = &'n str>) {
        let text = Text::new(format!("这里没有字段 `{name}`"), format!("there is no field `{name}` here"));
        self.misspelt("form.unknown-field", span, text, name, known);
    }

    /// A finding about a name that nobody knows, with the one that was likely meant.
    fn misspelt<'n>(
        &mut self,
        code: &'static str,
        span: Span,
        text: Text,
        wrong: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let near = if self.found.len() < limits::HINTS { nearest(wrong, known) } else { None };
        let hint = near.map(|near| Text::new(format!("是否指 `{near}`？"), format!("Did you mean `{near}`?")));
        self.found.push(Diagnostic { hints: hint.into_iter().collect(), ..Diagnostic::error(code, span, text) });
    }

    /// Counts one more schema node; false once there are too many.
    fn within_budget(&mut self, span: Span) -> bool {
        self.nodes += 1;
        if self.nodes == limits::FORM_NODES + 1 {
            let most = limits::FORM_NODES;
            let text = Text::new(
                format!("展开引用后超过 {most} 个字段"),
                format!("more than {most} fields after references are followed"),
            );
            self.error("form.too-large", span, text);
        }
        self.nodes <= limits::FORM_NODES
    }

    fn class(&self, shape: &shape::Shape<'a>) -> Option<Class> {
        let word = shape.get("x-class")?.text()?;
        Class::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// What the form says about itself besides its fields.
fn root_keywords(shape: &shape::Shape<'_>) -> Map<String, Json> {
    let kept = ["title", "description", "x-en"];
    kept.iter().filter_map(|key| shape.get(key).map(|node| ((*key).to_owned(), node.to_json()))).collect()
}
