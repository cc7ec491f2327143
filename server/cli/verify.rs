//! `zhupi verify`.

use clap::Args;
use serde_json::{Value, json};
use zhupi_app::Replayed;
use zhupi_domain::{CompanyId, Locale};
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
            check(&house, self.company.map(CompanyId::new).as_ref(), output).await
        })
    }
}

/// Proves the data of a house, or says what does not fit.
pub async fn check(house: &House, company: Option<&CompanyId>, output: &Output) -> anyhow::Result<Exit> {
    let report = house.store.verify(company).await?;
    show(house, report, output).await
}

/// Prints what a check of the evidence found, and whether what the product works with is what the events say.
pub async fn show(house: &House, report: Report, output: &Output) -> anyhow::Result<Exit> {
    let mut companies = Vec::new();
    for company in report.companies {
        let replayed = house.app.verify(&company.company).await?;
        companies.push(Company { evidence: company, replayed });
    }
    let sound = companies.iter().all(Company::is_sound);
    if output.is_json() {
        let companies: Vec<Value> = companies.iter().map(Company::as_json).collect();
        output.json(&json!({ "sound": sound, "companies": companies }))?;
    } else {
        companies.iter().for_each(|company| company.show(output));
        output.say(match sound {
            true => output.pick(
                "校验通过：事件、版本和文件未被改动，申请、待办与事件一致",
                "sound: events, releases and files are unchanged, requests and tasks are what the events say",
            ),
            false => output.pick("校验未通过", "NOT sound"),
        });
    }
    Ok(if sound { Exit::Ok } else { Exit::Findings })
}

/// What was found of one company.
struct Company {
    evidence: CompanyReport,
    replayed: Replayed,
}

impl Company {
    fn is_sound(&self) -> bool {
        self.evidence.findings.is_empty() && self.replayed.unlike.is_empty()
    }

    fn show(&self, output: &Output) {
        let CompanyReport { company, streams, events, checkpoints, releases, files, balances, pilots, .. } =
            &self.evidence;
        let Replayed { instances, erased, .. } = self.replayed;
        output.say(&match output.locale() {
            Locale::Zh => format!(
                "{company}：{streams} 条链，{events} 个事件，{checkpoints} 个检查点，{releases} 个版本，{files} 个文件，\
                 {balances} 个账户余额，{pilots} 次试点，重放 {instances} 份申请"
            ),
            Locale::En => format!(
                "{company}: {streams} streams, {events} events, {checkpoints} checkpoints, {releases} releases, \
                 {files} files, {balances} balances, {pilots} pilots, {instances} requests replayed"
            ),
        });
        for ((by, rule), count) in &self.evidence.erasures {
            output.say(&format!("  {} {count}: {by}, {rule}", output.pick("已清除", "erased")));
        }
        if erased > 0 {
            let what = output.pick("内容已清除、不能重放的申请", "requests that cannot be replayed, erased by rule:");
            output.say(&format!("  {what} {erased}"));
        }
        if let Some(window) = &self.evidence.unsealed {
            let since = window.since.map(|since| since.to_string()).unwrap_or_default();
            let what = output.pick("尚未封存的事件", "events not sealed yet:");
            output.say(&format!("  {what} {} ({since})", window.events));
        }
        for finding in &self.evidence.findings {
            output.say(&format!("  ✗ {} {}", finding.place, finding.problem));
        }
        for unlike in &self.replayed.unlike {
            output.say(&format!("  ✗ {} {}", unlike.place, output.text(&unlike.what.text())));
        }
        let more = self.evidence.more_findings + self.replayed.more_unlike;
        if more > 0 {
            output.say(&format!("  … +{more}"));
        }
    }

    fn as_json(&self) -> Value {
        let report = &self.evidence;
        let evidence = report.findings.iter().map(|found| (found.place.clone(), found.problem.to_string()));
        let unlike = self.replayed.unlike.iter().map(|unlike| {
            let text = unlike.what.text().get(Locale::En).to_owned();
            (unlike.place.clone(), text)
        });
        let findings = evidence.chain(unlike).map(|(place, problem)| json!({ "place": place, "problem": problem }));
        let erasures =
            report.erasures.iter().map(|((by, rule), count)| json!({ "by": by, "rule": rule, "count": count }));
        json!({
            "company": report.company,
            "streams": report.streams,
            "events": report.events,
            "checkpoints": report.checkpoints,
            "releases": report.releases,
            "files": report.files,
            "balances": report.balances,
            "pilots": report.pilots,
            "replayed": self.replayed.instances,
            "erasures": erasures.collect::<Vec<_>>(),
            "unsealed": report.unsealed.as_ref().map(|w| json!({ "events": w.events, "since": w.since })),
            "findings": findings.collect::<Vec<_>>(),
            "more_findings": report.more_findings + self.replayed.more_unlike,
        })
    }
}
