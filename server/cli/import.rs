//! `zhupi import`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zhupi_app::view::TextView;
use zhupi_app::{AppError, CalendarFile, Deployer, MAX_FACTS, PeopleFiles, Placed};
use zhupi_domain::{CompanyId, Text};

use super::output::Output;
use super::packs::Files;
use super::remote::{Problem, Refused, Server};
use super::sheets::{self, Records};
use super::user_list::house_of;
use super::{Exit, block_on, import_calendar, packs};
use crate::api::admin::{ImportedView, WarningView};
use crate::complaint::Complaint;
use crate::config::{Config, Given};

#[derive(Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add and update people, departments and substitutes; who is not in the files stays 导入人员、部门与代理人
    People {
        /// Spreadsheet of people, CSV 人员表
        people: Option<PathBuf>,
        /// Spreadsheet of departments 部门表
        #[arg(long, value_name = "FILE")]
        departments: Option<PathBuf>,
        /// Spreadsheet of substitutes: who acts for whom, from when to when 代理人表
        #[arg(long, value_name = "FILE")]
        substitutes: Option<PathBuf>,
        #[arg(long, value_name = "ID", help = COMPANY)]
        company: String,
    },
    /// Replace the company's own holidays and make-up workdays, year by year 导入公司日历
    Calendar {
        /// CSV with the columns date, day (holiday or workday) and name 日历表
        file: PathBuf,
        /// A year of which the file holds every holiday and make-up workday; may be repeated 该年已列全
        #[arg(long, value_name = "YEAR")]
        complete: Vec<i32>,
        #[arg(long, value_name = "ID", help = COMPANY)]
        company: String,
    },
    /// Record facts of one kind; what is there already is left alone 导入业务记录
    Facts {
        /// Kind of fact, as the pack names it 记录类型
        kind: String,
        /// CSV with a line of field names, or a JSON list of records 数据文件
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
            What::People { people, departments, substitutes, company } => {
                if people.is_none() && departments.is_none() && substitutes.is_none() {
                    return Err(nothing_named().into());
                }
                let text = |path: Option<PathBuf>| path.map(|path| sheets::text(&path, output)).transpose();
                let files = PeopleFiles {
                    people: text(people)?,
                    departments: text(departments)?,
                    substitutes: text(substitutes)?,
                };
                block_on(import_people(&config, CompanyId::new(company), files, output))
            }
            What::Calendar { file, complete, company } => {
                let name = sheets::file_name(&file);
                let file =
                    CalendarFile { name, text: sheets::text(&file, output)?, complete: complete.into_iter().collect() };
                block_on(import_calendar::run(&config, &CompanyId::new(company), file, output))
            }
            What::Facts { kind, file, company } => match records(&file, output)? {
                Ok(records) => block_on(import_facts(&config, CompanyId::new(company), kind, records, output)),
                Err(exit) => Ok(exit),
            },
        }
    }
}

fn nothing_named() -> Complaint {
    Complaint::new("没有指定要导入的表格", "no spreadsheet is named").hint(
        "给出人员表，或用 --departments 给出部门表、用 --substitutes 给出代理人表",
        "name a spreadsheet of people, or one of departments with --departments, or of substitutes with --substitutes",
    )
}

async fn import_people(
    config: &Config,
    company: CompanyId,
    files: PeopleFiles,
    output: &Output,
) -> anyhow::Result<Exit> {
    if let Some(remote) = &config.remote {
        let body =
            json!({ "people": files.people, "departments": files.departments, "substitutes": files.substitutes });
        let answer = Server::new(remote, output.locale())?.post::<ImportedView>("/admin/people/import", body).await;
        return match brought_in_there(answer, output)? {
            Ok(done) => {
                warn(&done.warnings, output);
                tell(&done, output)
            }
            Err(exit) => Ok(exit),
        };
    }
    let sources = sources(&files);
    let house = house_of(config, &company).await?;
    let imported = house.app.import_people(Deployer::Console, &company, files, house.clock.now()).await;
    house.store.close().await;
    let imported = match brought_in_here(imported, |imported| &imported.warnings, &sources, output)? {
        Ok(imported) => imported,
        Err(exit) => return Ok(exit),
    };
    tell(&ImportedView::of(&imported), output)
}

/// What a server answered; its objections to the spreadsheets are shown.
pub(super) fn brought_in_there<T>(answer: anyhow::Result<T>, output: &Output) -> anyhow::Result<Result<T, Exit>> {
    match answer {
        Ok(done) => Ok(Ok(done)),
        Err(error) => match refused(&error, "sheets_invalid") {
            Some(problem) => {
                output.complain(&problem.words());
                Ok(Err(Exit::Findings))
            }
            None => Err(error),
        },
    }
}

