//! Machine steps: what a policy is given and what a record holds.

use std::collections::BTreeSet;

use zhupi_domain::expr::Type;
use zhupi_domain::{Diagnostic, Span, Text};
use zhupi_policies::{Binding, Contract, PolicyName, Presence};

use super::expressions::{Here, english};
use super::flow::Walk;
use super::people::unknown_field;
use super::scope::result_type;
use crate::convert::input_type;
use crate::read::Placed;
use crate::read::step::{Assignment, CheckSource, PolicySource, RecordSource};

/// Checks a policy step; what it hands on where the contract could be read.
pub fn policy(policy: &PolicySource, here: &Here<'_>, walk: &Walk<'_>) -> Option<(Type, bool)> {
    let asked = Asked { run: policy.run.as_ref()?, with: &policy.with, span: policy.span };
    let contract = inputs(&asked, here, walk, &[])?;
    Some((result_type::policy(contract), false))
}

/// Checks a policy that must accept something first; what it is not given it takes from fields of the same name.
pub fn check(check: &CheckSource, here: &Here<'_>, walk: &Walk<'_>, records: &[&Type]) {
    let Some(run) = &check.run else { return };
    let asked = Asked { run, with: &check.with, span: check.span };
    let Some(contract) = inputs(&asked, here, walk, records) else { return };
    if !contract.can_refuse() && !contract.outputs.iter().any(|output| output.name().as_str() == "warnings") {
        let message = Text::new(
            format!("政策 `{}` 既不拒绝也不提醒，检查没有作用", contract.policy),
            format!("the policy `{}` neither refuses nor warns, so the check does nothing", contract.policy),
        );
        here.log.push(Diagnostic::warning("flow.check-without-effect", run.span, message));
    }
}

/// A policy that a flow evaluates.
struct Asked<'a> {
    run: &'a Placed<PolicyName>,
    with: &'a [Assignment],
    span: Span,
}

/// Checks what a policy is given. `records` hold fields that are taken for inputs of the same name.
fn inputs<'w>(policy: &Asked<'_>, here: &Here<'_>, walk: &Walk<'w>, records: &[&Type]) -> Option<&'w Contract> {
    let run = policy.run;
    let source = walk.offer.contract(&run.value, run.span, here.log)?;
    let contract = &source.contract;
    for line in policy.with {
        given(line, contract, here);
    }
    // An input whose source could not be read is the contract's to mend.
    let unbound = |input: &&zhupi_policies::Input| input.from.is_none() && !source.sources.contains_key(input.name());
    for input in contract.inputs.iter().filter(unbound) {
        let name = input.name();
        let needed = matches!(input.field.presence, Presence::Required | Presence::Nullable);
        let in_record =
            records.iter().any(|record| matches!(record, Type::Record(of) if of.contains_key(name.as_str())));
        if needed && !in_record && !policy.with.iter().any(|line| line.name.value == *name) {
            here.log.push(
                Diagnostic::error(
                    "flow.input-missing",
                    policy.span,
                    Text::new(
                        format!("没有给政策 `{}` 的输入 `{name}`", run.value),
                        format!("the input `{name}` of the policy `{}` is not given", run.value),
                    ),
                )
                .hint(Text::new(format!("在 with 里写 {name}: …"), format!("write `{name}: …` under `with`"))),
            );
        }
    }
    bound(policy, contract, here, walk);
    Some(contract)
}

fn given(line: &Assignment, contract: &Contract, here: &Here<'_>) {
    let name = &line.name;
    let Some(input) = contract.inputs.iter().find(|input| *input.name() == name.value) else {
        let known: Vec<&str> = contract.inputs.iter().map(|input| input.name().as_str()).collect();
        let message = Text::new(
            format!("政策 `{}` 没有输入 `{}`", contract.policy, name.value),
            format!("the policy `{}` has no input `{}`", contract.policy, name.value),
        );
        here.log.push(here.log.hints(
            Diagnostic::error("pack.unknown-input", name.span, message),
            name.value.as_str(),
            &known,
        ));
        return;
    };
    match input_type(&input.field.ty) {
        Some(wanted) => here.expect(&wanted, &line.value),
        None => here.log.error(
            "flow.input-map",
            name.span,
            format!("`{}` 的类型含有任意键的表，不能由表达式给出", name.value),
            format!("`{}` holds a map, which no expression yields", name.value),
        ),
    }
}

/// Facts looked up by the period need a flow that has one.
fn bound(policy: &Asked<'_>, contract: &Contract, here: &Here<'_>, walk: &Walk<'_>) {
    if walk.flow.period.is_some() {
        return;
    }
    for input in &contract.inputs {
        let Some(Binding::Fact(fact)) = &input.from else { continue };
        let given = policy.with.iter().any(|line| line.name.value == *input.name());
        let by_period = fact.matches.values().any(|source| {
            zhupi_domain::expr::Expr::parse(source)
                .is_ok_and(|expr| expr.paths().iter().any(|path| path.split('.').next() == Some("period")))
        });
        let own = contract.inputs.iter().any(|input| input.name().as_str() == "period");
        if by_period && !given && !own {
            here.log.push(
                Diagnostic::error(
                    "flow.no-period",
                    policy.span,
                    Text::new(
                        format!("政策的输入 `{}` 要按期间查找，而这个流程没有期间", input.name()),
                        format!("the policy looks `{}` up by the period, and this flow has none", input.name()),
                    ),
                )
                .hint(Text::new("在流程里写 period: month", "write `period: month` in the flow")),
            );
        }
    }
}

/// Checks a record step.
pub fn record(record: &RecordSource, here: &Here<'_>, walk: &Walk<'_>) {
    let Some(fact) = &record.fact else { return };
    let Some(form) = walk.offer.fact(&fact.value, fact.span, here.log) else { return };
    for line in &record.set {
        let name = &line.name;
        match form.field(name.value.as_str()) {
            None => unknown_field(name.value.as_str(), name.span, form, here.log),
            Some(field) if field.is_computed() => here.log.error(
                "flow.set-computed",
                name.span,
                format!("`{}` 是计算字段，不能赋值", name.value),
                format!("`{}` is computed and cannot be set", name.value),
            ),
            Some(field) => here.expect(&field.value_type(), &line.value),
        }
    }
    let set: BTreeSet<&str> = record.set.iter().map(|line| line.name.value.as_str()).collect();
    for key in form.key().iter().filter(|key| !set.contains(key.as_str())) {
        here.log.error(
            "flow.key-missing",
            record.span,
            format!("没有写查找字段 `{key}` 的值"),
            format!("`{key}`, by which these facts are looked up, is not set"),
        );
    }
    let Type::Record(members) = form.record_type() else { return };
    let wanted = members.iter().filter(|(name, member)| !member.optional && !set.contains(name.as_str()));
    for (name, member) in wanted.filter(|(name, _)| !form.key().contains(name)) {
        let computed = form.field(name).is_some_and(zhupi_forms::Field::is_computed);
        if !computed && !matches!(member.ty, Type::Record(_)) {
            let message =
                Text::new(format!("缺少必填字段 `{name}`"), format!("the required field `{name}` is not set"));
            let ty = member.ty.describe();
            here.log.push(
                Diagnostic::error("flow.field-missing", record.span, message)
                    .hint(Text::new(format!("它要{}", ty.zh), format!("it takes {}", english(&ty)))),
            );
        }
    }
}
