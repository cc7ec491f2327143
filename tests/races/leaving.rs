//! Whoever holds a task leaves the company in the moment in which they decide.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::house::{Person, Place};
use crate::law::{Round, SHUT_OUT};
use crate::office::{self, Act, COMPANY, Clerk, Department, fresh_key};
use crate::{Dice, rounds};

pub async fn run(place: &Place) {
    let began = Instant::now();
    let office = office::open(place, 1).await;
    let department = office.departments[0].clone();
    let mut dice = Dice(7);
    // Each round has a log-in, which is slow by design.
    let rounds = if rounds() > 100 { rounds() / 4 } else { rounds() };
    let mut in_time = 0;
    for round in 0..rounds {
        let address =
            Ipv4Addr::new(127, 1, u8::try_from(round / 200 % 200).unwrap(), u8::try_from(round % 200).unwrap() + 1);
        let at = Person::log_in_from(address, &office.server.url(), COMPANY, &department.approvers[0].id).await;
        let leaver = Clerk { at, ..department.approvers[0].clone() };
        let late = [dice.below(5_000), dice.below(40_000)].map(Duration::from_micros);
        in_time += usize::from(decides_in_time(&department, &leaver, late).await);
        set_active(&department, &leaver, true).await;
    }
    office.close(place).await;
    println!(
        "figure: an approval against its holder leaving over HTTP, {}: {rounds} rounds, {in_time} decided in time; {} s",
        place.database(),
        began.elapsed().as_secs()
    );
}

/// Whether the leaver's decision came before the end of their employment.
async fn decides_in_time(department: &Department, leaver: &Clerk, late: [Duration; 2]) -> bool {
    let instance = department.asker.ask("any").await;
    let attempt = department.prepare(&instance, leaver, Act::Approve).await;
    let before = department.records.events(&instance).await.len();
    let decides = async {
        tokio::time::sleep(late[0]).await;
        attempt.send().await
    };
    let leaves = async {
        tokio::time::sleep(late[1]).await;
        set_active(department, leaver, false).await;
    };
    let (attempted, ()) = tokio::join!(decides, leaves);
    taken_back(department, &instance, leaver).await;
    let (records, attempted) = (&department.records, &[attempted]);
    let order = Round { records, instance: &instance, before, attempted, also_told: &SHUT_OUT }.judge().await;
    match order.as_slice() {
        [] => false,
        [one] if one == "approved" => true,
        other => panic!("{other:?} is no lawful order of {instance}"),
    }
}

async fn set_active(department: &Department, who: &Clerk, active: bool) {
    let (path, body) = match active {
        true => (format!("/admin/people/{}/activate", who.id), json!({})),
        false => (format!("/admin/people/{}/deactivate", who.id), json!({ "reason": "离职" })),
    };
    let reply = department.admin.send(&path, &body, &fresh_key()).await;
    assert_eq!(reply.status, 204, "{}", reply.body);
}

/// Waits until who has left holds nothing any more.
async fn taken_back(department: &Department, instance: &str, leaver: &Clerk) {
    let key = format!("person:{}", leaver.id);
    let began = Instant::now();
    while department.records.tasks(instance).await.iter().any(|task| task.is_open && task.assignee == key) {
        assert!(began.elapsed() < Duration::from_secs(20), "{} has left and still holds a task", leaver.id);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
