//! `zhupi check`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use zhupi_pack::{Pack, render};

use super::output::Output;
use super::{Exit, packs};

#[derive(Args)]
pub struct Check {
    /// Folder of the pack 配置包目录
    pack: PathBuf,
}

impl Check {
    pub fn run(self, output: &Output) -> anyhow::Result<Exit> {
        let folder = packs::read(&self.pack)?;
        let (checked, files) = (Pack::read_folder(&folder), &folder.files);
        let found = &checked.diagnostics;
        let hash = checked.release.as_ref().map(|release| release.hash().to_string());
        if output.is_json() {
            output.json(&json!({ "release": hash, "diagnostics": render::findings_json(found, files) }))?;
        } else {
            packs::show(found, files, output)?;
            if let Some(hash) = hash {
                output.say(&format!("{} {hash}", output.pick("检查通过，版本", "good, release")));
            }
        }
        Ok(if packs::is_clean(found) { Exit::Ok } else { Exit::Findings })
    }
}
