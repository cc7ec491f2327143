//! Heavier proofs, each by one name.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Context;
use crate::failure::Failure;
use crate::process;
use crate::stages::Stages;
use crate::tools;

pub const HELP: &str = "
cargo xtask gate [NAME] [--rounds N]
cargo xtask gate --list

Runs one heavier proof, or without a name all of them in turn, and prints their figures last. --rounds runs a named one
with N rounds instead of its own number. Exits with 1 if a proof failed, after the others had their turn. PostgreSQL must
be there. Each takes at most three hours.
";

/// One heavier proof: a selection of tests, and the sizes they are run with.
pub struct Gate {
    pub name: &'static str,
    proves: &'static str,
    packages: &'static [&'static str],
    filter: Option<&'static str>,
    sizes: &'static [(&'static str, &'static str)],
}

pub const GATES: &[Gate] = &[
    Gate {
        name: "kills",
        proves: "200 times kill -9 under load, of the store and of the server, on each database: nothing acknowledged is lost",
        packages: &["zhupi-store", "zhupi"],
        filter: Some("kills"),
        sizes: &[("ZHUPI_KILLS", "200")],
    },
    Gate {
        name: "aborts",
        proves: "the process ends before and after every statement of an act, on each database: nothing is there by half",
        packages: &["zhupi-app"],
        filter: Some("loses_and_doubles_nothing"),
        sizes: &[("ZHUPI_ABORTS", "100000")],
    },
    Gate {
        name: "races",
        proves: "1,000 rounds of acts that race, in the store and over HTTP, on each database: one lawful order each",
        packages: &["zhupi-store", "zhupi"],
        filter: Some("races"),
        sizes: &[("ZHUPI_RACES", "1000")],
    },
    Gate {
        name: "properties",
        proves: "20,000 random cases for every property of the pure rooms",
        packages: &["zhupi-domain", "zhupi-engine", "zhupi-policies", "zhupi-forms", "zhupi-pack"],
        filter: None,
        sizes: &[("PROPTEST_CASES", "20000")],
    },
];

const LIMIT: Duration = Duration::from_secs(3 * 60 * 60);
/// Lines of a test's output that begin so are told once more when everything is done.
const FIGURE: &str = "figure: ";

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    List,
    All,
    One { gate: &'static str, rounds: Option<String> },
}

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    match wish(arguments)? {
        Wish::List => {
            list(context);
            Ok(())
        }
        Wish::All => prove_all(context, &GATES.iter().map(|gate| (gate, None)).collect::<Vec<_>>()),
        Wish::One { gate, rounds } => {
            let gates = GATES.iter().filter(|found| found.name == gate);
            prove_all(context, &gates.map(|gate| (gate, rounds.clone())).collect::<Vec<_>>())
        }
    }
}

fn wish(arguments: &[String]) -> Result<Wish, Failure> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (name, rounds) = match words.as_slice() {
        [] => return Ok(Wish::All),
        ["--list"] => return Ok(Wish::List),
        [name] => (*name, None),
        [name, "--rounds", rounds] => (*name, Some(*rounds)),
        _ => return Err(Failure::Usage("name one gate, or none for all: see cargo xtask gate --help".into())),
    };
    let gate = GATES.iter().find(|gate| gate.name == name).ok_or_else(|| {
        let names: Vec<&str> = GATES.iter().map(|gate| gate.name).collect();
        Failure::Usage(format!("there is no gate '{name}': {}", names.join(", ")))
    })?;
    match rounds.map(str::parse::<u32>) {
        Some(Err(_) | Ok(0)) => Err(Failure::Usage("--rounds wants a number above 0".into())),
        _ => Ok(Wish::One { gate: gate.name, rounds: rounds.map(str::to_owned) }),
    }
}

fn list(context: &Context) {
    for gate in GATES {
        context.console.say(&format!("  {:<11} {}", gate.name, gate.proves));
    }
}

