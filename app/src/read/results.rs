//! What the steps handed on: forms that were filled, amounts that were computed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zhupi_domain::{Name, PersonId};
use zhupi_engine::{Human, HumanKind, Instance, Place, ResultValue, Spot, Step, StepKind, VisitId};
use zhupi_forms::{Rights, View};
use zhupi_policies::Policy;

use super::forms::form_view;
use super::minutes::Minutes;
use super::records::{Assumed, Record, Records};
use super::secrets::{Secrets, policy_of};
use super::shown::Shown;
use super::sight::Sight;
use super::values::Wording;
use super::{moment, person_view};
use crate::load::Loaded;
use crate::view::{AssumedView, MinutesView, ResultView};
use crate::words::{Names, say};

/// What the events say of results beside their values.
pub(crate) struct Kept {
    pub records: Records,
    pub minutes: Minutes,
}

/// The visits whose records the results need.
pub(crate) fn visits(state: &Instance) -> BTreeSet<VisitId> {
    state.results.values().map(|result| result.visit).collect()
}

/// What is secret to a reader, after going through the answers in the order of the flow: one may be made of another.
pub(crate) fn secrets<'a>(loaded: &'a Loaded, sight: &'a Sight, records: &Records) -> Secrets<'a> {
    let mut secrets = Secrets { followed: loaded.followed(), sight, answers: BTreeMap::new() };
    for (_, step) in loaded.around.flow.walk() {
        let Some((run, with, into)) = policy_of(&step.kind) else { continue };
        let Some(policy) = loaded.around.release.policy(run) else { continue };
        for (spot, result) in of(loaded, into) {
            let explanation = records.get(result.visit).map(|record| &record.explanation);
            let hidden = secrets.inputs(policy.contract(), with);
            let shown = Shown::of(policy.contract(), explanation, &hidden, sight.results());
            secrets.answers.insert(spot.clone(), shown);
        }
    }
    secrets
}

/// The results of a name, one in every lane.
fn of<'a>(loaded: &'a Loaded, into: &'a Name) -> impl Iterator<Item = (&'a Spot, &'a ResultValue)> {
    loaded.state.results.iter().filter(move |(spot, _)| spot.what == *into)
}

/// The results of an instance in the order of its steps.
pub(crate) fn results(
    names: &Names<'_>,
    wording: Wording<'_>,
    loaded: &Loaded,
    sight: &Sight,
    kept: &Kept,
) -> Vec<ResultView> {
    let records = &kept.records;
    let answers = secrets(loaded, sight, records).answers;
    let view = |step: &Step| match policy_of(&step.kind) {
        None => filled(names, loaded, sight, step, &kept.minutes),
        Some((run, _, into)) => {
            let Some(policy) = loaded.around.release.policy(run) else { return Vec::new() };
            let computed = of(loaded, into).filter_map(|(spot, result)| {
                let place = Place::Step(Spot::new(step.name.clone(), spot.lanes.clone()));
                let about = Computed { place, name: into.as_str(), policy, result, record: records.get(result.visit) };
                Some(about.view(names, wording, answers.get(spot)?))
            });
            computed.collect()
        }
    };
    loaded.around.flow.walk().flat_map(|(_, step)| view(step)).collect()
}

/// One sheet that somebody filled at a step.
pub(crate) struct Sheet<'a> {
    spot: &'a Spot,
    pub data: &'a Value,
    by: PersonId,
    at: String,
}

/// The sheets of a step that are for this reader.
pub(crate) fn sheets<'a>(loaded: &'a Loaded, sight: &Sight, human: &'a Human) -> Vec<Sheet<'a>> {
    let Some(into) = &human.into else { return Vec::new() };
    let unseen = matches!(human.kind, HumanKind::Fill { sheet: zhupi_engine::Sheet::Own { unseen: true }, .. });
    let of_result = |(spot, result): (&'a Spot, &'a ResultValue)| -> Vec<Sheet<'a>> {
        let Some(list) = result.value.as_array() else {
            let by = result.by.clone().into_iter();
            return by.map(|by| Sheet { spot, data: &result.value, by, at: moment(result.at) }).collect();
        };
        let by = |sheet: &'a Value| sheet.get("by").and_then(Value::as_str).unwrap_or_default();
        let fillers: Vec<&str> = list.iter().map(by).collect();
        let open = loaded.state.visits.contains_key(&result.visit);
        let mine = list.iter().filter(|sheet| !(unseen && sight.unseen_sheet(by(sheet), &fillers, open)));
        mine.filter_map(|sheet| {
            let at = sheet.get("at").and_then(Value::as_str).unwrap_or_default().to_owned();
            Some(Sheet { spot, data: sheet.get("data")?, by: PersonId::new(by(sheet)), at })
        })
        .collect()
    };
    of(loaded, into).flat_map(of_result).collect()
}

/// What people filled or ruled at a step.
fn filled(names: &Names<'_>, loaded: &Loaded, sight: &Sight, step: &Step, minutes: &Minutes) -> Vec<ResultView> {
    let StepKind::Human(human) = &step.kind else { return Vec::new() };
    let Some(into) = &human.into else { return Vec::new() };
    let title = |lanes: &[u32]| names.place(&Place::Step(Spot::new(step.name.clone(), lanes.to_vec()))).into();
    if matches!(human.kind, HumanKind::Vote(_)) {
        let tallies = of(loaded, into).map(|(spot, result)| ResultView::Vote {
            name: into.to_string(),
            title: title(&spot.lanes),
            tally: result.value.clone(),
            minutes: minutes
                .of(result.visit)
                .iter()
                .map(|(by, text)| MinutesView { by: person_view(names.directory, by), text: text.clone() })
                .collect(),
            at: moment(result.at),
        });
        return tallies.collect();
    }
    let HumanKind::Fill { form: Some(form), .. } = &human.kind else { return Vec::new() };
    let Some(form) = loaded.around.release.form(form) else { return Vec::new() };
    let rights = Rights::readonly();
    let shown = sheets(loaded, sight, human).into_iter().filter_map(|sheet| {
        Some(ResultView::Form {
            name: into.to_string(),
            title: title(&sheet.spot.lanes),
            form: form_view(form, sheet.data.as_object()?, &View { rights: &rights, classes: sight.results() }),
            by: person_view(names.directory, &sheet.by),
            at: sheet.at,
        })
    });
    shown.collect()
}

/// What a policy computed at a step.
struct Computed<'a> {
    place: Place,
    name: &'a str,
    policy: &'a Policy,
    result: &'a ResultValue,
    record: Option<&'a Record>,
}

impl Computed<'_> {
    fn view(&self, names: &Names<'_>, wording: Wording<'_>, shown: &Shown) -> ResultView {
        let contract = self.policy.contract();
        let data = self.result.value.get("data").and_then(Value::as_object);
        let accepted = self.result.value.get("accepted").and_then(Value::as_bool).unwrap_or(true);
        let sentences = shown.explanation().map(|explanation| explanation.sentences.as_slice()).unwrap_or_default();
        let assumed = self.record.map(|record| record.assumed.as_slice()).unwrap_or_default();
        ResultView::Policy {
            name: self.name.to_owned(),
            title: names.place(&self.place).into(),
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
