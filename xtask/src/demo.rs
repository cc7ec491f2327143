//! From a fresh clone to the demo in one command.

use std::path::PathBuf;

use crate::Context;
use crate::failure::Failure;
use crate::process;
use crate::stages::Stages;
use crate::tools::{self, CC, GIT};
use crate::web;

pub const HELP: &str = "
cargo xtask demo [ARGUMENTS OF zhupi demo]…

Checks the tools, installs the web app's packages, builds the web app and the server, each only where something
changed, then becomes `zhupi demo`, which gets all further arguments:
  cargo xtask demo --listen 127.0.0.1:8081
  cargo xtask demo --fresh

Without Node the server is built all the same; it then answers the API and shows a page that says how to get the
web app.
";

pub fn run(context: &Context, arguments: &[String]) -> Result<(), Failure> {
    let mut stages = Stages::new(context.console, 5);
    let mut node = Err(String::new());
    stages.run("Tools", || {
        let compiler = CC.check().map_err(Failure::Missing)?;
        let git = GIT.check().map_or_else(|problem| problem, |version| format!("git {version}"));
        node = tools::node();
        Ok(format!("{}, cc {compiler}, {git}", node.as_deref().unwrap_or("no Node")))
    })?;
    match node {
        Ok(_) => {
            stages.run("Web packages", || web::perform(&context.workspace, "install"))?;
            stages.run("Web app", || web::perform(&context.workspace, "build"))?;
        }
        Err(problem) => without_node(context, &mut stages, &problem)?,
    }
    stages.run("Server", || {
        let mut build = process::program("cargo", &["build", "--bin", "zhupi"], context.workspace.root());
        process::run(&mut build).map(|()| "built".into())
    })?;
    start(context, &mut stages, arguments)
}

fn without_node(context: &Context, stages: &mut Stages, problem: &str) -> Result<(), Failure> {
    let built = web::is_built(&context.workspace);
    let outcome = if built { "the web app in web/dist is used as it is" } else { "skipped" };
    stages.run("Web packages", || Ok("skipped".into()))?;
    stages.run("Web app", || Ok(outcome.into()))?;
    context.console.note(problem);
    if !built {
        context.console.note("the server will run without its web app and say so in the browser (\"UI not built\")");
    }
    Ok(())
}

fn start(context: &Context, stages: &mut Stages, arguments: &[String]) -> Result<(), Failure> {
    let shown = std::iter::once("zhupi demo").chain(arguments.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    stages.announce(&shown);
    let mut demo = std::process::Command::new(binary()?);
    demo.arg("demo").args(arguments).current_dir(context.workspace.root());
    Err(process::replace_with(&mut demo))
}

/// The server that was just built: cargo puts it beside this program, wherever the target folder is.
fn binary() -> Result<PathBuf, Failure> {
    let this =
        std::env::current_exe().map_err(|error| Failure::Missing(format!("cannot tell where xtask is: {error}")))?;
    Ok(this.with_file_name(format!("zhupi{}", std::env::consts::EXE_SUFFIX)))
}