/// Runs proofs in turn, also after one failed, and tells all figures at the end.
fn prove_all(context: &Context, gates: &[(&Gate, Option<String>)]) -> Result<(), Failure> {
    tools::postgres().map_err(Failure::Missing)?;
    let mut stages = Stages::new(context.console, gates.len());
    let mut figures = Vec::new();
    for (gate, rounds) in gates {
        let sizes = sizes(gate, rounds.as_deref());
        stages.attempt(&format!("{}: {}", gate.name, gate.proves), || {
            let told = prove(context, gate, &sizes)?;
            let size = sizes.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
            figures.push(format!("{}: proved with {size}", gate.name));
            figures.extend(told.into_iter().map(|figure| format!("  {figure}")));
            Ok("proved".into())
        });
    }
    let outcome = stages.finish();
    for figure in &figures {
        context.console.say(figure);
    }
    outcome
}

fn sizes(gate: &Gate, rounds: Option<&str>) -> Vec<(&'static str, String)> {
    gate.sizes.iter().map(|(name, value)| (*name, rounds.unwrap_or(value).to_owned())).collect()
}

/// Runs the tests of a proof, and answers the figures that they told.
fn prove(context: &Context, gate: &Gate, sizes: &[(&'static str, String)]) -> Result<Vec<String>, Failure> {
    let words = words(gate, tools::has_nextest());
    let mut command = process::program("cargo", &words, context.workspace.root());
    // CI=true: a proof on one database only would be half a proof.
    command.env("CI", "true").envs(sizes.iter().map(|(name, value)| (*name, value)));
    let figures = Arc::new(Mutex::new(Vec::new()));
    let (console, kept) = (context.console, figures.clone());
    process::watch_within(&mut command, LIMIT, move |line| {
        console.say(line);
        if let (Some(figure), Ok(mut kept)) = (line.strip_prefix(FIGURE), kept.lock()) {
            kept.push(figure.to_owned());
        }
    })?;
    let figures = figures.lock().map(|mut figures| std::mem::take(&mut *figures));
    Ok(figures.unwrap_or_default())
}

/// One test at a time, its output passed on as it comes.
fn words(gate: &Gate, nextest: bool) -> Vec<&'static str> {
    let runner: &[_] = if nextest { &["nextest", "run", "--profile", "gate", "--no-capture"] } else { &["test"] };
    let after: &[_] = if nextest { &[] } else { &["--", "--nocapture", "--test-threads=1"] };
    let packages = gate.packages.iter().flat_map(|package| ["--package", package]);
    runner.iter().copied().chain(packages).chain(gate.filter).chain(after.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_one_run_of_the_test_runner() {
        let gate = Gate { name: "x", proves: "y", packages: &["zhupi-store"], filter: Some("races"), sizes: &[] };
        let nextest = ["nextest", "run", "--profile", "gate", "--no-capture", "--package", "zhupi-store", "races"];
        assert_eq!(words(&gate, true), nextest);
        let plain = ["test", "--package", "zhupi-store", "races", "--", "--nocapture", "--test-threads=1"];
        assert_eq!(words(&gate, false), plain);
    }

    #[test]
    fn without_a_name_all_are_run() {
        let asked = |words: &[&str]| wish(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(asked(&[]).unwrap(), Wish::All);
        assert_eq!(asked(&["--list"]).unwrap(), Wish::List);
        assert_eq!(asked(&["races"]).unwrap(), Wish::One { gate: "races", rounds: None });
        let more = asked(&["races", "--rounds", "10000"]).unwrap();
        assert_eq!(more, Wish::One { gate: "races", rounds: Some("10000".into()) });
        for wrong in
            [&["nothing"][..], &["races", "--rounds", "many"], &["races", "--rounds", "0"], &["races", "kills"]]
        {
            assert!(matches!(asked(wrong), Err(Failure::Usage(_))), "{wrong:?}");
        }
    }

    #[test]
    fn a_number_of_rounds_replaces_the_gates_own() {
        let races = GATES.iter().find(|gate| gate.name == "races").unwrap();
        assert_eq!(sizes(races, None), [("ZHUPI_RACES", "1000".to_owned())]);
        assert_eq!(sizes(races, Some("7")), [("ZHUPI_RACES", "7".to_owned())]);
    }
}
