//! From a golden case's inputs through the flow to its answer.

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json, json};
use zhupi_domain::Text;
use zhupi_engine::{Block, EventKind, Flow, HumanKind, Machine, Place, Status};
use zhupi_forms::Keyword;

use super::{Map, Source};
use crate::cases::Stage;
use crate::cases::acts::{Act, What};
use crate::cases::compare;
use crate::cases::coverage::Coverage;
use crate::cases::flow::{perform, set, with_params};
use crate::cases::observe::status;
use crate::cases::play::{Play, Refused};
use crate::cases::report::CaseResult;
use crate::cases::source::{CaseSource, PolicyCase, Row};

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
    let mut form = row.inputs.get(&map.form.from).and_then(Json::as_object).cloned().unwrap_or_default();
    form.extend(map.form.add.clone());
    let submitted = play.submit(&map.initiator.value, &Json::Object(form), map.period.as_deref());
    let answer = match submitted {
        Ok(()) => {
            decide(map, row, &mut play)?;
            answered(map, &play)
        }
        Err(refused) => refusal(map, &refused)?,
    };
    coverage.played(&play);
    Ok(answer)
}

/// The acts in their order, while the decisions name them; what follows a rejection is ignored.
fn decide(map: &Map, row: &Row, play: &mut Play<'_>) -> Result<(), Text> {
    let decisions = row.inputs.get(&map.decisions).and_then(Json::as_object).cloned().unwrap_or_default();
    for act in &map.acts {
        let Some(decision) = decisions.get(&act.key).and_then(Json::as_str) else { break };
        if !play.state.as_ref().is_some_and(|state| state.is_running()) {
            break;
        }
        let (step, data, form) = (act.step.clone(), act.data.clone(), act.form.clone());
        let fills =
            matches!(play.flow.human(&Place::Step(step.value.clone())).map(|h| &h.kind), Some(HumanKind::Fill { .. }));
        let what = match decision {
            "approve" if fills => What::Fill { step, data, form },
            "approve" => What::Approve { step, form },
            "reject" => What::Reject { step },
            other => {
                return Err(Text::new(format!("看不懂决定“{other}”"), format!("unknown decision `{other}`")));
            }
        };
        let comment = (decision == "reject").then(|| "不同意".to_owned());
        let (by, span) = (Some(act.by.clone()), act.step.span);
        let act = Act { by, what, comment, refused: None, expect: None, span };
        perform(&act, play).map_err(|refused| refused.text())?;
    }
    Ok(())
}

fn answered(map: &Map, play: &Play<'_>) -> Json {
    let field = |(name, source): &(String, Source)| {
        let value = match source {
            Source::Accepted => json!(true),
            Source::Copies => json!(copies(play.flow)),
            Source::Titles => titles(play, |_| true),
            Source::Done => titles(play, |place| passed(play, place)),
            Source::At => at(play).map_or(Json::Null, |place| json!(play.flow.title_of(&place).zh)),
            Source::State(words) => json!(state(words, play)),
        };
        (name.clone(), value)
    };
    Json::Object(map.expected.iter().map(field).collect())
}

/// Missing fields as the golden answer calls them; any other refusal is its own.
fn refusal(map: &Map, refused: &Refused) -> Result<Json, Text> {
    let (Refused::Form(errors), Some(words)) = (refused, &map.refused) else { return Err(refused.text()) };
    if !errors.iter().all(|error| error.keyword == Keyword::Required) {
        return Err(refused.text());
    }
    let missing: Vec<String> = errors.iter().filter_map(|error| error.pointer.segments().next()).collect();
    let mut answer = JsonMap::new();
    answer.insert("accepted".to_owned(), json!(false));
    answer.insert("reason".to_owned(), json!(words.required));
    answer.insert(words.list.clone(), json!(missing));
    Ok(Json::Object(answer))
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
            Block::Step(step) if step.human().is_some() => places.push(Place::Step(step.name.clone())),
            Block::Step(_) => {}
            Block::Choose(choose) => {
                let taken = play.events.iter().rev().find_map(|event| match &event.kind {
                    EventKind::BranchTaken { choose: number, branch } if *number == choose.number => {
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
    let word = status(&state.status);
    let title = at(play).map(|place| play.flow.title_of(&place).zh).unwrap_or_default();
    words.get(word).map_or_else(|| word.to_owned(), |template| template.replace("{step}", &title))
}
