//! What of a policy's answer one reader is shown. Figures, sentences and the explanation all ask here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use zhupi_domain::Text;
use zhupi_forms::Class;
use zhupi_policies::{Contract, Explanation, Kind, Refusal, Step, Type, What};

use super::values::{MASK, Wording};
use crate::view::{FigureKind, OutputView};

/// An answer without what is closed to a reader.
pub(crate) struct Shown {
    /// Outputs whose values are withheld.
    withheld: BTreeSet<String>,
    /// Whether what a refusal says is shown.
    refusal: bool,
    explanation: Option<Explanation>,
}

impl Shown {
    /// An output is withheld where its class is closed, or where it was computed from a hidden input: whoever knows the
    /// script could work back from the one to the other. What it was made of goes with it.
    pub fn of(
        contract: &Contract,
        explanation: Option<&Explanation>,
        hidden: &BTreeSet<String>,
        open: &BTreeSet<Class>,
    ) -> Self {
        let steps = explanation.map(|explanation| explanation.steps.as_slice()).unwrap_or_default();
        let safe = |name: &str| {
            let step = steps.iter().find(|step| output_of(step) == Some(name));
            hidden.is_empty() || step.is_some_and(|step| step.shows.is_disjoint(hidden))
        };
        let mut withheld = BTreeSet::new();
        for output in &contract.outputs {
            let name = output.name().as_str();
            if is_closed(form_class(output.class), open) || !safe(name) {
                withheld.insert(name.to_owned());
            }
        }
        // The lines of a payout say what each payee is paid.
        if contract.kind == Kind::Payout && (is_closed(Class::Pay, open) || !safe(LINES)) {
            withheld.insert(LINES.to_owned());
        }
        let refused = steps.iter().find(|step| matches!(step.what, What::Refused { .. }));
        let refusal = hidden.is_empty() || refused.is_some_and(|step| step.shows.is_disjoint(hidden));
        let explanation = explanation.map(|explanation| masked(explanation, hidden, &withheld));
        Self { withheld, refusal, explanation }
    }

    pub fn withholds(&self, output: &str) -> bool {
        self.withheld.contains(output)
    }

    /// Whether anything at all is withheld.
    pub fn withholds_something(&self) -> bool {
        !self.withheld.is_empty()
    }

    /// The explanation without what this reader may not see; none where there is no explanation.
    pub fn explanation(&self) -> Option<&Explanation> {
        self.explanation.as_ref()
    }

    /// The figures of an answer, in its own order.
    pub fn figures(&self, wording: Wording<'_>, contract: &Contract, data: &Map<String, Value>) -> Vec<OutputView> {
        let view = |(name, value): (&String, &Value)| {
            let output = contract.outputs.iter().find(|output| output.name().as_str() == name);
            let is_output = output.is_some() || (contract.kind == Kind::Payout && name == LINES);
            let masked = if is_output { self.withholds(name) } else { !self.refusal };
            let is_money = output.is_some_and(|output| output.field.ty == Type::Money) && !masked;
            OutputView {
                kind: if is_money { FigureKind::Money } else { FigureKind::Plain },
                name: name.clone(),
                title: output.and_then(|output| output.title.clone()).unwrap_or_else(|| called(name)).into(),
                value: if masked { MASK.into() } else { said(wording, contract, data, (name, value)) },
                masked,
            }
        };
        // What the reason tells in words is not told once more by its bare name.
        let told = refusal_of(contract, data).filter(|_| self.refusal).map(Refusal::tells).unwrap_or_default();
        data.iter().filter(|(name, _)| *name != "accepted" && !told.contains(name.as_str())).map(view).collect()
    }
}

/// The list of amounts in the answer of a payout.
const LINES: &str = "lines";

/// The code under which a policy refused.
const REASON: &str = "reason";

/// What a member of an answer is called that the contract gives no title.
fn called(name: &str) -> Text {
    match name {
        LINES => Text::new("发放明细", "Lines"),
        REASON => Text::new("原因", "Reason"),
        name => Text::same(name),
    }
}

/// A member of an answer in words: outputs and the data of a refusal by their types, the reason by its text.
fn said(wording: Wording<'_>, contract: &Contract, data: &Map<String, Value>, (name, value): (&str, &Value)) -> String {
    if let Some(output) = contract.outputs.iter().find(|output| output.name().as_str() == name) {
        return wording.given(value, &output.field.ty, &output.labels);
    }
    let Some(refusal) = refusal_of(contract, data) else { return wording.plain(value) };
    match (&refusal.text, refusal.data.iter().find(|field| field.name.as_str() == name)) {
        (Some(text), None) if name == REASON => match wording.refused(refusal, data) {
            Some(told) => format!("{}{}{told}", wording.pick(text), wording.colon()),
            None => wording.pick(text).to_owned(),
        },
        (_, Some(field)) => wording.given(value, &field.ty, &BTreeMap::new()),
        (_, None) => wording.plain(value),
    }
}

/// What the contract says of the refusal that an answer is.
fn refusal_of<'a>(contract: &'a Contract, data: &Map<String, Value>) -> Option<&'a Refusal> {
    contract.refused(data.get(REASON)?.as_str()?)
}

fn output_of(step: &Step) -> Option<&str> {
    match &step.what {
        What::Output { name, .. } => Some(name),
        _ => None,
    }
}

/// The explanation without what shows a hidden input or a withheld output. What an output is called stays.
fn masked(explanation: &Explanation, hidden: &BTreeSet<String>, withheld: &BTreeSet<String>) -> Explanation {
    let mut shown = explanation.masked(|input| hidden.contains(input));
    let made_of = |step: &Step| match &step.what {
        What::Output { name, because, .. } if withheld.contains(name) => because.clone(),
        _ => Vec::new(),
    };
    let grounds: BTreeSet<usize> = explanation.steps.iter().flat_map(made_of).collect();
    for (index, (step, whole)) in shown.steps.iter_mut().zip(&explanation.steps).enumerate() {
        match &whole.what {
            What::Output { name, title, .. } if withheld.contains(name) => {
                let (name, title, value) = (name.clone(), title.clone(), MASK.into());
                step.what = What::Output { name, title, value, because: Vec::new() };
            }
            _ if grounds.contains(&index) => step.what = What::Masked,
            _ => {}
        }
        if step.what == What::Masked {
            // The line would tell which way the script went.
            step.line = None;
        }
    }
    shown.sentences.retain(|sentence| !withheld.contains(&sentence.output));
    shown
}

/// Whether values of a class are withheld.
pub(crate) fn is_closed(class: Class, open: &BTreeSet<Class>) -> bool {
    class.is_masked() && !open.contains(&class)
}

/// A class of a contract as forms call it: the two rooms do not know each other.
pub(crate) fn form_class(class: zhupi_policies::Class) -> Class {
    match class {
        zhupi_policies::Class::Public => Class::Public,
        zhupi_policies::Class::Internal => Class::Internal,
        zhupi_policies::Class::Pay => Class::Pay,
        zhupi_policies::Class::Identity => Class::Identity,
    }
}