/// What an import came to; objections and warnings are shown at their places in the files.
pub(super) fn brought_in_here<T>(
    imported: Result<T, AppError>,
    warnings: impl Fn(&T) -> &Vec<Placed>,
    sources: &Files,
    output: &Output,
) -> anyhow::Result<Result<T, Exit>> {
    match imported {
        Ok(imported) => {
            if !output.is_json() {
                packs::show(&packs::findings(warnings(&imported).clone()), sources, output)?;
            }
            Ok(Ok(imported))
        }
        Err(AppError::SheetsInvalid(errors)) => {
            packs::show(&packs::findings(errors), sources, output)?;
            Ok(Err(Exit::Findings))
        }
        Err(error) => Err(error.into()),
    }
}

/// Says what a server found that may be meant otherwise.
pub(super) fn warn(warnings: &[WarningView], output: &Output) {
    for warning in warnings.iter().filter(|_| !output.is_json()) {
        let TextView { zh, en } = warning.message.clone();
        output.complain(&format!("{}: {}", warning.place, output.text(&Text { zh, en })));
    }
}

fn tell(done: &ImportedView, output: &Output) -> anyhow::Result<Exit> {
    if output.is_json() {
        output.json(done)?;
    } else {
        let (people, departments) = (output.pick("人员", "people"), output.pick("部门", "departments"));
        output.say(&format!("{people} {}, {departments} {}", done.people, done.departments));
    }
    Ok(Exit::Ok)
}

/// The files as findings name them.
fn sources(files: &PeopleFiles) -> Files {
    let named = [
        ("people.csv", &files.people),
        ("departments.csv", &files.departments),
        ("substitutes.csv", &files.substitutes),
    ];
    named.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.clone()?))).collect()
}

/// What a server refused with this code.
fn refused<'e>(error: &'e anyhow::Error, code: &str) -> Option<&'e Problem> {
    error.downcast_ref::<Refused>().map(|Refused(problem)| problem).filter(|problem| problem.code == code)
}

/// The records of a file; what is wrong with its form is shown.
fn records(path: &Path, output: &Output) -> anyhow::Result<Result<Records, Exit>> {
    let text = sheets::text(path, output)?;
    if path.extension().is_some_and(|extension| extension == "json") {
        return Ok(Ok(Records::of_json(path, text)?));
    }
    let (records, found) = Records::of_csv(path, text, MAX_FACTS);
    if found.is_empty() {
        return Ok(Ok(records));
    }
    packs::show(&found, &records.files(), output)?;
    Ok(Err(Exit::Findings))
}

async fn import_facts(
    config: &Config,
    company: CompanyId,
    kind: String,
    records: Records,
    output: &Output,
) -> anyhow::Result<Exit> {
    let rows = records.rows.clone();
    if let Some(remote) = &config.remote {
        let path = format!("/admin/facts/{kind}/import");
        let answer = Server::new(remote, output.locale())?.post::<Value>(&path, json!({ "rows": rows })).await;
        return match answer {
            Ok(done) => {
                output.json(&done)?;
                Ok(Exit::Ok)
            }
            Err(error) => match refused(&error, "rows_invalid") {
                Some(problem) => {
                    let places = problem.errors.iter();
                    let wrong = places.map(|place| (place.pointer.as_str(), Text::same(&place.message)));
                    show_wrong(&records, wrong, &problem.detail, output)
                }
                None => Err(error),
            },
        };
    }
    let house = house_of(config, &company).await?;
    let imported = house.app.import_facts(Deployer::Console, &company, &kind, rows, house.clock.now()).await;
    house.store.close().await;
    match imported {
        Ok(imported) => {
            output.json(&json!({ "recorded": imported.recorded, "known": imported.known }))?;
            Ok(Exit::Ok)
        }
        Err(error @ AppError::RowsInvalid(_)) => {
            let problem = error.problem();
            let wrong = problem.errors.iter().map(|place| (place.pointer.as_str(), place.message.clone()));
            show_wrong(&records, wrong, output.text(&problem.detail), output)
        }
        Err(error @ AppError::Bad { .. }) => {
            output.complain(output.text(&error.problem().detail));
            Ok(Exit::Findings)
        }
        Err(error) => Err(error.into()),
    }
}

/// Prints what is wrong with records at their places in the file.
fn show_wrong<'p>(
    records: &Records,
    wrong: impl Iterator<Item = (&'p str, Text)>,
    detail: &str,
    output: &Output,
) -> anyhow::Result<Exit> {
    let found: Vec<_> = wrong.map(|(pointer, message)| records.finding(pointer, message)).collect();
    packs::show(&found, &records.files(), output)?;
    output.complain(detail);
    Ok(Exit::Findings)
}
