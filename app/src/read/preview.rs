//! The way that a request would take, before it is submitted.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, PersonId};
use zhupi_engine::{Actor, Answer, Block, Choose, Command, Event, Instance, Question, Subject};
use zhupi_pack::answers;

use super::route::Drawing;
use super::way::Way;
use crate::load::Around;
use crate::permit::Viewer;
use crate::words::Told;

/// The way that a request would take if it were submitted now with this form.
pub(crate) fn preview(
    viewer: &Viewer,
    around: &Around,
    form: Map<String, Value>,
    period: Option<Period>,
    now: Instant,
) -> Vec<Value> {
    let names = around.names();
    let subject = match &around.flow.subject {
        Subject::Initiator => None,
        Subject::Field(field) => form.get(field.as_str()).and_then(Value::as_str).map(PersonId::new),
    };
    let command = Command::Submit {
        release: around.release.hash(),
        subject: subject.unwrap_or_else(|| viewer.person().clone()),
        period,
        number: String::new(),
        form,
    };
    let Ok(decided) = around.decide(None, &Actor::Person(viewer.person().clone()), &command, now) else {
        return Vec::new();
    };
    let submitted: Vec<&Event> = decided.events.iter().take(1).collect();
    let Some(state) = zhupi_engine::replay(submitted.iter().copied()) else { return Vec::new() };
    let mut way = Way::new(&names);
    submitted.iter().for_each(|event| way.hear(event));
    let mut expected = BTreeMap::new();
    expect(around, &state, &around.flow.steps, now, &mut expected);
    Drawing { names: &names, around, state: &state, way, expected, told: Told::Outline, now }.whole()
}

/// Which branch would be taken at each choice that the form alone decides.
fn expect(around: &Around, state: &Instance, blocks: &[Block], now: Instant, expected: &mut BTreeMap<u32, u32>) {
    let choices = blocks.iter().filter_map(|block| match block {
        Block::Choose(choose) => Some(choose),
        Block::Step(_) => None,
    });
    for choose in choices {
        let question = Question::Branch { choose: choose.number };
        if is_known(around, choose, state)
            && let Answer::Branch(Ok(branch)) = answers::answer(&around.release, &question, state, &around.world(now))
        {
            expected.insert(choose.number, branch);
        }
        for branch in &choose.branches {
            expect(around, state, &branch.steps, now, expected);
        }
    }
}

/// Whether everything that the conditions read is there already (no results, and no field that is still empty), and may be
/// known: a preview about somebody else must not become a way to find out what they are paid.
fn is_known(around: &Around, choose: &Choose, state: &Instance) -> bool {
    let attributes = &around.release.company().attributes;
    let secret =
        |name: &str| attributes.iter().any(|(known, attribute)| known.as_str() == name && attribute.class.is_masked());
    let paths = choose.branches.iter().filter_map(|branch| branch.when.as_ref()).flat_map(|when| when.paths());
    paths.into_iter().all(|path| {
        let mut parts = path.split('.');
        match (parts.next(), parts.next()) {
            (Some("form"), Some(field)) => state.form.get(field).is_some_and(|value| !value.is_null()),
            (Some("period"), _) => state.period.is_some(),
            (Some("initiator" | "today"), _) => true,
            (Some("subject"), attribute) => state.subject == state.initiator || !attribute.is_none_or(secret),
            _ => false,
        }
    })
}
