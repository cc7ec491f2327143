//! Filling: one sheet that one or all sign, or everybody's own.

use serde_json::{Map, Value, json};
use zhupi_domain::{Instant, Name, PersonId};

use crate::acts::Held;
use crate::decide::{Draft, Went};
use crate::{
    Candidate, Decide, EventKind, HumanKind, Instance, Place, Refusal, ResultValue, Sheet, Spot, TaskId, VisitId, Why,
};

impl Draft<'_> {
    /// Fills what a step asks for. A change of a sheet that others have signed clears their signatures.
    pub fn fill(
        &mut self,
        held: &Held,
        comment: Option<String>,
        form: Option<&Map<String, Value>>,
        value: Option<&Value>,
    ) -> Went {
        let flow = self.flow;
        let Some((human, HumanKind::Fill { form: own_form, sheet })) =
            flow.human(&held.place).map(|human| (human, &human.kind))
        else {
            return Err(Refusal::NotAtThisStep.into());
        };
        if own_form.is_some() != value.is_some() {
            return Err(Refusal::NotAtThisStep.into());
        }
        let form_changed = self.change_form(form);
        let own = matches!(sheet, Sheet::Own { .. });
        let into = human.into.clone();
        let changed = form_changed || value.is_some_and(|value| self.sheet_differs(held, into.as_ref(), value));
        self.emit(EventKind::Filled { task: held.id, value: value.cloned(), into, own, comment });
        self.check(&held.place)?;
        if changed && !own && human.decide() != Decide::Any {
            self.clear_signatures(held)?;
        }
        self.settle(held)
    }

    fn sheet_differs(&self, held: &Held, into: Option<&Name>, value: &Value) -> bool {
        let spot = into.map(|into| Spot::new(into.clone(), held.place.lanes().to_vec()));
        let before = spot.and_then(|spot| self.state.results.get(&spot));
        before.is_some_and(|before| before.visit == held.visit && before.value != *value)
    }

    /// Asks those again who signed what has changed.
    fn clear_signatures(&mut self, held: &Held) -> Went {
        let Some(visit) = self.state.visits.get(&held.visit) else { return Ok(()) };
        let by = self.person()?.clone();
        let signed = visit.agreed.iter().filter(|person| **person != by && **person != held.task.person);
        let people: Vec<PersonId> = signed.cloned().collect();
        if people.is_empty() {
            return Ok(());
        }
        let in_order = visit.decide == Decide::InOrder;
        self.emit(EventKind::SignaturesCleared { visit: held.visit, people: people.clone() });
        let (named, _) = self.named_again(&held.place)?;
        let again = named.into_iter().filter(|candidate| people.contains(&candidate.person)).map(|candidate| {
            let why = Why::Changed { by: by.clone(), selector: candidate.why.selector().cloned() };
            Candidate { why, ..candidate }
        });
        let again: Vec<Candidate> = again.collect();
        self.room_for(again.len())?;
        if in_order {
            self.emit(EventKind::Queued { visit: held.visit, people: again });
        } else {
            for candidate in again {
                self.open_task(held.visit, candidate.person, candidate.why, false);
            }
        }
        Ok(())
    }
}

impl Instance {
    /// Keeps what somebody filled.
    pub(crate) fn keep_sheet(
        &mut self,
        task: TaskId,
        into: &Name,
        value: &Value,
        own: bool,
        by: &PersonId,
        at: Instant,
    ) {
        let Some((visit, of, _)) = self.task(task) else { return };
        let spot = Spot::new(into.clone(), of.place.lanes().to_vec());
        let before = self.results.remove(&spot).filter(|before| before.visit == visit);
        let result = if own {
            let mut sheets = match before.map(|before| before.value) {
                Some(Value::Array(sheets)) => sheets,
                _ => Vec::new(),
            };
            sheets.push(json!({ "by": by, "at": at, "data": value }));
            ResultValue { value: Value::Array(sheets), by: None, at, visit, signed: Vec::new() }
        } else {
            let mut signed = before.map(|before| before.signed).unwrap_or_default();
            signed.push(by.clone());
            ResultValue { value: value.clone(), by: Some(by.clone()), at, visit, signed }
        };
        self.results.insert(spot, result);
    }

    /// Takes back signatures under a sheet that was changed.
    pub(crate) fn unsign(&mut self, id: VisitId, people: &[PersonId]) {
        if let Some(visit) = self.visits.get_mut(&id) {
            visit.agreed.retain(|person| !people.contains(person));
        }
        for result in self.results.values_mut().filter(|result| result.visit == id) {
            result.signed.retain(|person| !people.contains(person));
        }
    }

    /// The place of a visit that is open.
    pub fn place_of(&self, visit: VisitId) -> Option<&Place> {
        self.visits.get(&visit).map(|visit| &visit.place)
    }
}
