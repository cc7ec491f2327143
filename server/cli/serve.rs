//! `zhupi serve`.

use std::io;
use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;

use super::output::Output;
use super::{Exit, block_on};
use crate::complaint::Complaint;
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
    let listener = bind(&config).await?;
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

/// Takes the address to listen on.
pub async fn bind(config: &Config) -> Result<TcpListener, Complaint> {
    TcpListener::bind(config.listen).await.map_err(|error| cannot_listen(config.listen, &error))
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Complaint {
    let said = |zh: &str, en: &str| Complaint::new(format!("{address} {zh}"), format!("{address} {en}")).detail(error);
    match error.kind() {
        io::ErrorKind::AddrInUse => said("已被其他程序占用", "is taken by another program").hint(
            "请停止占用端口的程序，或用 --listen 换一个端口，例如 --listen 127.0.0.1:8081",
            "stop that program, or choose another port with --listen, such as --listen 127.0.0.1:8081",
        ),
        io::ErrorKind::AddrNotAvailable => said("不是本机的地址", "is no address of this machine").hint(
            "只在本机使用请写 127.0.0.1，对外提供服务请写 0.0.0.0",
            "127.0.0.1 is for this machine only, 0.0.0.0 for everybody",
        ),
        io::ErrorKind::PermissionDenied => said("没有监听权限", "may not be listened on").hint(
            "1024 以下的端口需要特权，请换一个更大的端口",
            "ports below 1024 need privileges: choose a higher one",
        ),
        _ => said("无法监听", "cannot be listened on").hint("请检查 --listen", "check --listen"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_told_with_what_to_do() {
        let address = "127.0.0.1:8080".parse().unwrap();
        let complaint = cannot_listen(address, &io::ErrorKind::AddrInUse.into());
        assert_eq!(complaint.message.zh, "127.0.0.1:8080 已被其他程序占用");
        assert!(complaint.hint.unwrap().zh.contains("--listen"));
    }
}
