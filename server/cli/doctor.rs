//! `zhupi doctor`.

use clap::Args;
use serde_json::{Value, json};
use zhupi_store::Scope;

use super::output::Output;
use super::{Exit, block_on};
use crate::config::{Config, Given, SETTINGS};
use crate::house::House;

#[derive(Args)]
pub struct Doctor {}

/// One thing that was looked at.
struct Look {
    what: &'static str,
    good: bool,
    detail: String,
}

impl Doctor {
    pub fn run(self, given: Given, output: &Output) -> anyhow::Result<Exit> {
        let config = Config::read(&given)?;
        let looks = block_on(async { Ok(look(&config).await) })?;
        if output.is_json() {
            let looked: Vec<Value> = looks
                .iter()
                .map(|look| json!({ "what": look.what, "good": look.good, "detail": look.detail }))
                .collect();
            output.json(&json!({ "settings": settings(&config), "looks": looked }))?;
        } else {
            show_settings(&config, output);
            for look in &looks {
                output.say(&format!("{} {}: {}", if look.good { "✓" } else { "✗" }, look.what, look.detail));
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
    looks.push(Look {
        what: "https",
        good: !exposed,
        detail: match (exposed, config.secure) {
            (true, _) => "listens beyond this machine without https: passwords can be read on the way".into(),
            (false, true) => "cookies travel over https only".into(),
            (false, false) => "loopback only".into(),
        },
    });
    looks.push(Look { what: "web app", good: crate::ui::is_built(), detail: built() });
    looks
}

fn built() -> String {
    if crate::ui::is_built() { "built".into() } else { "not built: run `cargo xtask web`".into() }
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
    let detail = if told.is_empty() { "none".into() } else { told.join("; ") };
    Some(Look { what: "messages given up on", good: told.is_empty(), detail })
}

/// Whether the data is there, and how much is in it.
async fn data(config: &Config) -> Look {
    let what = "data";
    let counted = async {
        let house = House::look(config).await?;
        house.store.ping().await?;
        house.store.companies().await
    };
    match counted.await {
        Ok(companies) => Look { what, good: true, detail: format!("{} companies", companies.len()) },
        // Nothing was ever started here: that is no fault.
        Err(_) if is_new(config) => Look { what, good: true, detail: "not there yet: the first start makes it".into() },
        Err(error) => Look { what, good: false, detail: error.to_string() },
    }
}

fn is_new(config: &Config) -> bool {
    matches!(&config.database, zhupi_store::Config::Sqlite { dir, .. } if !dir.join("zhupi.db").exists())
}
