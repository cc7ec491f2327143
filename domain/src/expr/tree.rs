//! The parsed form of an expression.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::fixed::Fixed;
use super::functions::{Fold, Function};
use crate::Span;

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Number(Fixed),
    Text(String),
    Bool(bool),
    Date(NaiveDate),
    Path(Path),
    List(Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    /// `and`, `or`: two or more operands.
    Logic(Logic, Vec<Node>),
    /// `+ -` or `* /` from left to right; flat, so that a long sum is not a deep tree.
    Arithmetic(Box<Node>, Vec<(Operator, Node)>),
    Compare(Box<Node>, Comparison, Box<Node>),
    If(Box<If>),
    /// Something about all items of a list: the list, and what to look at in each row where that is not the item itself.
    Fold(Fold, Box<Node>, Option<Box<Node>>),
    Call(Function, Vec<Node>),
}

/// Names joined by points.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// Written with a leading point: starts at the row that an aggregate is looking at.
    pub of_row: bool,
    /// At least one.
    pub names: Vec<(String, Span)>,
}

impl Path {
    pub fn dotted(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(|(name, _)| name.as_str()).collect();
        names.join(".")
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct If {
    pub condition: Node,
    pub then: Node,
    pub otherwise: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logic {
    And,
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Plus,
    Minus,
    Times,
    DividedBy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

impl Comparison {
    pub fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual)
    }
}

impl Node {
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// Whether the node or one inside it counts working days.
    pub fn counts_workdays(&self) -> bool {
        let counts = matches!(self.kind, Kind::Call(Function::Workdays | Function::AddWorkdays, _));
        counts || self.children().into_iter().any(Self::counts_workdays)
    }

    /// Adds every dotted path that is read; `row` is the path of the list whose rows are being looked at.
    pub fn collect_paths(&self, row: Option<&str>, into: &mut BTreeSet<String>) {
        match &self.kind {
            Kind::Path(path) if !path.of_row => {
                into.insert(path.dotted());
            }
            Kind::Path(path) => into.extend(row.map(|row| format!("{row}.{}", path.dotted()))),
            Kind::Fold(_, list, each) => {
                list.collect_paths(row, into);
                if let Some(each) = each {
                    each.collect_paths(list.full_path(row).as_deref(), into);
                }
            }
            _ => self.children().into_iter().for_each(|child| child.collect_paths(row, into)),
        }
    }

    /// Adds the first names of paths that are there for certain where the node has come to this: `has(x) and …` to true,
    /// `not has(x) or …` to false.
    pub fn collect_certain(&self, outcome: bool, into: &mut BTreeSet<String>) {
        match &self.kind {
            Kind::Not(inner) => inner.collect_certain(!outcome, into),
            Kind::Logic(logic, terms) if (*logic == Logic::And) == outcome => {
                terms.iter().for_each(|term| term.collect_certain(outcome, into));
            }
            Kind::Call(Function::Has, asked) if outcome => {
                let paths = asked.iter().filter_map(|asked| match &asked.kind {
                    Kind::Path(path) if !path.of_row => path.names.first(),
                    _ => None,
                });
                into.extend(paths.map(|(name, _)| name.clone()));
            }
            _ => {}
        }
    }

    /// The path from the root, where the node is a path.
    fn full_path(&self, row: Option<&str>) -> Option<String> {
        match &self.kind {
            Kind::Path(path) if path.of_row => Some(format!("{}.{}", row?, path.dotted())),
            Kind::Path(path) => Some(path.dotted()),
            _ => None,
        }
    }

    fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Number(_) | Kind::Text(_) | Kind::Bool(_) | Kind::Date(_) | Kind::Path(_) => Vec::new(),
            Kind::List(nodes) | Kind::Logic(_, nodes) | Kind::Call(_, nodes) => nodes.iter().collect(),
            Kind::Not(node) | Kind::Negate(node) => vec![node],
            Kind::Arithmetic(first, rest) => std::iter::once(&**first).chain(rest.iter().map(|(_, n)| n)).collect(),
            Kind::Compare(left, _, right) => vec![left, right],
            Kind::If(choice) => vec![&choice.condition, &choice.then, &choice.otherwise],
            Kind::Fold(_, list, each) => std::iter::once(&**list).chain(each.as_deref()).collect(),
        }
    }
}
