//! Approvals over HTTP: the real server on a loopback socket, and clients that keep their connections.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use zhupi_app::access::{By, Who};
use zhupi_bench::ours::engine::Office;
use zhupi_bench::window::Client;
use zhupi_domain::PersonId;

use crate::api::BASE;
use crate::config::Config;
use crate::house::House;
use crate::{listen, serve};

/// Days that the tokens of the measurement work.
const TOKEN_DAYS: u16 = 1;
/// What the server says to whoever acts more often than a person can.
const TOO_MANY: u16 = 429;

/// A server that listens until this is dropped.
pub struct Server {
    address: SocketAddr,
    office: Office,
    tokens: Arc<BTreeMap<PersonId, String>>,
    _running: watch::Sender<bool>,
}

impl Server {
    /// Starts to answer on a house, without the workers that do what follows an action.
    pub async fn start(house: &House, config: &Config, office: Office) -> anyhow::Result<Self> {
        let mut tokens = BTreeMap::new();
        for person in Office::approvers() {
            let who = Who { company: Office::company(), person: person.clone() };
            let token = house.access.make_api_token(&who, TOKEN_DAYS, &By::Console, house.clock.now()).await?;
            tokens.insert(person, token.secret().to_owned());
        }
        let (running, stopping) = watch::channel(false);
        let router = serve::router(house, config, stopping.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(listen::listen(listener, router, stopping));
        Ok(Self { address, office, tokens: Arc::new(tokens), _running: running })
    }

    /// So many browsers, each with a connection of its own.
    pub async fn browsers(&self, count: usize) -> anyhow::Result<Vec<Browser>> {
        let mut browsers = Vec::new();
        for number in 0..count {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            let (office, tokens) = (self.office.clone(), self.tokens.clone());
            browsers.push(Browser { stream: BufStream::new(stream), office, tokens, number, acts: 0 });
        }
        Ok(browsers)
    }
}

/// Approves over one connection, as one person after another.
pub struct Browser {
    stream: BufStream<TcpStream>,
    office: Office,
    tokens: Arc<BTreeMap<PersonId, String>>,
    number: usize,
    acts: u64,
}

impl Client for Browser {
    async fn act(&mut self) -> anyhow::Result<u64> {
        while let Some(open) = self.office.take() {
            let token = self.tokens.get(&open.approver).cloned().unwrap_or_default();
            let path = format!("{BASE}/instances/{}/tasks/{}/approve", open.instance, open.task);
            let key = format!("http-{}-{}", self.number, self.acts);
            self.acts += 1;
            match self.post(&path, &token, &key, r#"{"version":1,"comment":"同意"}"#).await? {
                200 => {
                    self.office.approved(open);
                    return Ok(1);
                }
                // This person has acted enough for now: their request is left to itself.
                TOO_MANY => {}
                status => anyhow::bail!("{path}: {status}"),
            }
        }
        Ok(0)
    }
}

impl Browser {
    /// Sends a write and reads the answer to its end; answers its status.
    async fn post(&mut self, path: &str, token: &str, key: &str, body: &str) -> anyhow::Result<u16> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(head.as_bytes()).await?;
        self.stream.flush().await?;
        let (mut line, mut status, mut length) = (String::new(), None, None);
        loop {
            line.clear();
            anyhow::ensure!(self.stream.read_line(&mut line).await? > 0, "the server closed the connection");
            let text = line.trim_end().to_ascii_lowercase();
            if status.is_none() {
                status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
            } else if let Some(bytes) = text.strip_prefix("content-length:") {
                length = bytes.trim().parse().ok();
            } else if text.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length.context("an answer without a length")?];
        self.stream.read_exact(&mut body).await?;
        status.context("an answer without a status")
    }
}
