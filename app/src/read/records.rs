//! What machine steps left behind for readers: how an answer came about, and how it ended.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};
use zhupi_engine::{Event, EventKind, Place, Problem, VisitId};
use zhupi_policies::Explanation;

/// How the evaluation of a policy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Accepted,
    Refused,
    Incomplete,
    Fault,
}

impl Ended {
    /// The word of the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Incomplete => "incomplete",
            Self::Fault => "fault",
        }
    }
}

/// The last evaluation of one visit.
pub(crate) struct Record {
    pub ended: Ended,
    pub explanation: Explanation,
    /// What was taken for the time being.
    pub assumed: Vec<Assumed>,
    /// The figures of the answer, or what a refusal says.
    pub data: Map<String, Value>,
}

/// A param, or a gap between its rows, that was taken for the time being.
#[derive(Deserialize)]
pub(crate) struct Assumed {
    pub param: String,
    #[serde(default)]
    pub clause: Option<String>,
    /// The row that a gap was given to.
    #[serde(default)]
    pub gap: Option<String>,
}

/// The records of the visits that a page is about.
pub(crate) struct Records {
    wanted: BTreeSet<VisitId>,
    places: BTreeMap<VisitId, Place>,
    found: BTreeMap<VisitId, Record>,
}

impl Records {
    pub fn of(wanted: impl IntoIterator<Item = VisitId>) -> Self {
        Self { wanted: wanted.into_iter().collect(), places: BTreeMap::new(), found: BTreeMap::new() }
    }

    pub fn get(&self, visit: VisitId) -> Option<&Record> {
        self.found.get(&visit)
    }

    /// The step that a visit was at.
    pub fn place(&self, visit: VisitId) -> Option<&Place> {
        self.places.get(&visit)
    }

    pub fn hear(&mut self, event: &Event) {
        if let EventKind::VisitOpened { visit, place, .. } = &event.kind
            && self.wanted.contains(visit)
        {
            self.places.insert(*visit, place.clone());
        }
        let (visit, ended, detail, value) = match &event.kind {
            EventKind::MachineDone { visit, value, detail, .. } | EventKind::Recounted { visit, value, detail } => {
                let refused = value.get("accepted").and_then(Value::as_bool) == Some(false);
                (*visit, if refused { Ended::Refused } else { Ended::Accepted }, detail, value)
            }
            EventKind::IncidentOpened { visit: Some(visit), problem, detail, .. } => {
                (*visit, stopped(problem), detail, detail)
            }
            _ => return,
        };
        if self.wanted.contains(&visit)
            && let Some(record) = read(ended, detail, value)
        {
            self.found.insert(visit, record);
        }
    }
}

fn stopped(problem: &Problem) -> Ended {
    match problem {
        Problem::Incomplete { .. } => Ended::Incomplete,
        Problem::Refused { .. } => Ended::Refused,
        _ => Ended::Fault,
    }
}

/// None for what has no explanation: archives, records, and policies that never began.
fn read(ended: Ended, detail: &Value, value: &Value) -> Option<Record> {
    let explanation = serde_json::from_value(detail.get("explanation")?.clone()).ok()?;
    let assumed = detail.get("assumed").cloned().unwrap_or_default();
    Some(Record {
        ended,
        explanation,
        assumed: serde_json::from_value(assumed).unwrap_or_default(),
        data: value.get("data").and_then(Value::as_object).cloned().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zhupi_domain::{Instant, Text};
    use zhupi_engine::{Actor, IncidentId};

    use super::*;

    const VISIT: VisitId = VisitId(3);

    fn told(records: &mut Records, kind: EventKind) {
        let at = Instant::from_micros(0).unwrap();
        records.hear(&Event { at, by: Actor::Machine, kind });
    }

    fn detail() -> Value {
        json!({
            "explanation": { "policy": "credit.x", "on": "2026-03-31", "steps": [] },
            "assumed": [ { "param": "rate", "from": "2026-01-01", "clause": "D1 142" } ],
        })
    }

    fn opened(problem: Problem) -> EventKind {
        let (incident, place) = (IncidentId(1), Place::Start);
        EventKind::IncidentOpened { incident, place, visit: Some(VISIT), problem, resume: Vec::new(), detail: detail() }
    }

    #[test]
    fn how_it_ended_is_what_the_event_says() {
        for (problem, ended) in [
            (Problem::Incomplete { params: vec!["rate".into()] }, Ended::Incomplete),
            (Problem::Refused { code: "over".into() }, Ended::Refused),
            (Problem::failed(Text::same("?")), Ended::Fault),
        ] {
            let mut records = Records::of([VISIT]);
            told(&mut records, opened(problem));
            assert_eq!(records.get(VISIT).unwrap().ended, ended);
        }
        for (accepted, ended) in [(true, Ended::Accepted), (false, Ended::Refused)] {
            let mut records = Records::of([VISIT]);
            told(&mut records, opened(Problem::failed(Text::same("?"))));
            let value = json!({ "accepted": accepted, "data": { "deducted": "1.00" } });
            told(&mut records, EventKind::MachineDone { visit: VISIT, into: None, value, detail: detail() });
            let record = records.get(VISIT).unwrap();
            assert_eq!((record.ended, record.assumed[0].param.as_str()), (ended, "rate"), "a retry replaces the fault");
            assert_eq!(record.data["deducted"], "1.00");
        }
    }

    #[test]
    fn other_visits_are_not_kept() {
        let mut records = Records::of([VisitId(4)]);
        told(&mut records, opened(Problem::failed(Text::same("?"))));
        assert!(records.get(VISIT).is_none());
    }
}
