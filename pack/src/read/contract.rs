//! `policies/NAME.yaml`: a policy's contract.

use std::collections::BTreeMap;

use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_policies::{
    Binding, Class, Contract, Control, Input, Kind, LeftOver, Output, Pick, PolicyName, Refusal, Take,
};

use super::scalars::{Expression, expression, list, name, named, policy_name, string, text, word};
use super::types::{described, fields_of, rounding};
use super::{Fields, Log, Placed};
use crate::yaml::{Entry, Node};

/// One contract file, with what the contract's own types do not keep.
#[derive(Debug, Clone)]
pub struct ContractSource {
    pub contract: Contract,
    /// The conditions on the facts that inputs are bound to.
    pub matches: BTreeMap<Name, Vec<(Placed<Name>, Expression)>>,
    /// Where inputs say what they are bound to.
    pub sources: BTreeMap<Name, Span>,
}

const KINDS: [(&str, Kind); 3] = [("score", Kind::Score), ("decision", Kind::Decision), ("payout", Kind::Payout)];
const LEFT_OVER: [(&str, LeftOver); 4] = [
    ("first", LeftOver::First),
    ("largest", LeftOver::Largest),
    ("company", LeftOver::Company),
    ("carry", LeftOver::Carry),
];
const CLASSES: [(&str, Class); 4] =
    [("public", Class::Public), ("internal", Class::Internal), ("pay", Class::Pay), ("identity", Class::Identity)];
const PICKS: [(&str, Pick); 5] =
    [("only", Pick::Only), ("latest", Pick::Latest), ("all", Pick::All), ("sum", Pick::Sum), ("count", Pick::Count)];

/// The name under which an input bound to a balance keeps whose balance it is.
pub const BALANCE_OF: &str = "of";

/// Reads the contract of the policy that its path names.
pub fn contract(policy: &PolicyName, root: &Node, log: &Log<'_>) -> Option<ContractSource> {
    let fields = Fields::of(root, log)?;
    if let Some(said) = fields.required("policy", policy_name) {
        check_name(policy, &said, log);
    }
    let mut contract = Contract::new(policy.clone(), fields.required("kind", word(&KINDS)).unwrap_or(Kind::Decision));
    contract.title = fields.optional("title", text);
    contract.clause = fields.optional("clause", string);
    contract.rounding = fields.optional("rounding", rounding).unwrap_or_default();
    contract.left_over = fields.optional("left_over", word(&LEFT_OVER)).unwrap_or_default();
    let inputs = fields.optional("inputs", inputs).unwrap_or_default();
    contract.outputs = fields.required("outputs", outputs).unwrap_or_default();
    contract.refusals = fields.optional("refusals", list(refusal)).unwrap_or_default();
    contract.control = fields.optional("control", list(control)).unwrap_or_default();
    super::readings::note(&fields);
    fields.reserved(&["params", "check", "warnings", "use"]);
    fields.finish();
    let mut source = ContractSource { contract, matches: BTreeMap::new(), sources: BTreeMap::new() };
    for (input, bound) in inputs {
        let name = input.name().clone();
        source.sources.extend(bound.span.map(|span| (name.clone(), span)));
        source.matches.insert(name, bound.matches);
        source.contract.inputs.push(input);
    }
    Some(source)
}

fn check_name(policy: &PolicyName, said: &Placed<PolicyName>, log: &Log<'_>) {
    if said.value != *policy {
        log.push(
            Diagnostic::error(
                "contract.name",
                said.span,
                Text::new(
                    format!("文件的位置是 `{policy}`，里面却写着 `{}`", said.value),
                    format!("the file's place says `{policy}`, but it says `{}`", said.value),
                ),
            )
            .hint(Text::new("两者要一致", "both have to be the same")),
        );
    }
}

/// What an input says about its source.
#[derive(Default)]
struct Bound {
    binding: Option<Binding>,
    matches: Vec<(Placed<Name>, Expression)>,
    span: Option<Span>,
    class: Class,
    title: Option<Text>,
    labels: BTreeMap<String, Text>,
    clause: Option<String>,
}

fn inputs(node: &Node, log: &Log<'_>) -> Option<Vec<(Input, Bound)>> {
    let entries = Fields::of(node, log)?.rest();
    Some(entries.into_iter().filter_map(|entry| input(entry, log)).collect())
}

fn input(entry: &Entry, log: &Log<'_>) -> Option<(Input, Bound)> {
    let (field, mut bound) = described(entry, log, bound)?;
    let input = Input {
        field,
        from: bound.binding.take(),
        class: bound.class,
        title: bound.title.take(),
        labels: std::mem::take(&mut bound.labels),
        clause: bound.clause.take(),
    };
    Some((input, bound))
}

