//! Evaluating a policy for a step.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value as Json, json};
use zhupi_domain::calendar::DayKind;
use zhupi_domain::expr::{Expr, Value};
use zhupi_domain::{Decimal, Diagnostic, Name, Text};
use zhupi_engine::{Block, Flow, Machine, Obstacle, Problem, StepKind};
use zhupi_policies::{
    Binding, Contract, Evaluation, FactBinding, Input, Outcome, Pick, Policy, Presence, Request, Type, evaluate,
};

use super::{Job, MachineAnswer, Scope, World, failed, failed_with};
use crate::Release;
use crate::answers::scope::uncomputable;
use crate::answers::{BalanceKey, FactQuery, Found, Wanted};
use crate::convert::{entered_json, input_json, key_text, text_of};

/// Values that the flow gives, by input.
pub type Given = BTreeMap<Name, Value>;

/// Evaluates `with:`; what has no value is left to the contract.
pub fn given(
    contract: &Contract,
    with: &BTreeMap<Name, Expr>,
    scope: &Scope,
    world: &World<'_>,
) -> Result<Given, Obstacle> {
    let mut given = Given::new();
    for (name, expr) in with {
        let value = expr.eval(scope.value(), &scope.context(world));
        let value = value.map_err(|error| uncomputable(&format!("{name} = {}", expr.source()), error.kind))?;
        if !value.is_absent() && contract.inputs.iter().any(|input| input.name() == name) {
            given.insert(name.clone(), value);
        }
    }
    Ok(given)
}

/// The facts and balances that inputs without a given value are bound to.
pub fn wanted(release: &Release, policy: &Policy, given: &Given, scope: &Scope, world: &World<'_>) -> Wanted {
    let contract = policy.contract();
    let asked = Asked { release, contract, given, scope, world };
    let mut wanted = Wanted::default();
    for input in contract.inputs.iter().filter(|input| !given.contains_key(input.name())) {
        match &input.from {
            Some(Binding::Fact(fact)) => wanted.facts.extend(asked.facts(input, fact)),
            Some(Binding::Balance(balance)) => wanted.balances.extend(asked.balance(input, &balance.account)),
            _ => {}
        }
    }
    wanted
}

/// A policy about to be evaluated, looking for its inputs.
struct Asked<'a> {
    release: &'a Release,
    contract: &'a Contract,
    given: &'a Given,
    scope: &'a Scope,
    world: &'a World<'a>,
}

impl Asked<'_> {
    fn facts(&self, input: &Input, fact: &FactBinding) -> Option<FactQuery> {
        let matching = self.matching(input, fact).ok()?;
        Some(FactQuery { input: input.name().clone(), kind: fact.fact.clone(), matching, pick: fact.pick })
    }

    /// What the facts of an input are looked up by; or what of it has no value.
    fn matching(&self, input: &Input, fact: &FactBinding) -> Result<BTreeMap<String, String>, Text> {
        let scope = match_scope(self.given, self.scope);
        let form = self.release.fact(&fact.fact);
        let lines = self.release.matches(&self.contract.policy, input.name()).iter();
        let line = |(field, expr): &(Name, Expr)| {
            let value = expr.eval(&scope, &self.scope.context(self.world)).map_err(|error| {
                let message = error.kind.message();
                let en = message.en.unwrap_or_default();
                Text::new(
                    format!("{field}（{}）无法计算：{}", expr.source(), message.zh),
                    format!("{field} ({}) cannot be computed: {en}", expr.source()),
                )
            })?;
            let key = form.and_then(|form| key_text(&value, form.field(field.as_str())?)).ok_or_else(|| {
                Text::new(
                    format!("{field}（{}）没有值", expr.source()),
                    format!("{field} ({}) has no value", expr.source()),
                )
            })?;
            Ok((field.to_string(), key))
        };
        lines.map(line).collect()
    }

    fn balance(&self, input: &Input, account: &Name) -> Option<BalanceKey> {
        let (_, of) = self.release.matches(&self.contract.policy, input.name()).first()?;
        let scope = match_scope(self.given, self.scope);
        let key = of.eval(&scope, &self.scope.context(self.world)).ok()?;
        Some(BalanceKey { account: account.clone(), key: text_of(&key.to_json())? })
    }
}

