//! Two acts at the same moment on the same request, through the real server, on both databases: one lawful order comes of it.
//!
//! `ZHUPI_RACES` says how many rounds the foremost pairs of acts have; few by default, a thousand and more in the gate.

#![allow(clippy::print_stdout, reason = "figures are told")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

#[path = "../house/mod.rs"]
mod house;
#[path = "../house/past.rs"]
mod past;
#[path = "../house/records.rs"]
mod records;

mod budgets;
mod contests;
mod dropped;
mod law;
mod leaving;
mod office;
mod overdue;

use house::Place;

fn rounds() -> usize {
    std::env::var("ZHUPI_RACES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8)
}

/// Runs a story on both databases.
macro_rules! on_both {
    ($($story:ident: $run:path),+ $(,)?) => {
        mod races_on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                $run(&super::Place::sqlite()).await;
            })+
        }
        mod races_on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(place) = super::Place::postgres() {
                    $run(&place).await;
                }
            })+
        }
    };
}

on_both!(
    two_acts_on_one_request: crate::contests::run,
    the_last_of_a_budget: crate::budgets::run,
    an_act_and_a_deadline: crate::overdue::run,
    an_act_and_its_holder_leaving: crate::leaving::run,
    clients_who_go_away: crate::dropped::run,
);

/// Numbers that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
