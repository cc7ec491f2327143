//! `zhupi import`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use zhupi_app::{AppError, Deployer, PeopleFiles};
use zhupi_domain::CompanyId;

use super::output::Output;
use super::packs::Files;
use super::remote::Server;
use super::{Exit, block_on, packs};
use crate::config::{Config, Given};
use crate::house::House;

#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add and update people and departments; who is not in the files stays 导入人员与部门
    People {
        /// Spreadsheet of people, CSV in UTF-8 人员表
        people: Option<PathBuf>,
        /// Spreadsheet of departments 部门表
        #[arg(long, value_name = "FILE")]
        departments: Option<PathBuf>,
        #[arg(long, value_name = "ID", help = COMPANY)]
        company: String,
    },
    /// Record facts of one kind; what is there already is left alone 导入业务记录
    Facts {
        /// Kind of fact, as the pack names it 记录类型
        kind: String,
        /// CSV in UTF-8 with a line of field names, or a JSON list of records 数据文件
        file: PathBuf,
        #[arg(long, value_name = "ID", help = COMPANY)]
        company: String,
    },
}

const COMPANY: &str = "Company 公司";

impl Import {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        match self.what {
            What::People { people, departments, company } => {
                anyhow::ensure!(
                    people.is_some() || departments.is_some(),
                    "name a spreadsheet of people or --departments"
                );
                let text = |path: Option<&PathBuf>| path.map(|path| read(path)).transpose();
                let files = PeopleFiles { people: text(people.as_ref())?, departments: text(departments.as_ref())? };
                block_on(import_people(&config, CompanyId::new(company), files, output))
            }
            What::Facts { kind, file, company } => {
                let rows = records(&file)?;
                block_on(import_facts(&config, CompanyId::new(company), kind, rows, output))
            }
        }
    }
}

/// A spreadsheet's text, without the mark that Excel writes first.
fn read(path: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {} (it must be UTF-8)", path.display()))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The records of a file: each line of a CSV file by its field names, empty cells left out; or a JSON list as it is.
fn records(path: &Path) -> anyhow::Result<Vec<Map<String, Value>>> {
    let text = read(path)?;
    if path.extension().is_some_and(|extension| extension == "json") {
        let list = zhupi_domain::json::parse(&text).with_context(|| format!("read {}", path.display()))?;
        return serde_json::from_value(list).with_context(|| format!("{} is no list of records", path.display()));
    }
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().with_context(|| format!("read {}", path.display()))?.clone();
    let mut records = Vec::new();
    for line in reader.records() {
        let line = line.with_context(|| format!("read {}", path.display()))?;
        let cells = heads.iter().zip(line.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        records.push(cells.map(|(head, cell)| (head.trim().to_owned(), Value::from(cell.trim()))).collect());
    }
    Ok(records)
}

async fn import_people(
    config: &Config,
    company: CompanyId,
    files: PeopleFiles,
    output: &Output,
) -> anyhow::Result<Exit> {
    if let Some(remote) = &config.remote {
        let body = json!({ "people": files.people, "departments": files.departments });
        let done: Value = Server::new(remote, output.locale())?.post("/admin/people/import", body).await?;
        output.json(&done)?;
        return Ok(Exit::Ok);
    }
    let sources = sources(&files);
    let house = House::open(config).await?;
    let imported = house.app.import_people(Deployer::Console, &company, files, house.clock.now()).await;
    house.store.close().await;
    let imported = match imported {
        Err(AppError::PackInvalid(found)) => {
            packs::show(&found, &sources, output)?;
            return Ok(Exit::Findings);
        }
        other => other?,
    };
    if output.is_json() {
        output.json(&json!({ "people": imported.people, "departments": imported.departments }))?;
    } else {
        packs::show(&imported.diagnostics, &sources, output)?;
        let (people, departments) = (imported.people, imported.departments);
        output.say(&format!(
            "{} {people}, {} {departments}",
            output.pick("人员", "people"),
            output.pick("部门", "departments")
        ));
    }
    Ok(Exit::Ok)
}

/// The files as findings name them.
fn sources(files: &PeopleFiles) -> Files {
    let named = [("people.csv", &files.people), ("departments.csv", &files.departments)];
    named.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?))).collect()
}

async fn import_facts(
    config: &Config,
    company: CompanyId,
    kind: String,
    rows: Vec<Map<String, Value>>,
    output: &Output,
) -> anyhow::Result<Exit> {
    if let Some(remote) = &config.remote {
        let path = format!("/admin/facts/{kind}/import");
        let done: Value = Server::new(remote, output.locale())?.post(&path, json!({ "rows": rows })).await?;
        output.json(&done)?;
        return Ok(Exit::Ok);
    }
    let house = House::open(config).await?;
    let imported = house.app.import_facts(Deployer::Console, &company, &kind, rows, house.clock.now()).await;
    house.store.close().await;
    match imported {
        Ok(imported) => {
            output.json(&json!({ "recorded": imported.recorded, "known": imported.known }))?;
            Ok(Exit::Ok)
        }
        Err(error @ (AppError::RowsInvalid(_) | AppError::Bad { .. })) => {
            let problem = error.problem();
            output.complain(output.text(&problem.detail));
            for place in &problem.errors {
                output.complain(&format!("  {}: {}", place.pointer, output.text(&place.message)));
            }
            Ok(Exit::Findings)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_becomes_records_by_field_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("facts.csv");
        std::fs::write(&path, "\u{feff}salesperson,month,amount\nli,2026-03, 5000.00\nwang,2026-03,\n").unwrap();
        let records = records(&path).unwrap();
        assert_eq!(
            Value::from(records[0].clone()),
            json!({ "salesperson": "li", "month": "2026-03", "amount": "5000.00" })
        );
        assert_eq!(Value::from(records[1].clone()), json!({ "salesperson": "wang", "month": "2026-03" }));
    }
}
