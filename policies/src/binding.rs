//! Where an input's value comes from when the caller gives none.

use std::collections::BTreeMap;

use zhupi_domain::{Diagnostic, Diagnostics, Name, Span, Text};

/// The source of an input, loaded and frozen before the script runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// A param, read at the date of the evaluation. The only source that this crate resolves itself.
    Param(Name),
    /// Facts; the caller resolves them.
    Fact(FactBinding),
    /// The balance of an account; the caller resolves it.
    Balance(BalanceBinding),
    /// An attribute of the person whom the evaluation is about.
    Person(Name),
    /// A part of the company's calendar, such as `holidays`.
    Calendar(Name),
}

/// Which facts feed an input, and what is taken of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactBinding {
    pub fact: Name,
    /// Fields of the fact and the expression each must equal; the reader of the pack checks the expressions.
    pub matches: BTreeMap<Name, String>,
    /// The field that is taken; the whole record where absent.
    pub take: Option<Name>,
    pub pick: Pick,
}

/// Which balance feeds an input, and what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceBinding {
    pub account: Name,
    /// The expression that says whose balance it is; the reader of the pack checks it.
    pub of: Option<String>,
    pub take: Take,
}

/// What is taken of a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Take {
    /// What is neither spent nor held.
    #[default]
    Free,
    /// What was posted, without looking at what is held.
    Posted,
    /// What requests hold.
    Reserved,
    /// What they hold without the one that the evaluation is about.
    ReservedByOthers,
}

impl Take {
    /// The words of a contract.
    pub const WORDS: [(&str, Self); 4] = [
        ("free", Self::Free),
        ("posted", Self::Posted),
        ("reserved", Self::Reserved),
        ("reserved-by-others", Self::ReservedByOthers),
    ];
}

/// What becomes of several facts that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pick {
    /// Exactly one must match.
    #[default]
    Only,
    /// The one recorded last.
    Latest,
    /// All, as a list in the order they were recorded.
    All,
    /// The sum of what is taken.
    Sum,
    /// How many there are.
    Count,
}

impl Pick {
    /// Reads the word of a contract.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "only" => Self::Only,
            "latest" => Self::Latest,
            "all" => Self::All,
            "sum" => Self::Sum,
            "count" => Self::Count,
            _ => return None,
        })
    }
}

impl Binding {
    /// Reads `param:NAME`, `fact:NAME`, `people.ATTRIBUTE` or `calendar.PART`.
    pub fn parse(text: &str, span: Option<Span>) -> Result<Self, Diagnostics> {
        let name = |rest: &str| {
            Name::new(rest).map_err(|error| {
                let message = Text::new(format!("`{rest}` 不是合法的名称"), format!("`{rest}` is not a name: {error}"));
                vec![Diagnostic::error("policy-binding", span, message)]
            })
        };
        if let Some(rest) = text.strip_prefix("param:") {
            return Ok(Self::Param(name(rest)?));
        }
        if let Some(rest) = text.strip_prefix("fact:") {
            return Ok(Self::Fact(FactBinding {
                fact: name(rest)?,
                matches: BTreeMap::new(),
                take: None,
                pick: Pick::Only,
            }));
        }
        if let Some(rest) = text.strip_prefix("balance:") {
            return Ok(Self::Balance(BalanceBinding { account: name(rest)?, of: None, take: Take::default() }));
        }
        if let Some(rest) = text.strip_prefix("people.") {
            return Ok(Self::Person(name(rest)?));
        }
        if let Some(rest) = text.strip_prefix("calendar.") {
            return Ok(Self::Calendar(name(rest)?));
        }
        Err(vec![unknown(text, span)])
    }

    /// The expressions over other inputs that look the value up.
    pub(crate) fn expressions(&self) -> Vec<&str> {
        match self {
            Self::Fact(fact) => fact.matches.values().map(String::as_str).collect(),
            Self::Balance(balance) => balance.of.iter().map(String::as_str).collect(),
            Self::Param(_) | Self::Person(_) | Self::Calendar(_) => Vec::new(),
        }
    }

    /// The source as the contract writes it.
    pub fn source(&self) -> String {
        match self {
            Self::Param(name) => format!("param:{name}"),
            Self::Fact(fact) => format!("fact:{}", fact.fact),
            Self::Balance(balance) => format!("balance:{}", balance.account),
            Self::Person(name) => format!("people.{name}"),
            Self::Calendar(name) => format!("calendar.{name}"),
        }
    }
}

fn unknown(text: &str, span: Option<Span>) -> Diagnostic {
    Diagnostic::error(
        "policy-binding",
        span,
        Text::new(format!("看不懂来源 `{text}`"), format!("unknown source `{text}`")),
    )
    .hint(Text::new(
        "可写 param:名称、fact:名称、balance:台账、people.属性、calendar.项目",
        "write param:NAME, fact:NAME, balance:ACCOUNT, people.ATTRIBUTE or calendar.PART",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_read_back_as_they_were_written() {
        for text in ["param:bad-debt-rate", "fact:receivable", "balance:budget", "people.base_pay", "calendar.holidays"]
        {
            assert_eq!(Binding::parse(text, None).map(|b| b.source()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn unknown_words_say_so() {
        let code = |text| Binding::parse(text, Some(Span::new(3, 9))).map_err(|found| (found[0].code, found[0].span));
        assert_eq!(code("params:x"), Err(("policy-binding", Some(Span::new(3, 9)))));
        assert_eq!(code("param:Bad Name"), Err(("policy-binding", Some(Span::new(3, 9)))));
    }
}
