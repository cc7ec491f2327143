//! How an amount came about: down to clause, param and line of script.

use serde_json::{Value, json};
use zhupi_domain::{Locale, Text};
use zhupi_engine::VisitId;
use zhupi_policies::{Explanation, RowHit, Source, Step, What};

use super::forms::result_classes;
use super::results::{explanation_of, hidden_inputs, outputs};
use super::values::plain;
use crate::permit::{Denied, Viewer};
use crate::view::{ExplanationView, ScriptView};
use crate::{App, AppError};

impl App {
    /// The explanation of one machine step, without what this person may not see.
    pub async fn explanation(&self, viewer: &Viewer, id: &str, visit: u32) -> Result<ExplanationView, AppError> {
        let permit = self.permit_read(viewer, id).await?;
        let loaded = &permit.act().0;
        let history = self.told(loaded).await?;
        let (detail, explanation) = explanation_of(&history, VisitId(visit)).ok_or(Denied::NotFound)?;
        let open = result_classes(viewer, loaded);
        let hidden = hidden_inputs(loaded, &explanation.policy, &open);
        let shown = explanation.masked(|input| hidden.contains(input));
        let policy = loaded.around.release.policy(&explanation.policy);
        let result = loaded.state.results.values().find(|result| result.visit.0 == visit);
        let data = result.and_then(|result| result.value.get("data")).and_then(Value::as_object);
        Ok(ExplanationView {
            title: policy
                .and_then(|policy| policy.contract().title.clone())
                .unwrap_or_else(|| Text::same(&explanation.policy))
                .into(),
            on: shown.on.to_string(),
            release: loaded.state.release.to_string(),
            state: detail.get("state").and_then(Value::as_str).unwrap_or("accepted").to_owned(),
            output: outputs(loaded, &explanation.policy, data, &open),
            sentences: shown.sentences.iter().map(|sentence| sentence.text.clone().into()).collect(),
            tree: tree(&shown),
            script: ScriptView {
                path: policy.map(|policy| policy.contract().policy.script_file()).unwrap_or_default(),
                source: policy.map(|policy| policy.source().to_owned()).unwrap_or_default(),
            },
            policy: explanation.policy,
        })
    }
}

/// The steps as a tree: under each figure what it was made of, and under the whole what else was looked at.
fn tree(explanation: &Explanation) -> Value {
    let steps = &explanation.steps;
    let mut used = vec![false; steps.len()];
    let mut children = Vec::new();
    for step in steps {
        if let What::Output { because, .. } = &step.what {
            let mut parts = Vec::new();
            for index in because {
                if let (Some(part), Some(mark)) = (steps.get(*index), used.get_mut(*index)) {
                    *mark = true;
                    parts.push(node(part, Vec::new()));
                }
            }
            children.push(node(step, parts));
        }
    }
    let other = |(step, used): &(&Step, bool)| !used && !matches!(step.what, What::Output { .. });
    let rest = steps.iter().zip(used).filter(other).map(|(step, _)| node(step, Vec::new()));
    children.extend(rest.collect::<Vec<_>>());
    json!({ "kind": "policy", "label": Text::same(&explanation.policy), "children": children })
}

fn node(step: &Step, mut children: Vec<Value>) -> Value {
    let mut node = match &step.what {
        What::Input { title, value, source, .. } => {
            json!({ "kind": "input", "label": title, "value": plain(value), "source": source_text(source) })
        }
        What::Param { name, title, from, value, clause, assumed } => json!({
            "kind": "param", "label": title, "value": plain(value), "clause": clause,
            "param": { "name": name, "from": from, "status": assumed.then_some("assumed") },
        }),
        What::Word { word, given, result, rows, left_over, bitten } => {
            children.extend(rows.iter().map(row));
            children.extend(left_over.as_ref().map(|left| {
                let label = Text::new(format!("余 {} 分", left.cents), format!("{} cents left over", left.cents));
                json!({ "kind": "rounding", "label": label, "value": left.way, "children": [] })
            }));
            let given = given.iter().map(plain).collect::<Vec<_>>().join(", ");
            let kind = if word == "yuan" || word == "points" { "rounding" } else { "helper" };
            json!({
                "kind": kind, "label": Text::same(format!("{word}({given})")), "value": plain(result),
                "bitten": bitten.then_some(true),
            })
        }
        What::Note { label, value } => json!({ "kind": "note", "label": Text::same(label), "value": plain(value) }),
        What::Refused { code, data } => {
            let label = Text::new(format!("拒绝：{code}"), format!("Refused: {code}"));
            json!({ "kind": "note", "label": label, "value": plain(data) })
        }
        What::Output { title, value, .. } => json!({ "kind": "output", "label": title, "value": plain(value) }),
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

fn row(hit: &RowHit) -> Value {
    let label = Text::new(format!("第 {} 行 {}", hit.row, hit.label), format!("row {}: {}", hit.row, hit.label));
    let mut node = json!({
        "kind": "row", "label": label, "value": plain(&hit.value),
        "param": { "name": hit.param, "from": hit.from, "status": hit.assumed.then_some("assumed") },
        "children": [],
    });
    if let (Value::Object(members), Some(clause)) = (&mut node, &hit.clause) {
        members.insert("clause".into(), clause.clone().into());
    }
    node
}

fn source_text(source: &Source) -> String {
    let text = match source {
        Source::Given => Text::new("申请数据", "from the request"),
        Source::Default => Text::new("默认值", "default"),
        Source::Absent => Text::new("未提供", "absent"),
        Source::Bound(from) => Text::same(from),
    };
    text.get(Locale::Zh).to_owned()
}
