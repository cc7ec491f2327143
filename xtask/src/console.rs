//! What a person sees: colour on a terminal, plain text everywhere else.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use crate::failure::Failure;

/// Prints, in colour if the reader is a terminal and `NO_COLOR` is not set.
#[derive(Clone, Copy)]
pub struct Console {
    colour: bool,
}

#[derive(Clone, Copy)]
pub enum Colour {
    Bold,
    Dim,
    Green,
    Yellow,
    Red,
}

impl Console {
    /// Looks at the terminal and at `NO_COLOR`.
    pub fn detect() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Console { colour: std::io::stdout().is_terminal() && std::io::stderr().is_terminal() && !refused }
    }

    /// Prints without colour.
    #[cfg(test)]
    pub fn plain() -> Self {
        Console { colour: false }
    }

    /// Wraps `text` in the codes of a colour, or leaves it as it is.
    pub fn paint(self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Bold => "1",
            Colour::Dim => "2",
            Colour::Green => "32",
            Colour::Yellow => "33",
            Colour::Red => "31",
        };
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Prints a line. A reader that has gone away, as `head` does, is no reason to stop.
    pub fn say(self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// Prints something the reader should know, though work goes on.
    pub fn note(self, text: &str) {
        self.say(&format!("{} {text}", self.paint(Colour::Yellow, "note:")));
    }

    /// Prints why the command ends, on standard error.
    pub fn error(self, failure: &Failure) {
        let _ = writeln!(std::io::stderr(), "{} {failure}", self.paint(Colour::Red, "error:"));
    }
}

/// A time as people say it: `0.4 s`, `12.3 s`, `2 min 05 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_plain_without_a_terminal() {
        assert_eq!(Console::plain().paint(Colour::Red, "no"), "no");
        assert_eq!(Console { colour: true }.paint(Colour::Red, "no"), "\x1b[31mno\x1b[0m");
    }

    #[test]
    fn times_read_as_people_say_them() {
        assert_eq!(spoken(Duration::from_millis(440)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
