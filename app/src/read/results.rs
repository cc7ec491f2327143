//! What the steps handed on: forms that were filled, amounts that were computed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use zhupi_domain::Text;
use zhupi_engine::{EventKind, HumanKind, ResultValue, Step, StepKind, VisitId};
use zhupi_forms::{Class, Rights};
use zhupi_policies::{Explanation, Policy};

use super::forms::form_view;
use super::timeline::Told;
use super::values::{grouped, plain};
use super::{moment, person_view};
use crate::load::Loaded;
use crate::view::{OutputView, ResultView};
use crate::words::Names;

/// What is withheld instead of a figure.
pub(crate) const MASK: &str = "＊＊＊";

/// The results of an instance in the order of its steps.
pub(crate) fn results(names: &Names<'_>, loaded: &Loaded, history: &[Told], open: &BTreeSet<Class>) -> Vec<ResultView> {
    let view = |step: &Step| match &step.kind {
        StepKind::Human(human) => {
            let (name, HumanKind::Fill { form: Some(form) }) = (human.into.as_ref()?, &human.kind) else { return None };
            let result = loaded.state.results.get(name)?;
            let form = loaded.around.release.form(form)?;
            let data = result.value.as_object()?;
            let by = result.by.as_ref()?;
            Some(ResultView::Form {
                name: name.to_string(),
                title: names.place(&zhupi_engine::Place::Step(step.name.clone())).into(),
                form: form_view(form, data, &Rights::readonly(), open),
                by: person_view(names.directory, by),
                at: moment(result.at),
            })
        }
        StepKind::Machine(zhupi_engine::Machine::Policy { run, into, .. }) => {
            let result = loaded.state.results.get(into)?;
            Some(policy_result(names, loaded, history, step, run, into.as_str(), result, open))
        }
        StepKind::Machine(_) => None,
    };
    loaded.around.flow.walk().filter_map(|(_, step)| view(step)).collect()
}

#[expect(clippy::too_many_arguments, reason = "one call names what a result is shown with")]
fn policy_result(
    names: &Names<'_>,
    loaded: &Loaded,
    history: &[Told],
    step: &Step,
    policy: &str,
    name: &str,
    result: &ResultValue,
    open: &BTreeSet<Class>,
) -> ResultView {
    let explanation = explanation_of(history, result.visit).map(|(_, explanation)| explanation);
    let hidden = hidden_inputs(loaded, policy, open);
    let sentences = explanation.map(|explanation| explanation.masked(|input| hidden.contains(input)));
    let accepted = result.value.get("accepted").and_then(Value::as_bool).unwrap_or(true);
    ResultView::Policy {
        name: name.to_owned(),
        title: names.place(&zhupi_engine::Place::Step(step.name.clone())).into(),
        visit: result.visit.0,
        policy: policy.to_owned(),
        state: if accepted { "accepted".into() } else { "refused".into() },
        output: outputs(loaded, policy, result.value.get("data").and_then(Value::as_object), open),
        assumed: result.value.get("assumed").and_then(Value::as_array).cloned().unwrap_or_default(),
        sentences: sentences.into_iter().flat_map(|shown| shown.sentences).map(|said| said.text.into()).collect(),
        at: moment(result.at),
    }
}

/// The figures of a policy's answer in the order of its contract, masked where their class is not open to the reader.
pub(crate) fn outputs(
    loaded: &Loaded,
    policy: &str,
    data: Option<&Map<String, Value>>,
    open: &BTreeSet<Class>,
) -> Vec<OutputView> {
    let contract = loaded.around.release.policy(policy).map(Policy::contract);
    let Some(data) = data else { return Vec::new() };
    let view = |(name, value): (&String, &Value)| {
        let output = contract.and_then(|contract| contract.outputs.iter().find(|o| o.name().as_str() == name));
        let class = output.map_or(Class::Pay, |output| form_class(output.class));
        let masked = class.is_masked() && !open.contains(&class);
        OutputView {
            name: name.clone(),
            title: output.and_then(|output| output.title.clone()).unwrap_or_else(|| Text::same(name)).into(),
            value: if masked { MASK.into() } else { figure(value) },
            masked,
        }
    };
    data.iter().filter(|(name, _)| *name != "accepted").map(view).collect()
}

/// A figure with thousands marks, anything else as one line.
fn figure(value: &Value) -> String {
    match value.as_str().filter(|text| zhupi_domain::money::parse_decimal(text).is_some()) {
        Some(amount) => grouped(amount),
        None => plain(value),
    }
}

/// The inputs of a policy that the reader may not see.
pub(crate) fn hidden_inputs(loaded: &Loaded, policy: &str, open: &BTreeSet<Class>) -> BTreeSet<String> {
    let Some(contract) = loaded.around.release.policy(policy).map(Policy::contract) else { return BTreeSet::new() };
    let secret = |input: &&zhupi_policies::Input| {
        let class = form_class(input.class);
        class.is_masked() && !open.contains(&class)
    };
    contract.inputs.iter().filter(secret).map(|input| input.name().to_string()).collect()
}

/// A class of a contract as forms call it: the two rooms do not know each other.
fn form_class(class: zhupi_policies::Class) -> Class {
    match class {
        zhupi_policies::Class::Public => Class::Public,
        zhupi_policies::Class::Internal => Class::Internal,
        zhupi_policies::Class::Pay => Class::Pay,
        zhupi_policies::Class::Identity => Class::Identity,
    }
}

/// The record of how a machine step came to its value.
pub(crate) fn explanation_of(history: &[Told], of: VisitId) -> Option<(&Value, Explanation)> {
    history.iter().rev().find_map(|told| match told.kind() {
        Some(EventKind::MachineDone { visit, detail, .. }) if *visit == of => {
            let explanation = serde_json::from_value(detail.get("explanation")?.clone()).ok()?;
            Some((detail, explanation))
        }
        Some(EventKind::IncidentOpened { visit: Some(visit), detail, .. }) if *visit == of => {
            let explanation = serde_json::from_value(detail.get("explanation")?.clone()).ok()?;
            Some((detail, explanation))
        }
        _ => None,
    })
}
