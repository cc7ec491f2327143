//! Pilots over HTTP, on both databases, and by the command line as a client: what they answer, and for whom.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{Browser, token};
use crate::house::{Place, free_port};

const POLICY: &str = "pay.sales_bonus";
const ROWS: &str = "payee,period,attendance\nzhou,2026-03,1\nliu,2026-03,0.95\nxu,2026-03,1\n";
const SALES: &str = "salesperson,month,amount\nzhou,2026-03,200000.00\nliu,2026-03,120000.00\nxu,2026-03,60000.00\n";

fn bonus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/bonus")
}

/// The files of the pack, with another rate above 100,000.
fn candidate(rate: &str) -> Value {
    let mut files = zhupi_pack::Pack::from_dir(&bonus()).unwrap();
    files.retain(|path, _| !path.ends_with(".csv"));
    let params = files.get_mut("params/bonus.yaml").unwrap();
    *params = params.replace("from: 100000, rate: 0.02", &format!("from: 100000, rate: {rate}"));
    json!(files)
}

fn wish(rows: &str) -> Value {
    json!({
        "policy": POLICY, "candidate": { "files": candidate("0.035") }, "rows": { "csv": rows },
        "facts": { "sale": { "csv": SALES } },
    })
}

#[tokio::test]
async fn on_sqlite() {
    story(&Place::sqlite()).await;
}

#[tokio::test]
async fn on_postgresql() {
    if let Some(place) = Place::postgres() {
        story(&place).await;
    }
}

async fn story(place: &Place) {
    place.found_with("bonus", &bonus());
    place.found("pharma");
    let [gu, lin, admin] = ["gu", "lin", "admin"].map(|who| token(place, "bonus", who));
    let stranger = token(place, "pharma", "admin");
    let mut server = place.serve(free_port());
    let [gu, lin, admin, stranger] = [gu, lin, admin, stranger].map(|token| Browser::program(&server.url(), &token));

    let choices = gu.get("/admin/pilots/choices").await.expect(200).json();
    let sales = &choices["policies"][0]["inputs"][0];
    assert_eq!(
        (&sales["name"], &sales["from"], &sales["required"]),
        (&json!("sales"), &json!("fact:sale"), &json!(false))
    );
    assert_eq!(choices["releases"].as_array().unwrap().len(), 1);

    // Run once, however often it is sent.
    let send = |browser: &Browser, body: Value| {
        browser.request(Method::POST, "/admin/pilots").header("Idempotency-Key", "k1").json(&body)
    };
    let made = gu.send(send(&gu, wish(ROWS))).await.expect(201).json();
    assert_eq!(gu.send(send(&gu, wish(ROWS))).await.expect(201).json(), made);
    assert_eq!(gu.send(send(&gu, wish("payee\n"))).await.expect(422).code(), "idempotency_key_reused");
    let keyless = gu.request(Method::POST, "/admin/pilots").json(&wish(ROWS));
    assert_eq!(gu.send(keyless).await.expect(400).code(), "idempotency_key_required");
    let total = &made["totals"][0];
    assert_eq!(
        ["current", "candidate", "difference"].map(|key| &total[key]),
        ["4930.00", "6715.00", "1785.00"].map(|text| json!(text)).each_ref()
    );
    assert_eq!((&total["more"], &total["same"]), (&json!(2), &json!(1)));
    let spread: u64 = total["spread"].as_array().unwrap().iter().map(|bin| bin["count"].as_u64().unwrap()).sum();
    assert_eq!(spread, 3);

    // Read again, in parts.
    let id = made["id"].as_str().unwrap();
    assert_eq!(gu.get(&format!("/admin/pilots/{id}")).await.expect(200).json(), made);
    let named = gu.get(&format!("/admin/pilots/{id}?q=LIU")).await.expect(200).json();
    assert_eq!(named["payees"]["items"][0]["amounts"]["bonus"]["difference"], "285.00");
    let listed = gu.get("/admin/pilots").await.expect(200).json();
    assert_eq!(listed["items"][0]["id"], made["id"]);
    let explained = gu.get(&format!("/admin/pilots/{id}/payees/zhou")).await.expect(200).json();
    let figure = |side: &str| explained["explained"][0][side]["output"][0]["value"].clone();
    assert_eq!((figure("current"), figure("candidate")), (json!("3,000.00"), json!("4,500.00")));
    assert!(explained["explained"][0]["candidate"]["tree"].to_string().contains("3.5%"), "{explained}");
    gu.get(&format!("/admin/pilots/{id}/payees/nobody")).await.expect(404);

    // A release that was tried can be tried again by its hash; unknown ones are said to be.
    let again = json!({ "policy": POLICY, "candidate": { "release": made["candidate"] }, "as_of": "2026-03-31",
        "rows": { "records": [{ "payee": "zhou", "sales": "200000.00", "attendance": "1" }] } });
    let again = gu.post("/admin/pilots", again).await.expect(201).json();
    assert_eq!((&again["totals"][0]["difference"], &again["as_of"]), (&json!("1500.00"), &json!("2026-03-31")));
    let unknown = json!({ "policy": POLICY, "candidate": { "release": "0".repeat(64) }, "rows": { "csv": ROWS } });
    assert_eq!(gu.post("/admin/pilots", unknown).await.expect(422).code(), "release_unknown");

    // Every mistake by its place, in the reader's language.
    let refused =
        gu.post("/admin/pilots", wish("payee,period,attendance\nzhou,2026-03,2\nliu,2026-3,1\n")).await.expect(422);
    assert_eq!(refused.code(), "pilot_invalid");
    let places: Vec<Value> =
        refused.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(places, [json!("rows.csv:2:14"), json!("rows.csv:3:5"), json!("rows.csv:3:1")]);
    let both = json!({ "policy": POLICY, "candidate": {}, "rows": { "csv": ROWS } });
    assert_eq!(gu.post("/admin/pilots", both).await.expect(422).code(), "body_invalid");

    // Who may not see pay sees no amount; who may not run pilots sees none; nobody sees another company's.
    let masked = lin.get(&format!("/admin/pilots/{id}")).await.expect(200);
    assert!(!masked.text.contains("4930") && masked.json()["masked"] == true, "{}", masked.text);
    let masked = lin.get(&format!("/admin/pilots/{id}/payees/zhou")).await.expect(200);
    assert!(!masked.text.contains("3,000") && !masked.text.contains("200000"), "{}", masked.text);
    for path in ["/admin/pilots".to_owned(), format!("/admin/pilots/{id}"), format!("/admin/pilots/{id}/payees/zhou")] {
        admin.get(&path).await.expect(403);
        stranger.get(&path).await.expect(403);
    }
    assert_eq!(
        admin.get("/admin/releases").await.expect(200).json()["items"].as_array().unwrap().len(),
        1,
        "no release"
    );
    server.stop();
    assert!(place.console(&["verify", "--format", "json"]).contains("\"pilots\": 2"));
}

