//! The log: one event a line, for people or for machines, on standard error.

use tracing_subscriber::EnvFilter;

use crate::complaint::Complaint;
use crate::config::{LOG_LEVEL, Log};

/// Begins to log. What is logged never holds forms, names or secrets.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| bad_filter(&log.filter).detail(error))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that nobody reads any more must not break what it tells about.
    let builder = builder.log_internal_errors(false);
    let started = if log.json {
        builder.json().flatten_event(true).try_init()
    } else {
        let colour = std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
        builder.with_target(false).with_ansi(colour).try_init()
    };
    started.map_err(|error| Complaint::new("日志无法启动", "the log cannot be started").detail(error))?;
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(place = panic.location().map(ToString::to_string), "a panic: {panic}");
    }));
    Ok(())
}

fn bad_filter(filter: &str) -> Complaint {
    Complaint::new(
        format!("设置 {LOG_LEVEL}：`{filter}` 不是日志级别"),
        format!("setting {LOG_LEVEL}: `{filter}` is not a level or filter"),
    )
    .hint(
        "可用 error、warn、info、debug，或 info,zhupi=debug 这样的组合",
        "error, warn, info, debug, or a filter such as info,zhupi=debug",
    )
}
