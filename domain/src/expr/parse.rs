//! From words and signs to a tree.
//!
//! Loosest first: `if then else`, `or`, `and`, `not`, comparison and `in`, `+ -`, `* /`, a minus in front.

mod cursor;
mod primary;

use super::MAX_LENGTH;
use super::report::{self, Stop};
use super::token::{Token, tokens};
use super::tree::{Comparison, If, Kind, Logic, Node, Operator};
use crate::Span;

type Parsed = Result<Node, Stop>;

/// Reads a whole expression.
pub fn parse(source: &str) -> Parsed {
    if source.len() > MAX_LENGTH {
        return Err(report::too_long(source.len(), MAX_LENGTH));
    }
    let mut parser = Parser { source, tokens: tokens(source)?, at: 0, depth: 0, nodes: 0, in_row: false };
    if *parser.token() == Token::End {
        return Err(report::empty());
    }
    let node = parser.expression()?;
    if *parser.token() == Token::End { Ok(node) } else { Err(parser.left_over()) }
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    nodes: usize,
    /// Whether a leading point means something here.
    in_row: bool,
}

impl Parser<'_> {
    fn expression(&mut self) -> Parsed {
        self.deeper(|parser| {
            let start = parser.here().start;
            if !parser.eat_word("if") {
                return parser.logic(Logic::Or);
            }
            let condition = parser.expression()?;
            parser.expect_word("then")?;
            let then = parser.expression()?;
            parser.expect_word("else")?;
            let otherwise = parser.expression()?;
            parser.node(Kind::If(Box::new(If { condition, then, otherwise })), start)
        })
    }

    fn logic(&mut self, logic: Logic) -> Parsed {
        let (word, operand): (_, fn(&mut Self) -> Parsed) = match logic {
            Logic::Or => ("or", |parser| parser.logic(Logic::And)),
            Logic::And => ("and", Self::negation),
        };
        let start = self.here().start;
        let first = operand(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.eat_word(word) {
            operands.push(operand(self)?);
        }
        self.node(Kind::Logic(logic, operands), start)
    }

    fn negation(&mut self) -> Parsed {
        let start = self.here().start;
        if !self.eat_word("not") {
            return self.comparison();
        }
        let inner = self.deeper(Self::negation)?;
        self.node(Kind::Not(Box::new(inner)), start)
    }

    fn comparison(&mut self) -> Parsed {
        let start = self.here().start;
        let left = self.sum()?;
        let Some(comparison) = self.eat_comparison() else { return Ok(left) };
        let right = self.sum()?;
        let sign = self.here();
        if self.eat_comparison().is_some() {
            return Err(report::chained(sign));
        }
        self.node(Kind::Compare(Box::new(left), comparison, Box::new(right)), start)
    }

    fn eat_comparison(&mut self) -> Option<Comparison> {
        let comparison = match self.token() {
            Token::Sign("==") => Comparison::Equal,
            Token::Sign("!=") => Comparison::Unequal,
            Token::Sign("<") => Comparison::Less,
            Token::Sign("<=") => Comparison::LessOrEqual,
            Token::Sign(">") => Comparison::Greater,
            Token::Sign(">=") => Comparison::GreaterOrEqual,
            Token::Name(word) if word == "in" => Comparison::In,
            Token::Name(word) if word == "not" && self.is_name_at(self.at + 1, "in") => {
                self.at += 1;
                Comparison::NotIn
            }
            _ => return None,
        };
        self.at += 1;
        Some(comparison)
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, |sign| match sign {
            "+" => Some(Operator::Plus),
            "-" => Some(Operator::Minus),
            _ => None,
        })
    }

    fn product(&mut self) -> Parsed {
        self.chain(Self::minus, |sign| match sign {
            "*" => Some(Operator::Times),
            "/" => Some(Operator::DividedBy),
            _ => None,
        })
    }

    fn chain(&mut self, operand: fn(&mut Self) -> Parsed, operator: fn(&str) -> Option<Operator>) -> Parsed {
        let start = self.here().start;
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(operator) = self.sign().and_then(operator) {
            self.at += 1;
            rest.push((operator, operand(self)?));
        }
        if rest.is_empty() { Ok(first) } else { self.node(Kind::Arithmetic(Box::new(first), rest), start) }
    }

    fn minus(&mut self) -> Parsed {
        let start = self.here().start;
        if !self.eat_sign("-") {
            return self.primary();
        }
        let inner = self.deeper(Self::minus)?;
        self.node(Kind::Negate(Box::new(inner)), start)
    }
}
