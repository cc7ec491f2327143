//! `zhupi demo`: all example companies with weeks of history, made by real commands through the API.

mod client;
mod days;
mod play;
mod script;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::Datelike as _;
use tokio::sync::watch;
use zhupi_app::access::{By, Who};
use zhupi_app::{CalendarFile, Deployer, PeopleFiles};
use zhupi_domain::calendar::CalendarData;
use zhupi_domain::{CompanyId, Instant, PersonId};
use zhupi_pack::{Pack, Release};

use crate::complaint::Complaint;
use crate::config::Config;
use crate::house::House;
use crate::serve;
use days::DemoDays;
use play::{Player, Scene};
use script::Script;

/// Everybody's password.
pub const PASSWORD: &str = "vermilion-ink-1";
/// Tokens of the players work for a day of the clock that stands in the past, and end with the first real password.
const TOKEN_DAYS: u16 = 365;
/// Companies were set up before any history that a script can tell.
const BEFORE_SECONDS: i64 = 200 * 24 * 3600;

/// Whom to log in as.
#[derive(Clone)]
pub struct Shown {
    pub company: String,
    pub person: PersonId,
    pub login: String,
    pub name: String,
    pub post: String,
    pub see: zhupi_domain::Text,
}

/// One company of the demo.
struct Cast {
    release: Release,
    files: BTreeMap<String, String>,
    /// The company's own days.
    days: CalendarData,
    people: Vec<(PersonId, Option<String>)>,
    script: Option<Script>,
}

/// Whether the data holds a demo already, from begin to end: the passwords come last.
pub async fn is_ready(house: &House) -> anyhow::Result<bool> {
    let begun = !house.store.companies().await?.is_empty();
    let ready = house.store.has_credentials().await?;
    if begun && !ready {
        return Err(Complaint::new("上一次演示没有准备完", "this demo was never finished")
            .hint("请加 --fresh 重新生成", "start it again with --fresh")
            .into());
    }
    Ok(ready)
}

/// Deploys all packs of a folder, brings their people in, plays their histories, and sets the passwords.
pub async fn make(house: &House, config: &Config, companies: &Path, now: Instant) -> anyhow::Result<usize> {
    let mut casts = Vec::new();
    let mut scenes = Vec::new();
    for folder in packs(companies)? {
        let cast = bring_in(house, &folder, now).await.with_context(|| folder.display().to_string())?;
        scenes.extend(cast.scenes(now)?);
        casts.push(cast);
    }
    let first = scenes.iter().map(|scene| scene.at).min().unwrap_or(now);
    house.clock.stand_at(first);
    let tokens = tokens(house, &casts, first).await?;
    let (_running, stopping) = watch::channel(false);
    let router = serve::router(house, config, stopping);
    let tools = house.tools(config)?;
    let packs = casts.iter().map(|cast| (cast.company().to_string(), cast.files.clone())).collect();
    let played = Player::new(&tools, router, tokens, packs).play(scenes, now).await;
    house.clock.run_on();
    let played = played?;
    for cast in &casts {
        cast.set_passwords(house).await?;
    }
    Ok(played)
}

/// Whom to log in as, for all scripts of a folder.
pub async fn shown(house: &House, companies: &Path) -> anyhow::Result<Vec<Shown>> {
    let mut shown = Vec::new();
    for folder in packs(companies)? {
        let Some(script) = Script::read(&script_path(&folder))? else { continue };
        let company = CompanyId::new(script.company);
        for login in script.logins {
            let person = house.store.person(&company, &PersonId::new(login.person)).await?;
            let Some(person) = person else { continue };
            let entry: zhupi_domain::directory::Person = serde_json::from_str(&person.body)?;
            shown.push(Shown {
                company: company.to_string(),
                person: person.id,
                login: person.login.unwrap_or_default(),
                name: person.name,
                post: entry.post.unwrap_or_default(),
                see: login.see,
            });
        }
    }
    Ok(shown)
}

/// The same, by company.
pub fn by_company(shown: Vec<Shown>) -> BTreeMap<String, Vec<Shown>> {
    let mut companies: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
    for one in shown {
        companies.entry(one.company.clone()).or_default().push(one);
    }
    companies
}

/// The folders that are packs, by name.
fn packs(companies: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let other = |complaint: Complaint| {
        complaint.hint("请用 --companies 指定示例配置包的目录", "name the folder of example packs with --companies")
    };
    let unreadable = |error| other(Complaint::about_file(companies, &error));
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(companies).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.join("company.yaml").is_file() {
            folders.push(path);
        }
    }
    if folders.is_empty() {
        let companies = companies.display();
        let none = Complaint::new(format!("{companies} 里没有配置包"), format!("{companies} holds no packs"));
        return Err(other(none).into());
    }
    folders.sort();
    Ok(folders)
}

/// The script of a pack lies beside it, since it is no part of its release.
fn script_path(pack: &Path) -> PathBuf {
    pack.with_extension("demo.json")
}

