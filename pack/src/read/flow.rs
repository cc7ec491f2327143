//! `flows/NAME.yaml`: the head of a flow and its blocks, as they were written.

use std::collections::BTreeSet;

use zhupi_domain::time::PeriodKind;
use zhupi_domain::{Name, Span, Text};
use zhupi_engine::{LaneOrder, OnTwice};
use zhupi_forms::Right;

use super::people::{Selectors, selectors};
use super::scalars::{Expression, expected, expression, list, placed_name, string, text, word, years};
use super::start::{AboutSource, RuleSource, StopSource, start, stop};
use super::step::{CheckSource, StepSource, check, step};
use super::{Fields, Log, Placed};
use crate::number::NumberFormat;
use crate::yaml::{Node, Value};

/// One flow file, with the place of everything that must fit something elsewhere.
#[derive(Debug, Clone)]
pub struct FlowSource {
    pub name: Placed<Name>,
    pub title: Text,
    pub description: Option<Text>,
    pub start_title: Text,
    pub form: Option<Placed<Name>>,
    pub start_by: Selectors,
    /// What the calendar and facts start.
    pub starts: Vec<RuleSource>,
    /// Records about which people start it.
    pub about: Vec<AboutSource>,
    /// Facts that end what runs.
    pub stops: Vec<StopSource>,
    pub start_fields: Vec<FieldRight>,
    pub subject: Option<Placed<SubjectSource>>,
    pub period: Option<PeriodKind>,
    pub number: Option<NumberFormat>,
    pub visible: Selectors,
    pub highlights: Vec<Placed<Name>>,
    pub on_twice: OnTwice,
    pub retention_years: Option<u32>,
    pub check: Option<CheckSource>,
    pub blocks: Vec<BlockSource>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectSource {
    Initiator,
    Field(Name),
}

/// One line of `fields:`.
#[derive(Debug, Clone)]
pub struct FieldRight {
    pub field: Placed<String>,
    pub right: Right,
}

#[derive(Debug, Clone)]
pub enum BlockSource {
    Step(Box<StepSource>),
    Choose(ChooseSource),
    Parallel(ParallelSource),
    Each(Box<EachSource>),
    Later(LaterSource),
}

/// Branches that go on at the same time.
#[derive(Debug, Clone)]
pub struct ParallelSource {
    pub span: Span,
    pub branches: Vec<BranchSource>,
}

/// The same steps for every item of a list.
#[derive(Debug, Clone)]
pub struct EachSource {
    pub span: Span,
    pub of: Option<Expression>,
    pub label: Option<Expression>,
    pub order: LaneOrder,
    pub steps: Vec<BlockSource>,
}

/// A block that the language will know. Nothing of it is read but the names that it gives, so that nobody who uses them is
/// blamed.
#[derive(Debug, Clone)]
pub struct LaterSource {
    pub span: Span,
    pub names: BTreeSet<Name>,
}

#[derive(Debug, Clone)]
pub struct ChooseSource {
    pub span: Span,
    pub branches: Vec<BranchSource>,
}

#[derive(Debug, Clone)]
pub struct BranchSource {
    pub span: Span,
    pub title: Option<Text>,
    /// None for `otherwise`, and for a condition that could not be read.
    pub when: Option<Expression>,
    pub otherwise: bool,
    pub steps: Vec<BlockSource>,
}

const PERIODS: [(&str, PeriodKind); 4] = [
    ("week", PeriodKind::Week),
    ("month", PeriodKind::Month),
    ("quarter", PeriodKind::Quarter),
    ("year", PeriodKind::Year),
];
const ON_TWICE: [(&str, OnTwice); 3] =
    [("ask", OnTwice::Ask), ("once", OnTwice::Once), ("consecutive", OnTwice::Consecutive)];
/// Blocks that the language will know.
pub const BLOCKS_TO_COME: [&str; 3] = ["flow", "call", "notify"];

/// Reads a flow; none where not even its name can be read.
pub fn flow(root: &Node, log: &Log<'_>) -> Option<FlowSource> {
    let fields = Fields::of(root, log)?;
    let name = fields.required("flow", placed_name);
    let title = fields.required("title", text);
    let description = fields.optional("description", text);
    let form = fields.required("form", placed_name);
    let start_title = fields.optional("start_title", text);
    let start = fields.required("start", start).unwrap_or_default();
    let start_fields = fields.optional("start_fields", rights).unwrap_or_default();
    let subject = fields.optional("subject", subject);
    let period = fields.optional("period", word(&PERIODS));
    let number = fields.optional("number", crate::number::read);
    let visible = fields.optional("visible", selectors).unwrap_or_default();
    let highlights = fields.optional("highlights", list(placed_name)).unwrap_or_default();
    let on_twice = fields.optional("on_twice", word(&ON_TWICE)).unwrap_or_default();
    let retention_years = fields.optional("retention", years);
    let blocks = fields.required("steps", some_blocks).unwrap_or_default();
    let check = fields.optional("check", check);
    super::readings::note(&fields);
    let stops = fields.optional("stop", stop).unwrap_or_default();
    fields.reserved(&["about", "settings"]);
    fields.finish();
    let name = name?;
    Some(FlowSource {
        title: title.unwrap_or_else(|| Text::same(name.value.as_str())),
        start_title: start_title.unwrap_or_else(|| Text::new("填写申请", "Filled by the initiator")),
        name,
        description,
        form,
        start_by: start.by,
        starts: start.rules,
        about: start.about,
        stops,
        start_fields,
        subject,
        period,
        number,
        visible,
        highlights,
        on_twice,
        retention_years,
        check,
        blocks,
    })
}

fn subject(node: &Node, log: &Log<'_>) -> Option<Placed<SubjectSource>> {
    let written = string(node, log)?;
    let subject = match written.strip_prefix("form.") {
        Some(field) => SubjectSource::Field(super::scalars::named(field, node.span, log)?),
        None if written == "initiator" => SubjectSource::Initiator,
        None => {
            expected(node, log, " initiator 或 form.字段", "`initiator` or form.FIELD");
            return None;
        }
    };
    Some(Placed::new(subject, node.span))
}

/// `fields: { customer_no: readonly }`
pub fn rights(node: &Node, log: &Log<'_>) -> Option<Vec<FieldRight>> {
    let words = Right::ALL.map(|right| (right.as_str(), right));
    let fields = Fields::of(node, log)?;
    let entries = fields.rest();
    let read = entries.into_iter().filter_map(|entry| {
        let right = word(&words)(&entry.node, log)?;
        Some(FieldRight { field: Placed::new(entry.key.clone(), entry.key_span), right })
    });
    Some(read.collect())
}

/// The steps of a whole flow: at least one.
fn some_blocks(node: &Node, log: &Log<'_>) -> Option<Vec<BlockSource>> {
    if node.value == Value::Seq(Vec::new()) {
        log.error("flow.no-steps", node.span, "流程没有任何步骤", "the flow has no steps");
    }
    blocks(node, log)
}

/// A sequence of steps and choices.
pub fn blocks(node: &Node, log: &Log<'_>) -> Option<Vec<BlockSource>> {
    list(block)(node, log)
}

fn block(node: &Node, log: &Log<'_>) -> Option<BlockSource> {
    let fields = Fields::of(node, log)?;
    if let Some(word) = BLOCKS_TO_COME.iter().find(|word| fields.has(word)) {
        let span = fields.key_span(word).unwrap_or(fields.head());
        log.not_yet(word, span);
        let mut names = BTreeSet::new();
        names_in(node, &mut names);
        return Some(BlockSource::Later(LaterSource { span, names }));
    }
    if fields.has("choose") {
        let branches = fields.required("choose", list(branch)).unwrap_or_default();
        let span = fields.head();
        fields.finish();
        let choose = ChooseSource { span, branches };
        check_branches(&choose, log);
        return Some(BlockSource::Choose(choose));
    }
    if fields.has("parallel") {
        let branches = fields.required("parallel", list(side_branch)).unwrap_or_default();
        let span = fields.head();
        fields.finish();
        if branches.len() < 2 {
            log.error("flow.parallel", span, "并行至少要有两个分支", "a parallel block has at least two branches");
        }
        return Some(BlockSource::Parallel(ParallelSource { span, branches }));
    }
    if fields.has("each") {
        let each = EachSource {
            of: fields.required("each", expression),
            label: fields.optional("label", expression),
            order: fields.optional("order", word(&LANE_ORDERS)).unwrap_or_default(),
            steps: fields.required("steps", blocks).unwrap_or_default(),
            span: fields.head(),
        };
        fields.finish();
        return Some(BlockSource::Each(Box::new(each)));
    }
    step(fields).map(|step| BlockSource::Step(Box::new(step)))
}

const LANE_ORDERS: [(&str, LaneOrder); 2] = [("together", LaneOrder::Together), ("one-by-one", LaneOrder::OneByOne)];

/// A branch of a parallel block.
fn side_branch(node: &Node, log: &Log<'_>) -> Option<BranchSource> {
    let fields = Fields::of(node, log)?;
    let (title, span) = (fields.optional("title", text), fields.head());
    let steps = fields.required("steps", blocks);
    fields.finish();
    Some(BranchSource { span, title, when: None, otherwise: false, steps: steps.unwrap_or_default() })
}

/// The names of all steps and results below a node.
fn names_in(node: &Node, names: &mut BTreeSet<Name>) {
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| names_in(item, names)),
        Value::Map(entries) => {
            for entry in entries {
                let named = ["step", "into"].contains(&entry.key.as_str());
                let name = entry.node.scalar().filter(|_| named).and_then(|scalar| Name::new(&scalar.text).ok());
                names.extend(name);
                names_in(&entry.node, names);
            }
        }
        Value::Scalar(_) | Value::Refused => {}
    }
}