/// Rows and facts in a folder, and a candidate beside the pack.
fn furnish(folder: &Path) {
    std::fs::create_dir_all(folder.join("march")).unwrap();
    std::fs::write(folder.join("march/rows.csv"), ROWS).unwrap();
    std::fs::write(folder.join("march/sale.csv"), SALES).unwrap();
    for (path, text) in candidate("0.035").as_object().unwrap() {
        let path = folder.join("candidate").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_str().unwrap()).unwrap();
    }
}

fn run(mut command: Command, words: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command.args(words).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn the_command_ends_as_scripts_expect() {
    let place = Place::sqlite();
    furnish(place.folder());
    let pack = bonus().display().to_string();
    let words = |more: &[&str]| -> (Option<i32>, String, String) {
        let words =
            ["pilot", &pack, "--candidate", "candidate", "--policy", POLICY, "--facts", "march", "--lang", "en"];
        run(place.zhupi(), &[&words[..], more].concat())
    };
    let (code, out, err) = words(&[]);
    assert!(code == Some(0) && out.contains("+1785.00"), "{out}{err}");
    let (code, out, _) = words(&["--payee", "liu", "--format", "json"]);
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &told["rows"][0]["candidate"]["answer"]["bonus"]), (Some(0), &json!("1615.00")));
    let (code, _, err) = words(&["--payee", "zhuo"]);
    assert!(code == Some(2) && err.contains("did you mean `zhou`?"), "{err}");
    let (code, _, err) = words(&["--amount", "bonsu"]);
    assert!(code == Some(2) && err.contains("there is bonus"), "{err}");
    let other =
        ["pilot", &pack, "--candidate", "candidate", "--policy", "pay.bonus", "--facts", "march", "--lang", "en"];
    let (code, _, err) = run(place.zhupi(), &other);
    assert!(code == Some(2) && err.contains("pay.sales_bonus"), "{err}");
    std::fs::write(place.folder().join("march/sale.csv"), "salesperson,month,amount\nzhou,2026-03,x\n").unwrap();
    let (code, out, _) = words(&[]);
    assert!(code == Some(1) && out.contains("sale.csv:2:14"), "{out}");
    let nowhere = ["pilot", "current", "--candidate", "candidate", "--policy", POLICY, "--facts", "march"];
    assert_eq!(run(place.zhupi(), &nowhere).0, Some(3), "there is no data");
}

#[tokio::test]
async fn the_command_asks_a_server_or_looks_into_the_data() {
    let place = Place::sqlite();
    furnish(place.folder());
    place.found_with("bonus", &bonus());
    let words =
        ["pilot", "current", "--candidate", "candidate", "--policy", POLICY, "--facts", "march", "--lang", "en"];
    let (code, out, err) = run(place.zhupi(), &words);
    assert!(code == Some(0) && out.contains("+1785.00"), "{out}{err}");
    let token = token(&place, "bonus", "gu");
    let mut server = place.serve(free_port());
    let remote = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhupi"));
        command.current_dir(place.folder()).env("ZHUPI_TOKEN", token.trim()).args(["--server", &server.url()]);
        run(command, &[&words[..], more].concat())
    };
    let (code, out, err) = remote(&[]);
    assert!(code == Some(0) && out.contains("1785.00") && out.contains("pilot "), "{out}{err}");
    let (code, out, _) = remote(&["--payee", "zhou"]);
    assert!(code == Some(0) && serde_json::from_str::<Value>(&out).unwrap()["payee"] == "zhou", "{out}");
    std::fs::write(place.folder().join("march/rows.csv"), "payee\nzhou\n").unwrap();
    let (code, _, err) = remote(&[]);
    assert!(code == Some(1) && err.contains("rows.csv:1:1"), "{err}");
    server.stop();
}
