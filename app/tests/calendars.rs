//! A company's own days: what they do to deadlines that run.

#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::{Value, json};
use support::Firm;
use zhupi_app::{AppError, CalendarFile, CalendarImported, Denied, Deployer, InboxQuery};

/// The public holidays of 2027, as an admin may enter them late in 2026: invented, and enough of them.
fn year_2027() -> String {
    let free = [
        "01-01", "02-05", "02-08", "02-09", "02-10", "02-11", "04-05", "05-03", "06-09", "09-15", "10-01", "10-04",
        "10-05",
    ];
    let rows: Vec<String> = free.iter().map(|day| format!("2027-{day},holiday,")).collect();
    format!("date,day,name\n{}\n", rows.join("\n"))
}

async fn import(firm: &Firm, days: &str, complete: &[i32]) -> Result<CalendarImported, AppError> {
    let file =
        CalendarFile { name: "days.csv".into(), text: days.into(), complete: complete.iter().copied().collect() };
    firm.app.import_calendar(Deployer::Console, &firm.company, file, firm.now()).await
}

/// When 赵二's task is due, and the year that is missing.
async fn due(firm: &Firm, id: &str) -> (Value, Value) {
    let task = firm.seen("zhao", id).await["my_tasks"][0].clone();
    let inbox = firm.app.inbox(&firm.viewer("zhao").await, InboxQuery::default(), firm.now()).await.unwrap();
    let listed = serde_json::to_value(&inbox.items[0]).unwrap();
    assert_eq!(listed["due_at"], task["due_at"], "lists say the same");
    (task["due_at"].clone(), task["no_calendar_year"].clone())
}

/// Two working days after Wednesday, 30 December 2026: 1 January 2027 is a Friday.
async fn submitted_before_new_year(firm: &Firm) -> String {
    firm.pass_hours(24 * 301);
    firm.submit("li").await
}

#[tokio::test]
async fn a_year_that_is_entered_gives_running_work_its_date_and_says_so() {
    let firm = Firm::open().await;
    let id = submitted_before_new_year(&firm).await;
    assert_eq!(due(&firm, &id).await, (Value::Null, 2027.into()));
    let imported = import(&firm, &year_2027(), &[2027]).await.unwrap();
    assert!(imported.warnings.is_empty(), "{:?}", imported.warnings);
    firm.machines().await;
    let (due_at, missing) = due(&firm, &id).await;
    assert_eq!((due_at.as_str().map(|at| &at[..10]), missing), (Some("2027-01-04"), Value::Null));
    let seen = firm.seen("zhao", &id).await["timeline"].to_string();
    assert!(seen.contains("日历已更新"), "{seen}");
    // The alarm of the deadline runs now, too.
    firm.pass_hours(24 * 9);
    firm.timers().await;
    assert!(firm.seen("zhao", &id).await["timeline"].to_string().contains("逾期"));
}

#[tokio::test]
async fn a_day_of_the_companys_own_moves_what_is_due_and_taking_it_out_moves_it_back() {
    let firm = Firm::open().await;
    let id = firm.submit("li").await;
    let before = due(&firm, &id).await;
    assert_eq!(before.0.as_str().map(|at| &at[..10]), Some("2026-03-06"));
    import(&firm, "date,day,name\n2026-03-05,休,司庆\n", &[]).await.unwrap();
    firm.machines().await;
    assert_eq!(due(&firm, &id).await.0.as_str().map(|at| &at[..10]), Some("2026-03-09"));
    firm.app.remove_calendar(Deployer::Console, &firm.company, 2026, firm.now()).await.unwrap();
    firm.machines().await;
    assert_eq!(due(&firm, &id).await, before);
}

#[tokio::test]
async fn what_was_decided_while_the_days_changed_is_counted_a_minute_later() {
    let firm = Firm::open().await;
    import(&firm, "date,day\n2026-03-05,holiday\n", &[]).await.unwrap();
    firm.machines().await;
    let messages = async |firm: &Firm| {
        let mut found = 0;
        for shard in 0..16 {
            found += firm.app.store().due_messages(shard, firm.now(), 100).await.unwrap().len();
        }
        found
    };
    assert_eq!(messages(&firm).await, 0, "the first look is done");
    firm.pass_hours(1);
    assert_eq!(messages(&firm).await, 1, "and there is a second");
    firm.machines().await;
    assert_eq!(messages(&firm).await, 0);
}

#[tokio::test]
async fn days_that_were_sent_before_change_nothing() {
    let firm = Firm::open().await;
    let first = import(&firm, &year_2027(), &[2027]).await.unwrap();
    assert_eq!((first.years[0].days, first.years[0].changed, first.years[0].complete), (13, 13, true));
    let again = import(&firm, &year_2027(), &[]).await.unwrap();
    assert_eq!((again.years[0].days, again.years[0].changed), (13, 0));
    assert!(again.years[0].complete, "a year that was complete stays so");
}

