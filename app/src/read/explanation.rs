//! How an amount came about: down to clause, param and line of script.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zhupi_domain::expr::Expr;
use zhupi_domain::{Name, Text};
use zhupi_engine::VisitId;
use zhupi_policies::{Contract, Explanation, Policy, RowHit, Source, Step, What};

use super::records::Records;
use super::results::{secrets, visits};
use super::secrets::policy_of;
use super::shown::Shown;
use super::sight::Sight;
use super::values::Wording;
use crate::load::Loaded;
use crate::permit::{Denied, Viewer};
use crate::view::{ExplanationView, ScriptView};
use crate::words;
use crate::{App, AppError};

impl App {
    /// The explanation of one machine step, without what this person may not see.
    pub async fn explanation(&self, viewer: &Viewer, id: &str, visit: u32) -> Result<ExplanationView, AppError> {
        let permit = self.permit_read(viewer, id).await?;
        let loaded = &permit.act().0;
        let visit = VisitId(visit);
        let mut records = Records::of(visits(&loaded.state).into_iter().chain([visit]));
        self.tell(loaded, |told| told.event.iter().for_each(|event| records.hear(event))).await?;
        let sight = self.sight(viewer, &loaded.id, loaded.followed()).await?;
        let record = records.get(visit).ok_or(Denied::NotFound)?;
        let policy = loaded.around.release.policy(&record.explanation.policy).ok_or(Denied::NotFound)?;
        let handed = handed(loaded, &records, visit, &record.explanation.policy);
        let shown = shown(loaded, &sight, &records, visit, (policy, handed)).ok_or(Denied::NotFound)?;
        let wording = Wording::of(viewer, &loaded.around.release);
        let (contract, explanation) = (policy.contract(), shown.explanation().ok_or(Denied::NotFound)?);
        let names = loaded.names();
        let origin = |input: &str, source: &Source| {
            let handed = handed.and_then(|with| Some(with.iter().find(|(name, _)| name.as_str() == input)?.1));
            words::origin(&names, contract, input, source, handed)
        };
        Ok(ExplanationView {
            policy: contract.policy.to_string(),
            title: contract.title.clone().unwrap_or_else(|| Text::same(contract.policy.to_string())).into(),
            on: explanation.on.to_string(),
            release: loaded.state.release.to_string(),
            state: record.ended.as_str().to_owned(),
            output: shown.figures(wording, contract, &record.data),
            sentences: explanation.sentences.iter().map(|sentence| sentence.text.clone().into()).collect(),
            tree: Tree { wording, origin: &origin, explanation, contract }.whole(),
            script: ScriptView { path: contract.policy.script_file(), source: policy.source().to_owned() },
        })
    }
}

/// What a step hands over to the policy's inputs, by their names.
type Handed = BTreeMap<Name, Expr>;

/// What the flow's step handed over to a policy, where the flow still says so.
fn handed<'a>(loaded: &'a Loaded, records: &Records, visit: VisitId, policy: &str) -> Option<&'a Handed> {
    let (run, with, _) = policy_of(&loaded.around.flow.at(records.place(visit)?)?.kind)?;
    (run == policy).then_some(with)
}

/// What of one evaluation a reader is shown. Where the flow does not say any more what it handed over, every input is secret.
fn shown(
    loaded: &Loaded,
    sight: &Sight,
    records: &Records,
    visit: VisitId,
    (policy, handed): (&Policy, Option<&Handed>),
) -> Option<Shown> {
    let (record, contract) = (records.get(visit)?, policy.contract());
    let secrets = secrets(loaded, sight, records);
    let hidden = match handed {
        Some(with) => secrets.inputs(contract, with),
        None => contract.inputs.iter().map(|input| input.name().to_string()).collect(),
    };
    Some(Shown::of(contract, Some(&record.explanation), &hidden, sight.results()))
}

/// An explanation as a tree for one reader.
pub(crate) struct Tree<'a> {
    pub wording: Wording<'a>,
    /// Where the value of an input came from.
    pub origin: &'a dyn Fn(&str, &Source) -> Text,
    pub explanation: &'a Explanation,
    /// What the outputs and their values are called.
    pub contract: &'a Contract,
}

