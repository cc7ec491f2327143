//! Where a setting's value comes from: flags before the environment before `zhupi.toml` before defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use zhupi_domain::nearest::nearest;
use zhupi_domain::{Locale, Span, Text};

use super::settings::{SETTINGS, Setting};
use crate::complaint::Complaint;

/// Where a value was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag,
    Variable(String),
    /// The file that an `_FILE` variable names.
    SecretFile(PathBuf),
    File(PathBuf),
    Default,
}

/// A setting with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub value: String,
    pub source: Source,
}

/// What the configuration cannot be read for.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{}: {source}", .path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{}:{line}:{column}: {message}", .path.display())]
    NotToml { path: PathBuf, line: usize, column: usize, message: String },
    #[error("{}: there is no setting `{key}`", .path.display())]
    Unknown { path: PathBuf, key: String, nearest: Option<&'static str> },
    #[error("{key} ({found_in}): {}", .message.get(Locale::En))]
    BadValue { key: &'static str, found_in: Source, message: Text },
    #[error("{key} is needed: {}", .message.get(Locale::En))]
    Missing { key: &'static str, message: Text },
}

impl ConfigError {
    /// The same for who runs the command.
    pub fn complaint(&self) -> Complaint {
        match self {
            Self::Unreadable { path, source } => Complaint::about_file(path, source),
            Self::NotToml { path, line, column, message } => {
                let place = format!("{}:{line}:{column}", path.display());
                Complaint::new(format!("{place}：不是正确的 TOML（{message}）"), format!("{place}: {message}"))
                    .hint("每行写成：名称 = \"值\"", "a line looks like: name = \"value\"")
            }
            Self::Unknown { path, key, nearest } => unknown(&path.display().to_string(), key, *nearest),
            Self::BadValue { key, found_in, message } => {
                let (source, en) = (found_in.text(), message.get(Locale::En));
                Complaint::new(
                    format!("设置 {key}（{}）：{}", source.zh, message.zh),
                    format!("setting {key} ({}): {en}", source.get(Locale::En)),
                )
            }
            Self::Missing { key, message } => {
                let en = message.get(Locale::En);
                Complaint::new(format!("缺少设置 {key}：{}", message.zh), format!("setting {key} is needed: {en}"))
            }
        }
    }
}

fn unknown(path: &str, key: &str, nearest: Option<&str>) -> Complaint {
    let complaint =
        Complaint::new(format!("{path}：没有名为 `{key}` 的设置"), format!("{path}: there is no setting `{key}`"));
    match nearest {
        Some(near) => complaint.hint(format!("是不是 `{near}`？"), format!("did you mean `{near}`?")),
        None => complaint.hint("zhupi doctor 会列出所有设置", "`zhupi doctor` lists all settings"),
    }
}

/// All values that were given, by key.
pub type Values = BTreeMap<&'static str, Found>;

/// Lays flags over the environment over a file over defaults.
pub fn resolve(
    flags: &BTreeMap<&'static str, String>,
    environment: &dyn Fn(&str) -> Option<String>,
    file: Option<&Path>,
) -> Result<Values, ConfigError> {
    let written = match file {
        Some(path) => read_file(path)?,
        None => BTreeMap::new(),
    };
    let mut values = Values::new();
    for setting in SETTINGS {
        let found = match flags.get(setting.key) {
            Some(value) => Some(Found { value: value.clone(), source: Source::Flag }),
            None => from_environment(setting, environment)?
                .or_else(|| written.get(setting.key).cloned())
                .or_else(|| default(setting)),
        };
        if let Some(found) = found {
            values.insert(setting.key, found);
        }
    }
    Ok(values)
}

fn from_environment(
    setting: &Setting,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Found>, ConfigError> {
    let variable = setting.variable();
    if let Some(value) = environment(&variable).filter(|value| !value.is_empty()) {
        return Ok(Some(Found { value, source: Source::Variable(variable) }));
    }
    let Some(path) = environment(&format!("{variable}_FILE")).filter(|path| setting.secret && !path.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    let text = std::fs::read_to_string(&path);
    let value = text.map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
    Ok(Some(Found { value: value.trim_end_matches(['\r', '\n']).to_owned(), source: Source::SecretFile(path) }))
}

fn default(setting: &Setting) -> Option<Found> {
    setting.default.map(|value| Found { value: value.to_owned(), source: Source::Default })
}

/// Reads `zhupi.toml`; a key that there is none of is an error with the nearest one that there is.
fn read_file(path: &Path) -> Result<BTreeMap<&'static str, Found>, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let (line, column) = Span::new(start, start).line_column(&text);
        ConfigError::NotToml { path: path.to_owned(), line, column, message: error.message().to_owned() }
    })?;
    let mut found = BTreeMap::new();
    for (key, value) in flatten(table) {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
            let nearest = nearest(&key, SETTINGS.iter().map(|setting| setting.key));
            return Err(ConfigError::Unknown { path: path.to_owned(), key, nearest });
        };
        found.insert(setting.key, Found { value, source: Source::File(path.to_owned()) });
    }
    Ok(found)
}

