//! What tells one start from another, and how a rule is told to people.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where something is not there")]

use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;
use zhupi_domain::calendar::CalendarData;
use zhupi_domain::{Instant, Name};
use zhupi_pack::{Item, Occasion, Pack, Release};

/// The good pack, whose flow the calendar starts about bad debts besides, with this line of the rule.
fn release(line: &str) -> Release {
    let mut files = Pack::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good")).unwrap();
    files.retain(|path, _| !path.starts_with("cases/"));
    let flow = files.get_mut("flows/bad-debt.yaml").unwrap();
    let start = "start: [ { by: [ role:salesperson ] } ]\n";
    assert!(flow.contains(start));
    let rule = format!("  - {{ every: {{ day: 5 }}, as: role:salesperson, for: fact:bad-debt{line} }}\n");
    *flow = flow.replace(start, &format!("start:\n  - by: [ role:salesperson ]\n{rule}"));
    let checked = Pack::read(&files);
    checked.release.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

/// What its rule calls the start about a debt of ten yuan, and how the rule is told.
fn called(line: &str) -> (String, String) {
    let release = release(line);
    let flow = release.flow(&Name::new("bad-debt").unwrap()).unwrap();
    let calendar = release.company().calendar(&CalendarData::default());
    let rule = &release.starts()[&flow.name].rules[0];
    let day = NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
    let occasion = Occasion { flow, release: &release, calendar: &calendar, on: day, today: day };
    let body = json!({ "customer": "K-0017", "amount": "10.00" }).as_object().cloned().unwrap();
    let item = Item::of("1".into(), body, &["customer".into()], Instant::from_micros(0).unwrap());
    (rule.key(&occasion, Some(&item)).unwrap(), rule.to_string())
}

#[test]
fn what_starts_once_is_called_by_all_that_is_said_of_it() {
    let [none, one, only, two, three] = [
        "",
        ", once: item.customer",
        ", once: [ item.customer ]",
        ", once: [ item.customer, 2 ]",
        ", once: [ item.customer, item.amount, \"'x'\" ]",
    ]
    .map(|line| called(line).0);
    assert!(none.starts_with("2026-03-05 "), "every time: {none}");
    assert_eq!(one, r#"once "K-0017""#, "as it was called when there was one only, so that nothing starts again");
    assert_eq!(only, one, "a list of one is that one");
    assert_eq!(two, r#"once ["K-0017","2"]"#);
    assert_eq!(three, r#"once ["K-0017","10","x"]"#);
}

#[test]
fn who_compares_two_releases_reads_what_starts_once() {
    let told = |line: &str| called(line).1;
    assert!(!told("").contains("once"));
    assert!(told(", once: item.customer").contains(" once item.customer as "), "{}", told(", once: item.customer"));
    let several = told(", once: [ item.customer, 2 ]");
    assert!(several.contains(" once [ item.customer, 2 ] as "), "{several}");
}