fn bound(fields: &Fields<'_>) -> Bound {
    let mut bound = Bound {
        binding: fields.optional("from", binding),
        span: fields.node("from").map(|node| node.span),
        class: fields.optional("class", word(&CLASSES)).unwrap_or_default(),
        title: fields.optional("title", text),
        labels: fields.optional("labels", labels).unwrap_or_default(),
        clause: fields.optional("clause", string),
        matches: Vec::new(),
    };
    if let Some(Binding::Balance(balance)) = &mut bound.binding {
        let of = fields.required("of", |node, log| expression(node, log).map(|value| (node.span, value)));
        let name = Name::new(BALANCE_OF).ok();
        balance.of = of.as_ref().map(|(_, value)| value.expr.source().to_owned());
        bound.matches =
            name.zip(of).map(|(name, (span, value))| (Placed::new(name, span), value)).into_iter().collect();
        balance.take = fields.optional("take", word(&Take::WORDS)).unwrap_or_default();
    }
    if let Some(Binding::Fact(fact)) = &mut bound.binding {
        bound.matches = fields.optional("match", matches).unwrap_or_default();
        fact.take = fields.optional("take", name);
        fact.pick = fields.optional("pick", word(&PICKS)).unwrap_or_default();
        fact.matches =
            bound.matches.iter().map(|(field, value)| (field.value.clone(), value.expr.source().to_owned())).collect();
    }
    bound
}

fn labels(node: &Node, log: &Log<'_>) -> Option<BTreeMap<String, Text>> {
    let entries = Fields::of(node, log)?.rest();
    Some(entries.into_iter().filter_map(|entry| Some((entry.key.clone(), text(&entry.node, log)?))).collect())
}

fn binding(node: &Node, log: &Log<'_>) -> Option<Binding> {
    Binding::parse(&string(node, log)?, Some(node.span)).map_err(|findings| log.extend(findings)).ok()
}

fn matches(node: &Node, log: &Log<'_>) -> Option<Vec<(Placed<Name>, Expression)>> {
    let entries = Fields::of(node, log)?.rest();
    let lines = entries.into_iter().filter_map(|entry| {
        let field = Placed::new(named(&entry.key, entry.key_span, log)?, entry.key_span);
        expression(&entry.node, log).map(|value| (field, value))
    });
    Some(lines.collect())
}

fn outputs(node: &Node, log: &Log<'_>) -> Option<Vec<Output>> {
    let entries = Fields::of(node, log)?.rest();
    let outputs = entries.into_iter().filter_map(|entry| {
        let (field, more) = described(entry, log, |fields| Shown {
            title: fields.optional("title", text),
            labels: fields.optional("labels", labels).unwrap_or_default(),
            clause: fields.optional("clause", string),
            class: fields.optional("class", word(&CLASSES)).unwrap_or_default(),
        })?;
        let Shown { title, labels, clause, class } = more;
        Some(Output { field, title, labels, clause, class })
    });
    Some(outputs.collect())
}

/// How an output is shown.
#[derive(Default)]
struct Shown {
    title: Option<Text>,
    labels: BTreeMap<String, Text>,
    clause: Option<String>,
    class: Class,
}

/// `code`, or `{ code: …, data: { … }, text: … }`
fn refusal(node: &Node, log: &Log<'_>) -> Option<Refusal> {
    if node.entries().is_none() {
        let code = name(node, log)?;
        return Some(Refusal { span: Some(node.span), ..Refusal::new(code) });
    }
    let fields = Fields::of(node, log)?;
    let code = fields.required("code", name);
    let data = fields.optional("data", fields_of).unwrap_or_default();
    let (plain, detail) = (fields.optional("text", text), fields.optional("detail", text));
    let at = fields.node("detail").map_or(node.span, |node| node.span);
    fields.finish();
    let refusal = Refusal { data, text: plain, detail, span: Some(node.span), ..Refusal::new(code?) };
    let known: Vec<&str> = refusal.data.iter().map(|field| field.name.as_str()).collect();
    for name in refusal.tells().into_iter().filter(|name| !known.contains(name)) {
        let message = Text::new(
            format!("`{{{name}}}` 不是这条拒绝的 data"),
            format!("`{{{name}}}` is not among the `data` of this refusal"),
        );
        log.push(log.hints(Diagnostic::error("contract.refusal-detail", at, message), name, &known));
    }
    Some(refusal)
}

fn control(node: &Node, log: &Log<'_>) -> Option<Control> {
    let expression = expression(node, log)?;
    Some(Control { source: expression.expr.source().to_owned(), span: Some(expression.text_span()) })
}
