//! What the documentation shows is run as it is written.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod house;

use std::path::PathBuf;
use std::process::Command;

use house::{PASSWORD, Place};

/// The shell commands of a page, in their order.
fn commands(page: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```sh\n").skip(1).filter_map(|block| block.split("\n```").next());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_pilot_is_run_as_its_page_shows() {
    let place = Place::sqlite();
    let folder = place.folder();
    let mut shell = Command::new("bash");
    let bonus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bonus");
    let script = format!(
        "zhupi() {{ '{}' --data '{}' \"$@\"; }}\ncp -r '{}' bonus\n{}",
        env!("CARGO_BIN_EXE_zhupi"),
        place.data().display(),
        bonus.display(),
        commands("pilot.md")
    );
    shell.args(["-e", "-o", "pipefail", "-c", &script]).current_dir(folder);
    let shown = shell.env_remove("ZHUPI_SERVER").env_remove("ZHUPI_DATABASE_URL").output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&shown.stdout), String::from_utf8_lossy(&shown.stderr));
    assert!(shown.status.success(), "{out}\n{err}");
    for part in
        ["+1785.00", "liu    1330.00  1615.00     +285.00", "── 候选", "wrong.csv:1:14", "did you mean `attendance`?"]
    {
        assert!(out.contains(part), "{part} is not in:\n{out}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("march.json")).unwrap()).unwrap();
    assert_eq!(json["totals"][0]["difference"], "1785.00");
    assert_eq!(json["payees"][0]["payee"], "zhou");
}

#[test]
fn both_flows_go_to_the_archive_with_curl() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "curl is needed here");
        println!("SKIPPED: there is no curl (Debian: curl)");
        return;
    }
    let place = Place::sqlite();
    for (company, people) in
        [("pharma", ["zhou", "li", "wang", "chen"].as_slice()), ("hospital", &["sun", "he", "qian"])]
    {
        place.found(company);
        people.iter().for_each(|login| place.let_in(company, login));
    }
    let server = place.serve(house::free_port());
    let mut shell = Command::new("bash");
    shell.args(["-e", "-o", "pipefail", "-c", &commands("http.md")]).current_dir(place.folder());
    let shown = shell.env("ZHUPI_URL", server.url()).env("ZHUPI_DEMO_PASSWORD", PASSWORD).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&shown.stdout), String::from_utf8_lossy(&shown.stderr));
    assert!(shown.status.success(), "{out}\n{err}");
    for part in
        [r#""copies":["业务部","财务部","存档"]"#, "D1 142", "坏账金额请使用半角数字", r#""name":"monthly_pay""#]
    {
        assert!(out.contains(part), "{part} is not in:\n{out}");
    }
}
