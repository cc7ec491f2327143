//! Two requests for the last of a budget: one gets it, the other is told what is missing, and every amount stays accounted for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::Place;
use crate::law::Round;
use crate::office::{self, APPROVERS, Act, Attempt, Attempted, Department, at_once, fresh_key};
use crate::records::Standing;
use crate::{Dice, rounds};

/// What is given to a line, and what each request wants of it: of two there is enough for one.
const GIVEN: &str = "100.00";
const WANTED: &str = "60.00";
/// The same in hundredths.
const GIVEN_FEN: i64 = 10_000;
const WANTED_FEN: i64 = 6_000;
/// How a request is told for which nothing is left.
const SHORT: [(u16, &str); 1] = [(409, "balance_short")];
/// After one of so many rounds the winner withdraws, and the loser gets what is free again.
const GIVES_BACK: usize = 4;

/// What came of the rounds.
#[derive(Default)]
struct Told {
    contested: usize,
    given_back: usize,
    withdrawn: usize,
    withdrawn_first: usize,
    checked: usize,
}

pub async fn run(place: &Place) {
    let began = Instant::now();
    let office = office::open(place, (rounds() / 60).clamp(1, 12)).await;
    let share = rounds().div_ceil(office.departments.len());
    let departments = office.departments.iter().map(|department| tokio::spawn(race(department.clone(), share)));
    let mut told = Told::default();
    for department in departments.collect::<Vec<_>>() {
        let here = department.await.unwrap();
        told.contested += here.contested;
        told.given_back += here.given_back;
        told.withdrawn += here.withdrawn;
        told.withdrawn_first += here.withdrawn_first;
        told.checked += here.checked;
    }
    office.close(place).await;
    println!(
        "figure: the last of a budget over HTTP, {}: {} rounds of two requests, one of them got it each time, {} times the \
         other after it was given back; {} rounds of approving against withdrawing, {} withdrawn first, nothing held \
         afterwards; {} rounds of two submissions that a policy looks at the balance for, one taken each time; {} s",
        place.database(),
        told.contested,
        told.given_back,
        told.withdrawn,
        told.withdrawn_first,
        told.checked,
        began.elapsed().as_secs()
    );
}

async fn race(department: Arc<Department>, rounds: usize) -> Told {
    let mut told = Told::default();
    let mut dice = Dice(100 + department.number as u64);
    for round in 0..rounds {
        let line = format!("d{}-{round}", department.number);
        fund(&department, &line).await;
        let gives_back = round % GIVES_BACK == 0;
        the_last_of_it(&department, &line, gives_back, &mut dice).await;
        told.contested += 1;
        told.given_back += usize::from(gives_back);

        let line = format!("w{}-{round}", department.number);
        fund(&department, &line).await;
        told.withdrawn_first += usize::from(withdrawn_meanwhile(&department, &line, &mut dice).await);
        told.withdrawn += 1;

        both_within_by_themselves(&department, &format!("p{}-{round}", department.number), &mut dice).await;
        told.checked += 1;
    }
    told
}

fn wish(flow: &str, line: &str, amount: &str) -> Value {
    json!({ "flow": flow, "form": { "line": line, "amount": amount } })
}

async fn fund(department: &Department, line: &str) {
    let reply = department.admin.send("/instances", &wish("fund", line, GIVEN), &fresh_key()).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
}

async fn ask(department: &Department, line: &str) -> String {
    department.asker.ask_for(&wish("spend", line, WANTED)).await
}

