//! S01 to S04, T09 and T10 of one policy, and how it fits the params it reads.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{Expr, FnCallExpr, Position};
use zhupi_domain::expr::Expr as Condition;
use zhupi_domain::{Diagnostic, Diagnostics, Name, Span, Text};

use super::{chain, literals, secrets};
use crate::binding::Binding;
use crate::checks::{self, Node};
use crate::contract::{Contract, Kind};
use crate::fault;
use crate::input;
use crate::library;
use crate::params::{ParamValue, Params};
use crate::policy::{Compiled, Policy};
use crate::table_json;

impl Policy {
    /// Everything that looks wrong in the script, and in how it and the contract use these params.
    ///
    /// What is wrong with the params themselves is found once for all policies, by [`Params::lint`].
    pub fn lint(&self, params: &Params) -> Diagnostics {
        let compiled = &*self.0;
        let file = compiled.contract.policy.script_file();
        let mut found = Vec::new();
        found.extend(literals::lint(&compiled.ast, &compiled.source));
        found.extend(chain::lint(&compiled.ast, &compiled.source));
        found.extend(unknown_params(compiled, params));
        if compiled.contract.kind == Kind::Payout {
            found.extend(lines_without_clause(compiled));
            found.extend(unbounded(compiled));
            found.extend(double_count(compiled));
        }
        let mut found: Diagnostics = found.into_iter().map(|one| one.in_file(file.clone())).collect();
        found.sort_by_key(|one| one.span);
        found.extend(bindings(&compiled.contract, params));
        found.extend(unknown_params_of_libraries(compiled, params));
        found.extend(unused(compiled));
        found.extend(secrets::lint(compiled));
        found
    }

    /// The params that the policy reads, by its contract or in its script.
    pub fn params_read(&self, params: &Params) -> BTreeSet<Name> {
        let bound = self.0.contract.inputs.iter().filter_map(|input| match &input.from {
            Some(Binding::Param(name)) => Some(name.clone()),
            _ => None,
        });
        let imported = library::imports(&self.0.ast).into_iter().map(|(name, _)| name);
        let in_libraries = self.0.libraries.reads(imported).into_iter().map(|read| read.written);
        let read = self.0.reads.keys().map(String::as_str).chain(in_libraries);
        let read = read.filter_map(|written| params.find(written).map(|param| param.name.clone()));
        bound.chain(read).collect()
    }
}

/// S02: params that none of the policies reads. Flows may read them too, so it is the caller who knows whether all were given.
pub fn unread_params<'a>(policies: impl IntoIterator<Item = &'a Policy>, params: &Params) -> Diagnostics {
    let read: BTreeSet<Name> = policies.into_iter().flat_map(|policy| policy.params_read(params)).collect();
    let unread = params.iter().filter(|param| !read.contains(&param.name));
    let report = |param: &crate::params::Param| {
        let name = &param.name;
        param.warning(
            "S02",
            None,
            Text::new(format!("参数 `{name}` 没有政策用到"), format!("no policy reads param `{name}`")),
        )
    };
    unread.map(report).collect()
}

fn unknown_params(compiled: &Compiled, params: &Params) -> Diagnostics {
    let unknown = compiled.reads.iter().filter(|(written, _)| params.find(written).is_none());
    unknown.map(|(written, position)| unknown_param(written, fault::span(&compiled.source, *position))).collect()
}

/// The same in the libraries that the script imports.
fn unknown_params_of_libraries(compiled: &Compiled, params: &Params) -> Diagnostics {
    let imported = library::imports(&compiled.ast).into_iter().map(|(name, _)| name);
    let unknown = compiled.libraries.reads(imported).into_iter().filter(|read| params.find(read.written).is_none());
    unknown.map(|read| unknown_param(read.written, fault::span(read.text, read.position)).in_file(read.file)).collect()
}

fn unknown_param(written: &str, span: Option<Span>) -> Diagnostic {
    let message = Text::new(format!("没有参数 `{written}`"), format!("there is no param `{written}`"));
    Diagnostic::error("policy-unknown-param", span, message)
}

/// Inputs bound to params that do not exist, or whose values are not of the input's type.
fn bindings(contract: &Contract, params: &Params) -> Diagnostics {
    let mut found = Vec::new();
    for bound in &contract.inputs {
        let Some(Binding::Param(name)) = &bound.from else { continue };
        let (span, input_name) = (bound.field.span, bound.name());
        let Some(param) = params.get(name) else {
            found.push(Diagnostic::error(
                "policy-unknown-param",
                span,
                Text::new(format!("没有参数 `{name}`"), format!("there is no param `{name}`")),
            ));
            continue;
        };
        for dated in &param.values {
            let value = match &dated.value {
                ParamValue::Blank => continue,
                ParamValue::Plain { value, .. } => value.clone(),
                ParamValue::Table(table) => table_json::rows(table, &bound.field.ty),
            };
            for problem in input::check(&value, &bound.field.ty).iter().take(1) {
                let text = problem.text();
                found.push(Diagnostic::error(
                    "policy-param-value",
                    span,
                    Text::new(
                        format!("参数 `{name}` 自 {} 起的值不能用于输入 `{input_name}`：{}", dated.from, text.zh),
                        format!(
                            "the value of param `{name}` from {} does not fit input `{input_name}`: {}",
                            dated.from,
                            text.en.unwrap_or_default()
                        ),
                    ),
                ));
            }
        }
    }
    found.into_iter().map(|one| one.in_file(contract.policy.contract_file())).collect()
}

