//! `zhupi test`.

use std::path::{Path, PathBuf};

use clap::Args;
use zhupi_pack::{cases, render};

use super::output::Output;
use super::packs::Files;
use super::{Exit, packs};
use crate::complaint::Complaint;

#[derive(Args)]
pub struct Test {
    /// Folder of the pack 配置包目录
    pack: PathBuf,
    /// Folder of cases besides the pack's own; may be repeated 另外的用例目录
    #[arg(long, value_name = "DIR")]
    cases: Vec<PathBuf>,
}

impl Test {
    pub fn run(self, output: &Output) -> anyhow::Result<Exit> {
        let folder = packs::read(&self.pack)?;
        let (release, checked) = match packs::release(&folder, output)? {
            Ok(release) => release,
            Err(exit) => return Ok(exit),
        };
        let mut more = Files::new();
        for folder in &self.cases {
            read_cases(folder, &mut more)?;
        }
        let report = cases::run(&release, &checked.seeds, &more);
        let files: Files = folder.files.into_iter().chain(more).collect();
        if output.is_json() {
            output.json(&render::report_json(&report, &files, output.locale()))?;
        } else {
            if !report.diagnostics.is_empty() {
                packs::show(&report.diagnostics, &files, output)?;
            }
            output.say(render::report(&report, &files, output.style()).trim_end());
        }
        Ok(if report.is_good() { Exit::Ok } else { Exit::Findings })
    }
}

/// Case files of a folder, by their path as it was given.
fn read_cases(folder: &Path, into: &mut Files) -> anyhow::Result<()> {
    let unreadable = |error| Complaint::about_file(folder, &error);
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = std::fs::read_to_string(&path).map_err(|error| Complaint::about_file(&path, &error))?;
            into.insert(path.display().to_string(), text);
        }
    }
    Ok(())
}
