//! The ways in which a script ends before its last line.

use rhai::{Dynamic, EvalAltResult, Map, Position};
use zhupi_domain::{Name, Text};

/// Why a script was ended by one of the host's words.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    /// `refuse(code, data)`: an answer, not a fault.
    Refused { code: String, data: Map },
    /// `fail(message)`: the author says that this cannot be.
    Failed(String),
    /// A param has no value yet.
    Blank(Name),
    /// A word was used wrongly or met a value that it cannot take.
    Wrong(Wrong),
    /// The time given was used up.
    TooLate,
}

/// A misuse, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub code: &'static str,
    pub message: Text,
    pub hint: Option<Text>,
}

/// What a native function of the host returns.
pub(crate) type Result<T> = std::result::Result<T, Box<EvalAltResult>>;

impl Wrong {
    pub(crate) fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Text::new(zh, en), hint: None }
    }

    pub(crate) fn hint(self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { hint: Some(Text::new(zh, en)), ..self }
    }
}

impl From<Wrong> for Box<EvalAltResult> {
    fn from(wrong: Wrong) -> Self {
        Stop::Wrong(wrong).into()
    }
}

impl From<Stop> for Box<EvalAltResult> {
    fn from(stop: Stop) -> Self {
        // Scripts have no `try`, so nothing catches it; unlike a termination it keeps its place and its library.
        EvalAltResult::ErrorRuntime(Dynamic::from(stop), Position::NONE).into()
    }
}
