//! Golden cases of kind `flow`: a closed mapping from a case's inputs to acts, and from the request back to the answer.
//!
//! The flow does the work: the map only says which input is which form, whose decision is whose, and how states are called.

mod answer;

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{Diagnostic, Name, PersonId, Text};
use zhupi_engine::Spot;

use super::setting::{Setting, setting};
use super::source::object;
use crate::read::scalars::{list, name, placed_name, placed_spot, string};
use crate::read::{Fields, Log, Placed};
use crate::yaml::Node;

pub use answer::run;

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
    /// Acts for the items of an input, one in each lane.
    pub lanes: Option<MappedLanes>,
    said: Said,
    refused: Option<RefusedMap>,
    expected: Vec<(String, Source)>,
}

/// Which input is the form, and what is added to it.
#[derive(Debug, Clone)]
struct FormMap {
    from: Option<String>,
    rows: Option<RowsMap>,
    add: JsonMap<String, Json>,
}

/// An input with a list of texts, as the rows of a field.
#[derive(Debug, Clone)]
struct RowsMap {
    field: String,
    from: String,
    column: String,
}

/// Where the case says what was done.
#[derive(Debug, Clone)]
enum Said {
    /// An input that holds decisions, by key.
    Decisions(String),
    /// An input that lists keys in the order in which they happened.
    Events(String),
}

/// Every item of an input acts in its own lane of a step; the item is the key.
#[derive(Debug, Clone)]
pub struct MappedLanes {
    from: String,
    pub step: Placed<Spot>,
    pub by: Placed<PersonId>,
}

/// Whose decision a key of the decisions is.
#[derive(Debug, Clone)]
pub struct MappedAct {
    key: String,
    pub step: Placed<Spot>,
    pub by: Placed<PersonId>,
    data: Option<Json>,
    form: Option<Json>,
}

/// How refusals are called.
#[derive(Debug, Clone, Default)]
struct RefusedMap {
    /// Missing required fields: the reason, and the field that lists them.
    required: Option<(String, String)>,
    /// Nobody has work at that step: the reason, the field that names the act, and the one that names the act now due.
    not_open: Option<(String, String, String)>,
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
    /// What the lane that is open is called, after a return to the initiator the first; null where there is nothing to do.
    Lane,
    /// What the lanes are called in which somebody agreed, in that order, also where it was sent back since.
    Agreed,
    /// How many people's steps were passed.
    Count,
    /// The key of the act that is due; this word where none is.
    Act(String),
    /// A word for each status; `{step}` is the title of the step it stands at.
    State(BTreeMap<String, String>),
}

const SOURCES: [(&str, Source); 8] = [
    ("accepted", Source::Accepted),
    ("archive.copies.count", Source::Copies),
    ("titles", Source::Titles),
    ("done", Source::Done),
    ("at", Source::At),
    ("lane", Source::Lane),
    ("agreed", Source::Agreed),
    ("done.count", Source::Count),
];
const STATES: [&str; 7] = ["running", "returned", "completed", "archived", "rejected", "withdrawn", "cancelled"];

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
    let lanes = fields.optional("lanes", lanes);
    let acts = fields.optional("acts", list(act)).unwrap_or_default();
    if acts.is_empty() && lanes.is_none() {
        log.error("pack.missing-key", fields.head(), "缺少 `acts` 或 `lanes`", "`acts` or `lanes` is missing");
    }
    let said = match fields.optional("events", string) {
        Some(events) => Said::Events(events),
        None => Said::Decisions(fields.optional("decisions", string).unwrap_or_else(|| "decisions".to_owned())),
    };
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
        lanes,
        said,
        refused,
        expected: expected?,
    })
}

fn person(node: &Node, log: &Log<'_>) -> Option<Placed<PersonId>> {
    string(node, log).map(|id| Placed::new(PersonId::new(id), node.span))
}

fn form_map(node: &Node, log: &Log<'_>) -> Option<FormMap> {
    let fields = Fields::of(node, log)?;
    let from = fields.optional("from", string);
    let rows = fields.optional("rows", |node, log| {
        let fields = Fields::of(node, log)?;
        let (field, from) = (fields.required("field", string), fields.required("from", string));
        let column = fields.required("as", string);
        fields.finish();
        Some(RowsMap { field: field?, from: from?, column: column? })
    });
    let add = fields.optional("add", object).unwrap_or_default();
    fields.finish();
    Some(FormMap { from, rows, add })
}

fn lanes(node: &Node, log: &Log<'_>) -> Option<MappedLanes> {
    let fields = Fields::of(node, log)?;
    let from = fields.required("from", string);
    let (step, by) = (fields.required("step", placed_spot), fields.required("as", person));
    fields.finish();
    Some(MappedLanes { from: from?, step: step?, by: by? })
}

fn act(node: &Node, log: &Log<'_>) -> Option<MappedAct> {
    let fields = Fields::of(node, log)?;
    let key = fields.required("key", string);
    let (step, by) = (fields.required("step", placed_spot), fields.required("as", person));
    let data = fields.optional("data", object).map(Json::Object);
    let form = fields.optional("form", object).map(Json::Object);
    fields.finish();
    Some(MappedAct { key: key?, step: step?, by: by?, data, form })
}

fn refused(node: &Node, log: &Log<'_>) -> Option<RefusedMap> {
    let fields = Fields::of(node, log)?;
    let required = fields.optional("required", name).zip(fields.optional("list", name));
    let not_open =
        fields.optional("not_open", name).zip(fields.optional("act", name)).zip(fields.optional("open", name));
    if required.is_none() && not_open.is_none() {
        expected_here(node, log);
    }
    fields.finish();
    let text = |name: Name| name.to_string();
    Some(RefusedMap {
        required: required.map(|(required, list)| (text(required), text(list))),
        not_open: not_open.map(|((not_open, act), open)| (text(not_open), text(act), text(open))),
    })
}

fn expected_here(node: &Node, log: &Log<'_>) {
    let (zh, en) =
        (" required 和 list，或 not_open、act 和 open", "`required` and `list`, or `not_open`, `act` and `open`");
    crate::read::scalars::expected(node, log, zh, en);
}

fn expected(node: &Node, log: &Log<'_>) -> Option<Vec<(String, Source)>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| Some((entry.key.clone(), source(&entry.node, log)?)));
    Some(read.collect())
}

fn source(node: &Node, log: &Log<'_>) -> Option<Source> {
    if node.entries().is_some() {
        let fields = Fields::of(node, log)?;
        if fields.has("act") {
            let otherwise = fields.required("act", string);
            fields.finish();
            return otherwise.map(Source::Act);
        }
        let words = STATES.iter().filter_map(|state| Some(((*state).to_owned(), fields.optional(state, string)?)));
        let words = words.collect();
        fields.finish();
        return Some(Source::State(words));
    }
    let written = string(node, log)?;
    let found = SOURCES.iter().find(|(word, _)| *word == written).map(|(_, source)| source.clone());
    if found.is_none() {
        let message = Text::new(format!("不认识的来源 `{written}`"), format!("unknown source `{written}`"));
        let finding = Diagnostic::error("maps.unknown-source", node.span, message);
        log.push(log.hints(finding, &written, &SOURCES.each_ref().map(|(word, _)| *word)));
    }
    found
}
