//! Heavier proofs, each by one name.

use std::time::Duration;

use crate::Context;
use crate::failure::Failure;
use crate::process;
use crate::stages::Stages;
use crate::tools;

pub const HELP: &str = "
cargo xtask gate [NAME]

Runs one heavier proof and prints its figures; without a name it lists them. PostgreSQL must be there. At most
60 minutes.
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
        name: "races",
        proves: "1,000 rounds of writers and callers that race, on each database: one winner, nothing lost",
        packages: &["zhupi-store"],
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

const LIMIT: Duration = Duration::from_secs(60 * 60);

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    let [name] = arguments else {
        list(context);
        return if arguments.is_empty() { Ok(()) } else { Err(Failure::Usage("name one gate".into())) };
    };
    let gate = GATES.iter().find(|gate| gate.name == name).ok_or_else(|| {
        let names: Vec<&str> = GATES.iter().map(|gate| gate.name).collect();
        Failure::Usage(format!("there is no gate '{name}': {}", names.join(", ")))
    })?;
    let mut stages = Stages::new(context.console, 1);
    stages.run(&format!("{}: {}", gate.name, gate.proves), || prove(context, gate))?;
    stages.finish()
}

fn list(context: &Context) {
    for gate in GATES {
        context.console.say(&format!("  {:<11} {}", gate.name, gate.proves));
    }
}

fn prove(context: &Context, gate: &Gate) -> Result<String, Failure> {
    tools::postgres().map_err(Failure::Missing)?;
    let words = words(gate, tools::has_nextest());
    let mut command = process::program("cargo", &words, context.workspace.root());
    // CI=true: a proof on one database only would be half a proof.
    command.env("CI", "true").envs(gate.sizes.iter().copied());
    process::run_within(&mut command, LIMIT).map(|()| "proved".into())
}

/// One test at a time, its figures printed as they come.
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
        let races = &GATES[1];
        let nextest = ["nextest", "run", "--profile", "gate", "--no-capture", "--package", "zhupi-store", "races"];
        assert_eq!(words(races, true), nextest);
        let plain = ["test", "--package", "zhupi-store", "races", "--", "--nocapture", "--test-threads=1"];
        assert_eq!(words(races, false), plain);
    }
}
