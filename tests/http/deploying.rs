//! Deploying while people work: the next request goes by the new rules, the one that is on its way by its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, bad_debt, token};
use crate::house::{Place, free_port};

/// The command of an admin who deploys to a running server.
struct Deployer {
    pack: PathBuf,
    server: String,
    token: String,
}

impl Deployer {
    /// With a copy of a company's pack to change.
    fn of(place: &Place, company: &str, server: &str, token: &str) -> Self {
        let pack = place.folder().join(company);
        let companies = Path::new(env!("CARGO_MANIFEST_DIR")).join("companies");
        copy(&companies.join(company), &pack);
        // Libraries lie beside the packs that use them.
        copy(&companies.join("library"), &place.folder().join("library"));
        Self { pack, server: server.to_owned(), token: token.to_owned() }
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.pack.join(file)).unwrap();
        assert!(text.contains(from), "{file} says `{from}`");
        std::fs::write(self.pack.join(file), text.replace(from, to)).unwrap();
    }

    /// `zhupi deploy`: its exit code, what it printed, and what it complained of.
    fn deploy(&self) -> (Option<i32>, Value, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhupi"));
        command.args(["deploy", "--format", "json", "--server", &self.server]).arg(&self.pack);
        let output = command.env("ZHUPI_TOKEN", &self.token).output().unwrap();
        let printed = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), printed, String::from_utf8(output.stderr).unwrap())
    }
}

#[tokio::test]
async fn a_percentage_changed_by_a_deploy_holds_for_the_next_request_and_not_for_one_on_its_way() {
    let place = Place::sqlite();
    place.found("pharma");
    for login in ["zhou", "liu", "li", "wang", "chen"] {
        place.let_in("pharma", login);
    }
    let admin = token(&place, "pharma", "admin");
    let server = place.serve(free_port());
    let url = server.url();
    let pay = json!(["zhou", "liu"].map(|id| json!({ "salesperson": id, "month": "2026-03", "amount": "6000.00" })));
    let program = Browser::program(&url, &admin);
    program.post("/admin/facts/commission/import", json!({ "rows": pay })).await.expect(200);
    let submit = async |salesperson| {
        let browser = Browser::of(&url, "pharma", salesperson).await;
        let answer = browser.post("/instances", bad_debt("甲医药公司", salesperson)).await.expect(201);
        answer.json()["id"].as_str().unwrap().to_owned()
    };
    let before = submit("zhou").await;

    let deployer = Deployer::of(&place, "pharma", &url, &admin);
    let (code, same, _) = deployer.deploy();
    assert_eq!((code, &same["changed"]), (Some(0), &json!(false)));
    deployer.edit("params/credit.yaml", "value: 0.30, status: assumed", "value: 0.50, status: assumed");
    let (code, deployed, err) = deployer.deploy();
    assert_eq!((code, &deployed["changed"]), (Some(0), &json!(true)), "{err}");
    let after = submit("liu").await;

    // Both are decided and computed after the deploy: 30 and 50 percent of 8,000.
    let (old, new) = (carry_through(&url, &before).await, carry_through(&url, &after).await);
    assert_eq!((deducted(&old), deducted(&new)), ("2,400.00", "4,000.00"));
    assert_eq!((&old["release"], &new["release"]), (&same["release"], &deployed["release"]));
}

#[tokio::test]
async fn a_pack_with_errors_changes_nothing() {
    let place = Place::sqlite();
    place.found("pharma");
    place.let_in("pharma", "zhou");
    let admin = token(&place, "pharma", "admin");
    let server = place.serve(free_port());
    let zhou = Browser::of(&server.url(), "pharma", "zhou").await;
    let deployer = Deployer::of(&place, "pharma", &server.url(), &admin);
    let (_, same, _) = deployer.deploy();
    std::fs::write(deployer.pack.join("flows/bad-debt.yaml"), "flow: [").unwrap();
    let (code, _, err) = deployer.deploy();
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("flows/bad-debt.yaml:1:"), "named with line and column: {err}");
    let sent = zhou.post("/instances", bad_debt("甲医药公司", "zhou")).await.expect(201).json();
    let page = zhou.get(&format!("/instances/{}", sent["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(page["release"], same["release"]);
}

/// Lets everybody decide, with carelessness as the cause; answers the archived request as finance sees it.
async fn carry_through(url: &str, id: &str) -> Value {
    let finding = json!({
        "cause": "handler_irresponsible", "grounds": "未按期催收，函件无一存档。", "voucher_no": "记-1", "booked_on": "2026-03-20",
    });
    let acts = [
        ("li", "approve", json!({ "form": { "opinion": "属实" } })),
        ("wang", "approve", json!({})),
        ("chen", "fill", json!({ "data": finding })),
    ];
    for (login, act, mut body) in acts {
        let person = Browser::of(url, "pharma", login).await;
        let page = person.get(&format!("/instances/{id}")).await.expect(200).json();
        let task = &page["my_tasks"][0];
        body["version"] = task["version"].clone();
        person.post(&format!("/instances/{id}/tasks/{}/{act}", task["task"]), body).await.expect(200);
    }
    let chen = Browser::of(url, "pharma", "chen").await;
    let began = Instant::now();
    loop {
        let page = chen.get(&format!("/instances/{id}")).await.expect(200).json();
        if page["status"] == "archived" {
            return page;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "machine steps are not done: {page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What a request's policy deducted from the commission.
fn deducted(page: &Value) -> &str {
    let results = page["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["name"] == "deduction").unwrap();
    let outputs = result["output"].as_array().unwrap();
    outputs.iter().find(|output| output["name"] == "deducted").unwrap()["value"].as_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
