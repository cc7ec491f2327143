//! Case files as they were written.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value as Json};
use zhupi_domain::calendar::Span as Stretch;
use zhupi_domain::directory::{Department, Person, RoleGrant};
use zhupi_domain::{Locale, Name, PersonId, Span};
use zhupi_engine::Then;

use crate::read::scalars::{date, expected, list, name, placed_name, string, text, word};
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

/// Who is there, what is known, and when it begins.
#[derive(Debug, Clone)]
pub struct Setting {
    pub people: PeopleSource,
    pub people_span: Span,
    pub departments: Vec<Department>,
    pub clock: NaiveDateTime,
    /// Values instead of the pack's.
    pub params: Vec<(Placed<Name>, Json)>,
    pub facts: Vec<(Placed<Name>, Vec<Json>)>,
}

#[derive(Debug, Clone)]
pub enum PeopleSource {
    /// Those of people.csv and departments.csv.
    Pack,
    These(Vec<Person>),
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub struct Act {
    pub by: Option<Placed<PersonId>>,
    pub what: What,
    pub comment: Option<String>,
    /// The code with which it must be refused.
    pub refused: Option<String>,
    pub expect: Option<Expect>,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum What {
    Submit {
        form: Json,
        period: Option<String>,
    },
    Approve {
        step: Placed<Name>,
        form: Option<Json>,
    },
    Fill {
        step: Placed<Name>,
        data: Option<Json>,
        form: Option<Json>,
    },
    Reject {
        step: Placed<Name>,
    },
    Return {
        step: Placed<Name>,
        to: Placed<String>,
        then: Then,
    },
    Transfer {
        step: Placed<Name>,
        to: Placed<PersonId>,
    },
    Resubmit {
        form: Json,
    },
    Withdraw {
        reason: String,
    },
    Cancel {
        reason: String,
    },
    /// Only says something.
    Comment,
    /// Tries again what an incident at this step stopped.
    Retry {
        step: Placed<Name>,
    },
    /// The clock moves; timers that fall due go off on the way.
    Clock(ClockMove),
    /// Somebody leaves the company.
    Leave {
        person: Placed<PersonId>,
    },
}

#[derive(Debug, Clone)]
pub enum ClockMove {
    By(Stretch),
    To(NaiveDateTime),
}

/// What must be so: only what is named is compared.
#[derive(Debug, Clone, Default)]
pub struct Expect(pub Map<String, Json>);

/// What a flow case can expect.
pub const EXPECTABLE: [&str; 12] = [
    "status",
    "open",
    "passed",
    "skipped",
    "reasons",
    "form",
    "results",
    "incidents",
    "facts",
    "number",
    "due",
    "copies",
];

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

fn answer(node: &Node, log: &Log<'_>) -> Option<Json> {
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

/// Reads who is there, what is known, and when it begins.
pub fn setting(fields: &Fields<'_>) -> Option<Setting> {
    let people_span = fields.key_span("people").unwrap_or(fields.head());
    let people = fields.required("people", people);
    let departments = fields.optional("departments", list(department)).unwrap_or_default();
    let clock = fields.required("clock", moment);
    let params = fields.optional("params", named_values).unwrap_or_default();
    let facts = fields.optional("facts", facts).unwrap_or_default();
    Some(Setting { people: people?, people_span, departments, clock: clock?, params, facts })
}

fn people(node: &Node, log: &Log<'_>) -> Option<PeopleSource> {
    match node.scalar().map(|scalar| scalar.text.as_str()) {
        Some("pack") => Some(PeopleSource::Pack),
        Some(_) => {
            expected(node, log, "人员列表或 pack", "a list of people or `pack`");
            None
        }
        None => list(person)(node, log).map(PeopleSource::These),
    }
}

fn person(node: &Node, log: &Log<'_>) -> Option<Person> {
    let fields = Fields::of(node, log)?;
    let id = fields.required("id", string);
    let title = fields.optional("name", string);
    let roles = fields.optional("roles", list(grant)).unwrap_or_default();
    let attributes = fields.optional("attributes", named_values).unwrap_or_default();
    let text_of = |(name, value): (Placed<Name>, Json)| Some((name.value, crate::convert::text_of(&value)?));
    let person = Person {
        name: title.or_else(|| id.clone()).unwrap_or_default(),
        id: PersonId::new(id.clone().unwrap_or_default()),
        login: None,
        email: None,
        department: fields.optional("department", name),
        post: fields.optional("post", string),
        roles: roles.into_iter().collect(),
        manager: fields.optional("manager", string).map(PersonId::new),
        attributes: attributes.into_iter().filter_map(text_of).collect(),
        language: Locale::Zh,
        active: true,
    };
    fields.finish();
    id.map(|_| person)
}

fn grant(node: &Node, log: &Log<'_>) -> Option<RoleGrant> {
    let written = string(node, log)?;
    let (role, department) = match written.split_once('@') {
        Some((role, department)) => (role, Some(crate::read::scalars::named(department, node.span, log)?)),
        None => (written.as_str(), None),
    };
    Some(RoleGrant { role: crate::read::scalars::named(role, node.span, log)?, department })
}

fn department(node: &Node, log: &Log<'_>) -> Option<Department> {
    let fields = Fields::of(node, log)?;
    let id = fields.required("id", name);
    let title = fields.optional("name", string);
    let parent = fields.optional("parent", name);
    let head = fields.optional("head", string).map(PersonId::new);
    fields.finish();
    let id = id?;
    Some(Department { name: title.unwrap_or_else(|| id.to_string()), id, parent, head })
}

/// A local date and time such as `2026-03-02T09:00`.
fn moment(node: &Node, log: &Log<'_>) -> Option<NaiveDateTime> {
    let read = |text: &str| {
        let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    };
    let value = node.scalar().and_then(|scalar| read(&scalar.text));
    if value.is_none() {
        expected(node, log, "当地时间，如 2026-03-02T09:00", "a local time such as 2026-03-02T09:00");
    }
    value
}

fn named_values(node: &Node, log: &Log<'_>) -> Option<Vec<(Placed<Name>, Json)>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| {
        let name = crate::read::scalars::named(&entry.key, entry.key_span, log)?;
        Some((Placed::new(name, entry.key_span), entry.node.to_json()))
    });
    Some(read.collect())
}

fn facts(node: &Node, log: &Log<'_>) -> Option<Vec<(Placed<Name>, Vec<Json>)>> {
    let entries = Fields::of(node, log)?.rest();
    let read = entries.into_iter().filter_map(|entry| {
        let name = crate::read::scalars::named(&entry.key, entry.key_span, log)?;
        let bodies = list(answer)(&entry.node, log)?;
        Some((Placed::new(name, entry.key_span), bodies))
    });
    Some(read.collect())
}

fn act(node: &Node, log: &Log<'_>) -> Option<Act> {
    let fields = Fields::of(node, log)?;
    let by = fields.optional("as", person_id);
    let (comment, refused) = (fields.optional("comment", string), fields.optional("refused", string));
    let expect = fields.optional("expect", expect);
    let what = what(&fields);
    let span = fields.head();
    if by.is_none() && !matches!(what, Some(What::Clock(_) | What::Leave { .. }) | None) {
        log.error("pack.missing-key", span, "缺少 `as`：由谁来做", "`as` is missing: who does it");
    }
    fields.finish();
    Some(Act { by, what: what?, comment, refused, expect, span })
}

const ACTS: [&str; 12] = [
    "submit", "approve", "fill", "reject", "return", "transfer", "resubmit", "withdraw", "cancel", "retry", "clock",
    "leaves",
];
const THEN: [(&str, Then); 2] = [("direct", Then::Direct), ("restart", Then::Restart)];

fn what(fields: &Fields<'_>) -> Option<What> {
    let said = ACTS.into_iter().find(|act| fields.has(act));
    let Some(said) = said else {
        if fields.has("comment") {
            return Some(What::Comment);
        }
        let finding = zhupi_domain::Diagnostic::error(
            "cases.no-act",
            fields.head(),
            zhupi_domain::Text::new("没有说做什么", "it does not say what is done"),
        );
        fields.log().push(crate::read::hints(finding, "", &ACTS));
        return None;
    };
    let step = || fields.required(said, placed_name);
    Some(match said {
        "submit" => {
            What::Submit { form: fields.required("submit", answer)?, period: fields.optional("period", string) }
        }
        "approve" => What::Approve { step: step()?, form: fields.optional("form", answer) },
        "fill" => {
            What::Fill { step: step()?, data: fields.optional("data", answer), form: fields.optional("form", answer) }
        }
        "reject" => What::Reject { step: step()? },
        "return" => {
            let to = fields.required("to", |node, log| string(node, log).map(|to| Placed::new(to, node.span)));
            let then = fields.optional("then", word(&THEN)).unwrap_or(Then::Restart);
            What::Return { step: step()?, to: to?, then }
        }
        "transfer" => {
            let (step, to) = (step(), fields.required("to", person_id));
            What::Transfer { step: step?, to: to? }
        }
        "resubmit" => What::Resubmit { form: fields.required("resubmit", answer)? },
        "withdraw" => What::Withdraw { reason: fields.required("withdraw", string)? },
        "cancel" => What::Cancel { reason: fields.required("cancel", string)? },
        "retry" => What::Retry { step: step()? },
        "clock" => What::Clock(fields.required("clock", clock)?),
        _ => What::Leave { person: fields.required("leaves", person_id)? },
    })
}

fn person_id(node: &Node, log: &Log<'_>) -> Option<Placed<PersonId>> {
    string(node, log).map(|id| Placed::new(PersonId::new(id), node.span))
}

/// `+2 workdays`, or a local date and time.
fn clock(node: &Node, log: &Log<'_>) -> Option<ClockMove> {
    let written = node.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    match written.strip_prefix('+').map(Stretch::parse) {
        Some(Ok(stretch)) => Some(ClockMove::By(stretch)),
        Some(Err(_)) => {
            expected(node, log, "一段时间，如 +2 workdays", "a time such as +2 workdays");
            None
        }
        None => moment(node, log).map(ClockMove::To),
    }
}

fn expect(node: &Node, log: &Log<'_>) -> Option<Expect> {
    let fields = Fields::of(node, log)?;
    let mut wanted = Map::new();
    for key in EXPECTABLE {
        if let Some(node) = fields.node(key) {
            wanted.insert(key.to_owned(), node.to_json());
        }
    }
    fields.finish();
    Some(Expect(wanted))
}
