//! The rules of real firms, written as authors would write them, against worked figures.

mod golden {
    pub mod support;

    mod credit;
    mod hospital;
    mod hospital_awards;
    mod others;
    mod payout;
    mod workplan;
}
