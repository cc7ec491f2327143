//! `zhupi pilot`: two releases beside each other, before anything is deployed.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};
use zhupi_app::App;
use zhupi_domain::{CompanyId, ContentHash, Locale, ReleaseHash, Text};
use zhupi_pack::pilot::{Comparison, Data, NoPolicy, Pair, Row, compare, explain, freeze};
use zhupi_pack::seeds::Seeds;
use zhupi_pack::{Pack, Release, World};

use super::output::Output;
use super::remote::{Problem, Refused, Server};
use super::{Exit, block_on, packs, pilot_data, pilot_show};
use crate::clock::Clock;
use crate::complaint::Complaint;
use crate::config::{Config, Given, Remote};
use crate::house::House;

#[derive(Args)]
pub struct Pilot {
    /// What holds: the folder of a pack, the hash of a release, or `current` 现行配置包或版本
    pack: String,
    /// What is tried: the folder of a pack, or the hash of a release 候选配置包或版本
    #[arg(long, value_name = "PACK|RELEASE")]
    candidate: String,
    /// Policy, such as credit.bad_debt_deduction 政策
    #[arg(long, value_name = "NAME")]
    policy: String,
    /// Rows as CSV or JSON lines, or a folder with them and the facts that they need 数据文件或目录
    #[arg(long, value_name = "FILE|DIR")]
    facts: PathBuf,
    /// Date at which params are read for rows that name none; else today 日期
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Show how both releases come to what this payee gets 收款人
    #[arg(long, value_name = "PAYEE")]
    payee: Option<String>,
    /// The amount by which payees are listed; else the first 按哪项金额排列
    #[arg(long, value_name = "NAME")]
    amount: Option<String>,
    /// List all payees, not only those with the largest differences 列出全部
    #[arg(long)]
    all: bool,
    /// Company of the releases, where no folder says it 公司
    #[arg(long, value_name = "ID")]
    company: Option<String>,
}

/// Where one of the two releases comes from.
enum Wanted {
    Folder(PathBuf),
    Release(ReleaseHash),
    Current,
}

/// A release that was found, with the people of its folder.
struct Found {
    release: Release,
    seeds: Seeds,
}

