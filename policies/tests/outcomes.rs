//! What evaluations give: answers by date, explanations, coverage.

#![allow(clippy::expect_used)]

mod golden {
    pub mod support;
}

mod outcome {
    mod answers;
    mod coverage;
    mod explanation;
    mod fixtures;
}
