//! Why a command ended badly, and the exit code that says so.

use std::fmt;
use std::process::ExitCode;

/// Why a command ended badly.
#[derive(Debug)]
pub enum Failure {
    /// The command was called wrongly.
    Usage(String),
    /// A check found something, or a program that was started failed.
    Findings(String),
    /// A tool or a file that cannot be done without is not here.
    Missing(String),
}

impl Failure {
    /// The exit code: 1 findings, 2 usage, 3 missing.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Failure::Findings(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Missing(_) => 3,
        })
    }

    /// Says that a file could not be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Failure::Missing(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(text) | Failure::Findings(text) | Failure::Missing(text) => out.write_str(text),
        }
    }
}
