//! The configuration: what was given, checked and typed.

mod layers;
mod settings;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use zhupi_domain::Text;

pub use layers::{ConfigError, Source, Values};
use settings::*;
pub use settings::{DATA, DATABASE, LISTEN, LOG_LEVEL, SECURE, SERVER, SETTINGS, Setting};

/// What the server is told by its flags, its environment and its file.
#[derive(Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub database: zhupi_store::Config,
    /// Where people reach it; without a slash at the end.
    pub public_url: String,
    /// Cookies travel over https only.
    pub secure: bool,
    pub trust_proxy: bool,
    pub log: Log,
    pub mail: Option<Smtp>,
    pub metrics_token: Option<String>,
    /// The server that console commands speak to, and the token for it.
    pub remote: Option<Remote>,
    /// Everything as it was given, with where it came from.
    pub values: Values,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub json: bool,
    pub filter: String,
}

/// How a mail server is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub from: String,
    pub credentials: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Encrypted from the first byte.
    Tls,
    StartTls,
    None,
}

/// A running server.
#[derive(Clone, PartialEq, Eq)]
pub struct Remote {
    pub url: String,
    pub token: String,
}

/// What the command line says about settings.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub flags: BTreeMap<&'static str, String>,
    /// The file named by `--config`; else `zhupi.toml` in this folder, if it is there.
    pub file: Option<PathBuf>,
}

const DEFAULT_FILE: &str = "zhupi.toml";

impl Config {
    /// Reads the configuration of this process.
    pub fn read(given: &Given) -> Result<Self, ConfigError> {
        let default = PathBuf::from(DEFAULT_FILE);
        let file = given.file.clone().or_else(|| default.is_file().then_some(default));
        let environment = |name: &str| std::env::var(name).ok();
        Self::of(layers::resolve(&given.flags, &environment, file.as_deref())?)
    }

    /// Says where the server listens in the end. Port 0 means any that is free, and links must name the one that it became.
    pub fn bound_to(&mut self, address: SocketAddr) {
        self.public_url = self.public_url.replace(&self.listen.to_string(), &address.to_string());
        self.listen = address;
    }

    fn of(values: Values) -> Result<Self, ConfigError> {
        let read = Reader(&values);
        let listen: SocketAddr = read.parsed(
            LISTEN,
            "不是带端口的地址，例如 127.0.0.1:8080",
            "is not an address with a port, such as 127.0.0.1:8080",
        )?;
        let public_url = match read.text(PUBLIC_URL) {
            Some(url) => read.url(PUBLIC_URL, &url)?,
            None => format!("http://{listen}"),
        };
        let secure = match read.text(SECURE) {
            Some(_) => read.truth(SECURE)?,
            None => public_url.starts_with("https://"),
        };
        let log = Log {
            json: read.choice(LOG_FORMAT, &[("human", false), ("json", true)])?,
            filter: read.text(LOG_LEVEL).unwrap_or_default(),
        };
        Ok(Self {
            listen,
            database: read.database(),
            public_url,
            secure,
            trust_proxy: read.truth(TRUST_PROXY)?,
            log,
            mail: read.smtp()?,
            metrics_token: read.text(METRICS_TOKEN),
            remote: read.remote()?,
            values,
        })
    }
}

/// Reads typed values out of the texts that were given.
struct Reader<'a>(&'a Values);

