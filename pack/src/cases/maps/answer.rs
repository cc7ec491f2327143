//! From a golden case's inputs through the flow to its answer.

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json, json};
use zhupi_domain::Text;
use zhupi_engine::{Block, EventKind, Flow, HumanKind, Machine, Place, Refusal, Status, Then};
use zhupi_forms::Keyword;

use super::{Map, MappedAct, Said, Source};
use crate::cases::Stage;
use crate::cases::acts::{Act, What};
use crate::cases::compare;
use crate::cases::coverage::Coverage;
use crate::cases::flow::{perform, set, with_params};
use crate::cases::observe::status;
use crate::cases::play::{Play, Refused};
use crate::cases::report::CaseResult;
use crate::cases::source::{CaseSource, PolicyCase, Row};
use crate::read::Placed;

/// Runs every row of a golden flow case.
pub fn run(
    stage: &Stage<'_>,
    source: &CaseSource,
    case: &PolicyCase,
    map: &Map,
    coverage: &mut Coverage,
) -> Vec<CaseResult> {
    let rows = case.rows.iter().enumerate();
    rows.map(|(number, row)| match answer(stage, map, row, coverage) {
        Ok(actual) => {
            let difference = compare::whole(&row.expected, &actual);
            CaseResult::compared(source, number, row.expected.clone(), actual, difference)
        }
        Err(reason) => CaseResult { expected: row.expected.clone(), ..CaseResult::failed(source, number, reason) },
    })
    .collect()
}

fn answer(stage: &Stage<'_>, map: &Map, row: &Row, coverage: &mut Coverage) -> Result<Json, Text> {
    let Some(flow) = stage.release.flow(&map.flow.value) else {
        let name = &map.flow.value;
        return Err(Text::new(format!("配置包里没有流程 {name}"), format!("the pack has no flow {name}")));
    };
    let release = with_params(stage.release, &map.setting)?;
    let mut play = set(&release, flow, stage.seeds, &map.setting)?;
    let submitted = play.submit(&map.initiator.value, &Json::Object(form(map, row)), map.period.as_deref());
    let answer = match submitted.map_err(Wrong::Refused).and_then(|()| act(map, row, &mut play)) {
        Ok(()) => answered(map, row, &play),
        Err(Wrong::Refused(refused)) => refusal(map, &refused)?,
        Err(Wrong::NotOpen { key }) => not_open(map, &key, &play)?,
        Err(Wrong::Unknown(text)) => return Err(text),
    };
    coverage.played(&play);
    Ok(answer)
}

/// What stood in the way of an act.
enum Wrong {
    Refused(Refused),
    /// Nobody has work at the step of this act.
    NotOpen {
        key: String,
    },
    Unknown(Text),
}

/// The form as the case's inputs give it.
fn form(map: &Map, row: &Row) -> JsonMap<String, Json> {
    let from = map.form.from.as_ref().and_then(|from| row.inputs.get(from));
    let mut form = from.and_then(Json::as_object).cloned().unwrap_or_default();
    if let Some(rows) = &map.form.rows {
        let items = row.inputs.get(&rows.from).and_then(Json::as_array).into_iter().flatten();
        let mut lines: Vec<Json> = items.map(|item| json!({ rows.column.clone(): item })).collect();
        if let Some(Json::Object(more)) = map.form.add.get(&rows.field) {
            lines.iter_mut().filter_map(Json::as_object_mut).for_each(|line| line.extend(more.clone()));
        }
        form.insert(rows.field.clone(), Json::Array(lines));
    }
    let of_rows = map.form.rows.as_ref().map(|rows| rows.field.as_str());
    form.extend(
        map.form.add.iter().filter(|(field, _)| Some(field.as_str()) != of_rows).map(|(f, v)| (f.clone(), v.clone())),
    );
    form
}

/// The acts that a case can name, in their order.
fn acts(map: &Map, row: &Row) -> Vec<MappedAct> {
    let Some(lanes) = &map.lanes else { return map.acts.clone() };
    let items = row.inputs.get(&lanes.from).and_then(Json::as_array).into_iter().flatten();
    let keys = items.filter_map(Json::as_str).zip(0u32..);
    keys.map(|(key, lane)| {
        let mut step = lanes.step.clone();
        step.value.lanes.push(lane);
        MappedAct { key: key.to_owned(), step, by: lanes.by.clone(), data: None, form: None }
    })
    .collect()
}

