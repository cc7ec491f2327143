//! The way that a request would take, before it is submitted.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zhupi_domain::time::Period;
use zhupi_domain::{Instant, PersonId};
use zhupi_engine::{Actor, Answer, Block, Choose, Event, EventKind, Instance, Question, Subject};
use zhupi_pack::answers::{self, Found};

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
    let kind = EventKind::Submitted {
        flow: around.flow.name.clone(),
        release: around.release.hash(),
        initiator: viewer.person().clone(),
        subject: subject.unwrap_or_else(|| viewer.person().clone()),
        period,
        number: String::new(),
        form,
        open: false,
    };
    let submitted = [Event { at: now, by: Actor::Person(viewer.person().clone()), kind }];
    let Some(state) = zhupi_engine::replay(&submitted) else { return Vec::new() };
    let mut way = Way::new(&names);
    submitted.iter().for_each(|event| way.hear(event));
    let mut expected = BTreeMap::new();
    expect(around, &state, &around.flow.steps, now, &mut expected);
    Drawing { names: &names, around, state: &state, way, expected, told: Told::Outline, now }.whole()
}

/// Which branch would be taken at each choice that the form alone decides.
fn expect(around: &Around, state: &Instance, blocks: &[Block], now: Instant, expected: &mut BTreeMap<u32, u32>) {
    for block in blocks {
        let branches = match block {
            // What is done for every item is known once there are items.
            Block::Step(_) | Block::Each(_) => continue,
            Block::Parallel(parallel) => &parallel.branches,
            Block::Choose(choose) => {
                let question = Question::Branch(choose.number.into());
                let world = around.world(now);
                let answered = || answers::answer(&around.release, &question, state, &world, &Found::default());
                if is_known(around, choose, state)
                    && let Answer::Branch(Ok(branch)) = answered()
                {
                    expected.insert(choose.number, branch);
                }
                &choose.branches
            }
        };
        for branch in branches {
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
