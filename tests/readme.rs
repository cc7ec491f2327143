//! What the README tells people to type exists.

use std::collections::BTreeSet;
use std::process::Command;

const DOCUMENTS: &[&str] = &["README.md", "README.zh-CN.md"];

#[test]
fn every_command_in_the_readme_is_one_of_the_binary() {
    for document in DOCUMENTS {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let text = std::fs::read_to_string(path).unwrap();
        for command in commands(&text) {
            let output = Command::new(env!("CARGO_BIN_EXE_zhupi")).args([&command, "--help"]).output().unwrap();
            assert!(output.status.success(), "{document} names `zhupi {command}`, and `zhupi {command} --help` fails");
            let help = String::from_utf8_lossy(&output.stdout);
            assert!(help.contains(&command), "`zhupi {command} --help` does not say how it is used:\n{help}");
        }
    }
}

/// The words after `zhupi` in code spans and code blocks.
fn commands(text: &str) -> BTreeSet<String> {
    let mut in_block = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            found.extend(command(line));
        } else {
            found.extend(line.split('`').skip(1).step_by(2).filter_map(command));
        }
    }
    found
}

fn command(code: &str) -> Option<String> {
    let mut words = code.split_whitespace();
    let program = words.next()?.rsplit('/').next()?;
    let word = words.next()?;
    (program == "zhupi" && word.starts_with(|letter: char| letter.is_ascii_lowercase())).then(|| word.to_owned())
}

#[test]
fn commands_are_found_in_blocks_and_spans() {
    let text = "run `zhupi serve` or `zhupi --help`, not zhupi nothing\n```sh\ntarget/debug/zhupi check companies/x\ncargo xtask demo\n```";
    assert_eq!(commands(text).into_iter().collect::<Vec<_>>(), ["check", "serve"]);
}
