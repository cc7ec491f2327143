//! Who or what starts a flow, as flows write it.

use zhupi_domain::calendar::{Anchor, Window};
use zhupi_domain::{Name, Span};
use zhupi_engine::Selector;

use super::due::window;
use super::people::{Selectors, selectors};
use super::scalars::{Expression, expected, expression, list, word};
use super::step::{Assignment, assignments};
use super::{Fields, Log, Placed};
use crate::yaml::{Node, Value};

/// All ways to start.
#[derive(Debug, Clone, Default)]
pub struct StartSource {
    pub by: Selectors,
    pub every: Vec<EverySource>,
}

/// A day that comes round and starts requests.
#[derive(Debug, Clone)]
pub struct EverySource {
    pub every: Option<Window>,
    /// The months in which it does; empty: every month.
    pub months: Vec<u32>,
    /// In whose name.
    pub who: Option<Placed<Selector>>,
    /// The kind of facts of which each starts a request; none: one request.
    pub of: Option<Placed<Name>>,
    pub when: Option<Expression>,
    /// What starts one request only, however often the day comes round.
    pub once: Option<Expression>,
    pub form: Vec<Assignment>,
    /// It is about the period before.
    pub previous: bool,
    pub span: Span,
}

/// Other ways to start that the language will know.
const TO_COME: [&str; 2] = ["about", "window"];
const PERIODS: [(&str, bool); 2] = [("this", false), ("previous", true)];

/// `start: [ { by: [ … ] }, { every: { day: 5 }, as: …, for: fact:… } ]`
pub fn start(node: &Node, log: &Log<'_>) -> Option<StartSource> {
    let mut source = StartSource::default();
    let ways = list(|node, log| {
        let fields = Fields::of(node, log)?;
        if fields.has("every") {
            return every(fields).map(Way::Every);
        }
        if let Some(word) = TO_COME.iter().chain(&["when"]).find(|word| fields.has(word)) {
            log.not_yet(word, fields.key_span(word).unwrap_or(fields.head()));
            return None;
        }
        let by = fields.required("by", selectors).unwrap_or_default();
        fields.finish();
        Some(Way::By(by))
    })(node, log)?;
    if node.value == Value::Seq(Vec::new()) {
        log.error("flow.nobody-starts", node.span, "没有人可以发起这个流程", "nobody may start this flow");
    }
    for way in ways {
        match way {
            Way::By(by) => source.by.extend(by),
            Way::Every(every) => source.every.push(*every),
        }
    }
    Some(source)
}

enum Way {
    By(Selectors),
    Every(Box<EverySource>),
}

fn every(fields: Fields<'_>) -> Option<Box<EverySource>> {
    let log = fields.log();
    let source = EverySource {
        every: fields.required("every", this_window),
        months: fields.optional("months", list(month)).unwrap_or_default(),
        who: fields.required("as", |node, log| {
            let mut found = selectors(node, log)?.into_iter();
            match (found.next(), found.next()) {
                (Some(one), None) => Some(one),
                _ => {
                    expected(node, log, "一个人选", "one way to name somebody");
                    None
                }
            }
        }),
        of: fields.optional("for", fact),
        when: fields.optional("when", expression),
        once: fields.optional("once", expression),
        form: fields.optional("form", assignments).unwrap_or_default(),
        previous: fields.optional("period", word(&PERIODS)).unwrap_or_default(),
        span: fields.head(),
    };
    if let (Some(span), None) = (fields.key_span("once"), &source.of) {
        log.error("flow.once", span, "`once` 需要 `for`", "`once` needs `for`");
    }
    fields.finish();
    Some(Box::new(source))
}

/// A window of the month or week that runs.
fn this_window(node: &Node, log: &Log<'_>) -> Option<Window> {
    let window = window(node, log)?;
    if window.of != Anchor::This {
        expected(node, log, "当月或当周的一天", "a day of the month or week that runs");
        return None;
    }
    Some(window)
}

fn month(node: &Node, log: &Log<'_>) -> Option<u32> {
    let month = node.scalar().and_then(|scalar| scalar.text.parse().ok()).filter(|month| (1..=12).contains(month));
    if month.is_none() {
        expected(node, log, "1 到 12 的月份", "a month from 1 to 12");
    }
    month
}

/// `fact:receivable`
fn fact(node: &Node, log: &Log<'_>) -> Option<Placed<Name>> {
    let text = node.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let name = text.strip_prefix("fact:").and_then(|name| Name::new(name).ok());
    if name.is_none() {
        expected(node, log, "fact:种类", "fact:KIND");
    }
    name.map(|name| Placed::new(name, node.span))
}
