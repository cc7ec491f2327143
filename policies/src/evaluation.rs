//! Evaluating a policy: inputs in, an answer and its explanation out.

use std::time::Duration;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map as JsonMap, Value as Json, json};
use zhupi_domain::{ContentHash, Diagnostic, Name};

use crate::explanation::Explanation;
use crate::fence;
use crate::params::Params;
use crate::policy::Policy;
use crate::running::Running;

/// What computes: the script engine and the level of the host's words. Stored with every result.
pub const ENGINE_VERSION: &str = "words-1/rhai-1.27.0";

/// One evaluation that is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Values by the name of the input. What the contract binds to facts, people or the calendar is resolved by the caller.
    pub inputs: JsonMap<String, Json>,
    /// The day at which params are read.
    pub on: NaiveDate,
    /// How long the script may take.
    pub deadline: Duration,
}

impl Request {
    /// A request with the usual deadline of one second.
    pub fn new(inputs: JsonMap<String, Json>, on: NaiveDate) -> Self {
        Self { inputs, on, deadline: Duration::from_secs(1) }
    }
}

/// How an evaluation ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The answer, in the order of the contract.
    Accepted { output: JsonMap<String, Json> },
    /// A refusal that the contract declares.
    Refused { code: Name, data: JsonMap<String, Json> },
    /// Params without a value were needed; there are no amounts.
    Incomplete { missing: Vec<Name> },
    /// Something a person must look at.
    Fault(Diagnostic),
}

/// A value that was taken for the time being.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assumed {
    pub param: Name,
    /// The day from which the value holds.
    pub from: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The row that a decided gap was given to; none where the whole value is assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
}

/// What one evaluation gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    pub outcome: Outcome,
    /// Not empty where the amounts may be shown but not paid yet.
    pub assumed: Vec<Assumed>,
    pub explanation: Explanation,
    /// Of the policy's name, the day and the inputs as they were given, whatever their order.
    pub input_hash: ContentHash,
    pub engine_version: &'static str,
}

impl Evaluation {
    /// The public record: the answer, `{accepted: false, reason, …}`, or why there is none.
    pub fn answer(&self) -> Json {
        match &self.outcome {
            Outcome::Accepted { output } => Json::Object(output.clone()),
            Outcome::Refused { code, data } => {
                let mut record = JsonMap::new();
                record.insert("accepted".into(), false.into());
                record.insert("reason".into(), code.as_str().into());
                record.extend(data.clone());
                Json::Object(record)
            }
            Outcome::Incomplete { missing } => json!({ "incomplete": true, "missing": missing }),
            Outcome::Fault(found) => json!({ "fault": found.code, "message": found.message }),
        }
    }
}

/// Evaluates every request by itself, in their order; a large batch uses several threads.
pub fn evaluate(policy: &Policy, params: &Params, requests: &[Request]) -> Vec<Evaluation> {
    let workers = match requests.len() {
        0..32 => 1,
        _ => std::thread::available_parallelism().map_or(1, usize::from).min(8),
    };
    let chunk = requests.len().div_ceil(workers).max(1);
    let run = |chunk: &[Request]| -> Vec<Evaluation> {
        let all = || chunk.iter().map(|request| Running::new(&policy.0, params, request).guarded()).collect();
        fence::apart(all).unwrap_or_else(|panic| {
            chunk.iter().map(|request| Running::new(&policy.0, params, request).panicked(&panic)).collect()
        })
    };
    if workers == 1 {
        return run(requests);
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = requests.chunks(chunk).map(|chunk| (chunk, scope.spawn(move || run(chunk)))).collect();
        let join = |(chunk, thread): (&[Request], std::thread::ScopedJoinHandle<Vec<Evaluation>>)| {
            thread.join().unwrap_or_else(|_| run(chunk))
        };
        threads.into_iter().flat_map(join).collect()
    })
}
