//! What `docs/pack.md` shows is what the readers take.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::collections::BTreeMap;
use std::path::Path;

use zhupi_domain::Severity;
use zhupi_pack::Pack;

/// The YAML examples of the page, by the file that each would be.
fn examples() -> BTreeMap<String, String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pack.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let path = |block: &str| match block.split(':').next().unwrap() {
        "company" => "company.yaml".to_owned(),
        "flow" => format!("flows/{}.yaml", block.lines().next().unwrap().trim_start_matches("flow: ")),
        "params" => "params/example.yaml".to_owned(),
        "cases" => "cases/bad-debt.yaml".to_owned(),
        "maps" => "cases/bad-debt.map.yaml".to_owned(),
        other => panic!("an example that is no file: {other}"),
    };
    blocks.map(|block| (path(block), block.to_owned())).collect()
}

#[test]
fn every_example_of_the_page_can_be_read() {
    let examples = examples();
    assert_eq!(examples.len(), 6);
    let mut files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap();
    files.extend(examples.clone());
    let found = Pack::read(&files).diagnostics;
    // The examples are pieces of different packs: what they name may be missing here, what they say may not be wrong.
    let missing =
        |code: &str| code.starts_with("pack.unknown-") && !["pack.unknown-key", "pack.unknown-word"].contains(&code);
    let excused = |code: &str| missing(code) || ["form.unknown-field", "company.claim"].contains(&code);
    let wrong: Vec<String> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Error && examples.contains_key(&finding.file))
        .filter(|finding| !excused(finding.code))
        .map(|finding| {
            let line = finding.span.map(|span| span.line_column(&examples[&finding.file]).0);
            format!("{} line {line:?}: {} {}", finding.file, finding.code, finding.message.zh)
        })
        .collect();
    assert_eq!(wrong, [""; 0]);
}
