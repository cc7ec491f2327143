//! `zhupi bench` runs on both databases and tells every figure. How fast anything was is not looked at.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

#[path = "../store/tests/support/postgres.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
#[allow(clippy::print_stdout, reason = "what was skipped is said")]
mod postgres;

/// Measures as little as there can be; answers what it printed.
fn measured(arguments: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhupi"));
    command.current_dir(folder.path()).env("TMPDIR", folder.path()).env_remove("ZHUPI_DATABASE_URL");
    command.args(["bench", "actions", "--seconds", "0.05", "--rounds", "1", "--instances", "4100", "--format", "json"]);
    let output = command.args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // 1 says that a gate was missed, as in any development build.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The figures of the only database that was measured; each must have been measured.
fn figures(measured: &Value) -> BTreeSet<String> {
    assert_eq!(measured["databases"].as_array().unwrap().len(), 1);
    let figures = measured["databases"][0]["figures"].as_array().unwrap();
    let told = figures.iter().filter(|figure| figure["ours"]["median"].as_f64().unwrap() > 0.0);
    told.map(|figure| figure["figure"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn approvals_are_measured_on_sqlite() {
    let figures = figures(&measured(&["--sqlite"]));
    for key in ["batch", "slow", "alone-p50", "alone-p99", "engine", "http"] {
        assert!(figures.contains(key), "{key} is missing: {figures:?}");
    }
}

#[test]
fn approvals_are_measured_on_postgres() {
    let Some(url) = postgres::database() else { return };
    let figures = figures(&measured(&["--database", &url]));
    for key in ["port", "grouped", "batch", "alone-p50", "alone-p99", "engine", "http"] {
        assert!(figures.contains(key), "{key} is missing: {figures:?}");
    }
}