/// What conditions on facts see: the subject, the period and today, and the inputs given.
fn match_scope(given: &Given, scope: &Scope) -> Value {
    let mut members = BTreeMap::new();
    if let Value::Record(all) = scope.value() {
        let usual = ["subject", "period", "today"].into_iter();
        members.extend(usual.filter_map(|name| Some((name.to_owned(), all.get(name)?.clone()))));
    }
    members.extend(given.iter().map(|(name, value)| (name.to_string(), value.clone())));
    Value::Record(members)
}

/// Evaluates the policy and says what comes of its answer.
pub(super) fn run(job: &Job<'_>, run: &str, with: &BTreeMap<Name, Expr>, into: &Name, found: &Found) -> MachineAnswer {
    let Some(policy) = job.release.policy(run) else {
        return failed(Text::new(format!("版本里没有政策 {run}"), format!("the release has no policy {run}")));
    };
    let given = match given(policy.contract(), with, &job.scope, job.world) {
        Ok(given) => given,
        Err(message) => return failed(message),
    };
    match evaluated(job, policy, &given, found) {
        Ok(evaluation) => answer(job.release, &evaluation, run, is_looked_at(job.flow, into)),
        Err(finding) => failed_with(job.release, &finding, Map::new()),
    }
}

/// Evaluates a policy over what the flow gives and what was found; or why an input could not be found.
pub fn evaluated(job: &Job<'_>, policy: &Policy, given: &Given, found: &Found) -> Result<Evaluation, Box<Diagnostic>> {
    let inputs = inputs(job, policy, given, found)?;
    // Params are read on the last day of what the request is about.
    let on = job.instance.period.map_or_else(|| job.world.today(), |period| period.end());
    one(job.release, policy, Request::new(inputs, on))
}

/// One evaluation.
pub fn one(release: &Release, policy: &Policy, asked: Request) -> Result<Evaluation, Box<Diagnostic>> {
    let evaluation = evaluate(policy, release.params(), &[asked]).pop();
    evaluation.ok_or_else(|| {
        let message = Text::new("政策没有给出结果", "the policy gave no answer");
        Diagnostic::error("policy-internal", None, message).in_file(policy.contract().policy.script_file()).into()
    })
}

type Inputs = Result<Map<String, Json>, Box<Diagnostic>>;

fn inputs(job: &Job<'_>, policy: &Policy, given: &Given, found: &Found) -> Inputs {
    let asked = Asked { release: job.release, contract: policy.contract(), given, scope: &job.scope, world: job.world };
    let mut inputs = Map::new();
    for input in &policy.contract().inputs {
        let value = match (given.get(input.name()), &input.from) {
            (Some(value), _) => Some(input_json(value, &input.field.ty, job.world.calendar)),
            (None, Some(Binding::Fact(fact))) => match asked.matching(input, fact) {
                Ok(_) => picked(input, fact, found).map_err(|message| at(policy, input, message))?,
                // Without a value to look for nothing was looked up: none of them found is not the same as none there.
                Err(_) if input.field.presence != Presence::Required => None,
                Err(why) => return Err(unmatched(policy, input, why)),
            },
            (None, Some(Binding::Balance(balance))) => {
                let key = asked.balance(input, &balance.account);
                key.map(|key| {
                    let own = job.instance.reserved(&key.account, &key.key);
                    Json::String(found.balance(&key).take(balance.take, own).to_string())
                })
            }
            (None, Some(Binding::Person(attribute))) => attribute_of(job, attribute, &input.field.ty),
            (None, Some(Binding::Calendar(part))) => Some(days(part, job.world)),
            (None, Some(Binding::Param(_)) | None) => None,
        };
        inputs.extend(value.map(|value| (input.name().to_string(), value)));
    }
    Ok(inputs)
}