/// Lets happen what the case says; what follows a rejection or a return is ignored.
fn act(map: &Map, row: &Row, play: &mut Play<'_>) -> Result<(), Wrong> {
    let acts = acts(map, row);
    match &map.said {
        Said::Decisions(input) => {
            let decisions = row.inputs.get(input).and_then(Json::as_object).cloned().unwrap_or_default();
            for act in &acts {
                let Some(decision) = decisions.get(&act.key).and_then(Json::as_str) else { break };
                if !play.state.as_ref().is_some_and(|state| state.is_running()) {
                    break;
                }
                decide(act, decision, play)?;
                if decision == "return" {
                    break;
                }
            }
        }
        Said::Events(input) => {
            let events = row.inputs.get(input).and_then(Json::as_array).cloned().unwrap_or_default();
            for key in events.iter().filter_map(Json::as_str) {
                let unknown = || Text::new(format!("映射里没有“{key}”"), format!("the map has no `{key}`"));
                let act = acts.iter().find(|act| act.key == key).ok_or_else(|| Wrong::Unknown(unknown()))?;
                decide(act, "approve", play)?;
            }
        }
    }
    Ok(())
}

fn decide(act: &MappedAct, decision: &str, play: &mut Play<'_>) -> Result<(), Wrong> {
    let (step, data, form) = (act.step.clone(), act.data.clone(), act.form.clone());
    let place = Place::Step(step.value.clone());
    let fills = matches!(play.flow.human(&place).map(|human| &human.kind), Some(HumanKind::Fill { .. }));
    let what = match decision {
        "approve" | "ok" if fills => What::Fill { step, data, form },
        "approve" | "ok" => What::Approve { step, form },
        "reject" => What::Reject { step },
        "return" => What::Return { to: Placed::new(first(play), step.span), step, then: Then::Restart },
        other => {
            let text = Text::new(format!("看不懂决定“{other}”"), format!("unknown decision `{other}`"));
            return Err(Wrong::Unknown(text));
        }
    };
    let comment = matches!(decision, "reject" | "return").then(|| "不同意".to_owned());
    let (by, span) = (Some(act.by.clone()), act.step.span);
    let performed = Act { by, what, comment, refused: None, expect: None, span };
    match perform(&performed, play) {
        Ok(()) => Ok(()),
        // The product says that nobody has work there, also when everything is over.
        Err(Refused::NoOpenTask { .. } | Refused::Engine(Refusal::Ended { .. })) => {
            Err(Wrong::NotOpen { key: act.key.clone() })
        }
        Err(refused) => Err(Wrong::Unknown(refused.text())),
    }
}

/// The first people's step that was passed: where a return of the whole way leads; the initiator, where none was.
fn first(play: &Play<'_>) -> String {
    let passed = play.state.iter().flat_map(|state| &state.passed);
    let mut steps = passed.filter_map(|passed| match &passed.place {
        Place::Step(spot) if !passed.people.is_empty() => Some(spot.to_string()),
        _ => None,
    });
    steps.next().unwrap_or_else(|| "initiator".to_owned())
}

fn answered(map: &Map, row: &Row, play: &Play<'_>) -> Json {
    let field = |(name, source): &(String, Source)| {
        let value = match source {
            Source::Accepted => json!(true),
            Source::Copies => json!(copies(play.flow)),
            Source::Titles => titles(play, |_| true),
            Source::Done => titles(play, |place| passed(play, place)),
            Source::At => at(play).map_or(Json::Null, |place| json!(play.flow.title_of(&place).zh)),
            Source::Lane => lane(map, row, play).map_or(Json::Null, Json::String),
            Source::Agreed => agreed(play),
            Source::Count => {
                json!(titles(play, |place| passed(play, place)).as_array().map_or(0, Vec::len).saturating_sub(1))
            }
            Source::Act(otherwise) => due_act(map, play).map_or_else(|| json!(otherwise), Json::String),
            Source::State(words) => json!(state(words, play)),
        };
        (name.clone(), value)
    };
    Json::Object(map.expected.iter().map(field).collect())
}

/// Missing fields as the golden answer calls them; any other refusal is its own.
fn refusal(map: &Map, refused: &Refused) -> Result<Json, Text> {
    let words = map.refused.as_ref().and_then(|refused| refused.required.as_ref());
    let (Refused::Form(errors), Some((reason, list))) = (refused, words) else { return Err(refused.text()) };
    if !errors.iter().all(|error| error.keyword == Keyword::Required) {
        return Err(refused.text());
    }
    let missing: Vec<String> = errors.iter().filter_map(|error| error.pointer.segments().next()).collect();
    Ok(json!({ "accepted": false, "reason": reason, list.as_str(): missing }))
}

/// An act that nobody can do now, as the golden answer calls it.
fn not_open(map: &Map, key: &str, play: &Play<'_>) -> Result<Json, Text> {
    let words = map.refused.as_ref().and_then(|refused| refused.not_open.as_ref());
    let Some((reason, act, open)) = words else {
        return Err(Text::new(format!("“{key}”没有待办"), format!("there is no open task for `{key}`")));
    };
    Ok(json!({ "accepted": false, "reason": reason, act.as_str(): key, open.as_str(): due_act(map, play) }))
}

