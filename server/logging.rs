//! The log: one event a line, for people or for machines, on standard error.

use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Begins to log. What is logged never holds forms, names or secrets.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter)
        .map_err(|error| anyhow::anyhow!("log.level: `{}` is not a level or filter: {error}", log.filter))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that nobody reads any more must not break what it tells about.
    let builder = builder.log_internal_errors(false);
    let started = if log.json {
        builder.json().flatten_event(true).try_init()
    } else {
        let colour = std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
        builder.with_target(false).with_ansi(colour).try_init()
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))?;
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(place = panic.location().map(ToString::to_string), "a panic: {panic}");
    }));
    Ok(())
}
