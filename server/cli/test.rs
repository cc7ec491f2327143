//! `zhupi test`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use zhupi_domain::{Locale, Text};
use zhupi_pack::cases::{CaseResult, Report, Status};
use zhupi_pack::{Pack, cases};

use super::output::Output;
use super::packs::Files;
use super::{Exit, packs};

#[derive(Args)]
pub struct Test {
    /// Folder of the pack 配置包目录
    pack: PathBuf,
    /// Folder of cases besides the pack's own 另外的用例目录
    #[arg(long, value_name = "DIR")]
    cases: Vec<PathBuf>,
}

impl Test {
    pub fn run(self, output: &Output) -> anyhow::Result<Exit> {
        let files = packs::read(&self.pack)?;
        let checked = Pack::read(&files);
        let Some(release) = checked.release else {
            packs::show(&checked.diagnostics, &files, output);
            output.complain(&packs::summary(&checked.diagnostics, output));
            return Ok(Exit::Findings);
        };
        let mut more = Files::new();
        for folder in &self.cases {
            read_cases(folder, &mut more)?;
        }
        let report = cases::run(&release, &checked.seeds, &more);
        if output.is_json() {
            output.json(&report)?;
        } else {
            let sources = files.into_iter().chain(more).collect();
            show(&report, &sources, output);
        }
        Ok(if report.is_good() { Exit::Ok } else { Exit::Findings })
    }
}

/// Case files of a folder, by their path as it was given.
fn read_cases(folder: &Path, into: &mut Files) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("read {}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            into.insert(path.display().to_string(), text);
        }
    }
    Ok(())
}

fn show(report: &Report, sources: &Files, output: &Output) {
    packs::show(&report.diagnostics, sources, output);
    for case in report.cases.iter().filter(|case| case.status == Status::Failed) {
        show_failed(case, output);
    }
    let skipped: Vec<&CaseResult> = report.cases.iter().filter(|case| case.status == Status::Skipped).collect();
    for case in &skipped {
        let reason = case.reason.as_ref().map_or("", |reason| output.text(reason));
        output.say(&format!("- {} {reason}", case.id));
    }
    let summary = report.summary;
    output.say(&match output.locale() {
        Locale::Zh => format!("通过 {}，失败 {}，跳过 {}", summary.passed, summary.failed, summary.skipped),
        Locale::En => format!("{} passed, {} failed, {} skipped", summary.passed, summary.failed, summary.skipped),
    });
}

fn show_failed(case: &CaseResult, output: &Output) {
    let none = Text::same("");
    output.say(&format!("✗ {} [{}] {}", case.id, case.row, output.text(case.reason.as_ref().unwrap_or(&none))));
    if !case.expected.is_null() || !case.actual.is_null() {
        output.say(&format!("    {} {}", output.pick("应为", "expected"), case.expected));
        output.say(&format!("    {} {}", output.pick("实际", "actual  "), case.actual));
    }
}
