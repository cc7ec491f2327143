//! `zhupi deploy`.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use zhupi_app::{AppError, Deployed, Deployer};
use zhupi_pack::render;

use super::output::Output;
use super::packs::Files;
use super::remote::{Refused, Server};
use super::{Exit, block_on, packs};
use crate::config::{Config, Given, Remote};
use crate::house::House;

#[derive(Args)]
pub struct Deploy {
    /// Folder of the pack 配置包目录
    pack: PathBuf,
}

impl Deploy {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let files = packs::read(&self.pack)?;
        let config = Config::read(&given)?;
        block_on(async {
            match &config.remote {
                Some(remote) => to_server(remote, files, output).await,
                None => here(&config, files, output).await,
            }
        })
    }
}

async fn to_server(remote: &Remote, files: Files, output: &Output) -> anyhow::Result<Exit> {
    let server = Server::new(remote, output.locale())?;
    let answer = server.post::<Value>("/admin/releases", json!({ "files": files })).await;
    match answer {
        Ok(deployed) => {
            let text = |key: &str| deployed.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let changed = deployed.get("changed").and_then(Value::as_bool).unwrap_or_default();
            tell(output, &text("company"), &text("hash"), changed)?;
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
async fn here(config: &Config, files: Files, output: &Output) -> anyhow::Result<Exit> {
    let house = House::open(config).await?;
    let deployed = house.app.deploy(Deployer::Console, files.clone(), house.clock.now()).await;
    house.store.close().await;
    match deployed {
        Ok(deployed) => {
            if !output.is_json() {
                packs::show(&deployed.diagnostics, &files, output)?;
                show_changes(&deployed, output);
            }
            tell(output, deployed.company.as_str(), &deployed.hash.to_string(), deployed.changed)?;
            Ok(Exit::Ok)
        }
        Err(AppError::PackInvalid(found)) => {
            packs::show(&found, &files, output)?;
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

fn tell(output: &Output, company: &str, hash: &str, changed: bool) -> anyhow::Result<()> {
    if output.is_json() {
        return output.json(&json!({ "company": company, "release": hash, "changed": changed }));
    }
    let what = match changed {
        true => output.pick("已发布", "is now the release of"),
        false => output.pick("没有变化", "was the release already of"),
    };
    output.say(&format!("{hash} {what} {company}"));
    Ok(())
}
