//! One step of a flow.

use zhupi_domain::calendar::Span as Stretch;
use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_engine::Then;
use zhupi_policies::PolicyName;

use super::flow::{FieldRight, rights};
use super::people::{AssignSource, Selectors, assign, selectors};
use super::scalars::{
    Expression, expected, expression, list, named, placed_name, plain_name, policy_name, stretch, string, text, word,
    years,
};
use super::{Fields, Log, Placed};
use crate::yaml::{Node, Value};

/// One step, as it was written.
#[derive(Debug, Clone)]
pub struct StepSource {
    pub name: Placed<Name>,
    pub title: Option<Text>,
    /// None where it says several things at once, or nothing that is known.
    pub kind: Option<KindSource>,
    /// Where the step begins.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum KindSource {
    Human(HumanSource),
    Policy(PolicySource),
    Record(RecordSource),
    Archive { copies: Vec<String>, keep_years: Option<u32> },
}

/// `approve:` or `fill:` with what stands beside it.
#[derive(Debug, Clone)]
pub struct HumanSource {
    pub fills: bool,
    /// The form of its own that a fill step fills.
    pub form: Option<Placed<Name>>,
    pub into: Option<Placed<Name>>,
    pub assign: AssignSource,
    pub due: Option<Stretch>,
    /// Whether a `due` is written, also one that could not be read.
    pub due_said: bool,
    pub overdue: Vec<OverdueSource>,
    pub on_reject: Option<OnRejectSource>,
    pub fields: Vec<FieldRight>,
}

#[derive(Debug, Clone)]
pub struct OverdueSource {
    pub after: Option<Stretch>,
    /// Whom to escalate to; none: remind.
    pub escalate_to: Option<Selectors>,
}

#[derive(Debug, Clone)]
pub enum OnRejectSource {
    End,
    Return { to: Placed<String>, then: Then },
}

#[derive(Debug, Clone)]
pub struct PolicySource {
    pub run: Option<Placed<PolicyName>>,
    pub with: Vec<Assignment>,
    pub into: Option<Placed<Name>>,
    /// Where the step's `policy:` stands.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct RecordSource {
    pub fact: Option<Placed<Name>>,
    pub set: Vec<Assignment>,
    pub span: Span,
}

/// One line of `with:` or `set:`.
#[derive(Debug, Clone)]
pub struct Assignment {
    pub name: Placed<Name>,
    pub value: Expression,
}

const KINDS: [&str; 5] = ["approve", "fill", "policy", "record", "archive"];
/// Words beside `by:` that the language will know.
const HUMAN_TO_COME: [&str; 10] =
    ["sheet", "sign", "not", "abstain", "pass", "quorum", "weights", "chair", "minutes", "unseen"];
const THEN: [(&str, Then); 2] = [("direct", Then::Direct), ("restart", Then::Restart)];

/// Reads a step out of its members.
pub fn step(fields: Fields<'_>) -> Option<StepSource> {
    let log = fields.log();
    let name = fields.optional("step", placed_name);
    let title = fields.optional("title", text);
    let kind = kind(&fields);
    let span = fields.head();
    fields.reserved(&["late", "check", "stop", "prefill", "every"]);
    if !fields.has("step") && matches!(kind, Some(KindSource::Human(_))) {
        log.push(
            Diagnostic::error("pack.missing-key", span, Text::new("缺少 `step`", "`step` is missing"))
                .hint(Text::new("给这一步起个名称，例如 step: finance", "give the step a name, such as step: finance")),
        );
    }
    let name = if fields.has("step") { name } else { default_name(kind.as_ref(), span) };
    fields.finish();
    Some(StepSource { name: name?, title, kind, span })
}

/// Machine steps may go without a name of their own.
fn default_name(kind: Option<&KindSource>, span: Span) -> Option<Placed<Name>> {
    let text = match kind? {
        KindSource::Human(_) => return None,
        KindSource::Policy(policy) => policy.into.as_ref()?.value.to_string(),
        KindSource::Record(record) => format!("record-{}", record.fact.as_ref()?.value),
        KindSource::Archive { .. } => "archive".to_owned(),
    };
    Name::new(text).ok().map(|name| Placed::new(name, span))
}

fn kind(fields: &Fields<'_>) -> Option<KindSource> {
    let log = fields.log();
    let said: Vec<(&str, Span)> = KINDS.iter().filter_map(|kind| Some((*kind, fields.key_span(kind)?))).collect();
    if let [_, (second, span), ..] = said.as_slice() {
        log.error(
            "flow.two-kinds",
            *span,
            format!("一步只能做一件事，`{second}` 是多余的"),
            format!("a step does one thing; `{second}` is too much"),
        );
    }
    match said.first().map(|(kind, _)| *kind) {
        Some(word @ ("approve" | "fill")) => human(fields, word == "fill").map(KindSource::Human),
        Some("policy") => fields.required("policy", policy).map(KindSource::Policy),
        Some("record") => fields.required("record", record).map(KindSource::Record),
        Some("archive") => fields.required("archive", archive),
        _ => {
            no_kind(fields);
            None
        }
    }
}

/// Where a key is nearly one of the kinds, that is reported instead.
fn no_kind(fields: &Fields<'_>) {
    let explained = |key: &str| zhupi_domain::nearest::nearest(key, KINDS).is_some();
    if !fields.rest().iter().any(|entry| explained(&entry.key)) {
        let message = Text::new("这一步没有说做什么", "the step does not say what is done");
        let finding = Diagnostic::error("flow.no-kind", fields.head(), message);
        fields.log().push(fields.log().hints(finding, "", &KINDS));
    }
}

