//! Pairs of acts on the same request, sent at the same moment from programs of their own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::house::Place;
use crate::law::Round;
use crate::office::{APPROVERS, Act, Attempt, Clerk, Department, at_once};
use crate::{Dice, office, rounds};

/// One pair of acts, or more.
#[derive(Clone, Copy)]
struct Contest {
    name: &'static str,
    flow: &'static str,
    /// What is done before, by nobody's race.
    before: Before,
    /// Who does what at the same moment.
    acts: fn(&Department, &mut Dice) -> Vec<(Clerk, Act)>,
    /// The orders that the law knows, as kinds of event.
    lawful: &'static [&'static [&'static str]],
}

#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    /// The first two of four have signed.
    TwoSigned,
    /// The first two of four have cast these ballots.
    TwoVoted(&'static str, &'static str),
    /// It came back to who asked.
    CameBack,
}

fn approver(of: &Department, number: usize) -> Clerk {
    of.approvers[number % APPROVERS].elsewhere()
}

/// Two to eight windows of the four approvers.
fn many_windows(of: &Department, dice: &mut Dice) -> Vec<(Clerk, Act)> {
    let windows = 2 + usize::try_from(dice.below(7)).unwrap();
    (0..windows).map(|window| (approver(of, window), Act::Approve)).collect()
}

/// So many contests have every round; the others have one of every four.
const FOREMOST: usize = 5;
const OTHERS: usize = 4;

const CONTESTS: &[Contest] = &[
    Contest {
        name: "approve × approve, any of four",
        flow: "any",
        before: Before::Nothing,
        acts: many_windows,
        lawful: &[&["approved"]],
    },
    Contest {
        name: "the last two of all four",
        flow: "all",
        before: Before::TwoSigned,
        acts: |of, _| vec![(approver(of, 2), Act::Approve), (approver(of, 3), Act::Approve)],
        lawful: &[&["approved", "approved"]],
    },
    Contest {
        name: "the last two votes of four, both needed",
        flow: "vote",
        before: Before::TwoVoted("agree", "against"),
        acts: |of, _| vec![(approver(of, 2), Act::Vote("agree")), (approver(of, 3), Act::Vote("agree"))],
        lawful: &[&["voted", "voted"]],
    },
    Contest {
        name: "the last two votes of four, either is enough",
        flow: "vote",
        before: Before::TwoVoted("agree", "agree"),
        acts: |of, _| vec![(approver(of, 2), Act::Vote("agree")), (approver(of, 3), Act::Vote("agree"))],
        lawful: &[&["voted"]],
    },
    Contest {
        name: "approve × withdraw",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Approve), (of.asker.elsewhere(), Act::Withdraw)],
        lawful: &[&["withdrawn"], &["approved", "withdrawn"]],
    },
    Contest {
        name: "approve × reject, the last two of all four",
        flow: "all",
        before: Before::TwoSigned,
        acts: |of, _| vec![(approver(of, 2), Act::Approve), (approver(of, 3), Act::Reject)],
        lawful: &[&["rejected"], &["approved", "rejected"]],
    },
    Contest {
        name: "approve × reject, any of four",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Approve), (approver(of, 1), Act::Reject)],
        lawful: &[&["approved"], &["rejected"]],
    },
    Contest {
        name: "approve × return",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Approve), (approver(of, 1), Act::Return)],
        lawful: &[&["approved"], &["returned"]],
    },
    Contest {
        name: "approve × transfer, one person in two windows",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Approve), (approver(of, 0), Act::Transfer)],
        lawful: &[&["approved"], &["transferred"]],
    },
    Contest {
        name: "approve × transfer, two people",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Approve), (approver(of, 1), Act::Transfer)],
        lawful: &[&["approved"], &["transferred", "approved"]],
    },
    Contest {
        name: "transfer × transfer, to the same person",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Transfer), (approver(of, 1), Act::Transfer)],
        lawful: &[&["transferred"]],
    },
    Contest {
        name: "approve × approve, both writing into the form",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::ApproveWriting("甲")), (approver(of, 1), Act::ApproveWriting("乙"))],
        lawful: &[&["approved"]],
    },
    Contest {
        name: "approve × cancel",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(approver(of, 0), Act::Approve), (of.admin.elsewhere(), Act::Cancel)],
        lawful: &[&["cancelled"], &["approved", "cancelled"]],
    },
    Contest {
        name: "withdraw × cancel",
        flow: "any",
        before: Before::Nothing,
        acts: |of, _| vec![(of.asker.elsewhere(), Act::Withdraw), (of.admin.elsewhere(), Act::Cancel)],
        lawful: &[&["withdrawn"], &["cancelled"]],
    },
    Contest {
        name: "resubmit × resubmit, one person in two windows",
        flow: "any",
        before: Before::CameBack,
        acts: |of, _| vec![(of.asker.elsewhere(), Act::Resubmit), (of.asker.elsewhere(), Act::Resubmit)],
        lawful: &[&["resubmitted"]],
    },
    Contest {
        name: "resubmit × cancel",
        flow: "any",
        before: Before::CameBack,
        acts: |of, _| vec![(of.asker.elsewhere(), Act::Resubmit), (of.admin.elsewhere(), Act::Cancel)],
        lawful: &[&["cancelled"], &["resubmitted", "cancelled"]],
    },
];

