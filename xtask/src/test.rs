//! Every test that this machine can run, and a word about those it cannot.

use crate::Context;
use crate::failure::Failure;
use crate::process;
use crate::stages::Stages;
use crate::tools;
use crate::web;

pub const HELP: &str = "
cargo xtask test [ARGUMENTS OF THE TEST RUNNER]…

Runs the web app's unit tests, builds it for the browser tests, then runs every Rust test: with cargo-nextest if it is
installed, else with cargo test. Further arguments go to that runner: cargo xtask test some_name.

Tests of PostgreSQL, of the browser and of the web app are skipped, and named, where PostgreSQL, Chromium or Node is
missing. With CI=true a missing one is a failure.
";

/// What must be on the machine for all tests to run.
struct Machine {
    node: Result<String, String>,
    postgres: Result<(), String>,
    chromium: Result<(), String>,
    nextest: bool,
}

impl Machine {
    fn look() -> Self {
        Machine {
            node: tools::node(),
            postgres: tools::postgres(),
            chromium: tools::chromium(),
            nextest: tools::has_nextest(),
        }
    }

    /// One line for each kind of test that cannot run here, with the reason.
    fn skipped(&self) -> Vec<String> {
        let line = |tests: &str, reason: Option<&String>| reason.map(|reason| format!("{tests}: {reason}"));
        [
            line("web and browser tests", self.node.as_ref().err()),
            line("browser tests", self.chromium.as_ref().err()),
            line("PostgreSQL tests", self.postgres.as_ref().err()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    let machine = Machine::look();
    let skipped = machine.skipped();
    if must_run_all() && !skipped.is_empty() {
        return Err(Failure::Missing(format!("CI=true, and these tests cannot run:\n  {}", skipped.join("\n  "))));
    }
    let outcome = stages(context, &machine, arguments);
    report_skipped(context, &skipped);
    outcome
}

fn must_run_all() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// Runs all stages, also after one failed.
fn stages(context: &Context, machine: &Machine, arguments: &[String]) -> Result<(), Failure> {
    let web: &[_] = if machine.node.is_ok() { WEB_STAGES } else { &[] };
    let rust = rust_stages(machine.nextest, arguments);
    let mut stages = Stages::new(context.console, web.len() + rust.len());
    for (name, step) in web {
        stages.attempt(name, || web::perform(&context.workspace, step));
    }
    for (name, words) in &rust {
        stages.attempt(name, || cargo(context, words));
    }
    stages.finish()
}

const WEB_STAGES: &[(&str, &str)] = &[("Web packages", "install"), ("Web unit tests", "test"), ("Web app", "build")];

/// nextest leaves out the examples in documentation, which cargo test runs with the rest.
fn rust_stages(nextest: bool, arguments: &[String]) -> Vec<(&'static str, Vec<&str>)> {
    let with_arguments =
        |words: &[&'static str]| words.iter().copied().chain(arguments.iter().map(String::as_str)).collect();
    if !nextest {
        return vec![("Rust tests", with_arguments(&["test", "--workspace", "--no-fail-fast"]))];
    }
    vec![
        ("Examples in documentation", vec!["test", "--workspace", "--doc", "--quiet"]),
        ("Rust tests", with_arguments(&["nextest", "run", "--workspace", "--no-fail-fast"])),
    ]
}

fn cargo(context: &Context, words: &[&str]) -> Result<String, Failure> {
    process::run(&mut process::program("cargo", words, context.workspace.root())).map(|()| "passed".into())
}

fn report_skipped(context: &Context, skipped: &[String]) {
    for line in skipped {
        context.console.note(&format!("skipped {line}"));
    }
    if skipped.is_empty() {
        context.console.say("Nothing was skipped: PostgreSQL, Chromium and Node are here.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_run_is_named_with_its_package() {
        let machine = Machine {
            node: Ok("node 20".into()),
            postgres: Err("initdb is missing: install Debian package postgresql".into()),
            chromium: Ok(()),
            nextest: false,
        };
        assert_eq!(machine.skipped(), ["PostgreSQL tests: initdb is missing: install Debian package postgresql"]);
    }

    #[test]
    fn both_runners_run_every_test_and_the_examples_in_documentation() {
        let arguments = ["some_name".to_owned()];
        let nextest = rust_stages(true, &arguments);
        assert_eq!(nextest[0].1, ["test", "--workspace", "--doc", "--quiet"]);
        assert_eq!(nextest[1].1, ["nextest", "run", "--workspace", "--no-fail-fast", "some_name"]);
        assert_eq!(rust_stages(false, &[]), [("Rust tests", vec!["test", "--workspace", "--no-fail-fast"])]);
    }
}
