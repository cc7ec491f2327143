//! Who acts: selectors, and the rules for nobody and for oneself.

use zhupi_domain::{Diagnostic, Span, Text};
use zhupi_engine::{Decide, Selector, SelectorError};

use super::scalars::{one_or_more, string, word};
use super::{Fields, Log, Placed};
use crate::yaml::Node;

pub type Selectors = Vec<Placed<Selector>>;

/// Who acts at a step, as it was written.
#[derive(Debug, Clone, Default)]
pub struct AssignSource {
    pub by: Selectors,
    pub decide: Option<Placed<Decide>>,
    pub on_self: OnSelfSource,
    pub on_empty: OnEmptySource,
}

#[derive(Debug, Clone, Default)]
pub enum OnSelfSource {
    #[default]
    Exclude,
    Manager,
    Skip,
    Allow,
    Instead(Selectors),
}

#[derive(Debug, Clone, Default)]
pub enum OnEmptySource {
    #[default]
    Incident,
    Skip,
    Instead(Selectors),
}

const DECIDE: [(&str, Decide); 3] = [("any", Decide::Any), ("all", Decide::All), ("in-order", Decide::InOrder)];
const WORDS: [&str; 10] =
    ["person:", "role:", "committee:", "head-of:", "manager-of:", "initiator", "subject", "form.", "item.", "anyone"];

/// The people of `approve:` or `fill:`.
///
/// A committee hears everybody, so there is nothing to say about how they decide.
pub fn assign(fields: &Fields<'_>, is_vote: bool) -> AssignSource {
    let by = fields.required("by", selectors).unwrap_or_default();
    let placed = |node: &Node, log: &Log<'_>| word(&DECIDE)(node, log).map(|decide| Placed::new(decide, node.span));
    let decide = if is_vote { None } else { fields.optional("decide", placed) };
    AssignSource {
        by,
        decide,
        on_self: fields.optional("on_self", on_self).unwrap_or_default(),
        on_empty: fields.optional("on_empty", on_empty).unwrap_or_default(),
    }
}

fn on_self(node: &Node, log: &Log<'_>) -> Option<OnSelfSource> {
    Some(match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("manager") => OnSelfSource::Manager,
        Some("skip") => OnSelfSource::Skip,
        Some("allow") => OnSelfSource::Allow,
        _ => OnSelfSource::Instead(selectors_or(node, log, &["manager", "skip", "allow"])?),
    })
}

fn on_empty(node: &Node, log: &Log<'_>) -> Option<OnEmptySource> {
    Some(match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("incident") => OnEmptySource::Incident,
        Some("skip") => OnEmptySource::Skip,
        _ => OnEmptySource::Instead(selectors_or(node, log, &["incident", "skip"])?),
    })
}

/// One selector or a list of them; none is reported.
pub fn selectors(node: &Node, log: &Log<'_>) -> Option<Selectors> {
    selectors_or(node, log, &[])
}

fn selectors_or(node: &Node, log: &Log<'_>, words: &[&'static str]) -> Option<Selectors> {
    let list = one_or_more(|node, _| selector(node, log, words))(node, log)?;
    if node.value == crate::yaml::Value::Seq(Vec::new()) {
        log.error(
            "pack.empty-list",
            node.span,
            "这里至少要写一个人选",
            "at least one way to name people is needed here",
        );
    }
    Some(list)
}

fn selector(node: &Node, log: &Log<'_>, words: &[&'static str]) -> Option<Placed<Selector>> {
    let text = string(node, log)?;
    match text.parse() {
        Ok(selector) => Some(Placed::new(selector, node.span)),
        Err(error) => {
            report(&error, &text, node.span, words, log);
            None
        }
    }
}

fn report(error: &SelectorError, text: &str, span: Span, words: &[&'static str], log: &Log<'_>) {
    let finding = |zh: String| Diagnostic::error("flow.selector", span, Text::new(zh, error.to_string()));
    match error {
        SelectorError::NotYetSupported(word) => log.not_yet(&format!("{word}:"), span),
        SelectorError::Unknown(_) => {
            let known: Vec<&str> = words.iter().chain(&WORDS).copied().collect();
            log.push(log.hints(finding(format!("看不懂人选 `{text}`")), text, &known));
        }
        SelectorError::BadName { .. } => log.push(
            finding(format!("`{text}` 里的名称不对"))
                .hint(Text::new("例如 role:finance、form.salesperson", "for example role:finance or form.salesperson")),
        ),
        SelectorError::BadLevels(_) => log.push(finding(format!("`{text}`：级数应为 1 到 9"))),
    }
}
