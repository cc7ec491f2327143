//! Committees and how they vote, as packs write them.

use std::collections::BTreeMap;

use zhupi_domain::{Diagnostic, Name, Span, Text};
use zhupi_engine::{Abstain, Selector, Share, Threshold};

use super::people::{Selectors, selectors};
use super::scalars::{boolean, expected, list, named, share, string, text, whole, word};
use super::{Fields, Log, Placed};
use crate::yaml::Node;

/// `vote:` of a step.
#[derive(Debug, Clone)]
pub struct VoteSource {
    pub pass: Threshold,
    pub quorum: Option<Share>,
    pub abstain: Abstain,
    pub minutes: bool,
}

/// A committee of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committee {
    pub title: Text,
    /// Who belongs to it, each with a weight.
    pub members: Vec<(Placed<Selector>, u32)>,
    pub chair: Option<Placed<Selector>>,
    /// The chair decides a tie.
    pub casting: bool,
    pub span: Span,
}

const ABSTAIN: [(&str, Abstain); 2] = [("counts", Abstain::Counts), ("ignored", Abstain::Ignored)];

/// What stands beside `by:` in a `vote:`.
pub fn vote(fields: &Fields<'_>) -> VoteSource {
    let majority = Threshold { share: Share { part: 1, whole: 2 }, more: true };
    VoteSource {
        pass: fields.optional("pass", threshold).unwrap_or(majority),
        quorum: fields.optional("quorum", |node, log| {
            let share = node.scalar().and_then(|scalar| share(&scalar.text));
            if share.is_none() {
                expected(node, log, "一个比例，如 2/3 或 60%", "a share such as 2/3 or 60%");
            }
            share
        }),
        abstain: fields.optional("abstain", word(&ABSTAIN)).unwrap_or_default(),
        minutes: fields.optional("minutes", word(&[("required", true), ("optional", false)])).unwrap_or_default(),
    }
}

/// `at-least 2/3`, `more-than 1/2`, `unanimous`.
fn threshold(node: &Node, log: &Log<'_>) -> Option<Threshold> {
    let written = string(node, log)?;
    let threshold = match written.split_once(' ') {
        None if written == "unanimous" => Some(Threshold { share: Share { part: 1, whole: 1 }, more: false }),
        Some((word @ ("at-least" | "more-than"), rest)) => {
            let more = word == "more-than";
            // More than the whole never passes.
            share(rest.trim()).filter(|share| !more || share.part < share.whole).map(|share| Threshold { share, more })
        }
        _ => None,
    };
    if threshold.is_none() {
        expected(
            node,
            log,
            "通过条件，如 at-least 2/3、more-than 50%、unanimous",
            "what it takes to pass: `at-least 2/3`, `more-than 50%` or `unanimous`",
        );
    }
    threshold
}

/// `committees:` of company.yaml.
pub fn committees(node: &Node, log: &Log<'_>) -> Option<BTreeMap<Name, Committee>> {
    let fields = Fields::of(node, log)?;
    let read = fields.rest().into_iter().filter_map(|entry| {
        let name = named(&entry.key, entry.key_span, log)?;
        let committee = committee(&entry.node, entry.key_span, &name, log)?;
        Some((name, committee))
    });
    Some(read.collect())
}

fn committee(node: &Node, span: Span, name: &Name, log: &Log<'_>) -> Option<Committee> {
    let fields = Fields::of(node, log)?;
    let title = fields.optional("title", text).unwrap_or_else(|| Text::same(name.as_str()));
    let members = fields.required("members", list(member)).unwrap_or_default();
    let chair = fields.optional("chair", |node, log| one(selectors(node, log)?, node, log));
    let casting = fields.optional("casting", boolean).unwrap_or_default();
    if casting && chair.is_none() {
        let message = Text::new("没有主席，就没有人能投决定票", "without a chair nobody can cast the deciding vote");
        log.push(Diagnostic::error("company.casting", fields.key_span("casting").unwrap_or(span), message));
    }
    fields.finish();
    Some(Committee { title, members, chair, casting, span })
}

/// A selector, or `{ by: …, weight: 2 }`.
fn member(node: &Node, log: &Log<'_>) -> Option<(Placed<Selector>, u32)> {
    if node.entries().is_none() {
        return one(selectors(node, log)?, node, log).map(|by| (by, 1));
    }
    let fields = Fields::of(node, log)?;
    let by = fields.required("by", |node, log| one(selectors(node, log)?, node, log));
    let weight = fields.optional("weight", whole).unwrap_or(1);
    if !(1..=1_000).contains(&weight) {
        log.error("company.weight", node.head(), "票数应为 1 到 1000", "a weight is between 1 and 1000");
    }
    fields.finish();
    by.map(|by| (by, weight.clamp(1, 1_000)))
}

fn one(found: Selectors, node: &Node, log: &Log<'_>) -> Option<Placed<Selector>> {
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Some(one),
        _ => {
            expected(node, log, "一个人选", "one way to name somebody");
            None
        }
    }
}