/// The key of the act whose step is open.
fn due_act(map: &Map, play: &Play<'_>) -> Option<String> {
    let state = play.state.as_ref()?;
    let open = |act: &&MappedAct| state.visits.values().any(|visit| visit.place == Place::Step(act.step.value.clone()));
    map.acts.iter().find(open).map(|act| act.key.clone())
}

/// The lane that comes next: the one that is open, or the first, where the request went back to its initiator.
fn lane(map: &Map, row: &Row, play: &Play<'_>) -> Option<String> {
    match at(play)? {
        Place::Start => acts(map, row).into_iter().next().map(|first| first.key),
        place => label(play, &place),
    }
}

/// What the lane of a place is called.
fn label(play: &Play<'_>, place: &Place) -> Option<String> {
    let cursor = play.flow.cursor(place)?;
    play.state.as_ref()?.item(play.flow, &cursor)?.label.clone()
}

/// What the lanes are called in which somebody agreed, in that order.
fn agreed(play: &Play<'_>) -> Json {
    let (mut places, mut tasks) = (BTreeMap::new(), BTreeMap::new());
    let mut agreed = Vec::new();
    for event in &play.events {
        match &event.kind {
            EventKind::VisitOpened { visit, place, .. } => drop(places.insert(*visit, place)),
            EventKind::TaskOpened { visit, task, .. } => drop(tasks.insert(*task, *visit)),
            EventKind::Approved { task, .. } | EventKind::Filled { task, .. } => {
                let place = tasks.get(task).and_then(|visit| places.get(visit));
                agreed.extend(place.and_then(|place| label(play, place)));
            }
            _ => {}
        }
    }
    json!(agreed)
}

fn copies(flow: &Flow) -> usize {
    flow.walk()
        .find_map(|(_, step)| match step.machine() {
            Some(Machine::Archive { copies, .. }) => Some(copies.len()),
            _ => None,
        })
        .unwrap_or_default()
}

/// Titles of the start and of the people's steps on the way: outside of choices, and inside branches that were entered.
fn titles(play: &Play<'_>, wanted: impl Fn(&Place) -> bool) -> Json {
    let mut places = vec![Place::Start];
    on_the_way(&play.flow.steps, play, &mut places);
    places.iter().filter(|place| wanted(place)).map(|place| Json::String(play.flow.title_of(place).zh)).collect()
}

fn on_the_way(blocks: &[Block], play: &Play<'_>, places: &mut Vec<Place>) {
    for block in blocks {
        match block {
            Block::Step(step) if step.human().is_some() => places.push(Place::Step(step.name.clone().into())),
            Block::Step(_) => {}
            Block::Parallel(parallel) => {
                parallel.branches.iter().for_each(|branch| on_the_way(&branch.steps, play, places));
            }
            Block::Each(each) => on_the_way(&each.steps, play, places),
            Block::Choose(choose) => {
                let taken = play.events.iter().rev().find_map(|event| match &event.kind {
                    EventKind::BranchTaken { choose: number, branch, .. } if *number == choose.number => {
                        usize::try_from(*branch).ok()
                    }
                    _ => None,
                });
                if let Some(branch) = taken.and_then(|taken| choose.branches.get(taken)) {
                    on_the_way(&branch.steps, play, places);
                }
            }
        }
    }
}

fn passed(play: &Play<'_>, place: &Place) -> bool {
    play.state.as_ref().is_some_and(|state| state.passed.iter().any(|passed| passed.place == *place))
}

/// Where the request stands.
fn at(play: &Play<'_>) -> Option<Place> {
    let state = play.state.as_ref()?;
    if let Status::Rejected { at } = &state.status {
        return Some(at.clone());
    }
    let open = state.visits.values().map(|visit| &visit.place);
    open.chain(state.incidents.values().map(|incident| &incident.place)).next().cloned()
}

fn state(words: &BTreeMap<String, String>, play: &Play<'_>) -> String {
    let Some(state) = &play.state else { return String::new() };
    let returned = play.events.iter().rev().find_map(|event| match &event.kind {
        EventKind::Returned { .. } => Some(true),
        EventKind::Approved { .. } | EventKind::Filled { .. } | EventKind::Resubmitted { .. } => Some(false),
        _ => None,
    });
    let word = match status(&state.status) {
        "running" if returned == Some(true) && words.contains_key("returned") => "returned",
        word => word,
    };
    let title = at(play).map(|place| play.flow.title_of(&place).zh).unwrap_or_default();
    words.get(word).map_or_else(|| word.to_owned(), |template| template.replace("{step}", &title))
}