impl Tree<'_> {
    /// The steps as a tree: under each figure what it was made of, and under the whole what else was looked at.
    pub fn whole(&self) -> Value {
        let steps = &self.explanation.steps;
        // What an input was read from stands with the input.
        let bound: Vec<&str> = steps.iter().filter_map(|step| self.param_of(step)).map(|(name, _)| name).collect();
        let stands_elsewhere =
            |step: &Step| matches!(&step.what, What::Param { name, .. } if bound.contains(&name.as_str()));
        let mut used: Vec<bool> = steps.iter().map(stands_elsewhere).collect();
        let mut children = Vec::new();
        for step in steps {
            if let What::Output { because, .. } = &step.what {
                let mut parts = Vec::new();
                for index in because {
                    if let (Some(part), Some(mark)) = (steps.get(*index), used.get_mut(*index)) {
                        *mark = true;
                        parts.push(part);
                    }
                }
                children.push(self.node(step, self.nodes(parts)));
            }
        }
        let other = |(step, used): &(&Step, bool)| !used && !matches!(step.what, What::Output { .. });
        let rest = steps.iter().zip(used).filter(other).map(|(step, _)| step);
        children.extend(self.nodes(rest.collect()));
        json!({ "kind": "policy", "label": Text::same(&self.explanation.policy), "children": children })
    }

    /// The param that an input was read from, by its name.
    fn param_of(&self, input: &'_ Step) -> Option<(&str, &Step)> {
        let What::Input { source: Source::Bound(from), .. } = &input.what else { return None };
        let wanted = from.strip_prefix("param:")?;
        self.explanation.steps.iter().find_map(|step| match &step.what {
            What::Param { name, .. } if name == wanted => Some((name.as_str(), step)),
            _ => None,
        })
    }

    /// Steps side by side; those that are withheld are only counted.
    fn nodes(&self, steps: Vec<&Step>) -> Vec<Value> {
        let (masked, shown): (Vec<&Step>, Vec<&Step>) = steps.into_iter().partition(|step| step.what == What::Masked);
        let mut nodes: Vec<Value> = shown.into_iter().map(|step| self.node(step, Vec::new())).collect();
        if !masked.is_empty() {
            let count = masked.len();
            let label =
                Text::new(format!("另有 {count} 步，您无权查看"), format!("{count} more steps, not for you to see"));
            nodes.push(json!({ "kind": "more", "label": label, "children": [] }));
        }
        nodes
    }

    fn node(&self, step: &Step, mut children: Vec<Value>) -> Value {
        let wording = self.wording;
        let mut node = match &step.what {
            What::Input { name, title, value, label, source } => match self.param_of(step) {
                Some((_, param)) => self.param(param, title, value),
                None => json!({
                    "kind": "input", "label": title, "source": self.source(name, source),
                    "value": label.as_ref().map_or_else(|| wording.plain(value), |label| wording.pick(label).to_owned()),
                }),
            },
            What::Param { title, value, .. } => self.param(step, title, value),
            What::Word { word, given, result, rows, left_over, bitten } => {
                children.extend(rows.iter().map(|hit| self.row(hit)));
                children.extend(left_over.as_ref().map(|left| {
                    let label = Text::new(format!("余 {} 分", left.cents), format!("{} cents left over", left.cents));
                    json!({ "kind": "rounding", "label": label, "value": self.left_over(&left.way), "children": [] })
                }));
                let given = given.iter().map(|given| wording.plain(given)).collect::<Vec<_>>().join(", ");
                let kind = if word == "yuan" || word == "points" { "rounding" } else { "helper" };
                json!({
                    "kind": kind, "label": Text::same(format!("{word}({given})")), "value": wording.plain(result),
                    "bitten": bitten.then_some(true),
                })
            }
            What::Note { label, value } => {
                json!({ "kind": "note", "label": Text::same(label), "value": wording.plain(value) })
            }
            What::Refused { code, data } => {
                let label = Text::new(format!("拒绝：{code}"), format!("Refused: {code}"));
                json!({ "kind": "note", "label": label, "value": wording.plain(data) })
            }
            What::Output { name, title, value, .. } => {
                let output = self.contract.outputs.iter().find(|output| output.name().as_str() == name);
                let said = match output {
                    Some(output) => wording.given(value, &output.field.ty, &output.labels),
                    None => wording.plain(value),
                };
                json!({ "kind": "output", "label": title, "value": said })
            }
            What::More { count } => {
                let label = Text::new(format!("另有 {count} 步"), format!("{count} more steps"));
                json!({ "kind": "more", "label": label })
            }
            What::Masked => json!({ "kind": "more", "label": Text::new("无权查看", "Not for you to see") }),
        };
        if let Value::Object(members) = &mut node {
            members.retain(|_, value| !value.is_null());
            if let Some(line) = step.line.filter(|_| step.library.is_none()) {
                members.insert("line".into(), line.into());
            }
            members.insert("children".into(), children.into());
        }
        node
    }

    /// A dated value: what it is called where it is used, the value, and where that stands.
    fn param(&self, step: &Step, title: &Text, value: &Value) -> Value {
        let What::Param { name, from, clause, assumed, .. } = &step.what else { return Value::Null };
        json!({
            "kind": "param", "label": title, "value": self.wording.plain(value), "clause": clause,
            "param": { "name": name, "from": from, "status": assumed.then_some("assumed") },
        })
    }

    fn row(&self, hit: &RowHit) -> Value {
        let label = Text::new(format!("第 {} 行 {}", hit.row, hit.label), format!("row {}: {}", hit.row, hit.label));
        let mut node = json!({
            "kind": "row", "label": label, "value": self.wording.plain(&hit.value),
            "param": { "name": hit.param, "from": hit.from, "status": hit.assumed.then_some("assumed") },
            "children": [],
        });
        if let (Value::Object(members), Some(clause)) = (&mut node, &hit.clause) {
            members.insert("clause".into(), clause.clone().into());
        }
        node
    }

    fn source(&self, input: &str, source: &Source) -> String {
        self.wording.pick(&(self.origin)(input, source)).to_owned()
    }

    fn left_over(&self, way: &str) -> String {
        let text = match way {
            "first" => Text::new("依次分给排在前面的份", "given to the first parts in order"),
            "largest" => Text::new("分给舍去最多的份", "given to the parts that lost most"),
            "company" => Text::new("留给公司", "kept by the company"),
            "carry" => Text::new("结转下期", "carried forward"),
            other => Text::same(other),
        };
        self.wording.pick(&text).to_owned()
    }
}
