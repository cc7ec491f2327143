//! What can go wrong while an expression is evaluated.

use crate::calendar::CalendarError;
use crate::{Diagnostic, Span, Text};

/// Why an expression has no value here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} (at {}..{})", kind.code(), span.start, span.end)]
pub struct EvalError {
    pub kind: EvalErrorKind,
    /// The part of the expression that failed.
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvalErrorKind {
    DivisionByZero,
    /// A number at or beyond 10^15.
    Overflow,
    /// A number of days that is not whole.
    NotWhole,
    /// A date before the year 1 or after the year 9999.
    DateOutOfRange,
    /// Working days or local dates were asked for, and the caller gave no calendar.
    NoCalendar,
    /// Nobody has entered the holidays of that year.
    NoCalendarData {
        year: i32,
    },
    /// Rows within rows within rows: more than the allowed number of steps.
    TooMuchWork,
    /// The value is not of the type that the expression was checked against, or it was never checked.
    WrongType,
}

impl EvalErrorKind {
    /// The stable code, as in diagnostics.
    pub fn code(self) -> &'static str {
        match self {
            Self::DivisionByZero => "expr.division-by-zero",
            Self::Overflow => "expr.overflow",
            Self::NotWhole => "expr.not-whole",
            Self::DateOutOfRange => "expr.date-out-of-range",
            Self::NoCalendar => "expr.no-calendar",
            Self::NoCalendarData { .. } => "expr.no-calendar-data",
            Self::TooMuchWork => "expr.too-much-work",
            Self::WrongType => "expr.wrong-type",
        }
    }

    /// What happened, in a sentence that a clerk understands.
    pub fn message(self) -> Text {
        match self {
            Self::DivisionByZero => Text::new("除数为零，无法计算", "cannot divide by zero"),
            Self::Overflow => Text::new("数字太大，超出了可计算的范围", "the number is too large to compute with"),
            Self::NotWhole => Text::new("天数必须是整数", "the number of days has to be whole"),
            Self::DateOutOfRange => Text::new("日期超出了可用范围", "the date is out of range"),
            Self::NoCalendar => Text::new("没有可用的工作日历", "there is no working calendar"),
            Self::NoCalendarData { year } => Text::new(
                format!("工作日历还没有 {year} 年的节假日安排"),
                format!("the working calendar has no holidays for {year} yet"),
            ),
            Self::TooMuchWork => {
                Text::new("明细行太多，计算量超出上限", "too many rows, the computation exceeds its limit")
            }
            Self::WrongType => {
                Text::new("数据与表达式要求的类型不符", "the data is not of the type the expression needs")
            }
        }
    }
}

impl EvalError {
    /// The same as a finding in the expression's text.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.kind.code(), self.span, self.kind.message())
    }
}

impl From<CalendarError> for EvalErrorKind {
    fn from(error: CalendarError) -> Self {
        match error {
            CalendarError::NoCalendarData { year } => Self::NoCalendarData { year },
            CalendarError::OutOfRange => Self::DateOutOfRange,
        }
    }
}
