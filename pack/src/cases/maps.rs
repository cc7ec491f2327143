//! Golden cases of kind `flow`: a closed mapping from a case's inputs to acts, and from the request back to the answer.
//!
//! The flow does the work: the map only says which input is which form, whose decision is whose, and how states are called.

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json, json};
use zhupi_domain::{Name, PersonId, Text};
use zhupi_engine::{Block, Flow, HumanKind, Machine, Place, Status};
use zhupi_forms::Keyword;

use super::Stage;
use super::compare;
use super::coverage::Coverage;
use super::flow::{perform, set, with_params};
use super::observe::status;
use super::play::{Play, Refused};
use super::report::CaseResult;
use super::source::{Act, CaseSource, PolicyCase, Row, Setting, What, object, setting};
use crate::read::scalars::{list, name, placed_name, string};
use crate::read::{Fields, Log, Placed, hints};
use crate::yaml::Node;

/// How one golden policy name is answered by a flow.
#[derive(Debug, Clone)]
pub struct Map {
    pub policy: Placed<String>,
    pub flow: Placed<Name>,
    pub setting: Setting,
    pub initiator: Placed<PersonId>,
    form: FormMap,
    period: Option<String>,
    pub acts: Vec<MappedAct>,
    /// The input that holds the decisions, by key.
    decisions: String,
    refused: Option<RefusedMap>,
    expected: Vec<(String, Source)>,
}

/// Which input is the form, and what is added to it.
#[derive(Debug, Clone)]
struct FormMap {
    from: String,
    add: JsonMap<String, Json>,
}

/// Whose decision a key of the decisions is.
#[derive(Debug, Clone)]
pub struct MappedAct {
    key: String,
    pub step: Placed<Name>,
    pub by: Placed<PersonId>,
    data: Option<Json>,
    form: Option<Json>,
}

/// How missing required fields are called.
#[derive(Debug, Clone)]
struct RefusedMap {
    required: String,
    list: String,
}

/// Where a field of the answer comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// Whether the request was taken at all.
    Accepted,
    /// How many copies the archive has.
    Copies,
    /// Titles of the people's steps on the way, the start first.
    Titles,
    /// Titles of the people's steps that were passed, the start first.
    Done,
    /// The title of the step that is open; null where none is.
    At,
    /// A word for each status; `{step}` is the title of the step it stands at.
    State(BTreeMap<String, String>),
}

const SOURCES: [(&str, Source); 5] = [
    ("accepted", Source::Accepted),
    ("archive.copies.count", Source::Copies),
    ("titles", Source::Titles),
    ("done", Source::Done),
    ("at", Source::At),
];
const STATES: [&str; 6] = ["running", "completed", "archived", "rejected", "withdrawn", "cancelled"];

/// Reads all maps of a file.
pub fn read(root: &Node, log: &Log<'_>) -> Vec<Map> {
    let Some(fields) = Fields::of(root, log) else { return Vec::new() };
    let maps = fields.required("maps", list(map)).unwrap_or_default();
    fields.finish();
    maps
}

fn map(node: &Node, log: &Log<'_>) -> Option<Map> {
    let fields = Fields::of(node, log)?;
    let policy = fields.required("policy", |node, log| string(node, log).map(|text| Placed::new(text, node.span)));
    let flow = fields.required("flow", placed_name);
    let setting = setting(&fields);
    let initiator = fields.required("actors", |node, log| {
        let fields = Fields::of(node, log)?;
        let initiator = fields.required("initiator", person);
        fields.finish();
        initiator
    });
    let form = fields.required("form", form_map);
    let period = fields.optional("period", string);
    let acts = fields.required("acts", list(act)).unwrap_or_default();
    let decisions = fields.optional("decisions", string).unwrap_or_else(|| "decisions".to_owned());
    let refused = fields.optional("refused", refused);
    let expected = fields.required("expected", expected);
    fields.finish();
    Some(Map {
        policy: policy?,
        flow: flow?,
        setting: setting?,
        initiator: initiator?,
        form: form?,
        period,
        acts,
        decisions,
        refused,
        expected: expected?,
    })
}

fn person(node: &Node, log: &Log<'_>) -> Option<Placed<PersonId>> {
    string(node, log).map(|id| Placed::new(PersonId::new(id), node.span))
}

fn form_map(node: &Node, log: &Log<'_>) -> Option<FormMap> {
    let fields = Fields::of(node, log)?;
    let from = fields.required("from", string);
    let add = fields.optional("add", object).unwrap_or_default();
    fields.finish();
    Some(FormMap { from: from?, add })
}

fn act(node: &Node, log: &Log<'_>) -> Option<MappedAct> {
    let fields = Fields::of(node, log)?;
    let key = fields.required("key", string);
    let (step, by) = (fields.required("step", placed_name), fields.required("as", person));
    let data = fields.optional("data", object).map(Json::Object);
    let form = fields.optional("form", object).map(Json::Object);
    fields.finish();
    Some(MappedAct { key: key?, step: step?, by: by?, data, form })
}

fn refused(node: &Node, log: &Log<'_>) -> Option<RefusedMap> {
    let fields = Fields::of(node, log)?;
    let required = fields.required("required", name);
    let list = fields.required("list", name);
    fields.finish();
    Some(RefusedMap { required: required?.to_string(), list: list?.to_string() })
}

fn expected(node: &Node, log: &Log<'_>) -> Option<Vec<(String, Source)>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| Some((entry.key.clone(), source(&entry.node, log)?)));
    Some(read.collect())
}

fn source(node: &Node, log: &Log<'_>) -> Option<Source> {
    if node.entries().is_some() {
        let fields = Fields::of(node, log)?;
        let words = STATES.iter().filter_map(|state| Some(((*state).to_owned(), fields.optional(state, string)?)));
        let words = words.collect();
        fields.finish();
        return Some(Source::State(words));
    }
    let written = string(node, log)?;
    let found = SOURCES.iter().find(|(word, _)| *word == written).map(|(_, source)| source.clone());
    if found.is_none() {
        let message = Text::new(format!("不认识的来源 `{written}`"), format!("unknown source `{written}`"));
        let finding = zhupi_domain::Diagnostic::error("maps.unknown-source", node.span, message);
        log.push(hints(finding, &written, &SOURCES.each_ref().map(|(word, _)| *word)));
    }
    found
}

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
                    zhupi_engine::EventKind::BranchTaken { choose: number, branch } if *number == choose.number => {
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