impl Pilot {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let (current, candidate) = (wanted(&self.pack, true), wanted(&self.candidate, false));
        let data = pilot_data::read(&self.facts, &self.policy, output)?;
        if let (Wanted::Folder(current), Wanted::Folder(candidate)) = (&current, &candidate) {
            let (current, candidate) = match (folder(current, output)?, folder(candidate, output)?) {
                (Ok(current), Ok(candidate)) => (current, candidate),
                (Err(exit), _) | (_, Err(exit)) => return Ok(exit),
            };
            // Whoever has both packs at hand needs no server: their people and days are enough.
            let calendar = current.release.company().calendar(&current.seeds.days);
            let world = World { directory: &current.seeds.directory, calendar: &calendar, now: Clock::system().now() };
            return self.compare(current.release, candidate.release, &world, &data, output);
        }
        let config = Config::read(&given)?;
        match &config.remote {
            Some(remote) => self.on_server(remote, &current, &candidate, &data, output),
            None => self.with_data(&config, &current, &candidate, &data, output),
        }
    }

    /// With releases out of the data, which is only looked at.
    fn with_data(
        &self,
        config: &Config,
        current: &Wanted,
        candidate: &Wanted,
        data: &Data,
        output: &Output,
    ) -> anyhow::Result<Exit> {
        let from_folder = [current, candidate].into_iter().find_map(|wanted| match wanted {
            Wanted::Folder(path) => Some(folder(path, output)),
            _ => None,
        });
        let from_folder = match from_folder.transpose()? {
            Some(Err(exit)) => return Ok(exit),
            Some(Ok(found)) => Some(found.release),
            None => None,
        };
        let (releases, directory, calendar, now) = block_on(async {
            let house = House::look(config).await?;
            let company = self.company(&house, from_folder.as_ref()).await?;
            let mut releases = Vec::new();
            for wanted in [current, candidate] {
                releases.push(match (wanted, &from_folder) {
                    (Wanted::Folder(_), Some(release)) => release.clone(),
                    (wanted, _) => stored(&house.app, &company, wanted).await?,
                });
            }
            let first = releases.first().context("two releases")?;
            let (directory, calendar) = house.app.pilot_world(&company, first).await?;
            Ok((releases, directory, calendar, house.clock.now()))
        })?;
        let mut releases = releases.into_iter();
        let (current, candidate) = releases.next().zip(releases.next()).context("two releases")?;
        let world = World { directory: &directory, calendar: &calendar, now };
        self.compare(current, candidate, &world, data, output)
    }

    /// The company that is named, that of a folder, or the only one there is.
    async fn company(&self, house: &House, folder: Option<&Release>) -> anyhow::Result<CompanyId> {
        if let Some(named) = &self.company {
            return Ok(CompanyId::new(named.as_str()));
        }
        if let Some(release) = folder {
            return Ok(release.company().id.clone());
        }
        let companies = house.store.companies().await?;
        match companies.as_slice() {
            [only] => Ok(only.id.clone()),
            _ => {
                let ids: Vec<&str> = companies.iter().map(|company| company.id.as_str()).collect();
                let ids = ids.join(", ");
                Err(Complaint::new("请用 --company 指明公司", "name the company with --company")
                    .hint(format!("有这些公司：{ids}"), format!("there are {ids}"))
                    .into())
            }
        }
    }

    fn compare(
        &self,
        current: Release,
        candidate: Release,
        world: &World<'_>,
        data: &Data,
        output: &Output,
    ) -> anyhow::Result<Exit> {
        let pair = Pair::new(current, candidate, &self.policy).map_err(|missing| self.no_policy(&missing))?;
        let on = self.as_of.unwrap_or_else(|| world.today());
        let rows = match freeze(&pair, data, world, on) {
            Ok(rows) => rows,
            Err(found) => {
                packs::show(&found, &pilot_data::texts(data), output)?;
                return Ok(Exit::Findings);
            }
        };
        let comparison = compare(&pair, &rows, || true).context("compare")?;
        if let Some(amount) = &self.amount {
            pilot_show::amount_named(&comparison, amount)?;
        }
        match &self.payee {
            Some(payee) => self.explained(&pair, &comparison, &rows, payee, output)?,
            None if output.is_json() => output.json(&comparison)?,
            None => pilot_show::comparison(&comparison, self.amount.as_deref(), self.all, output),
        }
        let failed = comparison.counts.faults.current + comparison.counts.faults.candidate;
        Ok(if failed == 0 { Exit::Ok } else { Exit::Findings })
    }

    /// Both explanations of everything that concerns one payee.
    fn explained(
        &self,
        pair: &Pair,
        comparison: &Comparison,
        rows: &[Row],
        payee: &str,
        output: &Output,
    ) -> anyhow::Result<()> {
        let Some(result) = comparison.payees.iter().find(|result| result.payee == payee) else {
            let names = comparison.payees.iter().map(|result| result.payee.as_str());
            return Err(pilot_show::no_payee(payee, names).into());
        };
        let rows: Vec<Row> = rows.iter().filter(|row| result.rows.contains(&row.number)).cloned().collect();
        let explained = explain(pair, &rows);
        if output.is_json() {
            let told = rows.iter().zip(&explained).map(|(row, sides)| {
                let [current, candidate] = sides.each_ref().map(
                    |one| json!({ "answer": one.answer(), "explanation": one.explanation, "assumed": one.assumed }),
                );
                json!({ "row": row.number, "line": row.line, "on": row.on, "current": current, "candidate": candidate })
            });
            return output.json(&json!({ "payee": result, "rows": told.collect::<Vec<_>>() }));
        }
        pilot_show::payee(comparison, result, output);
        for (row, [current, candidate]) in rows.iter().zip(&explained) {
            pilot_show::side(row, current, pair.current.hash(), false, output);
            pilot_show::side(row, candidate, pair.candidate.hash(), true, output);
        }
        Ok(())
    }

    fn no_policy(&self, missing: &NoPolicy) -> Complaint {
        let complaint = super::explain::no_policy(&self.policy, &missing.known);
        let pack = if missing.in_candidate { &self.candidate } else { &self.pack };
        let message = Text::new(
            format!("{pack}：{}", complaint.message.zh),
            format!("{pack}: {}", complaint.message.get(Locale::En)),
        );
        Complaint { message, ..complaint }
    }

    /// The server has the releases, and keeps what came of it.
    fn on_server(
        &self,
        remote: &Remote,
        current: &Wanted,
        candidate: &Wanted,
        data: &Data,
        output: &Output,
    ) -> anyhow::Result<Exit> {
        let current = match current {
            Wanted::Current => Value::Null,
            Wanted::Release(hash) => json!(hash),
            Wanted::Folder(_) => {
                return Err(Complaint::new(
                    "有 --server 时，现行的一方应为 current 或版本号",
                    "with --server, what holds is `current` or a release",
                )
                .hint("两边都是文件夹时不需要服务器", "two folders need no server")
                .into());
            }
        };
        let candidate = match candidate {
            Wanted::Folder(path) => {
                let folder = packs::read(path)?;
                if !folder.unread.is_empty() {
                    packs::show(&Pack::read_folder(&folder).diagnostics, &folder.files, output)?;
                    return Ok(Exit::Findings);
                }
                json!({ "files": folder.files })
            }
            Wanted::Release(hash) => json!({ "release": hash }),
            Wanted::Current => Value::Null,
        };
        let facts: serde_json::Map<String, Value> =
            data.facts.iter().map(|(kind, source)| (kind.clone(), pilot_data::sent(source))).collect();
        let body = json!({
            "policy": self.policy, "current": current, "candidate": candidate, "as_of": self.as_of,
            "rows": pilot_data::sent(&data.rows), "facts": facts,
        });
        let told: Result<Value, anyhow::Error> = block_on(async {
            let server = Server::new(remote, output.locale())?;
            let made: Value = server.post("/admin/pilots", body).await?;
            let (Some(payee), Some(id)) = (&self.payee, made.get("id").and_then(Value::as_str)) else {
                return Ok(made);
            };
            server.get(&format!("/admin/pilots/{id}/payees/{}", pilot_data::in_path(payee))).await
        });
        match told {
            Ok(told) => {
                if output.is_json() || self.payee.is_some() {
                    output.json(&told)?
                } else {
                    pilot_show::told(&told, output)
                }
                Ok(Exit::Ok)
            }
            Err(error) => match error.downcast_ref::<Refused>() {
                Some(Refused(problem)) if is_finding(problem) => {
                    output.complain(&problem.words());
                    Ok(Exit::Findings)
                }
                _ => Err(error),
            },
        }
    }
}

