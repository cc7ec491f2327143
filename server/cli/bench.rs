//! `zhupi bench`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zhupi_bench::cluster::{Cluster, Database};
use zhupi_bench::figure::{Figure, Gate, Spread};
use zhupi_domain::Locale;

use super::output::Output;
use super::{Exit, block_on};
use crate::bench::{Wish, on_postgres, on_sqlite};
use crate::complaint::Complaint;
use crate::config::{Config, DATABASE, Given};

#[derive(Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Approval actions, as ratios to what the database allows 审批动作与数据库极限之比
    Actions(Actions),
}

#[derive(Args)]
struct Actions {
    /// Only SQLite 只测 SQLite
    #[arg(long)]
    sqlite: bool,
    /// Seconds of each measurement in a round 每次测量秒数
    #[arg(long, value_name = "N", default_value_t = 2.0)]
    seconds: f64,
    /// How often everything is measured 轮数
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// Actors of goals 1 and 7 并发人数
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    clients: u16,
    /// Open tasks, of the limits and of ours 待办数量
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(4_100..=10_000_000))]
    instances: u64,
}

/// PostgreSQL to measure on, where no other is named.
const SERVER: &str = "ZHUPI_BENCH_DATABASE_URL";

/// What was measured on one database, or why nothing was.
struct Measured {
    database: &'static str,
    outcome: Result<Vec<Figure>, String>,
}

impl Bench {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let What::Actions(actions) = self.what;
        let named = given.flags.get(DATABASE).cloned();
        let config = Config::read(&given)?;
        let wish = actions.wish()?;
        if cfg!(debug_assertions) {
            let zh = "这是开发构建，下列数字没有意义；请用 cargo build --release 编译后再测";
            output.complain(
                output.pick(zh, "this is a development build: its figures mean nothing; build with --release"),
            );
        }
        let mut measured = Vec::new();
        if named.is_none() {
            measured.push(Measured { database: "SQLite", outcome: Ok(block_on(sqlite(&config, &wish))?) });
        }
        if !actions.sqlite {
            measured.push(postgres(named, &config, &wish)?);
        }
        show(&measured, &wish, output)?;
        let fails = measured.iter().filter_map(|one| one.outcome.as_ref().ok()).flatten().any(Figure::fails);
        Ok(if fails { Exit::Findings } else { Exit::Ok })
    }
}

impl Actions {
    fn wish(&self) -> Result<Wish, Complaint> {
        let lasting = Duration::try_from_secs_f64(self.seconds).ok().filter(|time| !time.is_zero());
        let wrong = || Complaint::new("--seconds 须是大于 0 的数", "--seconds wants a number above 0");
        Ok(Wish {
            lasting: lasting.ok_or_else(wrong)?,
            rounds: self.rounds.into(),
            clients: self.clients.into(),
            instances: self.instances,
        })
    }
}

/// A folder that is there until this is dropped, on the disk of the system's folder for such (`TMPDIR`).
struct Folder(PathBuf);

impl Folder {
    fn make() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("zhupi-bench-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| Complaint::about_file(&path, &error))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn sqlite(config: &Config, wish: &Wish) -> anyhow::Result<Vec<Figure>> {
    let folder = Folder::make()?;
    on_sqlite(&folder.0, config, wish).await
}

/// On the server that was named, else on the one of the environment, else on one of our own.
fn postgres(named: Option<String>, config: &Config, wish: &Wish) -> anyhow::Result<Measured> {
    let measured = |outcome| Measured { database: "PostgreSQL", outcome };
    let server = named.or_else(|| std::env::var(SERVER).ok().filter(|url| !url.is_empty()));
    let cluster = match &server {
        Some(_) => None,
        None => match Cluster::start(&std::env::temp_dir()) {
            Ok(cluster) => Some(cluster),
            Err(reason) => return Ok(measured(Err(reason.to_string()))),
        },
    };
    let Some(url) = server.or_else(|| cluster.as_ref().map(Cluster::url)) else {
        return Ok(measured(Err("no address".into())));
    };
    let figures = block_on(async {
        let database = Database::create(&url).await?;
        let figures = on_postgres(&database.url, config, wish).await;
        database.remove().await?;
        figures
    })?;
    Ok(measured(Ok(figures)))
}

fn show(measured: &[Measured], wish: &Wish, output: &Output) -> anyhow::Result<()> {
    if output.is_json() {
        let databases: Vec<Value> = measured.iter().map(Measured::as_json).collect();
        let wish = json!({ "seconds": wish.lasting.as_secs_f64(), "rounds": wish.rounds, "clients": wish.clients,
            "instances": wish.instances });
        return output
            .json(&json!({ "development_build": cfg!(debug_assertions), "asked": wish, "databases": databases }));
    }
    for one in measured {
        one.show(output);
    }
    output.say(output.pick(
        "中位数（最小–最大）；比值在每一轮内计算；~ 表示各轮相差超过四分之一",
        "medians (least–most); ratios are taken inside a round; ~ marks those that differ by more than a quarter",
    ));
    Ok(())
}

impl Measured {
    fn show(&self, output: &Output) {
        match &self.outcome {
            Ok(figures) => {
                let heads = match output.locale() {
                    Locale::Zh => [self.database, "目标", "极限", "我们", "比值", "门槛", "达到"],
                    Locale::En => [self.database, "goal", "limit", "ours", "ratio", "gate", "met"],
                };
                output.table(&heads, &figures.iter().map(|figure| row(figure, output)).collect::<Vec<_>>());
            }
            Err(reason) => output.say(&format!("{}: {} ({reason})", self.database, output.pick("未测", "skipped"))),
        }
        output.say("");
    }

    fn as_json(&self) -> Value {
        match &self.outcome {
            Ok(figures) => {
                json!({ "database": self.database, "figures": figures.iter().map(as_json).collect::<Vec<_>>() })
            }
            Err(reason) => json!({ "database": self.database, "skipped": reason }),
        }
    }
}

fn row(figure: &Figure, output: &Output) -> Vec<String> {
    let values =
        |spread: Spread| format!("{:.0} ({:.0}–{:.0}) {}", spread.median, spread.least, spread.most, figure.unit);
    let ratio = figure.ratio();
    let noisy = if ratio.is_noisy() { " ~" } else { "" };
    let gate = match figure.gate {
        Gate::AtLeast(least) => format!("≥ {least}"),
        Gate::AtMost(most) => format!("≤ {most}"),
        Gate::None => String::new(),
    };
    let met = match figure.met() {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "",
    };
    vec![
        output.pick(figure.zh, figure.en).to_owned(),
        figure.goal.to_string(),
        values(figure.limit()),
        values(figure.ours()),
        format!("{:.2} ({:.2}–{:.2}){noisy}", ratio.median, ratio.least, ratio.most),
        gate,
        met.to_owned(),
    ]
}

fn as_json(figure: &Figure) -> Value {
    let values = |spread: Spread| json!({ "median": spread.median, "least": spread.least, "most": spread.most });
    let gate = match figure.gate {
        Gate::AtLeast(least) => json!({ "at_least": least }),
        Gate::AtMost(most) => json!({ "at_most": most }),
        Gate::None => Value::Null,
    };
    json!({ "figure": figure.key, "goal": figure.goal, "title": figure.en, "unit": figure.unit, "limit": values(figure.limit()),
        "ours": values(figure.ours()), "ratio": values(figure.ratio()), "noisy": figure.ratio().is_noisy(), "gate": gate,
        "required": figure.required, "met": figure.met() })
}
