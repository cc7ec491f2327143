//! `zhupi diff`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use zhupi_pack::{Release, render};

use super::output::Output;
use super::{Exit, block_on, packs};
use crate::config::{Config, Given};
use crate::house::House;

#[derive(Args)]
pub struct Diff {
    /// Folder of the pack as it was; without it, the release that is current in the data 旧配置包目录
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Folder of the pack as it is 新配置包目录
    pack: PathBuf,
}

impl Diff {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let folder = packs::read(&self.pack)?;
        let (new, _) = match packs::release(&folder, output)? {
            Ok(release) => release,
            Err(exit) => return Ok(exit),
        };
        let old = match &self.from {
            Some(folder) => match packs::release(&packs::read(folder)?, output)? {
                Ok((old, _)) => Some(old),
                Err(exit) => return Ok(exit),
            },
            None => deployed(&Config::read(&given)?, &new)?,
        };
        let diff = zhupi_pack::Diff::between(old.as_ref(), &new);
        if output.is_json() {
            output.json(&diff)?;
        } else if diff.is_empty() {
            output.say(output.pick("没有差别", "no difference"));
        } else {
            output.say(render::diff(&diff, output.style()).trim_end());
        }
        Ok(Exit::Ok)
    }
}

/// The current release of the pack's company, also while a server works on the data; none before the first deploy.
fn deployed(config: &Config, new: &Release) -> anyhow::Result<Option<Release>> {
    block_on(async {
        let house = House::look(config).await?;
        let current = house.app.current_release(&new.company().id).await;
        current.context("read what is deployed")
    })
}
