//! Form, clippy and the rules of the house.

use crate::Context;
use crate::failure::Failure;
use crate::process;
use crate::stages::Stages;
use crate::tidy;

pub const HELP: &str = "
cargo xtask lint [fmt | clippy | tidy]…

Without words: all three. Changes nothing; `cargo fmt` mends the files that the first one names.
";

const STEPS: &[&str] = &["fmt", "clippy", "tidy"];

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    if let Some(unknown) = arguments.iter().find(|word| !STEPS.contains(&word.as_str())) {
        return Err(Failure::Usage(format!("there is no step '{unknown}' of lint: {}", STEPS.join(", "))));
    }
    let is_wanted = |step: &&str| arguments.is_empty() || arguments.iter().any(|word| word == step);
    let steps: Vec<&str> = STEPS.iter().copied().filter(is_wanted).collect();
    let mut stages = Stages::new(context.console, steps.len());
    for step in steps {
        stages.attempt(step, || perform(context, step));
    }
    stages.finish()
}

fn perform(context: &Context, step: &str) -> Result<String, Failure> {
    let words: &[&str] = match step {
        "fmt" => &["fmt", "--all", "--check", "--", "-l"],
        "clippy" => &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
        _ => return tidy::check_all(context, &[]),
    };
    process::run(&mut process::program("cargo", words, context.workspace.root())).map(|()| "clean".into())
}
