//! What policies said that went by the calendar, worked out again by the one of now.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zhupi_domain::Instant;
use zhupi_engine::{
    Answer, At, Event, EventKind, IncidentId, Instance, Lanes, Place, Problem, Question, Recounted, VisitId,
};
use zhupi_pack::World;
use zhupi_pack::answers::{self, Before, Found, MachineAnswer};

use crate::load::Loaded;
use crate::{App, AppError};

impl App {
    /// What the results that date the deadlines of a request say under the calendar of now, where that is something else.
    ///
    /// What a policy said stays where it has no answer now, or another kind of answer: what followed from it has happened.
    pub(crate) async fn recounted(&self, loaded: &Loaded) -> Result<Vec<Recounted>, AppError> {
        let dating = answers::results_that_date(&loaded.around.flow);
        let results =
            loaded.state.results.iter().filter(|(spot, result)| dating.contains(&spot.what) && result.by.is_none());
        let mut evaluations =
            Evaluations { of: results.map(|(_, result)| result.visit).collect(), ..Evaluations::default() };
        if evaluations.of.is_empty() {
            return Ok(Vec::new());
        }
        self.each_event(&loaded.company, &loaded.id, |event| evaluations.hear(event)).await?;
        let mut recounted: Vec<Recounted> = Vec::new();
        let dated = loaded.state.results.values().filter(|result| evaluations.of.contains(&result.visit));
        let mut said: BTreeMap<VisitId, Value> = dated.map(|result| (result.visit, result.value.clone())).collect();
        for (visit, at, mut before) in evaluations.found {
            // What it was worked out from may have been worked out again itself.
            for result in before.instance.results.values_mut() {
                said.get(&result.visit).into_iter().for_each(|value| result.value.clone_from(value));
            }
            let Some(said) = said.get_mut(&visit) else { continue };
            match self.again(loaded, at, before).await? {
                Some(MachineAnswer::Policy { value, .. }) if value == *said => {}
                Some(MachineAnswer::Policy { value, detail }) if value["accepted"] == said["accepted"] => {
                    said.clone_from(&value);
                    recounted.push(Recounted { visit, value, detail });
                }
                _ => {
                    tracing::warn!(instance = %loaded.id, %visit, "by the new calendar this policy has no such answer")
                }
            }
        }
        Ok(recounted)
    }

    /// Evaluates a policy as it was evaluated at that moment, with the calendar of now.
    async fn again(&self, loaded: &Loaded, at: Instant, before: Before) -> Result<Option<MachineAnswer>, AppError> {
        let release = self.cache().release(self.store(), &loaded.company, before.instance.release).await?;
        let around = loaded.around.clone();
        let again = tokio::task::spawn_blocking(move || {
            let world = World { directory: &around.directory, calendar: &around.calendar, now: at };
            answers::policy_again(&release, &before, &world)
        });
        again.await.map_err(|error| AppError::Internal(format!("a policy: {error}")))
    }

    /// What stopped because the calendar did not know a year, and may go on now.
    pub(crate) async fn waiting_for_a_year(&self, loaded: &Loaded, now: Instant) -> Result<Vec<IncidentId>, AppError> {
        let (mut failed, mut waiting) = (BTreeSet::new(), Vec::new());
        for (id, incident) in &loaded.state.incidents {
            match &incident.problem {
                Problem::Failed { .. } => drop(failed.insert(*id)),
                Problem::Condition { choose, lanes, .. } if holds(loaded, *choose, lanes, now) => waiting.push(*id),
                _ => {}
            }
        }
        if failed.is_empty() {
            return Ok(waiting);
        }
        self.each_event(&loaded.company, &loaded.id, |event| match event.kind {
            EventKind::IncidentOpened { incident, detail, .. }
                if failed.contains(&incident) && detail["code"] == zhupi_policies::UNKNOWN_YEAR =>
            {
                waiting.push(incident);
            }
            _ => {}
        })
        .await?;
        Ok(waiting)
    }
}

/// Whether the conditions of a choice can be told now.
fn holds(loaded: &Loaded, choose: u32, lanes: &Lanes, now: Instant) -> bool {
    let (around, question) = (&loaded.around, Question::Branch(At { what: choose, lanes: lanes.clone() }));
    let answer = answers::answer(&around.release, &question, &loaded.state, &around.world(now), &Found::default());
    matches!(answer, Answer::Branch(Ok(_)))
}

/// The last evaluations of some visits, in their order, with the request as it was then.
#[derive(Default)]
struct Evaluations {
    of: BTreeSet<VisitId>,
    state: Option<Instance>,
    found: Vec<(VisitId, Instant, Before)>,
}

impl Evaluations {
    fn hear(&mut self, event: Event) {
        if let EventKind::MachineDone { visit, detail, .. } = &event.kind
            && self.of.contains(visit)
        {
            self.found.extend(self.before(*visit, detail).map(|before| (*visit, event.at, before)));
        }
        self.state = zhupi_engine::apply(self.state.take(), &event);
    }

    fn before(&self, visit: VisitId, detail: &Value) -> Option<Before> {
        let instance = self.state.as_ref()?;
        let Place::Step(step) = &instance.visits.get(&visit)?.place else { return None };
        let explanation = serde_json::from_value(detail.get("explanation")?.clone()).ok()?;
        Some(Before { instance: instance.clone(), step: step.clone(), explanation })
    }
}
