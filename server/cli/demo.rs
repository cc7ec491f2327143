//! `zhupi demo`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::output::Output;
use super::serve::bind;
use super::{Exit, block_on};
use crate::complaint::Complaint;
use crate::config::{Config, DATA, DATABASE, Given, LISTEN, LOG_LEVEL};
use crate::demo::{self, PASSWORD, Shown};
use crate::house::House;
use crate::{logging, serve};

#[derive(Args)]
pub struct Demo {
    /// Address and port to listen on 监听地址 [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Throw the demo's data away and make it anew 重新生成数据
    #[arg(long)]
    fresh: bool,
    /// Folder of packs and their histories 示例配置包目录
    #[arg(long, value_name = "DIR", default_value = "companies")]
    companies: PathBuf,
}

/// Where the demo keeps its data, unless told.
const DEMO_DATA: &str = "zhupi-demo";

impl Demo {
    pub fn run(self, mut given: Given, output: &Output) -> anyhow::Result<Exit> {
        if let Some(listen) = &self.listen {
            given.flags.insert(LISTEN, listen.clone());
        }
        if !given.flags.contains_key(DATABASE) {
            given.flags.entry(DATA).or_insert_with(|| DEMO_DATA.into());
        }
        // The table of log-ins should stay on the screen.
        given.flags.insert(LOG_LEVEL, "warn".into());
        let mut config = Config::read(&given)?;
        logging::start(&config.log)?;
        if self.fresh {
            throw_away(&config)?;
        }
        block_on(async {
            let listener = bind(&config).await?;
            config.bound_to(listener.local_addr()?);
            let mut house = House::open(&config).await?;
            if !demo::is_ready(&house).await? {
                make(&house, &config, &self.companies, output).await?;
            }
            let shown = demo::shown(&house, &self.companies).await?;
            show(&shown, &config, output);
            house.shown = Arc::new(demo::by_company(shown));
            serve::serve(house, &config, listener, serve::signal()).await?;
            Ok(Exit::Ok)
        })
    }
}

async fn make(house: &House, config: &Config, companies: &Path, output: &Output) -> anyhow::Result<()> {
    output.complain(output.pick("正在生成示例公司和几周的历史…", "making example companies with weeks of history…"));
    let played = demo::make(house, config, companies, house.clock.now()).await?;
    output.complain(&format!("{played} {}", output.pick("步操作已完成", "acts were played")));
    Ok(())
}

/// Deletes what a demo made in its folder, and nothing else.
fn throw_away(config: &Config) -> anyhow::Result<()> {
    let zhupi_store::Config::Sqlite { dir, .. } = &config.database else {
        return Err(Complaint::new("--fresh 只能清空数据目录", "--fresh only throws away a folder")
            .hint("使用 PostgreSQL 时请自行清空数据库", "empty the database yourself")
            .into());
    };
    for name in ["zhupi.db", "zhupi.db-wal", "zhupi.db-shm", "zhupi.lock"] {
        let path = dir.join(name);
        if path.exists() {
            std::fs::remove_file(&path).map_err(|error| Complaint::about_file(&path, &error))?;
        }
    }
    let files = dir.join("files");
    if files.is_dir() {
        std::fs::remove_dir_all(&files).map_err(|error| Complaint::about_file(&files, &error))?;
    }
    Ok(())
}

fn show(shown: &[Shown], config: &Config, output: &Output) {
    let heads = match output.locale() {
        zhupi_domain::Locale::Zh => ["公司", "登录名", "密码", "姓名", "职务", "可以看到"],
        zhupi_domain::Locale::En => ["company", "login", "password", "name", "post", "there is to see"],
    };
    let row = |shown: &Shown| {
        let Shown { company, login, name, post, see, .. } = shown;
        vec![company.clone(), login.clone(), PASSWORD.into(), name.clone(), post.clone(), output.text(see).into()]
    };
    let rows: Vec<Vec<String>> = shown.iter().map(row).collect();
    output.table(&heads, &rows);
    output.say("");
    output.say(&format!("{} {}", output.pick("请打开", "open"), config.public_url));
    if !config.listen.ip().is_loopback() {
        output.complain(output.pick("注意：密码人人可知，请勿对外开放", "careful: everybody knows these passwords"));
    }
}