fn is_finding(problem: &Problem) -> bool {
    ["pilot_invalid", "pack_invalid"].contains(&problem.code.as_str())
}

/// What a word names: a folder that is there, a hash, or `current`.
fn wanted(word: &str, may_be_current: bool) -> Wanted {
    if may_be_current && word == "current" && !Path::new(word).exists() {
        return Wanted::Current;
    }
    match ContentHash::parse(word) {
        Some(hash) => Wanted::Release(ReleaseHash(hash)),
        None => Wanted::Folder(PathBuf::from(word)),
    }
}

/// The release of a folder; without one, prints what is wrong.
fn folder(path: &Path, output: &Output) -> anyhow::Result<Result<Found, Exit>> {
    let folder = packs::read(path)?;
    let found = packs::release(&folder, output)?;
    Ok(found.map(|(release, checked)| Found { release, seeds: checked.seeds }))
}

async fn stored(app: &App, company: &CompanyId, wanted: &Wanted) -> anyhow::Result<Release> {
    match wanted {
        Wanted::Release(hash) => Ok(app.pilot_release(company, *hash).await?),
        _ => app.current_release(company).await?.ok_or_else(|| {
            Complaint::new(format!("公司 {company} 还没有发布版本"), format!("{company} has no release yet"))
                .hint("用 zhupi deploy 发布", "make one with zhupi deploy")
                .into()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_folder_a_release_or_what_is_deployed() {
        let hash = ContentHash::of(&[b"x"]).to_string();
        assert!(matches!(wanted(&hash, false), Wanted::Release(_)));
        assert!(matches!(wanted("current", true), Wanted::Current));
        assert!(matches!(wanted("current", false), Wanted::Folder(_)));
        assert!(matches!(wanted("companies/pharma", true), Wanted::Folder(_)));
    }
}
