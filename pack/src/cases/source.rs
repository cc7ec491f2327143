//! Case files as they were written.

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};
use zhupi_domain::Name;

use super::acts::{Act, Expect, act, expect};
use super::setting::{Setting, setting};
use crate::read::scalars::{date, expected, list, placed_name, string, text};
use crate::read::{Fields, Log, Placed};
use crate::yaml::{Node, Value};

/// One case.
#[derive(Debug, Clone)]
pub struct CaseSource {
    pub id: Placed<String>,
    pub file: String,
    pub company: Option<String>,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub enum Body {
    Policy(PolicyCase),
    Flow(Box<FlowCase>),
}

/// Inputs and the whole answer that they must give.
#[derive(Debug, Clone)]
pub struct PolicyCase {
    pub policy: Placed<String>,
    /// The day at which params are read.
    pub as_of: Option<NaiveDate>,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub inputs: Map<String, Json>,
    pub expected: Json,
}

/// People act, the clock moves.
#[derive(Debug, Clone)]
pub struct FlowCase {
    pub flow: Placed<Name>,
    pub setting: Setting,
    pub acts: Vec<Act>,
    pub expect: Expect,
}

/// Reads all cases of a file.
pub fn cases(root: &Node, log: &Log<'_>) -> Vec<CaseSource> {
    let Some(fields) = Fields::of(root, log) else { return Vec::new() };
    let cases = fields.required("cases", list(case)).unwrap_or_default();
    fields.finish();
    cases
}

fn case(node: &Node, log: &Log<'_>) -> Option<CaseSource> {
    let fields = Fields::of(node, log)?;
    let id = fields.required("id", |node, log| string(node, log).map(|id| Placed::new(id, node.span)));
    fields.optional("title", text);
    let company = fields.optional("company", string);
    let body = if fields.has("flow") {
        flow_case(&fields).map(|flow| Body::Flow(Box::new(flow)))
    } else {
        policy_case(&fields).map(Body::Policy)
    };
    fields.finish();
    Some(CaseSource { id: id?, file: log.file.to_owned(), company, body: body? })
}

/// What a golden case tells its readers, and the runner does not need.
const FOR_READERS: [&str; 7] = ["kind", "source", "rule", "tags", "ambiguity", "other_readings", "note"];

fn policy_case(fields: &Fields<'_>) -> Option<PolicyCase> {
    for key in FOR_READERS {
        let _for_readers = fields.node(key);
    }
    let policy = fields.required("policy", |node, log| string(node, log).map(|name| Placed::new(name, node.span)));
    let as_of = fields.optional("as_of", date);
    let rows = if fields.has("rows") {
        fields.required("rows", list(row))?
    } else {
        let (inputs, expected) = (fields.required("inputs", object), fields.required("expected", answer));
        vec![Row { inputs: inputs?, expected: expected? }]
    };
    Some(PolicyCase { policy: policy?, as_of, rows })
}

fn row(node: &Node, log: &Log<'_>) -> Option<Row> {
    let fields = Fields::of(node, log)?;
    for key in FOR_READERS {
        let _for_readers = fields.node(key);
    }
    let (inputs, expected) = (fields.required("inputs", object), fields.required("expected", answer));
    fields.finish();
    Some(Row { inputs: inputs?, expected: expected? })
}

/// A map as JSON.
pub fn object(node: &Node, log: &Log<'_>) -> Option<Map<String, Json>> {
    match node.to_json() {
        Json::Object(map) if node.value != Value::Refused => Some(map),
        _ => {
            expected(node, log, "“键: 值”的列表", "a list of `key: value` pairs");
            None
        }
    }
}

pub fn answer(node: &Node, log: &Log<'_>) -> Option<Json> {
    object(node, log).map(Json::Object)
}

fn flow_case(fields: &Fields<'_>) -> Option<FlowCase> {
    for key in FOR_READERS {
        let _for_readers = fields.node(key);
    }
    let flow = fields.required("flow", placed_name);
    let setting = setting(fields);
    let acts = fields.required("do", list(act)).unwrap_or_default();
    let expect = fields.optional("expect", expect).unwrap_or_default();
    Some(FlowCase { flow: flow?, setting: setting?, acts, expect })
}
