//! Every setting that there is: its name in `zhupi.toml`, its environment variable, its default.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in `zhupi.toml`; what stands before a dot is the section.
    pub key: &'static str,
    /// Never shown, and may be read from the file that the variable with `_FILE` names.
    pub secret: bool,
    pub default: Option<&'static str>,
    /// What it is for, for `zhupi doctor`.
    pub help: &'static str,
}

const fn setting(key: &'static str, default: Option<&'static str>, help: &'static str) -> Setting {
    Setting { key, secret: false, default, help }
}

const fn secret(key: &'static str, help: &'static str) -> Setting {
    Setting { key, secret: true, default: None, help }
}

pub const LISTEN: &str = "listen";
pub const DATA: &str = "data";
pub const DATABASE: &str = "database_url";
pub const PUBLIC_URL: &str = "public_url";
pub const SECURE: &str = "secure";
pub const TRUST_PROXY: &str = "trust_proxy";
pub const LOG_FORMAT: &str = "log.format";
pub const LOG_LEVEL: &str = "log.level";
pub const SMTP_HOST: &str = "smtp.host";
pub const SMTP_PORT: &str = "smtp.port";
pub const SMTP_TLS: &str = "smtp.tls";
pub const SMTP_FROM: &str = "smtp.from";
pub const SMTP_USER: &str = "smtp.user";
pub const SMTP_PASSWORD: &str = "smtp.password";
pub const METRICS_TOKEN: &str = "metrics.token";
pub const SERVER: &str = "server";
pub const TOKEN: &str = "token";

/// All settings, in the order in which they are shown.
pub const SETTINGS: &[Setting] = &[
    setting(LISTEN, Some("127.0.0.1:8080"), "address and port to listen on 监听地址"),
    setting(DATA, Some("zhupi-data"), "folder of the data, with SQLite 数据目录"),
    secret(DATABASE, "PostgreSQL, instead of SQLite in the folder 数据库地址"),
    setting(PUBLIC_URL, None, "address that people open, for links 对外访问地址"),
    setting(SECURE, None, "cookies only over https; yes by itself with an https public_url 仅 https 传 cookie"),
    setting(TRUST_PROXY, Some("false"), "believe X-Forwarded-For of the proxy in front 信任反向代理"),
    setting(LOG_FORMAT, Some("human"), "human or json 日志格式"),
    setting(LOG_LEVEL, Some("info"), "error, warn, info, debug, or a filter such as info,zhupi=debug 日志级别"),
    setting(SMTP_HOST, None, "mail server for notices; none: nothing is sent 邮件服务器"),
    setting(SMTP_PORT, None, "465 for tls, 587 for starttls, 25 for none 邮件端口"),
    setting(SMTP_TLS, Some("tls"), "tls, starttls or none 邮件加密方式"),
    setting(SMTP_FROM, None, "sender of notices 发件人"),
    setting(SMTP_USER, None, "user at the mail server 邮件账号"),
    secret(SMTP_PASSWORD, "password at the mail server 邮件密码"),
    secret(METRICS_TOKEN, "bearer token for /metrics from elsewhere 指标令牌"),
    setting(SERVER, None, "running server that deploy, import and user speak to 远程服务器"),
    secret(TOKEN, "token for that server, from `zhupi user token` 远程令牌"),
];

impl Setting {
    /// Its environment variable: `smtp.host` is `ZHUPI_SMTP__HOST`.
    pub fn variable(&self) -> String {
        format!("ZHUPI_{}", self.key.replace('.', "__").to_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_follow_from_keys() {
        let variables: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
        assert!(variables.contains(&"ZHUPI_DATABASE_URL".to_owned()));
        assert!(variables.contains(&"ZHUPI_SMTP__PASSWORD".to_owned()));
        assert!(variables.contains(&"ZHUPI_TOKEN".to_owned()));
    }
}
