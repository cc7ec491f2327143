//! `cargo xtask`: everything a person does in this checkout, each by one command.
//!
//! Standard library only, so that it starts at once and builds on any machine that can build the rest.

mod console;
mod demo;
mod failure;
mod gate;
mod golden;
mod lint;
mod process;
mod stages;
mod stamp;
mod test;
mod tidy;
mod tools;
mod web;
mod workspace;

use std::process::ExitCode;

use console::Console;
use failure::Failure;
use workspace::Workspace;

/// One word after `cargo xtask`.
struct Command {
    name: &'static str,
    summary: &'static str,
    help: &'static str,
    run: fn(&Context, &[String]) -> Result<(), Failure>,
}

/// What every command is given.
struct Context {
    workspace: Workspace,
    console: Console,
}

const COMMANDS: &[Command] = &[
    Command { name: "demo", summary: "builds what changed and starts the demo", help: demo::HELP, run: demo::run },
    Command { name: "test", summary: "runs every test this machine can run", help: test::HELP, run: test::run },
    Command { name: "web", summary: "installs, checks, tests and builds the web app", help: web::HELP, run: web::run },
    Command { name: "lint", summary: "runs fmt, clippy and tidy", help: lint::HELP, run: lint::run },
    Command { name: "tidy", summary: "checks the rules of the house", help: tidy::HELP, run: tidy::run },
    Command {
        name: "golden",
        summary: "tells whether the golden cases are those they were copied from",
        help: golden::HELP,
        run: golden::run,
    },
    Command {
        name: "gate",
        summary: "runs the heavier proofs and prints their figures",
        help: gate::HELP,
        run: gate::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let console = Console::detect();
    match dispatch(&arguments, console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console.error(&failure);
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: &[String], console: Console) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        console.say(&overview());
        return Err(Failure::Usage("name a command".into()));
    };
    if is_help(name) || name == "help" {
        console.say(&overview());
        return Ok(());
    }
    let command = find(name)?;
    if rest.first().is_some_and(|word| is_help(word)) {
        console.say(&format!("cargo xtask {} — {}\n\n{}", command.name, command.summary, command.help.trim()));
        return Ok(());
    }
    (command.run)(&Context { workspace: Workspace::find()?, console }, rest)
}

fn find(name: &str) -> Result<&'static Command, Failure> {
    COMMANDS.iter().find(|command| command.name == name).ok_or_else(|| match name {
        "openapi" => Failure::Usage("openapi is not yet supported: the server answers /api/v1/openapi.json".into()),
        _ => Failure::Usage(format!("there is no command '{name}': see cargo xtask --help")),
    })
}

fn is_help(word: &str) -> bool {
    matches!(word, "--help" | "-h")
}

fn overview() -> String {
    let rows = COMMANDS.iter().map(|command| format!("  {:<6} {}", command.name, command.summary));
    format!(
        "cargo xtask COMMAND [ARGUMENTS]\n\n{}\n\ncargo xtask COMMAND --help tells more. Exit: 0 ok, 1 findings or a failure, \
         2 usage, 3 something is missing on this machine.",
        rows.collect::<Vec<_>>().join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_listed_and_has_help() {
        for command in COMMANDS {
            assert!(overview().contains(command.name));
            assert!(command.help.contains(&format!("cargo xtask {}", command.name)), "{} shows no usage", command.name);
        }
    }

    #[test]
    fn an_unknown_command_is_a_usage_error() {
        assert!(matches!(find("tets"), Err(Failure::Usage(_))));
        assert!(matches!(find("openapi"), Err(Failure::Usage(message)) if message.contains("not yet supported")));
    }
}