/// A problem with an input, at its place in the contract.
fn at(policy: &Policy, input: &Input, message: Text) -> Box<Diagnostic> {
    let file = policy.contract().policy.contract_file();
    Diagnostic::error("policy-facts", input.field.span, message).in_file(file).into()
}

/// Facts that could not be looked up, because what they are looked up by has no value.
fn unmatched(policy: &Policy, input: &Input, why: Text) -> Box<Diagnostic> {
    let name = input.name();
    let message = Text::new(
        format!("输入 {name} 的查找条件 {}", why.zh),
        format!("what the input {name} is looked up by: {}", why.en.unwrap_or_default()),
    );
    let finding = *at(policy, input, message);
    let finding = finding.hint(Text::new("补上这个值后重试", "fill in this value and try again")).hint(Text::new(
        "如果没有这个值也可以，给该输入写明 optional: true 或 default",
        "if it may be absent, give the input `optional: true` or a `default`",
    ));
    finding.into()
}

/// What an input takes of the facts found; none leaves it to the contract's default.
pub(crate) fn picked(input: &Input, binding: &FactBinding, found: &Found) -> Result<Option<Json>, Text> {
    let facts = found.facts.get(input.name()).map(Vec::as_slice).unwrap_or_default();
    let ty = match (&binding.pick, &input.field.ty) {
        (Pick::All, Type::List(item)) => item.as_ref(),
        (_, ty) => ty,
    };
    let take = |body: &Json| match &binding.take {
        Some(field) => body.get(field.as_str()).map_or(Json::Null, |value| declared(value, ty)),
        None => declared(body, ty),
    };
    let (name, kind) = (input.name(), &binding.fact);
    match (binding.pick, facts) {
        (Pick::Count, facts) => Ok(Some(json!(facts.len()))),
        (Pick::Sum, facts) => sum(facts.iter().map(take)).map(Some).ok_or_else(|| {
            Text::new(
                format!("输入 {name} 的事实 {kind} 无法求和"),
                format!("the facts {kind} of input {name} cannot be summed"),
            )
        }),
        (Pick::All, facts) => Ok(Some(facts.iter().map(take).collect())),
        (Pick::Latest, facts) if !facts.is_empty() => Ok(facts.last().map(take)),
        (Pick::Only, [fact]) => Ok(Some(take(fact))),
        (Pick::Only | Pick::Latest, []) if input.field.presence == Presence::Required => Err(Text::new(
            format!("没有找到输入 {name} 所需的事实 {kind}"),
            format!("the fact {kind} that the input {name} needs was not found"),
        )),
        (Pick::Only | Pick::Latest, []) => Ok(None),
        (Pick::Only | Pick::Latest, facts) => Err(Text::new(
            format!("输入 {name} 应只有一条事实 {kind}，实有 {} 条", facts.len()),
            format!("the input {name} needs exactly one fact {kind}; there are {}", facts.len()),
        )),
    }
}

/// What the input's type declares of a value: a fact may hold more than the policy asks for.
fn declared(value: &Json, ty: &Type) -> Json {
    match (ty, value) {
        (Type::List(item), Json::Array(items)) => items.iter().map(|value| declared(value, item)).collect(),
        (Type::Record(fields), Json::Object(members)) => {
            let member = |field: &zhupi_policies::Field| {
                let value = members.get(field.name.as_str())?;
                Some((field.name.to_string(), declared(value, &field.ty)))
            };
            Json::Object(fields.iter().filter_map(member).collect())
        }
        _ => value.clone(),
    }
}

fn sum(figures: impl Iterator<Item = Json>) -> Option<Json> {
    let mut total = Decimal::ZERO;
    for figure in figures.filter(|figure| !figure.is_null()) {
        total = total.checked_add(zhupi_domain::money::parse_decimal(&text_of(&figure)?)?)?;
    }
    Some(Json::String(total.to_string()))
}

fn attribute_of(job: &Job<'_>, attribute: &Name, ty: &Type) -> Option<Json> {
    let person = job.world.directory.people.get(&job.instance.subject)?;
    person.attributes.get(attribute).map(|entered| entered_json(entered, ty))
}