/// `[smtp] host = …` becomes `smtp.host`. Numbers and truth values become text and are read again by who needs them.
fn flatten(table: toml::Table) -> Vec<(String, String)> {
    let mut flat = Vec::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(section) => {
                flat.extend(flatten(section).into_iter().map(|(inner, value)| (format!("{key}.{inner}"), value)));
            }
            toml::Value::String(text) => flat.push((key, text)),
            toml::Value::Integer(number) => flat.push((key, number.to_string())),
            toml::Value::Boolean(truth) => flat.push((key, truth.to_string())),
            // No setting has such a value: who reads it says what it must be.
            other => flat.push((key, format!("{other:?}"))),
        }
    }
    flat
}

impl Source {
    /// Where a value was found, as people read it.
    pub fn text(&self) -> Text {
        match self {
            Self::Flag => Text::new("命令行", "flag"),
            Self::Variable(name) => Text::same(name),
            Self::SecretFile(path) | Self::File(path) => Text::same(path.display().to_string()),
            Self::Default => Text::new("默认值", "default"),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().get(Locale::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings::{DATABASE, LISTEN, LOG_LEVEL, SMTP_PORT};

    fn no_environment(_: &str) -> Option<String> {
        None
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn the_nearer_layer_wins() {
        let written = file("listen = \"0.0.0.0:1\"\n[smtp]\nport = 25\n[log]\nlevel = \"warn\"\n");
        let environment = |name: &str| match name {
            "ZHUPI_LISTEN" => Some("0.0.0.0:2".to_owned()),
            "ZHUPI_LOG__LEVEL" => Some("debug".to_owned()),
            _ => None,
        };
        let flags = BTreeMap::from([(LISTEN, "0.0.0.0:3".to_owned())]);
        let values = resolve(&flags, &environment, Some(written.path())).unwrap();
        assert_eq!(values[LISTEN], Found { value: "0.0.0.0:3".into(), source: Source::Flag });
        assert_eq!(values[LOG_LEVEL].source, Source::Variable("ZHUPI_LOG__LEVEL".into()));
        assert_eq!((values[SMTP_PORT].value.as_str(), &values["data"].source), ("25", &Source::Default));
        assert!(!values.contains_key(DATABASE));
    }

    #[test]
    fn a_secret_may_come_from_a_file_of_its_own() {
        let written = file("postgres://secret\n");
        let path = written.path().display().to_string();
        let environment =
            |name: &str| (name == "ZHUPI_DATABASE_URL_FILE" || name == "ZHUPI_LISTEN_FILE").then(|| path.clone());
        let values = resolve(&BTreeMap::new(), &environment, None).unwrap();
        assert_eq!(values[DATABASE].value, "postgres://secret");
        assert_eq!(values[LISTEN].source, Source::Default, "only secrets");
    }

    #[test]
    fn a_misspelt_setting_is_named_with_the_nearest() {
        let written = file("[smtp]\nhots = \"mail\"\n");
        let error = resolve(&BTreeMap::new(), &no_environment, Some(written.path())).unwrap_err();
        let complaint = error.complaint();
        assert!(complaint.message.zh.ends_with("没有名为 `smtp.hots` 的设置"), "{complaint}");
        assert_eq!(complaint.hint, Some(Text::new("是不是 `smtp.host`？", "did you mean `smtp.host`?")));
    }

    #[test]
    fn a_file_that_is_no_toml_is_told_with_its_place() {
        let written = file("listen = \"x\"\nlog level\n");
        let complaint = resolve(&BTreeMap::new(), &no_environment, Some(written.path())).unwrap_err().complaint();
        assert!(complaint.message.zh.contains(":2:5：不是正确的 TOML"), "{}", complaint.message.zh);
    }
}
