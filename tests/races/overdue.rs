//! A deadline passes at the moment in which somebody decides: the timer goes off once, or it never does.

use std::time::{Duration, Instant};

use crate::house::Place;
use crate::law::Round;
use crate::office::{self, APPROVERS, Act, Attempted, COMPANY, Department, Office, request};
use crate::past::{Past, now};
use crate::rounds;

/// Requests whose timers come due at once.
const BATCH: usize = 16;

/// What may come of it: all three timers are over, and go off in their order.
const LAWFUL: [&[&str]; 4] = [
    &["approved"],
    &["overdue", "approved"],
    &["overdue", "reminded", "approved"],
    &["overdue", "reminded", "escalated", "approved"],
];

pub async fn run(place: &Place) {
    let began = Instant::now();
    let mut office = office::open(place, 1).await;
    let (mut done, mut ways) = (0, [0; LAWFUL.len()]);
    while done < rounds() {
        for way in batch(place, &mut office).await {
            ways[way] += 1;
        }
        done += BATCH;
    }
    office.close(place).await;
    println!(
        "figure: a deadline against an approval over HTTP, {}: {done} rounds, in {} of them the deadline was first; {} s",
        place.database(),
        done - ways[0],
        began.elapsed().as_secs()
    );
}

/// Submits a batch of which all deadlines are over when the server starts, and decides while it starts.
async fn batch(place: &Place, office: &mut Office) -> Vec<usize> {
    let department = office.departments[0].clone();
    let submit = async || {
        let past = Past::open(place).await;
        let mut submitted = Vec::new();
        for _ in 0..BATCH {
            submitted.push(past.submit(30, COMPANY, &department.asker.id, &request("any")).await);
        }
        past.close().await;
        submitted
    };
    let mut waiting = Vec::new();
    let started = office.while_closed(place, async || {
        for (number, instance) in submit().await.into_iter().enumerate() {
            let before = department.records.events(&instance).await.len();
            let approver = department.approvers[number % APPROVERS].elsewhere();
            let attempt = department.prepare(&instance, &approver, Act::Approve).await;
            waiting.push((instance, before, attempt));
        }
        let started = now();
        (started, department.records.timers_before(started).await)
    });
    let (started, due) = started.await;
    // The timers go off one after another; as soon as the first has, one after another decides.
    let patience = Instant::now();
    while department.records.timers_before(started).await == due {
        assert!(patience.elapsed() < Duration::from_secs(30), "no timer goes off");
    }
    let decided = waiting.into_iter().enumerate().map(|(number, (instance, before, attempt))| {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(30 * number as u64)).await;
            (instance, before, attempt.send().await)
        })
    });
    let mut ways = Vec::new();
    for decided in decided.collect::<Vec<_>>() {
        let (instance, before, attempted) = decided.await.unwrap();
        ways.push(judge(&department, &instance, before, attempted).await);
    }
    assert_eq!(department.records.timers_before(started).await, 0, "a timer outlived the visit it belongs to");
    ways
}

async fn judge(department: &Department, instance: &str, before: usize, attempted: Attempted) -> usize {
    assert_eq!(attempted.reply.status, 200, "a deadline keeps nobody from deciding: {}", attempted.reply.body);
    let (records, attempted) = (&department.records, &[attempted]);
    let order = Round { records, instance, before, attempted, also_told: &[] }.judge().await;
    let lawful = LAWFUL.iter().position(|lawful| *lawful == order);
    lawful.unwrap_or_else(|| panic!("{order:?} is no lawful order of {instance}"))
}