#[tokio::test]
async fn a_sheet_with_a_mistake_changes_nothing() {
    let firm = Firm::open().await;
    let refused = import(&firm, "date,day\n2027-01-01,holiday\n2027-13-01,holiday\n", &[2027]).await;
    let Err(AppError::SheetsInvalid(found)) = refused else { panic!("{refused:?}") };
    assert_eq!(
        found.iter().map(|one| one.place()).collect::<Vec<_>>(),
        ["days.csv:3:1"],
        "that the year is short is told later"
    );
    let view = firm.app.calendar_view(&firm.viewer("li").await, Some(2027), firm.now()).await.unwrap();
    assert!(!view.complete && view.days.is_empty());
    assert_eq!(view.missing, [2027], "everybody sees that next year is not known");
    let far = firm.app.calendar_view(&firm.viewer("li").await, Some(3_000_000), firm.now()).await;
    assert_eq!(far.err().unwrap().problem().code, "year_invalid");
}

#[tokio::test]
async fn only_who_looks_after_people_may_change_days() {
    let firm = Firm::open().await;
    let clerk = firm.viewer("li").await;
    let file = CalendarFile { name: "days.csv".into(), text: year_2027(), complete: [2027].into() };
    let refused = firm.app.import_calendar(Deployer::Person(&clerk), &firm.company, file, firm.now()).await;
    assert!(matches!(refused, Err(AppError::Denied(Denied::Forbidden))), "{refused:?}");
    let refused = firm.app.remove_calendar(Deployer::Person(&clerk), &firm.company, 2027, firm.now()).await;
    assert!(matches!(refused, Err(AppError::Denied(Denied::Forbidden))), "{refused:?}");
    let file = CalendarFile { name: "days.csv".into(), text: year_2027(), complete: [2027].into() };
    let nobody = zhupi_domain::CompanyId::new("nobody");
    let mistyped = firm.app.import_calendar(Deployer::Console, &nobody, file, firm.now()).await;
    assert!(matches!(mistyped, Err(AppError::Denied(Denied::NotFound))), "{mistyped:?}");
    assert!(firm.app.store().calendars(&nobody).await.unwrap().is_empty());
    let unknown = firm.app.remove_calendar(Deployer::Console, &firm.company, 2027, firm.now()).await;
    assert!(matches!(unknown, Err(AppError::Denied(Denied::NotFound))), "{unknown:?}");
}

/// A hand-over is due on the day after its second working day: one policy counts the days, another goes on from there.
const DATED: &str = "
flow: dated
title: 交接
form: dated
start: [ { by: [ role:salesperson ] } ]
steps:
  - { step: worked, policy: { run: dates.worked, into: worked, with: { from: form.begun } } }
  - { step: after, policy: { run: dates.after, into: after, with: { day: worked.data.by, note: form.note } } }
  - step: head
    title: 主管核对
    approve: { by: role:sales-head }
    due: 1 day before after.data.by
    overdue: [ { do: remind } ]
  - { step: gm, title: 总经理审批, approve: { by: role:general-manager }, due: at after.data.by }
";

fn dated() -> Vec<(&'static str, &'static str)> {
    let form = r#"{ "type": "object", "required": ["begun", "note"], "properties": {
        "begun": { "type": "string", "format": "date", "title": "开始" }, "note": { "type": "string", "title": "备注" } } }"#;
    let worked = "
policy: dates.worked
kind: decision
clause: D1 1
inputs:
  from: date
  holidays: { type: [ date ], from: calendar.holidays, default: [] }
  extra: { type: [ date ], from: calendar.extra_workdays, default: [] }
outputs:
  by: { type: date, title: 做完 }
";
    let after = "
policy: dates.after
kind: decision
clause: D1 1
inputs:
  day: date
  note: text
outputs:
  by: { type: date, title: 交接 }
  note: { type: text, title: 备注 }
";
    let counts = "fn main(from, holidays, extra) { #{ by: add_workdays(from, 2, calendar(holidays, extra)) } }\n";
    vec![
        ("forms/dated.json", form),
        ("flows/dated.yaml", DATED),
        ("policies/dates/worked.yaml", worked),
        ("policies/dates/worked.rhai", counts),
        ("policies/dates/after.yaml", after),
        ("policies/dates/after.rhai", "fn main(day, note) { #{ by: add_days(day, 1), note: note } }\n"),
    ]
}

/// The date of a task, as a person sees it on the request.
async fn due_on(firm: &Firm, who: &str, id: &str) -> String {
    let task = firm.seen(who, id).await["my_tasks"][0].clone();
    task["due_at"].as_str().unwrap_or("-").chars().take(10).collect()
}

