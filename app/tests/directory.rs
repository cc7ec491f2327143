//! Bringing people and facts in beside those who are there, and what the log tells of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::Firm;
use zhupi_app::{AppError, Deployer, DirectoryEntry, PeopleFiles};
use zhupi_domain::{Locale, Name, PersonId};
use zhupi_store::Stream;

/// Places and codes of what is wrong with a spreadsheet of people.
async fn refused(firm: &Firm, people: &str) -> Vec<(String, &'static str)> {
    let files = PeopleFiles { people: Some(people.into()), ..Default::default() };
    match firm.app.import_people(Deployer::Console, &firm.company, files, firm.now()).await {
        Err(AppError::SheetsInvalid(errors)) => {
            errors.iter().map(|error| (error.place(), error.finding.code)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_new_hire_may_name_whoever_is_there() {
    let firm = Firm::open().await;
    firm.hire("id,name,login,department,roles,manager\nsun,孙三,Sun,sales,salesperson@sales,li\n").await;
    let sun = firm.viewer("li").await.directory().people[&PersonId::new("sun")].clone();
    assert_eq!((sun.manager, sun.login), (Some(PersonId::new("li")), Some("sun".into())));
    let files =
        PeopleFiles { departments: Some("id,name,parent,head\neast,东区,sales,sun\n".into()), ..Default::default() };
    firm.app.import_people(Deployer::Console, &firm.company, files, firm.now()).await.unwrap();
}

#[tokio::test]
async fn what_neither_the_file_nor_the_company_has_is_refused_at_its_place() {
    let firm = Firm::open().await;
    let people = "id,name,login,department,roles,manager\nsun,孙三,LI,saels,,lii\nwu,吴四,l1,,,\n";
    assert_eq!(
        refused(&firm, people).await,
        [
            ("people.csv:2:8".into(), "csv.login-twice"),
            ("people.csv:2:11".into(), "csv.unknown-department"),
            ("people.csv:2:18".into(), "csv.unknown-person")
        ]
    );
    let files =
        PeopleFiles { people: Some("id,name,manager\nli,李一,zhao\nzhao,赵二,li\n".into()), ..Default::default() };
    let problem =
        firm.app.import_people(Deployer::Console, &firm.company, files, firm.now()).await.unwrap_err().problem();
    assert_eq!((problem.status, problem.code), (422, "sheets_invalid"));
    assert_eq!(problem.errors[0].pointer, "people.csv:2:7");
    assert!(problem.errors[0].message.zh.contains("li → zhao → li"), "{:?}", problem.errors);
    firm.hire("id,name,manager\nli,李一,zhao\n").await;
    assert_eq!(refused(&firm, "id,name,manager\nzhao,赵二,li\n").await, [("people.csv:2:9".into(), "csv.loop")]);
}

#[tokio::test]
async fn what_a_file_has_no_column_for_stays() {
    let firm = Firm::open().await;
    let before = firm.viewer("li").await.entry().unwrap().clone();
    firm.hire("id,name,base_pay\nli,李一,9000.00\n").await;
    let after = firm.viewer("li").await.entry().unwrap().clone();
    assert_eq!(after.attributes[&Name::new("base_pay").unwrap()], "9000.00");
    assert_eq!((&after.login, &after.roles, &after.department), (&before.login, &before.roles, &before.department));
    firm.hire("id,name,post\nli,李一,\n").await;
    assert_eq!(firm.viewer("li").await.entry().unwrap().post, None, "an empty cell empties the field");
}

async fn history(firm: &Firm, person: &str) -> Vec<DirectoryEntry> {
    firm.app.person_history(&firm.company, &PersonId::new(person)).await.unwrap()
}

/// Field, before, after.
fn changes(entry: &DirectoryEntry) -> Vec<(&str, &str, &str)> {
    entry.changes.iter().map(|c| (c.field.get(Locale::Zh), c.before.as_str(), c.after.as_str())).collect()
}

#[tokio::test]
async fn the_log_tells_who_set_whose_pay_and_who_gave_themselves_a_role() {
    let firm = Firm::open().await;
    firm.hire("id,name,login,roles\nroot,管理员,root,admin\n").await;
    let root = firm.viewer("root").await;
    let by_root = async |people: &str| {
        let files = PeopleFiles { people: Some(people.into()), ..Default::default() };
        firm.app.import_people(Deployer::Person(&root), &firm.company, files, firm.now()).await.unwrap();
    };
    by_root("id,name,base_pay\nli,李一,9000.00\nroot,管理员,\n").await;
    by_root("id,name,roles\nroot,管理员,admin general-manager\n").await;
    by_root("id,name,roles\nroot,管理员,admin\n").await;
    firm.app.deactivate(&firm.viewer("root").await, "li", "离职", firm.now()).await.unwrap();
    firm.app.activate(&firm.viewer("root").await, "li", firm.now()).await.unwrap();

    let li = history(&firm, "li").await;
    let told: Vec<(&str, &str)> = li.iter().map(|e| (e.what.zh.as_str(), e.by.zh.as_str())).collect();
    let root_name = "管理员（root）";
    assert_eq!(told, [("新增", "控制台"), ("修改", root_name), ("停用", root_name), ("恢复", root_name)]);
    assert_eq!(li[0].at, "2026-03-04 10:00");
    assert!(changes(&li[0]).contains(&("基本工资", "", "8000.00")) && changes(&li[0]).contains(&("登录名", "", "li")));
    assert_eq!(changes(&li[1]), [("基本工资", "8000.00", "9000.00")]);
    assert_eq!((changes(&li[2]), li[2].reason.as_str()), (vec![("在职", "✓", "✗")], "离职"));

    let root_told = history(&firm, "root").await;
    let seen: Vec<_> = root_told.iter().skip(1).map(|entry| (entry.own, changes(entry))).collect();
    assert_eq!(
        seen,
        [
            (true, vec![("角色", "admin", "admin general-manager")]),
            (false, vec![("角色", "admin general-manager", "admin")])
        ]
    );
    let log = firm.app.store().timeline(&firm.company, &Stream::Directory, 0, 200).await.unwrap().items;
    let imports = log.iter().filter(|event| event.kind == "people_imported");
    let marked: Vec<bool> = imports
        .map(|event| serde_json::from_str::<Value>(event.payload.body().unwrap()).unwrap()["own"] == json!(true))
        .collect();
    assert_eq!(marked, [false, false, false, true, false], "the import itself says so, too");
}

#[tokio::test]
async fn departments_are_told_to_those_who_head_them() {
    let firm = Firm::open().await;
    let files = PeopleFiles { departments: Some("id,name,head\nsales,销售部,li\n".into()), ..Default::default() };
    firm.app.import_people(Deployer::Console, &firm.company, files, firm.now()).await.unwrap();
    for person in ["li", "zhao"] {
        let entries = history(&firm, person).await;
        let last = entries.last().unwrap();
        assert_eq!((last.what.zh.as_str(), changes(last)), ("修改部门 sales", vec![("负责人", "zhao", "li")]));
    }
    let parent = firm.viewer("li").await.directory().departments[&Name::new("sales").unwrap()].parent.clone();
    assert_eq!(parent, Some(Name::new("firm").unwrap()), "there was no column for it");
}

/// Pointers of what is wrong with facts; empty where they were recorded.
async fn facts(firm: &Firm, rows: Value) -> Vec<(String, String)> {
    let rows = serde_json::from_value(rows).unwrap();
    match firm.app.import_facts(Deployer::Console, &firm.company, "commission", rows, firm.now()).await {
        Ok(_) => Vec::new(),
        Err(error) => error.problem().errors.into_iter().map(|e| (e.pointer, e.message.zh)).collect(),
    }
}

fn commission(id: &str, person: &str, amount: &str) -> Value {
    json!({ "id": id, "salesperson": person, "month": "2026-03", "amount": amount })
}

#[tokio::test]
async fn facts_name_people_who_exist_and_are_told_apart() {
    let firm = Firm::open().await;
    let wrong = facts(&firm, json!([commission("", "li", "1.00"), commission("", "lii", "1.00")])).await;
    assert_eq!(wrong, [("/1/salesperson".into(), "第 2 条：业务员所选的人员不存在或已离职".into())]);
    let twice = facts(&firm, json!([commission("", "li", "1.00"), commission("", "li", "1.00")])).await;
    assert_eq!(twice.len(), 1, "two equal records would silently be one");
    let same_id = facts(&firm, json!([commission("a", "li", "1.00"), commission("a", "li", "2.00")])).await;
    assert_eq!(same_id, [("/1/id".into(), "第 2 条：与第 1 条的 id 相同".into())]);
    assert!(facts(&firm, json!([commission("a", "li", "1.00")])).await.is_empty());
    assert!(facts(&firm, json!([commission("a", "li", "1.00")])).await.is_empty(), "the same again is known");
    let changed = facts(&firm, json!([commission("a", "li", "9.00"), commission("b", "li", "1.00")])).await;
    assert_eq!(changed.len(), 1, "a record cannot be changed by importing it again: {changed:?}");
    assert_eq!(facts(&firm, json!([commission("a\u{0}b", "li", "1.00")])).await.len(), 1);
    firm.hire("id,name,login,roles\nroot,管理员,root,admin\n").await;
    firm.app.deactivate(&firm.viewer("root").await, "li", "离职", firm.now()).await.unwrap();
    assert!(facts(&firm, json!([commission("c", "li", "1.00")])).await.is_empty(), "who has left still sold");
}

#[tokio::test]
async fn only_the_first_mistakes_of_many_facts_are_listed() {
    let firm = Firm::open().await;
    let rows: Vec<Value> = (0..5_000).map(|n| commission(&n.to_string(), &format!("nobody-{n}"), "x")).collect();
    assert_eq!(facts(&firm, json!(rows)).await.len(), 200);
}

#[tokio::test]
async fn a_large_roster_is_brought_in_at_once() {
    let firm = Firm::open().await;
    let rows: String = (0..2_000).map(|n| format!("p{n},某人,p-{n},sales,salesperson,zhao\n")).collect();
    firm.hire(&format!("id,name,login,department,roles,manager\n{rows}")).await;
    assert_eq!(history(&firm, "p1999").await.len(), 1);
}
