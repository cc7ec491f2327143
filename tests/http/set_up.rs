//! The first start: a link on the console, a company, its first person, and never again.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::json;

use crate::browser::Browser;
use crate::house::{Place, free_port};

struct First {
    child: Child,
    url: String,
    /// What stands behind `#` in the link that was printed, if one was.
    token: Option<String>,
}

impl Drop for First {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the server and reads what it says until it is ready.
fn start(place: &Place) -> First {
    let url = format!("http://127.0.0.1:{}", free_port());
    let mut command = place.zhupi();
    command.args(["serve", "--listen", url.strip_prefix("http://").unwrap()]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut token = None;
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some((_, secret)) = line.split_once("/setup#") {
            token = Some(secret.to_owned());
        }
        if line.contains("ready") {
            break;
        }
    }
    First { child, url, token }
}

fn first(token: &str) -> serde_json::Value {
    json!({
        "token": token,
        "company": { "id": "acme", "name": "样板公司" },
        "person": { "name": "王敏", "login": "wang", "password": "rain on the vermilion roof" },
    })
}

#[tokio::test]
async fn a_house_is_set_up_once_by_whoever_reads_the_console() {
    let place = Place::sqlite();
    let server = start(&place);
    let token = server.token.clone().expect("a link on the console");
    let browser = Browser::new(&server.url);
    assert_eq!(browser.get("/setup").await.expect(200).json(), json!({ "needed": true }));
    assert_eq!(browser.post("/setup", first("guessed")).await.expect(410).code(), "link_expired");

    let mut weak = first(&token);
    weak["person"]["password"] = "12345678".into();
    assert_eq!(browser.post("/setup", weak).await.expect(422).code(), "password_too_common");
    let mut odd = first(&token);
    odd["company"]["id"] = "Acme!".into();
    let answer = browser.post("/setup", odd).await.expect(422);
    assert_eq!(answer.json()["errors"][0]["pointer"], "/company/id");

    let session = browser.post("/setup", first(&token)).await.expect(200).json();
    assert_eq!((&session["person"]["id"], &session["can"]), (&json!("wang"), &json!(["deploy", "people"])));
    assert_eq!(browser.get("/session").await.expect(200).json()["person"]["name"], "王敏");

    let other = Browser::new(&server.url);
    assert_eq!(other.get("/setup").await.json(), json!({ "needed": false }));
    assert_eq!(other.post("/setup", first(&token)).await.expect(410).code(), "setup_over");
    drop(server);

    let again = start(&place);
    assert_eq!(again.token, None, "no link where somebody can log in");
    let logged_in = Browser::new(&again.url).log_in("acme", "Wang", "rain on the vermilion roof").await;
    logged_in.expect(200);
}

#[tokio::test]
async fn the_first_person_can_deploy_and_bring_people_in() {
    let place = Place::sqlite();
    let server = start(&place);
    let browser = Browser::new(&server.url);
    let mut body = first(server.token.as_deref().unwrap());
    body["company"]["id"] = "pharma".into();
    // Not one of those whom the spreadsheet will describe.
    body["person"]["login"] = "founder".into();
    browser.post("/setup", body).await.expect(200);
    assert_eq!(browser.get("/flows").await.expect(409).code(), "no_release");

    let pack = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("companies/pharma");
    let files = zhupi_pack::Pack::from_dir(&pack).unwrap();
    let deployed = browser.post("/admin/releases", json!({ "files": files })).await.expect(200).json();
    assert_eq!((&deployed["company"], &deployed["changed"]), (&json!("pharma"), &json!(true)));
    let sheets = json!({ "people": files["people.csv"], "departments": files["departments.csv"] });
    let imported = browser.post("/admin/people/import", sheets).await.expect(200).json();
    assert!(imported["people"].as_u64().unwrap() > 5);

    let other = zhupi_pack::Pack::from_dir(&pack.with_file_name("hospital")).unwrap();
    let refused = browser.post("/admin/releases", json!({ "files": other })).await;
    assert_eq!(refused.expect(422).code(), "wrong_company");
    let mut broken = files.clone();
    broken.insert("flows/bad-debt.yaml".into(), "flow: bad-debt\nflow: twice\n".into());
    let refused = browser.post("/admin/releases", json!({ "files": broken })).await.expect(422);
    assert_eq!(refused.code(), "pack_invalid");
    assert!(!refused.json()["errors"].as_array().unwrap().is_empty());
}
