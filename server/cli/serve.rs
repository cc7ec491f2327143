//! `zhupi serve`.

use anyhow::Context as _;
use clap::Args;
use tokio::net::TcpListener;

use super::output::Output;
use super::{Exit, block_on};
use crate::config::{Config, Given, LISTEN, SECURE};
use crate::house::House;
use crate::{logging, serve};

#[derive(Args)]
pub struct Serve {
    /// Address and port to listen on 监听地址 [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Cookies only over https: for a server behind a proxy with TLS 仅 https 传 cookie
    #[arg(long)]
    secure: bool,
}

impl Serve {
    pub fn run(self, mut given: Given, output: &Output) -> anyhow::Result<Exit> {
        if let Some(listen) = self.listen {
            given.flags.insert(LISTEN, listen);
        }
        if self.secure {
            given.flags.insert(SECURE, "true".into());
        }
        let config = Config::read(&given)?;
        logging::start(&config.log)?;
        block_on(serve(config, output))
    }
}

async fn serve(mut config: Config, output: &Output) -> anyhow::Result<Exit> {
    let house = House::open(&config).await?;
    let listener = TcpListener::bind(config.listen).await.with_context(|| format!("listen on {}", config.listen))?;
    config.bound_to(listener.local_addr()?);
    if let Some(link) = house.access.set_up_link(house.clock.now()).await? {
        output.complain("首次使用，请打开以下链接（只能使用一次，24 小时内有效） First start: open this link (works once, for 24 hours)");
        output.complain(&format!("  {}/setup#{}", config.public_url, link.token.secret()));
    }
    if !config.listen.ip().is_loopback() && !config.secure {
        tracing::warn!("listening beyond this machine without https: passwords can be read on the way");
    }
    tracing::info!(address = %config.listen, url = config.public_url, "ready");
    serve::serve(house, &config, listener, serve::signal()).await?;
    Ok(Exit::Ok)
}
