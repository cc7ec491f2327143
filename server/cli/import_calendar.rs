//! `zhupi import calendar`.

use serde_json::json;
use zhupi_app::{AppError, CalendarFile, Deployer};
use zhupi_domain::CompanyId;

use super::Exit;
use super::import::{refused, warn};
use super::output::Output;
use super::packs::{self, Files};
use super::remote::Server;
use crate::api::calendar::CalendarImportedView;
use crate::config::Config;
use crate::house::House;

/// Replaces a company's own days, here or on a server. A running server counts the deadlines again.
pub async fn run(config: &Config, company: &CompanyId, file: CalendarFile, output: &Output) -> anyhow::Result<Exit> {
    if let Some(remote) = &config.remote {
        let body = json!({ "days": file.text, "complete": file.complete });
        let server = Server::new(remote, output.locale())?;
        return match server.post::<CalendarImportedView>("/admin/calendar/import", body).await {
            Ok(done) => {
                warn(&done.warnings, output);
                tell(&done, output)
            }
            Err(error) => match refused(&error, "sheets_invalid") {
                Some(problem) => {
                    output.complain(&problem.words());
                    Ok(Exit::Findings)
                }
                None => Err(error),
            },
        };
    }
    let sources = Files::from([(file.name.clone(), file.text.clone())]);
    let house = House::open(config).await?;
    let imported = house.app.import_calendar(Deployer::Console, company, file, house.clock.now()).await;
    house.store.close().await;
    let imported = match imported {
        Err(AppError::SheetsInvalid(errors)) => {
            packs::show(&packs::findings(errors), &sources, output)?;
            return Ok(Exit::Findings);
        }
        other => other?,
    };
    let done = CalendarImportedView::of(&imported);
    if !output.is_json() {
        packs::show(&packs::findings(imported.warnings), &sources, output)?;
    }
    tell(&done, output)
}

fn tell(done: &CalendarImportedView, output: &Output) -> anyhow::Result<Exit> {
    if output.is_json() {
        output.json(done)?;
        return Ok(Exit::Ok);
    }
    for year in &done.years {
        let complete = match year.complete {
            true => output.pick("完整", "complete"),
            false => output.pick("不完整", "not complete"),
        };
        let (own, changed) = (output.pick("自有日", "own days"), output.pick("变动", "changed"));
        output.say(&format!("{} {complete}: {own} {}, {changed} {}", year.year, year.days, year.changed));
    }
    Ok(Exit::Ok)
}
