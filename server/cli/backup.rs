//! `zhupi backup` and `zhupi restore`.

use std::path::PathBuf;

use clap::Args;
use zhupi_store::{Salts, Store};

use super::output::Output;
use super::{Exit, block_on, verify};
use crate::config::{Config, Given};
use crate::house::House;

#[derive(Args)]
pub struct Backup {
    /// New folder to write into 备份目录
    to: PathBuf,
}

#[derive(Args)]
pub struct Restore {
    /// Folder of the backup 备份目录
    from: PathBuf,
}

impl Backup {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        block_on(async {
            let manifest = House::look(&config).await?.store.backup(&self.to).await?;
            if output.is_json() {
                output.json(&manifest)?;
            } else {
                let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
                let (tables, files) = (manifest.tables.len(), manifest.files);
                output.say(&match output.locale() {
                    zhupi_domain::Locale::Zh => {
                        format!("{}：{tables} 张表，{rows} 行，{files} 个文件", self.to.display())
                    }
                    zhupi_domain::Locale::En => {
                        format!("{}: {tables} tables, {rows} rows, {files} files", self.to.display())
                    }
                });
            }
            Ok(Exit::Ok)
        })
    }
}

impl Restore {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        block_on(async {
            let (store, report) = Store::restore(config.database, Salts::random(), &self.from).await?;
            let house = House::over(store);
            let exit = verify::show(&house, report, output).await;
            house.store.close().await;
            exit
        })
    }
}
