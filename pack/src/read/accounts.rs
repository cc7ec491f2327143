//! Accounts of a company, and the steps that move their balances.

use std::collections::BTreeMap;

use zhupi_domain::{Money, Name, Span, Text};
use zhupi_engine::MoveKind;
use zhupi_forms::Class;

use super::company::CLASSES;
use super::people::{Selectors, selectors};
use super::scalars::{Expression, decimal, expected, expression, named, placed_name, text, word};
use super::{Fields, Log, Placed};
use crate::yaml::Node;

/// Money, points or days that are kept by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub title: Text,
    /// What one key is called, such as 计划编号.
    pub key_title: Option<Text>,
    /// What must be left; none: it may become negative.
    pub floor: Option<Money>,
    pub class: Class,
    /// Who reads all of it, beside whoever may read the requests behind a balance.
    pub visible: Selectors,
    pub span: Span,
}

/// `reserve:`, `release:` or `post:` of a step.
#[derive(Debug, Clone)]
pub struct MoveSource {
    pub does: MoveKind,
    pub account: Option<Placed<Name>>,
    pub of: Option<Expression>,
    pub amount: Option<Expression>,
    pub span: Span,
}

/// The words for what a step does with a balance.
pub const MOVES: [(&str, MoveKind); 3] =
    [("reserve", MoveKind::Reserve), ("release", MoveKind::Release), ("post", MoveKind::Post)];

/// Reads what a step moves.
pub fn moves(does: MoveKind, node: &Node, log: &Log<'_>) -> Option<MoveSource> {
    let fields = Fields::of(node, log)?;
    let amount = match does {
        MoveKind::Release => fields.optional("amount", expression),
        MoveKind::Reserve | MoveKind::Post => fields.required("amount", expression),
    };
    let source = MoveSource {
        does,
        account: fields.required("account", placed_name),
        of: fields.required("of", expression),
        amount,
        span: fields.head(),
    };
    fields.finish();
    Some(source)
}

/// `accounts:` of company.yaml.
pub fn accounts(node: &Node, log: &Log<'_>) -> Option<BTreeMap<Name, Account>> {
    let fields = Fields::of(node, log)?;
    let read = fields.rest().into_iter().filter_map(|entry| {
        let name = named(&entry.key, entry.key_span, log)?;
        let account = account(&entry.node, entry.key_span, &name, log)?;
        Some((name, account))
    });
    Some(read.collect())
}

fn account(node: &Node, span: Span, name: &Name, log: &Log<'_>) -> Option<Account> {
    let fields = Fields::of(node, log)?;
    let account = Account {
        title: fields.optional("title", text).unwrap_or_else(|| Text::same(name.as_str())),
        key_title: fields.optional("of", text),
        floor: fields.optional("floor", floor),
        class: fields.optional("class", word(&CLASSES)).unwrap_or_default(),
        visible: fields.optional("visible", selectors).unwrap_or_default(),
        span,
    };
    fields.finish();
    Some(account)
}

fn floor(node: &Node, log: &Log<'_>) -> Option<Money> {
    let floor = decimal(node, log).and_then(|value| Money::exact(value).ok());
    if floor.is_none() {
        expected(node, log, "金额，最多两位小数", "an amount with at most two digits after the point");
    }
    floor
}
