//! Spreadsheets as people hand them in: told where they are wrong in their language, and never for long.

use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::browser::{Browser, token};
use crate::house::{Place, free_port};

/// A place with a company of its own in it.
fn founded() -> Place {
    let place = Place::sqlite();
    place.found("pharma");
    place
}

fn run(place: &Place, words: &[&str], file: &str, bytes: &[u8]) -> (Option<i32>, String) {
    std::fs::write(place.folder().join(file), bytes).unwrap();
    let Output { status, stdout, stderr } = place.zhupi().args(words).output().unwrap();
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

const PEOPLE: [&str; 5] = ["import", "people", "people.csv", "--company", "pharma"];

#[test]
fn one_hire_is_brought_in_and_everything_that_happened_to_them_is_told() {
    let place = founded();
    let (code, said) = run(&place, &PEOPLE, "people.csv", "id,name,login,manager\nxin,新来的,xin,li\n".as_bytes());
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&place, &PEOPLE, "people.csv", "id,name,roles\nxin,新来的,admin\n".as_bytes());
    assert_eq!(code, Some(0), "{said}");
    let told = place.console(&["user", "history", "xin", "--company", "pharma", "--lang", "zh"]);
    assert!(told.contains("控制台  新增") && told.contains("上级  li") && told.contains("角色  admin"), "{told}");
    let told = place.console(&["user", "history", "xin", "--company", "pharma", "--format", "json"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((told.as_array().unwrap().len(), &told[1]["what"]["en"]), (2, &json!("changed")));
}

#[test]
fn a_spreadsheet_of_excel_in_china_is_read_and_said_so() {
    let place = founded();
    // 新来的 in GB18030.
    let bytes = b"id,name,login\nxin,\xd0\xc2\xc0\xb4\xb5\xc4,xin\n";
    let (code, said) = run(&place, &PEOPLE, "people.csv", bytes);
    assert!(code == Some(0) && said.contains("GB18030"), "{said}");
    assert!(place.console(&["user", "list", "--company", "pharma"]).contains("新来的"));
    let (code, said) = run(&place, &[&PEOPLE[..], &["--lang", "zh"]].concat(), "people.csv", b"\xff\xfei\0d\0");
    assert!(code == Some(2) && said.contains("UTF-16") && said.contains("CSV UTF-8"), "{said}");
}

#[test]
fn mistakes_are_told_with_the_line_of_the_file_in_both_languages() {
    let place = founded();
    let sheet = "id,name,login,email\n\n\"xin\",新来的,WANG,x\nhao,\"没有关上,hao,\n";
    for (lang, part) in [("zh", "引号没有成对"), ("en", "this quote is never closed")] {
        let (code, said) = run(&place, &[&PEOPLE[..], &["--lang", lang]].concat(), "people.csv", sheet.as_bytes());
        assert!(code == Some(1) && said.contains("people.csv:4:5") && said.contains(part), "{said}");
        assert!(said.contains("people.csv:3:16"), "{said}");
    }
    let facts = ["import", "facts", "bad-debt", "facts.csv", "--company", "pharma", "--lang"];
    let head = "salesperson,month,customer_no,customer_name,amount,cause,deducted,carried_forward,request\n";
    let row = "甲,2026-03,K-1,\"甲公司\",1.00,x,1.00,0.00,r\n";
    for (lang, part) in [("zh", "这一行有 2 格"), ("en", "this row has 2 cells")] {
        let sheet = format!("{head}\nli,2026-03\n");
        let (code, said) = run(&place, &[&facts[..], &[lang]].concat(), "facts.csv", sheet.as_bytes());
        assert!(code == Some(1) && said.contains("facts.csv:3:1") && said.contains(part), "{said}");
    }
    let (code, said) = run(&place, &[&facts[..], &["zh"]].concat(), "facts.csv", format!("{head}\n{row}").as_bytes());
    assert!(code == Some(1) && said.contains("facts.csv:3:1") && said.contains("经办业务员所选的人员不存在"), "{said}");
    let row = row.replace('甲', "li").replace("\"li公司\"", "甲公司");
    let (code, said) = run(&place, &[&facts[..], &["zh"]].concat(), "facts.csv", format!("{head}{row}").as_bytes());
    assert!(code == Some(0), "{said}");
}

#[test]
fn nobody_is_added_who_could_be_taken_for_somebody_else() {
    let place = founded();
    for login in ["WANG", "ｗａｎｇ", "wаng", "../x", "1i"] {
        let output =
            place.zhupi().args(["user", "add", login, "--company", "pharma", "--name", "某人"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{login}");
    }
    let whole = place.console(&["user", "history", "wang", "--company", "pharma", "--lang", "zh"]);
    assert!(whole.contains("新增") && !whole.contains("修改"), "who is there stays as they are: {whole}");
}

#[tokio::test]
async fn a_roster_that_is_wrong_in_every_row_is_answered_at_once() {
    let place = founded();
    let token = token(&place, "pharma", "admin");
    let mut server = place.serve(free_port());
    let admin = Browser::program(&server.url(), &token);
    let rows: String = (0..20_000).map(|n| format!("q{n},某人,x{n}\n")).collect();
    let began = Instant::now();
    let refused = admin.post("/admin/people/import", json!({ "people": format!("id,name,manager\n{rows}") })).await;
    let refused = refused.expect(422);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert_eq!(refused.code(), "sheets_invalid");
    let errors = refused.json()["errors"].as_array().unwrap().clone();
    assert_eq!((errors.len(), &errors[1]["pointer"]), (201, &json!("people.csv:2:7")), "the first says there are more");
    let more: String = (0..20_001).map(|n| format!("q{n},某人\n")).collect();
    let refused = admin.post("/admin/people/import", json!({ "people": format!("id,name\n{more}") })).await;
    assert_eq!(refused.expect(422).json()["errors"].as_array().unwrap().len(), 1);
    server.stop();
}

#[tokio::test]
async fn what_may_be_meant_otherwise_is_imported_and_said() {
    let place = founded();
    let token = token(&place, "pharma", "admin");
    place.console(&["user", "deactivate", "wang", "--company", "pharma", "--reason", "离职"]);
    let mut server = place.serve(free_port());
    let admin = Browser::program(&server.url(), &token);
    let people = "id,name,manager\nq1,新同事,wang\n";
    let imported = admin.post("/admin/people/import", json!({ "people": people })).await.expect(200).json();
    let warnings = json!([{
        "place": "people.csv:2:8", "code": "csv.has-left",
        "message": { "zh": "王志远 已离职", "en": "王志远 has left" },
    }]);
    assert_eq!(imported, json!({ "people": 1, "departments": 0, "warnings": warnings }));
    server.stop();
}

#[test]
fn next_years_calendar_is_brought_in_and_told_year_by_year() {
    let place = founded();
    let words = ["import", "calendar", "2027.csv", "--company", "pharma", "--lang", "zh"];
    let half = "date,day,name\n2027-01-01,休,元旦\n2027-01-03,班,元旦调休\n";
    let (code, said) = run(&place, &words, "2027.csv", half.as_bytes());
    assert!(code == Some(0) && said.contains("2027.csv:2:1") && said.contains("没有声明完整"), "{said}");
    assert!(said.contains("2027 不完整: 自有日 2, 变动 2"), "{said}");
    let whole = [&words[..], &["--complete", "2027"]].concat();
    let (code, said) = run(&place, &whole, "2027.csv", half.as_bytes());
    assert!(code == Some(0) && said.contains("只有 1 个假日") && said.contains("2027 完整"), "{said}");
    let (code, said) = run(&place, &words, "2027.csv", "date,day\n2027-13-01,休\n2027-01-02,free\n".as_bytes());
    assert!(code == Some(1) && said.contains("2027.csv:2:1") && said.contains("2027.csv:3:12"), "{said}");
}
