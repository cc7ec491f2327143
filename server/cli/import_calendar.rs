//! `zhupi import calendar`.

use serde_json::json;
use zhupi_app::{CalendarFile, Deployer};
use zhupi_domain::CompanyId;

use super::Exit;
use super::import::{brought_in_here, brought_in_there, warn};
use super::output::Output;
use super::packs::Files;
use super::remote::Server;
use super::user_list::house_of;
use crate::api::calendar::CalendarImportedView;
use crate::config::Config;

/// Replaces a company's own days, here or on a server. A running server counts the deadlines again.
pub async fn run(config: &Config, company: &CompanyId, file: CalendarFile, output: &Output) -> anyhow::Result<Exit> {
    if let Some(remote) = &config.remote {
        let body = json!({ "days": file.text, "complete": file.complete });
        let server = Server::new(remote, output.locale())?;
        let answer = server.post::<CalendarImportedView>("/admin/calendar/import", body).await;
        return match brought_in_there(answer, output)? {
            Ok(done) => {
                warn(&done.warnings, output);
                tell(&done, output)
            }
            Err(exit) => Ok(exit),
        };
    }
    let sources = Files::from([(file.name.clone(), file.text.clone())]);
    let house = house_of(config, company).await?;
    let imported = house.app.import_calendar(Deployer::Console, company, file, house.clock.now()).await;
    house.store.close().await;
    let imported = match brought_in_here(imported, |imported| &imported.warnings, &sources, output)? {
        Ok(imported) => imported,
        Err(exit) => return Ok(exit),
    };
    tell(&CalendarImportedView::of(&imported), output)
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
