//! Machine steps: policies, records and archives.

mod policy;
mod record;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_engine::{Flow, Instance, Machine, Problem};
use zhupi_policies::Pick;

use super::{Scope, World};
use crate::Release;

/// Facts that feed one input of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactQuery {
    /// The input; the facts found are handed back under its name.
    pub input: Name,
    /// The kind of fact.
    pub kind: Name,
    /// Key fields and the text that each must equal. A field that must equal something absent matches nothing: then no query
    /// is asked for.
    pub keys: BTreeMap<String, String>,
    /// [`Pick::Latest`] needs the one recorded last only; all others need every fact that matches and is not replaced.
    pub pick: Pick,
}

/// The facts found for the queries of one step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found(BTreeMap<Name, Vec<Json>>);

impl Found {
    /// Adds the bodies of the facts that a query found, in the order in which they were recorded.
    pub fn add(&mut self, query: FactQuery, bodies: Vec<Json>) {
        self.0.insert(query.input, bodies);
    }

    fn of(&self, input: &Name) -> &[Json] {
        self.0.get(input).map(Vec::as_slice).unwrap_or_default()
    }
}

/// What came of a machine step.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineAnswer {
    /// `value` is `{"accepted", "reason"?, "data", "assumed"?}`; `detail` says which policy, of which date, over which inputs,
    /// and holds the whole explanation.
    Policy { value: Json, detail: Json },
    /// A fact to be recorded, with the texts by which it is found.
    Record { kind: Name, body: Json, keys: BTreeMap<String, String>, value: Json },
    /// `value` is `{"copies": […], "keep_years"?}`.
    Archive { value: Json, detail: Json },
    /// A person must look at it.
    Failed { problem: Problem, detail: Json },
}

/// The facts that a step looks up.
pub fn wanted(release: &Release, flow: &Flow, instance: &Instance, step: &Name, world: &World<'_>) -> Vec<FactQuery> {
    let Some(Machine::Policy { run, with, .. }) = flow.step(step).and_then(|step| step.machine()) else {
        return Vec::new();
    };
    let (Some(policy), Ok(scope)) = (release.policy(run), release.scope(flow, instance, world)) else {
        return Vec::new();
    };
    let given = policy::given(policy.contract(), with, &scope, world).unwrap_or_default();
    policy::wanted(release, policy, &given, &scope, world)
}

/// Does a machine step.
pub fn run(
    release: &Release,
    flow: &Flow,
    instance: &Instance,
    step: &Name,
    world: &World<'_>,
    found: &Found,
) -> MachineAnswer {
    let Some(machine) = flow.step(step).and_then(|step| step.machine()) else {
        let (zh, en) = (format!("流程里没有系统步骤 {step}"), format!("the flow has no machine step {step}"));
        return failed(Text::new(zh, en));
    };
    let scope = match release.scope(flow, instance, world) {
        Ok(scope) => scope,
        Err(message) => return failed(message),
    };
    let job = Job { release, flow, instance, scope, world };
    match machine {
        Machine::Policy { run, with, into } => policy::run(&job, run, with, into, found),
        Machine::Record { fact, set } => record::run(&job, fact, set),
        Machine::Archive { copies, keep_years } => {
            let mut value = json!({ "copies": copies });
            if let (Some(object), Some(years)) = (value.as_object_mut(), keep_years) {
                object.insert("keep_years".to_owned(), json!(years));
            }
            MachineAnswer::Archive { value, detail: Json::Null }
        }
    }
}

/// One machine step under way.
struct Job<'a> {
    release: &'a Release,
    flow: &'a Flow,
    instance: &'a Instance,
    scope: Scope,
    world: &'a World<'a>,
}

fn failed(message: Text) -> MachineAnswer {
    let detail = json!({ "message": message });
    MachineAnswer::Failed { problem: Problem::Failed { message: message.zh }, detail }
}

/// A failure with its code and place, for those who can mend it.
fn failed_with(finding: &Diagnostic, mut detail: serde_json::Map<String, Json>) -> MachineAnswer {
    detail.insert("message".to_owned(), json!(finding.message));
    detail.insert("code".to_owned(), json!(finding.code));
    detail.insert("file".to_owned(), json!(finding.file));
    detail.insert("hints".to_owned(), json!(finding.hints));
    MachineAnswer::Failed {
        problem: Problem::Failed { message: finding.message.zh.clone() },
        detail: Json::Object(detail),
    }
}
