//! What a policy says that must accept something before it is taken.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use zhupi_domain::Text;
use zhupi_domain::expr::{Expr, Value};
use zhupi_engine::{Check, Checked, Flow, HumanKind, Instance, Objection, Place};
use zhupi_forms::Form;
use zhupi_policies::{Contract, Outcome, Policy, Step, What};

use super::closed::Closed;
use super::machine::{Job, policy};
use super::{Found, Scope, Wanted, World, scope};
use crate::Release;

/// What the policy looks up.
pub fn needs(release: &Release, place: &Place, instance: &Instance, world: &World<'_>) -> Wanted {
    let Some((flow, check, policy)) = asked(release, place, instance) else { return Wanted::default() };
    let Ok(scope) = scope_at(release, flow, place, instance, world) else { return Wanted::default() };
    let given = policy::given(policy.contract(), &with(check, policy.contract(), &scope), &scope, world);
    given.map_or_else(|_| Wanted::default(), |given| policy::wanted(release, policy, &given, &scope, world))
}

/// Asks the policy. What it cannot say, it does not accept: nothing passes unchecked.
pub fn answer(release: &Release, place: &Place, instance: &Instance, world: &World<'_>, found: &Found) -> Checked {
    let Some((flow, check, policy)) = asked(release, place, instance) else {
        return refused("", None, Text::new("版本里没有这项检查", "the release has no such check"));
    };
    let evaluated = scope_at(release, flow, place, instance, world).and_then(|scope| {
        let with = with(check, policy.contract(), &scope);
        let closed =
            Closed { release, flow, sheet: sheet_of(release, flow, place), deep: 4 }.inputs(policy.contract(), &with);
        let given = policy::given(policy.contract(), &with, &scope, world)?;
        policy::evaluated(&Job { release, flow, instance, scope, world }, policy, &given, found)
            .map(|evaluation| (evaluation, closed))
            .map_err(|finding| finding.message)
    });
    let (evaluation, closed) = match evaluated {
        Ok(evaluated) => evaluated,
        Err(text) => return refused(&check.run, None, text),
    };
    match evaluation.outcome {
        Outcome::Accepted { output } => {
            let warnings = output.get("warnings").and_then(Json::as_array).into_iter().flatten();
            Checked::Accepted { warnings: warnings.filter_map(Json::as_str).map(str::to_owned).collect() }
        }
        Outcome::Refused { code, data } => {
            let known = policy.contract().refused(code.as_str());
            let text = known.and_then(|refusal| refusal.text.clone()).unwrap_or_else(|| Text::same(code.to_string()));
            let (policy, code) = (check.run.clone(), Some(code.to_string()));
            let refused = |step: &&Step| matches!(step.what, What::Refused { .. });
            let refused = evaluation.explanation.steps.iter().find(refused);
            let open = refused.is_some_and(|step| step.shows.is_disjoint(&closed));
            Checked::Refused(Objection { policy, code, data: if open { Json::Object(data) } else { Json::Null }, text })
        }
        Outcome::Incomplete { missing } => {
            let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
            let names = names.join(", ");
            let text = Text::new(format!("检查缺少参数：{names}"), format!("the check lacks params: {names}"));
            refused(&check.run, None, text)
        }
        Outcome::Fault(finding) => refused(&check.run, None, finding.message),
    }
}

fn refused(policy: &str, code: Option<String>, text: Text) -> Checked {
    Checked::Refused(Objection { policy: policy.to_owned(), code, data: Json::Null, text })
}

fn asked<'a>(release: &'a Release, place: &Place, instance: &Instance) -> Option<(&'a Flow, &'a Check, &'a Policy)> {
    let flow: &Flow = release.flow(&instance.flow)?;
    let check = match place {
        Place::Start => flow.check.as_ref()?,
        Place::Step(_) => flow.human(place)?.check.as_ref()?,
    };
    Some((flow, check, release.policy(&check.run)?))
}

/// The form of its own that a step fills.
fn sheet_of<'a>(release: &'a Release, flow: &Flow, place: &Place) -> Option<&'a Form> {
    match &flow.human(place)?.kind {
        HumanKind::Fill { form: Some(form), .. } => release.form(form),
        _ => None,
    }
}

/// What the check sees: as other expressions do, and at a fill step its `sheet`, as it was filled just now.
fn scope_at(
    release: &Release,
    flow: &Flow,
    place: &Place,
    instance: &Instance,
    world: &World<'_>,
) -> Result<Scope, Text> {
    let mut seen = scope(release, flow, instance, flow.cursor(place).as_ref(), world)?;
    let into = flow.human(place).and_then(|human| human.into.as_ref());
    if let Some(into) = into {
        seen.set_sheet(into);
    }
    Ok(seen)
}

/// What the policy is given: what the flow says, and fields of the sheet or form that are called as its inputs are.
fn with(check: &Check, contract: &Contract, scope: &Scope) -> BTreeMap<zhupi_domain::Name, Expr> {
    let mut with = check.with.clone();
    let missing = contract.inputs.iter().filter(|input| input.from.is_none() && !check.with.contains_key(input.name()));
    for input in missing {
        let name = input.name();
        let has = |record: &str| match scope.value() {
            Value::Record(all) => matches!(all.get(record), Some(Value::Record(of)) if of.contains_key(name.as_str())),
            _ => false,
        };
        let source = ["sheet", "form"].into_iter().find(|record| has(record));
        let expr = source.and_then(|record| Expr::parse(&format!("{record}.{name}")).ok());
        with.extend(expr.map(|expr| (name.clone(), expr)));
    }
    with
}