fn human(fields: &Fields<'_>, fills: bool) -> Option<HumanSource> {
    let node = fields.node(if fills { "fill" } else { "approve" })?;
    let inner = Fields::of(node, fields.log())?;
    let mut assign = assign(&inner);
    if inner.has("sheet") {
        // Both are about the same thing, which is reported once.
        assign.decide = None;
    }
    let (form, into) = if fills { own_form(&inner) } else { (None, ruling(&inner)) };
    inner.reserved(&HUMAN_TO_COME);
    inner.finish();
    Some(HumanSource {
        fills,
        form,
        into,
        assign,
        due: fields.optional("due", due),
        due_said: fields.has("due"),
        overdue: fields.optional("overdue", list(overdue)).unwrap_or_default(),
        on_reject: fields.optional("on_reject", on_reject),
        fields: fields.optional("fields", rights).unwrap_or_default(),
    })
}

/// The result of an approval, which the language will know.
fn ruling(fields: &Fields<'_>) -> Option<Placed<Name>> {
    fields.log().not_yet("approve … into", fields.key_span("into")?);
    fields.optional("into", plain_name)
}

/// A time for the step; a day of the month, or a time before a date of the form, is for later.
fn due(node: &Node, log: &Log<'_>) -> Option<Stretch> {
    let text = node.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    if let Some(entries) = node.entries() {
        let word = entries.first().map(|entry| entry.key.as_str()).unwrap_or_default();
        log.not_yet(&format!("due: {{ {word}: … }}"), node.head());
        return None;
    }
    if text.contains(" before ") || text.contains(" after ") {
        log.not_yet(&format!("due: {text}"), node.span);
        return None;
    }
    stretch(node, log)
}

/// A form of its own and the name of its result go together.
fn own_form(fields: &Fields<'_>) -> (Option<Placed<Name>>, Option<Placed<Name>>) {
    let (form, into) = (fields.optional("form", placed_name), fields.optional("into", plain_name));
    let finding = match (fields.key_span("form"), fields.key_span("into")) {
        (Some(span), None) => {
            let message = Text::new(
                "填写自己的表单时要用 `into` 给结果起名",
                "a form of its own needs a name for its result: `into`",
            );
            Diagnostic::error("flow.result-unnamed", span, message)
                .hint(Text::new("例如 into: finding", "for example into: finding"))
        }
        (None, Some(span)) => {
            let message = Text::new("只有填写自己的表单才有结果", "only a form of its own gives a result");
            Diagnostic::error("flow.result-without-form", span, message)
                .hint(Text::new("加上 form，或去掉 into", "add `form`, or leave `into` out"))
        }
        _ => return (form, into),
    };
    fields.log().push(finding);
    (form, into)
}

fn overdue(node: &Node, log: &Log<'_>) -> Option<OverdueSource> {
    let fields = Fields::of(node, log)?;
    let after = fields.optional("after", due);
    let escalates = fields.required("do", word(&[("remind", false), ("escalate", true)]));
    let to = match escalates {
        Some(true) => Some(fields.required("to", selectors).unwrap_or_default()),
        _ => None,
    };
    fields.reserved(&["every", "max"]);
    fields.finish();
    escalates.map(|_| OverdueSource { after, escalate_to: to })
}

fn on_reject(node: &Node, log: &Log<'_>) -> Option<OnRejectSource> {
    if node.scalar().is_some_and(|scalar| scalar.text == "end") {
        return Some(OnRejectSource::End);
    }
    if node.entries().is_none() {
        expected(node, log, " end 或 { return: …, then: … }", "`end` or { return: …, then: … }");
        return None;
    }
    let fields = Fields::of(node, log)?;
    let to = fields.required("return", |node, log| string(node, log).map(|to| Placed::new(to, node.span)));
    let then = fields.optional("then", word(&THEN)).unwrap_or(Then::Restart);
    fields.finish();
    to.map(|to| OnRejectSource::Return { to, then })
}

fn policy(node: &Node, log: &Log<'_>) -> Option<PolicySource> {
    let fields = Fields::of(node, log)?;
    let source = PolicySource {
        run: fields.required("run", policy_name),
        with: fields.optional("with", assignments).unwrap_or_default(),
        into: fields.required("into", plain_name),
        span: fields.head(),
    };
    fields.finish();
    Some(source)
}

fn record(node: &Node, log: &Log<'_>) -> Option<RecordSource> {
    let fields = Fields::of(node, log)?;
    let source = RecordSource {
        fact: fields.required("fact", placed_name),
        set: fields.required("set", assignments).unwrap_or_default(),
        span: fields.head(),
    };
    fields.reserved(&["replaces"]);
    fields.finish();
    Some(source)
}

fn assignments(node: &Node, log: &Log<'_>) -> Option<Vec<Assignment>> {
    let fields = Fields::of(node, log)?;
    let lines = fields.rest().into_iter().filter_map(|entry| {
        let name = named(&entry.key, entry.key_span, log).map(|name| Placed::new(name, entry.key_span));
        let value = expression(&entry.node, log);
        Some(Assignment { name: name?, value: value? })
    });
    Some(lines.collect())
}

fn archive(node: &Node, log: &Log<'_>) -> Option<KindSource> {
    let fields = Fields::of(node, log)?;
    let copies = fields.required("copies", list(string)).unwrap_or_default();
    let keep_years = fields.optional("keep", years);
    if fields.node("copies").is_some_and(|node| node.value == Value::Seq(Vec::new())) {
        log.error("pack.empty-list", fields.head(), "至少要写一个存档单位", "at least one holder of a copy is needed");
    }
    fields.finish();
    Some(KindSource::Archive { copies, keep_years })
}
