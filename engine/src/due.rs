//! When work is due.

use std::fmt;

use zhupi_domain::calendar::{Span, Window};
use zhupi_domain::expr::Expr;

/// The rule for a deadline.
#[derive(Debug, Clone, PartialEq)]
pub enum Due {
    /// So long after the work opened.
    Within(Span),
    /// So long before a moment that the request names. Days are calendar days, hours and minutes those of the clock.
    Before { span: Span, of: Expr },
    /// At a moment that the request or a policy names; a date ends with its day.
    At(Expr),
    /// At a day that comes round every month or week.
    Window(Window),
}

impl fmt::Display for Due {
    /// As packs write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Within(span) => span.fmt(f),
            Self::Before { span, of } => write!(f, "{span} before {}", of.source()),
            Self::At(of) => write!(f, "at {}", of.source()),
            Self::Window(window) => window.fmt(f),
        }
    }
}
