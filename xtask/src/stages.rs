//! Numbered stages, each with its time.

use std::time::Instant;

use crate::console::{Colour, Console, spoken};
use crate::failure::Failure;

/// A command's stages, printed as they happen: `[2/5] Web packages`, then how it went and how long it took.
pub struct Stages {
    console: Console,
    total: usize,
    begun: usize,
    failed: Vec<String>,
    started: Instant,
}

impl Stages {
    /// Begins a command of `total` stages.
    pub fn new(console: Console, total: usize) -> Self {
        Stages { console, total, begun: 0, failed: Vec::new(), started: Instant::now() }
    }

    /// Runs a stage that the next ones build upon; `work` answers in a word or two what it did.
    pub fn run(&mut self, name: &str, work: impl FnOnce() -> Result<String, Failure>) -> Result<(), Failure> {
        self.announce(name);
        let started = Instant::now();
        let result = work();
        let outcome = match &result {
            Ok(words) => self.console.paint(Colour::Green, words),
            Err(_) => self.console.paint(Colour::Red, "failed"),
        };
        let time = format!("({})", spoken(started.elapsed()));
        self.console.say(&format!("      {outcome} {}", self.console.paint(Colour::Dim, &time)));
        result.map(|_| ())
    }

    /// Runs a stage whose failure is shown and remembered, while the next ones still run.
    pub fn attempt(&mut self, name: &str, work: impl FnOnce() -> Result<String, Failure>) {
        if let Err(failure) = self.run(name, work) {
            self.console.error(&failure);
            self.failed.push(name.to_owned());
        }
    }

    /// Announces a stage that this program does not come back from.
    pub fn announce(&mut self, name: &str) {
        self.begun += 1;
        let number = self.console.paint(Colour::Dim, &format!("[{}/{}]", self.begun, self.total));
        self.console.say(&format!("{number} {}", self.console.paint(Colour::Bold, name)));
    }

    /// Prints the time of all stages together; a failure if one of those attempted failed.
    pub fn finish(self) -> Result<(), Failure> {
        self.console.say(&format!("{} {}", self.console.paint(Colour::Dim, "total"), spoken(self.started.elapsed())));
        if self.failed.is_empty() {
            Ok(())
        } else {
            Err(Failure::Findings(format!("failed: {}", self.failed.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempted_stage_fails_the_whole_but_lets_the_next_ones_run() {
        let mut stages = Stages::new(Console::plain(), 2);
        stages.attempt("first", || Err(Failure::Findings("no".into())));
        let mut second_ran = false;
        stages.attempt("second", || {
            second_ran = true;
            Ok("done".into())
        });
        assert!(second_ran);
        assert_eq!(stages.finish().unwrap_err().to_string(), "failed: first");
    }

    #[test]
    fn a_failed_stage_that_others_need_ends_the_command() {
        let mut stages = Stages::new(Console::plain(), 1);
        assert!(matches!(stages.run("tools", || Err(Failure::Missing("cc".into()))), Err(Failure::Missing(_))));
    }
}
