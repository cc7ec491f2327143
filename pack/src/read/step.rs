//! One step of a flow.

use zhupi_domain::calendar::Span as Stretch;
use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_engine::{Late, MoveKind, Sheet, Then};
use zhupi_policies::PolicyName;

use super::accounts::{MOVES, MoveSource, moves};
use super::due::{DueSource, due};
use super::flow::{FieldRight, rights};
use super::people::{AssignSource, Selectors, assign, selectors};
use super::scalars::{
    Expression, boolean, expected, expression, list, named, placed_name, plain_name, policy_name, stretch, string,
    text, word, years,
};
use super::vote::{VoteSource, vote};
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
    Move(MoveSource),
}

/// What a people's step is for.
#[derive(Debug, Clone)]
pub enum Doing {
    Approve,
    /// Fills a form of its own, or (none) the request's.
    Fill {
        form: Option<Placed<Name>>,
        sheet: Sheet,
    },
    Vote(VoteSource),
}

/// `check:`: a policy that must accept something first.
#[derive(Debug, Clone)]
pub struct CheckSource {
    pub run: Option<Placed<PolicyName>>,
    pub with: Vec<Assignment>,
    pub span: Span,
}

/// `approve:` or `fill:` with what stands beside it.
#[derive(Debug, Clone)]
pub struct HumanSource {
    pub does: Doing,
    pub into: Option<Placed<Name>>,
    pub assign: AssignSource,
    pub due: Option<DueSource>,
    /// Whether a `due` is written, also one that could not be read.
    pub due_said: bool,
    pub overdue: Vec<OverdueSource>,
    pub late: Late,
    pub check: Option<CheckSource>,
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
    Continue,
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

const KINDS: [&str; 9] = ["approve", "fill", "vote", "policy", "record", "archive", "reserve", "release", "post"];
const SHEETS: [(&str, bool); 2] = [("shared", false), ("own", true)];
const LATE: [(&str, Late); 3] = [("mark", Late::Mark), ("refuse", Late::Refuse), ("close", Late::Close)];
const THEN: [(&str, Then); 2] = [("direct", Then::Direct), ("restart", Then::Restart)];

/// Reads a step out of its members.
pub fn step(fields: Fields<'_>) -> Option<StepSource> {
    let log = fields.log();
    let name = fields.optional("step", placed_name);
    let title = fields.optional("title", text);
    let kind = kind(&fields);
    let span = fields.head();
    fields.reserved(&["stop", "prefill", "every"]);
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
        KindSource::Move(moved) => {
            let (word, _) = MOVES.iter().find(|(_, does)| *does == moved.does)?;
            format!("{word}-{}", moved.account.as_ref()?.value)
        }
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
        Some(word @ ("approve" | "fill" | "vote")) => human(fields, word).map(KindSource::Human),
        Some("policy") => fields.required("policy", policy).map(KindSource::Policy),
        Some("record") => fields.required("record", record).map(KindSource::Record),
        Some("archive") => fields.required("archive", archive),
        Some("reserve") => {
            fields.required("reserve", |node, log| moves(MoveKind::Reserve, node, log)).map(KindSource::Move)
        }
        Some("release") => {
            fields.required("release", |node, log| moves(MoveKind::Release, node, log)).map(KindSource::Move)
        }
        Some("post") => fields.required("post", |node, log| moves(MoveKind::Post, node, log)).map(KindSource::Move),
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

fn human(fields: &Fields<'_>, kind: &'static str) -> Option<HumanSource> {
    let node = fields.node(kind)?;
    let inner = Fields::of(node, fields.log())?;
    let assign = assign(&inner, kind == "vote");
    let (does, into) = match kind {
        "fill" => {
            let (form, into) = own_form(&inner);
            let own = inner.optional("sheet", word(&SHEETS)).unwrap_or_default();
            let unseen = inner.optional("unseen", boolean).unwrap_or_default();
            if unseen && !own {
                let span = inner.key_span("unseen").unwrap_or(inner.head());
                fields.log().error(
                    "flow.unseen",
                    span,
                    "`unseen` 只用于 sheet: own",
                    "`unseen` is for `sheet: own` only",
                );
            }
            (Doing::Fill { form, sheet: if own { Sheet::Own { unseen } } else { Sheet::Shared } }, into)
        }
        "vote" => (Doing::Vote(vote(&inner)), inner.optional("into", plain_name)),
        _ => (Doing::Approve, inner.optional("into", plain_name)),
    };
    inner.finish();
    Some(HumanSource {
        does,
        into,
        assign,
        due: fields.optional("due", due),
        due_said: fields.has("due"),
        overdue: fields.optional("overdue", list(overdue)).unwrap_or_default(),
        late: fields.optional("late", word(&LATE)).unwrap_or_default(),
        check: fields.optional("check", check),
        on_reject: fields.optional("on_reject", on_reject),
        fields: fields.optional("fields", rights).unwrap_or_default(),
    })
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
    let after = fields.optional("after", stretch);
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
    if node.scalar().is_some_and(|scalar| scalar.text == "continue") {
        return Some(OnRejectSource::Continue);
    }
    if node.entries().is_none() {
        expected(node, log, " end、continue 或 { return: …, then: … }", "`end`, `continue` or { return: …, then: … }");
        return None;
    }
    let fields = Fields::of(node, log)?;
    let to = fields.required("return", |node, log| string(node, log).map(|to| Placed::new(to, node.span)));
    let then = fields.optional("then", word(&THEN)).unwrap_or(Then::Restart);
    fields.finish();
    to.map(|to| OnRejectSource::Return { to, then })
}

/// `check: credit.complete`, or `check: { run: credit.complete, with: { … } }`.
pub fn check(node: &Node, log: &Log<'_>) -> Option<CheckSource> {
    if node.entries().is_none() {
        return Some(CheckSource { run: policy_name(node, log), with: Vec::new(), span: node.span });
    }
    let fields = Fields::of(node, log)?;
    let source = CheckSource {
        run: fields.required("run", policy_name),
        with: fields.optional("with", assignments).unwrap_or_default(),
        span: fields.head(),
    };
    fields.finish();
    Some(source)
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

pub fn assignments(node: &Node, log: &Log<'_>) -> Option<Vec<Assignment>> {
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
