//! `zhupi verify`.

use clap::Args;
use serde_json::{Value, json};
use zhupi_domain::CompanyId;
use zhupi_store::{CompanyReport, Report};

use super::output::Output;
use super::{Exit, block_on};
use crate::config::{Config, Given};
use crate::house::House;

#[derive(Args)]
pub struct Verify {
    /// Only this company 公司
    #[arg(long, value_name = "ID")]
    company: Option<String>,
}

impl Verify {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        block_on(async {
            let house = House::look(&config).await?;
            let report = house.store.verify(self.company.map(CompanyId::new).as_ref()).await?;
            show(&report, output)
        })
    }
}

/// Prints what a check of the data found.
pub fn show(report: &Report, output: &Output) -> anyhow::Result<Exit> {
    if output.is_json() {
        let companies: Vec<Value> = report.companies.iter().map(as_json).collect();
        output.json(&json!({ "sound": report.is_sound(), "companies": companies }))?;
    } else {
        for company in &report.companies {
            show_company(company, output);
        }
        output.say(match report.is_sound() {
            true => output.pick("校验通过，未发现改动", "sound: nothing was changed"),
            false => output.pick("校验未通过", "NOT sound"),
        });
    }
    Ok(if report.is_sound() { Exit::Ok } else { Exit::Findings })
}

fn show_company(report: &CompanyReport, output: &Output) {
    let CompanyReport { company, streams, events, checkpoints, releases, files, .. } = report;
    output.say(&match output.locale() {
        zhupi_domain::Locale::Zh => {
            format!(
                "{company}：{streams} 条链，{events} 个事件，{checkpoints} 个检查点，{releases} 个版本，{files} 个文件"
            )
        }
        zhupi_domain::Locale::En => {
            let counts = format!("{streams} streams, {events} events, {checkpoints} checkpoints");
            format!("{company}: {counts}, {releases} releases, {files} files")
        }
    });
    for ((by, rule), count) in &report.erasures {
        output.say(&format!("  {} {count}: {by}, {rule}", output.pick("已清除", "erased")));
    }
    if let Some(window) = &report.unsealed {
        let since = window.since.map(|since| since.to_string()).unwrap_or_default();
        output.say(&format!(
            "  {} {} ({since})",
            output.pick("尚未封存的事件", "events not sealed yet:"),
            window.events
        ));
    }
    for finding in &report.findings {
        output.say(&format!("  ✗ {} {}", finding.place, finding.problem));
    }
    if report.more_findings > 0 {
        output.say(&format!("  … +{}", report.more_findings));
    }
}

fn as_json(report: &CompanyReport) -> Value {
    let findings =
        report.findings.iter().map(|found| json!({ "place": found.place, "problem": found.problem.to_string() }));
    let erasures = report.erasures.iter().map(|((by, rule), count)| json!({ "by": by, "rule": rule, "count": count }));
    json!({
        "company": report.company,
        "streams": report.streams,
        "events": report.events,
        "checkpoints": report.checkpoints,
        "releases": report.releases,
        "files": report.files,
        "erasures": erasures.collect::<Vec<_>>(),
        "unsealed": report.unsealed.as_ref().map(|window| json!({ "events": window.events, "since": window.since })),
        "findings": findings.collect::<Vec<_>>(),
        "more_findings": report.more_findings,
    })
}