/// What the policies said, by the request's page.
async fn said(firm: &Firm, id: &str) -> Vec<String> {
    let results = firm.seen("li", id).await["results"].as_array().unwrap().clone();
    results.iter().map(|result| result["output"][0]["value"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_date_that_policies_worked_out_is_worked_out_again() {
    let firm = Firm::open().await;
    firm.deploy(&dated()).await;
    let long = "长".repeat(300);
    let id = firm.start("li", "dated", json!({ "begun": "2026-03-05", "note": long })).await;
    firm.machines().await;
    assert_eq!(said(&firm, &id).await, ["2026-03-09", "2026-03-10"]);
    // Midnight in Shanghai is 16:00 of the day before.
    assert_eq!(due_on(&firm, "zhao", &id).await, "2026-03-08");
    let (_, version) = firm.task("zhao", &id).await;

    import(&firm, "date,day,name\n2026-03-09,休,司庆\n", &[]).await.unwrap();
    firm.machines().await;
    assert_eq!(said(&firm, &id).await, ["2026-03-10", "2026-03-11"], "and what goes on from there");
    assert_eq!(due_on(&firm, "zhao", &id).await, "2026-03-09");
    let seen = firm.seen("zhao", &id).await["timeline"].to_string();
    assert!(seen.contains("重新计算了结果") && seen.contains("重新计算了到期时间"), "{seen}");
    assert!(firm.task("zhao", &id).await.1 > version, "who decides sees it first");
    let why = firm.app.explanation(&firm.viewer("li").await, &id, 1).await.unwrap();
    let why = serde_json::to_string(&why).unwrap();
    assert!(why.contains("2026-03-10") && !why.contains("2026-03-09\",\"by"), "why tells the same: {why}");

    let events = firm.seen("li", &id).await["timeline"].as_array().unwrap().len();
    import(&firm, "date,day,name\n2026-03-09,休,司庆\n2026-11-02,休,\n", &[]).await.unwrap();
    firm.machines().await;
    assert_eq!(firm.seen("li", &id).await["timeline"].as_array().unwrap().len(), events, "a far day changes nothing");

    firm.approve_with("zhao", &id, json!({})).await;
    assert_eq!(due_on(&firm, "gm", &id).await, "2026-03-11", "a step that opens later goes by it, too");
    firm.app.remove_calendar(Deployer::Console, &firm.company, 2026, firm.now()).await.unwrap();
    firm.machines().await;
    assert_eq!(due_on(&firm, "gm", &id).await, "2026-03-10");
}

#[tokio::test]
async fn what_waits_for_a_year_goes_on_when_it_is_entered() {
    let firm = Firm::open().await;
    firm.deploy(&dated()).await;
    let id = firm.start("li", "dated", json!({ "begun": "2026-12-31", "note": "年底" })).await;
    firm.machines().await;
    let incidents = async || firm.seen("li", &id).await["incidents"].as_array().unwrap().len();
    assert_eq!(incidents().await, 1, "2027 is not known");
    let told = firm.seen("li", &id).await["incidents"][0]["text"].to_string();
    assert!(
        told.contains("2027 年的数据") && told.contains("no data for 2027"),
        "everybody is told which year: {told}"
    );
    import(&firm, "date,day,name\n2026-03-09,休,司庆\n", &[]).await.unwrap();
    firm.machines().await;
    assert_eq!(incidents().await, 1, "nor by now");
    import(&firm, &year_2027(), &[2027]).await.unwrap();
    firm.machines().await;
    assert_eq!(incidents().await, 0);
    assert_eq!(due_on(&firm, "zhao", &id).await, "2027-01-04");
}

#[tokio::test]
async fn a_branch_that_waits_for_a_year_is_taken_when_it_is_entered() {
    let firm = Firm::open().await;
    let flow = DATED.split("steps:").next().unwrap().to_owned()
        + "steps:\n  - choose:\n      - when: add_workdays(form.begun, 2) > form.begun\n        title: 以后\n        steps:\n"
        + "          - { step: head, title: 主管核对, approve: { by: role:sales-head } }\n      - otherwise: []\n";
    let mut files = dated();
    files.retain(|(path, _)| path.starts_with("forms/"));
    files.push(("flows/dated.yaml", &flow));
    firm.deploy(&files).await;
    let id = firm.start("li", "dated", json!({ "begun": "2026-12-31", "note": "年底" })).await;
    let told = firm.seen("li", &id).await["incidents"][0]["text"].to_string();
    assert!(told.contains("2027 年的节假日") && told.contains("no holidays for 2027"), "{told}");
    import(&firm, &year_2027(), &[2027]).await.unwrap();
    firm.machines().await;
    assert_eq!(firm.seen("li", &id).await["incidents"].as_array().unwrap().len(), 0);
    firm.task("zhao", &id).await;
}
