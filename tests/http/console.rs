//! Commands as an operator, a build server and a script meet them: what they print, and how they end.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use crate::house::{Place, free_port};

fn pack(company: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("companies").join(company).display().to_string()
}

fn run(place: &Place, words: &[&str]) -> Output {
    place.zhupi().args(words).output().unwrap()
}

#[track_caller]
fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn commands_end_as_scripts_expect() {
    let place = Place::sqlite();
    let broken = place.folder().join("broken");
    std::fs::create_dir_all(broken.join("flows")).unwrap();
    std::fs::write(broken.join("company.yaml"), "company: acme\nname: 样板\ntime_zone: Asia/Shanghai\ncurency: CNY\n")
        .unwrap();
    let broken = broken.display().to_string();
    let good = pack("pharma");
    for (words, code) in [
        (["check", good.as_str()].as_slice(), 0),
        (&["check", &broken], 1),
        (&["deploy", &broken], 1),
        (&["check", "/nowhere"], 2),
        (&["chekc"], 2),
        (&["check"], 2),
        (&["simulate", &good, "bad-debt"], 2),
        (&["pilot"], 2),
        (&["deploy", &good, "--server", "http://127.0.0.1:1"], 2),
        (&["serve", "--listen", "everywhere"], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let output = run(&place, words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
    }
    let empty = Place::sqlite();
    for words in [["verify"].as_slice(), &["user", "list", "--company", "pharma"], &["backup", "elsewhere"]] {
        assert_eq!(run(&empty, words).status.code(), Some(3), "{words:?}: there is no data");
    }
    let mut away = place.zhupi();
    away.args(["deploy", &good, "--server", "http://127.0.0.1:1"]).env("ZHUPI_TOKEN", "zhupi_x");
    assert_eq!(away.output().unwrap().status.code(), Some(3));
}

#[test]
fn findings_have_places_in_both_languages() {
    let place = Place::sqlite();
    let broken = place.folder().join("broken");
    std::fs::create_dir_all(&broken).unwrap();
    std::fs::write(broken.join("company.yaml"), "company: acme\nname: 样板\ntime_zone: Asia/Shanghai\ncurency: CNY\n")
        .unwrap();
    let broken = broken.display().to_string();
    let found = json(&run(&place, &["check", &broken, "--format", "json"]));
    let findings = found["diagnostics"].as_array().unwrap();
    let misspelt = findings.iter().find(|finding| finding["line"] == 4).unwrap_or_else(|| panic!("{found}"));
    assert_eq!((&misspelt["file"], &misspelt["severity"]), (&Value::from("company.yaml"), &Value::from("error")));
    assert!(misspelt["message"]["zh"].is_string() && misspelt["message"]["en"].is_string());
    for (lang, part) in [("zh", "curency"), ("en", "currency")] {
        let shown = run(&place, &["check", &broken, "--lang", lang]).stdout;
        let shown = String::from_utf8(shown).unwrap();
        assert!(shown.contains("company.yaml:4") && shown.contains(part), "{shown}");
    }
}

#[test]
fn cases_are_reported_as_promised() {
    let place = Place::sqlite();
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").display().to_string();
    let output = run(&place, &["test", &pack("hospital"), "--cases", &golden, "--format", "json"]);
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!(report["summary"]["failed"], 0);
    let passed = report["summary"]["passed"].as_u64().unwrap();
    assert!(passed > 0 && report["summary"]["skipped"].as_u64().unwrap() > 0, "{report}");
    for key in ["id", "row", "status", "expected", "actual"] {
        assert!(report["cases"][0].get(key).is_some(), "{key}");
    }
}

#[test]
fn an_explanation_is_printed_with_its_answer() {
    let place = Place::sqlite();
    let inputs = r#"{"commission": "5000.00", "bad_debt": "8000.00", "cause": "handler_irresponsible"}"#;
    let words = ["explain", &pack("pharma"), "credit.bad_debt_deduction", "--on", "2026-03-31", "--inputs", inputs];
    let explained = json(&run(&place, &[&words[..], &["--format", "json"]].concat()));
    assert_eq!(explained["answer"]["deducted"], "2400.00");
    assert!(!explained["explanation"]["steps"].as_array().unwrap().is_empty());
    let shown = String::from_utf8(run(&place, &words).stdout).unwrap();
    assert!(shown.contains("2400.00") && shown.contains("D1 142"), "{shown}");
}

#[test]
fn the_doctor_says_where_settings_come_from_and_shows_no_secret() {
    let place = Place::sqlite();
    std::fs::write(
        place.folder().join("zhupi.toml"),
        "[smtp]\nhost = \"mail.example\"\nfrom = \"oa@example.com\"\nuser = \"oa\"\n",
    )
    .unwrap();
    let secret = place.folder().join("password");
    std::fs::write(&secret, "vermilion-secret\n").unwrap();
    let mut doctor = place.zhupi();
    doctor.args(["doctor", "--format", "json"]).env("ZHUPI_SMTP__PASSWORD_FILE", &secret);
    let output = doctor.env("ZHUPI_LISTEN", "127.0.0.1:9").output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("vermilion-secret"));
    let (settings, looks) = (json(&output)["settings"].clone(), json(&output)["looks"].clone());
    let bad: Vec<&Value> = looks.as_array().unwrap().iter().filter(|look| look["good"] == false).collect();
    // A binary that was built without Node says that it has no web app, and nothing else is wrong.
    assert!(bad.iter().all(|look| look["what"] == "web app"), "{bad:?}");
    assert_eq!(output.status.code(), Some(i32::from(!bad.is_empty())), "{bad:?}");
    let source = |key: &str| {
        let found = settings.as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap();
        found["source"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(source("listen"), "ZHUPI_LISTEN");
    assert_eq!(source("smtp.host"), "zhupi.toml");
    assert_eq!(source("smtp.password"), secret.display().to_string());
    assert_eq!(source("data"), "flag");

    let page = include_str!("../../docs/operating.md");
    for setting in settings.as_array().unwrap() {
        let (key, variable) = (setting["key"].as_str().unwrap(), setting["variable"].as_str().unwrap());
        assert!(page.contains(&format!("| `{key}` | `{variable}` |")), "docs/operating.md does not explain {key}");
    }

    std::fs::write(place.folder().join("zhupi.toml"), "listn = \"x\"\n").unwrap();
    let refused = run(&place, &["doctor"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("是不是 `listen`？"));
}

#[test]
fn data_is_backed_up_while_a_server_runs_and_comes_back_whole() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let server = place.serve(free_port());
    let backup = place.folder().join("backup").display().to_string();
    assert_eq!(run(&place, &["backup", &backup]).status.code(), Some(0));
    let locked = run(&place, &["deploy", &pack("pharma")]);
    assert_eq!(locked.status.code(), Some(3), "one process at a time: {}", String::from_utf8_lossy(&locked.stderr));
    drop(server);

    let elsewhere = place.folder().join("elsewhere").display().to_string();
    let zhupi = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_zhupi")).args(words).args(["--data", &elsewhere]).output().unwrap()
    };
    let restored = zhupi(&["restore", &backup, "--format", "json"]);
    assert_eq!(restored.status.code(), Some(0), "{}", String::from_utf8_lossy(&restored.stderr));
    assert_eq!(json(&restored)["sound"], true);
    assert_eq!(zhupi(&["restore", &backup]).status.code(), Some(2), "only into an empty store");
    let people = json(&zhupi(&["user", "list", "--company", "pharma", "--format", "json"]));
    let zhou = people.as_array().unwrap().iter().find(|person| person["id"] == "zhou").unwrap();
    assert_eq!(zhou["password"], true);
}