fn branch(node: &Node, log: &Log<'_>) -> Option<BranchSource> {
    let fields = Fields::of(node, log)?;
    let (title, span) = (fields.optional("title", text), fields.head());
    let otherwise = fields.has("otherwise");
    let (when, steps) = if otherwise {
        (None, fields.node("otherwise").and_then(|node| blocks(node, log)))
    } else {
        (fields.required("when", expression), fields.required("steps", blocks))
    };
    fields.finish();
    Some(BranchSource { span, title, when, otherwise, steps: steps.unwrap_or_default() })
}

/// One `otherwise`, and it is the last: then every way through the choice is written down.
fn check_branches(choose: &ChooseSource, log: &Log<'_>) {
    let last = choose.branches.len().saturating_sub(1);
    for branch in
        choose.branches.iter().enumerate().filter(|(at, branch)| branch.otherwise && *at != last).map(|(_, b)| b)
    {
        log.error(
            "flow.otherwise",
            branch.span,
            "`otherwise` 必须是最后一个分支",
            "`otherwise` has to be the last branch",
        );
    }
    match choose.branches.last() {
        Some(branch) if branch.otherwise && choose.branches.len() == 1 => {
            log.error(
                "flow.otherwise",
                branch.span,
                "`otherwise` 之前至少要有一个条件",
                "a condition is needed before `otherwise`",
            );
        }
        Some(branch) if branch.otherwise => {}
        _ => log.push(
            zhupi_domain::Diagnostic::error(
                "flow.otherwise",
                choose.span,
                Text::new("缺少最后一个分支 `otherwise`", "the last branch, `otherwise`, is missing"),
            )
            .hint(Text::new(
                "都不满足时不做什么，就写 - otherwise: []",
                "write `- otherwise: []` where nothing is to happen",
            )),
        ),
    }
}
