//! `zhupi deploy`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use zhupi_app::{AppError, Deployed, Deployer};
use zhupi_pack::{Pack, render};

use super::output::Output;
use super::packs::Files;
use super::remote::{Refused, Server};
use super::{Exit, block_on, packs};
use crate::api::releases::{ConcernedView, concerned};
use crate::config::{Config, Given, Remote};
use crate::house::House;

#[derive(Args)]
pub struct Deploy {
    /// Folder of the pack 配置包目录
    pack: PathBuf,
    /// Running requests keep their release, also where a newly dated value concerns them (default) 运行中的申请保留原版本
    #[arg(long, conflicts_with = "migrate")]
    keep: bool,
    /// Running requests that a newly dated value concerns go on under the new release 受影响的申请改用新版本
    #[arg(long)]
    migrate: bool,
}

impl Deploy {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let folder = packs::read(&self.pack)?;
        if !folder.unread.is_empty() {
            packs::show(&Pack::read_folder(&folder).diagnostics, &folder.files, output)?;
            return Ok(Exit::Findings);
        }
        let files = folder.files;
        let config = Config::read(&given)?;
        block_on(async {
            match &config.remote {
                Some(remote) => to_server(remote, files, self.migrate, output).await,
                None => here(&config, files, self.migrate, output).await,
            }
        })
    }
}

async fn to_server(remote: &Remote, files: Files, migrate: bool, output: &Output) -> anyhow::Result<Exit> {
    let server = Server::new(remote, output.locale())?;
    let answer = server.post::<Value>("/admin/releases", json!({ "files": files, "migrate": migrate })).await;
    match answer {
        Ok(deployed) => {
            let text = |key: &str| deployed.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let changed = deployed.get("changed").and_then(Value::as_bool).unwrap_or_default();
            let concerned = deployed.get("concerned").cloned().unwrap_or_default();
            let concerned: Vec<ConcernedView> = serde_json::from_value(concerned)?;
            tell(output, &text("company"), &text("hash"), changed, &concerned)?;
            Ok(Exit::Ok)
        }
        Err(error) if error.downcast_ref::<Refused>().is_some_and(|refused| refused.0.code == "pack_invalid") => {
            output.complain(&format!("{error}"));
            Ok(Exit::Findings)
        }
        Err(error) => Err(error),
    }
}

/// Opens the data itself, which the log marks: it is for the first release, and for when no server runs.
async fn here(config: &Config, files: Files, migrate: bool, output: &Output) -> anyhow::Result<Exit> {
    let house = House::open(config).await?;
    let now = house.clock.now();
    let deployed = match house.app.deploy(Deployer::Console, files.clone(), now).await {
        Ok(deployed) => {
            let concerned = concerned(&house.app, &Deployer::Console, &deployed, migrate, now).await;
            concerned.map(|concerned| (deployed, concerned))
        }
        Err(error) => Err(error),
    };
    house.store.close().await;
    match deployed {
        Ok((deployed, concerned)) => {
            if !output.is_json() {
                packs::show(&deployed.diagnostics, &files, output)?;
                show_changes(&deployed, output);
            }
            tell(output, deployed.company.as_str(), &deployed.hash.to_string(), deployed.changed, &concerned)?;
            Ok(Exit::Ok)
        }
        Err(AppError::PackInvalid(found)) => {
            packs::show(&packs::findings(found), &files, output)?;
            Ok(Exit::Findings)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the new release changes of the one before; the first one changes nothing.
fn show_changes(deployed: &Deployed, output: &Output) {
    if let Some(before) = deployed.before.as_ref().filter(|_| deployed.changed) {
        let diff = zhupi_pack::Diff::between(Some(before), &deployed.release);
        output.say(render::diff(&diff, output.style()).trim_end());
    }
}

fn tell(output: &Output, company: &str, hash: &str, changed: bool, concerned: &[ConcernedView]) -> anyhow::Result<()> {
    if output.is_json() {
        let deployed = json!({ "company": company, "release": hash, "changed": changed, "concerned": concerned });
        return output.json(&deployed);
    }
    for one in concerned {
        output.say(&line(output, one));
    }
    let what = match changed {
        true => output.pick("已发布", "is now the release of"),
        false => output.pick("没有变化", "was the release already of"),
    };
    output.say(&format!("{hash} {what} {company}"));
    Ok(())
}

/// One running request for which a value of the new release starts within its life.
fn line(output: &Output, one: &ConcernedView) -> String {
    let params: Vec<String> = one.params.iter().map(|(name, from)| format!("{name} {from}")).collect();
    let outcome = match one.outcome.as_str() {
        "migrated" => output.pick("已改用新版本", "goes on under the new release"),
        "refused" => output.pick("不能改用新版本", "cannot take the new release"),
        _ => output.pick("保留原版本（可用 --migrate 改用新版本）", "keeps its release (--migrate changes it)"),
    };
    let reason = one.reason.as_ref().map(|reason| match output.locale() {
        zhupi_domain::Locale::Zh => reason.zh.clone(),
        zhupi_domain::Locale::En => reason.en.clone().unwrap_or_else(|| reason.zh.clone()),
    });
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{} ({}): {outcome}{reason}", one.number, params.join(", "))
}
