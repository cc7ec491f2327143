//! Why a command could not be done: a sentence and what to do about it, in the language of who runs it.

use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;

use crate::house::{Place, free_port};

fn run(place: &Place, language: &str, words: &[&str]) -> Output {
    place.zhupi().args(["--lang", language]).args(words).env_remove("RUST_LOG").output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What says nothing to an operator.
const OF_LIBRARIES: &[&str] = &["code: ", "os error", "error returned from", "SELECT", "panicked", "Caused by"];

#[track_caller]
fn complains(place: &Place, words: &[&str], code: i32, zh: &str, en: &str) {
    for (language, part) in [("zh", zh), ("en", en)] {
        let output = run(place, language, words);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        assert!(said.contains(part), "{words:?} should say {part}:\n{said}");
        assert!(said.starts_with("zhupi: ") && said.contains("\n  → "), "{words:?}: {said}");
        assert!(!OF_LIBRARIES.iter().any(|word| said.contains(word)), "{words:?}: {said}");
    }
}

#[test]
fn what_cannot_be_found_is_named_with_what_to_do() {
    let place = Place::sqlite();
    let pack = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("companies/pharma").display().to_string();
    complains(&place, &["check", "nowhere"], 2, "nowhere：找不到", "nowhere: there is no such file");
    complains(&place, &["check", "."], 2, "没有 company.yaml", "no company.yaml");
    complains(&place, &["--config", "none.toml", "doctor"], 2, "none.toml：找不到", "none.toml: there is no such file");
    complains(&place, &["test", &pack, "--cases", "none"], 2, "none：找不到", "none: there is no such");
    complains(&place, &["explain", &pack, "credit.bad_deb"], 2, "没有政策 `credit.bad_deb`", "has no policy");
    let inputs = ["explain", &pack, "credit.bad_debt_deduction", "--inputs", "{\"a\": 1"];
    complains(&place, &inputs, 2, "内容不完整（第 1 行第 7 列）", "it is not complete");
    complains(&place, &["verify"], 3, "还没有数据", "there is no data in");
    place.found("pharma");
    complains(&place, &["user", "list", "--company", "farma"], 2, "没有公司 farma", "there is no company farma");
}

#[test]
fn settings_that_cannot_be_used_are_named_with_where_they_come_from() {
    let place = Place::sqlite();
    let file = |text: &str| std::fs::write(place.folder().join("zhupi.toml"), text).unwrap();
    file("[smtp]\nhots = \"mail\"\n");
    complains(&place, &["doctor"], 2, "没有名为 `smtp.hots` 的设置", "there is no setting `smtp.hots`");
    file("listen = \"127.0.0.1:0\"\nlog level\n");
    complains(&place, &["doctor"], 2, "zhupi.toml:2:5：不是正确的 TOML", "zhupi.toml:2:5: ");
    file("");
    let output = run(&place, "zh", &["serve", "--listen", "8080"]);
    assert_eq!(said(&output).trim(), "zhupi: 设置 listen（命令行）：`8080` 不是带端口的地址，例如 127.0.0.1:8080");
}

#[test]
fn data_and_ports_that_others_hold_are_told_apart() {
    let place = Place::sqlite();
    place.found("pharma");
    let port = free_port();
    let server = place.serve(port);
    let pack = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("companies/pharma").display().to_string();
    complains(&place, &["deploy", &pack], 3, "另一个 zhupi 正在使用", "another zhupi works on");
    let other = Place::sqlite();
    let address = format!("127.0.0.1:{port}");
    complains(&other, &["serve", "--listen", &address], 2, "已被其他程序占用", "is taken by another program");
    drop(server);
}

#[test]
fn a_database_that_cannot_be_opened_is_told_without_its_codes() {
    let place = Place::sqlite();
    std::fs::create_dir_all(place.data().join("zhupi.db")).unwrap();
    complains(&place, &["verify"], 3, "数据库打不开", "cannot be opened");
    let output = run(&place, "zh", &["--format", "json", "verify"]);
    let told: Value = serde_json::from_str(&said(&output)).unwrap();
    assert_eq!(told["error"], "数据目录里的数据库打不开");
    assert!(told["detail"].as_str().unwrap().contains("code: 14"), "a program may know");
    let asked = place.zhupi().args(["--lang", "zh", "verify"]).env("RUST_LOG", "debug").output().unwrap();
    assert!(said(&asked).contains("code: 14"), "so may who asks");
    let noise = Place::sqlite();
    std::fs::create_dir_all(noise.data()).unwrap();
    std::fs::write(noise.data().join("zhupi.db"), "this is no database, whatever its name says").unwrap();
    complains(&noise, &["verify"], 3, "已存的数据有损坏", "what is stored is damaged");
}