/// Two requests, each approved by somebody else at the same moment.
async fn the_last_of_it(department: &Department, line: &str, gives_back: bool, dice: &mut Dice) {
    let records = &department.records;
    let mut requests = Vec::new();
    let mut attempts: Vec<Attempt> = Vec::new();
    for number in 0..2 {
        let instance = ask(department, line).await;
        let before = records.events(&instance).await.len();
        let who = department.approvers[(number + dice.below(2) as usize * 2) % APPROVERS].elsewhere();
        attempts.push(department.prepare(&instance, &who, Act::Approve).await);
        requests.push((instance, before));
    }
    let attempted = race_with(attempts, dice).await;
    let (mut won, mut lost) = (Vec::new(), Vec::new());
    for ((instance, before), attempted) in requests.into_iter().zip(attempted) {
        let list = if attempted.reply.status == 200 { &mut won } else { &mut lost };
        let round = &[attempted];
        let order = Round { records, instance: &instance, before, attempted: round, also_told: &SHORT }.judge().await;
        let expected: &[&str] = if round[0].reply.status == 200 { &["approved"] } else { &[] };
        assert_eq!(order, expected, "{instance}");
        list.push(instance);
    }
    assert_eq!((won.len(), lost.len()), (1, 1), "of two requests for the last of {line} one gets it");
    assert_eq!(accounted(department, line).await, (GIVEN_FEN, WANTED_FEN));
    let (winner, loser) = (won.remove(0), lost.remove(0));
    assert_eq!(records.events(&loser).await.iter().filter(|event| event.kind == "moved").count(), 0);
    if gives_back {
        department.simply(&winner, &department.asker, Act::Withdraw).await;
        assert_eq!(accounted(department, line).await, (GIVEN_FEN, 0));
        department.simply(&loser, &department.approvers[0], Act::Approve).await;
        assert_eq!(accounted(department, line).await, (GIVEN_FEN, WANTED_FEN));
        department.simply(&loser, &department.chief, Act::Approve).await;
        assert_eq!(accounted(department, line).await, (GIVEN_FEN - WANTED_FEN, 0));
    }
}

/// A request that is approved and withdrawn at the same moment holds nothing afterwards. Whether nobody approved it before.
async fn withdrawn_meanwhile(department: &Department, line: &str, dice: &mut Dice) -> bool {
    let instance = ask(department, line).await;
    let records = &department.records;
    let approver = department.approvers[dice.below(4) as usize].elsewhere();
    let attempts = vec![
        department.prepare(&instance, &approver, Act::Approve).await,
        department.prepare(&instance, &department.asker.elsewhere(), Act::Withdraw).await,
    ];
    let before = records.events(&instance).await.len();
    let attempted = race_with(attempts, dice).await;
    let order = Round { records, instance: &instance, before, attempted: &attempted, also_told: &[] }.judge().await;
    let Standing { status, .. } = records.standing(&instance).await;
    assert_eq!(status, "withdrawn", "{instance}");
    assert!(order == ["withdrawn"] || order == ["approved", "withdrawn"], "{order:?} is no lawful order of {instance}");
    assert_eq!(accounted(department, line).await, (GIVEN_FEN, 0), "what {instance} held was given back");
    order.len() == 1
}

/// Two submissions at the same moment, for each of which alone a policy that looks at the balance finds room: one is taken.
async fn both_within_by_themselves(department: &Department, line: &str, dice: &mut Dice) {
    let wish = wish("pledge", line, WANTED);
    let late = Duration::from_micros(dice.below(4_000));
    let (one, other) = (department.asker.elsewhere(), department.chief.elsewhere());
    let keys = (fresh_key(), fresh_key());
    let (first, second) = tokio::join!(one.send("/instances", &wish, &keys.0), async {
        tokio::time::sleep(late).await;
        other.send("/instances", &wish, &keys.1).await
    });
    let (taken, refused) = if first.status == 201 { (first, second) } else { (second, first) };
    assert_eq!((taken.status, refused.status), (201, 422), "{} {}", taken.body, refused.body);
    assert!(refused.body.to_string().contains("100"), "{}", refused.body);
    assert_eq!(accounted_on(department, "pledges", line).await, (0, WANTED_FEN));
}

/// Posted and reserved of a budget's line.
async fn accounted(department: &Department, line: &str) -> (i64, i64) {
    accounted_on(department, "budget", line).await
}

/// Posted and reserved of a line, which are the sums of its entries.
async fn accounted_on(department: &Department, account: &str, line: &str) -> (i64, i64) {
    let balance = department.records.balance(account, line).await;
    let entries = department.records.entries(account, line).await;
    let sum = entries.iter().fold((0, 0), |sum, entry| (sum.0 + entry.0, sum.1 + entry.1));
    assert_eq!(balance, sum, "the balance of {line} is the sum of its entries: {entries:?}");
    balance
}

/// Sends all at the same moment; in half of the rounds one of them a little later.
async fn race_with(attempts: Vec<Attempt>, dice: &mut Dice) -> Vec<Attempted> {
    let (last, late) = (dice.below(2 * attempts.len() as u64) as usize, Duration::from_micros(dice.below(4_000)));
    at_once(attempts, |index| if index == last { late } else { Duration::ZERO }).await
}
