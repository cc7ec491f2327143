//! Check sheets of week plans on a server that looks every day: each plan has one, also one that was recorded late.

use serde_json::json;
use zhupi_app::{CalendarFile, Deployer, NewRequest, RequestKey};
use zhupi_domain::{ContentHash, Instant};

use crate::firm::{Firm, moment};

/// A moment of Shanghai in April 2026.
fn april(day: u32, hour: u32) -> Instant {
    moment(4, day, hour)
}

/// Puts a plan of the week from 13 to 19 April on record.
async fn record(firm: &Firm, planner: &str, plan: &str, now: Instant) {
    let row = json!({
        "planner": planner, "week": "2026-W16", "last_day": "2026-04-19", "plan": plan, "points": "100", "late": false,
        "items": [ { "content": "走访", "weight": "100" } ], "due": "2026-04-10T04:00:00Z",
    });
    firm.record("week-plan", row, now).await;
}

/// The people with a check sheet, sorted.
async fn sheets(firm: &Firm, now: Instant) -> Vec<String> {
    let rows = firm.requests("wu", "week-score", now).await;
    let mut people: Vec<String> = rows.iter().map(|row| row["initiator"]["id"].as_str().unwrap().to_owned()).collect();
    people.sort();
    people
}

#[tokio::test]
async fn every_plan_has_one_check_sheet_and_a_late_one_has_it_the_next_morning() {
    let firm = Firm::open("hospital", april(8, 9)).await;
    record(&firm, "sun", "ZJH-1", april(11, 12)).await;
    firm.look(april(8, 9), april(12, 10)).await;
    assert!(sheets(&firm, april(12, 10)).await.is_empty(), "none before its week");
    firm.look(april(12, 10), april(13, 10)).await;
    assert_eq!(sheets(&firm, april(13, 10)).await, ["sun"], "on Monday");
    record(&firm, "gao", "ZJH-2", april(13, 11)).await;
    for day in 14..=20 {
        firm.look(april(day - 1, 10), april(day, 10)).await;
        assert_eq!(sheets(&firm, april(day, 10)).await, ["gao", "sun"], "the late one on Tuesday, and nothing twice");
    }
    firm.look(april(8, 9), april(20, 11)).await;
    assert_eq!(sheets(&firm, april(20, 11)).await, ["gao", "sun"], "nor by a look over all of these days");
}

#[tokio::test]
async fn a_plan_is_due_a_day_earlier_as_soon_as_somebody_enters_that_friday_is_free() {
    let now = april(7, 9);
    let firm = Firm::open("hospital", now).await;
    let viewer = firm.viewer("sun", now).await;
    let request =
        NewRequest { flow: "week-plan".into(), form: Default::default(), period: Some("2026-W16".into()), about: None };
    let key = RequestKey { key: None, request: ContentHash::of(&[b"plan"]) };
    let started = firm.app.submit(&viewer, request, key, now).await.map_err(|error| error.problem()).unwrap();
    let id = started.body["id"].as_str().unwrap();
    firm.errands(now).await;
    let due = async || {
        let view = serde_json::to_value(firm.app.instance(&viewer, id, now).await.unwrap()).unwrap();
        view["my_tasks"][0]["due_at"].as_str().unwrap_or("-").to_owned()
    };
    assert_eq!(due().await, "2026-04-10T04:00:00.000000Z", "Friday noon");
    let text = "date,day,name\n2026-04-10,holiday,停电检修\n".to_owned();
    let days = CalendarFile { name: "days.csv".into(), text, complete: Default::default() };
    firm.app.import_calendar(Deployer::Console, &firm.company, days, now).await.unwrap();
    firm.errands(now).await;
    assert_eq!(due().await, "2026-04-09T04:00:00.000000Z", "Thursday noon");
}
