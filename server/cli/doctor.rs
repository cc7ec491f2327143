//! `zhupi doctor`.

use clap::Args;
use serde_json::{Value, json};
use zhupi_domain::Text;
use zhupi_store::{Scope, StoreError};

use super::output::Output;
use super::{Exit, block_on};
use crate::complaint::Complaint;
use crate::config::{Config, Given, SETTINGS};
use crate::house::House;

#[derive(Args)]
pub struct Doctor {}

/// One thing that was looked at.
struct Look {
    /// For programs.
    what: &'static str,
    title: Text,
    good: bool,
    detail: Text,
}

impl Look {
    fn new(what: &'static str, zh: &str, good: bool, detail: Text) -> Self {
        Self { what, title: Text::new(zh, what), good, detail }
    }
}

impl Doctor {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        let looks = block_on(async { Ok(look(&config).await) })?;
        if output.is_json() {
            let looked: Vec<Value> = looks
                .iter()
                .map(|look| json!({ "what": look.what, "good": look.good, "detail": output.text(&look.detail) }))
                .collect();
            output.json(&json!({ "settings": settings(&config), "looks": looked }))?;
        } else {
            show_settings(&config, output);
            for look in &looks {
                let mark = if look.good { "✓" } else { "✗" };
                output.say(&format!("{mark} {}: {}", output.text(&look.title), output.text(&look.detail)));
            }
        }
        Ok(if looks.iter().all(|look| look.good) { Exit::Ok } else { Exit::Findings })
    }
}

/// A secret is told to be there, and from where, and nothing else.
fn shown(config: &Config, key: &str, secret: bool) -> Option<(String, String)> {
    let found = config.values.get(key)?;
    let value = if secret { "••••••".to_owned() } else { found.value.clone() };
    Some((value, found.source.to_string()))
}

fn settings(config: &Config) -> Value {
    let setting = |setting: &crate::config::Setting| {
        let found = shown(config, setting.key, setting.secret);
        json!({
            "key": setting.key,
            "variable": setting.variable(),
            "value": found.as_ref().map(|(value, _)| value),
            "source": found.as_ref().map(|(_, source)| source),
        })
    };
    SETTINGS.iter().map(setting).collect()
}

fn show_settings(config: &Config, output: &Output) {
    let row = |setting: &crate::config::Setting| {
        let (value, source) = shown(config, setting.key, setting.secret).unwrap_or_default();
        vec![setting.key.to_owned(), value, source, setting.help.to_owned()]
    };
    let rows: Vec<Vec<String>> = SETTINGS.iter().map(row).collect();
    let heads = match output.locale() {
        zhupi_domain::Locale::Zh => ["设置", "值", "来源", "说明"],
        zhupi_domain::Locale::En => ["setting", "value", "source", "what it is for"],
    };
    output.table(&heads, &rows);
}

async fn look(config: &Config) -> Vec<Look> {
    let mut looks = vec![data(config).await];
    looks.extend(parked(config).await);
    let exposed = !config.listen.ip().is_loopback() && !config.secure;
    let detail = match (exposed, config.secure) {
        (true, _) => Text::new(
            "对外监听却没有 https，密码可能在途中被窃听；请放在带 TLS 的反向代理之后并设置 secure",
            "listens beyond this machine without https: passwords can be read on the way",
        ),
        (false, true) => Text::new("cookie 只经 https 传输", "cookies travel over https only"),
        (false, false) => Text::new("只在本机监听", "loopback only"),
    };
    looks.push(Look::new("https", "https", !exposed, detail));
    looks.push(Look::new("web app", "网页界面", crate::ui::is_built(), built()));
    looks
}

fn built() -> Text {
    match crate::ui::is_built() {
        true => Text::new("已内置", "built"),
        false => Text::new("没有内置：请运行 cargo xtask web 后重新编译", "not built: run `cargo xtask web`"),
    }
}

/// Messages that were given up on; nothing is said where the data cannot be read, since that was said already.
async fn parked(config: &Config) -> Option<Look> {
    let house = House::look(config).await.ok()?;
    let mut told = Vec::new();
    for company in house.store.companies().await.ok()? {
        let page = house.store.parked_messages(&Scope::of(company.id), None, zhupi_store::MAX_PAGE).await.ok()?;
        let tell = |message: zhupi_store::OutboxMessage| {
            format!("{} {} ({})", message.topic, message.id, message.last_error.unwrap_or_default())
        };
        told.extend(page.items.into_iter().map(tell));
    }
    let good = told.is_empty();
    let detail = if good { Text::new("没有", "none") } else { Text::same(told.join("; ")) };
    Some(Look::new("messages given up on", "放弃发送的消息", good, detail))
}

/// Whether the data is there, and how much is in it.
async fn data(config: &Config) -> Look {
    let look = |good, detail| Look::new("data", "数据", good, detail);
    let counted = async {
        let house = House::look(config).await?;
        house.store.ping().await?;
        house.store.companies().await
    };
    match counted.await {
        Ok(companies) => {
            let count = companies.len();
            look(true, Text::new(format!("{count} 家公司"), format!("{count} companies")))
        }
        // Nothing was ever started here: that is no fault.
        Err(StoreError::NoData(_)) => {
            look(true, Text::new("还没有数据，首次启动时创建", "not there yet: the first start makes it"))
        }
        Err(error) => look(false, Complaint::of(&error.into()).whole()),
    }
}
