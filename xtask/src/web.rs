//! The web app: its packages, its checks, its build.

use std::fs;
use std::process::Command;
use std::time::SystemTime;

use crate::Context;
use crate::failure::Failure;
use crate::process;
use crate::stages::Stages;
use crate::stamp::Stamp;
use crate::tools;
use crate::workspace::Workspace;

pub const HELP: &str = "
cargo xtask web [install | check | lint | test | build | budget]…

Without words: all of them, in this order.
  install   npm ci, when package-lock.json is newer than what is installed
  check     types
  lint      oxlint
  test      unit tests
  build     web/dist, when a source changed
  budget    the size of what a browser loads for inbox and form
";

/// What can be done with the web app, in the order in which all is done.
const STEPS: &[&str] = &["install", "check", "lint", "test", "build", "budget"];

/// What the built app is made of. The built page is among them, so that a build by hand counts as a change.
const SOURCES: &[&str] = &[
    "web/src",
    "web/public",
    "web/index.html",
    "web/vite.config.ts",
    "web/tsconfig.json",
    "web/package.json",
    "web/package-lock.json",
    "forms/corpus",
    "web/dist/index.html",
];

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    let steps = chosen(arguments)?;
    tools::node().map_err(Failure::Missing)?;
    let mut stages = Stages::new(context.console, steps.len());
    for step in steps {
        let name = format!("Web: {step}");
        let work = || perform(&context.workspace, step);
        if step == "install" { stages.run(&name, work)? } else { stages.attempt(&name, work) }
    }
    stages.finish()
}

fn chosen(arguments: &[String]) -> Result<Vec<&'static str>, Failure> {
    if let Some(unknown) = arguments.iter().find(|word| !STEPS.contains(&word.as_str())) {
        return Err(Failure::Usage(format!("there is no step '{unknown}' of web: {}", STEPS.join(", "))));
    }
    Ok(STEPS.iter().copied().filter(|step| arguments.is_empty() || arguments.iter().any(|word| word == step)).collect())
}

/// Does one step and says in a word or two what was done.
pub fn perform(workspace: &Workspace, step: &str) -> Result<String, Failure> {
    match step {
        "install" => install(workspace),
        "build" => build(workspace),
        script => npm(workspace, &["run", "--silent", script]).map(|()| "passed".into()),
    }
}

/// Whether there is a built app, made here or brought along.
pub fn is_built(workspace: &Workspace) -> bool {
    workspace.path("web/dist/index.html").is_file()
}

fn install(workspace: &Workspace) -> Result<String, Failure> {
    if is_installed(workspace) {
        return Ok("up to date".into());
    }
    // No package of ours needs its install script; those of others are how supply chains are attacked.
    npm(workspace, &["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])?;
    Ok("installed".into())
}

/// npm writes its own record last; one that is younger than the lock file means that the lock is installed.
fn is_installed(workspace: &Workspace) -> bool {
    let time = |inside: &str| -> Option<SystemTime> { fs::metadata(workspace.path(inside)).ok()?.modified().ok() };
    match (time("web/node_modules/.package-lock.json"), time("web/package-lock.json")) {
        (Some(installed), Some(lock)) => installed >= lock,
        _ => false,
    }
}

fn build(workspace: &Workspace) -> Result<String, Failure> {
    let stamp = || Stamp::of(workspace, workspace.path("target/xtask/web-dist.stamp"), SOURCES, "");
    if is_built(workspace) && stamp()?.is_current() {
        return Ok("up to date".into());
    }
    npm(workspace, &["run", "--silent", "build", "--", "--logLevel", "warn"])?;
    stamp()?.write()?;
    Ok("built".into())
}

fn npm(workspace: &Workspace, arguments: &[&str]) -> Result<(), Failure> {
    process::run(&mut npm_command(workspace, arguments))
}

fn npm_command(workspace: &Workspace, arguments: &[&str]) -> Command {
    process::program("npm", arguments, &workspace.path("web"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn without_words_every_step_is_done_in_order() {
        assert_eq!(chosen(&[]).unwrap(), STEPS);
        assert_eq!(chosen(&words(&["budget", "check"])).unwrap(), ["check", "budget"]);
        assert!(matches!(chosen(&words(&["biuld"])), Err(Failure::Usage(_))));
    }

    #[test]
    fn every_step_is_a_script_of_the_web_app() {
        let scripts = Workspace::find().unwrap().text("web/package.json").unwrap();
        for step in STEPS.iter().filter(|step| **step != "install") {
            assert!(scripts.contains(&format!("\"{step}\": ")), "web/package.json has no script {step}");
        }
    }

    #[test]
    fn packages_are_installed_when_npms_record_is_not_older_than_the_lock() {
        let root = std::env::temp_dir().join(format!("xtask-web-{}", std::process::id()));
        fs::create_dir_all(root.join("web/node_modules")).unwrap();
        let workspace = Workspace::at(&root);
        assert!(!is_installed(&workspace));
        fs::write(root.join("web/package-lock.json"), "{}").unwrap();
        assert!(!is_installed(&workspace));
        let record = fs::File::create(root.join("web/node_modules/.package-lock.json")).unwrap();
        assert!(is_installed(&workspace));
        record.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(!is_installed(&workspace));
        fs::remove_dir_all(root).unwrap();
    }
}