pub async fn run(place: &Place) {
    let began = Instant::now();
    // Each asker may send four requests a second.
    let office = office::open(place, (rounds() / 60).clamp(1, 12)).await;
    let share = rounds().div_ceil(office.departments.len());
    let departments = office.departments.iter().map(|department| tokio::spawn(race(department.clone(), share)));
    let mut ways = vec![0; CONTESTS.len()];
    for department in departments.collect::<Vec<_>>() {
        for (total, ways) in ways.iter_mut().zip(department.await.unwrap()) {
            *total |= ways;
        }
    }
    let played = |number: usize| {
        let each = if number < FOREMOST { share } else { share.div_ceil(OTHERS) };
        each * office.departments.len()
    };
    for (number, (contest, ways)) in CONTESTS.iter().zip(&ways).enumerate() {
        let (rounds, seen) = (played(number), u32::count_ones(*ways));
        println!("{}: {rounds} rounds, {seen} of {} lawful orders seen", contest.name, contest.lawful.len());
    }
    let (foremost, others) = (played(0), played(FOREMOST));
    office.close(place).await;
    println!(
        "figure: two acts on one request over HTTP, {}: {FOREMOST} pairs of {foremost} rounds, {} of {others}: one lawful order \
         each; {} s",
        place.database(),
        CONTESTS.len() - FOREMOST,
        began.elapsed().as_secs()
    );
}

/// Plays all contests in a department, and answers which lawful orders came of each, as bits.
async fn race(department: Arc<Department>, rounds: usize) -> Vec<u32> {
    let mut ways = vec![0; CONTESTS.len()];
    let mut dice = Dice(1 + department.number as u64);
    for round in 0..rounds {
        for (number, (contest, ways)) in CONTESTS.iter().zip(&mut ways).enumerate() {
            if number < FOREMOST || round % OTHERS == 0 {
                *ways |= 1 << play(&department, contest, &mut dice).await;
            }
        }
    }
    ways
}

/// Plays one round, and answers which of the lawful orders came of it.
async fn play(department: &Department, contest: &Contest, dice: &mut Dice) -> usize {
    let instance = department.asker.ask(contest.flow).await;
    let asked = department.records.tasks(&instance).await.iter().filter(|task| task.is_open).count();
    assert_eq!(asked, APPROVERS, "the four of the department are asked, and nobody else");
    prepare(department, contest.before, &instance).await;
    let mut attempts: Vec<Attempt> = Vec::new();
    for (who, act) in (contest.acts)(department, dice) {
        attempts.push(department.prepare(&instance, &who, act).await);
    }
    let before = department.records.events(&instance).await.len();
    // In half of the rounds one of them starts a little late.
    let (last, late) = (dice.below(2 * attempts.len() as u64) as usize, Duration::from_micros(dice.below(4_000)));
    let late_by = |index| if index == last { late } else { Duration::ZERO };
    let attempted = at_once(attempts, late_by).await;
    let round =
        Round { records: &department.records, instance: &instance, before, attempted: &attempted, also_told: &[] };
    let order = round.judge().await;
    let lawful = contest.lawful.iter().position(|lawful| *lawful == order);
    lawful.unwrap_or_else(|| panic!("{}: {order:?} is no lawful order of {instance}", contest.name))
}

async fn prepare(department: &Department, before: Before, instance: &str) {
    match before {
        Before::Nothing => {}
        Before::TwoSigned => {
            for approver in &department.approvers[..2] {
                department.simply(instance, approver, Act::Approve).await;
            }
        }
        Before::TwoVoted(first, second) => {
            for (approver, ballot) in department.approvers.iter().zip([first, second]) {
                department.simply(instance, approver, Act::Vote(ballot)).await;
            }
        }
        Before::CameBack => department.simply(instance, &department.approvers[0], Act::Return).await,
    }
}
