//! What the steps handed on: forms that were filled, amounts that were computed.

use std::collections::{BTreeMap, BTreeSet};

use zhupi_engine::{HumanKind, Instance, Place, ResultValue, Step, StepKind, VisitId};
use zhupi_forms::{Rights, View};
use zhupi_policies::Policy;

use super::forms::form_view;
use super::records::{Assumed, Record, Records};
use super::secrets::{Secrets, policy_of};
use super::shown::Shown;
use super::sight::Sight;
use super::values::Wording;
use super::{moment, person_view};
use crate::load::Loaded;
use crate::view::{AssumedView, ResultView};
use crate::words::{Names, say};

/// The visits whose records the results need.
pub(crate) fn visits(state: &Instance) -> BTreeSet<VisitId> {
    state.results.values().map(|result| result.visit).collect()
}

/// What is secret to a reader, after going through the answers in the order of the flow: one may be made of another.
pub(crate) fn secrets<'a>(loaded: &'a Loaded, sight: &'a Sight, records: &Records) -> Secrets<'a> {
    let mut secrets = Secrets { followed: loaded.followed(), sight, answers: BTreeMap::new() };
    for (_, step) in loaded.around.flow.walk() {
        let Some((run, with, into)) = policy_of(&step.kind) else { continue };
        let (Some(policy), Some(result)) = (loaded.around.release.policy(run), loaded.state.results.get(into)) else {
            continue;
        };
        let explanation = records.get(result.visit).map(|record| &record.explanation);
        let hidden = secrets.inputs(policy.contract(), with);
        let shown = Shown::of(policy.contract(), explanation, &hidden, sight.results());
        secrets.answers.insert(into.clone(), shown);
    }
    secrets
}

/// The results of an instance in the order of its steps.
pub(crate) fn results(
    names: &Names<'_>,
    wording: Wording<'_>,
    loaded: &Loaded,
    sight: &Sight,
    records: &Records,
) -> Vec<ResultView> {
    let answers = secrets(loaded, sight, records).answers;
    let view = |step: &Step| match policy_of(&step.kind) {
        None => filled(names, loaded, sight, step),
        Some((run, _, into)) => {
            let result = loaded.state.results.get(into)?;
            let policy = loaded.around.release.policy(run)?;
            let about = Computed { step, name: into.as_str(), policy, result, record: records.get(result.visit) };
            Some(about.view(names, wording, answers.get(into)?))
        }
    };
    loaded.around.flow.walk().filter_map(|(_, step)| view(step)).collect()
}

/// The form that somebody filled at a step.
fn filled(names: &Names<'_>, loaded: &Loaded, sight: &Sight, step: &Step) -> Option<ResultView> {
    let StepKind::Human(human) = &step.kind else { return None };
    let HumanKind::Fill { form: Some(form) } = &human.kind else { return None };
    let name = human.into.as_ref()?;
    let result = loaded.state.results.get(name)?;
    let form = loaded.around.release.form(form)?;
    let rights = Rights::readonly();
    Some(ResultView::Form {
        name: name.to_string(),
        title: names.place(&Place::Step(step.name.clone())).into(),
        form: form_view(form, result.value.as_object()?, &View { rights: &rights, classes: sight.results() }),
        by: person_view(names.directory, result.by.as_ref()?),
        at: moment(result.at),
    })
}

/// What a policy computed at a step.
struct Computed<'a> {
    step: &'a Step,
    name: &'a str,
    policy: &'a Policy,
    result: &'a ResultValue,
    record: Option<&'a Record>,
}

impl Computed<'_> {
    fn view(&self, names: &Names<'_>, wording: Wording<'_>, shown: &Shown) -> ResultView {
        let contract = self.policy.contract();
        let data = self.result.value.get("data").and_then(serde_json::Value::as_object);
        let accepted = self.result.value.get("accepted").and_then(serde_json::Value::as_bool).unwrap_or(true);
        let sentences = shown.explanation().map(|explanation| explanation.sentences.as_slice()).unwrap_or_default();
        let assumed = self.record.map(|record| record.assumed.as_slice()).unwrap_or_default();
        ResultView::Policy {
            name: self.name.to_owned(),
            title: names.place(&Place::Step(self.step.name.clone())).into(),
            visit: self.result.visit.0,
            policy: contract.policy.to_string(),
            state: if accepted { "accepted".into() } else { "refused".into() },
            output: data.map(|data| shown.figures(wording, contract, data)).unwrap_or_default(),
            assumed: assumed.iter().map(|assumed| assumed_view(names, assumed, shown)).collect(),
            sentences: sentences.iter().map(|said| said.text.clone().into()).collect(),
            at: moment(self.result.at),
        }
    }
}

/// What was assumed; in which gap a figure lies only for who sees the figures.
fn assumed_view(names: &Names<'_>, assumed: &Assumed, shown: &Shown) -> AssumedView {
    let title = names.param(&assumed.param);
    let note = match assumed.gap.as_ref().filter(|_| !shown.withholds_something()) {
        None => title,
        Some(gap) => say!(
            "{zh}：数值落在两档之间，暂按「{gap}」一档",
            "{en}: the value lies between two rows and is taken as “{gap}” for now",
            zh = title.zh,
            en = title.get(zhupi_domain::Locale::En),
            gap = gap,
        ),
    };
    AssumedView { param: assumed.param.clone(), clause: assumed.clause.clone(), note: Some(note.into()) }
}
