//! Machine steps: policies, records and archives.

mod again;
pub(crate) mod policy;
mod record;

use serde_json::{Value as Json, json};
use zhupi_domain::{Diagnostic, Name, Text};
use zhupi_engine::{Flow, Instance, Machine, Obstacle, Problem, Spot};
use zhupi_policies::UNKNOWN_YEAR;

pub use again::{Before, policy_again, results_that_date};

use super::{Found, Scope, Wanted, World, scope};
use crate::Release;

/// What came of a machine step.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineAnswer {
    /// `value` is `{"accepted", "reason"?, "data", "assumed"?}`; `detail` says which policy, of which date, over which inputs,
    /// and holds the whole explanation.
    Policy { value: Json, detail: Json },
    /// A fact to be recorded, with the texts by which it is found.
    Record { fact: Name, body: Json, keys: Vec<(String, String)>, value: Json },
    /// `value` is `{"copies": […], "keep_years"?}`.
    Archive { value: Json },
    /// A person must look at it.
    Failed { problem: Problem, detail: Json },
}

/// What must be found before a machine step can be done; nothing for steps that look nothing up.
pub fn machine_inputs(release: &Release, instance: &Instance, step: &Spot, world: &World<'_>) -> Wanted {
    match machine(release, instance, step) {
        Some((flow, Machine::Policy { run, with, .. })) => {
            let Some(policy) = release.policy(run) else { return Wanted::default() };
            let at = flow.locate(step);
            let Ok(scope) = scope(release, flow, instance, at.as_ref(), world) else { return Wanted::default() };
            let given = policy::given(policy.contract(), with, &scope, world);
            given.map_or_else(|_| Wanted::default(), |given| policy::wanted(release, policy, &given, &scope, world))
        }
        _ => Wanted::default(),
    }
}

/// Does a machine step.
pub fn run_machine(
    release: &Release,
    instance: &Instance,
    step: &Spot,
    world: &World<'_>,
    found: &Found,
) -> MachineAnswer {
    let Some((flow, machine)) = machine(release, instance, step) else {
        let (zh, en) = (format!("流程里没有系统步骤 {step}"), format!("the flow has no machine step {step}"));
        return failed(Text::new(zh, en));
    };
    let scope = match scope(release, flow, instance, flow.locate(step).as_ref(), world) {
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
            MachineAnswer::Archive { value }
        }
    }
}

/// One machine step under way.
pub(crate) struct Job<'a> {
    pub release: &'a Release,
    pub flow: &'a Flow,
    pub instance: &'a Instance,
    pub scope: Scope,
    pub world: &'a World<'a>,
}

fn machine<'a>(release: &'a Release, instance: &Instance, step: &Spot) -> Option<(&'a Flow, &'a Machine)> {
    let flow = release.flow(&instance.flow)?;
    Some((flow, flow.step(&step.what)?.machine()?))
}

fn failed(why: impl Into<Obstacle>) -> MachineAnswer {
    let why = why.into();
    let message = Text::from(why.clone());
    MachineAnswer::Failed { problem: Problem::failed(why), detail: json!({ "message": message }) }
}

/// A failure with its code and place, for those who can mend it.
fn failed_with(release: &Release, finding: &Diagnostic, mut detail: serde_json::Map<String, Json>) -> MachineAnswer {
    let place = finding.span.zip(release.text(&finding.file)).map(|(span, text)| span.line_column(text));
    let message = match place {
        Some((line, column)) => {
            let (told, file) = (&finding.message, &finding.file);
            let en = told.en.as_ref().map(|en| format!("{en} ({file}:{line}:{column})"));
            Text { zh: format!("{}（{file}:{line}:{column}）", told.zh), en }
        }
        None => finding.message.clone(),
    };
    for (key, value) in [
        ("message", json!(finding.message)),
        ("code", json!(finding.code)),
        ("file", json!(finding.file)),
        ("line", json!(place.map(|(line, _)| line))),
        ("column", json!(place.map(|(_, column)| column))),
        ("hints", json!(finding.hints)),
    ] {
        detail.insert(key.to_owned(), value);
    }
    // Which year somebody has to enter is for everybody to know.
    let why = match finding.code == UNKNOWN_YEAR {
        true => Obstacle::plain(finding.message.clone()),
        false => message.into(),
    };
    MachineAnswer::Failed { problem: Problem::failed(why), detail: Json::Object(detail) }
}