/// The dated days of the calendar.
pub(crate) fn days(part: &Name, world: &World<'_>) -> Json {
    let kind = if part.as_str() == "holidays" { DayKind::Holiday } else { DayKind::Workday };
    let data = world.calendar.data();
    // A year that is not complete would be counted as if the rest of it were plain.
    let known = |date: &NaiveDate| data.years.contains(&date.year());
    let days = data.days.iter().filter(|(date, day)| day.kind == kind && known(date));
    days.map(|(date, _)| Json::String(date.format("%Y-%m-%d").to_string())).collect()
}

/// What comes of an evaluation. A refusal goes on only where the flow looks at it.
pub fn answer(release: &Release, evaluation: &Evaluation, run: &str, looked_at: bool) -> MachineAnswer {
    let mut detail = detail(evaluation, run);
    let assumed: Vec<&Name> = evaluation.assumed.iter().map(|assumed| &assumed.param).collect();
    match &evaluation.outcome {
        Outcome::Accepted { output } => {
            let mut data = output.clone();
            data.shift_remove("accepted");
            let value = json!({ "accepted": true, "data": data, "assumed": assumed });
            MachineAnswer::Policy { value, detail: Json::Object(detail) }
        }
        Outcome::Refused { code, data } if looked_at => {
            let value = json!({ "accepted": false, "reason": code, "data": data, "assumed": assumed });
            MachineAnswer::Policy { value, detail: Json::Object(detail) }
        }
        Outcome::Refused { code, data } => {
            detail.insert("data".to_owned(), Json::Object(data.clone()));
            let problem = Problem::Refused { code: code.to_string() };
            MachineAnswer::Failed { problem, detail: Json::Object(detail) }
        }
        Outcome::Incomplete { missing } => {
            let problem = Problem::Incomplete { params: missing.iter().map(Name::to_string).collect() };
            MachineAnswer::Failed { problem, detail: Json::Object(detail) }
        }
        Outcome::Fault(finding) => failed_with(release, finding, detail),
    }
}

fn detail(evaluation: &Evaluation, run: &str) -> Map<String, Json> {
    let pairs = [
        ("policy", json!(run)),
        ("on", json!(evaluation.explanation.on)),
        ("input_hash", json!(evaluation.input_hash)),
        ("engine_version", json!(evaluation.engine_version)),
        ("assumed", json!(evaluation.assumed)),
        ("explanation", json!(evaluation.explanation)),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// Whether some expression of the flow reads `NAME.accepted` or `NAME.reason`.
pub fn is_looked_at(flow: &Flow, into: &Name) -> bool {
    let (accepted, reason) = (format!("{into}.accepted"), format!("{into}.reason"));
    expressions(&flow.steps).iter().any(|expr| {
        let paths = expr.paths();
        paths.contains(&accepted) || paths.contains(&reason)
    })
}

fn expressions(blocks: &[Block]) -> Vec<&Expr> {
    blocks
        .iter()
        .flat_map(|block| match block {
            Block::Step(step) => match &step.kind {
                StepKind::Machine(Machine::Policy { with: lines, .. } | Machine::Record { set: lines, .. }) => {
                    lines.values().collect()
                }
                StepKind::Move(moved) => [Some(&moved.of), moved.amount.as_ref()].into_iter().flatten().collect(),
                StepKind::Human(human) => human.check.iter().flat_map(|check| check.with.values()).collect(),
                StepKind::Machine(Machine::Archive { .. }) => Vec::new(),
            },
            Block::Parallel(parallel) => {
                parallel.branches.iter().flat_map(|branch| expressions(&branch.steps)).collect()
            }
            Block::Each(each) => {
                [Some(&each.of), each.label.as_ref()].into_iter().flatten().chain(expressions(&each.steps)).collect()
            }
            Block::Choose(choose) => {
                let nested = choose.branches.iter().flat_map(|branch| expressions(&branch.steps));
                choose.branches.iter().filter_map(|branch| branch.when.as_ref()).chain(nested).collect()
            }
        })
        .collect()
}
