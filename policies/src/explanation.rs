//! The tree under every amount: which inputs, params, rows and lines made it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use zhupi_domain::Text;

use crate::show::is_whole;

/// Everything that led to an answer, in the order in which it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub policy: String,
    /// The day at which params were read.
    pub on: NaiveDate,
    pub steps: Vec<Step>,
    /// One sentence an output, for the person it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<Sentence>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub what: What,
    /// The line of the script, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The library that the line is in; none for the policy's own script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// The inputs that what is shown here was computed from; at least these, never fewer.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shows: BTreeSet<String>,
}

/// Where an input came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The caller, or a case.
    Given,
    /// The contract's default.
    Default,
    /// Nobody: the input is optional.
    Absent,
    /// What the contract's `from:` says, such as `param:bad-debt-rate`.
    Bound(String),
}

/// The kinds of steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum What {
    /// What went in.
    Input {
        name: String,
        title: Text,
        value: Json,
        /// What people call the value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<Text>,
        source: Source,
    },
    /// A param that was read.
    Param {
        name: String,
        title: Text,
        /// The day from which this value holds.
        from: NaiveDate,
        value: Json,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clause: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        assumed: bool,
    },
    /// One of the host's words.
    Word {
        word: String,
        given: Vec<Json>,
        result: Json,
        /// The rows of a table that were used.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rows: Vec<RowHit>,
        /// What a split left over and where it went.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left_over: Option<LeftCents>,
        /// Whether a cap or floor changed the value.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        bitten: bool,
    },
    /// `note(label, value)`, and what was printed.
    Note { label: String, value: Json },
    /// The script refused.
    Refused { code: String, data: Json },
    /// What came out.
    Output {
        name: String,
        title: Text,
        value: Json,
        /// The steps that it was computed from, counted from 0.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        because: Vec<usize>,
    },
    /// Steps that are not kept, because there are too many.
    More { count: usize },
    /// A step that the reader may not see.
    Masked,
}

/// A row of a table that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHit {
    pub param: String,
    /// The day from which this table holds.
    pub from: NaiveDate,
    /// Counted from 1, as a person counts the rows of a table.
    pub row: usize,
    /// What the row says, such as 200–300 万元.
    pub label: String,
    /// What the row gave.
    pub value: Json,
    /// The part of the value that the row was applied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Whether the row was taken for the time being: the table is assumed, or the value lay in a decided gap.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assumed: bool,
    /// Whether the value lay in a gap that somebody decided for the time being.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gap: bool,
}

/// The cents that a split left over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftCents {
    pub cents: i64,
    /// `first`, `largest`, `company` or `carry`.
    pub way: String,
}

/// How one output came about, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub output: String,
    pub text: Text,
    pub shows: BTreeSet<String>,
}

impl Explanation {
    /// The most steps that are kept; the last place tells how many more there were.
    pub const MAX_STEPS: usize = 500;

    /// The inputs that the policy was given, by name; none for a value that is only kept in part.
    pub fn given(&self) -> BTreeMap<&str, Option<&Json>> {
        let given = self.steps.iter().filter_map(|step| match &step.what {
            What::Input { name, value, source: Source::Given, .. } => Some((name, value)),
            _ => None,
        });
        given.map(|(name, value)| (name.as_str(), is_whole(value).then_some(value))).collect()
    }

    /// The same without any step or sentence that shows one of the inputs.
    pub fn masked(&self, hidden: impl Fn(&str) -> bool) -> Self {
        let secret = |shows: &BTreeSet<String>| shows.iter().any(|input| hidden(input));
        let mask = |step: &Step| match secret(&step.shows) {
            true => Step { what: What::Masked, ..step.clone() },
            false => step.clone(),
        };
        Self {
            policy: self.policy.clone(),
            on: self.on,
            steps: self.steps.iter().map(mask).collect(),
            sentences: self.sentences.iter().filter(|sentence| !secret(&sentence.shows)).cloned().collect(),
        }
    }
}