impl Reader<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).map(|found| found.value.clone())
    }

    /// What is wrong with the text that was given.
    fn bad(&self, key: &'static str, zh: impl Display, en: impl Display) -> ConfigError {
        let text = self.text(key).unwrap_or_default();
        let found_in = self.0.get(key).map_or(Source::Default, |found| found.source.clone());
        ConfigError::BadValue { key, found_in, message: Text::new(format!("`{text}` {zh}"), format!("`{text}` {en}")) }
    }

    fn parsed<T: FromStr>(&self, key: &'static str, zh: &str, en: &str) -> Result<T, ConfigError> {
        let text = self.text(key).unwrap_or_default();
        text.parse().map_err(|_| self.bad(key, zh, en))
    }

    fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let text = self.text(key).unwrap_or_default();
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let words = |or| choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(or);
        found.ok_or_else(|| {
            self.bad(key, format!("不能用，只能是 {}", words("、")), format!("is not {}", words(" or ")))
        })
    }

    fn truth(&self, key: &'static str) -> Result<bool, ConfigError> {
        self.choice(key, &[("true", true), ("false", false)])
    }

    fn url(&self, key: &'static str, text: &str) -> Result<String, ConfigError> {
        let web = text.starts_with("http://") || text.starts_with("https://");
        let plain = !text.contains(char::is_whitespace) && !text.contains(['?', '#']);
        if web && plain {
            Ok(text.trim_end_matches('/').to_owned())
        } else {
            Err(self.bad(key, "不是 http 或 https 地址", "is not an http or https address"))
        }
    }

    fn database(&self) -> zhupi_store::Config {
        match self.text(DATABASE) {
            Some(url) => zhupi_store::Config::postgres(url),
            None => zhupi_store::Config::sqlite(self.text(DATA).unwrap_or_default()),
        }
    }

    fn smtp(&self) -> Result<Option<Smtp>, ConfigError> {
        let Some(host) = self.text(SMTP_HOST) else { return Ok(None) };
        let tls =
            self.choice(SMTP_TLS, &[("tls", SmtpTls::Tls), ("starttls", SmtpTls::StartTls), ("none", SmtpTls::None)])?;
        let port = match (self.text(SMTP_PORT), tls) {
            (Some(_), _) => self.parsed(SMTP_PORT, "不是端口号", "is not a port")?,
            (None, SmtpTls::Tls) => 465,
            (None, SmtpTls::StartTls) => 587,
            (None, SmtpTls::None) => 25,
        };
        let missing = |key, zh: &str, en: &str| ConfigError::Missing { key, message: Text::new(zh, en) };
        let from = self.text(SMTP_FROM).ok_or_else(|| missing(SMTP_FROM, "邮件须有发件人", "notices need a sender"))?;
        let credentials = match (self.text(SMTP_USER), self.text(SMTP_PASSWORD)) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(_), None) => return Err(missing(SMTP_PASSWORD, "已给出 smtp.user", "smtp.user is given")),
            (None, Some(_)) => return Err(missing(SMTP_USER, "已给出 smtp.password", "smtp.password is given")),
        };
        Ok(Some(Smtp { host, port, tls, from, credentials }))
    }

    fn remote(&self) -> Result<Option<Remote>, ConfigError> {
        let Some(url) = self.text(SERVER) else { return Ok(None) };
        let token = self.text(TOKEN).ok_or_else(|| ConfigError::Missing {
            key: TOKEN,
            message: Text::new(
                "已指定服务器；请在那台机器上用 zhupi user token 生成令牌，并设置 ZHUPI_TOKEN",
                "a server is named; make a token there with `zhupi user token`, and set ZHUPI_TOKEN",
            ),
        })?;
        Ok(Some(Remote { url: self.url(SERVER, &url)?, token }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(given: &[(&'static str, &str)]) -> Result<Config, String> {
        let flags = given.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        let values = layers::resolve(&flags, &|_| None, None).map_err(|error| error.to_string())?;
        Config::of(values).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_given_means_loopback_and_sqlite_here() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert!(matches!(config.database, zhupi_store::Config::Sqlite { dir, .. } if dir.as_os_str() == "zhupi-data"));
        assert!(!config.secure && config.mail.is_none() && config.remote.is_none());
    }

    #[test]
    fn an_https_address_makes_cookies_secure() {
        assert!(config(&[(PUBLIC_URL, "https://oa.example.com/")]).unwrap().secure);
        let overruled = config(&[(PUBLIC_URL, "https://oa.example.com"), (SECURE, "false")]).unwrap();
        assert!(!overruled.secure);
        assert_eq!(overruled.public_url, "https://oa.example.com");
    }

    #[test]
    fn mail_is_whole_or_refused() {
        let error = config(&[(SMTP_HOST, "mail.example.com")]).err().unwrap();
        assert_eq!(error, "smtp.from is needed: notices need a sender");
        let given = [(SMTP_HOST, "mail.example.com"), (SMTP_FROM, "oa@example.com"), (SMTP_TLS, "starttls")];
        assert_eq!(config(&given).unwrap().mail.unwrap().port, 587);
        let half = [given[0], given[1], (SMTP_USER, "oa")];
        assert!(config(&half).err().unwrap().starts_with("smtp.password is needed"));
    }

    #[test]
    fn a_bad_value_is_named_with_its_place() {
        assert_eq!(
            config(&[(LISTEN, "8080")]).err().unwrap(),
            "listen (flag): `8080` is not an address with a port, such as 127.0.0.1:8080"
        );
        assert_eq!(config(&[(LOG_FORMAT, "xml")]).err().unwrap(), "log.format (flag): `xml` is not human or json");
        assert!(config(&[(SERVER, "http://oa")]).err().unwrap().contains("zhupi user token"));
    }
}