/// S02: inputs that the script does not take or never looks at, and refusals that it never gives.
fn unused(compiled: &Compiled) -> Diagnostics {
    let contract = &compiled.contract;
    let mut mentioned = BTreeSet::new();
    checks::walk(&compiled.ast, &mut |node| {
        if let Node::Expr(Expr::Variable(variable, ..)) = node {
            mentioned.insert(variable.1.to_string());
        }
    });
    let elsewhere = read_by_contract(contract);
    let mut found = Vec::new();
    for input in &contract.inputs {
        let name = input.name().as_str();
        let taken = compiled.arguments.iter().any(|argument| argument == name);
        let read = taken && mentioned.contains(name);
        if !read && !elsewhere.contains(name) {
            let message = Text::new(format!("输入 `{name}` 没有用到"), format!("input `{name}` is not used"));
            found.push(Diagnostic::warning("S02", input.field.span, message));
        }
    }
    let codes = checks::refused_codes(&compiled.ast);
    let mut all_written_out = true;
    checks::calls(&compiled.ast, &mut |call, _, _| {
        all_written_out &= call.name != "refuse" || is_text(call.args.first())
    });
    for refusal in contract.refusals.iter().filter(|_| all_written_out && compiled.libraries.is_empty()) {
        if !codes.iter().any(|(code, _)| code == refusal.code.as_str()) {
            let code = &refusal.code;
            let message =
                Text::new(format!("拒绝代码 `{code}` 从未用到"), format!("the refusal `{code}` is never given"));
            found.push(Diagnostic::warning("S02", refusal.span, message));
        }
    }
    found.into_iter().map(|one| one.in_file(contract.policy.contract_file())).collect()
}

/// The inputs that the contract itself reads: in its controls, and to look up what other inputs are bound to.
fn read_by_contract(contract: &Contract) -> BTreeSet<String> {
    let bindings = contract.inputs.iter().filter_map(|input| input.from.as_ref()).flat_map(Binding::expressions);
    let controls = contract.control.iter().map(|control| control.source.as_str());
    let mut read = BTreeSet::new();
    for path in
        bindings.chain(controls).filter_map(|source| Condition::parse(source).ok()).flat_map(|expr| expr.paths())
    {
        // A control names an input by itself, or as `inputs.NAME` where an output has the same name.
        let path = path.strip_prefix("inputs.").unwrap_or(&path);
        read.extend(path.split('.').next().map(str::to_owned));
    }
    read
}

fn is_text(argument: Option<&Expr>) -> bool {
    matches!(argument, Some(Expr::StringConstant(..)))
}

/// S03: lines of a payout that name no clause, where the contract names none either.
fn lines_without_clause(compiled: &Compiled) -> Diagnostics {
    if compiled.contract.clause.is_some() {
        return Vec::new();
    }
    let mut found = Vec::new();
    checks::walk(&compiled.ast, &mut |node| {
        let Node::Expr(Expr::Map(parts, position)) = node else { return };
        let has = |name: &str| parts.0.iter().any(|(key, _)| key.name == name);
        if has("payee") && has("amount") && !has("clause") {
            let message = Text::new("发放明细没有写明条款", "this line names no clause");
            found.push(Diagnostic::warning("S03", fault::span(&compiled.source, *position), message).hint(Text::new(
                "加上 clause: \"文件 条\"，或在契约中写 clause:",
                "add `clause: \"…\"` to the line, or `clause:` to the contract",
            )));
        }
    });
    found
}

/// T09: amounts of a payout with a difference in them that nothing keeps above zero.
fn unbounded(compiled: &Compiled) -> Diagnostics {
    let mut found = Vec::new();
    checks::walk(&compiled.ast, &mut |node| {
        let Node::Expr(Expr::Map(parts, _)) = node else { return };
        let line = parts.0.iter().any(|(key, _)| key.name == "payee");
        for (key, value) in parts.0.iter().filter(|(key, _)| line && key.name == "amount") {
            if difference(value) {
                let message = Text::new(
                    "这个金额含有减法，可能为负",
                    "this amount contains a difference and may become negative",
                );
                found.push(
                    Diagnostic::note("T09", fault::span(&compiled.source, key.pos), message)
                        .hint(Text::new("如不应为负，用 floor(x, 0) 保底", "use floor(x, 0) if it must not")),
                );
            }
        }
    });
    found
}

/// Whether an expression subtracts without a floor around it.
fn difference(expression: &Expr) -> bool {
    let Expr::FnCall(call, _) = expression else { return false };
    match call.name.as_str() {
        "-" if call.args.len() == 2 => true,
        "floor" | "max" | "cap" => false,
        _ => call.args.iter().any(difference),
    }
}

/// T10: one measure that two different tables pay for.
fn double_count(compiled: &Compiled) -> Diagnostics {
    let mut paid: BTreeMap<String, (String, Position)> = BTreeMap::new();
    let mut found = Vec::new();
    checks::calls(&compiled.ast, &mut |call, _, position| {
        let Some((measure, table)) = tiers_of(call) else { return };
        match paid.get(&measure) {
            Some((other, _)) if *other != table => found.push(Diagnostic::note(
                "T10",
                fault::span(&compiled.source, position),
                Text::new(
                    format!("`{measure}` 同时按 {other} 和 {table} 两张表计提，请确认不是重复奖励"),
                    format!("`{measure}` is paid for by {other} and by {table}: make sure it is not rewarded twice"),
                ),
            )),
            _ => {
                paid.insert(measure, (table, position));
            }
        }
    });
    found
}

fn tiers_of(call: &FnCallExpr) -> Option<(String, String)> {
    let ("tiered", [Expr::Variable(measure, ..), Expr::Dot(table, ..)]) = (call.name.as_str(), call.args.as_slice())
    else {
        return None;
    };
    let Expr::Property(table, _) = &table.rhs else { return None };
    Some((measure.1.to_string(), table.2.to_string()))
}
