//! Starting other programs: with their output passed on, captured, or in place of this one.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// A program of the checkout's tool chain: `cargo`, `npm`, …, started in `folder`.
pub fn program(name: &str, arguments: &[&str], folder: &Path) -> Command {
    let name = if name == "cargo" { std::env::var_os("CARGO").unwrap_or_else(|| name.into()) } else { name.into() };
    let mut command = Command::new(name);
    command.args(arguments).current_dir(folder);
    forget_cargo_run(&mut command);
    command
}

/// Runs to the end; anything but success is a failure that shows the command.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = shown(command);
    let status = command.status().map_err(|error| Failure::Missing(format!("cannot start {shown}: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failure::Findings(format!("{shown} failed ({status})"))) }
}

/// Runs to the end, handing every line of its standard output to `see`; or ends it politely after `limit` (SIGTERM, ten
/// seconds later SIGKILL).
pub fn watch_within(
    command: &mut Command,
    limit: Duration,
    mut see: impl FnMut(&str) + Send + 'static,
) -> Result<(), Failure> {
    let shown = shown(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| cannot(&shown, &error))?;
    let reader = child.stdout.take().map(|output| {
        std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                see(&String::from_utf8_lossy(&line));
            }
        })
    });
    let outcome = wait_within(&mut child, limit, &shown);
    // What a grandchild that lives on holds open is not waited for.
    if let (Some(reader), Ok(())) = (reader, &outcome) {
        let _ = reader.join();
    }
    outcome
}

fn wait_within(child: &mut Child, limit: Duration, shown: &str) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| cannot(shown, &error);
    let started = Instant::now();
    let mut asked_to_end = false;
    loop {
        if let Some(status) = child.try_wait().map_err(cannot)? {
            return match (asked_to_end, status.success()) {
                (true, _) => Err(Failure::Findings(format!("{shown} took longer than {} s", limit.as_secs()))),
                (false, true) => Ok(()),
                (false, false) => Err(Failure::Findings(format!("{shown} failed ({status})"))),
            };
        }
        if !asked_to_end && started.elapsed() > limit {
            asked_to_end = true;
            // The standard library can only kill; a test runner that is asked to end cleans up its children.
            let _ = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
        } else if asked_to_end && started.elapsed() > limit + Duration::from_secs(10) {
            child.kill().map_err(cannot)?;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn cannot(shown: &str, error: &std::io::Error) -> Failure {
    Failure::Missing(format!("cannot run {shown}: {error}"))
}

/// What a program prints on standard output, or nothing if it cannot be started or fails.
pub fn output(name: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Becomes the program: signals, terminal and exit code are then its own.
#[cfg(unix)]
pub fn replace_with(command: &mut Command) -> Failure {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Failure::Missing(format!("cannot start {}: {error}", shown(command)))
}

/// Runs the program to its end, where a process cannot be replaced.
#[cfg(not(unix))]
pub fn replace_with(command: &mut Command) -> Failure {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Failure::Missing(format!("cannot start {}: {error}", shown(command))),
    }
}

/// Takes away what `cargo run` told *this* program about itself.
///
/// Build scripts watch some of these variables: with them set, `cargo build` here and in a shell would each undo the
/// other's work and compile the TLS library anew every time.
fn forget_cargo_run(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_about_xtask(name)) {
        command.env_remove(name);
    }
}

fn is_about_xtask(variable: &OsString) -> bool {
    let name = variable.to_string_lossy();
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || name == "CARGO_PRIMARY_PACKAGE"
        || name == "OUT_DIR"
}

fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command() {
        let failure = run(&mut program("false", &["--really"], Path::new("."))).unwrap_err();
        assert!(failure.to_string().starts_with("false --really failed"), "{failure}");
        assert!(matches!(run(&mut program("no-such-program", &[], Path::new("."))), Err(Failure::Missing(_))));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let started = Instant::now();
        let outcome = watch_within(&mut program("sleep", &["30"], Path::new(".")), Duration::from_millis(100), |_| {});
        assert!(matches!(outcome, Err(Failure::Findings(_))));
        assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_program_is_watched_to_its_last_line() {
        let (sender, lines) = std::sync::mpsc::channel();
        let mut command = program("printf", &["one\\ntwo"], Path::new("."));
        watch_within(&mut command, Duration::from_secs(10), move |line| sender.send(line.to_owned()).unwrap()).unwrap();
        assert_eq!(lines.iter().collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn only_what_cargo_said_about_xtask_is_forgotten() {
        assert!(is_about_xtask(&"CARGO_MANIFEST_DIR".into()));
        assert!(is_about_xtask(&"CARGO_PKG_NAME".into()));
        assert!(!is_about_xtask(&"CARGO_HOME".into()));
        assert!(!is_about_xtask(&"CARGO_TARGET_DIR".into()));
        assert!(!is_about_xtask(&"PATH".into()));
    }

    #[test]
    fn the_words_a_program_prints_are_returned() {
        assert_eq!(output("echo", &["hello"]).as_deref(), Some("hello"));
        assert_eq!(output("no-such-program", &[]), None);
    }
}
