//! The words that can be called, and how many arguments each takes. There are no others, and nobody can add any.

use std::ops::RangeInclusive;

/// What can be said about all items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    Sum,
    Count,
    Min,
    Max,
    Any,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Has,
    Min,
    Max,
    Round,
    Today,
    /// The local date of an instant. `date("2026-03-01")` is a literal.
    Date,
    Year,
    Month,
    Days,
    Workdays,
    AddDays,
    AddWorkdays,
}

/// A word in front of a parenthesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Fold(Fold),
    Function(Function),
    /// `min` and `max`: over a list with one argument, over their arguments with more.
    Extreme(Fold, Function),
}

/// Every word, as authors write it, with the number of its arguments and how it is called.
const WORDS: [(&str, Word, RangeInclusive<usize>, &str); 16] = [
    ("sum", Word::Fold(Fold::Sum), 1..=2, "sum(items.points)、sum(items, .points * .weight)"),
    ("count", Word::Fold(Fold::Count), 1..=2, "count(items)、count(items, .points > 10)"),
    ("any", Word::Fold(Fold::Any), 1..=2, "any(items, .points > 10)"),
    ("all", Word::Fold(Fold::All), 1..=2, "all(items, .points > 10)"),
    ("min", Word::Extreme(Fold::Min, Function::Min), 1..=MOST, "min(items.points)、min(a, b)"),
    ("max", Word::Extreme(Fold::Max, Function::Max), 1..=MOST, "max(items.points)、max(a, b)"),
    ("has", Word::Function(Function::Has), 1..=1, "has(remark)"),
    ("round", Word::Function(Function::Round), 2..=2, "round(amount, 2)"),
    ("today", Word::Function(Function::Today), 0..=0, "today()"),
    ("date", Word::Function(Function::Date), 1..=1, "date(\"2026-03-01\")、date(decision.at)"),
    ("year", Word::Function(Function::Year), 1..=1, "year(due_on)"),
    ("month", Word::Function(Function::Month), 1..=1, "month(due_on)"),
    ("days", Word::Function(Function::Days), 2..=2, "days(from, to)"),
    ("workdays", Word::Function(Function::Workdays), 2..=2, "workdays(from, to)"),
    ("add_days", Word::Function(Function::AddDays), 2..=2, "add_days(signed_on, 30)"),
    ("add_workdays", Word::Function(Function::AddWorkdays), 2..=2, "add_workdays(signed_on, 3)"),
];

/// The most arguments of one call.
const MOST: usize = 20;

impl Word {
    /// The word of a name, the number of arguments it takes, and an example.
    pub fn named(name: &str) -> Option<(Self, RangeInclusive<usize>, &'static str)> {
        let (_, word, arguments, example) = WORDS.iter().find(|(known, ..)| *known == name)?;
        Some((*word, arguments.clone(), example))
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(name, ..)| *name)
    }
}
