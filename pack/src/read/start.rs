//! Who or what starts a flow, as flows write it.

use zhupi_domain::calendar::{Anchor, Span as Stretch, Window};
use zhupi_domain::{Name, Text};
use zhupi_engine::Selector;

use super::due::window;
use super::people::{Selectors, selectors};
use super::scalars::{Expression, expected, expression, list, one_or_more, stretch, text, word};
use super::step::{Assignment, assignments};
use super::{Fields, Log, Placed};
use crate::yaml::{Node, Value};

/// All ways to start.
#[derive(Debug, Clone, Default)]
pub struct StartSource {
    pub by: Selectors,
    pub rules: Vec<RuleSource>,
    pub about: Vec<AboutSource>,
}

/// What starts requests without anybody asking for it.
#[derive(Debug, Clone)]
pub struct RuleSource {
    /// Each starts requests of its own.
    pub on: Vec<TriggerSource>,
    /// In whose name.
    pub who: Option<Placed<Selector>>,
    /// The kind of facts of which each starts a request; none: one request.
    pub of: Option<Placed<Name>>,
    pub when: Option<Expression>,
    /// What starts one request only, however often it comes round: what all of them say together.
    pub once: Vec<Expression>,
    pub form: Vec<Assignment>,
    pub period: Turn,
}

/// When such a rule looks.
#[derive(Debug, Clone)]
pub enum TriggerSource {
    /// On a day that comes round, in these months; empty: every month.
    Day(Window, Vec<u32>),
    /// Whenever a fact of its kind is recorded.
    Arrival,
}

/// A record about which people may start a request.
#[derive(Debug, Clone)]
pub struct AboutSource {
    pub of: Option<Placed<Name>>,
    pub by: Selectors,
    pub when: Option<Expression>,
    /// How long after it was recorded.
    pub within: Option<Stretch>,
    pub form: Vec<Assignment>,
}

/// A fact that ends what runs.
#[derive(Debug, Clone)]
pub struct StopSource {
    pub of: Option<Placed<Name>>,
    pub when: Option<Expression>,
    pub reason: Option<Text>,
}

/// Which period a request is about that starts by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Turn {
    /// The one before that of the day.
    Previous,
    /// The one that holds the day.
    #[default]
    This,
    /// The one after it.
    Next,
}

const PERIODS: [(&str, Turn); 3] = [("previous", Turn::Previous), ("this", Turn::This), ("next", Turn::Next)];

/// `start: [ { by: [ … ] }, { every: { day: 5 }, as: …, for: fact:… }, { when: fact:… }, { about: fact:… } ]`
pub fn start(node: &Node, log: &Log<'_>) -> Option<StartSource> {
    let mut source = StartSource::default();
    let ways = list(|node, log| {
        let fields = Fields::of(node, log)?;
        Some(if fields.has("every") {
            Way::Rule(every(fields))
        } else if fields.has("when") {
            Way::Rule(arrival(fields))
        } else if fields.has("about") {
            Way::About(about(fields))
        } else {
            let by = fields.required("by", selectors).unwrap_or_default();
            fields.finish();
            Way::By(by)
        })
    })(node, log)?;
    if node.value == Value::Seq(Vec::new()) {
        log.error("flow.nobody-starts", node.span, "没有人可以发起这个流程", "nobody may start this flow");
    }
    for way in ways {
        match way {
            Way::By(by) => source.by.extend(by),
            Way::Rule(rule) => source.rules.push(*rule),
            Way::About(about) => source.about.push(*about),
        }
    }
    Some(source)
}

enum Way {
    By(Selectors),
    Rule(Box<RuleSource>),
    About(Box<AboutSource>),
}

fn every(fields: Fields<'_>) -> Box<RuleSource> {
    let windows = fields.required("every", one_or_more(this_window)).unwrap_or_default();
    let months = fields.optional("months", list(month)).unwrap_or_default();
    let of = fields.optional("for", fact);
    let when = fields.optional("when", expression);
    if let (Some(span), None) = (fields.key_span("once"), &of) {
        fields.log().error("flow.once", span, "`once` 需要 `for`", "`once` needs `for`");
    }
    let on = windows.into_iter().map(|window| TriggerSource::Day(window, months.clone())).collect();
    rule(fields, on, of, when)
}

fn arrival(fields: Fields<'_>) -> Box<RuleSource> {
    let of = fields.required("when", fact);
    let when = fields.optional("if", expression);
    rule(fields, vec![TriggerSource::Arrival], of, when)
}

fn rule(
    fields: Fields<'_>,
    on: Vec<TriggerSource>,
    of: Option<Placed<Name>>,
    when: Option<Expression>,
) -> Box<RuleSource> {
    let source = RuleSource {
        on,
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
        of,
        when,
        once: fields.optional("once", once).unwrap_or_default(),
        form: fields.optional("form", assignments).unwrap_or_default(),
        period: fields.optional("period", word(&PERIODS)).unwrap_or_default(),
    };
    fields.finish();
    Box::new(source)
}

/// `item.customer` or `[ item.customer, 2 ]`
fn once(node: &Node, log: &Log<'_>) -> Option<Vec<Expression>> {
    let Value::Seq(items) = &node.value else { return expression(node, log).map(|only| vec![only]) };
    if items.is_empty() {
        log.error("flow.once", node.span, "`once` 至少要有一个表达式", "`once` needs an expression at least");
    }
    // All mistakes are told; half a list would start something else.
    let read: Vec<Option<Expression>> = items.iter().map(|item| expression(item, log)).collect();
    read.into_iter().collect()
}

fn about(fields: Fields<'_>) -> Box<AboutSource> {
    let source = AboutSource {
        of: fields.required("about", fact),
        by: fields.required("by", selectors).unwrap_or_default(),
        when: fields.optional("if", expression),
        within: fields.optional("within", stretch),
        form: fields.optional("form", assignments).unwrap_or_default(),
    };
    fields.finish();
    Box::new(source)
}

/// `stop: [ { when: fact:…, if: …, reason: … } ]`
pub fn stop(node: &Node, log: &Log<'_>) -> Option<Vec<StopSource>> {
    list(|node, log| {
        let fields = Fields::of(node, log)?;
        let source = StopSource {
            of: fields.required("when", fact),
            when: fields.required("if", expression),
            reason: fields.required("reason", text),
        };
        fields.finish();
        Some(source)
    })(node, log)
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