/// Deploys one pack, with the people and days of its spreadsheets. They were there before the history began, so that its
/// deadlines are counted with them.
async fn bring_in(house: &House, folder: &Path, now: Instant) -> anyhow::Result<Cast> {
    let files = Pack::from_dir(folder)?;
    let sheets = PeopleFiles {
        people: files.get("people.csv").cloned(),
        departments: files.get("departments.csv").cloned(),
        substitutes: None,
    };
    let script = Script::read(&script_path(folder))?;
    let before = now.plus_seconds(-BEFORE_SECONDS);
    let deployed = house.app.deploy(Deployer::Console, files.clone(), before).await?;
    house.app.import_people(Deployer::Console, &deployed.company, sheets, before).await?;
    let days = bring_days_in(house, &deployed.company, &files, now).await?;
    let people = house.store.directory(&deployed.company).await?.people;
    let people = people.into_iter().map(|person| (person.id, person.login)).collect();
    Ok(Cast { release: deployed.release, files, days, people, script })
}

/// Brings in what the pack has of calendars, one file a year, and answers all days of the company's own. In a year that neither
/// pack nor product knows yet no deadline could be told: there the demo enters the holidays whose dates never move.
async fn bring_days_in(
    house: &House,
    company: &CompanyId,
    files: &BTreeMap<String, String>,
    now: Instant,
) -> anyhow::Result<CalendarData> {
    let before = now.plus_seconds(-BEFORE_SECONDS);
    let of = |path: &str| path.strip_prefix("calendars/")?.strip_suffix(".csv")?.parse().ok();
    let mut years: BTreeMap<i32, (String, String)> =
        files.iter().filter_map(|(path, text)| Some((of(path)?, (path.clone(), text.clone())))).collect();
    for year in before.utc().year()..=now.utc().year() {
        if !CalendarData::china().years.contains(&year) {
            years.entry(year).or_insert_with(|| (format!("calendars/{year}.csv"), fixed_holidays(year)));
        }
    }
    for (year, (name, text)) in years {
        let file = CalendarFile { name, text, complete: [year].into() };
        house.app.import_calendar(Deployer::Console, company, file, before).await?;
    }
    let mut days = CalendarData::default();
    for stored in house.store.calendars(company).await? {
        days = days.overlaid(&serde_json::from_str(&stored.body)?);
    }
    Ok(days)
}

/// The public holidays that fall on the same date every year.
fn fixed_holidays(year: i32) -> String {
    let days = [
        ("01-01", "元旦", "New Year's Day"),
        ("05-01", "劳动节", "Labour Day"),
        ("05-02", "劳动节", "Labour Day"),
        ("10-01", "国庆节", "National Day"),
        ("10-02", "国庆节", "National Day"),
        ("10-03", "国庆节", "National Day"),
    ];
    let rows = days.iter().map(|(date, zh, en)| format!("{year}-{date},holiday,{zh},{en}\n"));
    std::iter::once("date,day,name,name_en\n".to_owned()).chain(rows).collect()
}

async fn tokens(house: &House, casts: &[Cast], at: Instant) -> anyhow::Result<BTreeMap<(String, String), String>> {
    let mut tokens = BTreeMap::new();
    for cast in casts {
        for (person, login) in &cast.people {
            if login.is_some() {
                let token = house.access.make_api_token(&cast.who(person), TOKEN_DAYS, &By::Console, at).await?;
                tokens.insert((cast.company().to_string(), person.to_string()), token.secret().to_owned());
            }
        }
    }
    Ok(tokens)
}

impl Cast {
    fn company(&self) -> &CompanyId {
        &self.release.company().id
    }

    fn who(&self, person: &PersonId) -> Who {
        Who { company: self.company().clone(), person: person.clone() }
    }

    /// The script's entries at their moments, with dates in place of their names.
    fn scenes(&self, now: Instant) -> anyhow::Result<Vec<Scene>> {
        let Some(script) = &self.script else { return Ok(Vec::new()) };
        anyhow::ensure!(script.company == self.company().as_str(), "the script is for {}", script.company);
        let calendar = self.release.company().calendar(&self.days);
        let days = DemoDays::new(&calendar, now);
        let scene = |(number, entry): (usize, &script::Entry)| {
            Ok(Scene {
                at: days.moment(entry.day, entry.at)?,
                company: script.company.clone(),
                person: entry.person.clone(),
                act: days.placed(&entry.act)?,
                place: format!("{}, entry {} ({}, {})", script.company, number + 1, entry.day, entry.person),
            })
        };
        script.history.iter().enumerate().map(scene).collect()
    }

    async fn set_passwords(&self, house: &House) -> anyhow::Result<()> {
        for (person, login) in &self.people {
            if login.is_some() {
                house.access.set_password(&self.who(person), PASSWORD, house.clock.now()).await?;
            }
        }
        Ok(())
    }
}
