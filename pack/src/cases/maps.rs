//! Golden cases of kind `flow`: a closed mapping from a case's inputs to acts, and from the request back to the answer.
//!
//! The flow does the work: the map only says which input is which form, whose decision is whose, and how states are called.

mod answer;

use std::collections::BTreeMap;

use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{Diagnostic, Name, PersonId, Text};

use super::setting::{Setting, setting};
use super::source::object;
use crate::read::scalars::{list, name, placed_name, string};
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
        let finding = Diagnostic::error("maps.unknown-source", node.span, message);
        log.push(log.hints(finding, &written, &SOURCES.each_ref().map(|(word, _)| *word)));
    }
    found
}
