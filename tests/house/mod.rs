//! A house to test in: the real binary on a data folder or database of its own, and people who use it over HTTP.
#![allow(dead_code, reason = "each test uses its own part")]
#![allow(clippy::print_stdout, reason = "what was skipped is said")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

#[path = "../../store/tests/support/postgres.rs"]
pub mod postgres;

pub const PASSWORD: &str = "vermilion-ink-1";

/// Where a house keeps its data.
pub struct Place {
    folder: tempfile::TempDir,
    database: Option<String>,
}

impl Place {
    pub fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    /// None, and said so, where there is no PostgreSQL.
    pub fn postgres() -> Option<Self> {
        let database = postgres::database()?;
        Some(Self { folder: tempfile::tempdir().unwrap(), database: Some(database) })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where its database is; none: a file in its data folder.
    pub fn database_url(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What its data is kept in, for figures that are told.
    pub fn database(&self) -> &'static str {
        if self.database.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// The binary with this place's data.
    pub fn zhupi(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhupi"));
        command.current_dir(self.folder.path());
        command.env_remove("ZHUPI_SERVER").env_remove("ZHUPI_TOKEN").env_remove("ZHUPI_DATABASE_URL");
        match &self.database {
            Some(url) => command.args(["--database", url]),
            None => command.arg("--data").arg(self.data()),
        };
        command
    }

    /// Runs a console command that must succeed; answers what it printed.
    pub fn console(&self, words: &[&str]) -> String {
        let output = self.zhupi().args(words).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "zhupi {words:?}: {out}{err}");
        out.into_owned()
    }

    /// Deploys an example company with its people, all with the same password.
    pub fn found(&self, company: &str) {
        self.found_with(company, &PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("companies").join(company));
    }

    /// Deploys a company of one's own with its people.
    pub fn found_with(&self, company: &str, pack: &Path) {
        let path = |file: &str| pack.join(file).display().to_string();
        self.console(&["deploy", &pack.display().to_string()]);
        let (people, departments) = (path("people.csv"), path("departments.csv"));
        self.console(&["import", "people", "--company", company, &people, "--departments", &departments]);
    }

    /// Lets a person log in.
    pub fn let_in(&self, company: &str, login: &str) {
        use std::io::Write;
        let mut command = self.zhupi();
        command.args(["user", "passwd", "--company", company, login]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Starts the server, and waits until it is ready.
    pub fn serve(&self, port: u16) -> Server {
        let mut command = self.zhupi();
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}")]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Server { child, port };
        server.wait_until_ready();
        server
    }
}

/// A running server; killed when it goes out of scope.
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Server {
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_until_ready(&self) {
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Tells it to end as a system does, and waits until it has.
    pub fn stop(&mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success() && self.child.wait().unwrap().success());
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A logged-in person.
#[derive(Clone)]
pub struct Person {
    client: reqwest::Client,
    url: String,
    cookie: String,
}

/// What came back: a status and JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Person {
    pub async fn log_in(url: &str, company: &str, login: &str) -> Self {
        Self::log_in_from(Ipv4Addr::LOCALHOST, url, company, login).await
    }

    /// From another address of this machine: log-ins are counted by address.
    pub async fn log_in_from(address: Ipv4Addr, url: &str, company: &str, login: &str) -> Self {
        let client = client(address);
        let body = json!({ "company": company, "login": login, "password": PASSWORD });
        let reply =
            client.post(format!("{url}/api/v1/session")).header("Origin", url).json(&body).send().await.unwrap();
        assert_eq!(reply.status(), 200, "{login} cannot log in");
        let cookie = reply.headers().get("set-cookie").unwrap().to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { client, url: url.to_owned(), cookie }
    }

    /// The same person in another program: with the same session, over connections of its own.
    pub fn elsewhere(&self) -> Self {
        Self { client: client(Ipv4Addr::LOCALHOST), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> reqwest::Result<Reply> {
        let request = self.client.get(format!("{}/api/v1{path}", self.url)).header("Cookie", &self.cookie);
        reply(request.send().await?).await
    }

    /// Sends a write under a key; the same key sends the same wish again.
    pub async fn post(&self, path: &str, key: &str, body: &Value) -> reqwest::Result<Reply> {
        let request = self.client.post(format!("{}/api/v1{path}", self.url)).header("Cookie", &self.cookie);
        let request = request.header("Origin", &self.url).header("Idempotency-Key", key).json(body);
        reply(request.send().await?).await
    }
}

fn client(address: Ipv4Addr) -> reqwest::Client {
    // Tests of one process may do this twice; the first stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().timeout(Duration::from_secs(20)).local_address(IpAddr::V4(address));
    // As proxies do, it gives up an idle connection before the server cuts it, which is after 75 seconds: whoever writes at
    // that very moment is told of a reset, after which a browser would send again by itself.
    builder.pool_idle_timeout(Duration::from_secs(30)).build().unwrap()
}

async fn reply(response: reqwest::Response) -> reqwest::Result<Reply> {
    let status = response.status().as_u16();
    let text = response.text().await?;
    Ok(Reply { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
}
