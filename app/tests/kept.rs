//! What is kept in memory between two acts is never older than what is stored.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod support;

use serde_json::json;
use support::Firm;
use zhupi_domain::InstanceId;
use zhupi_store::{Calendar, Change, Commit, CommitOutcome, NewEvent, Stream, WritePort as _};

/// Has 5 and 6 March 2026 be holidays of the company.
fn two_days_off(firm: &Firm) -> Change {
    let day = |zh: &str| json!({ "day": "holiday", "name": { "zh": zh, "en": "Company day" } });
    let days = json!({ "days": { "2026-03-05": day("司庆"), "2026-03-06": day("司庆") } });
    let name = firm.company.as_str().parse().unwrap();
    Change::PutCalendar(Calendar { name, body: days.to_string() })
}

async fn due_at(firm: &Firm, id: &str) -> i64 {
    let tasks = firm.app.store().tasks_of(&firm.company, &InstanceId::new(id)).await.unwrap();
    tasks[0].due_at.unwrap().micros()
}

#[tokio::test]
async fn changed_days_hold_for_the_next_act_at_once() {
    let firm = Firm::open().await;
    let before = firm.submit("li").await;
    let mut commit = Commit::new(firm.company.clone());
    commit.changes.push(two_days_off(&firm));
    let alone = firm.app.store().commit(commit.clone()).await;
    assert!(
        matches!(alone, CommitOutcome::Unavailable(_)),
        "days that change without an event would not be noticed: {alone:?}"
    );
    commit.events.push(NewEvent {
        stream: Stream::Calendars,
        kind: "calendar_changed".into(),
        version: 1,
        actor: "console".into(),
        at: firm.now(),
        payload: "{}".into(),
    });
    assert!(matches!(firm.app.store().commit(commit).await, CommitOutcome::Committed(_)));
    let after = firm.submit("li").await;
    let four_days = 4 * 24 * 3_600 * 1_000_000;
    assert_eq!(due_at(&firm, &after).await - due_at(&firm, &before).await, four_days, "two days off, and a weekend");
}
