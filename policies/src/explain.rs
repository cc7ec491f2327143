//! Putting an explanation together: what was recorded, and what each figure was made of.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Map as JsonMap, Value as Json};
use zhupi_domain::{Name, Text};

use crate::contract::Kind;
use crate::dataflow::{Sources, at};
use crate::explanation::{Explanation, Step, What};
use crate::policy::Compiled;
use crate::tape::{Recorded, Tape};
use crate::{sentence, show};

/// The most steps that one output points at.
const MOST_REASONS: usize = 100;

/// The explanation of one evaluation; without outputs where there was no answer.
pub(crate) fn explanation(
    compiled: &Compiled,
    on: NaiveDate,
    tape: &Tape,
    output: Option<&JsonMap<String, Json>>,
) -> Explanation {
    let mut steps: Vec<Step> = tape.steps.iter().map(|recorded| step(compiled, recorded)).collect();
    if tape.more > 0 {
        steps.push(Step {
            what: What::More { count: tape.more },
            line: None,
            library: None,
            shows: every_input(compiled),
        });
    }
    let mut sentences = Vec::new();
    if let Some(output) = output {
        for (name, title) in outputs(compiled) {
            let Some(value) = output.get(name.as_str()) else { continue };
            let sources = compiled.dataflow.output(name.as_str());
            let because = because(tape, &sources);
            sentences.extend(sentence::sentence(compiled, &name, &title, value, &sources, &because, &steps));
            let what = What::Output { name: name.to_string(), title, value: show::shorten(value), because };
            steps.push(Step { what, line: None, library: None, shows: sources.inputs });
        }
    }
    Explanation { policy: compiled.contract.policy.to_string(), on, steps, sentences }
}

/// The outputs and what people call them, with the lines of a payout.
fn outputs(compiled: &Compiled) -> Vec<(Name, Text)> {
    let contract = &compiled.contract;
    let title = |title: &Option<Text>, name: &Name| title.clone().unwrap_or_else(|| Text::same(name.as_str()));
    let mut outputs: Vec<(Name, Text)> =
        contract.outputs.iter().map(|output| (output.name().clone(), title(&output.title, output.name()))).collect();
    if contract.kind == Kind::Payout {
        outputs.extend(Name::new("lines").ok().map(|name| (name, Text::new("发放明细", "lines"))));
    }
    outputs
}

fn step(compiled: &Compiled, recorded: &Recorded) -> Step {
    let shows = match &recorded.what {
        What::Input { name, .. } => [name.clone()].into(),
        // A param bound to an input is read before the script runs, and shows no other input.
        What::Param { .. } if recorded.place.position.is_none() => BTreeSet::new(),
        _ if recorded.place.library.is_some() => every_input(compiled),
        _ => {
            compiled.dataflow.calls.get(&at(recorded.place.position)).cloned().unwrap_or_else(|| every_input(compiled))
        }
    };
    Step {
        what: recorded.what.clone(),
        line: recorded.place.position.line(),
        library: recorded.place.library.clone(),
        shows,
    }
}

/// What is shown where nobody can tell: every input that the script takes.
fn every_input(compiled: &Compiled) -> BTreeSet<String> {
    compiled.arguments.iter().filter(|name| *name != "params").cloned().collect()
}

/// The recorded steps that an output was computed from.
fn because(tape: &Tape, sources: &Sources) -> Vec<usize> {
    let belongs = |recorded: &Recorded| match &recorded.what {
        What::Input { name, .. } => sources.inputs.contains(name),
        What::Param { .. } | What::Word { .. } => {
            recorded.place.library.is_some() || sources.calls.contains(&at(recorded.place.position))
        }
        _ => false,
    };
    (0..).zip(&tape.steps).filter(|(_, recorded)| belongs(recorded)).map(|(i, _)| i).take(MOST_REASONS).collect()
}
