//! `zhupi diff`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::output::Output;
use super::{Exit, packs};

#[derive(Args)]
pub struct Diff {
    /// Folder of the pack as it was 旧配置包目录
    old: PathBuf,
    /// Folder of the pack as it is 新配置包目录
    new: PathBuf,
}

impl Diff {
    pub fn run(self, output: &Output) -> anyhow::Result<Exit> {
        let (old, new) = (packs::read(&self.old)?, packs::read(&self.new)?);
        let added: Vec<&String> = new.keys().filter(|path| !old.contains_key(*path)).collect();
        let removed: Vec<&String> = old.keys().filter(|path| !new.contains_key(*path)).collect();
        let changed: Vec<&String> = new
            .iter()
            .filter(|(path, text)| old.get(*path).is_some_and(|was| was != *text))
            .map(|(path, _)| path)
            .collect();
        if output.is_json() {
            output.json(&json!({ "added": added, "removed": removed, "changed": changed }))?;
        } else {
            for (mark, paths) in [("+", added), ("-", removed), ("~", changed)] {
                for path in paths {
                    output.say(&format!("{mark} {path}"));
                }
            }
        }
        Ok(Exit::Ok)
    }
}
