//! `zhupi explain`: one policy with inputs from the shell.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use serde_json::{Map, Value, json};
use zhupi_domain::Diagnostic;
use zhupi_domain::nearest::nearest;
use zhupi_pack::render;
use zhupi_policies::{Evaluation, Outcome, Request, Step, What, evaluate};

use super::output::Output;
use super::{Exit, packs};
use crate::clock::Clock;
use crate::complaint::Complaint;

#[derive(Args)]
pub struct Explain {
    /// Folder of the pack 配置包目录
    pack: PathBuf,
    /// Policy, such as credit.bad_debt_deduction 政策
    policy: String,
    /// Inputs as JSON, or @FILE with them 输入
    #[arg(long, default_value = "{}", value_name = "JSON|@FILE")]
    inputs: String,
    /// Date at which params are read; today where none is named 日期
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<NaiveDate>,
}

impl Explain {
    pub fn run(self, output: &Output) -> anyhow::Result<Exit> {
        let folder = packs::read(&self.pack)?;
        let (release, _) = match packs::release(&folder, output)? {
            Ok(release) => release,
            Err(exit) => return Ok(exit),
        };
        let policy = release.policy(&self.policy).ok_or_else(|| {
            no_policy(&self.policy, &release.policies().keys().map(ToString::to_string).collect::<Vec<_>>())
        })?;
        let on = self.on.unwrap_or_else(|| Clock::system().now().utc().date_naive());
        let request = Request::new(inputs(&self.inputs)?, on);
        let evaluations = evaluate(policy, release.params(), &[request]);
        let evaluation = evaluations.first().context("no answer")?;
        let fault = match &evaluation.outcome {
            Outcome::Fault(fault) => Some(fault.clone()),
            _ => None,
        };
        let found: Vec<Diagnostic> = fault.into_iter().collect();
        if output.is_json() {
            let (answer, explanation) = (evaluation.answer(), &evaluation.explanation);
            let diagnostics = render::findings_json(&found, &folder.files);
            output.json(&json!({ "answer": answer, "explanation": explanation, "diagnostics": diagnostics }))?;
        } else {
            if found.is_empty() {
                output.say(&evaluation.answer().to_string());
            }
            show(evaluation, output);
            packs::show(&found, &folder.files, output)?;
        }
        Ok(if found.is_empty() { Exit::Ok } else { Exit::Findings })
    }
}

pub(super) fn no_policy(name: &str, known: &[String]) -> Complaint {
    let complaint = Complaint::new(format!("配置包里没有政策 `{name}`"), format!("the pack has no policy `{name}`"));
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => complaint.hint(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => complaint.hint(format!("可用的有：{}", known.join("、")), format!("there is {}", known.join(", "))),
    }
}

fn inputs(given: &str) -> anyhow::Result<Map<String, Value>> {
    let text = match given.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).map_err(|error| Complaint::about_file(Path::new(path), &error))?,
        None => given.to_owned(),
    };
    let bad = |zh: &str, en: &str| {
        Complaint::new(format!("--inputs：{zh}"), format!("--inputs: {en}"))
            .hint("例如 '{\"amount\": \"8000.00\"}'", "for example '{\"amount\": \"8000.00\"}'")
    };
    match zhupi_domain::json::parse(&text) {
        Ok(Value::Object(inputs)) => Ok(inputs),
        Ok(_) => Err(bad("应为一个 JSON 对象", "it should be one JSON object").into()),
        Err(error) => Err(bad(&error.text().zh, &error.to_string()).into()),
    }
}

/// Prints an explanation, step by step.
pub(super) fn show(evaluation: &Evaluation, output: &Output) {
    for sentence in &evaluation.explanation.sentences {
        output.say(&format!("  {}", output.text(&sentence.text)));
    }
    for (number, step) in evaluation.explanation.steps.iter().enumerate() {
        output.say(&format!("{number:>4} {}", told(step, output)));
    }
}

fn told(step: &Step, output: &Output) -> String {
    let line = step.line.map(|line| format!("  :{line}")).unwrap_or_default();
    let what = match &step.what {
        What::Input { name, title, value, label, .. } => {
            let label = label.as_ref().map(|label| format!(" {}", output.text(label))).unwrap_or_default();
            format!("→ {} ({name}) = {value}{label}", output.text(title))
        }
        What::Param { name, title, from, value, clause, assumed } => format!(
            "§ {} ({name}, {from}) = {value} {}{}",
            output.text(title),
            clause.as_deref().unwrap_or_default(),
            if *assumed { output.pick(" 【暂定】", " [assumed]") } else { "" }
        ),
        What::Word { word, given, result, rows, .. } => {
            let given: Vec<String> = given.iter().map(ToString::to_string).collect();
            let rows: Vec<String> = rows
                .iter()
                .map(|row| format!("\n       {} {}: {} = {}", row.param, row.row, row.label, row.value))
                .collect();
            format!("{word}({}) = {result}{}", given.join(", "), rows.concat())
        }
        What::Note { label, value } => format!("# {label}: {value}"),
        What::Refused { code, data } => format!("✗ {code} {data}"),
        What::Output { name, title, value, because } => {
            format!("= {} ({name}) = {value} ← {because:?}", output.text(title))
        }
        What::More { count } => format!("… +{count}"),
        What::Masked => "…".into(),
    };
    format!("{what}{line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_one_object() {
        assert_eq!(inputs(r#"{"amount": "8.00"}"#).unwrap().len(), 1);
        assert!(inputs("[1]").is_err());
        assert!(inputs(r#"{"a": 1, "a": 2}"#).is_err());
    }
}
