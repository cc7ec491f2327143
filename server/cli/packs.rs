//! Packs on the disk, and what is found wrong with them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use zhupi_app::Placed;
use zhupi_domain::{Diagnostic, Severity};
use zhupi_pack::{Checked, Folder, Pack, Release, render};

use super::Exit;
use super::output::Output;
use crate::complaint::Complaint;

/// Files of a pack: path to text.
pub type Files = BTreeMap<String, String>;

/// Reads the folder of a pack.
pub fn read(path: &Path) -> anyhow::Result<Folder> {
    let folder = Folder::open(path)?;
    if !folder.files.contains_key("company.yaml") && !folder.unread.contains_key("company.yaml") {
        return Err(no_pack(path).into());
    }
    Ok(folder)
}

fn no_pack(folder: &Path) -> Complaint {
    let folder = folder.display();
    Complaint::new(
        format!("{folder} 里没有 company.yaml，不是配置包"),
        format!("{folder}: no company.yaml, so this is no pack"),
    )
    .hint("请给出配置包的文件夹，例如 companies/pharma", "name the folder of a pack, such as companies/pharma")
}

/// Checks a pack for a command that needs its release; without one, prints what is wrong.
pub fn release(folder: &Folder, output: &Output) -> anyhow::Result<Result<(Release, Checked), Exit>> {
    let mut checked = Pack::read_folder(folder);
    match checked.release.take() {
        Some(release) => Ok(Ok((release, checked))),
        None => {
            show(&checked.diagnostics, &folder.files, output)?;
            Ok(Err(Exit::Findings))
        }
    }
}

/// Whether a release can be made in spite of what was found.
pub fn is_clean(found: &[Diagnostic]) -> bool {
    found.iter().all(|finding| finding.severity != Severity::Error)
}

/// Findings without their places, which `show` finds again in the files at hand.
pub fn findings(placed: Vec<Placed>) -> Vec<Diagnostic> {
    placed.into_iter().map(|one| one.finding).collect()
}

/// Prints what was found.
pub fn show(found: &[Diagnostic], files: &Files, output: &Output) -> anyhow::Result<()> {
    if output.is_json() {
        return output.json(&json!({ "diagnostics": render::findings_json(found, files) }));
    }
    let rendered = render::findings(found, files, output.style());
    if !rendered.is_empty() {
        output.say(rendered.trim_end());
    }
    Ok(())
}
