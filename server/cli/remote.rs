//! The command line as a client of a running server.

use anyhow::Context as _;
use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::complaint::Complaint;
use crate::config::Remote;
use zhupi_domain::Locale;

/// A running server that was reached with a token.
pub struct Server {
    client: Client,
    remote: Remote,
    language: &'static str,
}

/// The server does not answer.
#[derive(Debug, thiserror::Error)]
#[error("{url} cannot be reached: {reason}")]
pub struct Unreachable {
    url: String,
    reason: String,
}

/// The server answered that it cannot be done.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.words())]
pub struct Refused(pub Problem);

#[derive(Debug, serde::Deserialize)]
pub struct Problem {
    pub code: String,
    pub title: String,
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub errors: Vec<Place>,
}

#[derive(Debug, serde::Deserialize)]
pub struct Place {
    pub pointer: String,
    pub message: String,
}

impl Unreachable {
    /// The same for who runs the command.
    pub fn complaint(&self) -> Complaint {
        let url = &self.url;
        Complaint::new(format!("连不上服务器 {url}"), format!("the server {url} cannot be reached"))
            .hint(
                "请确认它正在运行，并检查 --server（或 ZHUPI_SERVER）的地址",
                "check that it runs, and the address of --server (or ZHUPI_SERVER)",
            )
            .detail(&self.reason)
    }
}

impl Problem {
    /// What the server said, with the places that are meant.
    pub fn words(&self) -> String {
        let places = self.errors.iter().map(|place| format!("\n  {}: {}", place.pointer, place.message));
        format!("{}: {} [{}]{}", self.title, self.detail, self.code, places.collect::<String>())
    }
}

impl Server {
    pub fn new(remote: &Remote, locale: Locale) -> anyhow::Result<Self> {
        // Another crate may have chosen before; then that choice holds.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().build().context("make an HTTP client")?;
        let language = if locale == Locale::Zh { "zh-CN" } else { "en" };
        Ok(Self { client, remote: remote.clone(), language })
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.send(Method::GET, path, None).await
    }

    /// Sends once; a lost answer is asked for again with the same key, so that nothing is done twice.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: Value) -> anyhow::Result<T> {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send<T: DeserializeOwned>(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<T> {
        let url = format!("{}/api/v1{path}", self.remote.url);
        let mut request = self.client.request(method, &url).bearer_auth(&self.remote.token);
        request = request.header("Accept-Language", self.language);
        if let Some(body) = &body {
            request = request.header("Idempotency-Key", uuid::Uuid::new_v4().to_string()).json(body);
        }
        let lost = |error: reqwest::Error| Unreachable { url: self.remote.url.clone(), reason: error.to_string() };
        let response = request.send().await.map_err(lost)?;
        let status = response.status();
        let text = response.text().await.map_err(lost)?;
        if status.is_success() {
            let text = if status == StatusCode::NO_CONTENT { "null" } else { text.as_str() };
            return serde_json::from_str(text).map_err(|error| Unreachable { url, reason: error.to_string() }.into());
        }
        match serde_json::from_str::<Problem>(&text) {
            Ok(problem) => Err(Refused(problem).into()),
            Err(_) => Err(Unreachable { url, reason: format!("status {status}") }.into()),
        }
    }
}
