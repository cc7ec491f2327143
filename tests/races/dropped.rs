//! Clients who go away before they are answered: what they began is done wholly or not at all, and nobody else notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::house::Place;
use crate::law::Round;
use crate::office::{self, Act, Attempt, Clerk, Department, Office, fresh_key, request};
use crate::{Dice, rounds};

/// Clients that go away, for each round.
const DROPPED: usize = 10;
/// How many of them are there at once.
const AT_ONCE: usize = 8;

/// What somebody sent and did not wait for.
enum Sent {
    Request { who: Clerk, key: String },
    Approval { department: Arc<Department>, instance: String, before: usize, attempt: Box<Attempt> },
    Look,
}

pub async fn run(place: &Place) {
    let began = Instant::now();
    let office = office::open(place, (rounds() / 20).clamp(1, 12)).await;
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let others: Vec<_> = office
        .departments
        .iter()
        .map(|department| tokio::spawn(work(department.clone(), stop.clone(), answered.clone())))
        .collect();
    let share = rounds() * DROPPED / AT_ONCE;
    let droppers = (0..AT_ONCE).map(|number| {
        let department = office.departments[number % office.departments.len()].clone();
        tokio::spawn(go_away(department, Dice(number as u64), share))
    });
    let mut sent = Vec::new();
    for dropper in droppers.collect::<Vec<_>>() {
        sent.extend(dropper.await.unwrap());
    }
    stop.store(true, Ordering::Relaxed);
    let mut asked = 0;
    for other in others {
        asked += other.await.unwrap();
    }
    assert!(answered.load(Ordering::Relaxed) > 0, "others worked meanwhile");
    let dropped = sent.len();
    settle(&office, sent, asked).await;
    every_session_works(&office).await;
    office.close(place).await;
    println!(
        "figure: clients who go away, {}: {dropped} gone after 0 to 50 ms, {} answers to others, no error; {} s",
        place.database(),
        answered.load(Ordering::Relaxed),
        began.elapsed().as_secs()
    );
}

/// Sends requests, approvals and looks, and waits for none of them.
async fn go_away(department: Arc<Department>, mut dice: Dice, count: usize) -> Vec<Sent> {
    let mut sent = Vec::new();
    for _ in 0..count {
        let after = Duration::from_micros(dice.below(50_000));
        sent.push(match dice.below(3) {
            0 => {
                let (who, key) = (department.approvers[dice.below(4) as usize].elsewhere(), fresh_key());
                who.send_and_go_away("/instances", &request("any"), &key, after).await;
                Sent::Request { who, key }
            }
            1 => {
                let instance = department.asker.ask("all").await;
                let who = department.approvers[dice.below(4) as usize].elsewhere();
                let attempt = Box::new(department.prepare(&instance, &who, Act::Approve).await);
                let before = department.records.events(&instance).await.len();
                attempt.send_and_go_away(after).await;
                Sent::Approval { department: department.clone(), instance, before, attempt }
            }
            _ => {
                let who = department.approvers[dice.below(4) as usize].elsewhere();
                who.look_and_go_away(["/tasks", "/instances?view=readable"][dice.below(2) as usize], after).await;
                Sent::Look
            }
        });
    }
    sent
}

/// Works as people do meanwhile; answers how many requests it made.
async fn work(department: Arc<Department>, stop: Arc<AtomicBool>, answered: Arc<AtomicUsize>) -> u64 {
    let mut asked = 0;
    while !stop.load(Ordering::Relaxed) {
        let inbox = department.chief.elsewhere().at.get("/tasks").await.unwrap();
        assert_eq!(inbox.status, 200, "{}", inbox.body);
        let instance = department.asker.ask("any").await;
        asked += 1;
        department.simply(&instance, &department.approvers[asked as usize % 4], Act::Approve).await;
        department.simply(&instance, &department.chief, Act::Approve).await;
        answered.fetch_add(4, Ordering::Relaxed);
    }
    asked
}

/// Sends everything once more under its key: it was done, or it is done now, but never twice.
async fn settle(office: &Office, sent: Vec<Sent>, asked: u64) {
    let mut requests = 0;
    for sent in sent {
        match sent {
            Sent::Request { who, key } => {
                let first = who.ask_under("any", &key).await;
                assert_eq!(who.ask_under("any", &key).await, first);
                requests += 1;
            }
            Sent::Approval { department, instance, before, attempt } => {
                let attempted = &[attempt.send().await];
                let records = &department.records;
                let order = Round { records, instance: &instance, before, attempted, also_told: &[] }.judge().await;
                assert_eq!(order, ["approved"]);
            }
            Sent::Look => {}
        }
    }
    assert_eq!(office.records.instances("any").await, requests + asked, "each request is there once");
}

async fn every_session_works(office: &Office) {
    for clerk in office.departments.iter().flat_map(|department| department.everybody()) {
        let reply = clerk.at.get("/session").await.unwrap();
        assert_eq!(reply.status, 200, "{}: {}", clerk.id, reply.body);
    }
}
